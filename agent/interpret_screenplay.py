"""A screenplay as a Brief: one step for each scene or shot, in order, with its place, hour, bodies, camera and length.

A page is a minute, counted in eighths as script supervisors do. Dialogue is kept beside the film (axis "dialogue" and
a note) and never becomes scenery. Axes beside those of agent/interpret.py: transition (how a step begins: "cut",
"smash cut", "match cut", "jump cut", "dissolve", "fade", "wipe"), nobody (a scene that names no one), ending (how the
film ends: "fade" or "cut"), dialogue {"who", "how", "words"}, card (text on the screen), heading (the scene heading as
typed).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from agent.brief import Brief, Trait
from agent.interpret import interpret
from agent.interpret_open import DictionaryOnly
from agent.interpret_screenplay_form import Script, Shot, script_of
from agent.interpret_screenplay_lines import LINES_PER_PAGE
from agent.lexicon.tables import word_set
from world_model.text import Embedder

READ_CHARS = 60_000
MOST_STEPS = 48
EIGHTH_S = 7.5
LEAST_S, MONTAGE_S = 2.0, 2.5
# A film with a score of its own is not made longer than this.
LONGEST_S = 600.0
TIMES: tuple[tuple[str, str, float | str], ...] = (
    (r"early morning|dawn|sunrise|daybreak|aube|amanecer|dammerung|dämmerung", "light", "dawn"),
    (r"afternoon|tarde", "time_h", 15.0),
    (r"magic hour|golden hour|late afternoon", "light", "golden"), (r"sunset|sundown|atardecer", "light", "sunset"),
    (r"midnight", "time_h", 0.0), (r"morning|morgen|matin", "light", "morning"),
    (r"dusk|twilight|evening|blue hour|abend|soir|cr[eé]puscule", "light", "dusk"),
    (r"noon|midday|\bday\b|\btag\b|jour|\bd[ií]a\b", "light", "noon"), (r"night|nacht|nuit|noche", "light", "night"))
# What a line of action must not say of the whole film ("Silence.", "She waits for 20 seconds").
_NOT_OF_A_SCENE = word_set("duration_s size_px fps takes shots title music sound key energy pacing weird sequence "
                            "transition ending nobody")
_WHOLE = word_set("genre tempo_bpm instrument")
_AGES = re.compile(r"\((?:[^()]*\d[^()]*|[A-Z’'. ]+)\)|,\s*\d{1,3}s?,")


def screenplay(text: str, *, embed: Embedder | None = None) -> Brief | None:
    """The Brief of a screenplay, or None for a text without that form. Reads the first 60,000 characters; scripts of
    more than 48 shots have the shortest neighbours of a scene joined; films longer than ten minutes are shortened
    evenly. Prose before the first scene speaks of the whole film; a length named there is kept."""
    script = script_of(text[:READ_CHARS])
    if script is None or not script.shots:
        return None
    notes: list[str] = []
    if len(text) > READ_CHARS:
        notes.append(f"The script has {len(text):,} characters; the first {READ_CHARS:,} were read.")
    shots = _joined(script.shots, notes)
    lengths = lengths_of(shots)
    traits, told = _traits(script, shots, lengths, embed)
    scenes = len({shot.scene for shot in shots})
    count = f"A screenplay of {_counted(scenes, 'scene')}"
    notes.insert(0, count + (f" in {len(shots)} shots" if len(shots) > scenes else "")
                 + f", {_pages(sum(lengths))}.")
    speeches = [speech for shot in shots for speech in shot.speech]
    if speeches:
        lines = "; ".join(f"{s.who}: “{s.words}”" for s in speeches[:4])
        more = f"; and {_counted(len(speeches) - 4, 'more line')}" if len(speeches) > 4 else ""
        notes.append(f"Dialogue is kept beside the film and not shown: {lines}{more}")
    cards = [card for shot in shots for card in shot.cards]
    if cards:
        notes.append(f"Text on the screen is kept beside the film: {'; '.join(cards[:4])}")
    goal = " ".join(" ".join((script.preamble, script.title, *dict.fromkeys(shot.heading for shot in shots))).split())
    brief = Brief(goal=(goal if len(goal) <= 400 else goal[:399] + "…") or "A screenplay", traits=tuple(traits),
                  notes=tuple(dict.fromkeys([*notes, *_short(told)])))
    asked = next((t.value for t in traits if t.axis == "duration_s" and t.part is None), None)
    total = sum(lengths)
    if asked is not None:
        return fitted(brief, float(asked))
    brief = brief.model_copy(update={"traits": (*brief.traits, Trait(
        axis="duration_s", value=round(total, 2), because=f"the length of the script, {_pages(total)}",
        confidence=0.6))})
    if total > LONGEST_S:
        brief = fitted(brief, LONGEST_S)
        brief = brief.model_copy(update={"notes": (*brief.notes, f"The script would last {total / 60:.1f} minutes; "
                                                                 f"its steps are shortened to {LONGEST_S / 60:g}.")})
    return brief


def fitted(brief: Brief, duration_s: float) -> Brief:
    """The Brief with the times and lengths of its steps stretched so that all of it lasts `duration_s` seconds, as
    when a length or a track was given. A Brief without lengths of steps stays as it is."""
    lengths = [float(t.value) for t in brief.traits if t.axis == "duration_s" and t.part is not None]
    total = sum(lengths)
    if total <= 0 or duration_s <= 0:
        return brief
    factor = duration_s / total
    traits: list[Trait] = []
    for t in brief.traits:
        if t.axis == "duration_s":
            value: object = round(duration_s if t.part is None else float(t.value) * factor, 3)
            traits.append(t.model_copy(update={"value": value}))
        elif t.axis == "sequence" and "t_s" in t.value:
            traits.append(t.model_copy(update={"value": {**t.value, "t_s": round(float(t.value["t_s"]) * factor, 3)}}))
        else:
            traits.append(t)
    return brief.model_copy(update={"traits": tuple(traits)})


def lengths_of(shots: list[Shot]) -> list[float]:
    """Seconds of each shot: a scene lasts its eighths of a page, shared among its shots by their lines; the pictures
    of a montage are short."""
    out: list[float] = [0.0] * len(shots)
    for scene in sorted({shot.scene for shot in shots}):
        mine = [k for k, shot in enumerate(shots) if shot.scene == scene]
        plain = [k for k in mine if not shots[k].montage]
        lines = sum(shots[k].lines for k in plain)
        # A scene has an eighth at least, but what stands beside a montage only its lines.
        eighths = lines / (LINES_PER_PAGE / 8)
        eighths = max(1, round(eighths)) if len(plain) == len(mine) else eighths
        for k in mine:
            share = shots[k].lines / lines if lines else 1.0
            out[k] = MONTAGE_S if shots[k].montage else round(max(LEAST_S, eighths * EIGHTH_S * share), 2)
    return out


def _short(told: list[str]) -> list[str]:
    """The notes on single words, at most twelve, those on what is shown as something else first."""
    told = list(dict.fromkeys(told))
    unseen = [note for note in told if "will not be shown" in note]
    return [*(note for note in told if note not in unseen), *unseen][:12]


def _counted(n: int, word: str) -> str:
    return f"{n} {word}" + ("" if n == 1 else "s")


def _pages(total_s: float) -> str:
    eighths = max(1, round(total_s / EIGHTH_S))
    whole, rest = divmod(eighths, 8)
    return f"{f'{whole} ' if whole else ''}{f'{rest}/8 ' if rest else ''}page{'s' if whole > 1 else ''}".strip()


def _joined(shots: list[Shot], notes: list[str]) -> list[Shot]:
    """At most MOST_STEPS shots: the shortest neighbours of one scene become one, then the shortest scenes."""
    out = list(shots)
    if len(out) > MOST_STEPS:
        notes.append(f"The script has {len(out)} shots; the shortest were joined to {MOST_STEPS}.")
    while len(out) > MOST_STEPS:
        def cost(k: int) -> tuple[bool, float]:
            return out[k].scene != out[k + 1].scene, out[k].lines + out[k + 1].lines
        k = min(range(len(out) - 1), key=cost)
        a, b = out[k], out[k + 1]
        lead = a if a.lines >= b.lines or a.scene == b.scene else b
        out[k:k + 2] = [Shot(lead.heading, lead.place, lead.time, lead.interior, lead.scene, (*a.action, *b.action),
                             lead.asks, (*a.speech, *b.speech), (*a.cards, *b.cards), a.transition,
                             a.montage and b.montage, a.lines + b.lines)]
    return out


def _traits(script: Script, shots: list[Shot], lengths: list[float],
            embed: Embedder | None) -> tuple[list[Trait], list[str]]:
    out: list[Trait] = []
    notes: list[str] = []
    title = script.title or (shots[0].place.title() if shots[0].place else "")
    whole = interpret(script.preamble, embed=embed) if re.search(r"\w", script.preamble) else None
    if whole is not None:
        out += [t.model_copy(update={"part": None}) for t in whole.traits if t.axis != "sequence"]
        notes += whole.notes
    if title and not any(t.axis == "title" for t in out):
        out.append(Trait(axis="title", value=title[:60], because=script.title or shots[0].heading,
                         confidence=0.9 if script.title else 0.5))
    places: dict[str, list[Trait]] = {}
    names = _names(script)
    peopled: set[int] = set()
    start = 0.0
    inherited: list[Trait] = []
    for part, (shot, length) in enumerate(zip(shots, lengths, strict=True)):
        out.append(Trait(axis="sequence", value={"part": part, "at": f"scene {shot.scene + 1}", "t_s": round(start, 3)},
                         because=shot.heading or "the next scene", part=part))
        eighths = f"{shot.lines / LINES_PER_PAGE * 8:.1f} eighths of a page"
        out.append(Trait(axis="duration_s", value=length, because=eighths, part=part, confidence=0.6))
        out += _form(shot, part)
        if shot.place not in places:
            places[shot.place], told = _place(shot, names, embed)
            notes += told
        light = _light(shot)
        inherited = light or ([] if part and shot.scene != shots[part - 1].scene and not _goes_on(shot) else inherited)
        placed = any(t.axis == "setting" for t in places[shot.place])
        action, told = _action(shot, names, placed, embed)
        notes += told
        cast = _cast(shot, action, names)
        mine = _of_part([*places[shot.place], *(light or inherited), *action, *cast], part)
        out += mine
        if any(t.axis == "body" and not t.negated for t in mine):
            peopled.add(shot.scene)
        elif shot.scene not in peopled:
            # Nobody comes along from another scene.
            out.append(Trait(axis="nobody", value=True, because=shot.heading or "the next scene", part=part))
        start += length
    if script.ending is not None:
        out.append(Trait(axis="ending", value="fade" if script.ending[0] in ("fade", "dissolve") else "cut",
                         because=script.ending[1], part=len(shots) - 1))
    return _consistent(out, shots), notes


def _form(shot: Shot, part: int) -> list[Trait]:
    """What the form itself says of a step."""
    out: list[Trait] = []
    if shot.heading:
        out.append(Trait(axis="heading", value=shot.heading[:120], because=shot.heading, part=part))
    if shot.transition is not None and (part > 0 or shot.transition[0] == "fade"):
        out.append(Trait(axis="transition", value=shot.transition[0], because=shot.transition[1], part=part))
    out += [Trait(axis=axis, value=value, because=words, part=part) for axis, value, words in _rivals(shot.asks)]
    out += [Trait(axis="dialogue", value={"who": s.who, "how": s.how, "words": s.words}, part=part,
                  because=f"{s.who.upper()}: {s.words}"[:200]) for s in shot.speech]
    out += [Trait(axis="card", value=card, because=card, part=part) for card in shot.cards]
    return out


def _rivals(asks: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """One camera move and one size of shot a step: the first that was asked for."""
    first: dict[str, tuple[str, str, str]] = {}
    for ask in asks:
        first.setdefault(ask[0], ask)
    return list(first.values())


def _goes_on(shot: Shot) -> bool:
    return bool(re.search(r"later|continuous|cont|same", shot.time, re.I)) or not shot.time


def _light(shot: Shot) -> list[Trait]:
    for pattern, axis, value in TIMES:
        if shot.time and re.search(pattern, shot.time, re.I):
            out = [Trait(axis=axis, value=value, because=shot.time, confidence=0.9)]
            return [*out, Trait(axis="light", value="night", because=shot.time)] if value == 0.0 else out
    return []


def _place(shot: Shot, names: dict[str, str], embed: Embedder | None) -> tuple[list[Trait], list[str]]:
    """What a heading's place is shown as."""
    if not re.search(r"\w", shot.place):
        return [], []
    people = [rf"\b{re.escape(name)}\b(?:['’]s)?" for name, kind in names.items() if kind == "walker"]
    place = re.sub("|".join(people) or r"(?!)", " ", shot.place, flags=re.I)
    brief = interpret(f"in the {place.lower()}", embed=embed)
    kept = [t for t in brief.traits if t.axis in ("setting", "body", "weather", "light", "colour", "palette", "mood")]
    kept = [t.model_copy(update={"because": shot.place if t.because == "the whole request" else t.because})
            for t in kept if t.axis != "body" or t.confidence >= 0.8]
    notes = list(brief.notes)
    if not any(t.axis in ("setting", "body") for t in kept):
        notes = [f"'{shot.place}' is no place this world knows; the scene is left to the director"]
    return kept, notes


def _action(shot: Shot, names: dict[str, str], placed: bool, embed: Embedder | None) -> tuple[list[Trait], list[str]]:
    text = " ".join(shot.action)
    text = _AGES.sub(" ", text)
    for name, kind in names.items():
        if kind == "walker":
            text = re.sub(rf"\b{re.escape(name)}\b(?:['’]s)?", "someone", text, flags=re.I)
    if not re.search(r"\w", text):
        return [], []
    brief = interpret(text[:4000], embed=embed)
    asked = {axis for axis, _, _ in shot.asks}
    out: list[Trait] = []
    for t in brief.traits:
        if t.axis in _NOT_OF_A_SCENE or (t.axis in asked and not t.negated):
            continue
        faint = t.axis == "setting" and placed
        because = text[:80] if t.because == "the whole request" else t.because
        if faint and t.because == "the whole request":
            continue
        out.append(t.model_copy(update={"confidence": round(t.confidence * (0.45 if faint else 1.0), 2),
                                        "because": because}))
    return out, [note for note in brief.notes if not note.startswith(("Nothing in", "The film keeps"))]


def _names(script: Script) -> dict[str, str]:
    """The names that speak, and the body each is shown as."""
    out: dict[str, str] = {}
    for name in sorted(script.names):
        brief = interpret(f"a {name.lower()}", embed=DictionaryOnly())
        body = next((t.value["kind"] for t in brief.traits if t.axis == "body" and not t.negated), "walker")
        out[name] = body
    return out


def _cast(shot: Shot, action: list[Trait], names: dict[str, str]) -> list[Trait]:
    """Those who speak or are named in a shot that shows nobody of their kind."""
    words = " ".join(shot.action)
    here = [name for name in names if any(s.who.upper() == name for s in shot.speech)
            or re.search(rf"\b{re.escape(name)}\b", words, re.I)]
    shown = {t.value.get("kind") for t in action if t.axis == "body" and not t.negated}
    out: list[Trait] = []
    for kind in dict.fromkeys(names[name] for name in here):
        mine = [name for name in here if names[name] == kind]
        if kind in shown:
            continue
        off = all(re.search(r"v\.?\s?o|o\.?\s?[sc]", s.how, re.I) for s in shot.speech if s.who.upper() in mine)
        if off and not any(re.search(rf"\b{re.escape(name)}\b", words, re.I) for name in mine):
            continue
        value: dict[str, object] = {"kind": kind, "word": mine[0].title()}
        if len(mine) > 1:
            value["count"] = len(mine)
        out.append(Trait(axis="body", value=value, because=", ".join(mine), confidence=0.7,
                         note=f"{', '.join(name.title() for name in mine)}: shown as {kind}"))
    return out


def _of_part(traits: list[Trait], part: int) -> list[Trait]:
    """Traits of one step; what was said twice is said once, the surer way."""
    best: dict[tuple[str, str, bool], Trait] = {}
    for t in traits:
        t = t.model_copy(update={"part": None if t.axis in _WHOLE else part})
        key = (t.axis, str(t.value), t.negated)
        if key not in best or best[key].confidence < t.confidence:
            best[key] = t
    return list(best.values())


def _consistent(traits: list[Trait], shots: list[Shot]) -> list[Trait]:
    """A denial holds for its scene; one of the whole film stays only where no scene asks for the thing. Weather does
    not follow the film into another place. Music is named once."""
    asked = {(t.axis, _name(t)) for t in traits if not t.negated}
    bodies = any(t.axis == "body" and not t.negated for t in traits)
    out: list[Trait] = []
    seen: set[tuple[str, str]] = set()
    for t in traits:
        everyone = t.axis == "body" and isinstance(t.value, dict) and "kind" not in t.value
        if t.negated and t.part is None and ((t.axis, _name(t)) in asked or (everyone and bodies)):
            continue
        if t.axis in _WHOLE and t.part is None:
            key = (t.axis, str(t.value) if t.axis == "instrument" else "")
            if key in seen:
                continue
            seen.add(key)
        out.append(t)
    stormy = {t.part for t in out if t.axis == "weather" and not t.negated and t.confidence >= 0.5}
    for part, shot in enumerate(shots):
        moved = part > 0 and shot.place != shots[part - 1].place
        if moved and part not in stormy and any(p is not None and p < part for p in stormy):
            out.append(Trait(axis="weather", value="clear", because=shot.heading, part=part, confidence=0.5,
                             note="another place has its own weather"))
    return out


def _name(t: Trait) -> str:
    value = t.value
    if isinstance(value, dict):
        return str(value.get("kind", value.get("name", value.get("word", math.nan))))
    return str(value)
