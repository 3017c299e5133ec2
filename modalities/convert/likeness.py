"""How like the truth an output is, in the output's own terms: every score is 1 for the truth itself and lower for less.

Text: share of aspects named rightly. Picture: colours of the glimpse in OKLab, and where edges are. Sketch: ink after
a blur. Film: its pictures and how the camera moves. Sound: levels of mel bands and attacks over the clip. Score:
genre, tempo, energy, key. Camera: course, signs and scale of the motion. Panel: the same controls with near values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from world_model.score import ScoreSpec
from world_model.streams.layout import HEARING_BANDS, SUBSTEPS, Floats, symexp

F64 = NDArray[np.float64]
ASPECTS = ("setting", "body", "light", "weather", "look", "palette", "move", "genre", "tempo")
# OKLab distance at which two cells have nothing in common: about that of red and green.
FAR_LAB = 0.4
# 20 dB a unit: 10 dB apart all over, two spectra have nothing in common.
FAR_LEVEL = 0.5
# Camera columns ahead, right, up (in symlog m/s), turn and pitch, brought to one size, and below what it is rest.
MOTION_SIZE = np.array([1.5, 1.0, 0.7, 0.12, 0.25])
REST = np.array([0.1, 0.1, 0.1, 0.015, 0.02])


def text_likeness(names: Mapping[str, str], truth: Mapping[str, str]) -> float:
    """The share of ASPECTS of which both say the same; nothing where there is no body is right."""
    return sum(names.get(aspect) == truth.get(aspect) for aspect in ASPECTS) / len(ASPECTS)


def glimpse_likeness(a: Floats, b: Floats) -> float:
    """1 minus the mean distance of the colours of two glimpses (…, 432), in FAR_LAB; at least 0."""
    away = np.linalg.norm((a.astype(np.float64) - b).reshape(-1, 3), axis=1)
    return float(max(0.0, 1.0 - np.minimum(away / FAR_LAB, 1.5).mean()))


def picture_likeness(a: Floats, b: Floats, ink_a: Floats, ink_b: Floats) -> float:
    """Two glimpses (432,) and inks (18, 32) of two pictures: colours for 0.7, edges for 0.3."""
    return 0.7 * glimpse_likeness(a, b) + 0.3 * ink_likeness(ink_a, ink_b)


def ink_likeness(a: Floats, b: Floats) -> float:
    """The correlation of two inks (18, 32) after a blur, at least 0; two blank sheets are alike."""
    x, y = blurred(a.reshape(18, 32)), blurred(b.reshape(18, 32))
    x, y = x - x.mean(), y - y.mean()
    size = math.sqrt(float((x * x).sum() * (y * y).sum()))
    if size < 1e-9:
        return float(np.abs(x).max() < 1e-6 and np.abs(y).max() < 1e-6)
    return max(0.0, float((x * y).sum()) / size)


def blurred(ink: Floats) -> F64:
    """A blur of about a cell and a half."""
    out = ink.astype(np.float64)
    for axis in (0, 1, 0, 1):
        padded = np.pad(out, [(1, 1) if k == axis else (0, 0) for k in (0, 1)], mode="edge")
        near = [np.take(padded, range(k, k + out.shape[axis]), axis) for k in range(3)]
        out = 0.25 * near[0] + 0.5 * near[1] + 0.25 * near[2]
    return out


def film_likeness(a: Floats, b: Floats, camera_a: Floats, camera_b: Floats) -> float:
    """Glimpses (k, 432) of two films at the same times, and their camera streams (T, 10): half and half."""
    return 0.5 * glimpse_likeness(a, b) + 0.5 * camera_likeness(camera_a, camera_b)


def camera_likeness(a: Floats, b: Floats) -> float:
    """Two camera streams (T, 10): the course of the motion (correlation, 0.4), the signs of its mean (0.3), how near
    its sizes, the lens and the height are (0.3)."""
    x, y = a[:, :5].astype(np.float64) / MOTION_SIZE, b[:, :5].astype(np.float64) / MOTION_SIZE
    size = math.sqrt(float((x * x).sum() * (y * y).sum()))
    course = max(0.0, float((x * y).sum()) / size) if size > 1e-9 else float(np.abs(x - y).max() < 1e-6)
    mean_x, mean_y = a[:, :5].mean(0), b[:, :5].mean(0)
    side_x, side_y = np.sign(mean_x) * (np.abs(mean_x) > REST), np.sign(mean_y) * (np.abs(mean_y) > REST)
    signs = float((side_x == side_y).mean())
    away = np.abs(x - y).mean(0).clip(0.0, 1.0)
    lens = min(1.0, abs(float(a[:, 6].mean() - b[:, 6].mean())) / 0.7)
    heights = [math.log(max(float(symexp(c[:, 8]).mean()), 0.1)) for c in (a, b)]
    high = min(1.0, abs(heights[0] - heights[1]) / math.log(8.0))
    return 0.4 * course + 0.3 * signs + 0.3 * (1.0 - float(np.mean([*away, lens, high])))


def sound_likeness(a: Floats, b: Floats) -> float:
    """Two hearings (T, 100), lengths may differ: mean and spread of the 24 bands and the mean attack, since two pieces
    of one kind need not strike at the same instants."""
    away = np.abs(_profile(a) - _profile(b))
    return float(max(0.0, 1.0 - np.minimum(away / FAR_LEVEL, 1.5).mean()))


def _profile(heard: Floats) -> F64:
    looks = heard.astype(np.float64).reshape(-1, HEARING_BANDS + 1)
    assert len(looks) % SUBSTEPS == 0
    return np.concatenate([looks[:, :-1].mean(0), looks[:, :-1].std(0), np.repeat(looks[:, -1].mean(), 6)])


def score_likeness(a: ScoreSpec | None, b: ScoreSpec | None) -> float:
    """Genre for 0.4, tempo for 0.25 (an octave apart is nothing alike), energy for 0.15, key and mode for 0.1 each."""
    if a is None or b is None:
        return float(a is None and b is None)
    tempo = max(0.0, 1.0 - abs(math.log2(a.tempo_bpm / b.tempo_bpm)))
    energy = max(0.0, 1.0 - 2.0 * abs(_energy(a) - _energy(b)))
    return (0.4 * (a.genre == b.genre) + 0.25 * tempo + 0.15 * energy + 0.1 * (a.key == b.key)
            + 0.1 * (a.minor == b.minor))


def _energy(spec: ScoreSpec) -> float:
    bars = sum(section.bars for section in spec.sections)
    return sum(section.energy * section.bars for section in spec.sections) / bars if bars else 0.5


def panel_likeness(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    """Shared controls over all controls of two panels, each counting as much as its values are near."""
    x, y = _controls(a), _controls(b)
    near = sum(_value_likeness(x[name], y[name]) for name in x.keys() & y.keys())
    return near / max(1, len(x.keys() | y.keys()))


def _controls(panel: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    sections: Sequence[Mapping[str, Any]] = panel["sections"]
    return {str(control["id"]): control for section in sections for control in section["controls"]}


def _value_likeness(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    if a["kind"] != "slider" or not a.get("bounds"):
        return 1.0 if a["value"] == b["value"] else 0.5
    low = min(float(a["bounds"][0]), float(b["bounds"][0]))
    high = max(float(a["bounds"][1]), float(b["bounds"][1]))
    return 1.0 - 0.5 * min(1.0, 2.0 * abs(float(a["value"]) - float(b["value"])) / max(high - low, 1e-6))
