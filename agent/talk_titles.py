"""Lines about words on the screen: "add a title card “Home”", "end with credits: a film by Mara", "no subtitles"."""

from __future__ import annotations

import re
from typing import Any

from agent.brief import Brief
from agent.talk_change import Changed, opened
from agent.talk_types import KnownTake
from agent.titles import titles_for
from agent.titles_words import titles_asked, with_asked
from modalities.faults import Unusable

_GONE = re.compile(r"\b(?:no|without|remove|delete|drop|hide|lose|take(?: (?:out|away|off))?|get rid of)\b"
                   r"(?: \w+){0,3}? "
                   r"(?P<what>(?:inter|sub)?-?titles?(?: cards?)?|captions?|credits|text|words|lettering)\b")
_KINDS = {"subtitle": "subtitle", "caption": "subtitle", "intertitle": "intertitle", "credit": "credits",
          "title": "title"}


def lettered(text: str, here: KnownTake) -> Changed | None:
    """The change that a line about titles asks for; None where it is about something else. text: as it was typed."""
    made = opened(here.direction)
    titles: list[dict[str, Any]] = made.document["titles"]
    if not re.search(r"[\"“«„]", text) and (found := _GONE.search(" ".join(text.lower().split()))):
        kind = next((kind for word, kind in _KINDS.items() if found["what"].replace("-", "").startswith(word)), None)
        left = [old for old in titles if kind is not None and old["kind"] != kind]
        if len(left) == len(titles):
            made.missed.append(f"there are no {'such ' if titles else ''}words on the screen")
            return made
        titles[:] = left
        made.told(f"the {'words' if kind is None else kind.rstrip('s') + 's'} on the screen are gone", "titles")
        return made
    asked, rest = titles_asked(text)
    if asked:
        spans = made.spans()
        try:
            fresh = titles_for(with_asked(Brief(goal=here.brief.goal), asked), here.direction.title,
                               here.direction.shots, spans, range(len(spans)))
        except Unusable as fault:
            made.missed.append(str(fault).rstrip("."))
            return made
        if not fresh:
            made.missed.append("there are no words for that; put them in quotes")
            return made
        kinds = {title.kind for title in fresh}
        titles[:] = [old for old in titles if old["kind"] not in kinds] + [one.model_dump(mode="json") for one in fresh]
        shown = ", ".join(f"“{' / '.join(title.text.splitlines())[:40]}”" for title in fresh[:3])
        says = "says" if kinds == {"title"} else "say"
        made.told(f"{' and '.join(sorted(_said(kind) for kind in kinds))} {says} {shown}", "titles")
        if rest.strip(" .,;!") and any(letter.isalnum() for letter in rest):
            made.missed.append(f"“{' '.join(rest.split())[:60]}” was left for a line of its own")
        return made
    return None


def _said(kind: str) -> str:
    return {"title": "a title", "subtitle": "subtitles", "credits": "credits", "intertitle": "intertitles"}[kind]


__all__ = ["lettered"]
