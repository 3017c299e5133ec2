"""What goes with what: places and their neighbours, bodies, moods, colours. Plain numbers, no decisions."""

from __future__ import annotations

from agent.direction import Gait

# Places one may come to from a place, nearest first.
NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "ocean": ("islands", "clouds", "lake"), "desert": ("canyon", "mountains", "village"),
    "meadow": ("forest", "lake", "mountains"), "forest": ("meadow", "lake", "mountains"),
    "mountains": ("lake", "forest", "clouds"), "city": ("lake", "clouds", "mountains"),
    "village": ("meadow", "lake", "forest"), "lake": ("mountains", "forest", "meadow"),
    "crystals": ("canyon", "lake", "space"), "islands": ("ocean", "clouds", "mountains"),
    "underwater": ("crystals", "islands", "fluid"), "space": ("particles", "crystals", "clouds"),
    "snowfield": ("mountains", "forest", "lake"), "canyon": ("desert", "mountains", "lake"),
    "clouds": ("mountains", "islands", "ocean"), "fluid": ("particles", "underwater", "clouds"),
    "particles": ("fluid", "space", "crystals")}

# Places nobody would expect there, for the weirdness dial.
STRANGERS: dict[str, tuple[str, ...]] = {
    "ocean": ("city", "crystals"), "desert": ("underwater", "snowfield"), "meadow": ("space", "crystals"),
    "forest": ("underwater", "city"), "mountains": ("fluid", "city"), "city": ("underwater", "forest"),
    "village": ("clouds", "space"), "lake": ("space", "crystals"), "crystals": ("forest", "ocean"),
    "islands": ("space", "clouds"), "underwater": ("city", "forest"), "space": ("meadow", "ocean"),
    "snowfield": ("crystals", "desert"), "canyon": ("ocean", "fluid"), "clouds": ("city", "underwater"),
    "fluid": ("canyon", "city"), "particles": ("forest", "ocean")}

# Who lives in a place by day and by night, likeliest first.
LIFE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ocean": (("bird", "boat", "whale"), ("boat", "lantern")), "desert": (("walker", "kite"), ("walker", "lantern")),
    "meadow": (("butterfly", "bee", "fox"), ("lantern", "fox")), "forest": (("fox", "bird"), ("lantern", "fox")),
    "mountains": (("bird", "walker"), ("walker", "lantern")), "city": (("car", "bird", "walker"), ("car", "lantern")),
    "village": (("walker", "kite"), ("lantern", "walker")), "lake": (("boat", "bird"), ("lantern", "boat")),
    "crystals": (("butterfly", "lantern"), ("lantern", "jellyfish")),
    "islands": (("boat", "bird"), ("boat", "lantern")),
    "underwater": (("fish", "jellyfish", "whale"), ("jellyfish", "fish")),
    "space": (("planet", "rocket"), ("planet", "rocket")), "snowfield": (("fox", "walker"), ("lantern", "fox")),
    "canyon": (("bird", "balloon"), ("lantern", "walker")), "clouds": (("balloon", "bird"), ("lantern", "dragon")),
    "fluid": (("ball",), ("jellyfish",)), "particles": (("ball",), ("lantern",))}

GAIT_OF: dict[str, Gait] = {
    "bird": "flock", "bee": "dart", "butterfly": "drift", "fish": "flock", "whale": "cruise", "jellyfish": "drift",
    "boat": "cruise", "car": "cruise", "train": "cruise", "rocket": "soar", "balloon": "drift", "walker": "cruise",
    "fox": "cruise", "ball": "bounce", "planet": "still", "lantern": "drift", "dragon": "soar", "kite": "hover"}
COUNT_OF: dict[str, int] = {"bird": 9, "butterfly": 5, "fish": 16, "jellyfish": 5, "lantern": 18}
GLOW_OF: dict[str, float] = {"lantern": 0.9, "jellyfish": 0.4, "rocket": 0.5, "dragon": 0.1}
SIZE_WORDS: dict[str, float] = {"tiny": 0.35, "little": 0.6, "small": 0.6, "big": 1.8, "large": 1.8, "huge": 3.5,
                                "enormous": 4.0, "giant": 4.5, "gigantic": 5.0, "colossal": 6.0}
SPEED_WORDS: dict[str, float] = {"still": 0.0, "slow": 0.5, "slowly": 0.5, "calm": 0.6, "fast": 1.8, "quick": 1.8,
                                 "quickly": 1.8, "racing": 2.2, "rushing": 2.2}

# OKLCH of the colour words.
COLOURS: dict[str, tuple[float, float, float]] = {
    "red": (0.60, 0.22, 27), "orange": (0.72, 0.18, 55), "gold": (0.78, 0.15, 85), "golden": (0.78, 0.15, 85),
    "yellow": (0.87, 0.17, 100), 
    "amber": (0.76, 0.15, 75), "emerald": (0.62, 0.15, 160), "lime": (0.85, 0.19, 125), "green": (0.62, 0.17, 145),
    "teal": (0.60, 0.11, 190),
    "turquoise": (0.75, 0.12, 190), "cyan": (0.82, 0.13, 200), "blue": (0.52, 0.18, 260), "navy": (0.32, 0.12, 265),
    "indigo": (0.42, 0.18, 280), "violet": (0.55, 0.21, 300), "purple": (0.52, 0.21, 308), "magenta": (0.65, 0.25, 335),
    "pink": (0.78, 0.14, 355), "crimson": (0.52, 0.21, 18), "brown": (0.42, 0.07, 55), "white": (0.95, 0.01, 90),
    "black": (0.20, 0.01, 270), "grey": (0.60, 0.01, 260), "gray": (0.60, 0.01, 260), "silver": (0.80, 0.01, 250)}

# Mood words (or their beginnings) to (valence, arousal) in [-1, 1]; Russell's circumplex, 1980.
MOODS: dict[str, tuple[float, float]] = {
    "calm": (0.4, -0.7), "peace": (0.6, -0.7), "seren": (0.5, -0.7), "quiet": (0.2, -0.7), "gentle": (0.5, -0.5),
    "soft": (0.4, -0.5), "dream": (0.5, -0.5), "ethereal": (0.4, -0.5), "medit": (0.4, -0.8), "relax": (0.5, -0.7),
    "cozy": (0.7, -0.4), "cosy": (0.7, -0.4), "warm": (0.6, -0.2), "romantic": (0.6, -0.2), "nostalg": (0.1, -0.4),
    "melanch": (-0.5, -0.5), "sad": (-0.7, -0.5), "lonely": (-0.6, -0.5), "lonel": (-0.6, -0.5), "somber": (-0.6, -0.5),
    "grief": (-0.8, -0.4), "myster": (-0.3, -0.2), "eerie": (-0.6, 0.0), "spooky": (-0.6, 0.1), "haunt": (-0.6, 0.0),
    "dark": (-0.6, 0.1), "ominous": (-0.7, 0.2), "tense": (-0.6, 0.5), "suspens": (-0.5, 0.4), "scary": (-0.8, 0.5),
    "angry": (-0.8, 0.8), "violent": (-0.8, 0.9), "chao": (-0.3, 0.9), "drama": (-0.1, 0.6), "epic": (0.3, 0.7),
    "heroic": (0.6, 0.7), "majestic": (0.5, 0.3), "triumph": (0.8, 0.7), "happy": (0.8, 0.5), "joy": (0.9, 0.6),
    "playful": (0.8, 0.5), "whimsical": (0.7, 0.3), "fun": (0.8, 0.6), "cheer": (0.8, 0.5), "hope": (0.6, 0.1),
    "energetic": (0.5, 0.9), "energ": (0.5, 0.9), "wild": (0.2, 0.8), "fast": (0.2, 0.8), "intense": (-0.1, 0.8),
    "euphori": (0.9, 0.9), "wonder": (0.6, 0.2), "futurist": (0.0, 0.3), "hypnotic": (0.0, 0.1), "slow": (0.1, -0.6)}

# What weather does to a mood that has no other words.
WEATHER_MOODS: dict[str, tuple[float, float]] = {"storm": (-0.3, 0.8), "blizzard": (-0.3, 0.6), "rain": (-0.2, -0.2),
                                                 "fog": (-0.1, -0.4), "snow": (0.1, -0.3), "dust": (-0.1, 0.3)}
# Instrument words to the part that plays and the player's own name.
INSTRUMENTS: dict[str, tuple[str, str]] = {
    "piano": ("melody", "piano"), "rhodes": ("harmony", "electric piano"), "music_box": ("melody", "music box"),
    "guitar": ("harmony", "nylon guitar"), "violin": ("melody", "violin"), "cello": ("melody", "cello"),
    "strings": ("harmony", "strings"), "harp": ("harmony", "harp"), "flute": ("melody", "flute"),
    "clarinet": ("melody", "clarinet"), "saxophone": ("melody", "saxophone"), "trumpet": ("melody", "trumpet"),
    "brass": ("melody", "horn"), "choir": ("harmony", "choir"), "organ": ("harmony", "organ"),
    "marimba": ("melody", "marimba"), "bells": ("melody", "bells"), "accordion": ("melody", "accordion"),
    "sitar": ("melody", "koto")}

# Weather names to the amounts that must be nothing when they are not wanted.
WEATHER_FIELDS: dict[str, tuple[str, ...]] = {
    "rain": ("rain", "storm"), "storm": ("storm",), "snow": ("snow",), "blizzard": ("snow",), "fog": ("fog",),
    "clouds": ("cloud",), "overcast": ("cloud",), "dust": ("dust",), "aurora": ("aurora",), "thunder": ("storm",)}
PALETTE_OF_SETTING: dict[str, str] = {
    "desert": "sand", "canyon": "sand", "snowfield": "winter", "crystals": "jewel", "space": "jewel",
    "underwater": "natural", "fluid": "jewel", "particles": "jewel", "clouds": "pastel"}
PALETTE_OF_LOOK: dict[str, str] = {"synthwave": "neon", "riso": "candy", "flat": "teal_orange", "clay": "candy",
                                   "noir": "mono", "pencil": "mono"}
SETTING_WORDS: dict[str, str] = {
    "crystals": "crystal world", "snowfield": "snow", "fluid": "flowing colour", "particles": "drifting particles",
    "city": "city", "underwater": "underwater world", "clouds": "sea of clouds", "space": "outer space"}
