"""Rules of thumb of a director, a cinematographer and a colourist, as pure functions.

Each is small enough to be a law in a test. The weirdness dial may break them on purpose; nothing else may.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from agent.direction import CameraMove, Purpose, Scale
from world_model.vocabulary import CAMERA_MOVES, MEDIUM

Family = Literal["photoreal", "flat", "paper", "pixel", "neon", "noir"]
Medium = Literal["air", "water", "surface", "ground", "sky", "place"]

SCALE_ORDER: tuple[Scale, ...] = ("wide", "full", "medium", "close", "detail")
FAMILIES: dict[str, Family] = {"photoreal": "photoreal", "vhs": "photoreal", "clay": "photoreal", "noir": "noir",
                               "flat": "flat", "cel": "flat", "riso": "flat", "pixel": "pixel", "synthwave": "neon",
                               "watercolour": "paper", "pencil": "paper", "ink": "paper"}

# What a purpose asks of the frame, best first.
SCALES_FOR: dict[Purpose, tuple[Scale, ...]] = {
    "establish": ("wide", "full"), "approach": ("full", "medium"), "reveal": ("wide", "full"),
    "follow": ("medium", "full", "close"), "contrast": ("close", "wide", "detail"), "rest": ("full", "wide"),
    "release": ("wide", "full"), "detail": ("close", "medium", "detail"), "turn": ("medium", "wide", "full"),
    "climax": ("full", "wide", "medium")}
LENS_MM: dict[Scale, float] = {"wide": 22.0, "full": 30.0, "medium": 42.0, "close": 65.0, "detail": 85.0}

# Moves by purpose: calm ones, then lively ones.
MOVES_FOR: dict[Purpose, tuple[tuple[CameraMove, ...], tuple[CameraMove, ...]]] = {
    "establish": (("dolly_in", "pan", "crane_down"), ("fly_through", "crane_down", "dolly_in")),
    "approach": (("dolly_in", "truck", "tilt"), ("fly_through", "dolly_in", "truck")),
    "reveal": (("reveal", "crane_up", "dolly_out"), ("reveal", "crane_up", "orbit")),
    "follow": (("follow", "truck"), ("follow", "orbit", "truck")),
    "contrast": (("orbit", "static", "tilt"), ("orbit", "top_down", "truck")),
    "rest": (("static", "pan", "dolly_out"), ("pan", "truck", "dolly_out")),
    "release": (("crane_up", "dolly_out", "orbit"), ("fly_through", "orbit", "crane_up")),
    "detail": (("static", "dolly_in", "tilt"), ("orbit", "dolly_in", "truck")),
    "turn": (("dolly_in", "orbit", "pan"), ("handheld", "orbit", "dolly_in")),
    "climax": (("orbit", "crane_up", "dolly_in"), ("orbit", "fly_through", "crane_up"))}

# From where a moving subject is seen (degrees from behind): by purpose, or by the move where that rules.
VIEWS_FOR: dict[Purpose, tuple[float, float]] = {
    "establish": (50.0, 80.0), "approach": (125.0, 150.0), "reveal": (105.0, 135.0), "follow": (40.0, 75.0),
    "contrast": (110.0, 145.0), "rest": (70.0, 100.0), "release": (30.0, 60.0),
    "detail": (95.0, 130.0), "turn": (115.0, 150.0), "climax": (60.0, 100.0)}
VIEW_DEG: dict[CameraMove, tuple[float, float]] = {
    "follow": (22.0, 40.0), "truck": (72.0, 88.0), "dolly_out": (115.0, 145.0), "fly_through": (20.0, 40.0),
    "bee_cam": (25.0, 50.0), "dolly_in": (45.0, 80.0)}
PROFILES = frozenset(("whale", "fish", "train", "car", "boat", "fox", "dragon", "bird", "rocket"))
# What is a sheet or a face shows it to the camera.
FRONTS = frozenset(("kite",))
TURN_DEG = 45.0
# Drawn worlds are layers seen from the front: they slide, they do not circle.
FRONTAL: tuple[CameraMove, ...] = ("static", "truck", "pan", "tilt", "dolly_in", "dolly_out", "follow", "crane_up",
                                   "reveal")
# What makes no sense in a place, or looks through its own ceiling.
UNFIT: dict[str, tuple[CameraMove, ...]] = {
    "underwater": ("top_down", "crane_down"), "space": ("top_down", "crane_down", "tilt"),
    "clouds": ("top_down",), "forest": ("crane_down",), "fluid": ("tilt",), "particles": ("tilt",)}
# Places that are drawn like a map: they may be seen from straight above with nobody in them.
MAPS = frozenset(("city", "islands", "village", "canyon", "crystals", "lake"))
PURPOSES_IN: dict[str, tuple[Purpose, ...]] = {
    "intro": ("establish", "approach"), "verse": ("follow", "approach", "contrast", "follow"),
    "build": ("approach", "contrast", "follow", "approach"), "drop": ("release", "follow", "contrast", "reveal"),
    "chorus": ("reveal", "follow", "release", "contrast"), "break": ("rest", "contrast"),
    "bridge": ("contrast", "rest", "approach"), "outro": ("rest", "release"), "silence": ("rest", "rest")}


def scale_steps(a: Scale, b: Scale) -> int:
    """Whole steps of scale between two frames."""
    return abs(SCALE_ORDER.index(a) - SCALE_ORDER.index(b))


def differ_enough(a: Scale, b: Scale, turn_deg: float = 0.0) -> bool:
    """Whether two neighbours read as a cut and not as an error: a whole scale step or 30 degrees of view."""
    return scale_steps(a, b) >= 1 or abs((turn_deg + 180.0) % 360.0 - 180.0) >= 30.0


def next_scale(wanted: Sequence[Scale], before: Scale | None, after: Scale | None = None) -> Scale:
    """The first wanted scale that differs from both neighbours; else the nearest scale that does."""
    for scale in wanted:
        if scale not in (before, after):
            return scale
    home = SCALE_ORDER.index(wanted[0])
    return min((scale for scale in SCALE_ORDER if scale not in (before, after)),
               key=lambda scale: (abs(SCALE_ORDER.index(scale) - home), SCALE_ORDER.index(scale)))


def view_deg(kind: str, purpose: Purpose, move: CameraMove, before: float | None, turn: bool, pick: float) -> float:
    """From where a moving subject is seen, degrees: 0 from behind, 90 in profile, 180 from the front.

    Long bodies are known by their side. pick in [0, 1) varies the choice. before is the shot before's; turn asks
    for a view at least 45 degrees away from it, on the same side of the line, so that the screen direction holds.
    """
    low, high = VIEW_DEG.get(move) or VIEWS_FOR[purpose]
    if kind in FRONTS:
        return round(15.0 + 20.0 * pick, 1)
    if kind in PROFILES:
        low, high = (max(low, 42.0), max(high, 62.0)) if high < 90 else (min(low, 118.0), min(high, 138.0))
    view = low + (high - low) * pick
    if turn and before is not None and abs(view - before) < TURN_DEG:
        view = before + TURN_DEG + 10.0 if before < 90.0 else before - TURN_DEG - 10.0
    return round(min(165.0, max(15.0, view)), 1)


def purpose_of(section: str, index: int, count: int, first: bool, last: bool, key: bool) -> Purpose:
    """What a shot is for. `first` and `last` speak of the film, `key` of its one image to be remembered."""
    if first:
        return "establish"
    if last:
        return "release"
    if key:
        return "reveal"
    order = PURPOSES_IN.get(section, PURPOSES_IN["verse"])
    if section == "intro" and index > 0:
        return "approach"
    if section == "outro" and index == count - 1 and count > 1:
        return "release"
    return order[index % len(order)]


def key_shot(spans_s: Sequence[tuple[float, float]], openers: Collection[int] = ()) -> int | None:
    """The shot about two thirds into the film that carries its key image; a section opener is preferred.

    None for films of fewer than three shots: there the last shot is the key image itself.
    """
    if len(spans_s) < 3:
        return None
    length_s = spans_s[-1][1]
    aim_s = length_s * 2 / 3

    def cost(k: int) -> tuple[float, int]:
        start_s, end_s = spans_s[k]
        off_s = 0.0 if start_s <= aim_s < end_s else min(abs(start_s - aim_s), abs(end_s - aim_s))
        return off_s / length_s - (0.1 if k in openers else 0.0), k

    return min(range(1, len(spans_s) - 1), key=cost)


def family_of(look: str) -> Family:
    """Which camera language a look speaks."""
    return FAMILIES.get(look, "photoreal")


def medium_of(kind: str | None) -> Medium:
    """Where a body lives; "place" when there is none."""
    medium: dict[str, Medium] = {"air": "air", "water": "water", "surface": "surface", "ground": "ground", "sky": "sky"}
    return medium.get(MEDIUM.get(kind or "", "place"), "place")


def moves_for(purpose: Purpose, energy: float, medium: Medium, family: Family, settings: Collection[str],
              banned: Collection[str] = ()) -> tuple[CameraMove, ...]:
    """Camera moves that suit a shot, best first. Never empty."""
    calm, lively = MOVES_FOR[purpose]
    moves: list[CameraMove] = list(lively if energy > 0.55 else calm)
    if medium == "place":
        moves = [_alone(move) for move in moves]
        if not MAPS & set(settings):
            # Bare ground from above is a texture, not a picture.
            moves = [move for move in moves if move != "top_down"]
    if medium == "sky":
        moves = [move for move in moves if move not in ("follow", "truck", "top_down")] or ["static", "crane_up"]
    if energy > 0.75 and family in ("photoreal", "noir") and purpose == "follow" and medium == "ground":
        moves.append("handheld")
    unfit: set[str] = {move for setting in settings for move in UNFIT.get(setting, ())} | set(banned)
    if family in ("flat", "pixel"):
        unfit |= {move for move in CAMERA_MOVES if move not in FRONTAL}
    left: list[CameraMove] = [move for move in dict.fromkeys(moves) if move not in unfit]
    spare: tuple[CameraMove, ...] = ("dolly_in", "truck", "static", "pan", "dolly_out", "orbit")
    rest: list[CameraMove] = [move for move in spare if move not in unfit]
    return tuple(left or rest or ["static"])


def _alone(move: CameraMove) -> CameraMove:
    """What a camera does instead of following when nobody is there."""
    return "truck" if move == "follow" else move


def lens_mm(scale: Scale, move: CameraMove, family: Family = "photoreal") -> float:
    """Focal length for a frame: wide lenses for wide frames, long ones for close frames, flat looks a little longer."""
    if move == "bee_cam":
        return 16.0
    if move == "handheld":
        return min(35.0, LENS_MM[scale])
    if move == "fly_through":
        return min(24.0, LENS_MM[scale])
    return LENS_MM[scale] * (1.25 if family in ("flat", "pixel") else 1.0)


def height_m(scale: Scale, purpose: Purpose, move: CameraMove, medium: Medium, energy: float) -> float | None:
    """Camera height that tells: low is near, high is a map. None leaves it to the move or to the subject.

    Bee-cam stays below knee height (0.5 m).
    """
    if move == "bee_cam":
        return 0.3
    if move in ("top_down", "crane_up", "crane_down", "reveal", "fly_through") or medium != "place":
        return None
    if purpose in ("establish", "release") and scale == "wide":
        return 6.0 if energy < 0.6 else 3.0
    return {"wide": 3.5, "full": 2.0, "medium": 1.2, "close": 0.7, "detail": 0.4}[scale]


def camera_speed(energy: float, scale: Scale) -> float:
    """How fast a camera moves: slow in quiet music, quick in loud, and slower the closer it stands."""
    near = {"wide": 1.0, "full": 1.0, "medium": 0.9, "close": 0.75, "detail": 0.65}[scale]
    return round(near * (0.2 + 1.5 * min(1.0, max(0.0, energy))), 3)


def shot_exposure_ev(energy: float) -> float:
    """Loud sections are a little brighter than quiet ones; always within a third of a stop of neutral."""
    return round(-0.26 + 0.58 * min(1.0, max(0.0, energy)), 3)


def shot_chroma(energy: float) -> float:
    """Loud sections are more colourful; the palette's own chroma is 1."""
    return round(0.82 + 0.42 * min(1.0, max(0.0, energy)), 3)


def side_after(side: Literal[-1, 1], section_changes: bool, breaks: bool) -> Literal[-1, 1]:
    """Screen direction: kept across every cut, turned only where the music itself breaks."""
    if section_changes and breaks:
        return 1 if side == -1 else -1
    return side
