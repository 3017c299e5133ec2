"""What drives what: one strong link and two soft ones, so plain that a viewer could name them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from agent.direction import Link, Shot
from agent.pacing import Feel
from agent.taste import Family

# How hard the beat strikes the light, in stops, and how much energy adds to the camera's speed.
# Where nothing strikes, the slow energy itself lifts the light; it can go further without flicker.
STRIKE_EV: dict[Feel, float] = {"ambient": 0.5, "ballad": 0.4, "mid": 0.45, "dance": 0.5, "free": 0.5}
DRIVE: dict[Feel, float] = {"ambient": 1.2, "ballad": 1.3, "mid": 1.4, "dance": 1.6, "free": 1.4}
WATERY = frozenset(("ocean", "lake", "islands"))
NAMES = {"music.energy": "the music's energy", "music.kick": "the kick", "music.onset": "every note",
         "music.brightness": "the brightness of the sound", "music.bass": "the bass", "music.snare": "the snare",
         "music.build": "the build"}
DOES = {"light/exposure_ev": "the light", "bodies/0/glow": "the glow", "camera/speed": "how the camera moves",
        "palette/chroma": "the colour", "ground/wave_m": "the waves", "bodies/0/speed": "how fast things move",
        "ground/relief": "the ground", "weather/wind_mps": "the wind"}


def links_for(feel: Feel, family: Family, shots: Sequence[Shot], silent: bool = False,
              settings: Collection[str] = ()) -> tuple[Link, ...]:
    """One strong link and two soft ones, every pointer good in every shot; none for silence."""
    if silent:
        return ()
    always = all(shot.world.bodies for shot in shots)
    # What glows at its full already has no room to answer a beat.
    glows = always and all(0.3 <= shot.world.bodies[0].glow <= 0.6 for shot in shots)
    dark = all(shot.world.light.time_h < 5.5 or shot.world.light.time_h > 19.4 for shot in shots)
    struck = "music.kick" if feel in ("dance", "mid") else "music.onset" if feel == "ballad" else "music.energy"
    if glows and dark:
        strong = _link(struck, "/shots/*/world/bodies/0/glow", 0.6)
    else:
        strong = _link(struck, "/shots/*/world/light/exposure_ev", STRIKE_EV[feel],
                      0.0 if struck == "music.kick" else 0.1)
    drive = _link("music.energy", "/shots/*/camera/speed", DRIVE[feel], 0.25)
    return strong, drive, _third(feel, family, always, set(settings))


def _link(signal: str, to: str, amount: float, lag_s: float = 0.0) -> Link:
    return Link.model_validate({"from": signal, "to": to, "amount": amount, "lag_s": lag_s})


def _third(feel: Feel, family: Family, always: bool, settings: set[str]) -> Link:
    """The last soft link: water answers the bass, drawn colour the brightness, a body the notes."""
    if settings and settings <= WATERY:
        return _link("music.bass", "/shots/*/world/ground/wave_m", 0.5, 0.1)
    if always and feel in ("dance", "mid") and family != "noir":
        return _link("music.energy", "/shots/*/world/bodies/0/speed", 0.6, 0.05)
    if family == "noir":
        return _link("music.bass", "/shots/*/world/weather/wind_mps", 3.0, 0.3)
    return _link("music.brightness", "/shots/*/world/palette/chroma", 0.35, 0.15)


def said(links: Sequence[Link]) -> list[str]:
    """Links in words, one phrase per signal: "the kick drives the light"."""
    driven: dict[str, list[str]] = {}
    for link in links:
        does = next((words for end, words in DOES.items() if link.to.endswith(end)), link.to.rsplit("/", 1)[-1])
        driven.setdefault(NAMES.get(link.from_, link.from_), []).append(does)
    return [f"{name} drives {' and '.join(does)}" for name, does in driven.items()]
