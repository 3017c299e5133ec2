"""Dictionaries of other languages: rows of one meaning, its English first (see agent/languages.py)."""

from __future__ import annotations

from agent.lexicon.languages.lines import LINES
from agent.lexicon.languages.nouns import NOUNS
from agent.lexicon.languages.qualities import QUALITIES
from agent.lexicon.languages.small import SMALL

# The order of the columns after English.
CODES = ("de", "fr", "es", "it", "pt", "nl")
NAMES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
         "nl": "Dutch"}


def rows(table: str) -> list[tuple[str, ...]]:
    """(English, one cell a language) of a table; an indented line goes on with the one before. Raises ValueError."""
    lines: list[str] = []
    for line in table.strip().splitlines():
        if line.startswith("    ") and lines:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    out = [tuple(cell.strip() for cell in line.split("|")) for line in lines]
    if wrong := [row for row in out if len(row) != 1 + len(CODES)]:
        raise ValueError(f"a row needs {1 + len(CODES)} cells: {wrong[0]}")
    return out


__all__ = ["CODES", "LINES", "NAMES", "NOUNS", "QUALITIES", "SMALL", "rows"]
