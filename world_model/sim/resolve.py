"""From the visibility buffer to light: every surface seen in a pixel is shaded once, then the pixel is averaged.

The four samples of a pixel are gathered into surfaces (the same face, or neighbours of one thing that lie and look
alike); most pixels hold one, edges two or three. The average weighs each by 1 / (1 + brightness), so that a dark
branch before a bright sky keeps a smooth edge after tone mapping (Karis, "High-quality temporal supersampling",
2014). Water waits for a second pass, in which it mirrors what the first pass has shaded.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from world_model.sim.air import air
from world_model.sim.compiled import kernel
from world_model.sim.geometry import INSTANCE, TERRAIN, WATER
from world_model.sim.heavens import sharp, stars
from world_model.sim.mirror import mirror
from world_model.sim.optics import P_STARS
from world_model.sim.raster import NOTHING, SAMPLE_X, SAMPLE_Y, SAMPLES
from world_model.sim.shadow import sunlit
from world_model.sim.sky import sky, soft_sky
from world_model.sim.surface import surface
from world_model.sim.view import CENTRE_X, CENTRE_Y, FOCAL, FORWARD, NEAR_M, RIGHT, SKY_DEPTH_M, UP
from world_model.sim.water import water


@kernel
def brightness(r: float, g: float, b: float) -> float:
    """Relative luminance (Rec. 709)."""
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@kernel
def alike(t: int, u: int, near_t: float, near_u: float, owner: NDArray[np.int32], faces: NDArray[np.int32],
          position: NDArray[np.float32], attribute: NDArray[np.float32], foot: float) -> bool:
    """Whether two faces seen in one pixel can be shaded as one surface. foot: a pixel's width at one metre."""
    if t == u:
        return True
    if t < 0 or u < 0 or owner[t] != owner[u]:
        return False
    if owner[t] == WATER:
        return True
    a = faces[t, 0]
    b = faces[u, 0]
    gap = abs(near_t - near_u) / max(near_t, near_u)
    if owner[t] == TERRAIN:
        # Ground that runs away under the eye spans more depth in a pixel than ground that faces it.
        x, y, z = position[a, 0], position[a, 1], position[a, 2]
        facing = abs(x * attribute[a, 0] + y * attribute[a, 1] + z * attribute[a, 2])
        return gap < 0.03 + 1.5 * foot * math.sqrt(x * x + y * y + z * z) / max(facing, 1.0e-3)
    if gap > 0.04:
        return False
    turn = attribute[a, 0] * attribute[b, 0] + attribute[a, 1] * attribute[b, 1] + attribute[a, 2] * attribute[b, 2]
    if turn < 0.85:
        return False
    change = abs(attribute[a, 3] - attribute[b, 3]) + abs(attribute[a, 4] - attribute[b, 4]) \
        + abs(attribute[a, 5] - attribute[b, 5]) + abs(attribute[a, 7] - attribute[b, 7])
    return change < 0.12


@kernel
def inside(screen: NDArray[np.float32], faces: NDArray[np.int32], t: int, px: float,
           py: float, slack: float) -> tuple[float, float, float]:
    """Shares of the three vertices of face t at a point of the picture, perspective undone.

    The point may lie a little outside (a pixel's middle in the face next door); the shares then run on in the
    plane of the face, by `slack` at most, so that a sliver seen edge-on cannot throw the point away.
    """
    a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
    xa, ya, wa = float(screen[a, 0]), float(screen[a, 1]), float(screen[a, 2])
    xb, yb, wb = float(screen[b, 0]), float(screen[b, 1]), float(screen[b, 2])
    xc, yc, wc = float(screen[c, 0]), float(screen[c, 1]), float(screen[c, 2])
    e0 = (yb * wc - wb * yc) * px + (wb * xc - xb * wc) * py + (xb * yc - yb * xc)
    e1 = (yc * wa - wc * ya) * px + (wc * xa - xc * wa) * py + (xc * ya - yc * xa)
    e2 = (ya * wb - wa * yb) * px + (wa * xb - xa * wb) * py + (xa * yb - ya * xb)
    det = xa * (yb * wc - wb * yc) + ya * (wb * xc - xb * wc) + wa * (xb * yc - yb * xc)
    if det < 0.0:
        e0, e1, e2 = -e0, -e1, -e2
    total = e0 + e1 + e2
    third = 1.0 / 3.0
    if not total > 1.0e-12 * abs(det):
        return third, third, third
    u = e0 / total - third
    v = e1 / total - third
    w = e2 / total - third
    least = min(u, v, w)
    if least < -slack - third:
        shrink = (slack + third) / -least
        u *= shrink
        v *= shrink
        w *= shrink
    return third + u, third + v, third + w


@kernel
def gather(seen: NDArray[np.int32], nearness: NDArray[np.float32], y: int, x: int, owner: NDArray[np.int32],
           faces: NDArray[np.int32], position: NDArray[np.float32], attribute: NDArray[np.float32], foot: float,
           group_face: NDArray[np.int32],
           group_sum: NDArray[np.float64]) -> int:
    """Surfaces of a pixel: a face of each into group_face, and into group_sum how many samples, the sums of their
    places in the pixel, and the largest nearness. Returns how many surfaces (1 to 4)."""
    # Most pixels show one thing; they are told apart from edges without a look at the vertices.
    t = seen[y, 0, x]
    near = float(nearness[y, 0, x])
    if seen[y, 1, x] == t and seen[y, 2, x] == t and seen[y, 3, x] == t:
        one = True
    elif t < 0 or seen[y, 1, x] < 0 or seen[y, 2, x] < 0 or seen[y, 3, x] < 0:
        one = False
    else:
        whose = owner[t]
        one = owner[seen[y, 1, x]] == whose and owner[seen[y, 2, x]] == whose and owner[seen[y, 3, x]] == whose
        if one and whose != WATER:
            a, b, c = float(nearness[y, 1, x]), float(nearness[y, 2, x]), float(nearness[y, 3, x])
            one = whose == TERRAIN and min(near, min(a, min(b, c))) > 0.97 * max(near, max(a, max(b, c)))
    if one:
        group_face[0] = t
        group_sum[0, 0] = SAMPLES
        group_sum[0, 1] = 0.5 * SAMPLES
        group_sum[0, 2] = 0.5 * SAMPLES
        group_sum[0, 3] = near
        return 1
    groups = 0
    for s in range(SAMPLES):
        t = seen[y, s, x]
        near = nearness[y, s, x]
        at = 0
        while at < groups and not alike(t, group_face[at], near, group_sum[at, 3], owner, faces, position, attribute,
                                         foot):
            at += 1
        if at == groups:
            group_face[at] = t
            group_sum[at, 0] = 0.0
            group_sum[at, 1] = 0.0
            group_sum[at, 2] = 0.0
            group_sum[at, 3] = near
            groups += 1
        group_sum[at, 0] += 1.0
        group_sum[at, 1] += SAMPLE_X[s]
        group_sum[at, 2] += SAMPLE_Y[s]
    return groups


@kernel
def ray(view: NDArray[np.float64], px: float, py: float) -> tuple[float, float, float]:
    """Unit direction through a point of the picture."""
    a = (px - view[CENTRE_X]) / view[FOCAL]
    b = (view[CENTRE_Y] - py) / view[FOCAL]
    x = view[FORWARD] + a * view[RIGHT] + b * view[UP]
    y = view[FORWARD + 1] + a * view[RIGHT + 1] + b * view[UP + 1]
    z = view[FORWARD + 2] + a * view[RIGHT + 2] + b * view[UP + 2]
    n = 1.0 / math.sqrt(x * x + y * y + z * z)
    return x * n, y * n, z * n


@kernel
def even_sky(light: NDArray[np.float32], texture: NDArray[np.float32], view: NDArray[np.float64], px: float, py: float,
             row0: int, known: NDArray[np.float32]) -> tuple[float, float, float, float]:
    """`soft_sky` at a point of the picture, between its values at every second pixel corner.

    Those are computed when first needed and kept in known (rows / 2 + 3, width / 2 + 3, 4), which starts as NaN.
    They do not depend on row0, the (even) first row of the band that known belongs to.
    """
    gx = 0.5 * px
    gy = 0.5 * (py - row0)
    i = int(gx)
    j = int(gy)
    fx = np.float32(gx - i)
    fy = np.float32(gy - j)
    for q in range(j, j + 2):
        for p in range(i, i + 2):
            if math.isnan(known[q, p, 0]):
                dx, dy, dz = ray(view, 2.0 * p, 2.0 * q + row0)
                known[q, p, 0], known[q, p, 1], known[q, p, 2], known[q, p, 3] = soft_sky(light, texture, dx, dy, dz)
    one = np.float32(1.0)
    a = (one - fx) * (one - fy)
    b = fx * (one - fy)
    c = (one - fx) * fy
    d = fx * fy
    return (a * known[j, i, 0] + b * known[j, i + 1, 0] + c * known[j + 1, i, 0] + d * known[j + 1, i + 1, 0],
            a * known[j, i, 1] + b * known[j, i + 1, 1] + c * known[j + 1, i, 1] + d * known[j + 1, i + 1, 1],
            a * known[j, i, 2] + b * known[j, i + 1, 2] + c * known[j + 1, i, 2] + d * known[j + 1, i + 1, 2],
            a * known[j, i, 3] + b * known[j, i + 1, 3] + c * known[j + 1, i, 3] + d * known[j + 1, i + 1, 3])


@kernel
def shade_rows(row0: int, row1: int, seen: NDArray[np.int32], nearness: NDArray[np.float32],
               view: NDArray[np.float64], light: NDArray[np.float32], texture: NDArray[np.float32],
               shadow_view: NDArray[np.float64], shadow_map: NDArray[np.float32], position: NDArray[np.float32],
               attribute: NDArray[np.float32], screen: NDArray[np.float32], faces: NDArray[np.int32],
               owner: NDArray[np.int32], instance_object: NDArray[np.int16], hdr: NDArray[np.float32],
               weight: NDArray[np.float32], depth: NDArray[np.float32], normal: NDArray[np.float32],
               objects: NDArray[np.int16], group_face: NDArray[np.int32], group_sum: NDArray[np.float64],
               known: NDArray[np.float32]) -> None:
    """First pass over pixel rows [row0, row1), row0 even: everything but water.

    Fills depth, normal and objects for good. hdr holds the average of what was shaded, weight its total weight (a
    pixel that shows only water has 0). group_face (4,), group_sum (4, 4) and known ((row1 - row0) / 2 + 3,
    width / 2 + 3, 4), full of NaN, are scratch.
    """
    width = seen.shape[2]
    foot = 1.0 / view[FOCAL]
    # But for its stars the sky changes slowly; at the discs of sun and planet it is computed in full.
    starry = light[P_STARS] > 0.0
    for y in range(row0, row1):
        for x in range(width):
            groups = gather(seen, nearness, y, x, owner, faces, position, attribute, foot, group_face, group_sum)
            total_r = total_g = total_b = total = 0.0
            best = 0
            for k in range(1, groups):
                more = group_sum[k, 0] - group_sum[best, 0]
                if more > 0.0 or (more == 0.0 and group_sum[k, 3] > group_sum[best, 3]):
                    best = k
            for k in range(groups):
                t = group_face[k]
                count = group_sum[k, 0]
                px = x + 0.5
                py = y + 0.5
                if count < SAMPLES:
                    px = x + group_sum[k, 1] / count
                    py = y + group_sum[k, 2] / count
                if t == NOTHING:
                    dx, dy, dz = ray(view, px, py)
                    if sharp(light, dx, dy, dz):
                        r, g, b = sky(light, texture, dx, dy, dz)
                    else:
                        r, g, b, shine = even_sky(light, texture, view, px, py, row0, known)
                        if starry and shine > 0.0:
                            sr, sg, sb = stars(light, dx, dy, dz)
                            r += shine * sr
                            g += shine * sg
                            b += shine * sb
                    if k == best:
                        depth[y, x] = SKY_DEPTH_M
                        normal[y, x, 0] = normal[y, x, 1] = normal[y, x, 2] = 0.0
                        objects[y, x] = 0
                else:
                    whose = owner[t]
                    slack = 0.5
                    if whose == TERRAIN:
                        slack = 1.0
                    elif whose == WATER:
                        slack = 4.0
                    u, v, w = inside(screen, faces, t, px, py, slack)
                    i, j, l = faces[t, 0], faces[t, 1], faces[t, 2]
                    ex = u * position[i, 0] + v * position[j, 0] + w * position[l, 0]
                    ey = u * position[i, 1] + v * position[j, 1] + w * position[l, 1]
                    ez = u * position[i, 2] + v * position[j, 2] + w * position[l, 2]
                    nx = u * attribute[i, 0] + v * attribute[j, 0] + w * attribute[l, 0]
                    ny = u * attribute[i, 1] + v * attribute[j, 1] + w * attribute[l, 1]
                    nz = u * attribute[i, 2] + v * attribute[j, 2] + w * attribute[l, 2]
                    dist = max(math.sqrt(ex * ex + ey * ey + ez * ez), 1.0e-4)
                    dx = ex / dist
                    dy = ey / dist
                    dz = ez / dist
                    # Interpolated normals may look away from the eye; they are turned until they do not.
                    facing = nx * dx + ny * dy + nz * dz
                    if facing > 0.0 and whose != WATER:
                        nx -= 1.02 * facing * dx
                        ny -= 1.02 * facing * dy
                        nz -= 1.02 * facing * dz
                    n = 1.0 / max(math.sqrt(nx * nx + ny * ny + nz * nz), 1.0e-6)
                    nx *= n
                    ny *= n
                    nz *= n
                    # A pixel is longer on the ground than it is wide: between both for the filter.
                    wide = dist * foot / math.sqrt(max(-(nx * dx + ny * dy + nz * dz), 0.05))
                    if k == best:
                        depth[y, x] = max(ex * view[FORWARD] + ey * view[FORWARD + 1] + ez * view[FORWARD + 2], NEAR_M)
                        normal[y, x, 0] = nx
                        normal[y, x, 1] = ny
                        normal[y, x, 2] = nz
                        if whose >= INSTANCE:
                            objects[y, x] = instance_object[whose - INSTANCE]
                        else:
                            objects[y, x] = whose
                    if whose == WATER:
                        continue
                    lit = sunlit(shadow_view, shadow_map, ex, ey, ez, nx, ny, nz)
                    wx = ex + view[0]
                    wy = ey + view[1]
                    wz = ez + view[2]
                    if whose == TERRAIN:
                        r, g, b = surface(light, texture, 0, wx, wy, wz, nx, ny, nz, 0.0, 0.0, 0.0, 0.0, 0.0, lit, dist,
                                          wide, dx, dy, dz)
                    else:
                        r, g, b = surface(light, texture, 1, wx, wy, wz, nx, ny, nz,
                                          u * attribute[i, 3] + v * attribute[j, 3] + w * attribute[l, 3],
                                          u * attribute[i, 4] + v * attribute[j, 4] + w * attribute[l, 4],
                                          u * attribute[i, 5] + v * attribute[j, 5] + w * attribute[l, 5],
                                          u * attribute[i, 6] + v * attribute[j, 6] + w * attribute[l, 6],
                                          u * attribute[i, 7] + v * attribute[j, 7] + w * attribute[l, 7],
                                          lit, dist, wide, dx, dy, dz)
                    r, g, b = air(light, r, g, b, dist, dx, dy, dz, view[1])
                share = count / (1.0 + brightness(r, g, b))
                total_r += share * r
                total_g += share * g
                total_b += share * b
                total += share
            inv = 1.0 / total if total > 0.0 else 0.0
            hdr[y, x, 0] = total_r * inv
            hdr[y, x, 1] = total_g * inv
            hdr[y, x, 2] = total_b * inv
            weight[y, x] = total


@kernel
def shade_water_rows(row0: int, row1: int, seen: NDArray[np.int32], nearness: NDArray[np.float32],
                     view: NDArray[np.float64], light: NDArray[np.float32], texture: NDArray[np.float32],
                     shadow_view: NDArray[np.float64], shadow_map: NDArray[np.float32],
                     position: NDArray[np.float32], attribute: NDArray[np.float32], screen: NDArray[np.float32],
                     faces: NDArray[np.int32], owner: NDArray[np.int32], hdr: NDArray[np.float32],
                     weight: NDArray[np.float32], depth: NDArray[np.float32], objects: NDArray[np.int16], top: float,
                     out: NDArray[np.float32], group_face: NDArray[np.int32],
                     group_sum: NDArray[np.float64]) -> None:
    """Second pass over rows [row0, row1): out = hdr with the water laid over it."""
    width = seen.shape[2]
    foot = 1.0 / view[FOCAL]
    for y in range(row0, row1):
        for x in range(width):
            total = float(weight[y, x])
            total_r = total * hdr[y, x, 0]
            total_g = total * hdr[y, x, 1]
            total_b = total * hdr[y, x, 2]
            wet = False
            for s in range(SAMPLES):
                if seen[y, s, x] != NOTHING and owner[seen[y, s, x]] == WATER:
                    wet = True
            if wet:
                groups = gather(seen, nearness, y, x, owner, faces, position, attribute, foot, group_face, group_sum)
                for k in range(groups):
                    t = group_face[k]
                    if t == NOTHING or owner[t] != WATER:
                        continue
                    count = group_sum[k, 0]
                    px = x + group_sum[k, 1] / count
                    py = y + group_sum[k, 2] / count
                    u, v, w = inside(screen, faces, t, px, py, 4.0)
                    i, j, l = faces[t, 0], faces[t, 1], faces[t, 2]
                    ex = u * position[i, 0] + v * position[j, 0] + w * position[l, 0]
                    ey = u * position[i, 1] + v * position[j, 1] + w * position[l, 1]
                    ez = u * position[i, 2] + v * position[j, 2] + w * position[l, 2]
                    ground = u * attribute[i, 3] + v * attribute[j, 3] + w * attribute[l, 3]
                    dist = max(math.sqrt(ex * ex + ey * ey + ez * ez), 1.0e-4)
                    dx = ex / dist
                    dy = ey / dist
                    dz = ez / dist
                    wide = dist * foot / math.sqrt(max(abs(dy), 0.02))
                    mr = mg = mb = ok = 0.0
                    if dy < 0.0:
                        mr, mg, mb, ok = mirror(view, ex, ey, ez, dx, -dy, dz, depth, weight, hdr, objects, top)
                    lit = sunlit(shadow_view, shadow_map, ex, ey, ez, 0.0, 1.0, 0.0)
                    r, g, b = water(light, texture, ex + view[0], ey + view[1], ez + view[2], max(ey - ground, 0.0),
                                    lit, dist, wide, dx, dy, dz, mr, mg, mb, ok)
                    r, g, b = air(light, r, g, b, dist, dx, dy, dz, view[1])
                    share = count / (1.0 + brightness(r, g, b))
                    total_r += share * r
                    total_g += share * g
                    total_b += share * b
                    total += share
            inv = 1.0 / total if total > 0.0 else 0.0
            out[y, x, 0] = total_r * inv
            out[y, x, 1] = total_g * inv
            out[y, x, 2] = total_b * inv


