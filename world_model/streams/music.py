"""The score stream: a ScoreSpec and its notes as numbers a step, and back to a ScoreSpec."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world_model.score import PARTS, Composition, Genre, ScoreSection, ScoreSpec
from world_model.sim.arrange import bar_count
from world_model.streams.layout import (
    SCORE_HEAD,
    SCORE_ONSETS,
    SCORE_SECTIONS,
    STEP_S,
    SUBSTEPS,
    WIDTHS,
    Floats,
)
from world_model.vocabulary import GENRES

F64 = NDArray[np.float64]
KICK, SNARE, HIHAT = (35, 36), (37, 38, 39, 40), (42, 44, 46, 51, 54, 70)
KEY_AT = len(GENRES)
HEAD_AT = KEY_AT + 12
SECTION_AT = HEAD_AT + len(SCORE_HEAD)
ONSET_AT = SECTION_AT + len(SCORE_SECTIONS)
CHROMA_AT = ONSET_AT + SUBSTEPS * len(SCORE_ONSETS)
TEMPO_BPM = (40.0, 210.0)


def head(score: Floats, name: str) -> Floats:
    """(T,) one named number of SCORE_HEAD out of the score stream (T, 91)."""
    return score[:, HEAD_AT + SCORE_HEAD.index(name)]


def score_stream(spec: ScoreSpec | None, piece: Composition | None, steps: int, start_s: float = 0.0) -> Floats:
    """(steps, 91) from start_s on; all zeros where there is no music."""
    out = np.zeros((steps, WIDTHS["score"]))
    if spec is None or piece is None or len(piece.start_s) == 0:
        return out.astype(np.float32)
    out[:, GENRES.index(spec.genre)] = 1.0
    out[:, KEY_AT + spec.key] = 1.0
    middles = start_s + (np.arange(steps, dtype=np.float64) + 0.5) * STEP_S
    starts = start_s + np.arange(steps, dtype=np.float64) * STEP_S
    beat, bar = starts * spec.tempo_bpm / 60.0, starts / spec.bar_s
    energy, section = _sections(spec, piece, middles)
    sung = _sounding(piece, middles, "melody")
    turn, bar_turn = 2 * np.pi * beat, 2 * np.pi * bar
    values = {"minor": float(spec.minor), "log_tempo": np.log(spec.tempo_bpm / 100.0),
              "beats_per_bar": spec.beats_per_bar / 4.0, "beat_sin": np.sin(turn), "beat_cos": np.cos(turn),
              "bar_sin": np.sin(bar_turn), "bar_cos": np.cos(bar_turn), "energy": energy,
              "melody_height": np.where(sung > 0, (sung - 60.0) / 24.0, 0.0), "playing": 1.0}
    for k, name in enumerate(SCORE_HEAD):
        out[:, HEAD_AT + k] = values[name]
    out[np.arange(steps), SECTION_AT + section] = 1.0
    out[:, ONSET_AT:CHROMA_AT] = _onsets(piece, steps, start_s)
    out[:, CHROMA_AT:CHROMA_AT + 12] = _chroma(piece, starts, ("harmony", "melody"))
    out[:, CHROMA_AT + 12:] = _chroma(piece, starts, ("bass",))
    return out.astype(np.float32)


def _sections(spec: ScoreSpec, piece: Composition, at_s: F64) -> tuple[F64, NDArray[np.int64]]:
    energy, section = np.full(len(at_s), 0.5), np.full(len(at_s), SCORE_SECTIONS.index("verse"))
    ends = np.cumsum([s.bars for s in spec.sections]) * spec.bar_s if spec.sections else np.zeros(0)
    for k, t in enumerate(at_s):
        if len(ends):
            energy[k] = spec.sections[min(int(np.searchsorted(ends, t)), len(ends) - 1)].energy
        for name, start, end in piece.sections:
            if start <= t < end and name in SCORE_SECTIONS:
                section[k] = SCORE_SECTIONS.index(name)
    return energy, section


def _sounding(piece: Composition, at_s: F64, part: str) -> F64:
    """The pitch of the last note of a part begun within a second before each time, 0 where there is none."""
    mine = piece.part == PARTS.index(part)
    starts, pitches = piece.start_s[mine], piece.pitch[mine]
    out = np.zeros(len(at_s))
    if len(starts) == 0:
        return out
    last = np.searchsorted(starts, at_s, side="right") - 1
    good = (last >= 0) & (at_s - starts[np.maximum(last, 0)] < 1.0)
    out[good] = pitches[last[good]]
    return out


def _onsets(piece: Composition, steps: int, start_s: float) -> F64:
    grid = np.zeros((steps * SUBSTEPS, len(SCORE_ONSETS)))
    where = np.floor((piece.start_s - start_s) / (STEP_S / SUBSTEPS)).astype(np.int64)
    inside = (where >= 0) & (where < len(grid))
    drums = piece.part == PARTS.index("drums")
    for k, name in enumerate(SCORE_ONSETS):
        if name in PARTS:
            mine = piece.part == PARTS.index(name)
        else:
            mine = drums & np.isin(piece.pitch, {"kick": KICK, "snare": SNARE, "hihat": HIHAT}[name])
        mine &= inside
        np.maximum.at(grid[:, k], where[mine], piece.velocity[mine] / 127.0)
    return grid.reshape(steps, SUBSTEPS * len(SCORE_ONSETS))


def _chroma(piece: Composition, starts_s: F64, parts: tuple[str, ...]) -> F64:
    out = np.zeros((len(starts_s), 12))
    mine = np.isin(piece.part, [PARTS.index(name) for name in parts])
    for start, length, pitch, loud in zip(piece.start_s[mine], piece.duration_s[mine], piece.pitch[mine],
                                          piece.velocity[mine]):
        overlap = np.minimum(start + length, starts_s + STEP_S) - np.maximum(start, starts_s)
        out[:, pitch % 12] += np.maximum(overlap, 0.0) * loud / 127.0
    peak = out.max(1, keepdims=True)
    return np.where(peak > 1e-6, out / np.maximum(peak, 1e-6), 0.0)


def score_spec(score: Floats, seed: int = 0) -> ScoreSpec | None:
    """The piece of music a score stream (T, 91) asks for, or None where it plays nothing.

    Genre, key, mode, tempo and metre are those of the whole; sections follow the energy, bar by bar.
    """
    score = np.nan_to_num(np.asarray(score, np.float32))
    if head(score, "playing").mean() < 0.4:
        return None
    genre: Genre = GENRES[int(score[:, :KEY_AT].mean(0).argmax())]
    key = int(score[:, KEY_AT:HEAD_AT].mean(0).argmax())
    tempo = float(np.clip(100.0 * np.exp(np.median(head(score, "log_tempo"))), *TEMPO_BPM))
    beats = int(np.clip(round(float(np.median(head(score, "beats_per_bar"))) * 4), 2, 7))
    draft = ScoreSpec(genre=genre, tempo_bpm=tempo, beats_per_bar=beats, key=key,
                      minor=float(head(score, "minor").mean()) > 0.5, seed=seed)
    bars = bar_count(draft, len(score) * STEP_S)
    sections: list[ScoreSection] = []
    for bar in range(bars):
        first = min(int(bar * draft.bar_s / STEP_S), len(score) - 1)
        last = max(first + 1, min(len(score), round((bar + 1) * draft.bar_s / STEP_S)))
        piece = score[first:last]
        name = SCORE_SECTIONS[int(piece[:, SECTION_AT:ONSET_AT].mean(0).argmax())]
        energy = float(np.clip(round(float(head(piece, "energy").mean()) * 10) / 10, 0.0, 1.0))
        if sections and sections[-1].name == name and abs(sections[-1].energy - energy) < 0.15:
            sections[-1] = sections[-1].model_copy(update={"bars": sections[-1].bars + 1})
        else:
            sections.append(ScoreSection.model_validate({"name": name, "bars": 1, "energy": energy}))
    return draft.model_copy(update={"sections": tuple(sections)})
