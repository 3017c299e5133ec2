"""A look's palette as a linear map of colours, laid over what a dream is shown of its world.

The best linear transport between two clouds of colours taken as normal (Monge-Kantorovich: Pitié and Kokaram, 2007).
The weights alone bring a palette slowly and in blotches; over a graded guide they have only the rest to learn.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from world_model.streams.layout import Floats

FILE = "grade.json"
LEAST_VARIANCE = 1e-4


@dataclass(frozen=True)
class Grade:
    """colour -> (colour - source) @ matrix + target, in sRGB less a half; all of it at amount 1, nothing at 0."""

    matrix: NDArray[np.float64]
    source: NDArray[np.float64]
    target: NDArray[np.float64]

    def over(self, guide: Floats, amount: float = 1.0) -> Floats:
        """A guide (…, 6912) in the palette."""
        own = guide.reshape(-1, 3)
        made = np.clip((own - self.source) @ self.matrix + self.target, -0.5, 0.5)
        return (own + amount * (made - own)).astype(np.float32).reshape(guide.shape)


def grade_between(plain: Floats, clips: Floats) -> Grade:
    """From guides of plain worlds to those of clips, both (…, 6912)."""
    one, other = plain.reshape(-1, 3).astype(np.float64), clips.reshape(-1, 3).astype(np.float64)
    source, target = (np.cov(part.T) + LEAST_VARIANCE * np.eye(3) for part in (one, other))
    root = _root(source)
    back = np.linalg.inv(root)
    return Grade(back @ _root(root @ target @ root) @ back, one.mean(0), other.mean(0))


def save_grade(grade: Grade, folder: Path) -> None:
    rows = {"matrix": grade.matrix.tolist(), "source": grade.source.tolist(), "target": grade.target.tolist()}
    (folder / FILE).write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


def load_grade(folder: Path) -> Grade:
    """Raises ValueError with a sentence where it cannot be read."""
    try:
        rows = json.loads((folder / FILE).read_text("utf-8"))
        found = Grade(*(np.array(rows[name], np.float64) for name in ("matrix", "source", "target")))
        if found.matrix.shape == (3, 3) and found.source.shape == found.target.shape == (3,) and all(
                np.isfinite(part).all() for part in (found.matrix, found.source, found.target)):
            return found
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise ValueError("its grade.json is damaged")


def _root(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
