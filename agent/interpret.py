"""From words to a Brief: what was said, which words said it, and what this world cannot show.

Everything is read against a dictionary (agent/lexicon) with numbers, denials, steps and the words around each body;
what the dictionary lacks goes to the nearest entry by sentence embedding. No network, no randomness.

Values of the traits, by axis: setting, light, weather, palette, look, camera, scale, gait, genre, instrument, sound,
mood: a name (setting also {name: weight}); body: {"kind", "word", "count"?, "colour"?, "gait"?, "size"?, "speed"?,
"glow"?} with size and speed as factors of the usual; colour: {"name", "oklch", "role", "of"}; degree: {"axis", "of",
"amount" [0, 1]}; speed: {"of": "camera", "factor"}; time_h, tempo_bpm, duration_s, fps, weird [0, 1], energy [0, 1],
takes, shots: numbers; size_px: [width, height]; key: "A minor" or "minor"; music and sound: "off"; pacing: slow or
fast; title: text; sequence: {"part", "at", "t_s"?, "until_s"?, "nth"?, "after"?} (nth: 2 is the second chorus, -1 the
last; after: once it is over; until_s: then the step is over); nobody: true (a step without anybody); transition: "cut",
"dissolve" or "fade" (how a step begins); ending: "fade". Steps count from 0.
"""

from __future__ import annotations

import re

from agent import interpret_open
from agent.brief import Brief, Trait
from agent.interpret_bodies import cast_of
from agent.interpret_changes import without_fades
from agent.interpret_moments import MOMENTS, before_until
from agent.interpret_numbers import numbers_of
from agent.interpret_reading import Reading
from agent.interpret_steps import steps_of
from agent.interpret_text import READ_CHARS, deny, matches_of, normalise, tokens_of
from agent.interpret_traits import gather
from agent.languages import in_english, quoted
from modalities.faults import Unusable
from world_model.text import Embedder, packaged

_FEELING = re.compile(r"\b(feels?|feelings?|moods?|vibes?|emotions?|emotional|atmosphere|sentiment|gefuhl|sensation)\b")


def interpret(prompt: str, *, has_music: bool = False, embed: Embedder | None = None) -> Brief:
    """The Brief of a request of any length (the first 4,000 characters are read).

    embed: the sentence embedder; None takes the packaged one, or none where it is not installed (then only the
    dictionary is used, and a note says so). Raises Unusable for a prompt without a single visible character.
    """
    spoken = in_english(prompt)
    text = normalise(spoken.text)
    if not prompt.strip() or not text.strip():
        raise Unusable(
            "The prompt is empty. Say what should be seen or heard, such as "
            '"a red fox in a snowy forest at dawn, slow piano, 20 seconds".'
        )
    embedder = embed if embed is not None else packaged()
    notes: list[str] = []
    if len(prompt) > READ_CHARS:
        notes.append(f"The prompt has {len(prompt):,} characters; the first {READ_CHARS:,} were read.")
    text, fades = without_fades(before_until(text))
    blanked, numbers = numbers_of(text)
    tokens = tokens_of(blanked)
    steps, parts, marking = steps_of(blanked, tokens, [n for n in numbers if n.axis in MOMENTS])
    try:
        found = matches_of(tokens, embedder)
    except (OSError, ImportError):  # the model is there but cannot be opened
        embedder = None
        found = matches_of(tokens, None)
    found = [m for m in found if not set(range(m.i, m.j)) & marking]
    matches, denied, reached = deny(tokens, found)
    cast, used, body_notes = cast_of(tokens, matches)
    reading = Reading(text, tokens, matches, numbers, steps, parts, cast, used, denied, has_music, tuple(fades))
    traits, questions, more = gather(reading)
    notes += body_notes + more
    if embedder is None:
        notes.append("The sentence-embedding package is not installed: words outside the dictionary were left out.")
    else:
        try:
            extra, told = _beyond(reading, embedder, traits, marking | reached)
            traits += extra
            notes += told
        except (OSError, ImportError, RuntimeError) as fault:
            notes.append(
                f"The sentence-embedding model could not be used ({type(fault).__name__}): words outside "
                "the dictionary were left out."
            )
    if not any(t.axis not in ("sequence", "degree") for t in traits):
        notes.append(
            "Nothing in the prompt names anything this world knows; everything is left to the director. "
            "English is read best; German, French, Spanish, Italian, Portuguese and Dutch are put into English first."
        )
    brief = Brief(
        goal=_goal(prompt),
        traits=tuple(traits),
        constraints=tuple(dict.fromkeys(denied)),
        questions=tuple(questions[:1]),
        notes=tuple(dict.fromkeys(notes)),
    )
    return quoted(brief, spoken)


def _goal(prompt: str) -> str:
    """The request on one line, as typed, at most 400 characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in prompt[:READ_CHARS]).split())
    return line if len(line) <= 400 else line[:399] + "…"


def _beyond(
    reading: Reading, embedder: Embedder, traits: list[Trait], taken: set[int]
) -> tuple[list[Trait], list[str]]:
    """Traits and notes for what the dictionary does not hold."""
    out: list[Trait] = []
    notes: list[str] = []
    said = {t.axis for t in traits if not t.negated and t.confidence >= 0.5}
    for guess in interpret_open.guesses(embedder, reading.tokens, reading.matches, taken):
        part = reading.parts[guess.at]
        confidence = round(min(0.75, max(0.3, guess.similarity)), 2)
        plain = guess.words
        if guess.axis == "body":
            note = f"{_article(plain)}: shown as {_article(guess.value)}"
            token = reading.tokens[guess.at]
            value = {"kind": guess.value, "word": plain, **({"count": 3} if token.plural else {})}
            out.append(Trait(axis="body", value=value, because=plain, confidence=confidence, part=part, note=note))
            notes.append(note)
        elif guess.axis in ("setting", "beyond"):
            near = guess.axis == "beyond" or guess.similarity < interpret_open.NEAR
            note = (
                f"'{plain}' is beyond this world: nearest is the {guess.value}"
                if near
                else f"{plain}: shown as {guess.value}"
            )
            if "setting" not in said or guess.similarity >= interpret_open.NEAR:
                out.append(
                    Trait(
                        axis="setting",
                        value=guess.value,
                        because=plain,
                        part=part,
                        note=note,
                        confidence=confidence if "setting" not in said else round(confidence * 0.5, 2),
                    )
                )
            notes.append(note)
        elif guess.axis == "mood" and "mood" not in said:
            out.append(Trait(axis="mood", value=guess.value, because=plain, confidence=round(confidence * 0.7, 2)))
        elif guess.axis == "style":
            notes.append(f"'{plain}' as a style is not known here")
        elif guess.axis == "unread":
            notes.append(f"'{plain}' was not understood")
        elif guess.axis == "nothing":
            notes.append(f"'{plain}' will not be shown: this world has nothing like it")
    have = said | {t.axis for t in out} | {t.axis for t in traits if t.negated}
    # The request as a whole is only asked where single words said next to nothing: its nearest scene is a weak hint.
    if (
        "mood" not in have
        and _FEELING.search(reading.text)
        and (mood := interpret_open.mood_of(embedder, reading.text))
    ):
        out.append(Trait(axis="mood", value=mood[0], because="the whole request", confidence=round(mood[1], 2)))
        return out, notes
    if have & {"setting", "body", "light", "weather", "look", "palette"} or len(reading.tokens) < 3:
        return out, notes
    if "mood" not in have and (mood := interpret_open.mood_of(embedder, reading.text)):
        out.append(Trait(axis="mood", value=mood[0], because="the whole request", confidence=round(mood[1] * 0.7, 2)))
    if place := interpret_open.place_of(embedder, reading.text):
        out.append(
            Trait(
                axis="setting",
                value=place[0],
                because="the whole request",
                confidence=0.35,
                note=f"no place was named: {place[0]} is nearest in meaning",
            )
        )
    return out, notes


def _article(word: str) -> str:
    if word.endswith("s") and not word.endswith("ss"):
        return word
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
