"""Words on the screen that a request asks for: a title card, end credits, subtitles, intertitles as in silent films.

What is quoted is shown and never read as a wish: the words that ask for titles are taken out of the request.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from agent.brief import Brief, Trait
from modalities.titles_type import LONGEST, Kind

Where = Literal["start", "end", "each", "steps"]
_Q = (r"(?:\"(?P<a{0}>[^\"\n]{{1,400}})\"|“(?P<b{0}>[^”\n]{{1,400}})”|«\s*(?P<c{0}>[^»\n]{{1,400}}?)\s*»|"
      r"„(?P<d{0}>[^“”\n]{{1,400}})[“”]|(?<!\w)['‘](?P<e{0}>[^\n'’]{{1,200}}(?:['’]\w[^\n'’]*)*)['’](?!\w))")
_LEAD = (r"(?:,?\s*\b(?:and|with|plus|add(?:ing)?|show(?:ing)?|put|give it|mit|avec|con|y|et|und)\s+)*"
         r"(?P<end>\b(?:and\s+)?(?:it\s+)?(?:end(?:s|ing)?|clos(?:e|es|ing)|finish(?:es)?)\s+(?:it\s+)?(?:with|on)\s+)?"
         r"(?:\b(?:and|with|plus|add)\s+)?(?:\b(?:an?|the|some|its?|einem?|einer|dem|den|der|un|une|una|el|le)\s+)?")
_SAYS = (r"(?:\s+(?:at|over|on|in|am|zu)\s+(?:the\s+)?(?P<place{0}>start|beginning|opening|end|last shot|"
         r"first shot|anfang|ende))?"
         r"(?:\s*(?:,?\s*(?:that\s+)?(?:say(?:s|ing)?|read(?:s|ing)?|with the (?:words|text)))?\s*[:,]?\s*)")
_TITLE = re.compile(_LEAD + r"(?P<which>opening|main|end|ending|closing|final)?\s*"
                    r"\b(?:title[- ]?cards?|titles?\s+cards?|titles?|title sequence|titelkarte|titel|titre|t[ií]tulo|"
                    r"titolo)\b"
                    + _SAYS.format("t") + _Q.format("t") + r"(?P<after>\s+at the (?:end|start|beginning))?", re.I)
_BARE = re.compile(_LEAD + r"(?P<which>opening|main|end|ending|closing|final)?\s*\b(?:title[- ]cards?|titles)\b"
                   r"(?!\s*[\"“«„:])", re.I)
_CREDITS = re.compile(_LEAD + r"(?P<which>opening|end|ending|closing|final)?\s*"
                      r"\b(?:credits|abspann|g[eé]n[eé]rique|cr[eé]ditos|titoli di coda)\b" + _SAYS.format("c")
                      + r"(?:" + _Q.format("c") + r"|(?<=[:,] )(?P<plain>[^.\n\"“]{3,200}))?", re.I)
_INTER = re.compile(_LEAD + r"(?:silent[- ](?:film|movie)\s+)?\b(?:inter-?titles?|zwischentitel|intertitres?)\b"
                    r"(?:\s+(?:as|like)\s+in\s+(?:a\s+)?silent\s+(?:films?|movies?|cinema))?\s*[:,]?\s*"
                    r"(?P<list>(?:(?:,|and|then)?\s*(?:\"[^\"\n]{1,400}\"|“[^”\n]{1,400}”)\s*)*)", re.I)
_SUB = re.compile(_LEAD + r"\b(?:subtitles?\s+(?:for\s+)?(?:each|every|all)(?:\s+of\s+the)?\s+(?:shots?|scenes?)|"
                  r"subtitle\s+(?:the\s+shots|everything|it)|(?:subtitles?|captions?|untertitel|sous-titres|subt[ií]tulos)"
                  r"(?:\s+(?:on|in|for|under)\s+(?:each|every|all)\s+(?:the\s+)?(?:shots?|scenes?))?)"
                  r"\s*[:,]?\s*(?P<list>(?:(?:,|and|then)?\s*(?:\"[^\"\n]{1,400}\"|“[^”\n]{1,400}”)\s*)*)", re.I)
_QUOTED = re.compile(r"\"([^\"\n]{1,400})\"|“([^”\n]{1,400})”")


class Asked(NamedTuple):
    """kind and where; text: None for the film's own words (its title, or what each beat tells)."""

    kind: Kind
    where: Where
    text: str | None
    because: str


def titles_asked(text: str) -> tuple[list[Asked], str]:
    """(what is to be shown as words, the request without the words that ask for it)."""
    found: list[Asked] = []

    def take(pattern: re.Pattern[str], kind: Kind) -> None:
        nonlocal text
        while hit := pattern.search(text):
            found.extend(_read(hit, kind))
            rest = text[hit.end():]
            before = text[:hit.start()].rstrip(" ,")
            rest = rest.lstrip(" .,!") if before[-1:] in (".", "!", "?", "") else rest
            text = f"{before}{'' if rest[:1] in ('.', ',', '!', '') else ' '}{rest}"
            if len(found) > 60:
                break

    take(_INTER, "intertitle")
    take(_SUB, "subtitle")
    take(_TITLE, "title")
    take(_CREDITS, "credits")
    take(_BARE, "title")
    return found, text.strip(" ,;") if found else text


def with_asked(brief: Brief, asked: list[Asked]) -> Brief:
    """The Brief with what is to be shown as words, as traits of axis "titles": {"kind", "where", "text"}."""
    traits = tuple(Trait(axis="titles", value={"kind": one.kind, "where": one.where, "text": one.text},
                         because=one.because[:200]) for one in asked)
    opening = next((one.text for one in asked if one.kind == "title" and one.where == "start" and one.text), None)
    if opening and not any(t.axis == "title" and t.confidence > 0.8 for t in brief.traits):
        traits = (*traits, Trait(axis="title", value=opening[:60], because=opening[:200], confidence=0.95))
    return brief.model_copy(update={"traits": (*brief.traits, *traits)}) if traits else brief


def _read(hit: re.Match[str], kind: Kind) -> list[Asked]:
    groups = hit.groupdict()
    words = " ".join(hit.group().split())
    if kind in ("intertitle", "subtitle"):
        texts = [(a or b).strip() for a, b in _QUOTED.findall(groups.get("list") or "")]
        return [Asked(kind, "steps", text[:LONGEST], words) for text in texts] or [Asked(kind, "each", None, words)]
    suffix = "t" if kind == "title" else "c"
    text = next((groups[f"{letter}{suffix}"] for letter in "abcde" if groups.get(f"{letter}{suffix}")), None)
    text = (text or groups.get("plain") or "").replace("\\n", "\n")
    place = f"{groups.get('which') or ''} {groups.get('place' + suffix) or ''} {groups.get('after') or ''} " \
            f"{groups.get('end') or ''}".lower()
    late = re.search(r"end|clos|final|finish|last", place) is not None
    early = re.search(r"open|start|begin|first|anfang", place) is not None
    where: Where = "end" if late or (kind == "credits" and not early) else "start"
    return [Asked(kind, where, text.strip()[:LONGEST] or None, words)]
