"""What goes with what: the genres, lights and looks that places and moods usually keep company with.

Training worlds are drawn from these seven times in ten and from everything otherwise, so that the joint model learns
that music tells of pictures and pictures of music, and still hears of every pair.
"""

from __future__ import annotations

import numpy as np

from world_model.vocabulary import GENRES, LIGHTS, PALETTES, WEATHERS

USUAL = 0.7

GENRES_OF_SETTING: dict[str, tuple[str, ...]] = {
    "ocean": ("ambient", "orchestral"), "desert": ("suspense", "ambient"), "meadow": ("folk", "waltz"),
    "forest": ("folk", "ambient"), "mountains": ("orchestral",), "city": ("techno", "jazz", "lofi"),
    "village": ("folk", "waltz"), "lake": ("piano", "lofi"), "crystals": ("ambient", "synthwave"),
    "islands": ("lofi", "folk"), "underwater": ("ambient", "piano"), "space": ("ambient", "orchestral"),
    "snowfield": ("piano", "waltz"), "canyon": ("orchestral", "suspense"), "clouds": ("waltz", "ambient"),
    "fluid": ("drum_and_bass", "techno"), "particles": ("techno", "drum_and_bass"),
}
GENRES_OF_LOOK: dict[str, tuple[str, ...]] = {
    "synthwave": ("synthwave",), "pixel": ("chiptune",), "noir": ("jazz", "suspense"), "vhs": ("synthwave", "lofi"),
    "watercolour": ("piano", "waltz"), "pencil": ("piano", "jazz"), "cel": ("drum_and_bass", "orchestral"),
    "flat": ("lofi", "techno"), "clay": ("waltz", "folk"), "riso": ("lofi", "jazz"), "ink": ("ambient", "piano"),
    "gouache": ("folk", "waltz"), "coloured_pencil": ("folk", "piano"),
}
LIGHTS_OF_GENRE: dict[str, tuple[str, ...]] = {
    "ambient": ("dawn", "dusk", "moonlight"), "folk": ("morning", "golden"), "piano": ("dawn", "dusk", "morning"),
    "suspense": ("night", "moonlight", "infernal"), "orchestral": ("golden", "sunset", "dawn"),
    "techno": ("night", "alien", "infernal"), "synthwave": ("sunset", "night", "dusk"), "lofi": ("golden", "dusk"),
    "jazz": ("night", "dusk"), "chiptune": ("noon", "morning"), "waltz": ("morning", "noon", "golden"),
    "drum_and_bass": ("alien", "night", "noon"),
}
WEATHERS_OF_GENRE: dict[str, tuple[str, ...]] = {
    "ambient": ("fog", "clouds", "aurora"), "folk": ("clear", "clouds"), "piano": ("snow", "rain", "overcast"),
    "suspense": ("storm", "fog", "overcast"), "orchestral": ("clouds", "storm", "clear"), "techno": ("clear", "fog"),
    "synthwave": ("clear",), "lofi": ("rain", "clear"), "jazz": ("rain", "overcast"), "chiptune": ("clear", "clouds"),
    "waltz": ("clear", "clouds", "snow"), "drum_and_bass": ("storm", "dust", "clear"),
}
PALETTES_OF_LOOK: dict[str, tuple[str, ...]] = {
    "synthwave": ("neon",), "noir": ("mono",), "vhs": ("neon", "teal_orange"), "pixel": ("candy", "jewel"),
    "flat": ("pastel", "candy"), "watercolour": ("pastel", "natural"), "riso": ("candy", "teal_orange"),
    "ink": ("mono", "natural"), "gouache": ("autumn", "natural"), "photoreal": ("natural", "sand", "winter", "autumn"),
}


def choose(rng: np.random.Generator, usual: tuple[str, ...], every: tuple[str, ...]) -> str:
    """One of the usual ones seven times in ten, else one of every."""
    among = usual if usual and rng.random() < USUAL else every
    return among[int(rng.integers(len(among)))]


def genre_for(rng: np.random.Generator, setting: str, look: str) -> str:
    """A genre for a place and a look; a look that has its own music says more than the place."""
    own = GENRES_OF_LOOK.get(look, ())
    usual = own if own and rng.random() < 0.6 else GENRES_OF_SETTING[setting]
    return choose(rng, usual, GENRES)


def light_for(rng: np.random.Generator, genre: str) -> str:
    return choose(rng, LIGHTS_OF_GENRE[genre], tuple(LIGHTS))


def weather_for(rng: np.random.Generator, genre: str) -> str:
    return choose(rng, WEATHERS_OF_GENRE[genre], tuple(WEATHERS))


def palette_for(rng: np.random.Generator, look: str) -> str:
    return choose(rng, PALETTES_OF_LOOK.get(look, ()), tuple(PALETTES))
