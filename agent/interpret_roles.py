"""Which reference does which job, in words: "camera from a.mp4, palette from b.png, not the cuts"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from agent.interpret_mentions import Item, items_of
from agent.lexicon import index, stem
from agent.lexicon import roles as table
from agent.references import ALL, DEFAULT_ROLES, GIVES

_LIST = r"(?:[DO]*R(?:[,A]*[DO]*R)*)"
_NAMED = r"(?:[DO]*[FI](?:A[DO]*F)*)"
_BARE = r"(?:[DO]*[Ff])"
_END = r"(?=[.,:CNUE]|A(?![FfIR])|J|$)"
_TAIL = r"[OJBX]*"
# Sentences as strings of letters, the fullest reading first. Groups: roles, refs, no (roles refused), back (refs that
# the refused roles are of).
_READINGS: tuple[tuple[str, re.Pattern[str]], ...] = tuple((name, re.compile(pattern)) for name, pattern in (
    ("again", rf"(?:V?[DO]*M[DOP]*(?P<refs>F|I|f(?=[.,:CNUTgJ]|$))"
              rf"|KD?(?P<refs2>F|I)J?[,]?B|Y(?P<refs3>F|I)(?=Z)|[DO]*M(?=[.J]|$)){_TAIL}"),
    # "Make the photo move like the film": what is moved keeps its own jobs.
    ("made", rf"(?:K|L)[DO]*[FIf]X*(?P<roles>{_LIST})[PQ]*(?P<refs>{_NAMED}){_TAIL}"),
    ("only_but", rf"(?:NP)(?P<refs>{_NAMED})C(?P<roles>{_LIST}){_TAIL}"),
    ("none_else", r"[,AC]*E(?:P(?:[DO]*[FIf]))?"),
    ("look", rf"U[DO]*(?P<roles>{_LIST}),?V[DO]*(?P<refs>{_NAMED}){_TAIL}"),
    ("except", rf"[CV]*N[VDOX]*(?P<back>F)S(?P<no>O?R(?:[,A]*[DO]*R)*){_TAIL}"),
    ("except", rf"[CV]*N[VDOXU]*(?P<no>{_LIST})(?:P(?P<back>{_NAMED}|{_BARE}))?{_TAIL}"),
    ("not_from", rf"NP(?P<back>{_NAMED}){_TAIL}"),
    ("of", rf"[VX]*[DOP]*(?P<roles>{_LIST})[XG]*(?:[VXG]*[OD]*[PQ]|T(?=[DO]*[Ff])|:V?|V|(?=F))[PQD]*"
           rf"(?P<refs>{_NAMED}|{_BARE})"
           rf"(?:G[DO]*R?)?{_TAIL}"),
    ("of_none", rf"[VX]*[DOP]*(?P<none>{_LIST})PN(?=[.,]|$)"),
    ("but", rf",?C[DOV]*(?P<roles>{_LIST}){_END}{_TAIL}"),
    ("for", rf"[VX]*[DO]*(?P<refs>{_NAMED}|{_BARE})[OJ,]*(?:G[OX]*)?(?:O?[UQ]|:|XV|"
            rf"V[DO]*(?=R))[OUPQ]*(?P<roles>{_LIST}){_TAIL}"),
    ("gives", rf"V?[DO]*(?P<refs>{_NAMED}|{_BARE})[XJ]*G[OVDU]*(?P<roles>{_LIST}){_TAIL}"),
    ("own", rf"[VX]*[DO]*(?P<refs>F(?=S)|f(?=S)|F)S?(?P<roles>O?R(?:[,A]*[DO]*R)*){_TAIL}"),
    ("just", rf"(?:[VX]*O[VDO]*|V+O*D[DO]*)(?P<roles>{_LIST})(?:V|U)?{_END}{_TAIL}"),
    ("use", rf"V+[DO]*(?P<refs>{_NAMED}){_END}{_TAIL}"),
    ("thing", rf"(?P<thing>W)P(?P<refs>[DO]*F){_TAIL}"),
))
# Small words that led up to what was taken out, and mean nothing without it.
_LEADS = "OACVXDgTUPQ,KL"
_ENDS_LEFT = re.compile(r"^[\s,;:.!?–—-]+|^(?:and|but|und|aber|et|mais|y|pero)\s+", re.I)
_ENDS_RIGHT = re.compile(r"(?:[\s,;:–—-]+|\s+(?:and|but|with|und|et|y|mit|avec|con))$", re.I)


@dataclass
class _Jobs:
    """kinds as given; given and refused: roles by reference number; last: what was spoken of last."""

    kinds: Sequence[str]
    given: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    refused: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    last: tuple[int, ...] = ()
    listed: tuple[str, ...] = ()
    before: str = ""


def roles_said(prompt: str, kinds: Sequence[str], names: Sequence[str]) -> tuple[dict[int, tuple[str, ...]], str]:
    """The jobs a prompt gives to references, and the prompt without those words.

    kinds: "film", "image", "sketch", "audio", "speech", "rhythm", "gesture", "lyrics" or "text" of each reference, in
    the order given; names: their file names (paths are fine). Reference numbers count from 0. A reference nobody
    spoke of is not in the answer (it keeps its defaults); one of which only some jobs were refused ("not the
    colours") has the others of its kind; "recreate this" gives ("all",).
    """
    if not kinds or not prompt.strip():
        return {}, prompt
    names = [*names, *[""] * len(kinds)][: len(kinds)]
    items = items_of(prompt, kinds, names)
    jobs = _Jobs(kinds)
    gone: list[tuple[int, int]] = []
    for first, last in _sentences(items):
        gone += _read(items[first:last], jobs)
    settled = {ref: roles for ref in sorted({*jobs.given, *jobs.refused}) if (roles := _settled(jobs, ref))}
    return settled, _without(prompt, gone)


def _sentences(items: list[Item]) -> list[tuple[int, int]]:
    edges = [0, *(k + 1 for k, item in enumerate(items) if item.letter == "."), len(items)]
    return [(a, b) for a, b in pairwise(edges) if b > a]


def _read(items: list[Item], jobs: _Jobs) -> list[tuple[int, int]]:
    """Reads one sentence from left to right; the places in the text that spoke of references."""
    letters = "".join(item.letter for item in items)
    gone: list[tuple[int, int]] = []
    jobs.before = ""
    k = 0
    while k < len(items):
        for name, pattern in _READINGS:
            hit = pattern.match(letters, k)
            if hit is not None and hit.end() > k and _taken(name, hit, items, jobs):
                gone.append(_place(name, hit, items, letters))
                jobs.before = name
                k = hit.end()
                break
        else:
            k += 1
    return gone


def _taken(name: str, hit: re.Match[str], items: list[Item], jobs: _Jobs) -> bool:
    """Whether the reading makes sense here; then its jobs are noted."""
    groups = {key: items[hit.start(key):hit.end(key)] for key, value in hit.groupdict().items() if value}
    asked = tuple(item.role for item in groups.get("roles", []) if item.letter == "R")
    no = tuple(item.role for key in ("no", "none") for item in groups.get(key, []) if item.letter == "R")
    refs = _refs(groups.get("refs", []) + groups.get("refs2", []) + groups.get("refs3", []), jobs, asked)
    back = _refs(groups.get("back", []), jobs, no)
    if name == "none_else":
        return bool(jobs.last)
    if name == "again":
        whole = refs or _suited(jobs, ("all",))
        refs = whole if all(jobs.kinds[n] not in table.HEARD for n in whole) else ()
        asked = ("all",)
    if name in ("except", "of_none"):
        refs = back or (jobs.last if name == "except" else tuple(range(len(jobs.kinds))))
        if name == "of_none":
            return True
        if not refs or (not back and not jobs.last):
            return False
        for ref in refs:
            jobs.refused.setdefault(ref, []).extend(no)
        jobs.last, jobs.listed = refs, no
        return True
    if name == "not_from":
        if not back or not jobs.listed:
            return False
        for ref in back:
            jobs.refused.setdefault(ref, []).extend(jobs.listed)
        return True
    if name == "but":
        refs = jobs.last if jobs.before == "except" else ()
    if name == "just":
        refs = _suited(jobs, asked)
        sole = len(jobs.kinds) == 1 or bool(jobs.last)
        if not sole and not any(item.letter == "O" for item in items[hit.start():hit.end()]):
            return False
    if name == "thing" and refs:
        word = groups["thing"][0]
        lead = items[hit.start() + 1].words
        if lead not in ("from", "out of", "aus", "of", "von", "in") or word.words in ("view", "rest", "end", "start"):
            return False
        if lead in ("of", "von", "in") and jobs.kinds[refs[0]] not in ("image", "sketch"):
            return False
        asked = ("subject",)
    if name == "use" and any(item.letter == "I" for item in groups["refs"]):
        return False
    if not refs:
        return False
    jobs.last = refs
    if name == "use":
        verb = " ".join(item.words for item in items[hit.start():hit.end()] if item.letter == "V")
        if re.search(r"\b(?:cut|edit|sync)", verb):
            asked = ("tempo",)
        elif re.search(r"\b(?:copy|imitate|mimic)\b", verb) and jobs.kinds[refs[0]] not in table.HEARD:
            asked = ("all",)
        else:
            return True
    for ref in refs:
        jobs.given.setdefault(ref, []).extend(asked)
    jobs.listed = asked
    return True


def _refs(items: list[Item], jobs: _Jobs, asked: tuple[str, ...]) -> tuple[int, ...]:
    named = tuple(dict.fromkeys(ref for item in items if item.letter in "Ff" for ref in item.refs))
    if named or not any(item.letter == "I" for item in items):
        return named
    return jobs.last or _suited(jobs, asked)


def _suited(jobs: _Jobs, asked: tuple[str, ...]) -> tuple[int, ...]:
    """The reference meant where none is named: the one spoken of last, the only one, or the first that can do it."""
    if jobs.last and all(jobs.kinds[n] not in table.HEARD or "all" not in asked for n in jobs.last):
        return jobs.last
    if len(jobs.kinds) == 1:
        return (0,)
    if "all" in asked:
        order = [n for kind in ("film", "image", "sketch") for n, have in enumerate(jobs.kinds) if have == kind]
        return tuple(order[:1])
    able = [n for n, kind in enumerate(jobs.kinds)
            if all(_role(role, kind) in _of_kind(GIVES, kind) for role in asked)]
    return tuple(able[:1])


def _role(role: str, kind: str) -> str:
    """The role a word means for a kind: the tempo of a song is its rhythm, that of a film its pacing."""
    if role == "words" and kind == "lyrics":
        return "lyrics"
    if role == "content" and kind == "speech":
        return "speech"
    heard, seen = table.BY_KIND.get(role, (role, role))
    return heard if kind in table.HEARD else seen


def _settled(jobs: _Jobs, ref: int) -> tuple[str, ...]:
    kind = jobs.kinds[ref]
    refused = {_role(role, kind) for role in jobs.refused.get(ref, ())}
    given = tuple(dict.fromkeys(_role(role, kind) for role in jobs.given.get(ref, ())))
    if "all" in given and not refused:
        return ("all",)
    if "all" in given:
        given = _of_kind(ALL, kind) or _of_kind(DEFAULT_ROLES, kind)
    return tuple(role for role in given or _of_kind(DEFAULT_ROLES, kind) if role not in refused)


def _of_kind(roles: Mapping[Any, tuple[str, ...]], kind: str) -> tuple[str, ...]:
    return roles.get(kind, ())


def _place(name: str, hit: re.Match[str], items: list[Item], letters: str) -> tuple[int, int]:
    """The place in the text of what was read, with the small words that led up to it."""
    first, last = hit.start(), hit.end()
    if name == "thing":
        return items[first].end, items[last - 1].end
    while first > 0 and letters[first - 1] in _LEADS:
        first -= 1
    return items[first].start, items[last - 1].end


def _without(prompt: str, gone: list[tuple[int, int]]) -> str:
    """The prompt without those places; punctuation left over is tidied."""
    if not gone:
        return prompt
    out: list[str] = []
    at = 0
    for start, end in sorted(gone):
        out.append(prompt[at:max(at, start)])
        at = max(at, end)
    out.append(prompt[at:])
    pieces = [_tidied(piece) for piece in out]
    text = ""
    for piece, raw in zip(pieces, out, strict=True):
        if not piece:
            continue
        joint = "" if not text else ". " if re.match(r"\s*[.!?;\n]", raw) else ", " if re.match(r"\s*,", raw) else " "
        text = text.rstrip(" ,") + joint + piece if joint.strip() else text + joint + piece
    return text


def without_names(prompt: str, kinds: Sequence[str], names: Sequence[str]) -> str:
    """The prompt with "it" for mentions of references whose name would be read as a look ("my sketch comes alive",
    "the photo"): a word that names a reference does not say how the film is drawn."""
    if not kinds or not prompt.strip():
        return prompt
    names = [*names, *[""] * len(kinds)][: len(kinds)]
    out: list[str] = []
    at = 0
    for item in items_of(prompt, kinds, names):
        file = any(item.words == name.lower() or "." in item.words for name in names)
        drawn = any(kinds[ref] in ("image", "sketch") for ref in item.refs)
        if item.letter == "F" and (file or drawn) and _looks(item.words):
            out += [prompt[at:item.start], "it"]
            at = item.end
    return "".join([*out, prompt[at:]])


def _looks(words: str) -> bool:
    """Whether one of the words alone names a look."""
    return any(len(entry.stems) == 1 and any(sense.axis == "look" for sense in entry.senses)
               for word in re.findall(r"[^\W\d_]+", words.lower()) for entry in index().get(stem(word), ()))


def _tidied(text: str) -> str:
    before = ""
    while before != text:
        before = text
        text = _ENDS_RIGHT.sub("", _ENDS_LEFT.sub("", text))
    return text.strip()
