"""Line drawings as the model sees them: how much ink lies in each cell of an 18 x 32 grid.

`sketch_of` makes a person's drawing out of a frame's edges, with a hand that wobbles, leaves strokes out and picks
its pen; `ink_of_image` reads a real drawing the same way. Both go over one canvas, FINE times finer than the grid, on
which a line is one or two pixels wide whatever the size of the source: a thin line on large paper does not vanish.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
SIZE = (18, 32)
FINE = 4
GAIN = 2.0  # a single line through a cell of FINE x FINE covers about half of it: that is full ink
MOST_INK = 0.14  # of the canvas; people leave out the leaves of a tree
SKY, GROUND, WATER, BODY = 0, 1, 2, 10
PENS = ("thin", "thick", "soft", "dashed")
LEAST_CONTRAST = 0.05
_SCAN = (288, 512)


def sketch_of(edge: Floats, object_id: NDArray[np.int16] | None, rng: np.random.Generator,
              size: tuple[int, int] = SIZE) -> Floats:
    """A drawing of one frame. edge: (H, W) float32 in [0, 1]; object_id: (H, W) int16 as in the simulator's GBuffer.

    Returns float32 in [0, 1] of shape `size` (rows, columns). The same generator state gives the same drawing.
    ValueError where the two do not match.
    """
    lines = np.asarray(edge, np.float32)
    if lines.ndim != 2 or (object_id is not None and object_id.shape != lines.shape):
        raise ValueError("edges and object ids must be two pictures of one size")
    level = rng.uniform(0.2, 0.55)
    few = object_id is not None and rng.random() < 0.3
    if few and object_id is not None:
        chosen = _boundary(object_id >= BODY)
        if rng.random() < 0.8 or not chosen.any():
            chosen = np.maximum(chosen, _boundary(object_id == SKY))
        lines = chosen if chosen.any() else lines
    inked = _hollow(lines >= level)
    if object_id is not None:
        inked &= ~_inside(object_id == SKY)
    canvas_size = (size[0] * FINE, size[1] * FINE)
    shift = _wobble(canvas_size, rng)
    drawn = _displaced(_shrunk(inked.astype(np.float32), canvas_size), canvas_size, shift)
    drawn = _left_out(np.clip((drawn - 0.4) / 0.2, 0.0, 1.0), rng)
    drawn = _with_pen(drawn, PENS[int(rng.integers(len(PENS)))], rng)
    if object_id is not None and rng.random() < 0.25:
        drawn = np.maximum(drawn, _fill(object_id, canvas_size, shift, rng))
    return _pooled(drawn, size)


def ink_of_image(image: NDArray[np.uint8], size: tuple[int, int] = SIZE) -> Floats:
    """The ink of a drawing. image: uint8, grey (H, W) or (H, W, 1), RGB (H, W, 3) or RGBA (H, W, 4), any paper and
    pens, dark on light or light on dark; what is transparent is white paper. The picture is stretched to the grid.

    Returns float32 in [0, 1] of shape `size`; zeros for blank paper. ValueError for anything that is not a picture.
    """
    raw = np.asarray(image)
    if raw.ndim == 2:
        raw = raw[..., None]
    if raw.dtype != np.uint8 or raw.ndim != 3 or raw.shape[2] not in (1, 3, 4) or 0 in raw.shape:
        raise ValueError("a drawing must be uint8 of shape (H, W), (H, W, 3) or (H, W, 4)")
    away = _off_paper(_flattened(raw))
    if raw.shape[2] == 4 and float(away.max()) < LEAST_CONTRAST:
        away = _off_paper(raw[..., 3:])  # white ink on nothing: only its opacity shows it
    scanned = _windows(away, (min(away.shape[0], _SCAN[0]), min(away.shape[1], _SCAN[1])), _mean)
    inked = scanned[scanned > LEAST_CONTRAST]
    if inked.size == 0:
        return np.zeros(size, np.float32)
    full = float(np.quantile(inked, 0.9))
    canvas = np.clip((scanned / full - 0.2) / 0.5, 0.0, 1.0).astype(np.float32)
    return _pooled(_windows(canvas, (size[0] * FINE, size[1] * FINE), _max), size)


def _flattened(raw: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if raw.shape[2] != 4:
        return raw
    alpha = raw[..., 3:].astype(np.float32) / 255.0
    return np.rint(raw[..., :3] * alpha + 255.0 * (1.0 - alpha)).astype(np.uint8)


def _off_paper(raw: NDArray[np.uint8]) -> Floats:
    """(H, W) in [0, 1]: how far a pixel is from the paper, the most frequent colour, in its most unlike channel."""
    bins = (raw >> 4).astype(np.int32)
    code = np.zeros(raw.shape[:2], np.int32)
    for channel in range(raw.shape[2]):
        code = code * 16 + bins[..., channel]
    counts = np.bincount(code.ravel())
    paper = np.median(raw[code == int(counts.argmax())], axis=0)
    return (np.abs(raw.astype(np.float32) - paper.astype(np.float32)).max(-1) / 255.0).astype(np.float32)


def _mean(part: Floats, axis: int) -> Floats:
    return part.mean(axis)


def _max(part: Floats, axis: int) -> Floats:
    return part.max(axis)


def _windows(picture: Floats, size: tuple[int, int], reduce: Callable[[Floats, int], Floats]) -> Floats:
    """The picture reduced to size over equal windows (they share pixels where the sizes do not divide)."""
    for axis in (0, 1):
        have, want = picture.shape[axis], size[axis]
        if have == want:
            continue
        rows = np.moveaxis(picture, axis, 0)
        parts = [reduce(rows[k * have // want : -(-(k + 1) * have // want)], 0) for k in range(want)]
        picture = np.moveaxis(np.stack(parts), 0, axis)
    return picture


def _shrunk(picture: Floats, canvas: tuple[int, int]) -> Floats:
    """No larger than the canvas; a smaller picture stays as it is."""
    return _windows(picture, (min(picture.shape[0], canvas[0]), min(picture.shape[1], canvas[1])), _max)


def _pooled(canvas: Floats, size: tuple[int, int]) -> Floats:
    cells = canvas.reshape(size[0], FINE, size[1], FINE).mean((1, 3))
    return np.clip(GAIN * cells, 0.0, 1.0).astype(np.float32)


def _boundary(mask: NDArray[Any]) -> Floats:
    """1 where a region begins, one pixel wide."""
    out = np.zeros(mask.shape, np.float32)
    out[:-1] = mask[1:] != mask[:-1]
    out[:, :-1] = np.maximum(out[:, :-1], mask[:, 1:] != mask[:, :-1])
    return out


def _inside(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pixels of a region whose right and lower neighbours, to which edges look, belong to it too."""
    padded = np.pad(mask, ((0, 1), (0, 1)), mode="edge")
    return mask & padded[1:, :-1] & padded[:-1, 1:]


def _hollow(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Regions without their insides: people draw the rim of what edges fill. Lines up to two pixels stay."""
    padded = np.pad(mask, 1, mode="edge")
    rows = padded[:-2] & padded[1:-1] & padded[2:]
    return mask & ~(rows[:, :-2] & rows[:, 1:-1] & rows[:, 2:])


def _sampled(picture: Floats, y: Floats, x: Floats) -> Floats:
    """Bilinear values at pixel centres (y, x), the border repeated."""
    height, width = picture.shape
    y, x = np.clip(y, 0.0, height - 1.0), np.clip(x, 0.0, width - 1.0)
    top, left = np.floor(y).astype(np.intp), np.floor(x).astype(np.intp)
    bottom, right = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    v, u = y - top, x - left
    upper = picture[top, left] * (1.0 - u) + picture[top, right] * u
    lower = picture[bottom, left] * (1.0 - u) + picture[bottom, right] * u
    return (upper * (1.0 - v) + lower * v).astype(np.float32)


def _places(have: tuple[int, ...], canvas: tuple[int, int]) -> tuple[Floats, Floats]:
    """Where each pixel of the canvas lies in a picture of size `have`."""
    y = (np.arange(canvas[0], dtype=np.float32) + 0.5) * (have[0] / canvas[0]) - 0.5
    x = (np.arange(canvas[1], dtype=np.float32) + 0.5) * (have[1] / canvas[1]) - 0.5
    rows, columns = np.meshgrid(y, x, indexing="ij")
    return rows.astype(np.float32), columns.astype(np.float32)


def _smooth(canvas: tuple[int, int], cells: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Smooth noise in [-1, 1]."""
    return _sampled(rng.uniform(-1.0, 1.0, cells).astype(np.float32), *_places(cells, canvas))


def _wobble(canvas: tuple[int, int], rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Displacement (down, right) in canvas pixels: a slow drift of the hand and a faster tremble."""
    drift, tremble = rng.uniform(0.0, 2.5), rng.uniform(0.0, 0.8)
    def one() -> Floats:
        return (drift * _smooth(canvas, (4, 6), rng) + tremble * _smooth(canvas, (12, 20), rng)).astype(np.float32)

    return one(), one()


def _displaced(picture: Floats, canvas: tuple[int, int], shift: tuple[Floats, Floats]) -> Floats:
    y, x = _places(picture.shape, canvas)
    tall, wide = picture.shape[0] / canvas[0], picture.shape[1] / canvas[1]
    return _sampled(picture, y + shift[0] * tall, x + shift[1] * wide)


def _left_out(drawn: Floats, rng: np.random.Generator) -> Floats:
    """Some strokes missing, most of them where lines are crowded."""
    missing = rng.uniform(0.0, 0.4) if rng.random() < 0.6 else 0.0
    patience = _smooth(drawn.shape[:2], (9, 16), rng)
    kept = drawn * (patience > np.quantile(patience, missing))
    excess = float(kept.mean()) / MOST_INK
    if excess > 1.0:
        crowd = _windows(kept, (drawn.shape[0] // FINE, drawn.shape[1] // FINE), _mean)
        around = _sampled(crowd, *_places(crowd.shape, drawn.shape[:2]))
        bored = 0.5 + 0.5 * _smooth(drawn.shape[:2], (9, 16), rng)
        score = np.where(kept > 0.0, around + 0.6 * bored, -1.0)
        kept = kept * (score <= np.quantile(score[kept > 0.0], 1.0 / excess))
    return kept.astype(np.float32)


def _with_pen(drawn: Floats, pen: str, rng: np.random.Generator) -> Floats:
    if pen == "dashed":
        rows, columns = np.indices(drawn.shape)
        period, phase = rng.uniform(5.0, 9.0), rng.uniform(0.0, 1.0)
        # Along both diagonals at once: a line in any direction is cut.
        turn = np.maximum((rows + columns) / period + phase, 0.0) % 1.0
        drawn = drawn * (turn < 0.65)
    elif pen == "thick":
        padded = np.pad(drawn, 1)
        drawn = np.maximum.reduce([drawn, padded[:-2, 1:-1], padded[1:-1, :-2]])
    elif pen == "soft":
        padded = np.pad(drawn, 1, mode="edge")
        across = (padded[:, :-2] + 2.0 * padded[:, 1:-1] + padded[:, 2:]) / 4.0
        drawn = np.asarray((across[:-2] + 2.0 * across[1:-1] + across[2:]) / 4.0, np.float32)
    pressure = 1.0 - rng.uniform(0.0, 0.4) * (0.5 + 0.5 * _smooth(drawn.shape[:2], (5, 8), rng))
    return (drawn * pressure).astype(np.float32)


def _fill(object_id: NDArray[np.int16], canvas: tuple[int, int], shift: tuple[Floats, Floats],
          rng: np.random.Generator) -> Floats:
    """The ground, the water or the bodies shaded in."""
    kind = int(rng.integers(3))
    region = object_id >= BODY if kind == 0 else object_id == (GROUND, WATER)[kind - 1]
    shaded = _displaced(_shrunk(region.astype(np.float32), canvas), canvas, shift) > 0.5
    if rng.random() < 0.5:
        return (shaded * rng.uniform(0.06, 0.25)).astype(np.float32)
    rows, columns = np.indices(canvas)
    slant = 1 if rng.random() < 0.5 else -1
    return (shaded & ((rows + slant * columns) % int(rng.integers(5, 9)) == 0)).astype(np.float32)
