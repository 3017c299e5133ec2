"""References steer a Direction: every role does what it names and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from agent.direction import Direction, Link, Shot
from agent.seen import Seen
from agent.steer_camera import of_film, of_gesture, with_camera
from agent.steer_cast import placed
from agent.steer_fit import Wanted, fitted
from agent.steer_layout import layout_of, opening, with_brushes, with_layout, with_subject
from agent.steer_look import LCH, joined_roles, look_of, mixed, roles_of, with_light, with_look, with_palette
from agent.steer_pacing import cuts_for, cuts_of_lines, cuts_of_music, cuts_of_taps, with_motion
from agent.steer_plan import STRONGER, Steering
from agent.steer_time import Floats, TimeMap, time_map
from agent.unroll_spans import spans_s
from agent.unroll_values import link_targets
from modalities.cues import MusicCues, PictureCues, Swatch

OWN_LOOK = 0.6


@dataclass(frozen=True)
class Used:
    """What a role came to: a sentence for the Brief."""

    number: int
    role: str
    said: str


def map_of(seen: Seen, duration_s: float, whole: bool) -> TimeMap:
    """How a reference's time lies in the film's; a picture lasts as long as the film."""
    if seen.film is None:
        return TimeMap(0.0, max(seen.duration_s or duration_s, 0.1), duration_s)
    return time_map(seen.film, duration_s, whole)


def cuts_from(steering: Steering, duration_s: float, heard: MusicCues | None) -> tuple[float, ...] | None:
    """The cuts that a pacing reference asks for, seconds; None without one. heard: music whose beats they fall on."""
    lead = steering.lead("pacing")
    if lead is None:
        return None
    beats: Floats | None = None
    if heard is not None and heard.beat_confidence >= 0.35 and not heard.silent:
        beats = heard.beats_s
    if lead.film is not None:
        return cuts_for(lead.film, map_of(lead, duration_s, lead is steering.whole), beats)
    if lead.kind == "rhythm" and lead.music is not None:
        return cuts_of_taps(lead.music, duration_s)
    if lead.kind == "lyrics" and lead.words is not None:
        return cuts_of_lines(lead.words, duration_s)
    if lead.music is not None and lead is not steering.heard:
        return cuts_of_music(lead.music, duration_s)
    return None


def steered(direction: Direction, steering: Steering) -> tuple[Direction, tuple[Used, ...]]:
    """The Direction under its references, and what each role came to."""
    used: list[Used] = []
    steps: tuple[tuple[str, Callable[[Direction, Seen, Steering], tuple[Direction, str]]], ...] = (
        ("style", _style), ("palette", _palette), ("light", _light), ("content", _content), ("layout", _layout),
        ("subject", _subject), ("camera", _camera), ("motion", _motion))
    for role, step in steps:
        lead = steering.lead(role)
        if lead is None or (role == "content" and lead is not steering.whole):
            continue
        direction, said = step(direction, lead, steering)
        if said:
            used.append(Used(lead.number, role, said))
    direction = _fitted(direction, steering)
    lead = steering.lead("pacing")
    if lead is not None:
        if lead.film is not None:
            if "motion" not in steering.by_role:
                direction = with_motion(direction, lead.film, map_of(lead, direction.duration_s,
                                                                     lead is steering.whole))
            if lead is steering.whole:
                direction = _transitions(direction, lead)
        used.append(Used(lead.number, "pacing", f"{len(direction.shots)} shots cut in the rhythm of {lead.name}"))
    used += _heard(steering)
    links = tuple(link for link in direction.links if _resolves(direction, link))
    return direction.model_copy(update={"links": links}), tuple(used)


def _heard(steering: Steering) -> list[Used]:
    """What came of the roles that the director and the composer follow by themselves."""
    out: list[Used] = []
    said = {"rhythm": "our own music has the tempo of {}", "structure": "the sections are those of {}",
            "mood": "the mood is that of {}", "timbre": "{} is heard", "lyrics": "what {} sings of is seen at its time",
            "speech": "what is said in {} counts as words", "content": "what {} shows is where the film leans"}
    for role, sentence in said.items():
        lead = steering.lead(role)
        if lead is None or (role == "content" and lead is steering.whole):
            continue
        if role == "rhythm" and lead is steering.heard:
            sentence = "the film keeps the time of {}, which is heard"
        elif role == "content" and lead.kind in ("text", "lyrics"):
            sentence = "what {} says counts as words"
        out.append(Used(lead.number, role, sentence.format(lead.name)))
    return out


def _resolves(direction: Direction, link: Link) -> bool:
    """Whether a coupling still has something to move, now that shots may have lost their company."""
    try:
        return bool(link_targets(direction, link))
    except ValueError:
        return False


def _each(direction: Direction, seen: Seen, steering: Steering,
          change: Callable[[Shot, PictureCues], Shot]) -> Direction:
    """The Direction with every shot changed by what the reference shows at that time."""
    times = map_of(seen, direction.duration_s, seen is steering.whole)
    shots: list[Shot] = []
    for shot, span in zip(direction.shots, spans_s(direction), strict=True):
        picture = _picture_in(seen, times, span)
        shots.append(change(shot, picture) if picture is not None else shot)
    return direction.model_copy(update={"shots": tuple(shots)})


def _picture_in(seen: Seen, times: TimeMap, span: tuple[float, float]) -> PictureCues | None:
    """The shot of the reference that fills most of a span of the film."""
    if seen.image is not None and seen.film is None:
        return seen.image.picture
    if not seen.shots:
        return None
    at = times.reference_s(span[0] + (np.arange(9) + 0.5) / 9 * (span[1] - span[0]))
    inside = [int(((at >= shot.start_s) & (at < shot.end_s)).sum()) for shot in seen.shots]
    return seen.shots[int(np.argmax(inside))].picture


def _style(direction: Direction, seen: Seen, steering: Steering) -> tuple[Direction, str]:
    pictures = [shot.picture for shot in seen.shots]
    if not pictures:
        return direction, ""
    # One look for a film: the medium of most of its time.
    weights = [max(shot.end_s - shot.start_s, 1e-3) for shot in seen.shots]
    names = list(pictures[0].medium)
    mean = {name: float(np.average([p.medium.get(name, 0.0) for p in pictures], weights=weights)) for name in names}
    middle = pictures[int(np.argmax(weights))]
    colours = mixed([(p.palette, w) for p, w in zip(pictures, weights, strict=True)])
    whole = replace(middle, medium=mean, palette=colours,
                    line=float(np.average([p.line for p in pictures], weights=weights)),
                    grain=float(np.average([p.grain for p in pictures], weights=weights)))
    look, style, sure = look_of(whole)
    shots = tuple(with_look(shot, look, style) for shot in direction.shots)
    direction = direction.model_copy(update={"shots": shots})
    if seen is steering.whole:
        # Made again, a shot that is surely made otherwise keeps its own way.
        direction = _each(direction, seen, steering, _own_look)
    return direction, f"the look is {look}, nearest to {seen.name} ({sure:.0%})"


def _roles(picture: PictureCues) -> tuple[LCH, ...]:
    """Colours of the things in a picture: of its land, where the sky can be left out."""
    return roles_of(picture.land) if picture.land else roles_of(picture.palette, picture.framing.layers[0])


def _own_look(shot: Shot, picture: PictureCues) -> Shot:
    look, style, sure = look_of(picture)
    return with_look(shot, look, style) if sure >= OWN_LOOK else shot


def _palette(direction: Direction, seen: Seen, steering: Steering) -> tuple[Direction, str]:
    others = steering.by_role["palette"][1:]

    def coloured(shot: Shot, picture: PictureCues) -> Shot:
        roles = _roles(picture)
        for other in others:
            if (joining := other.picture_at(0.5)) is not None:
                roles = joined_roles(roles, _roles(joining))
        return with_palette(shot, roles)

    joined = f", with {' and '.join(other.name for other in others)}" if others else ""
    return _each(direction, seen, steering, coloured), f"the colours of {seen.name}{joined}"


def _fitted(direction: Direction, steering: Steering) -> Direction:
    """The Direction with its colours and light tried out against the pictures they come from."""
    colours, light = steering.lead("palette"), steering.lead("light")
    if not ((colours and colours.shots) or (light and light.shots)):
        return direction
    wanted: list[Wanted | None] = []
    for span in spans_s(direction):
        one = _seen_in(colours, steering, direction.duration_s, span)
        other = _seen_in(light, steering, direction.duration_s, span)
        palette = _with_others(one.palette, steering.by_role["palette"][1:]) if one is not None else None
        wanted.append(Wanted(palette, other.light if other is not None else None))
    return fitted(direction, wanted)


def _seen_in(seen: Seen | None, steering: Steering, duration_s: float, span: tuple[float, float]
             ) -> PictureCues | None:
    return _picture_in(seen, map_of(seen, duration_s, seen is steering.whole), span) if seen is not None else None


def _with_others(palette: tuple[Swatch, ...], others: tuple[Seen, ...]) -> tuple[Swatch, ...]:
    """A palette with those of later references mixed in."""
    found = [picture.palette for other in others if (picture := other.picture_at(0.5)) is not None]
    if not found:
        return palette
    return mixed([(palette, STRONGER), *((p, (1 - STRONGER) / len(found)) for p in found)])


def _light(direction: Direction, seen: Seen, steering: Steering) -> tuple[Direction, str]:
    return _each(direction, seen, steering, lambda shot, picture: with_light(shot, picture.light)), \
        f"the light of {seen.name}"


def _content(direction: Direction, seen: Seen, steering: Steering) -> tuple[Direction, str]:
    """Of a film that is made again every shot has its own place and its own company."""
    return _each(direction, seen, steering, lambda shot, picture: placed(shot, picture, steering.cast_named)), \
        f"the places of {seen.name}, shot by shot"


def _layout(direction: Direction, seen: Seen, steering: Steering) -> tuple[Direction, str]:
    shots = list(direction.shots)
    whole = seen is steering.whole
    times = map_of(seen, direction.duration_s, whole)
    spans = spans_s(direction)
    for k in range(len(shots)) if whole else opening(direction):
        share = float(times.reference_s(spans[k][0] + 0.5 * (spans[k][1] - spans[k][0]))) / max(times.end_s, 1e-6)
        layout = layout_of(seen, share if whole else 0.0)
        if layout is not None:
            shots[k] = with_layout(shots[k], layout)
    return direction.model_copy(update={"shots": tuple(shots)}), f"the first frame is composed like {seen.name}"


def _subject(direction: Direction, seen: Seen, steering: Steering) -> tuple[Direction, str]:
    shots = list(direction.shots)
    whole = seen is steering.whole
    times = map_of(seen, direction.duration_s, whole)
    spans = spans_s(direction)
    moved = 0
    for k in range(len(shots)) if whole else opening(direction):
        share = float(times.reference_s(spans[k][0] + 0.5 * (spans[k][1] - spans[k][0]))) / max(times.end_s, 1e-6)
        layout = layout_of(seen, share if whole else 0.0)
        if layout is not None and layout.subject is not None and shots[k].world.bodies:
            shots[k] = with_subject(shots[k], layout.subject)
            moved += 1
    return direction.model_copy(update={"shots": tuple(shots)}), \
        f"the subject stands where it does in {seen.name}" if moved else ""


def _camera(direction: Direction, seen: Seen, steering: Steering) -> tuple[Direction, str]:
    if seen.film is not None:
        rates = of_film(seen.film, map_of(seen, direction.duration_s, seen is steering.whole))
        return with_camera(direction, rates), f"the camera moves as in {seen.name}"
    if seen.gesture is not None and seen.gesture.camera:
        return with_camera(direction, of_gesture(seen.gesture, direction.duration_s)), \
            f"the camera follows the hand of {seen.name}"
    return direction, ""


def _motion(direction: Direction, seen: Seen, steering: Steering) -> tuple[Direction, str]:
    if seen.film is not None:
        times = map_of(seen, direction.duration_s, seen is steering.whole)
        return with_motion(direction, seen.film, times), f"things move as lively as in {seen.name}"
    brushed = with_brushes(direction, seen)
    count = sum(len(shot.brushes) for shot in brushed.shots)
    return brushed, f"what {seen.name} sets in motion flows in the picture" if count else ""


def _transitions(direction: Direction, seen: Seen) -> Direction:
    """Cuts, dissolves and fades as in the film that is recreated."""
    times = map_of(seen, direction.duration_s, True)
    spans = spans_s(direction)
    shots: list[Shot] = []
    for k, shot in enumerate(direction.shots):
        at = float(times.reference_s(min(spans[k][0], direction.duration_s - 1e-3)))
        near = min(seen.shots, key=lambda one: abs(one.start_s - at))
        cut = {"dissolve": "dissolve", "fade": "fade"}.get(near.transition, "hard") if k else \
            "fade" if seen.shots[0].transition == "fade" else "hard"
        shots.append(shot.model_copy(update={"cut": cut}))
    return direction.model_copy(update={"shots": tuple(shots)})
