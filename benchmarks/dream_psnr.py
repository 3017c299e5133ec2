"""How near dreams come to the simulator on held-out worlds, by how tightly they are held to a small picture of it.

    python benchmarks/dream_psnr.py [--clips 16] [--weights DIR]

Prints a table and a JSON line: PSNR in dB over eight steps (24 pictures of 256 x 144), mean over clips.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clips", type=int, default=16)
    options.add_argument("--passes", type=int, default=2)
    options.add_argument("--weights", type=Path, default=ROOT / "world_model" / "weights" / "live" / "model",
                         help="folder of a joint model")
    chosen = options.parse_args()
    import dream_gpu

    from world_model.codec.picture import load_codec
    from world_model.dream import Dreamer
    from world_model.joint.guide import HOLDS
    from world_model.joint.model import JointModel
    from world_model.joint.pipeline import new_pipeline

    dream_gpu.prepare()
    codec = load_codec(str(ROOT / "world_model" / "weights" / "picture_codec")).float().eval()  # type: ignore[call-arg]
    model = JointModel.from_pretrained(chosen.weights, local_files_only=True, torch_dtype=torch.float32).eval()
    found: dict[str, list[float]] = {hold: [] for hold in HOLDS}
    for number in range(chosen.clips):
        clip = dream_gpu.clip_of(dream_gpu.HELD_OUT_SEED + number, True, time.time() + 1e6)
        assert clip is not None
        for hold in HOLDS:
            dreamer = Dreamer(new_pipeline(model), codec, passes=chosen.passes)
            made = np.concatenate([dreamer.step(
                {name: value[k:k + 1].astype(np.float32) for name, value in clip["streams"].items()},
                clip["guide"][k].astype(np.float32), hold) for k in range(dream_gpu.CLIP)])
            error = np.square((made.astype(np.float64) - clip["rgb"]) / 255.0).mean()
            found[hold].append(-10.0 * np.log10(max(float(error), 1e-10)))
    means = {hold: round(float(np.mean(values)), 2) for hold, values in found.items()}
    for hold, value in means.items():
        print(f"{hold:<8} {value:5.2f} dB")
    print(json.dumps({"clips": chosen.clips, "passes": chosen.passes, "psnr_db": means}))


if __name__ == "__main__":
    main()
