"""The form of a screenplay: headings, action, shots, cues, dialogue, transitions, montages, cards.

Reads scripts as they are typed or pasted, numbered or not, in capitals or not, on one line or many, and Fountain
(https://fountain.io/syntax): forced headings, forced action, cues and transitions, notes, boneyard, title page.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace

from agent.interpret_screenplay_lines import (
    BEAT,
    CARD,
    CUE,
    ITEM,
    MONTAGE,
    MONTAGE_END,
    NO_NAMES,
    QUOTED,
    SHOT_WORDS,
    SHOTS,
    SIDE_NOTE,
    SPOKEN,
    TITLE_KEY,
    heading_of,
    lines_of,
    transition_of,
)

# What is left of "the camera pans to the lake" once the move is read.
_CAMERA = re.compile(r"^\s*(?:we|the camera|camera)\s+(?=\W*$|(?:slowly )?(?:to|across|over|on|with)\b)", re.I)
_BY = re.compile(r"(?:written |screenplay |a film |story )?(?:by|von|par|por)\b", re.I)


@dataclass(frozen=True)
class Speech:
    who: str
    how: str
    words: str


@dataclass(frozen=True)
class Shot:
    """One shot, or a whole scene where nothing divides it. action: paragraphs; asks: (axis, value, words as typed);
    transition: (kind, words) of how it begins; lines: its length on the page."""

    heading: str
    place: str
    time: str
    interior: bool
    scene: int
    action: tuple[str, ...] = ()
    asks: tuple[tuple[str, str, str], ...] = ()
    speech: tuple[Speech, ...] = ()
    cards: tuple[str, ...] = ()
    transition: tuple[str, str] | None = None
    montage: bool = False
    lines: float = 0.0

    @property
    def empty(self) -> bool:
        return not (self.action or self.asks or self.speech or self.cards)


@dataclass
class Script:
    """title; preamble: prose before the first scene; shots in order; ending: (kind, words) of a last transition."""

    title: str = ""
    preamble: str = ""
    shots: list[Shot] = field(default_factory=list[Shot])
    ending: tuple[str, str] | None = None
    names: set[str] = field(default_factory=set[str])


def script_of(text: str) -> Script | None:
    """The script a text is, or None for a text without that form (no scene heading, and fewer than two transitions on
    lines of their own)."""
    lines = lines_of(text)
    heads = sum(heading_of(line) is not None for line in lines)
    turns = sum(transition_of(line) is not None and line.strip().upper() == line.strip() for line in lines)
    if not heads and turns < 2:
        return None
    return _Reader(lines, heads > 0).script


class _Reader:
    """Walks the lines once."""

    def __init__(self, lines: list[str], headed: bool) -> None:
        self.lines = lines
        self.headed = headed
        self.script = Script()
        self.shot: Shot | None = None
        self.turn: tuple[str, str] | None = None
        self.montage = False
        self.scene = -1
        self.blank = True
        preamble: list[str] = []
        k = self._title_page()
        while k < len(lines):
            if not lines[k].strip():
                self.blank = True
                k += 1
                continue
            if self.shot is None and heading_of(lines[k]) is None and transition_of(lines[k]) is None:
                card = CARD.match(lines[k])
                if card and not self.script.title:
                    self.script.title = card["text"].strip(" \"“”'")
                elif not SIDE_NOTE.match(lines[k]):
                    preamble.append(lines[k].strip())
                k += 1
                continue
            k = self._line(k)
            self.blank = False
        self._close()
        self.script.ending = self.turn
        self.script.preamble = " ".join(preamble)

    def _title_page(self) -> int:
        k = 0
        while k < len(self.lines) and not self.lines[k].strip():
            k += 1
        if k == len(self.lines) or not TITLE_KEY.match(self.lines[k]):
            return self._plain_title_page(k)
        while k < len(self.lines) and self.lines[k].strip():
            hit = TITLE_KEY.match(self.lines[k])
            if hit and hit[1].lower() == "title":
                following = self.lines[k + 1].strip() if k + 1 < len(self.lines) else ""
                self.script.title = hit[2].strip(" \"“”'") or following
            if heading_of(self.lines[k]):
                break
            k += 1
        return k

    def _plain_title_page(self, k: int) -> int:
        """The line after "THE TITLE / by / Somebody" in capitals above the first scene; k where there is none."""
        end = k
        while end < len(self.lines) and not (heading_of(self.lines[end]) or transition_of(self.lines[end])):
            end += 1
        page = [line.strip() for line in self.lines[k:end] if line.strip()]
        by = next((n for n, line in enumerate(page) if _BY.match(line)), None)
        if by is None or by == 0 or len(page) > 12 or len(page[0].split()) > 8:
            return k
        self.script.title = page[0].strip(" \"“”'")
        return end

    def _line(self, k: int) -> int:
        line = self.lines[k]
        if SIDE_NOTE.match(line):
            return k + 1
        head = heading_of(line)
        if head is not None:
            self._close()
            self.montage, self.scene = False, self.scene + 1
            self.shot = Shot(re.sub(r"\s+", " ", line.strip()), *head, self.scene, transition=self.turn, lines=2.0)
            self.turn = None
            return k + 1
        turn = transition_of(line)
        if turn is not None:
            self._close()
            self.montage = False
            if self.shot is not None and not self.headed:
                self.shot = None
            self.turn = turn[:2]
            if not self.headed:
                self.scene += 1
                self.shot = Shot("", "", "", False, self.scene, transition=self.turn, lines=1.0)
            return k + 1
        if self.shot is None:
            return k + 1
        card = CARD.match(line)
        if card:
            words = card["text"].strip(" \"“”'")
            self._add(replace(self.shot, cards=(*self.shot.cards, words), lines=self.shot.lines + 2))
            if re.match(r"\s*(?:MAIN )?TITLE\s*:", line) and not self.script.title:
                self.script.title = words
            return k + 1
        if MONTAGE_END.match(line):
            self._new_shot(montage=False)
            return k + 1
        montage = MONTAGE.match(line)
        if montage:
            self._new_shot(montage=True)
            following = next((line for line in self.lines[k + 1:] if line.strip()), "")
            if montage["rest"].strip() and not ITEM.match(following):
                self._action(montage["rest"])
            return k + 1
        return self._speech(k) or self._action_at(k)

    def _speech(self, k: int) -> int:
        """The line after a cue and its dialogue, or 0 where there is none."""
        line, shot = self.lines[k], self.shot
        assert shot is not None
        spoken = SPOKEN.match(line)
        if spoken and not NO_NAMES.search(spoken["name"]) and spoken["name"].upper() == spoken["name"]:
            self.script.names.add(spoken["name"].strip())
            self._say(spoken["name"].strip(), spoken["notes"] or "", spoken["text"])
            return k + 1
        cue = CUE.match(line)
        following = self.lines[k + 1] if k + 1 < len(self.lines) else ""
        if cue is None or not following.strip() or not (self.blank or cue["forced"]) or line.lstrip()[:1] == "!":
            return 0
        name = (cue["forced"] or cue["name"]).strip()
        shown = any(pattern.match(name) for pattern, _, _ in SHOTS)
        if (NO_NAMES.search(name) or shown) and not cue["forced"]:
            return 0
        if heading_of(following) or transition_of(following) or len(name.split()) > 4:
            return 0
        self.script.names.add(re.sub(r"\s*\(.*", "", name))
        how, words = [cue["notes"] or ""], list[str]()
        k += 1
        while k < len(self.lines) and self.lines[k].strip() and heading_of(self.lines[k]) is None:
            said = self.lines[k].strip()
            (how if said.startswith("(") and said.endswith(")") else words).append(said.lstrip("~ "))
            k += 1
        self._say(name, " ".join(part for part in how if part), " ".join(words))
        return k

    def _say(self, who: str, how: str, words: str) -> None:
        assert self.shot is not None
        length = 2 + math.ceil(len(words) / 35) + (1 if how else 0)
        said = Speech(who.title(), how.strip("() "), words.strip(" \"“”"))
        self._add(replace(self.shot, speech=(*self.shot.speech, said), lines=self.shot.lines + length))

    def _action_at(self, k: int) -> int:
        item = ITEM.match(self.lines[k])
        if self.montage and item:
            self._new_shot(montage=True)
            self._action(item["rest"])
            return k + 1
        # A paragraph goes on to the next blank line.
        paragraph = [self.lines[k].strip().lstrip("!>").rstrip("<").strip()]
        k += 1
        while k < len(self.lines) and self.lines[k].strip() and not self._special(self.lines[k]):
            paragraph.append(self.lines[k].strip())
            k += 1
        self._action(" ".join(paragraph))
        return k

    def _special(self, line: str) -> bool:
        return bool(heading_of(line) or transition_of(line) or CARD.match(line) or MONTAGE.match(line)
                    or (self.montage and ITEM.match(line)) or MONTAGE_END.match(line) or SPOKEN.match(line)
                    or SHOT_WORDS.match(line) or (line.isupper() and any(p.match(line.strip()) for p, _, _ in SHOTS)))

    def _action(self, text: str) -> None:
        """A paragraph of action, divided where a new shot is asked for."""
        text = QUOTED.sub(self._quoted, text)
        if not re.search(r"\w", text):
            return
        sentences = re.split(r"(?<=[.!?…])\s+(?=[A-ZÀ-Þ\"“])", text)
        for sentence in sentences:
            self._sentence(sentence)
            if self.montage and len(sentences) > 1 and sentence is not sentences[-1]:
                self._new_shot(montage=True)
        assert self.shot is not None
        self.shot = replace(self.shot, lines=self.shot.lines + 1)

    def _quoted(self, hit: re.Match[str]) -> str:
        """Spoken words inside a paragraph are dialogue; other quoted words are read by nobody."""
        if hit["name"]:
            self.script.names.add(hit["name"].strip())
            self._say(hit["name"].strip(), hit["notes"] or "", hit["text"])
        return " "

    def _sentence(self, sentence: str) -> None:
        assert self.shot is not None
        asks: list[tuple[str, str, str]] = []
        lead = SHOT_WORDS.match(sentence)
        said = lead.group().upper() + sentence[lead.end():] if lead else sentence
        begins = False
        for pattern, new, wanted in SHOTS:
            hit = pattern.search(said)
            if hit is None:
                continue
            first = not said[: hit.start()].strip()
            inner = not first and not said[: hit.start()].rstrip().endswith((":", "-", "–", "—"))
            if new and inner and not re.match(r"(?:POV|POINT)", hit.group()):
                continue
            begins = begins or (new and first)
            words = sentence[hit.start(): hit.end()].strip(" :,-–—")
            asks += [(axis, value, words) for axis, value in wanted if axis not in {a for a, _, _ in asks}]
            said = said[: hit.start()] + " " + said[hit.end():]
            sentence = sentence[: hit.start()] + " " + sentence[hit.end():]
        if begins and (self.shot.action or self.shot.speech):
            self._new_shot(montage=self.montage)
        sentence = _CAMERA.sub("", sentence).strip(" -–—:")
        lines = len(sentence) / 60
        kept = self.shot.action
        if re.search(r"\w", sentence) and not BEAT.match(sentence):
            kept = (*kept, sentence)
        lines = self.shot.lines + max(0.5, lines)
        self._add(replace(self.shot, action=kept, asks=(*self.shot.asks, *asks), lines=lines))

    def _add(self, shot: Shot) -> None:
        self.shot = shot

    def _new_shot(self, *, montage: bool) -> None:
        """Ends the shot that has something in it; the next is in the same scene."""
        self.montage = montage
        assert self.shot is not None
        if not self.shot.empty:
            old = self.shot
            self._close()
            self.shot = Shot(old.heading, old.place, old.time, old.interior, old.scene, montage=montage)
        else:
            self.shot = replace(self.shot, montage=montage)

    def _close(self) -> None:
        if self.shot is not None and (not self.shot.empty or self.shot.heading):
            shots = self.script.shots
            same = bool(shots) and shots[-1].scene == self.shot.scene
            if not (self.shot.empty and same):
                shots.append(self.shot)
        if self.shot is not None:
            self.shot = replace(self.shot, action=(), asks=(), speech=(), cards=(), transition=None, lines=0.0)
