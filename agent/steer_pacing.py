"""The cut rhythm and the motion of a reference, transplanted into another film."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agent.direction import CameraMove, Direction, Shot
from agent.steer_time import Floats, TimeMap, curve_over, cuts_of
from agent.unroll_spans import spans_s
from modalities.cues import FilmCues, MusicCues, WordCues
from world_model.sim.keys import smoothed

LEAST_S = 0.4
# How far a cut may go to reach a beat of the creator's music, as a share of the shots beside it.
REACH = 0.4
SLOWEST, FASTEST = 0.12, 3.2
KEYS_HZ = 4.0
# Moves that hold still show no pace; where the reference is lively they are filmed in passing.
STILL: tuple[CameraMove, ...] = ("static", "tilt", "top_down")
LINK_LEFT = 0.2


def cuts_for(film: FilmCues, times: TimeMap, beats_s: Sequence[float] | Floats | None = None) -> tuple[float, ...]:
    """Where the film cuts, seconds: the reference's shot lengths in their order, on beats where there are any."""
    starts = np.concatenate([[0.0], cuts_of(film)]) if times.rounds > 1 else cuts_of(film)
    return on_beats(times.film_s(starts), times.duration_s, beats_s)


def on_beats(cuts_s: Sequence[float] | Floats, duration_s: float,
             beats_s: Sequence[float] | Floats | None) -> tuple[float, ...]:
    """Cuts in order, each on the beat that is nearest if one is near, none closer than LEAST_S to another."""
    wanted = np.unique(np.asarray(cuts_s, np.float64))
    wanted = wanted[(wanted >= LEAST_S) & (wanted <= duration_s - LEAST_S)]
    beats = np.asarray(beats_s if beats_s is not None else (), np.float64)
    edges = np.concatenate([[0.0], wanted, [duration_s]])
    out: list[float] = []
    for k, cut in enumerate(wanted):
        room = REACH * min(cut - edges[k], edges[k + 2] - cut)
        if len(beats):
            near = float(beats[np.abs(beats - cut).argmin()])
            # A short shot has no room to reach: it may go half a beat.
            cut = near if abs(near - cut) <= max(room, 0.5 * _beat_s(beats)) else cut
        if cut - (out[-1] if out else 0.0) >= LEAST_S - 1e-6 and duration_s - cut >= LEAST_S - 1e-6:
            out.append(round(float(cut), 6))
    return tuple(out)


def _beat_s(beats: Floats) -> float:
    return float(np.median(np.diff(beats))) if len(beats) > 1 else 0.0


def cuts_of_music(music: MusicCues, duration_s: float) -> tuple[float, ...]:
    """Cuts on the bar lines of music that is not itself heard: every second one, every one where it is quick."""
    lines = music.downbeats_s if len(music.downbeats_s) > 1 else music.beats_s[::4]
    if len(lines) > 1 and float(np.median(np.diff(lines))) < 2.0:
        lines = lines[::2]
    return on_beats(lines, duration_s, None)


def cuts_of_taps(music: MusicCues, duration_s: float) -> tuple[float, ...]:
    """Cuts on what was tapped; the taps go round again when the film lasts longer."""
    length_s = max(music.duration_s, 0.5)
    rounds = int(np.ceil(duration_s / length_s))
    return on_beats(np.concatenate([music.beats_s + k * length_s for k in range(rounds)]), duration_s, None)


def cuts_of_lines(words: WordCues, duration_s: float) -> tuple[float, ...]:
    """Cuts where lines of words begin."""
    return on_beats([line.start_s for line in words.lines], duration_s, None)


def with_motion(direction: Direction, film: FilmCues, times: TimeMap) -> Direction:
    """The Direction whose camera and bodies go as fast, over time, as things move in the reference."""
    spans = spans_s(direction)
    loud = _level(film)
    shots = tuple(_moving(shot, span, film, times, loud) for shot, span in zip(direction.shots, spans, strict=True))
    links = tuple(link.model_copy(update={"amount": round(link.amount * LINK_LEFT, 3)})
                  if link.to.endswith("/speed") else link for link in direction.links)
    return direction.model_copy(update={"shots": shots, "links": links})


def _level(film: FilmCues) -> tuple[float, float]:
    """What is little and what is much motion in a film."""
    curve = np.nan_to_num(np.asarray(film.curves.get("motion", np.zeros(1)), np.float64))
    low, high = (float(value) for value in np.percentile(curve, (10, 90))) if len(curve) else (0.0, 0.0)
    return low, max(high, low + 1e-6)


def _moving(shot: Shot, span: tuple[float, float], film: FilmCues, times: TimeMap, level: tuple[float, float]) -> Shot:
    count = max(2, round((span[1] - span[0]) * KEYS_HZ) + 1)
    u = np.linspace(0.0, 1.0, count)
    # The frame of a cut shows the jump, not a movement: the edges are left out.
    inside = span[0] + np.clip(u, 0.04, 0.96) * (span[1] - span[0])
    motion = smoothed(curve_over(film, "motion", times, inside), 1)
    share = np.clip((motion - level[0]) / (level[1] - level[0]), 0.0, 1.3)
    pace = SLOWEST + (FASTEST - SLOWEST) * share ** 1.2
    mean = float(pace.mean())
    curves = dict(shot.curves)
    curves["/camera/speed"] = _keys(u, np.clip(pace, 0.0, 4.0))
    for slot, body in enumerate(shot.world.bodies):
        if body.gait != "still":
            factor = 0.35 + 0.65 * pace / max(0.5 * (SLOWEST + FASTEST), 1e-6)
            curves[f"/world/bodies/{slot}/speed"] = _keys(u, np.clip(body.speed * factor, 0.0, 4.0))
    camera = shot.camera
    if mean > 0.9 and camera.move in STILL and not camera.curves:
        camera = camera.model_copy(update={"move": "truck"})
    elif mean < 0.35 and camera.move in ("fly_through", "orbit", "truck", "follow") and not camera.curves:
        camera = camera.model_copy(update={"move": "dolly_in"})
    return shot.model_copy(update={"curves": curves, "camera": camera})


def _keys(u: Floats, values: Floats) -> tuple[tuple[float, float], ...]:
    return tuple((round(float(a), 4), round(float(b), 4)) for a, b in zip(u, values, strict=True))
