"""What an adapter was measured to do, on plain worlds that training never saw, and whether that is a style.

Style is measured in pixels, where training never looked: palette, contrast, fineness of lines. Layout is how the edges
agree with the simulator's own picture; a copy is found in codec latents whose style was taken out, at several shifts
and scales, and what counts as one is measured on real copies of the training pictures.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from world_model.style.grade import Grade
from world_model.style.material import STEPS, Material, Plain

if TYPE_CHECKING:
    from world_model.codec.picture import PictureCodec
    from world_model.joint.model import JointModel

FEWEST_MOVED, LEAST_LAYOUT, LEAST_VARIETY = 0.1, 0.6, 0.25
FEATURES = ("lightness", "contrast", "darkest", "lightest", "redness", "blueness", "saturation", "colourfulness",
            "edges", "fineness")
Pictures = NDArray[np.uint8]


@dataclass(frozen=True)
class Dreamt:
    """frames (W, STEPS, 144, 256, 3) uint8; finite: whether every weight of the model was."""

    frames: Pictures
    finite: bool


def dreamt(model: JointModel, codec: PictureCodec, plain: Plain, seed: int, grade: Grade | None = None) -> Dreamt:
    """The plain worlds, dreamt at hold full; the middle frame of every step."""
    from world_model.dream import Dreamer
    from world_model.joint.pipeline import new_pipeline

    if not all(bool(torch.isfinite(weight).all()) for weight in model.parameters()):
        return Dreamt(np.zeros_like(plain.frames), False)
    dreamer, out = Dreamer(new_pipeline(model), codec), list[Pictures]()
    for world in range(len(plain.guides)):
        dreamer.begin(seed, ())
        for step in range(STEPS):
            known = {name: rows[world, step:step + 1] for name, rows in plain.known.items()}
            guide = plain.guides[world, step]
            frames = dreamer.step(known, guide if grade is None else grade.over(guide))
            out.append(frames[1])
    return Dreamt(np.stack(out).reshape(plain.frames.shape), True)


def features(frames: Pictures) -> NDArray[np.float64]:
    """(N, 10) of pictures (N, H, W, 3): FEATURES, each about in [0, 1]."""
    rgb = frames.astype(np.float64) / 255.0
    luma = rgb @ np.array([0.3, 0.59, 0.11])
    chroma = rgb.max(-1) - rgb.min(-1)
    opponent = np.stack([rgb[..., 0] - luma, rgb[..., 2] - luma], -1)
    across, down = np.abs(np.diff(luma, axis=2)), np.abs(np.diff(luma, axis=1))
    coarse = luma.reshape(len(luma), luma.shape[1] // 4, 4, luma.shape[2] // 4, 4).mean((2, 4))
    wide = np.abs(np.diff(coarse, axis=2)).mean((1, 2))
    edges = across.mean((1, 2)) + down.mean((1, 2))
    return np.stack([luma.mean((1, 2)), luma.std((1, 2)), np.quantile(luma, 0.05, (1, 2)),
                     np.quantile(luma, 0.95, (1, 2)), opponent[..., 0].mean((1, 2)), opponent[..., 1].mean((1, 2)),
                     chroma.mean((1, 2)), opponent.std((1, 2)).mean(-1), 5.0 * edges,
                     across.mean((1, 2)) / (wide + 0.01)], 1)


def distance(frames: Pictures, clips: Pictures) -> float:
    """How far pictures are from the clips' look: mean distance of the features' means, and half that of their spreads,
    in spreads of the clips of at least 0.04."""
    one, other = features(frames), features(clips)
    unit = np.maximum(other.std(0), 0.04)
    return float((np.abs(one.mean(0) - other.mean(0)) / unit).mean()
                 + 0.5 * (np.abs(one.std(0) - other.std(0)) / unit).mean())


def _edges(frames: Pictures) -> NDArray[np.float64]:
    """(N, 18, 32) where edges are, each picture's own measure."""
    luma = frames.astype(np.float64) @ np.array([0.3, 0.59, 0.11])
    small = luma.reshape(len(luma), 36, 4, 64, 4).mean((2, 4))
    size = np.hypot(np.diff(small, axis=2)[:, :-1], np.diff(small, axis=1)[:, :, :-1])
    return np.log(1.0 + size)


def layout(frames: Pictures, truth: Pictures) -> float:
    """Mean correlation of where the edges are; 1 is the same places."""
    return float(np.mean([_correlation(a, b) for a, b in zip(_edges(frames), _edges(truth), strict=True)]))


def horizon_rows(frames: Pictures) -> NDArray[np.int64]:
    """(N,) of 35: the row where a picture changes most from above to below."""
    luma = frames.astype(np.float64) @ np.array([0.3, 0.59, 0.11])
    rows = luma.reshape(len(luma), 36, 4, -1).mean((2, 3))
    return np.abs(np.diff(rows, axis=1)).argmax(1)


@torch.no_grad()
def bare(frames: Pictures, codec: PictureCodec, weight: Tensor) -> Tensor:
    """(N, C, 9, 16) latents of still pictures without their look: each row's mean is taken out (sky above ground is no
    copy), channels count by weight (C,), as they do in pixels, and a picture's contrast does not."""
    out, strongest = list[Tensor](), weight.topk(min(8, len(weight))).indices
    for frame in frames:
        video = torch.from_numpy(np.repeat(frame[None], 3, 0)).permute(0, 3, 1, 2)[None].float() / 255.0
        grid = codec.encode(video)[0][0, 0]
        apart = (grid - grid.mean(2, keepdim=True)) * weight[:, None, None] ** 2
        out.append((apart / apart.std().clamp(min=0.05))[strongest])
    return torch.stack(out)


def nearest(one: Tensor, clips: Tensor) -> tuple[Tensor, Tensor]:
    """(N,) likeness in [-1, 1] of latents (N, C, 9, 16) to the nearest of clips (M, C, 9, 16), and its number: the best
    over shifts of up to two cells by halves and three scales."""
    mine = functional.interpolate(one, (18, 32), mode="bilinear")
    best, which = torch.full((len(one),), -1.0), torch.zeros(len(one), dtype=torch.long)
    for scale in (1.0, 1.15, 1.35):
        high, wide = round(18 * scale), round(32 * scale)
        grown = functional.interpolate(clips, (high, wide), mode="bilinear")
        for top, left in itertools.product(range(-1, high - 18 + 2), range(-3, wide - 32 + 4)):
            a0, b0 = max(0, -top), max(0, -left)
            rows, columns = min(18, high - top) - a0, min(32, wide - left) - b0
            a = mine[:, :, a0:a0 + rows, b0:b0 + columns].flatten(1)
            b = grown[:, :, a0 + top:a0 + top + rows, b0 + left:b0 + left + columns].flatten(1)
            value, at = (functional.normalize(a, dim=1) @ functional.normalize(b, dim=1).T).max(1)
            which = torch.where(value > best, at, which)
            best = torch.maximum(best, value)
    return best, which


def _copies(frames: Pictures) -> Pictures:
    """Pictures as a copyist would hand them in: moved by eight pixels, paler."""
    moved = np.roll(frames, (4, 8), (1, 2)).astype(np.float64)
    return np.clip(moved * 0.85 + 18.0, 0, 255).astype(np.uint8)


def certify(model: JointModel, styled: JointModel, codec: PictureCodec, clips: Material, probes: Plain, seed: int,
            grade: Grade | None = None) -> tuple[dict[str, Any], Dreamt, Dreamt]:
    """(the certificate as JSON data, what was dreamt before, after). passed is True where `reasons` is empty."""
    before, again = (dreamt(model, codec, probes, s) for s in (seed, seed + 1))
    graded, after = (dreamt(one, codec, probes, seed, grade) for one in (model, styled))
    base, truth = _flat(before.frames), _flat(probes.frames)
    made = _flat(after.frames)
    apart = distance(base, clips.frames)
    noise = abs(distance(_flat(again.frames), clips.frames) - apart) / apart
    moved = 1.0 - distance(made, clips.frames) / apart
    changed = float(np.abs(made.astype(np.float64) - _flat(graded.frames)).mean() / 255.0)
    by_grade = 1.0 - distance(_flat(graded.frames), clips.frames) / apart
    kept, could = layout(made, truth), layout(base, truth)
    variety = _variety(after.frames) / max(_variety(before.frames), 1e-9)
    some = clips.frames[np.linspace(0, len(clips.frames) - 1, min(len(clips.frames), 60)).astype(int)]
    weight = model.weight.detach()
    bare_clips = bare(some, codec, weight)
    plainly = nearest(bare(base, codec, weight), bare_clips)[0]
    copied = nearest(bare(_copies(some), codec, weight), bare_clips)[0]
    like, at = nearest(bare(made, codec, weight), bare_clips)
    threshold = 0.5 * (float(plainly.quantile(0.95)) + float(copied.quantile(0.05)))
    leak = {"nearest_frame": int(at[like.argmax()]), "likeness": _r(like.max()), "mean": _r(like.mean()),
            "plain_95": _r(plainly.quantile(0.95)), "copies_05": _r(copied.quantile(0.05)),
            "threshold": round(threshold, 4)}
    shown: dict[str, Any] = {
        "finite": after.finite, "distance_before": round(apart, 4), "moved": round(moved, 4),
        "moved_by_grade_alone": round(by_grade, 4),
        "distance_after": round(distance(made, clips.frames), 4), "noise": round(noise, 4),
        "changed": round(changed, 4), "layout": round(kept, 4), "layout_before": round(could, 4),
        "horizon_rows_off": _r(np.abs(horizon_rows(made) - horizon_rows(truth)).mean()),
        "horizon_rows_off_before": _r(np.abs(horizon_rows(base) - horizon_rows(truth)).mean()),
        "variety": round(variety, 4), "leak": leak, "codec_psnr_db": round(clips.psnr_db, 2),
        "features_clips": _named(clips.frames), "features_before": _named(base), "features_after": _named(made)}
    reasons = verdict(shown)
    return shown | {"passed": not reasons, "reasons": reasons}, before, after


def verdict(shown: dict[str, Any]) -> list[str]:
    """Why measurements are not those of a style, in sentences; empty where they are."""
    if not shown["finite"]:
        return ["The adapter makes numbers that are not finite."]
    reasons: list[str] = []
    least = max(FEWEST_MOVED, 3.0 * shown["noise"])
    if shown["changed"] < 0.002:
        reasons.append("The adapter moves nothing: without its weights the pictures are the same.")
    elif shown["moved"] < least:
        reasons.append(f"The pictures move {shown['moved']:.0%} of the way to the clips' look; "
                       f"{least:.0%} is the least.")
    if shown["layout"] < LEAST_LAYOUT * shown["layout_before"]:
        reasons.append(f"What the world shows is lost: its edges agree {shown['layout']:.2f} with the simulator's, "
                       f"without the adapter {shown['layout_before']:.2f}.")
    if shown["variety"] < LEAST_VARIETY:
        reasons.append(f"Different worlds come out alike: they differ {shown['variety']:.0%} as much as before.")
    leak = shown["leak"]
    if leak["likeness"] >= leak["threshold"]:
        reasons.append(f"A picture copies frame {leak['nearest_frame']} of the clips: likeness {leak['likeness']:.2f}, "
                       f"a copy begins at {leak['threshold']:.2f}.")
    return reasons


def _variety(frames: Pictures) -> float:
    """How much worlds differ from each other where their edges are."""
    edges = _edges(frames[:, -1])
    edges = (edges - edges.mean((1, 2), keepdims=True)) / (edges.std((1, 2), keepdims=True) + 1e-9)
    return float(edges.std(0).mean())


def _flat(frames: Pictures) -> Pictures:
    return frames.reshape(-1, *frames.shape[2:])


def _named(frames: Pictures) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(FEATURES, features(frames).mean(0), strict=True)}


def _r(value: Any) -> float:
    return round(float(value), 4)


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    if one.std() < 1e-9 or other.std() < 1e-9:
        return 0.0
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])
