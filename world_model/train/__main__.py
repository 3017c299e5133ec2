"""Train the world model: python -m world_model.train --preset base --minutes 28 --out DIR [--resume DIR].

All stages by default (data, picture, sound, latents, joint, ship), or one with --stage. Every stage keeps what it has
done on disk and goes on from there after any kill; --resume DIR takes up an earlier run. The weights end up in
DIR/weights as safetensors of at most 16 MiB each; copy them over world_model/weights to use them.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from world_model.workers.tasks import NoWorkers, Workers

STAGES = ("data", "picture", "sound", "latents", "joint", "ship")
# Shares of the minutes; latents and shipping take what they take.
SHARES = {"data": 0.30, "picture": 0.20, "sound": 0.08, "joint": 0.42}
# Clips of pictures, glimpses and states; `tiny` proves the chain in a minute and teaches nothing.
CLIPS = {"tiny": (4, 2, 4), "small": (512, 1536, 9216), "live": (512, 1536, 9216), "base": (4096, 4096, 16384)}
BATCH = {"cpu": {"joint": 8, "picture": 2, "sound": 4}, "cuda": {"joint": 64, "picture": 8, "sound": 32}}


def main() -> int:
    """The command line of this module; exit code 2 with one sentence for what cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m world_model.train", description=__doc__)
    parser.add_argument("--preset", choices=("tiny", "small", "live", "base"), required=True)
    parser.add_argument("--minutes", type=float, required=True, help="time budget of all stages, or of the one named")
    parser.add_argument("--out", type=Path, help="where everything of this run is kept")
    parser.add_argument("--resume", type=Path, help="take up the run in this folder")
    parser.add_argument("--stage", choices=("all", *STAGES), default="all")
    parser.add_argument("--data", type=Path, help="shards (default: OUT/data)")
    parser.add_argument("--start-from", type=Path, help="a trained joint model's folder to learn on from")
    parser.add_argument("--peak", type=float, default=1.2e-3, help="highest learning rate of the joint model")
    parser.add_argument("--rich", type=float, default=1.0, help="how much more often clips with senses are drawn")
    parser.add_argument("--batch", type=int, help="clips of 16 steps in a batch of the joint model")
    parser.add_argument("--device", default=None, help="cpu or cuda (default: what is there)")
    parser.add_argument("--threads", type=int, default=None, help="torch threads on a CPU")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes that make data")
    parser.add_argument("--cluster", action="store_true", help="data and latents by the workers of a Ray cluster: that "
                        "of RAY_ADDRESS (used without this option as well), or one on --workers cores of this machine")
    arguments = parser.parse_args()
    out = arguments.resume or arguments.out
    if out is None or not arguments.minutes > 0:
        sys.stderr.write("A run needs --out DIR or --resume DIR, and --minutes above 0.\n")
        return 2
    cluster: Workers | None = None
    try:
        cluster = cluster_of(arguments.cluster, arguments.workers)
        return run(arguments, out, cluster)
    except ValueError as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    except NoWorkers as fault:
        sys.stderr.write(f"{fault} What was finished is kept; the same words go on from it.\n")
        return 3
    finally:
        if cluster is not None:
            cluster.close()


def cluster_of(asked: bool, cores: int) -> Workers | None:
    """The workers of RAY_ADDRESS, or where they are asked for of this machine. Raises NoWorkers, ValueError."""
    address = os.environ.get("RAY_ADDRESS", "").strip()
    if not address and not asked:
        return None
    from world_model.workers.on_ray import OnRay

    return OnRay(address or "local", cores)


def run(arguments: argparse.Namespace, out: Path, cluster: Workers | None = None) -> int:
    """Each stage in turn; numbers of a stage as one JSON line on standard output."""
    import torch

    device = arguments.device or ("cuda" if torch.cuda.is_available() else "cpu")
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    data = arguments.data or out / "data"
    for stage in STAGES if arguments.stage == "all" else (arguments.stage,):
        minutes = arguments.minutes * (SHARES.get(stage, 1.0) if arguments.stage == "all" else 1.0)
        found = run_stage(stage, arguments, out, data, device, minutes, cluster)
        sys.stdout.write(json.dumps({"stage": stage, **found}) + "\n")
        sys.stdout.flush()
    return 0


def run_stage(stage: str, arguments: argparse.Namespace, out: Path, data: Path, device: str, minutes: float,
              cluster: Workers | None = None) -> dict[str, float]:
    """One stage; what it measured."""
    from world_model.train import ship

    preset: str = arguments.preset
    codec_preset = "small" if preset == "live" else preset
    batch = BATCH["cuda" if device.startswith("cuda") else "cpu"]
    if preset == "tiny":
        batch = {"joint": 2, "picture": 1, "sound": 2}
    if arguments.batch:
        batch = batch | {"joint": arguments.batch}
    resume = arguments.resume is not None
    weights = out / "weights"
    if stage == "data":
        from world_model.data.make import make

        shares = dict(zip(("pictures", "glimpses", "states"), (0.7, 0.2, 0.1)))
        made = {kind: float(make(kind, clips, data, arguments.workers, False, minutes * shares[kind],
                                 2 if preset == "tiny" else None, cluster))
                for kind, clips in zip(shares, CLIPS[preset], strict=True)}
        return {f"{kind}_shards": count for kind, count in made.items()}
    if stage == "picture":
        from world_model.train.picture import train_picture
        from world_model.train.polish import polish_picture

        found = train_picture(data, out, codec_preset, 0.75 * minutes, resume, device, batch["picture"])
        polished = polish_picture(data, out, 0.25 * minutes, device, batch["picture"])
        found |= {f"polished_{name}": value for name, value in polished.items()}
    elif stage == "sound":
        from world_model.train.sound import train_sound

        found = train_sound(data, out, codec_preset, minutes, resume, device, batch["sound"])
    elif stage == "latents":
        from world_model.train.latents import write_latents

        return {"files": float(write_latents(data, out, preset, device, batch["picture"], cluster))}
    elif stage == "joint":
        from world_model.train.joint import train_joint

        found = train_joint(data, out, preset, minutes, resume, device, batch["joint"], arguments.peak,
                            arguments.start_from, arguments.rich)
    else:
        shipped = [name for name, trained, send in (
            (preset, out / "joint", ship.ship_joint), ("picture_codec", out / "picture_codec", ship.ship_picture),
            ("sound_codec", out / "sound_codec", ship.ship_sound)) if trained.is_dir() and send(out, weights / name)]
        return dict.fromkeys(shipped, 1.0)
    ship.note_run(weights, f"{preset}/{stage}", found)
    return found


if __name__ == "__main__":
    from world_model import kernel_cache

    kernel_cache.place()
    raise SystemExit(main())
