"""Tables written as plain text: words between spaces, phrases between commas."""

from __future__ import annotations


def word_set(table: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(table.split())


def phrases(table: str) -> tuple[str, ...]:
    """The phrases between commas, in order."""
    return tuple(item.strip() for item in table.split(",") if item.strip())


def pairs(table: str) -> dict[str, str]:
    """"a=b, c=d" as a dictionary."""
    return {name: value for name, _, value in (item.partition("=") for item in phrases(table))}
