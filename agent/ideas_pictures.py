"""What a picture looks like, in a few numbers: where it is light, its colours, how much of it is sky, ground, water and
subject, how busy it is. Two films differ by what their pictures, their camera and their pace differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.ideas_excerpt import Excerpt
from world_model import colour
from world_model.sim.finish import finish
from world_model.sim.picture import GBuffer, Renderer
from world_model.state import offsets

Floats = NDArray[np.float64]
SIZE_PX = (96, 54)
GRID = (6, 8)
AT = offsets()
BODY_ID = 10
# What each part of a difference weighs; each part is about 1 between films of different places and subjects.
WEIGHTS = {"layout": 0.24, "things": 0.26, "colour": 0.16, "light": 0.08, "line": 0.08, "view": 0.10, "motion": 0.08}


@dataclass(frozen=True)
class Look:
    """An excerpt in numbers. light (n, 48) OKLab lightness on a grid of 6 x 8, colours (n, 2, 48) OKLab a and b, things
    (n, 6): shares of sky, ground, water, growth, structure and bodies, line (n,) busyness (log), centre of the bodies
    (n, 2); pitch_rad and motion (log10 of its pace) of the camera; dark, bright: 2nd and 98th percentile of lightness.
    n is the number of pictures looked at."""

    light: Floats
    colours: Floats
    things: Floats
    line: Floats
    centre: Floats
    spread: Floats
    pitch_rad: float
    roll_rad: float
    motion: float

    @property
    def subject(self) -> float:
        """Share of the picture that bodies fill, mean over the pictures."""
        return float(self.things[:, 5].mean())

    def listed(self) -> list[float]:
        """Everything as one list, for keeping."""
        return [float(x) for x in np.concatenate([
            np.concatenate([self.light, self.colours.reshape(len(self.light), -1), self.things, self.line[:, None],
                            self.centre, self.spread], 1).ravel(), [self.pitch_rad, self.roll_rad, self.motion]])]

    @staticmethod
    def of_list(values: list[float]) -> Look:
        """The Look that was listed. Raises ValueError for a list of another length."""
        cells = GRID[0] * GRID[1]
        wide = 3 * cells + 6 + 1 + 2 + 3
        table = np.asarray(values[:-3], np.float64)
        if len(values) < wide + 3 or len(table) % wide or not np.isfinite(values).all():
            raise ValueError("not a look")
        rows = table.reshape(-1, wide)
        at = 3 * cells
        return Look(rows[:, :cells], rows[:, cells:at].reshape(-1, 2, cells), rows[:, at:at + 6], rows[:, at + 6],
                    rows[:, at + 7:at + 9], rows[:, at + 9:], *values[-3:])


def look_at(one: Excerpt, renderer: Renderer, closely: bool = False) -> Look:
    """The Look of an excerpt, from one or two small pictures, or `closely` from three or four."""
    parts = [_picture(one.rows[k], renderer) for k in (one.marks if closely else one.mark)]
    light, colours, things, line, centre, spread = (np.stack([part[n] for part in parts]) for n in range(6))
    camera = one.rows[:, AT["camera"]].astype(np.float64)
    return Look(light, colours, things, line[:, 0], centre, spread, float(camera[:, 4].mean()),
                float(np.abs(np.sin(0.5 * camera[:, 5])).mean()), _pace(one.rows))


def _picture(row: NDArray[np.float32], renderer: Renderer) -> tuple[Floats, ...]:
    buffer: GBuffer = renderer.geometry(row[None])
    rgb = finish(buffer, row, 0, renderer.threads)
    lab = colour.linear_to_oklab(colour.srgb_to_linear(rgb.astype(np.float64) / 255.0))
    high, wide = rgb.shape[0] // GRID[0] * GRID[0], rgb.shape[1] // GRID[1] * GRID[1]
    grid = lab[:high, :wide].reshape(GRID[0], high // GRID[0], GRID[1], wide // GRID[1], 3).mean((1, 3)).reshape(-1, 3)
    ids = buffer.object_id
    body = ids >= BODY_ID
    things = np.array([*((ids == k).mean() for k in range(5)), body.mean()])
    busy = np.abs(np.diff(lab[..., 0], axis=0)).mean() + np.abs(np.diff(lab[..., 0], axis=1)).mean()
    rows, columns = np.nonzero(body)
    centre = np.array([columns.mean() / ids.shape[1], rows.mean() / ids.shape[0]]) if len(rows) else np.full(2, 0.5)
    # How much the subject stands out of what is round it, in lightness and in colour.
    apart = float(np.linalg.norm(lab[body].mean(0) - lab[~body].mean(0))) if len(rows) and (~body).any() else 0.0
    low, high_l = np.percentile(lab[..., 0], (2, 98))
    return (grid[:, 0], grid[:, 1:].T, things, np.array([np.log10(busy + 1e-3)]), centre,
            np.array([low, high_l, apart]))


def _pace(rows: NDArray[np.float32]) -> float:
    """log10 of how fast the picture goes by: the camera's turning and its way against its height, and the weather."""
    camera = rows[:, AT["camera"]].astype(np.float64)
    same = rows[1:, AT["shot"]][:, 0] == rows[:-1, AT["shot"]][:, 0]
    steps = np.diff(camera, axis=0)[same]
    if not len(steps):
        return -2.0
    turn = np.abs((steps[:, 3:6] + np.pi) % (2 * np.pi) - np.pi).sum(1).mean() * 12.0
    way = np.linalg.norm(steps[:, :3], axis=1).mean() * 12.0 / max(2.0, float(camera[:, 7].mean()))
    return float(np.log10(turn + way + 0.01))


def parts_of(a: Look, b: Look) -> dict[str, float]:
    """By how much two looks differ, part by part, each about 1 between quite different films."""
    n = max(len(a.light), len(b.light))
    layout = light = tint = things = line = where = 0.0
    for at in range(n):
        k, j = (min(at * len(look.light) // n, len(look.light) - 1) for look in (a, b))
        one, other = a.light[k], b.light[j]
        # Where it is light and where dark, whatever the exposure.
        flat = (one - one.mean()) / (one.std() + 0.04), (other - other.mean()) / (other.std() + 0.04)
        layout += float(np.abs(flat[0] - flat[1]).mean()) / n
        light += min(1.5, 4.0 * abs(float(one.mean() - other.mean()))) / n
        tint += min(1.5, 9.0 * float(np.linalg.norm(a.colours[k] - b.colours[j], axis=0).mean())) / n
        things += 1.3 * float(np.abs(a.things[k] - b.things[j]).sum()) / n
        line += min(1.5, 2.0 * abs(float(a.line[k] - b.line[j]))) / n
        where += min(1.0, 2.0 * float(np.linalg.norm(a.centre[k] - b.centre[j]))) / n
    size = abs(np.log10(a.subject + 0.003) - np.log10(b.subject + 0.003))
    view = min(1.5, 1.5 * abs(a.pitch_rad - b.pitch_rad) + abs(a.roll_rad - b.roll_rad) + 0.6 * size + 0.4 * where)
    return {"layout": layout, "light": light, "colour": tint, "things": things, "line": line, "view": float(view),
            "motion": min(1.5, abs(a.motion - b.motion))}


def distance(a: Look, b: Look) -> float:
    """0 for the same film, about 1 for films that share neither place nor subject nor view."""
    return sum(WEIGHTS[name] * value for name, value in parts_of(a, b).items())


def structure(a: Look, b: Look) -> float:
    """The distance without colour, light and line: what is left of it when both are seen as grey shapes."""
    parts = parts_of(a, b)
    return sum(WEIGHTS[name] * parts[name] for name in ("layout", "things", "view", "motion"))


def readable(look: Look, needs_subject: bool, before: Look) -> float:
    """[0, 1]: whether a picture can be read: not black, not burnt out, not one flat tone, its subject there and apart
    from the ground. 1 is as good as a plain film's."""
    low, high, apart = (float(x) for x in look.spread.mean(0))
    tone = _ramp(high - low, 0.12, 0.3) * _ramp(high, 0.28, 0.45) * _ramp(1.02 - low, 0.1, 0.3)
    if not needs_subject:
        return tone
    least = float(look.things[:, 5].min())
    # A subject may be small where it was small before, but it has to be there; nor may it fill the whole picture.
    seen = _ramp(look.subject, 0.003, min(0.012, 0.5 * before.subject + 0.004)) * (0.6 + 0.4 * (least > 0.0005))
    return tone * seen * _ramp(0.75 - look.subject, 0.0, 0.2) * _ramp(apart, 0.03, 0.12)


def _ramp(x: float, low: float, high: float) -> float:
    return float(min(1.0, max(0.0, (x - low) / (high - low))))
