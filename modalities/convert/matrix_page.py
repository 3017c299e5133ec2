"""The matrix as a table for a terminal and as a page for the documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from modalities.convert.given import OUTPUTS

HOW = """Each cell: the mean score of an output against the truth, the better baseline in brackets, and `✓` where it
beats both baselines by more than the standard error of the paired difference (`·` where not). 1 is the truth itself.

- **Truth**: {worlds} held-out worlds from seed {first_seed} on, with pairs of place, look and body that training never
  saw; rendered and heard by the simulator. **Inputs** are made from them: text in wording that training never saw, the
  first picture (and what perception says of it in three phrases), that picture as a pencil drawing (and the hill line
  perception finds in it), film (a look every quarter second, sound, and phrases for its middle), the sound, the
  camera's path, and the stroke a hand would draw for it (how the camera turns and tilts, nothing else).
- **Baselines**, in the same run: *shuffled*, the outputs for another world's input (rotated by one world);
  *unconditional*, what the model makes of nothing.
- **Scores**: text, share of nine named aspects; image, colours at 16 x 9 in OKLab (0.7) and edges (0.3); sketch,
  correlation of ink after a blur; video, colours at three instants and the camera's motion; audio, mel bands, their
  spread and attacks; score, genre, tempo, energy and key; camera, course, signs, scale and height; panel, the same
  controls with near values.
- Sampling: {sampling_steps} steps, seed {seed}. {passed} of {of} cells pass."""


def rows_of(cells: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """The table, first row the outputs: one row an input."""
    kinds = list(dict.fromkeys(str(cell["from"]) for cell in cells))
    found = {(cell["from"], cell["to"]): cell for cell in cells}
    table = [["from \\ to", *OUTPUTS]]
    for kind in kinds:
        row = [kind]
        for to in OUTPUTS:
            cell = found[(kind, to)]
            row.append(f"{cell['score']:.2f} ({cell['baseline']:.2f}) {'✓' if cell['passed'] else '·'}")
        table.append(row)
    return table


def table_lines(cells: Sequence[Mapping[str, Any]]) -> list[str]:
    """The table for a terminal."""
    table = rows_of(cells)
    widths = [max(len(row[k]) for row in table) for k in range(len(table[0]))]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in table]


def page(result: Mapping[str, Any], command: str) -> str:
    """The Markdown page of a result of `matrix`, without a date: the command and the seeds make it again."""
    table = rows_of(result["cells"])
    lines = ["| " + " | ".join(row) + " |" for row in table]
    lines.insert(1, "|" + " --- |" * len(table[0]))
    details = ["| from | to | score | shuffled | unconditional | margin | its standard error |", "|" + " --- |" * 7]
    details += [f"| {c['from']} | {c['to']} | {c['score']:.3f} | {c['shuffled']:.3f} | {c['unconditional']:.3f} | "
                f"{c['margin']:+.3f} | {c['margin_se']:.3f} |" for c in result["cells"]]
    return "\n".join(["# Any to any", "", f"Made by `{command}`.", "", HOW.format_map(dict(result)), "", *lines, "",
                      "## Every cell", "", *details, ""])
