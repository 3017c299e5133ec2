"""A long request as beats: sentences of prose, or the lines of a numbered storyboard, in the order they are told.

What speaks of the whole film ("three minutes, watercolour, with slow piano") is kept apart from what is seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from agent.story_tells import tells

READ_CHARS = 20_000
MOST_BEATS = 48
FEWEST_SENTENCES, FEWEST_ITEMS = 4, 3
# So few are a story where each of them tells something that happens.
FEWEST_TOLD = 3
_BREAK = re.compile(r"(?<=[.!?…])[\"”’)]?\s+|\n+")
_SHORT = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|No|vs|ca|approx)\.$", re.I)
_HEAD = re.compile(
    r"^\s*(?:[-*•]\s+)?(?:\*\*)?(?:(?:shot|scene|panel|frame|beat|part|chapter|act|step|szene|plan|bild)\s*)?#?"
    r"(?P<n>\d{1,2})\s*(?:\*\*)?(?:[.):–—-]|\*\*)\s*(?!\d)", re.I)
_CODE = re.compile(
    r"^\s*[\[(]?(?P<a>\d{1,2}:\d\d)\s*(?:-|–|—|to)\s*(?P<b>\d{1,2}:\d\d)[\])]?\s*[:.–—-]*\s*")
_LENGTH = re.compile(
    r"[\[(]?\b(?:for\s+)?(?P<s>\d{1,3}(?:\.\d+)?)\s*(?:s|sec|secs|seconds?)\b[\])]?\s*[:,.–—-]*\s*", re.I)
_INLINE = re.compile(r"(?:(?<=[.;:!?])|(?<=^))\s*(?=(?:(?:shot|scene|panel|frame)\s*)?\d{1,2}[.):]\s+[A-Za-z])", re.I)
_JOINTS = re.compile(r"\s*;\s+|\s+[–—]\s+|,?\s+and then\s+|,\s*then\s+|,\s+(?=(?:where|until|while|as)\s)", re.I)
# Sentences of the film's maker, not of its story.
_WHOLE = re.compile(
    r"\b(?:\d+|one|two|three|four|five|ten|thirty|sixty|ninety)[- ]?(?:s\b|sec\b|seconds?|minutes?|min\b)|"
    r"\b(?:please|fps|bpm|soundtrack|treatment|storyboard|in the style of|\d+\s*x\s*\d+|16:9|9:16|"
    r"(?:film|video|movie|advert|commercial|documentary|fable|cartoon|animation|trailer|clip)\b(?! (?:camera|reel))|"
    r"music|piano|orchestral|synthwave|techno|jazz|ambient|waltz|lo-?fi|no (?:sound|people|dialogue)|"
    r"black and white|watercolou?r|pixel art|film noir|pencil|ink wash|cel|claymation|hand[- ]drawn|photoreal\w*|"
    r"pacing|slow cuts|quick cuts|the (?:mood|tone|look|style|colou?rs?|palette) (?:is|are|should|stays?)|"
    r"make (?:it|this|me)|i(?:'d| would) (?:like|love)|i want|everything (?:is )?(?:drawn|painted))\b", re.I)
_SECTIONS = re.compile(r"\b(?:chorus|verse|drop|intro|outro|refrain|bridge of the song|breakdown|build-?up)\b", re.I)
_MOMENT = re.compile(r"\b(?:at|after|in the last|in the first|for the last|for the first)\s+(?:\d{1,3}|\d:\d\d|\w+teen|"
                     r"ten|twenty|thirty|five)\s*(?:s\b|sec|seconds?|minutes?|:)", re.I)


@dataclass(frozen=True)
class Beat:
    """One thing that happens. paragraph: which of the text's; length_s: where it was stated; item: of a storyboard."""

    text: str
    paragraph: int = 0
    length_s: float | None = None
    item: bool = False


@dataclass(frozen=True)
class Form:
    """The beats in order, and the words that speak of the whole film."""

    beats: tuple[Beat, ...]
    whole: str
    numbered: bool


def form_of(text: str) -> Form | None:
    """The beats of a storyboard of at least three items, of prose of at least four sentences, or of three that each
    tell something that happens; else None: a shorter request, or one that hangs its steps on a song or on moments, is
    read as one."""
    text = text[:READ_CHARS].strip()
    return _numbered(text) or _prose(text)


def is_whole(sentence: str) -> bool:
    """Whether a sentence speaks of the whole film and not of what happens in it."""
    return bool(_WHOLE.search(sentence))


def _numbered(text: str) -> Form | None:
    lines = [line for line in text.splitlines() if line.strip()]
    if sum(bool(_HEAD.match(line) or _CODE.match(line)) for line in lines) < FEWEST_ITEMS:
        lines = [part for part in _INLINE.split(text) if part.strip()]
    heads = [k for k, line in enumerate(lines) if _HEAD.match(line) or _CODE.match(line)]
    if len(heads) < FEWEST_ITEMS:
        return None
    whole = [line.strip() for line in lines[:heads[0]]]
    beats: list[Beat] = []
    for line in lines[heads[0]:]:
        head, code = _HEAD.match(line), _CODE.match(line)
        if head is None and code is None:
            if is_whole(line) or not beats:
                whole.append(line.strip())
            else:
                beats[-1] = replace(beats[-1], text=f"{beats[-1].text} {line.strip()}")
            continue
        rest = line[(head or code).end():] if (head or code) else line  # type: ignore[union-attr]
        code = code or _CODE.match(rest)
        length_s = None
        if code is not None:
            length_s = _clock(code["b"]) - _clock(code["a"])
            rest = rest[rest.find(code["b"]) + len(code["b"]):].lstrip(" ])-–—:.") if head else rest
        beats.append(_timed(Beat(rest.strip(), len(beats), length_s if length_s and length_s > 0 else None, True)))
    beats = [beat for beat in beats if re.search(r"\w", beat.text)]
    return Form(tuple(beats[:MOST_BEATS]), " ".join(whole), True) if len(beats) >= FEWEST_ITEMS else None


def _prose(text: str) -> Form | None:
    if len(_SECTIONS.findall(text)) >= 2 or _MOMENT.search(text):
        return None
    whole: list[str] = []
    beats: list[Beat] = []
    sentences: list[str] = []
    for number, paragraph in enumerate(part for part in re.split(r"\n\s*\n", text) if part.strip()):
        for sentence in _sentences(paragraph):
            before, colon, after = sentence.partition(":")
            if colon and is_whole(before) and len(after.split()) >= 3:
                whole.append(before)
                sentence = after.strip()
            elif is_whole(sentence):
                whole.append(sentence)
                continue
            sentences.append(sentence)
            beats += [_timed(Beat(part, number)) for part in _clauses(sentence)]
    if len(sentences) < FEWEST_SENTENCES and not (len(sentences) >= FEWEST_TOLD and all(map(tells, sentences))):
        return None
    return Form(tuple(_few(beats)), " ".join(whole), False)


def _sentences(text: str) -> list[str]:
    out: list[str] = []
    for part in _BREAK.split(text):
        part = part.strip()
        if not re.search(r"\w", part):
            continue
        if out and _SHORT.search(out[-1]):
            out[-1] = f"{out[-1]} {part}"
        else:
            out.append(part)
    return out


def _clauses(sentence: str) -> list[str]:
    """A sentence at its joints, where both sides can stand alone."""
    out: list[str] = []
    at = 0
    for hit in _JOINTS.finditer(sentence):
        if len(sentence[at:hit.start()].split()) >= 4 and len(sentence[hit.end():].split()) >= 4:
            out.append(sentence[at:hit.start()].strip())
            at = hit.end()
    return [*out, sentence[at:].strip()]


def _few(beats: list[Beat]) -> list[Beat]:
    """At most MOST_BEATS: the shortest neighbours of one paragraph are joined first."""
    while len(beats) > MOST_BEATS:
        k = min(range(len(beats) - 1), key=lambda k: (beats[k].paragraph != beats[k + 1].paragraph,
                                                      len(beats[k].text) + len(beats[k + 1].text)))
        beats[k:k + 2] = [replace(beats[k], text=f"{beats[k].text} {beats[k + 1].text}")]
    return beats


def _timed(beat: Beat) -> Beat:
    """The beat with a length that it states itself ("(6 s)", "for 4 seconds") taken out of its words."""
    hit = _LENGTH.search(beat.text)
    if hit is None or not 0.5 <= float(hit["s"]) <= 600:
        return beat
    words = f"{beat.text[:hit.start()]}{beat.text[hit.end():]}".strip()
    return replace(beat, text=words or beat.text, length_s=beat.length_s or float(hit["s"]))


def _clock(text: str) -> float:
    minutes, seconds = text.split(":")
    return 60.0 * int(minutes) + int(seconds)
