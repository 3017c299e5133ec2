"""Which languages a request may be in: tests/suite/languages.yaml with the dictionaries, without them, and the encoder.

    python -m benchmarks.spoken_languages [--failures]

For each language: the share of translated requests whose expectations all hold (development and held-out half), the
same with the dictionaries switched off, the share of later lines that come to the turn of their English (of those that
are understood in English), and what the packaged sentence encoder alone manages: how often a translation is nearest to
its own English among all (chance: 1 of n).
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from agent import interpret as reader
from agent.languages import Spoken, in_english
from agent.lexicon.languages import CODES, NAMES
from agent.talk import Turn, understand
from benchmarks.conversations import Faked
from benchmarks.first_requests import Scored, scored, studio_in
from benchmarks.suite import FOLDER, load
from world_model.text import packaged

MORE = {"pl": "Polish", "ja": "Japanese", "zh": "Chinese"}


def _as_it_is(text: str) -> Spoken:
    return Spoken(text)


def _share(rows: Sequence[Scored], half: str = "") -> float:
    return round(statistics.fmean(not row.failed for row in rows if half in ("", row.item["half"])), 3)


def encoder(requests: Sequence[dict[str, Any]], known: dict[str, dict[str, Any]], code: str
            ) -> tuple[float, float, int]:
    """(share nearest to its own English, cosine to it, texts) by the packaged encoder."""
    model = packaged()
    chosen = [item for item in requests if code in item]
    if model is None:
        raise SystemExit("the packaged sentence encoder is not installed")
    own = np.asarray(model.embed([known[item["id"]]["say"] for item in chosen]))
    other = np.asarray(model.embed([item[code] for item in chosen]))
    near = other @ own.T
    return (round(float((near.argmax(1) == np.arange(len(chosen))).mean()), 3), round(float(np.diag(near).mean()), 3),
            len(chosen))


def measure(failures: bool = False) -> dict[str, Any]:
    said = yaml.safe_load((FOLDER / "languages.yaml").read_text("utf-8"))
    known = {item["id"]: item for item in load("requests")}
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        studio = studio_in(Path(folder))
        project = Faked(studio)
        project.follow(1, "", Turn(kind="new", prompt="birds over a meadow, noon, folk, 40 seconds"))
        project.follow(2, "", Turn(kind="edit", parent="t0001", reason="again"))
        for code in ("en", *CODES, *MORE):
            items = [known[item["id"]] | {"say": item.get(code, known[item["id"]]["say"]), "half": item["half"]}
                     for item in said["requests"] if code == "en" or code in item]
            rows = scored(items, studio)
            reader.in_english = _as_it_is
            try:
                bare = scored(items, studio)
            finally:
                reader.in_english = in_english
            nearest, cosine, n = encoder(said["requests"], known, code) if code != "en" else (1.0, 1.0, len(items))
            result[code] = {"n": n, "dev": _share(rows, "dev"), "held_out": _share(rows, "held_out"),
                            "without": _share(bare), "nearest": nearest, "cosine": cosine, "lines": None}
            if code in CODES:
                pairs = [(row["en"], row[code]) for row in said["lines"] if row["en"].startswith("why")
                         or _turn(row["en"], project)["kind"] != "answer"]
                same = [_turn(a, project) == _turn(b, project) for a, b in pairs]
                result[code]["lines"] = round(statistics.fmean(same), 3)
            if failures:
                for row in rows:
                    if row.failed and row.item["half"] == "dev":
                        print(f"{code} {row.item['id']} {in_english(row.item['say']).text!r}: {row.failed}",
                              file=sys.stderr)
    return result


def _turn(line: str, project: Faked) -> dict[str, Any]:
    return understand(line, project.standing(), project.direct_anew).model_dump(exclude={"said", "reason"})


def table(result: dict[str, Any]) -> list[str]:
    """Markdown rows, one a language."""
    lines = ["| language | requests | development | held out | no dictionary | later lines | encoder: own English "
             "nearest | cosine |", "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for code, row in result.items():
        later = "" if row["lines"] is None else f"{row['lines']:.0%}"
        lines.append(f"| {(NAMES | MORE)[code]} | {row['n']} | {row['dev']:.0%} | {row['held_out']:.0%} | "
                     f"{row['without']:.0%} | {later} | {row['nearest']:.0%} | {row['cosine']:.2f} |")
    return lines


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", action="store_true", help="say what failed (development half only)")
    result = measure(parser.parse_args(argv).failures)
    print("\n".join(table(result)))
    print(json.dumps(result))
    return result


if __name__ == "__main__":
    main()
