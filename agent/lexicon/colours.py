"""Colour words as OKLCH."""

from __future__ import annotations

# Colour words as OKLCH (lightness [0, 1], chroma, hue in degrees).
COLOURS: dict[str, tuple[tuple[float, float, float], str]] = {
    "red": (
        (0.58, 0.21, 27.0),
        "red, scarlet, vermilion, ruby, cherry red, fire red, rote, roter, rotes, roten, rouge, rouges, rojo, roja, "
        "rojos, rojas, rosso, rossa",
    ),
    "crimson": ((0.48, 0.18, 20.0), "crimson, blood red, wine red, maroon, burgundy, carmine, dunkelrot, bordeaux"),
    "orange": (
        (0.72, 0.18, 55.0),
        "orange, tangerine, apricot, anaranjado, naranja, arancione, oranges, orangefarben, pumpkin coloured",
    ),
    "amber": ((0.76, 0.15, 75.0), "amber, bernstein, ambar, honey coloured, copper, bronze, kupfer, cuivre, cobre"),
    "gold": ((0.80, 0.15, 88.0), "gold, goldene, goldener, goldenes, dore, doree, dorado, dorada, gilded, dorati, oro"),
    "yellow": (
        (0.88, 0.18, 100.0),
        "yellow, lemon yellow, gelb, gelbe, gelber, gelbes, jaune, jaunes, amarillo, amarilla, amarillos, giallo, "
        "gialla, mustard",
    ),
    "lime": ((0.84, 0.20, 125.0), "lime, lime green, acid green, chartreuse, neon green, limette"),
    "green": (
        (0.60, 0.16, 142.0),
        "green, grun, grune, gruner, grunes, vert, verte, verts, vertes, verde, verdes, jade, mint, moss green, "
        "olive, forest green, leaf green",
    ),
    "emerald": ((0.62, 0.15, 160.0), "emerald, emerald green, smaragd, emeraude, esmeralda"),
    "teal": ((0.60, 0.10, 195.0), "teal, petrol, sea green, verdigris"),
    "turquoise": ((0.76, 0.12, 195.0), "turquoise, aqua, aquamarine, turkis, turquesa, tropical blue"),
    "cyan": ((0.85, 0.14, 200.0), "cyan, electric blue, neon blue, ice cold blue"),
    "blue": (
        (0.55, 0.15, 255.0),
        "blue, azure, cobalt, sky blue, ultramarine, royal blue, blau, blaue, blauer, blaues, blauen, bleu, bleue, "
        "bleus, bleues, azul, azules, blu, azzurro, azzurra, cerulean",
    ),
    "navy": (
        (0.33, 0.10, 265.0),
        "navy, navy blue, dark blue, midnight blue, deep blue, dunkelblau, bleu nuit, marineblau",
    ),
    "indigo": ((0.42, 0.17, 280.0), "indigo"),
    "violet": (
        (0.52, 0.19, 300.0),
        "violet, purple, lila, violett, violette, pourpre, morado, morada, purpura, lavender coloured, plum, "
        "aubergine, amethyst coloured, lilac, mauve",
    ),
    "magenta": ((0.62, 0.25, 340.0), "magenta, fuchsia, hot pink, neon pink, cerise"),
    "pink": (
        (0.76, 0.14, 0.0),
        "pink, rosa, rose coloured, salmon pink, rosy, coral pink, blush, bubblegum pink, rosado, rosada, flamingo "
        "pink, peach coloured",
    ),
    "brown": (
        (0.45, 0.08, 55.0),
        "brown, chestnut, chocolate brown, mahogany, braun, braune, brauner, brun, marron, castano, umber, tawny",
    ),
    "white": (
        (0.95, 0.01, 90.0),
        "white, ivory, pearl, snow white, weiss, weisse, weisser, weisses, blanc, blanche, blancs, blanches, blanco,"
        " blanca, blancos, bianco, bianca, chalk white",
    ),
    "grey": ((0.62, 0.01, 260.0), "grey, gray, ash grey, grau, graue, grauer, gris, grises, grigio, slate"),
    "silver": ((0.82, 0.02, 250.0), "silver, silvery, chrome, silbern, silberne, argente, plateado, argento"),
    "black": (
        (0.18, 0.01, 280.0),
        "black, jet black, ebony, schwarz, schwarze, schwarzer, schwarzes, noire, noires, noirs, negro, negra, "
        "negros, nero, nera, onyx",
    ),
}
