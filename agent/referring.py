"""What a creator hands over beside the words: perceived, given its roles, and turned into words where it holds some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Event as Flag

import numpy as np

from agent.brief import Brief, ReferenceUse, Trait
from agent.direction import Direction
from agent.references import DEFAULT_ROLES, SAID
from agent.request import Request
from agent.seen import Seen, see, seen_again, transcribed, with_roles
from agent.steer_mood import traits_from
from agent.steer_plan import Steering, steering_of
from modalities import seeing
from modalities.cues import MusicCues
from modalities.engine import Emit, Progress
from modalities.faults import Unavailable, Unusable
from modalities.store import Store
from world_model.score import ScoreSection

NAMES = ("intro", "verse", "build", "drop", "chorus", "break", "bridge", "outro")
# A film after a film is as long as it, up to so many seconds when its pacing is followed and when it is made again.
LONGEST_PACED_S, LONGEST_AGAIN_S = 30.0, 120.0
# A hand's quick stroke is drawn out to a film of so many seconds.
SHORTEST_HAND_S = 6.0
WIDTH_PX = 768


@dataclass(frozen=True)
class Referred:
    """References with their roles. words: what is left of the prompt, with what was spoken in references."""

    seen: tuple[Seen, ...] = ()
    words: str = ""
    notes: tuple[str, ...] = ()


def refer(store: Store, request: Request, emit: Emit, stop: Flag) -> Referred:
    """Perceive all references of a request and give them their roles: those of the command line, else those said in the
    words, else the usual ones of their kind. Raises Unusable, Unavailable, Stopped."""
    count = len(request.references)
    if not count:
        return Referred(words=request.prompt)
    found: list[Seen] = []
    emit(Progress("perceive", 0, 1, "steps"))
    for k, reference in enumerate(request.references):
        def tell(share: float, k: int = k) -> None:
            emit(Progress("perceive", int(100 * (k + min(1.0, share)) / count), 100, "percent"))

        found.append(see(store, reference.path, k + 1, reference.roles, request.duration_s, stop, tell))
    asked = [reference.roles for reference in request.references]
    said, words = roles_in_words(request.prompt, found)
    wordless = not words.strip()
    seen = tuple(_looked_at(store, _given(one, asked[k], said.get(k), wordless)) for k, one in enumerate(found))
    seen, words, notes = _spoken(store, seen, words, stop)
    emit(Progress("perceive", 1, 1, "steps"))
    return Referred(seen, words, tuple(note for one in seen for note in one.notes) + notes)


def _looked_at(store: Store, seen: Seen) -> Seen:
    """A drawing whose look or colours are wanted is looked at as a picture too."""
    if seen.sketch is None or seen.image is not None or not {"style", "palette"} & set(seen.roles):
        return seen
    return replace(seen, image=seeing.image(store, seen.path, seen.sha256))


def _given(seen: Seen, asked: tuple[str, ...], said: tuple[str, ...] | None, wordless: bool = False) -> Seen:
    if asked:
        return with_roles(seen, asked, "named on the command line")
    if said:
        # Music that decides when to cut is also heard: the cuts fall on its beats.
        said = ("rhythm", "pacing") if seen.kind == "audio" and said == ("pacing",) else said
        return with_roles(seen, said, "said in the words")
    if wordless and seen.kind == "film":
        # Where nobody says what is to be seen, a film also shows it.
        return with_roles(seen, (*DEFAULT_ROLES["film"], "content"), "there are no words to say what is seen")
    return with_roles(seen, (), f"what {SAID[seen.kind]} is usually for")


def roles_in_words(prompt: str, seen: Sequence[Seen]) -> tuple[dict[int, tuple[str, ...]], str]:
    """(roles by index, the prompt without the words that gave them)."""
    if not prompt.strip() or not seen or is_script(prompt):
        return {}, prompt
    from agent.interpret_roles import roles_said, without_names

    kinds, names = [one.kind for one in seen], [one.name for one in seen]
    said, words = roles_said(prompt, kinds, names)
    return said, without_names(words, kinds, names)


def is_script(text: str) -> bool:
    """Whether a text is a screenplay: its "film", "cut" and "sketch" are of the story and give no reference a role."""
    from agent.interpret_screenplay import READ_CHARS
    from agent.interpret_screenplay_form import script_of

    script = script_of(text[:READ_CHARS])
    return script is not None and bool(script.shots)


def read(text: str, has_music: bool = False) -> Brief:
    """The Brief of a screenplay, a story told in beats or a request. Raises Unusable for a text without words."""
    from agent.interpret import interpret
    from agent.interpret_screenplay import screenplay
    from agent.story import story
    from agent.titles_words import titles_asked, with_asked

    asked, rest = titles_asked(text)
    plain = rest if asked and any(c.isalnum() for c in rest) else text
    return with_asked(screenplay(plain) or story(plain) or interpret(plain, has_music=has_music), asked)


def refer_again(store: Store, uses: Sequence[ReferenceUse], words: str, stop: Flag) -> Referred:
    """The references of a take; words said now ("use it for the palette only") may give them other roles."""
    seen = tuple(seen_again(store, use, k + 1, stop) for k, use in enumerate(uses))
    said, words = roles_in_words(words, seen)
    changed = tuple(_given(one, (), said[k]) if said.get(k) else one for k, one in enumerate(seen))
    return Referred(changed, words)


def _spoken(store: Store, seen: tuple[Seen, ...], words: str, stop: Flag
            ) -> tuple[tuple[Seen, ...], str, tuple[str, ...]]:
    """With the words that are spoken in them, which join those of the prompt."""
    out: list[Seen] = []
    notes: list[str] = []
    for one in seen:
        if "speech" in one.roles:
            try:
                one = transcribed(store, one, stop)
            except Unavailable as fault:
                if one.because.startswith("named") or not words.strip():
                    raise
                notes.append(f"{one.name} sounds like speech, but its words could not be read: {fault}")
            if one.text:
                words = f"{words.rstrip(' .')}. {one.text}" if words.strip() else one.text
                notes.append(f"{one.name} says: “{one.text[:200]}”")
        out.append(one)
    return tuple(out), words, tuple(notes)


def understood(referred: Referred, request: Request) -> Brief:
    """The Brief of the words and of what the references add to them; their roles and the settled contradictions are in
    it. Raises Unusable."""
    has_music = any(one.kind == "audio" for one in referred.seen)
    if referred.words.strip() and any(letter.isalnum() for letter in referred.words):
        brief = read(referred.words, has_music)
    else:
        brief = Brief(goal=request.prompt.strip()[:400] or _goal(referred.seen))
    return with_references(brief, referred)


def _goal(seen: Sequence[Seen]) -> str:
    if all(one.kind == "audio" for one in seen):
        return "A film for the music"
    return "A film after " + " and ".join(one.name for one in seen[:3])


def with_references(brief: Brief, referred: Referred) -> Brief:
    """The Brief with its references' words, traits, uses and notes; what references gave it before is forgotten."""
    brief = brief.model_copy(update={"traits": tuple(trait for trait in brief.traits if trait.reference is None)})
    for one in referred.seen:
        brief = _with_text(brief, one)
    steering = steering_of(referred.seen, brief)
    traits = (*traits_from(steering, brief), *_sound_traits(steering, brief))
    return brief.model_copy(update={
        "traits": brief.traits + traits, "references": tuple(one.use() for one in referred.seen),
        "notes": tuple(dict.fromkeys((*brief.notes, *steering.notes)))})


def _with_text(brief: Brief, one: Seen) -> Brief:
    """With what a text or lyrics say; where the prompt says something else, it stays."""
    if one.words is None:
        return brief
    if one.kind == "lyrics" and {"lyrics", "content"} & set(one.roles):
        from agent.interpret_lyrics import with_lines

        sung = with_lines(brief, one.words)
        count = len(brief.traits)
        traits = tuple(trait.model_copy(update={"reference": one.number}) for trait in sung.traits[count:])
        return sung.model_copy(update={"traits": brief.traits + traits})
    if one.kind != "text" or "content" not in one.roles:
        return brief
    text = read("\n".join(line.text for line in one.words.lines))
    more, notes = text.traits, text.notes
    said = {trait.axis for trait in brief.traits if not trait.negated}
    steps = any(trait.part is not None for trait in brief.traits)
    if steps and any(trait.part is not None for trait in more):
        notes = (*notes, f"The words have steps of their own, so those of {one.name} are not used.")
        more = tuple(trait for trait in more if trait.part is None)
    kept = tuple(trait.model_copy(update={"reference": one.number}) for trait in more
                 if trait.part is not None or trait.axis not in said)
    return brief.model_copy(update={"traits": brief.traits + kept,
                                    "notes": tuple(dict.fromkeys((*brief.notes, *notes)))})


def lasting(brief: Brief, duration_s: float | None) -> Brief:
    """The Brief whose steps last as long as the film; only where every step has a length (as in a screenplay)."""
    from agent.interpret_screenplay import fitted

    steps = {trait.part for trait in brief.traits if trait.axis == "sequence"}
    timed = {trait.part for trait in brief.traits if trait.axis == "duration_s" and trait.part is not None}
    return fitted(brief, duration_s) if duration_s and timed and steps <= timed else brief


def _sound_traits(steering: Steering, brief: Brief) -> tuple[Trait, ...]:
    """Tempo and mode for our own score from sound that is not itself played."""
    lead = steering.lead("rhythm")
    if lead is None or lead.music is None or lead is steering.heard or lead.music.silent:
        return ()
    out: list[Trait] = []
    tempo = lead.music.tempo_bpm
    while tempo > 190:
        tempo /= 2
    if tempo >= 30 and lead.music.beat_confidence >= 0.35:
        out.append(Trait(axis="tempo_bpm", value=round(float(tempo), 2), because=f"the beat of {lead.name}",
                         confidence=0.9, reference=lead.number))
    if not any(trait.axis == "key" for trait in brief.traits) and lead.kind != "rhythm":
        out.append(Trait(axis="key", value="minor" if lead.music.minor else "major",
                         because=f"the key of {lead.name}", confidence=0.6, reference=lead.number))
    return tuple(out)


def music_for(steering: Steering) -> MusicCues | None:
    """The cues of the recording that is played, with only those that its roles stand for."""
    heard = steering.heard
    if heard is None or heard.music is None:
        return None
    cues = heard.music
    if steering.lead("rhythm") not in (heard, None) or (
            steering.lead("rhythm") is None and heard is not steering.lead("structure")):
        cues = replace(cues, beat_confidence=min(cues.beat_confidence, 0.3))
    shape = steering.lead("structure")
    if shape is None and "structure" not in heard.roles:
        cues = replace(cues, sections=())
    elif shape is not None and shape is not heard and shape.music is not None:
        scale = cues.duration_s / max(shape.music.duration_s, 0.1)
        cues = replace(cues, sections=tuple((label, name, start * scale, end * scale, energy)
                                            for label, name, start, end, energy in shape.music.sections))
    return cues


def sections_like(cues: MusicCues | None, genre: str, bars: int, seed: int) -> tuple[ScoreSection, ...]:
    """Sections of our own score in the proportions and with the energy of sound that is not itself played."""
    if cues is None or not cues.sections or bars < 2:
        return ()
    found = [section for section in cues.sections if section[3] > section[2]][:bars]
    lengths = np.array([end - start for _, _, start, end, _ in found])
    edges = np.round(np.cumsum(lengths / lengths.sum()) * bars).astype(int)
    counts = np.diff(np.concatenate([[0], edges]))
    return tuple(ScoreSection.model_validate({
        "name": name if name in NAMES else "verse", "bars": int(count),
        "energy": round(float(np.clip(energy, 0.05, 1.0)), 3)})
        for (_, name, _, _, energy), count in zip(found, counts, strict=True) if count > 0)


def length_after(steering: Steering) -> tuple[float | None, str]:
    """(seconds, note) that a film after a film lasts when nobody said how long; (None, "") leaves it open."""
    for role, most in (("all", LONGEST_AGAIN_S), ("pacing", LONGEST_PACED_S), ("camera", LONGEST_PACED_S)):
        lead = steering.whole if role == "all" else steering.lead(role)
        if lead is None or lead.duration_s is None or lead.kind not in ("film", "gesture"):
            continue
        if lead.duration_s <= most:
            return max(SHORTEST_HAND_S if lead.kind == "gesture" else 1.0, round(lead.duration_s, 3)), ""
        return most, f"{lead.name} lasts {lead.duration_s:.0f} s; the film lasts {most:.0f} s unless you say how long."
    return None, ""


def size_after(steering: Steering) -> tuple[int, int] | None:
    """The shape of the film that is made again, at the usual size."""
    film = steering.whole.film if steering.whole is not None else None
    if film is None or min(film.size_px) < 2:
        return None
    wide, high = film.size_px
    scale = WIDTH_PX / max(wide, high)
    return max(16, 2 * round(wide * scale / 2)), max(16, 2 * round(high * scale / 2))


def check_score_length(direction: Direction, heard: object | None, longest_s: float) -> None:
    """Raises Unusable for a film that is too long for a score of its own."""
    if heard is None and direction.duration_s > longest_s:
        raise Unusable(f"--duration {direction.duration_s:g} is too long for a film with a score of its own; expected "
                       f"up to {longest_s:g} seconds, or give the music with --ref.")
