"""From a G-buffer to the picture on screen: weather in the air, tone, style, lens, film.

One story: radiance (plus rain, snow, …) is exposed and toned, painted or drawn in the row's style, and developed to
8 bits. Every style number is an amount; at 0 its pass is skipped, so two styles blend by blending numbers. Lengths
are fractions of the picture height; noise is a hash of place, held time and seed.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from world_model.colour import linear_to_srgb, oklab_to_linear, oklch_to_oklab
from world_model.sim.edges import edges
from world_model.sim.lens import blur, defocus, glow_of, small_copy
from world_model.sim.precipitation import precipitate
from world_model.sim.stylise_bands import run_bands
from world_model.sim.stylise_clay import clay, clay_relief
from world_model.sim.stylise_line import hatch, ink, outline, stroke_sheet
from world_model.sim.stylise_neon import neon_base, neon_glow
from world_model.sim.stylise_noise import GRAIN_TILE_PX, grain_tile, hash01, paper_texture, pools, warp_field
from world_model.sim.stylise_paint import even_regions, posterise, rekey, tone_range, tone_steps, watercolour
from world_model.sim.stylise_print import bayer, dot_screens, halftone, pixel_blocks
from world_model.sim.stylise_tape import tape
from world_model.sim.stylise_tone import BASE_GAIN, develop, grade, lay_on_paper, tone_curve
from world_model.sim.view import make_view
from world_model.state import CAMERA, LIGHT, offsets
from world_model.vocabulary import PALETTE_ROLES, STYLE_FIELDS

Floats = NDArray[np.float32]

_NO_GLOW = np.zeros((1, 1, 3), np.float32)
# The synthwave sun stands where the world's trail leads, low and always there, whatever the hour.
_STRIPED_SUN = np.array([0.05, 0.105, 0.993], np.float32)


class Frame(Protocol):
    """What the geometry hands over; picture.GBuffer is one."""

    @property
    def hdr(self) -> Floats: ...
    @property
    def depth_m(self) -> Floats: ...
    @property
    def normal(self) -> Floats: ...
    @property
    def object_id(self) -> NDArray[np.int16]: ...


def style_of(row: NDArray[np.float32]) -> dict[str, float]:
    """The style numbers of a packed row (328,), by name; not-a-number reads as 0."""
    values = np.nan_to_num(np.asarray(row[offsets()["style"]], np.float64))
    return {name: max(0.0, float(value)) for name, value in zip(STYLE_FIELDS, values, strict=True)}


def finish(gbuffer: Frame, row: NDArray[np.float32], seed: int, threads: int = 2,
           clock_s: float | None = None) -> NDArray[np.uint8]:
    """The finished picture, uint8 sRGB (H, W, 3).

    row is a packed state row (328,) float32. clock_s is the film's own running time for what never holds a frame
    (video noise); None takes the row's held time. The same input gives the same bytes for any number of threads.
    """
    row = np.nan_to_num(np.asarray(row, np.float32))
    seed = int(seed) & 0x3FFFFFFF
    style = style_of(row)
    part = offsets()
    light = row[part["light"]]
    time_s = float(row[part["time_s"]][0])
    depth = np.ascontiguousarray(gbuffer.depth_m, np.float32)
    height, width = depth.shape
    gain = BASE_GAIN * float(2.0 ** np.clip(light[LIGHT.index("exposure_ev")], -20.0, 20.0))
    view = make_view(row, (width, height))

    hdr = precipitate(gbuffer, row, view, seed, threads)
    hdr = _focus(hdr, depth, row, style, threads)
    glow_amount = 0.45 * style["bloom"] * (1.0 - min(1.0, style["neon"]))
    glow = glow_of(hdr, gain, threads) if glow_amount > 0.0 else _NO_GLOW
    code = np.empty_like(hdr)
    run_bands(grade, height, threads, hdr, code, tone_curve(style["contrast"]), gain, style["saturation"],
              style["warmth"], glow, glow_amount)
    code = _draw(code, gbuffer, depth, row, view, style, seed, threads)

    tick = round(time_s * 1000.0)
    if style["scanline"] > 0.0 or style["chroma"] * (1.0 - style["halftone"]) > 0.0:
        running_s = time_s if clock_s is None else float(clock_s)
        played = np.empty_like(code)
        run_bands(tape, height, threads, code, style["scanline"],
                  max(0.0, style["chroma"] * (1.0 - min(1.0, style["halftone"]))), round(running_s * 1000.0), running_s,
                  seed, played)
        code = played
    out = np.empty((height, width, 3), np.uint8)
    tile_y, tile_x = int(hash01(tick, 11, seed) * GRAIN_TILE_PX), int(hash01(tick, 12, seed) * GRAIN_TILE_PX)
    run_bands(develop, height, threads, code, out, style["vignette"], style["grain"], grain_tile(), tile_y, tile_x,
              min(1.0, 400.0 / height))
    return out


def _focus(hdr: Floats, depth: Floats, row: NDArray[np.float32], style: dict[str, float], threads: int) -> Floats:
    """Depth of field: natural for lens-made looks, that of a small set for clay, none for drawn ones."""
    drawn = max(style[name] for name in ("wash", "hatch", "halftone", "ink", "pixel", "neon", "outline"))
    lens = min(1.0, style["shade"]) * (1.0 - min(1.0, drawn))
    aperture_m = lens * (0.006 + 0.10 * min(1.0, style["clay"]))
    focus_m = float(row[offsets()["camera"]][CAMERA.index("focus_m")])
    if aperture_m <= 0.0 or focus_m <= 0.0:
        return hdr
    return defocus(hdr, depth, focus_m, aperture_m, threads)


def _draw(code: Floats, gbuffer: Frame, depth: Floats, row: NDArray[np.float32], view: NDArray[np.float64],
          style: dict[str, float], seed: int, threads: int) -> Floats:
    """Everything between the tone curve and the film: paint, pixels, light lines, contours, strokes, ink, screens."""
    height, width = code.shape[:2]
    levels, wash, clay_amount = style["levels"], style["wash"], min(1.0, style["clay"])
    hatched, inked, neon, dots = (min(1.0, style[name]) for name in ("hatch", "ink", "neon", "halftone"))
    # Boil: the line is drawn anew for every held frame, which is what makes it live.
    boil = int(hash01(round(float(row[offsets()["time_s"]][0]) * 1000.0), 21, seed) * 1e6)
    warp_px = 0.0058 * style["wobble"] * height
    ids = np.ascontiguousarray(gbuffer.object_id, np.int16)
    normal = np.ascontiguousarray(gbuffer.normal, np.float32)

    step, field, warped = max(1, height // 96), warp_field(height, width, warp_px, boil), warp_px > 0.0
    paper = paper_texture(height, width, seed)

    brush = max(0.0085 * levels * (1.0 - min(1.0, style["pixel"])), 0.0125 * wash, 0.008 * clay_amount) * height
    if brush > 0.0 or warped:
        code = even_regions(code, brush, 1.6 * max(levels, wash, clay_amount), warped, field, step, threads)
    on_paper = max(hatched, inked, dots, min(1.0, wash))
    if on_paper > 0.0:
        dark, middle, light = tone_range(small_copy(code, threads))
        centre = float(np.clip((middle - dark) / max(0.12, light - dark), 0.15, 0.85))
        # The middle tone is brought to 0.62 of the sheet's range, and the full range is used.
        floor = 0.07 + 0.11 * min(1.0, wash) * (1.0 - max(hatched, inked, dots))
        run_bands(rekey, height, threads, code, dark, float(np.log(0.62) / np.log(centre)), light, floor,
                  0.8 * on_paper, 1.12)
    if levels > 0.0:
        run_bands(posterise, height, threads, code, tone_steps(levels))
    if clay_amount > 0.0:
        relief = np.empty_like(depth)
        run_bands(clay_relief, height, threads, depth, view, seed, relief)
        sun_right, sun_up = _sun_on_screen(row, view)
        run_bands(clay, height, threads, code, relief, normal, ids, view, sun_right, sun_up, clay_amount)
    if wash * (1.0 - inked) > 0.0:
        slow = blur(small_copy(code, threads), 0.016)
        painted = np.empty_like(code)
        # Ink asks for wash too, but its pigment is laid down by the ink pass.
        run_bands(watercolour, height, threads, code, slow, paper, pools(height, width, seed),
                  min(1.0, wash) * (1.0 - inked), seed, painted)
        code = painted
    lines = edges(gbuffer, 1.0 + 1.1 * inked, threads) if max(style["outline"], hatched, inked, neon) > 0.0 else depth
    if neon > 0.0:
        base, light = np.empty_like(code), np.empty_like(code)
        run_bands(neon_base, height, threads, code, lines, depth, normal, ids, view, _STRIPED_SUN,
                  _neon_colours(row), neon, style["outline"], base, light)
        small = small_copy(light, threads)
        run_bands(neon_glow, height, threads, base, light, blur(small, 0.010), blur(small, 0.045),
                  style["bloom"])
        code = base
    contour = style["outline"] * (1.0 - neon) * (1.0 - hatched) * (1.0 - inked)
    if contour > 0.0:
        run_bands(outline, height, threads, code, lines, contour, warped, field, step)
    if hatched > 0.0:
        run_bands(hatch, height, threads, code, lines, normal, ids, paper, stroke_sheet(height, width, seed), hatched,
                  style["outline"], field, step)
    if inked > 0.0:
        run_bands(ink, height, threads, code, lines, depth, ids, paper, pools(height, width, seed), inked,
                  style["outline"], _accent(row), field, step, seed)
    if style["pixel"] > 0.0:
        block = max(1, round((1.0 + 7.0 * style["pixel"]) * height / 288.0))
        blocks = np.empty_like(code)
        run_bands(pixel_blocks, -(-height // block), threads, code, ids, block, min(1.0, style["pixel"] * 4.0),
                  bayer(), blocks)
        code = blocks
    if dots > 0.0:
        printed = np.empty_like(code)
        slip_px = 0.0105 * style["chroma"] * height
        run_bands(halftone, height, threads, code, dot_screens(height, width), paper, pools(height, width, seed), dots,
                  slip_px, printed)
        code = printed
    if style["paper"] > 0.0:
        run_bands(lay_on_paper, height, threads, code, paper, style["paper"])
    return code


def _sun_on_screen(row: NDArray[np.float32], view: NDArray[np.float64]) -> tuple[float, float]:
    """Unit direction on screen (right, up) from which relief is lit; never straight from the lens."""
    sun = _direction(*row[offsets()["light"]][:2])
    right, up = float(sun @ view[3:6]) - 0.35, float(sun @ view[6:9]) + 0.45
    length = float(np.hypot(right, up)) + 1e-6
    return right / length, up / length


def _direction(elevation_rad: float, azimuth_rad: float) -> NDArray[np.float64]:
    flat = np.cos(elevation_rad)
    return np.array([flat * np.sin(azimuth_rad), np.sin(elevation_rad), flat * np.cos(azimuth_rad)], np.float64)


def _accent(row: NDArray[np.float32]) -> Floats:
    """The palette's accent as a unit direction in (r - g, (r + g)/2 - b)."""
    code = linear_to_srgb(oklab_to_linear(row[offsets()["palette"]].reshape(-1, 3)[PALETTE_ROLES.index("accent")]))
    way = np.array([code[0] - code[1], 0.5 * (code[0] + code[1]) - code[2]])
    length = float(np.hypot(*way))
    return (way / length if length > 0.02 else np.array([0.9, 0.44])).astype(np.float32)


def _neon_colours(row: NDArray[np.float32]) -> Floats:
    """(6, 3) display colours of glowing lines: the genre's own hues, leaning a third of the way to the palette's."""
    palette = row[offsets()["palette"]].reshape(-1, 3).astype(np.float64)
    own = oklch_to_oklab(np.array([[0.70, 0.27, 340.0], [0.72, 0.17, 235.0], [0.84, 0.16, 195.0],
                                   [0.70, 0.24, 315.0], [0.86, 0.18, 85.0], [0.72, 0.22, 5.0]]))
    roles = [PALETTE_ROLES.index(name) for name in ("ground", "water", "growth", "structure", "accent", "accent")]
    for i, role in enumerate(roles):
        chroma = np.hypot(*palette[role, 1:])
        if chroma > 0.03:
            lean = own[i, 1:] + 0.33 * (palette[role, 1:] / chroma * 0.22 - own[i, 1:])
            own[i, 1:] = lean / max(1e-6, float(np.hypot(*lean))) * np.hypot(*own[i, 1:])
    return linear_to_srgb(oklab_to_linear(own)).astype(np.float32)
