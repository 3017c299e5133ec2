"""The words the world understands: names in fixed order, and presets as plain numbers.

Order matters: mixtures in State are indexed by these tuples. Add at the end, never reorder. Phrases in natural
language live with the planner (agent/lexicon); this file is what the words finally mean.
"""

from __future__ import annotations

SETTINGS = ("ocean", "desert", "meadow", "forest", "mountains", "city", "village", "lake", "crystals", "islands",
            "underwater", "space", "snowfield", "canyon", "clouds", "fluid", "particles")

BODIES = ("bird", "bee", "butterfly", "fish", "whale", "jellyfish", "boat", "car", "train", "rocket", "balloon",
          "walker", "fox", "ball", "planet", "lantern", "dragon", "kite")

GAITS = ("still", "cruise", "dart", "hover", "flock", "bounce", "drift", "circle", "dance", "soar")

CAMERA_MOVES = ("static", "pan", "tilt", "dolly_in", "dolly_out", "truck", "orbit", "crane_up", "crane_down",
                "fly_through", "bee_cam", "follow", "handheld", "dolly_zoom", "reveal", "top_down")

SCALES = ("wide", "full", "medium", "close", "detail")
PURPOSES = ("establish", "approach", "reveal", "follow", "contrast", "rest", "release")

GENRES = ("ambient", "folk", "piano", "suspense", "orchestral", "techno", "synthwave", "lofi", "jazz", "chiptune",
          "waltz", "drum_and_bass")

# What a body is made for, so that a director places it sensibly.
MEDIUM = {"bird": "air", "bee": "air", "butterfly": "air", "fish": "water", "whale": "water", "jellyfish": "water",
          "boat": "surface", "car": "ground", "train": "ground", "rocket": "air", "balloon": "air",
          "walker": "ground", "fox": "ground", "ball": "ground", "planet": "sky", "lantern": "air",
          "dragon": "air", "kite": "air"}

BODY_SIZE_M = {"bird": 0.8, "bee": 0.35, "butterfly": 0.4, "fish": 0.6, "whale": 9.0, "jellyfish": 1.6, "boat": 6.0,
               "car": 4.2, "train": 14.0, "rocket": 6.0, "balloon": 8.0, "walker": 1.8, "fox": 1.1, "ball": 1.2,
               "planet": 40.0, "lantern": 0.7, "dragon": 9.0, "kite": 1.6}

# Clock hours and an optional tint (hue in degrees, amount [0, 1]).
LIGHTS: dict[str, dict[str, float]] = {
    "dawn": {"time_h": 6.2}, "morning": {"time_h": 8.5}, "noon": {"time_h": 12.5}, "golden": {"time_h": 17.6},
    "sunset": {"time_h": 18.8}, "dusk": {"time_h": 19.6}, "night": {"time_h": 0.0},
    "moonlight": {"time_h": 22.5}, "alien": {"time_h": 17.0, "tint_hue_deg": 150.0, "tint": 0.8},
    "infernal": {"time_h": 18.9, "tint_hue_deg": 25.0, "tint": 0.8},
}

# rain, snow, fog, cloud, storm, dust, aurora in [0, 1]; wind_mps.
WEATHERS: dict[str, dict[str, float]] = {
    "clear": {"cloud": 0.15, "wind_mps": 2.0}, "clouds": {"cloud": 0.55, "wind_mps": 4.0},
    "overcast": {"cloud": 0.95, "fog": 0.12, "wind_mps": 3.0}, "fog": {"cloud": 0.6, "fog": 0.75, "wind_mps": 1.0},
    "rain": {"cloud": 0.9, "rain": 0.7, "fog": 0.2, "wind_mps": 5.0},
    "storm": {"cloud": 1.0, "rain": 1.0, "fog": 0.25, "storm": 0.9, "wind_mps": 14.0},
    "snow": {"cloud": 0.8, "snow": 0.7, "fog": 0.2, "wind_mps": 2.0},
    "blizzard": {"cloud": 1.0, "snow": 1.0, "fog": 0.5, "wind_mps": 13.0},
    "dust": {"cloud": 0.4, "dust": 0.8, "fog": 0.3, "wind_mps": 11.0},
    "aurora": {"cloud": 0.1, "aurora": 0.9, "wind_mps": 1.0},
}

STYLE_FIELDS = ("shade", "levels", "outline", "saturation", "contrast", "grain", "pixel", "hold_frames", "paper",
                "wobble", "wash", "hatch", "halftone", "neon", "scanline", "chroma", "bloom", "vignette", "ink",
                "clay", "warmth")

# What a field is when a style does not name it.
STYLE_NEUTRAL = {"shade": 1.0, "saturation": 1.0, "contrast": 1.0, "hold_frames": 1.0}

STYLES: dict[str, dict[str, float]] = {
    "photoreal": {"grain": 0.15, "bloom": 0.35, "vignette": 0.3, "contrast": 1.05},
    "flat": {"shade": 0.1, "levels": 0.4, "saturation": 1.2, "hold_frames": 2.0},
    "cel": {"shade": 0.8, "levels": 0.75, "outline": 0.9, "saturation": 1.25, "hold_frames": 2.0, "bloom": 0.2},
    "watercolour": {"shade": 0.55, "wash": 1.0, "paper": 0.8, "wobble": 0.4, "saturation": 1.15, "contrast": 0.95,
                    "outline": 0.15, "hold_frames": 2.0},
    "pencil": {"shade": 0.7, "hatch": 1.0, "outline": 1.0, "paper": 0.7, "wobble": 0.5, "saturation": 0.0,
               "hold_frames": 2.0},
    "pixel": {"shade": 0.8, "levels": 0.5, "pixel": 0.55, "saturation": 1.25, "hold_frames": 2.0},
    "synthwave": {"shade": 0.2, "neon": 1.0, "outline": 1.0, "bloom": 0.9, "saturation": 1.3, "scanline": 0.15},
    "noir": {"saturation": 0.0, "contrast": 1.5, "grain": 0.5, "vignette": 0.7, "bloom": 0.2},
    "clay": {"clay": 1.0, "shade": 0.9, "saturation": 1.2, "hold_frames": 2.0, "wobble": 0.2, "vignette": 0.25},
    "vhs": {"scanline": 0.8, "chroma": 0.8, "grain": 0.2, "saturation": 1.0, "bloom": 0.5, "contrast": 0.95,
            "warmth": 0.2},
    "riso": {"shade": 0.7, "halftone": 1.0, "levels": 0.5, "paper": 0.7, "saturation": 1.45, "chroma": 0.3,
             "hold_frames": 2.0},
    "ink": {"ink": 1.0, "wash": 0.8, "paper": 0.8, "outline": 0.8, "saturation": 1.1, "wobble": 0.4,
            "hold_frames": 2.0},
    "gouache": {"shade": 0.7, "levels": 0.9, "wash": 0.35, "paper": 0.5, "saturation": 1.3, "contrast": 1.05,
                "wobble": 0.25, "warmth": 0.35, "hold_frames": 2.0},
    "coloured_pencil": {"shade": 0.8, "hatch": 0.85, "outline": 0.6, "paper": 0.8, "wobble": 0.35, "saturation": 1.6,
                        "hold_frames": 2.0},
}

PALETTE_ROLES = ("ground", "ground2", "growth", "structure", "accent", "water")

# OKLCH: lightness [0, 1], chroma, hue in degrees, in the order of PALETTE_ROLES.
PALETTES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "natural": ((0.52, 0.09, 128), (0.50, 0.05, 70), (0.47, 0.10, 140), (0.72, 0.04, 70), (0.64, 0.20, 28),
                (0.45, 0.07, 225)),
    "autumn": ((0.55, 0.10, 75), (0.45, 0.06, 55), (0.60, 0.15, 55), (0.65, 0.06, 60), (0.58, 0.19, 30),
               (0.45, 0.05, 215)),
    "pastel": ((0.85, 0.06, 140), (0.86, 0.05, 30), (0.82, 0.07, 200), (0.90, 0.04, 80), (0.80, 0.12, 0),
               (0.80, 0.06, 220)),
    "mars": ((0.55, 0.12, 40), (0.42, 0.09, 30), (0.58, 0.11, 60), (0.55, 0.04, 40), (0.75, 0.14, 85),
             (0.40, 0.06, 20)),
    "winter": ((0.92, 0.02, 240), (0.75, 0.03, 250), (0.60, 0.05, 200), (0.70, 0.04, 250), (0.60, 0.18, 25),
               (0.55, 0.06, 240)),
    "neon": ((0.25, 0.08, 300), (0.20, 0.06, 280), (0.60, 0.24, 340), (0.35, 0.10, 280), (0.82, 0.16, 195),
             (0.30, 0.12, 270)),
    "teal_orange": ((0.45, 0.06, 200), (0.38, 0.04, 220), (0.50, 0.08, 190), (0.55, 0.05, 210), (0.72, 0.17, 55),
                    (0.42, 0.08, 205)),
    "mono": ((0.55, 0.0, 0), (0.40, 0.0, 0), (0.45, 0.0, 0), (0.75, 0.0, 0), (0.90, 0.0, 0), (0.35, 0.0, 0)),
    "sand": ((0.80, 0.08, 80), (0.68, 0.09, 65), (0.62, 0.08, 110), (0.76, 0.05, 70), (0.58, 0.12, 220),
             (0.58, 0.08, 205)),
    "jewel": ((0.40, 0.10, 165), (0.36, 0.10, 280), (0.48, 0.13, 160), (0.50, 0.14, 300), (0.78, 0.16, 90),
              (0.40, 0.12, 250)),
    "candy": ((0.80, 0.12, 350), (0.84, 0.10, 100), (0.78, 0.13, 160), (0.82, 0.11, 290), (0.72, 0.20, 20),
              (0.75, 0.12, 220)),
    "ember": ((0.30, 0.06, 35), (0.22, 0.04, 20), (0.40, 0.12, 40), (0.33, 0.05, 30), (0.75, 0.19, 60),
              (0.28, 0.08, 30)),
}
