"""Pictures and sound of the shards through the trained codecs, once, onto disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from world_model.data.shards import CLIP_STEPS
from world_model.joint.guide import guide_of
from world_model.joint.patches import to_row
from world_model.joint.presets import PRESETS
from world_model.streams.layout import FRAMES_PER_STEP


def write_latents(shards: Path, codecs: Path, preset: str, device: str = "cpu", batch: int = 4) -> int:
    """`latents-picture-NNNNN.npy` and, where the preset has sound, `latents-sound-NNNNN.npy` beside every picture
    shard that has none yet: float16 (clips, 16, width) in the model's patch order. Returns the files written."""
    size, written = PRESETS[preset], 0
    for path in sorted(shards.glob("rgb-*.npy")):
        number = path.stem.rsplit("-", 1)[1]
        if size.picture_patch:
            final = shards / f"latents-picture-{number}.npy"
            written += _pictures(path, final, codecs, size.picture_patch, device, batch)
            written += _guides(path, shards / f"latents-guide-{number}.npy")
        if size.sound_tokens:
            written += _sounds(shards / f"sound-{number}.npy", shards / f"latents-sound-{number}.npy", codecs, device)
    return written


def _pictures(path: Path, final: Path, codecs: Path, patch: tuple[int, int], device: str, batch: int) -> int:
    if final.exists():
        return 0
    from world_model.codec.picture import load_codec

    codec = load_codec(str(codecs / "picture_codec"))
    nn.Module.to(codec, device).eval()
    clips = np.load(path, mmap_mode="r")
    rows: list[np.ndarray] = []
    with torch.no_grad():
        for start in range(0, len(clips), batch):
            video = torch.from_numpy(np.ascontiguousarray(clips[start:start + batch])).to(device)
            latents, _ = codec.encode(video.permute(0, 1, 4, 2, 3).float() / 255.0)
            rows.append(to_row(latents, patch).cpu().numpy().astype(np.float16))
    _save(final, np.concatenate(rows))
    return 1


def _guides(path: Path, final: Path) -> int:
    """The guide of every step: its middle frame, small."""
    if final.exists():
        return 0
    clips = np.load(path, mmap_mode="r")[:, FRAMES_PER_STEP // 2::FRAMES_PER_STEP]
    _save(final, np.stack([[guide_of(frame) for frame in clip] for clip in clips]).astype(np.float16))
    return 1


def _sounds(path: Path, final: Path, codecs: Path, device: str) -> int:
    if final.exists():
        return 0
    from world_model.codec.sound import SoundCodec

    codec = SoundCodec.load(codecs / "sound_codec", device)
    with torch.no_grad():
        clips = torch.from_numpy(np.load(path).astype(np.float32) / 32767.0).to(device)
        rows = [codec.encode(clips[k:k + 8]).reshape(-1, CLIP_STEPS, 16 * 32).cpu().numpy().astype(np.float16)
                for k in range(0, len(clips), 8)]
    _save(final, np.concatenate(rows))
    return 1


def _save(final: Path, rows: np.ndarray) -> None:
    part = final.with_suffix(".part")
    with part.open("wb") as out:
        np.save(out, rows, allow_pickle=False)
    part.replace(final)
