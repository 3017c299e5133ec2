"""Controls of how it is drawn or filmed: the look's own material, and colour."""

from __future__ import annotations

from agent.direction import Direction
from ui_gen.bind_values import hex_of
from ui_gen.candidate import DRAWN, FILMED, Candidate, look_of, number, over_shots, style
from ui_gen.panel import Control
from world_model.vocabulary import PALETTE_ROLES, PALETTES, STYLES

# What makes each look what it is: (field, label, bounds, promised outcome); then a second thing.
OWN = {
    "cel": ("outline", "Line weight", (0.0, 1.0), "detail"), "flat": ("levels", "Poster steps", (0.0, 1.0), "detail"),
    "watercolour": ("wash", "Bleed", (0.0, 1.0), "detail"), "pencil": ("hatch", "Hatching", (0.0, 1.0), "detail"),
    "pixel": ("pixel", "Pixel size", (0.0, 1.0), "detail"), "riso": ("halftone", "Dot screen", (0.0, 1.0), "detail"),
    "gouache": ("wash", "Brush", (0.0, 1.0), "detail"), "ink": ("ink", "Ink", (0.0, 1.0), "contrast"),
    "coloured_pencil": ("hatch", "Hatching", (0.0, 1.0), "detail"), "clay": ("clay", "Clay", (0.0, 1.0), "detail"),
    "synthwave": ("neon", "Neon", (0.0, 1.0), "colourfulness"), "vhs": ("chroma", "Tape smear", (0.0, 1.0), "detail"),
    "noir": ("contrast", "Contrast", (0.6, 2.0), "contrast"),
    "photoreal": ("grain", "Film grain", (0.0, 1.0), "detail")}
SECOND = {"cel": ("levels", "Tone steps"), "flat": ("outline", "Line weight"), "watercolour": ("paper", "Paper"),
          "pencil": ("outline", "Line weight"), "riso": ("paper", "Paper"), "ink": ("paper", "Paper"),
          "clay": ("wobble", "Hand wobble"), "synthwave": ("bloom", "Glow"), "vhs": ("scanline", "Scan lines"),
          "noir": ("grain", "Film grain"), "photoreal": ("bloom", "Halation"), "pixel": ("levels", "Colour steps"),
          "gouache": ("paper", "Paper"), "coloured_pencil": ("paper", "Paper")}


def look_controls(direction: Direction) -> list[Candidate]:
    look = look_of(direction)
    found = [Candidate("look", "Look", 0.3, Control(
        id="look", label="Look", kind="choice", binds=over_shots(direction, "/world/look"), value=look,
        choices=tuple(STYLES), why="Drawn, painted or filmed: the same world in another hand."))]
    if look in OWN:
        field, label, bounds, promise = OWN[look]
        found.append(Candidate("look", "Look", 0.95, style(
            direction, field, label, bounds, f"What makes it {look.replace('_', ' ')}: pull it down to calm it.",
            promise=promise)))
    if look in SECOND:
        field, label = SECOND[look]
        found.append(Candidate("look", "Look", 0.7, style(direction, field, label, (0.0, 1.0),
                                                          "The material it is made of.")))
    if look in DRAWN:
        found.append(Candidate("look", "Look", 0.8, style(
            direction, "hold_frames", "Frames held", (1.0, 4.0), "Drawn on ones, twos, threes or fours.", 1.0,
            "drawings")))
        found.append(Candidate("look", "Look", 0.45, style(direction, "wobble", "Hand wobble", (0.0, 1.0),
                                                           "How steady the hand is from drawing to drawing.")))
    if look in FILMED:
        found.append(Candidate("look", "Look", 0.35, style(direction, "vignette", "Vignette", (0.0, 1.0),
                                                           "Darker towards the corners.", promise="brightness")))
        found.append(Candidate("look", "Look", 0.34, style(direction, "contrast", "Contrast", (0.6, 1.8),
                                                           "From milky to hard.", promise="contrast")))
    return found


def colour_controls(direction: Direction) -> list[Candidate]:
    """A look without colour has nothing for a palette to change."""
    look = look_of(direction)
    if STYLES.get(look, {}).get("saturation", 1.0) < 0.05:
        return [Candidate("colour", "Colour", 0.3, style(direction, "warmth", "Warmth", (0.0, 1.0),
                                                         "From a cold print to a warm one.", promise="warmth"))]
    drawn = look in DRAWN
    first = direction.shots[0].world.palette
    roles = first.roles or PALETTES[first.name]
    accent = first.accent or roles[PALETTE_ROLES.index("accent")]
    ground = first.dominant or roles[PALETTE_ROLES.index("ground")]
    return [
        Candidate("colour", "Colour", 0.75 if drawn else 0.35, Control(
            id="palette", label="Palette", kind="choice", binds=over_shots(direction, "/world/palette/name"),
            value=first.name, choices=tuple(PALETTES), cost="live",
            why="The colours of ground, growth, buildings and the accent.")),
        Candidate("colour", "Colour", 0.55, number(
            direction, "chroma", "Colour strength", "/world/palette/chroma", lambda s: s.world.palette.chroma,
            (0.0, 2.0), 0.05, "×", "How vivid the palette is.", "colourfulness")),
        Candidate("colour", "Colour", 0.5 if drawn else 0.28, Control(
            id="accent", label="Accent colour", kind="colour", binds=over_shots(direction, "/world/palette/accent"),
            value=hex_of(accent), cost="live", why="The one colour that stands out from the others.")),
        Candidate("colour", "Colour", 0.32, Control(
            id="ground_colour", label="Colour of the ground", kind="colour", value=hex_of(ground), cost="live",
            binds=over_shots(direction, "/world/palette/dominant"), why="What most of the land is coloured with.")),
        Candidate("colour", "Colour", 0.4, number(
            direction, "hue", "Shift of hue", "/world/palette/hue_shift_deg", lambda s: s.world.palette.hue_shift_deg,
            (-180.0, 180.0), 1.0, "°", "Every colour of the palette turned by the same angle.")),
        Candidate("colour", "Colour", 0.3, number(
            direction, "lightness", "Lightness", "/world/palette/lightness", lambda s: s.world.palette.lightness,
            (0.5, 1.5), 0.02, "×", "Darker or paler colours, in the same light.", "brightness")),
        Candidate("colour", "Colour", 0.25, style(direction, "warmth", "Warmth", (0.0, 1.0),
                                                  "From cold to warm, over the whole picture.", promise="warmth"))]
