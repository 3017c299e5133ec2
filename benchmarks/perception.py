"""How well everything that is handed over is perceived, and what it then steers, on one page:

    python -m benchmarks.perception --write docs/perception.md [--quick] [--again all|PART,PART] [--line PART=FILE]

Each part (sound, picture, film, rotoscope, steering, real) is a program of its own whose last line is JSON. Lines are
kept under benchmarks/results; a part that has one is read, the others are run, --again runs parts anew, and --line
takes the last line of a file that a part which was run apart has printed. --quick runs small sizes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.perception_page import page

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Part:
    """One program and its words: as it is measured, and small."""

    module: str
    words: tuple[str, ...]
    quick: tuple[str, ...]


PARTS = {
    "sound": Part("perception_sound", ("--count", "6", "--seed", "7100"),
                  ("--count", "2", "--seed", "7100", "--quick")),
    "picture": Part("perception_picture", ("24",), ("8",)),
    "film": Part("perception_film", ("--films", "3", "--seed", "520"), ("--films", "1", "--seed", "520", "--clean")),
    "rotoscope": Part("rotoscope", ("--worlds", "4", "--frames", "24"), ("--worlds", "1", "--frames", "12")),
    "steering": Part("perception_steering", ("--references", "3"), ("--references", "2")),
    "real": Part("perception_real", ("--tracks", "28"), ("--tracks", "6"))}


def kept(name: str, printed: str, words: str) -> None:
    """Store the JSON line of a part with the day and the class of the machine. Raises ValueError without one."""
    lines = [line for line in printed.strip().splitlines() if line.startswith("{")]
    if not lines:
        raise ValueError(f"{name} printed no line of JSON")
    found: dict[str, Any] = json.loads(lines[-1])
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    note = {"command": words, "day": datetime.now(UTC).date().isoformat(), "machine": machine}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"perception_{name}.json").write_text(json.dumps({"run": note, "found": found}) + "\n", "utf-8")


def run(name: str, quick: bool) -> None:
    part = PARTS[name]
    words = [f"benchmarks.{part.module}", *(part.quick if quick else part.words)]
    print(f"{name}: python -m {' '.join(words)}", flush=True)
    done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed: {done.stderr.strip().splitlines()[-1:]}")
    kept(name, done.stdout, f"python -m {' '.join(words)}")


def stored() -> dict[str, dict[str, Any]]:
    """What is kept, by part."""
    paths = {name: RESULTS / f"perception_{name}.json" for name in PARTS}
    return {name: json.loads(path.read_text("utf-8")) for name, path in paths.items() if path.exists()}


def main() -> None:
    options = argparse.ArgumentParser(description="One page of how well references are perceived.")
    options.add_argument("--write", type=Path, required=True, metavar="PAGE.md")
    options.add_argument("--quick", action="store_true")
    options.add_argument("--again", default="", help="parts to run anew, or all")
    options.add_argument("--line", action="append", default=[], metavar="PART=FILE")
    options.add_argument("--read", action="store_true", help="run nothing")
    chosen = options.parse_args()
    again = list(PARTS) if chosen.again == "all" else [name for name in chosen.again.split(",") if name]
    wrong = [name for name in again if name not in PARTS]
    if wrong:
        raise SystemExit(f"There is no part {wrong[0]}; parts are {', '.join(PARTS)}.")
    for given in chosen.line:
        name, _, path = given.partition("=")
        part = PARTS[name]
        kept(name, Path(path).read_text("utf-8"), f"python -m {' '.join([f'benchmarks.{part.module}', *part.words])}")
    have = stored()
    for name in PARTS:
        if not chosen.read and (name in again or name not in have):
            run(name, chosen.quick)
    chosen.write.write_text(page(stored()), "utf-8")
    print(f"{chosen.write} is written from {len(stored())} of {len(PARTS)} parts.")


if __name__ == "__main__":
    main()
