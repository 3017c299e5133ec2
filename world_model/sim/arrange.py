"""Genres as data, and the plan of a piece: sections, bars, chords. `default_spec` chooses what nobody asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np

from world_model.score import Genre, ScoreSection, ScoreSpec
from world_model.sim.harmony import Chord, chord

SectionName = Literal["intro", "verse", "build", "drop", "chorus", "break", "bridge", "outro", "silence"]
Form = tuple[tuple[SectionName, float, float, int], ...]  # name, weight, energy, rank (lower stays in a short piece)

SONG: Form = (("intro", 1, .3, 1), ("verse", 2, .5, 0), ("chorus", 2, .8, 2), ("verse", 2, .55, 5),
              ("bridge", 1, .45, 4), ("chorus", 2, .9, 3), ("outro", 1, .3, 1))
DANCE: Form = (("intro", 2, .35, 3), ("build", 1, .6, 2), ("drop", 3, .95, 0), ("break", 1.6, .35, 4),
               ("build", 1, .65, 5), ("drop", 3, 1.0, 4), ("outro", 1.4, .4, 1))
SLOW: Form = (("intro", 1.4, .2, 1), ("verse", 2, .4, 0), ("build", 1, .55, 3), ("chorus", 2, .75, 2),
              ("break", 1.4, .35, 4), ("outro", 1.4, .2, 1))
TENSE: Form = (("intro", 1.5, .2, 1), ("verse", 2, .4, 0), ("build", 1.5, .65, 2), ("drop", 2, .95, 3),
               ("break", 1, .25, 4), ("outro", 1, .3, 1))
HEAD: Form = (("intro", 1, .35, 1), ("verse", 2, .55, 0), ("bridge", 1, .6, 3), ("chorus", 2, .75, 2),
              ("verse", 2, .6, 4), ("outro", 1, .35, 1))


@dataclass(frozen=True)
class Style:
    """One genre. tempo_bpm is (lowest, usual, highest); figures are (quiet, loud); swing [0, 0.2] of a beat."""

    tempo_bpm: tuple[float, float, float]
    minor: float
    major_progressions: tuple[str, ...]
    minor_progressions: tuple[str, ...]
    form: Form
    harmony: tuple[str, str]
    bass: tuple[str, str]
    groove: str
    melody: str
    register: int
    beats_per_bar: int = 4
    bars_per_chord: int = 1
    swing: float = 0.0
    human_ms: float = 6.0
    voices: int = 4
    cadence: bool = True
    melody_energy: float = 0.3


STYLES: dict[str, Style] = {
    "ambient": Style(
        (56, 68, 84),
        0.45,
        ("Imaj9 vi9 IVmaj9 Vsus4", "Iadd9 iii7 IVmaj7 Isus2", "IVmaj9 Imaj7 vi7 Vsus4"),
        ("i9 bVImaj7 bIIImaj7 bVIIsus2", "i7 iv9 bVImaj7 v7", "iadd9 bIIImaj7 iv7 bVImaj9"),
        SLOW,
        ("pad", "pad_arp"),
        ("drone", "long"),
        "air",
        "sparse",
        72,
        human_ms=14,
        bars_per_chord=2,
    ),
    "folk": Style(
        (88, 104, 124),
        0.3,
        ("I V vi IV", "I IV I V", "I vi IV V", "IV I V vi"),
        ("i bVII bVI bVII", "i bIII bVII i", "i iv bVII bIII"),
        SONG,
        ("pick", "strum"),
        ("folk", "folk"),
        "folk",
        "song",
        72,
        human_ms=9,
    ),
    "piano": Style(
        (66, 78, 96),
        0.5,
        ("I V vi iii IV I IV V", "vi IV I V", "Iadd9 Vsus4 vi7 IVadd9"),
        ("i bVI bIII bVII", "i iv bVII bIII bVI iv Vsus4 V", "iadd9 bVImaj7 iv7 v7"),
        SLOW,
        ("broken", "broken16"),
        ("long", "octave"),
        "none",
        "lyric",
        76,
        human_ms=11,
    ),
    "suspense": Style(
        (72, 88, 112),
        1.0,
        ("i i bII i",),
        ("i i bII i", "i bVI bII V", "i iv i V"),
        TENSE,
        ("tremor", "ostinato"),
        ("drone", "pulse4"),
        "tense",
        "dark",
        67,
        bars_per_chord=2,
        human_ms=7,
    ),
    "orchestral": Style(
        (84, 100, 132),
        0.4,
        ("I V vi IV", "I bVI bVII I", "vi IV I V", "I iii IV V"),
        ("i bVI bIII bVII", "i bVII bVI V", "i iv bVI V"),
        SONG,
        ("pad", "pad_ostinato"),
        ("long", "octave"),
        "orchestra",
        "hymn",
        74,
        human_ms=8,
    ),
    "techno": Style(
        (122, 128, 138),
        1.0,
        ("i i i i",),
        ("i i bVI bVII", "i bVII i bVI", "i i iv i"),
        DANCE,
        ("pad", "stab"),
        ("offbeat", "rolling"),
        "techno",
        "riff",
        72,
        human_ms=1.5,
        voices=3,
        cadence=False,
        melody_energy=0.55,
        bars_per_chord=2,
    ),
    "synthwave": Style(
        (84, 100, 118),
        0.75,
        ("vi IV I V", "I V vi IV"),
        ("i bVI bIII bVII", "i bVII bVI bVII", "bVI bVII i i"),
        DANCE,
        ("pad", "pad_arp"),
        ("pulse8", "pulse8"),
        "synthwave",
        "lead",
        76,
        human_ms=2,
        cadence=False,
        melody_energy=0.45,
    ),
    "lofi": Style(
        (70, 78, 90),
        0.4,
        ("ii9 V9 Imaj9 vi9", "Imaj9 iii7 vi9 IVmaj9", "IVmaj9 iii7 ii9 Imaj9"),
        ("i9 iv9 bVII9 bIIImaj9", "bVImaj7 v7 i9 i9"),
        SONG,
        ("comp", "comp"),
        ("lofi", "lofi"),
        "lofi",
        "lazy",
        72,
        swing=0.1,
        human_ms=12,
        melody_energy=0.4,
    ),
    "jazz": Style(
        (108, 132, 168),
        0.3,
        ("ii7 V7 Imaj7 vi7", "Imaj7 VI7 ii7 V7", "iii7 vi7 ii7 V7"),
        ("ii7b5 V7 i7 i6", "i7 iv7 bVII9 bIIImaj7"),
        HEAD,
        ("comp", "comp"),
        ("two", "walking"),
        "jazz",
        "bop",
        72,
        swing=0.15,
        human_ms=9,
    ),
    "chiptune": Style(
        (120, 140, 168),
        0.4,
        ("I V vi IV", "I IV V I", "vi IV I V", "I bVII IV I"),
        ("i bVI bVII i", "i bVII bVI V", "i bIII bVII iv"),
        SONG,
        ("arp16", "arp16"),
        ("chip", "chip"),
        "chip",
        "game",
        79,
        human_ms=0,
        voices=3,
    ),
    "waltz": Style(
        (138, 156, 180),
        0.35,
        ("I I V7 V7 V7 V7 I I", "I vi ii V7", "I I IV IV V7 V7 I I"),
        ("i i iv iv V7 V7 i i", "i bVI iv V7"),
        SONG,
        ("oompah", "oompah"),
        ("waltz", "waltz"),
        "waltz",
        "dance3",
        76,
        beats_per_bar=3,
        human_ms=9,
    ),
    "drum_and_bass": Style(
        (166, 172, 178),
        0.85,
        ("vi IV I V",),
        ("i bVI bIII bVII", "i7 bVImaj7 iv7 v7", "i9 iv9 bVImaj7 bVII"),
        DANCE,
        ("pad", "pad_stab"),
        ("sub", "reese"),
        "dnb",
        "lead",
        76,
        human_ms=2.5,
        bars_per_chord=2,
        cadence=False,
        melody_energy=0.4,
    ),
}


@dataclass(frozen=True)
class Bar:
    """One bar of the plan. at counts bars from the start; within and length are inside its section."""

    at: int
    section: int
    name: str
    energy: float
    within: int
    length: int
    chord: Chord
    following: Chord
    next_name: str
    final: bool
    variant: int


def rescale(sections: Sequence[ScoreSection], bars: int) -> tuple[ScoreSection, ...]:
    """Sections that sum to `bars`, in proportion (largest remainder); a short piece loses its shortest sections."""
    kept = list(sections)
    while len(kept) > bars:
        kept.pop(min(range(len(kept)), key=lambda n: (kept[n].bars, n)))
    total = sum(s.bars for s in kept)
    if total == bars:
        return tuple(kept)
    spare = bars - len(kept)
    shares = [s.bars / total * bars for s in kept]
    whole = [max(1, int(share)) for share in shares]
    order = sorted(range(len(kept)), key=lambda n: whole[n] - shares[n])
    turn = 0
    while sum(whole) != bars and spare >= 0:
        n = order[turn % len(kept)] if sum(whole) < bars else order[-1 - turn % len(kept)]
        whole[n] += 1 if sum(whole) < bars else -1 if whole[n] > 1 else 0
        turn += 1
    return tuple(s.model_copy(update={"bars": n}) for s, n in zip(kept, whole))


def lay_out(form: Form, bars: int) -> tuple[ScoreSection, ...]:
    """The genre's form over so many bars, in runs of 4 or 8 where there is room; what is left goes to the outro."""
    unit = next(u for u, least in ((8, 128), (4, 28), (2, 12), (1, 0)) if bars >= least)
    units = bars // unit
    kept = [row for row in form if row[3] < max(1, min(6, units // 2 + (unit > 1)))] or [form[0]]
    if len(kept) > units:
        kept = sorted(kept, key=lambda row: row[3])[:max(1, units)]
        kept = [row for row in form if row in kept]
    rough = tuple(ScoreSection(name=name, bars=max(1, round(weight * 4)), energy=energy)
                  for name, weight, energy, _ in kept)
    fitted = [s.model_copy(update={"bars": s.bars * unit}) for s in rescale(rough, units)]
    fitted[-1] = fitted[-1].model_copy(update={"bars": fitted[-1].bars + bars - units * unit})
    return tuple(fitted)


def bar_count(spec: ScoreSpec, duration_s: float) -> int:
    """Bars in the piece; the last one holds the final chord, which rings to the end of the film."""
    return max(1, round(duration_s / spec.bar_s))


def default_spec(genre: Genre, seed: int, duration_s: float, energy_arc: Sequence[float] | None = None,
                 tempo_bpm: float | None = None, key: int | None = None, minor: bool | None = None) -> ScoreSpec:
    """A score of a genre for a film of `duration_s`. energy_arc: values [0, 1] spread evenly over the film, which
    then set each section's energy. Without tempo_bpm the tempo is bent a little so that whole bars fill the film."""
    style = STYLES[genre]
    rng = np.random.default_rng([seed, 11, list(STYLES).index(genre)])
    low, usual, high = style.tempo_bpm
    wish = float(np.clip(usual + rng.normal() * (high - low) / 8, low, high))
    chosen_key, chosen_minor = int(rng.integers(12)), bool(rng.random() < style.minor)
    tempo = tempo_bpm
    if tempo is None:
        bar_beats = style.beats_per_bar
        bars = max(2, round(duration_s * wish / 60 / bar_beats))
        if bars >= 28:  # whole runs of four
            bars = round(bars / 4) * 4
        tempo = float(np.clip(bars * bar_beats * 60 / duration_s, low * .8, high * 1.15))
    spec = ScoreSpec(
        genre=genre,
        tempo_bpm=tempo,
        beats_per_bar=style.beats_per_bar,
        key=chosen_key if key is None else key % 12,
        minor=chosen_minor if minor is None else minor,
        seed=seed,
        music_level=1.0,
        ambience_level=1.0,
        effects_level=1.0,
    )
    sections = lay_out(style.form, bar_count(spec, duration_s))
    if energy_arc is not None and len(energy_arc) > 0:
        arc = np.clip(np.asarray(energy_arc, dtype=np.float64), 0, 1)
        total, at, bent = sum(s.bars for s in sections), 0, []
        for s in sections:
            u = np.linspace(at, at + s.bars, 17) / total
            at += s.bars
            level = float(np.interp(u, np.linspace(0, 1, len(arc)), arc).mean())
            bent.append(s.model_copy(update={"energy": level}))
        sections = tuple(bent)
    return spec.model_copy(update={"sections": sections})


def sections_of(spec: ScoreSpec, duration_s: float) -> tuple[ScoreSection, ...]:
    """The sections as they will sound: the given ones fitted to the film, or the genre's form."""
    bars = bar_count(spec, duration_s)
    return rescale(spec.sections, bars) if spec.sections else lay_out(STYLES[spec.genre].form, bars)


def plan(spec: ScoreSpec, duration_s: float) -> tuple[Bar, ...]:
    """One Bar per bar, chords included. The last bar is the tonic; the one before it leads there."""
    style = STYLES[spec.genre]
    rng = np.random.default_rng([spec.seed, 23, list(STYLES).index(spec.genre)])
    pool = style.minor_progressions if spec.minor else style.major_progressions
    order = rng.permutation(len(pool))
    sections = sections_of(spec, duration_s)
    tonic = _tonic(pool[order[0]], spec.minor)
    dominant = {"jazz": "V7", "lofi": "V9", "ambient": "v7" if spec.minor else "Vsus4"}.get(spec.genre, "V")
    if not style.cadence:
        dominant = "bVII" if spec.minor else "IV"
    names: list[tuple[str, int, ScoreSection, int, int]] = []
    seen: dict[str, int] = {}
    for number, section in enumerate(sections):
        slot = {"chorus": 1, "drop": 0, "bridge": 2, "break": 1}.get(section.name, 0) % len(pool)
        numerals = cast("list[str]", pool[order[slot]].split())
        variant = seen.get(section.name, 0)
        seen[section.name] = variant + 1
        for within in range(section.bars):
            numeral = numerals[(within // style.bars_per_chord) % len(numerals)]
            closing = within == section.bars - 1 and section.bars >= 4
            if closing and style.cadence and within % 4 == 3 and section.name not in ("outro", "intro"):
                numeral = dominant
            names.append((numeral, number, section, within, variant))
    count = len(names)
    if count >= 2:
        names[-2] = (dominant, *names[-2][1:])
    names[-1] = (tonic, *names[-1][1:])
    chords = [chord(row[0], spec.key) for row in names]
    bars: list[Bar] = []
    for at, (_, number, section, within, variant) in enumerate(names):
        after = sections[number + 1].name if number + 1 < len(sections) else "end"
        bars.append(Bar(at, number, section.name, section.energy, within, section.bars, chords[at],
                        chords[min(at + 1, count - 1)], after, at == count - 1, variant))
    return tuple(bars)


def _tonic(progression: str, minor: bool) -> str:
    """The tonic chord as the progression colours it, plain where it never sounds."""
    wanted = "i" if minor else "I"
    coloured = [n for n in progression.split() if n.rstrip("adjmsu0123456789") == wanted and "sus" not in n]
    return coloured[0] if coloured else wanted
