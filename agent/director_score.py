"""What our own music should be when the creator brings none: genre, tempo, key and sections that fit the film."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import cast

from agent.direction import Music, Section
from agent.director_wishes import Wishes
from agent.pacing import Stretch
from agent.profile_choices import z_of
from agent.story_filming import story_sections
from world_model.score import Genre, ScoreSection, ScoreSpec

# Tempo range in beats per minute, beats per bar, whether the genre's home is minor.
GENRE_TEMPO: dict[Genre, tuple[float, float, int, bool]] = {
    "ambient": (58, 74, 4, False), "folk": (92, 112, 4, False), "piano": (66, 84, 4, True),
    "suspense": (70, 92, 4, True), "orchestral": (82, 106, 4, False), "techno": (122, 134, 4, True),
    "synthwave": (94, 114, 4, True), "lofi": (72, 88, 4, True), "jazz": (96, 128, 4, True),
    "chiptune": (126, 150, 4, False), "waltz": (126, 156, 3, False), "drum_and_bass": (166, 176, 4, True)}

# What argues for a genre: votes by look, setting, weather and body.
VOTES: dict[str, tuple[tuple[Genre, float], ...]] = {
    "synthwave": (("synthwave", 4),), "pixel": (("chiptune", 4),), "noir": (("jazz", 3), ("suspense", 1)),
    "vhs": (("lofi", 2), ("synthwave", 1)), "watercolour": (("piano", 2), ("folk", 1)),
    "ink": (("ambient", 1.5), ("piano", 1)), "pencil": (("piano", 2), ("folk", 1)), "clay": (("waltz", 2), ("folk", 1)),
    "riso": (("lofi", 1.5), ("jazz", 1)), "flat": (("lofi", 1), ("folk", 1)), "cel": (("orchestral", 1), ("folk", 1)),
    "ocean": (("ambient", 1), ("orchestral", 1)), "desert": (("ambient", 1), ("suspense", 0.5)),
    "meadow": (("folk", 2),), "forest": (("folk", 1.5), ("ambient", 0.5)),
    "mountains": (("orchestral", 2), ("ambient", 0.5)), "city": (("lofi", 1.5), ("techno", 1)),
    "village": (("folk", 1.5), ("waltz", 1)), "lake": (("piano", 1.5), ("ambient", 1)),
    "crystals": (("ambient", 1.5), ("synthwave", 1)), "islands": (("folk", 1), ("orchestral", 0.5)),
    "underwater": (("ambient", 2),), "space": (("ambient", 1.5), ("orchestral", 1)),
    "snowfield": (("piano", 1.5), ("ambient", 0.5)), "canyon": (("orchestral", 1), ("folk", 0.5)),
    "clouds": (("ambient", 1.5), ("orchestral", 0.5)), "fluid": (("techno", 1), ("ambient", 1)),
    "particles": (("techno", 1.5), ("ambient", 0.5)), "rain": (("piano", 1), ("lofi", 0.5)),
    "storm": (("suspense", 2), ("orchestral", 1)), "snow": (("piano", 1),), "fog": (("ambient", 1), ("suspense", 0.5)),
    "blizzard": (("suspense", 1),), "aurora": (("ambient", 1),), "dragon": (("orchestral", 2),),
    "whale": (("ambient", 0.5), ("orchestral", 0.5)), "train": (("folk", 0.5),), "car": (("synthwave", 0.5),),
    "rocket": (("orchestral", 1), ("techno", 0.5)), "ball": (("chiptune", 0.5),), "balloon": (("waltz", 0.7),),
    "lantern": (("piano", 0.7),), "walker": (("folk", 0.3),), "jellyfish": (("ambient", 1),),
    "butterfly": (("waltz", 0.6),)}

Plan = tuple[tuple[str, float, float], ...]   # section name, share of the bars, energy
SONG: Plan = (("intro", 1, 0.3), ("verse", 2, 0.45), ("chorus", 2, 0.75), ("verse", 2, 0.5), ("chorus", 2, 0.8),
              ("bridge", 1, 0.4), ("chorus", 2, 0.9), ("outro", 1, 0.3))
CLUB: Plan = (("intro", 2, 0.35), ("build", 1, 0.6), ("drop", 3, 0.9), ("break", 2, 0.35), ("build", 1, 0.65),
              ("drop", 3, 1.0), ("outro", 1, 0.35))
DRIFT: Plan = (("intro", 2, 0.15), ("verse", 3, 0.35), ("bridge", 2, 0.25), ("chorus", 3, 0.5), ("outro", 2, 0.15))
RISE: Plan = (("intro", 2, 0.2), ("verse", 3, 0.4), ("build", 1, 0.6), ("drop", 3, 0.95), ("break", 1, 0.25),
              ("outro", 1, 0.4))
ARC_OF: dict[str, Plan] = {"ambient": DRIFT, "piano": DRIFT, "suspense": RISE, "orchestral": RISE, "techno": CLUB,
                           "drum_and_bass": CLUB, "synthwave": CLUB}
LABEL_OF = {"intro": "A", "verse": "A", "build": "B", "drop": "C", "chorus": "C", "break": "D", "bridge": "D",
            "outro": "A", "silence": "S"}
Composer = Callable[..., Sequence[ScoreSection]]


def genre_for(wishes: Wishes, look: str, settings: Sequence[str], kinds: Sequence[str]) -> Genre:
    """The genre that was asked for, else the one with most votes from look, place, weather, bodies and mood."""
    banned = wishes.banned["genre"]
    if wishes.genre and wishes.genre not in banned:
        return cast(Genre, wishes.genre)
    votes: dict[Genre, float] = dict.fromkeys(GENRE_TEMPO, 0.0)
    votes["ambient"] += 0.2
    weathers = {weather for wish in (wishes.whole, *wishes.steps) for weather in wish.weathers}
    for word in (look, *settings, *sorted(weathers), *kinds):
        for genre, weight in VOTES.get(word, ()):
            votes[genre] += weight
    valence, arousal = wishes.mood
    energy = wishes.whole.energy
    drive = arousal if energy is None else 2 * energy - 1
    for genre, lively, bright in (("ambient", -1, 0.2), ("piano", -0.7, -0.4), ("folk", 0.1, 0.6),
                                  ("suspense", 0.2, -1), ("orchestral", 0.7, 0.3), ("techno", 1, 0),
                                  ("drum_and_bass", 1, -0.1), ("waltz", 0.2, 0.8), ("chiptune", 0.5, 0.4),
                                  ("lofi", -0.5, 0.0), ("synthwave", 0.5, -0.1)):
        votes[cast(Genre, genre)] += 2.2 * (lively * drive + bright * valence)
    for genre in wishes.leanings:
        votes[cast(Genre, genre)] += 1.5
    if any(wish.at == "drop" for wish in wishes.steps):
        for genre, weight in (("techno", 1.5), ("synthwave", 1.5), ("orchestral", 1.5), ("ambient", -2), ("piano", -2)):
            votes[cast(Genre, genre)] += weight
    if wishes.pacing:
        sign = 1.0 if wishes.pacing == "fast" else -1.0
        for genre, weight in (("techno", 1.0), ("drum_and_bass", 0.8), ("ambient", -1.0), ("piano", -0.6)):
            votes[cast(Genre, genre)] += sign * weight
    for genre, worth in wishes.leans.get("genre", {}).items():
        if genre in votes:
            votes[genre] += 1.5 * worth
    order: list[Genre] = list(votes)
    left: list[Genre] = [genre for genre in order if genre not in banned]
    return max(left or order, key=lambda genre: (votes[genre], -order.index(genre)))


def tempo_for(genre: Genre, wishes: Wishes, duration_s: float, pick: random.Random) -> tuple[float, int]:
    """(tempo_bpm, beats per bar). A tempo that was asked for is kept; else it is nudged (at most 7 %) so that the
    film is a whole number of bars."""
    low, high, beats, _ = GENRE_TEMPO[genre]
    if wishes.tempo_bpm is not None:
        return wishes.tempo_bpm, beats
    lean = 0.5 + 0.3 * wishes.mood[1] + 0.25 * (pick.random() - 0.5)
    lean += {"fast": 0.4, "slow": -0.4}.get(wishes.pacing or "", 0.0)
    lean += 0.5 * (wishes.whole.energy - 0.5) if wishes.whole.energy is not None else 0.0
    lean += 0.35 * z_of(wishes.leans, "tempo")
    tempo = low + (high - low) * min(1.0, max(0.0, lean))
    bars = max(1, round(duration_s * tempo / 60 / beats))
    fitted = 60 * beats * bars / duration_s
    return (fitted if abs(fitted / tempo - 1) <= 0.07 else round(tempo, 1)), beats


def sections_for(genre: Genre, bars: int, moments: Sequence[str] = ()) -> tuple[ScoreSection, ...]:
    """Sections of a piece of `bars` bars, in whole phrases where they fit; `moments` must occur."""
    arc = list(ARC_OF.get(genre, SONG))
    short: dict[int, Plan] = {
        1: (("verse", 1, 0.5),), 2: (("verse", 1, 0.4), ("outro", 1, 0.6)),
        3: (("intro", 1, 0.3), ("chorus", 1, 0.8), ("outro", 1, 0.4)),
        4: (("intro", 1, 0.3), ("verse", 1, 0.5), ("chorus", 1, 0.85), ("outro", 1, 0.35)),
        5: (("intro", 1, 0.3), ("verse", 1, 0.5), ("chorus", 2, 0.85), ("outro", 1, 0.35))}
    if bars in short or bars < 12:
        calm = genre in ("ambient", "piano")
        top = "drop" if "drop" in moments or (genre in ARC_OF and not calm) else "chorus"
        small = short.get(bars) or (("intro", 2, 0.3), ("build" if top == "drop" else "verse", 2, 0.55),
                                    (top, 4 if bars > 8 else 3, 0.9), ("outro", max(1, bars - 8), 0.35))
        if bars in (6, 7):
            small = (("intro", 1, 0.3), ("build" if top == "drop" else "verse", 2, 0.55), (top, bars - 4, 0.9),
                     ("outro", 1, 0.35))
        return tuple(_section(top if name == "chorus" else name, int(share), energy * (0.6 if calm else 1))
                     for name, share, energy in small)
    while len(arc) > 5 and bars / sum(share for _, share, _ in arc) < 1.6:
        # Too short a film for the whole form: the quietest of its middle goes first, the later of equals.
        peak = max(range(len(arc)), key=lambda k: (arc[k][2], k))
        del arc[min((k for k in range(1, len(arc) - 1) if k != peak), key=lambda k: (arc[k][2], -k))]
    missing = [moment for moment in moments if moment in LABEL_OF and all(name != moment for name, _, _ in arc)]
    for moment in missing:
        twin = {"drop": "chorus", "chorus": "drop", "break": "bridge", "bridge": "break"}.get(moment)
        at = next((k for k, part in enumerate(arc) if part[0] == twin), len(arc) // 2)
        arc[at] = (moment, arc[at][1], 1.0 if moment == "drop" else arc[at][2])
    if bars >= 96:
        # A long piece goes round its middle again instead of stretching every section.
        rounds = min(6, bars // 64)
        arc = [arc[0], *(arc[1:-1] * max(1, rounds)), arc[-1]]
    total = sum(share for _, share, _ in arc)
    unit = 4 if bars >= 32 else 2 if bars >= 16 else 1
    counts = [max(1, unit * round(bars * share / total / unit)) for _, share, _ in arc]
    loudest = max(range(len(arc)), key=lambda k: (arc[k][2], k))
    counts[loudest] += bars - sum(counts)
    while counts[loudest] < 1:
        longest = max(range(len(arc)), key=lambda k: counts[k])
        counts[longest] -= 1
        counts[loudest] += 1
    return tuple(_section(name, count, energy) for (name, _, energy), count in zip(arc, counts, strict=True))


def _section(name: str, bars: int, energy: float) -> ScoreSection:
    return ScoreSection.model_validate({"name": name, "bars": min(512, max(1, bars)), "energy": round(energy, 3)})


def score_for(wishes: Wishes, look: str, settings: Sequence[str], kinds: Sequence[str], duration_s: float, seed: int,
              compose_sections: Composer | None = None) -> ScoreSpec:
    """The specification of our own music for a film of this length."""
    pick = random.Random(f"score {seed} {wishes.goal[:400]}")
    genre = genre_for(wishes, look, settings, kinds)
    tempo, beats = tempo_for(genre, wishes, duration_s, pick)
    bars = max(1, math.ceil(duration_s / (60 / tempo * beats) - 1e-6))
    moments = [wish.at for wish in wishes.steps if wish.at]
    sections: Sequence[ScoreSection] = ()
    if compose_sections is not None:
        sections = tuple(compose_sections(genre, bars, seed))
    if sum(section.bars for section in sections) != bars:
        followed = story_sections(wishes.steps, bars, 60 / tempo * beats)
        sections = tuple(_section(*plan) for plan in followed) or sections_for(genre, bars, moments)
        energy = wishes.whole.energy
        if energy is not None and not followed:
            # A quiet film keeps its arc, lower; a loud one does not start from a whisper.
            sections = tuple(_section(s.name, s.bars, min(1.0, s.energy * (0.6 + 0.5 * energy) + 0.1 * energy))
                             for s in sections)
    minor = GENRE_TEMPO[genre][3] if wishes.minor is None else wishes.minor
    if wishes.minor is None and abs(wishes.mood[0]) > 0.35:
        minor = wishes.mood[0] < 0
    sound, playing = 0.0 if wishes.sound_off else 1.0, 0.0 if wishes.music_off or wishes.sound_off else 1.0
    return ScoreSpec(genre=genre, tempo_bpm=tempo, beats_per_bar=beats, key=pick.randrange(12), minor=minor,
                     sections=tuple(sections), seed=seed, music_level=playing, ambience_level=sound,
                     effects_level=sound, instruments=dict(wishes.instruments))


def music_of(score: ScoreSpec, duration_s: float) -> Music:
    """The musical clock of our own score: exact bar lines from 0 to the one that closes the last bar."""
    bar_s = score.bar_s
    bars = max(1, math.ceil(duration_s / bar_s - 1e-6))
    sections: list[Section] = []
    at = 0
    for section in score.sections:
        if at < bars:
            end = min(bars, at + section.bars)
            sections.append(Section(name=section.name, label=LABEL_OF[section.name], bars=(at, end),
                                    energy=section.energy))
        at += section.bars
    return Music(source="score", tempo_bpm=score.tempo_bpm, beats_per_bar=score.beats_per_bar, first_downbeat_s=0.0,
                 downbeats_s=tuple(bar_s * k for k in range(bars + 1)), sections=tuple(sections))


def stretches_of(music: Music, duration_s: float) -> tuple[Stretch, ...]:
    """Our own sections in seconds, clipped to the film."""
    lines = music.downbeats_s
    found = [Stretch(section.name, section.label or "A", lines[int(section.bars[0])],
                     min(duration_s, lines[int(section.bars[1])]), section.energy) for section in music.sections]
    return tuple(stretch for stretch in found if stretch.start_s < duration_s) or (
        Stretch("verse", "A", 0.0, duration_s, 0.5),)
