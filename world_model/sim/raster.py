"""Which triangle is seen where: a visibility buffer with four samples in every pixel.

Triangles are set up in homogeneous pixel coordinates (Olano and Greer, "Triangle Scan Conversion using 2D
Homogeneous Coordinates", 1997), so nothing needs to be clipped at the near side. The depth is 1 / w, linear on the
screen; float32 then keeps the same relative precision from centimetres to kilometres. For every row of samples the
span inside the three edges is computed once; the two faces at an edge get the same numbers with opposite sign, so
no sample is missed between them and none flickers. The nearer sample wins, on a tie the lower face number, so the
result does not depend on how rows are shared out among threads.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from world_model.sim.compiled import exact
from world_model.sim.view import CENTRE_X, CENTRE_Y, FOCAL, FORWARD, NEAR_M, RIGHT, UP

SAMPLES = 4
# A rotated grid: no two samples share a row or a column.
SAMPLE_X = np.array([0.375, 0.875, 0.125, 0.625])
SAMPLE_Y = np.array([0.125, 0.375, 0.625, 0.875])
NOTHING = -1


@exact
def project(view: NDArray[np.float64], position: NDArray[np.float32], start: int, stop: int,
            screen: NDArray[np.float32]) -> None:
    """Homogeneous pixel coordinates (x * w, y * w, w) of position[start:stop] (relative to the eye) into screen."""
    f = view[FOCAL]
    cx = view[CENTRE_X]
    cy = view[CENTRE_Y]
    for k in range(start, stop):
        x = position[k, 0]
        y = position[k, 1]
        z = position[k, 2]
        w = view[FORWARD] * x + view[FORWARD + 1] * y + view[FORWARD + 2] * z
        a = view[RIGHT] * x + view[RIGHT + 1] * y + view[RIGHT + 2] * z
        b = view[UP] * x + view[UP + 1] * y + view[UP + 2] * z
        screen[k, 0] = f * a + cx * w
        screen[k, 1] = cy * w - f * b
        screen[k, 2] = w


@exact
def bound(screen: NDArray[np.float32], faces: NDArray[np.int32], start: int, stop: int, one_sided_to: int,
          two_sided_to: int, width: int, height: int, rows: NDArray[np.int16]) -> None:
    """Rows of pixels [first, last] that faces[start:stop] may touch, into rows; first > last where none.

    Faces in [one_sided_to, two_sided_to) are seen from both sides, all others only from outside.
    """
    near = NEAR_M
    for t in range(start, stop):
        rows[t, 0] = 1
        rows[t, 1] = 0
        a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
        wa, wb, wc = screen[a, 2], screen[b, 2], screen[c, 2]
        if wa < near and wb < near and wc < near:
            continue
        xa, ya = screen[a, 0], screen[a, 1]
        xb, yb = screen[b, 0], screen[b, 1]
        xc, yc = screen[c, 0], screen[c, 1]
        if not (one_sided_to <= t < two_sided_to):
            det = float(xa) * (float(yb) * wc - float(wb) * yc) + float(ya) * (float(wb) * xc - float(xb) * wc) \
                + float(wa) * (float(xb) * yc - float(yb) * xc)
            if not det > 0.0:
                continue
        if wa >= near and wb >= near and wc >= near:
            x0 = xa / wa
            x1 = xb / wb
            x2 = xc / wc
            if max(x0, x1, x2) < 0.0 or min(x0, x1, x2) > width:
                continue
            y0 = ya / wa
            y1 = yb / wb
            y2 = yc / wc
            top = min(y0, y1, y2)
            bottom = max(y0, y1, y2)
        else:
            top = 1.0e9
            bottom = -1.0e9
            for e in range(3):
                p = faces[t, e]
                q = faces[t, (e + 1) % 3]
                wp = float(screen[p, 2])
                wq = float(screen[q, 2])
                if wp >= near:
                    y = screen[p, 1] / wp
                    top = min(top, y)
                    bottom = max(bottom, y)
                if (wp < near) != (wq < near):
                    s = (near - wp) / (wq - wp)
                    y = (screen[p, 1] + s * (screen[q, 1] - screen[p, 1])) / near
                    top = min(top, y)
                    bottom = max(bottom, y)
        if bottom < 0.0 or top >= height:
            continue
        first = int(max(math.floor(top - 0.001), 0.0))
        last = int(min(math.floor(bottom + 0.001), height - 1.0))
        # A sliver between two rows of samples is seen by none.
        rows[t, 0] = first
        rows[t, 1] = last


@exact
def draw(screen: NDArray[np.float32], faces: NDArray[np.int32], start: int, stop: int, rows: NDArray[np.int16],
         row0: int, row1: int, nearness: NDArray[np.float32], seen: NDArray[np.int32], sample_x: NDArray[np.float64],
         sample_y: NDArray[np.float64]) -> None:
    """Draw faces[start:stop] into pixel rows [row0, row1) of nearness (1 / w) and seen, both (H, 4, W)."""
    width = nearness.shape[2]
    samples = nearness.shape[1]
    most = 1.0 / NEAR_M
    big = 1.0e30
    for t in range(start, stop):
        first = max(int(rows[t, 0]), row0)
        last = min(int(rows[t, 1]), row1 - 1)
        if first > last:
            continue
        a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
        xa, ya, wa = float(screen[a, 0]), float(screen[a, 1]), float(screen[a, 2])
        xb, yb, wb = float(screen[b, 0]), float(screen[b, 1]), float(screen[b, 2])
        xc, yc, wc = float(screen[c, 0]), float(screen[c, 1]), float(screen[c, 2])
        # Edge i lies opposite vertex i; inside all three have the sign of the determinant.
        a0 = yb * wc - wb * yc
        b0 = wb * xc - xb * wc
        c0 = xb * yc - yb * xc
        a1 = yc * wa - wc * ya
        b1 = wc * xa - xc * wa
        c1 = xc * ya - yc * xa
        a2 = ya * wb - wa * yb
        b2 = wa * xb - xa * wb
        c2 = xa * yb - ya * xb
        det = xa * a0 + ya * b0 + wa * c0
        if det == 0.0 or not math.isfinite(det):
            continue
        inv = 1.0 / det
        sign = 1.0 if det > 0.0 else -1.0
        zx = (a0 + a1 + a2) * inv
        zy = (b0 + b1 + b2) * inv
        zc = (c0 + c1 + c2) * inv
        crosses = min(wa, wb, wc) < NEAR_M
        r0 = -1.0 / a0 if a0 != 0.0 else 0.0
        r1 = -1.0 / a1 if a1 != 0.0 else 0.0
        r2 = -1.0 / a2 if a2 != 0.0 else 0.0
        for y in range(first, last + 1):
            for s in range(samples):
                py = y + sample_y[s]
                left = -big
                right = big
                e0 = b0 * py + c0
                e1 = b1 * py + c1
                e2 = b2 * py + c2
                x = e0 * r0
                if a0 * sign > 0.0:
                    left = max(left, x)
                elif a0 * sign < 0.0:
                    right = min(right, x)
                elif e0 * sign < 0.0:
                    continue
                x = e1 * r1
                if a1 * sign > 0.0:
                    left = max(left, x)
                elif a1 * sign < 0.0:
                    right = min(right, x)
                elif e1 * sign < 0.0:
                    continue
                x = e2 * r2
                if a2 * sign > 0.0:
                    left = max(left, x)
                elif a2 * sign < 0.0:
                    right = min(right, x)
                elif e2 * sign < 0.0:
                    continue
                if not left <= right:
                    continue
                px = sample_x[s]
                i0 = math.ceil(max(left - px, 0.0))
                i1 = math.floor(min(right - px, width - 1.0))
                z = zy * py + zc + zx * px
                for i in range(i0, i1 + 1):
                    near = np.float32(z + zx * i)
                    if near > nearness[y, s, i] and (not crosses or near <= most):
                        nearness[y, s, i] = near
                        seen[y, s, i] = t
