"""A take as a cut list: its shots on whole frames of the film, and the sections, bars and beats of its music."""

from __future__ import annotations

from agent.direction import Direction
from agent.director_words import body_words, setting_word
from agent.tree_diff import spans_of
from agent.unroll_spans import bars_to_s, beats_s
from modalities.export.cut_list import Clip, CutList, Film, Marker, film_of, plain
from modalities.store import Take


def cut_list(take: Take, direction: Direction, name: str = "") -> CutList:
    """name: what the creator calls the take. Raises Unusable when the film cannot be read."""
    film = film_of(take.video)
    title = plain(name or direction.title or take.reason or take.id, 80) or take.id
    return CutList(title, take.video, film.rate, film.frames, film.size_px, film.sample_rate_hz,
                   _clips(direction, film), _markers(direction, film))


def _frame(film: Film, seconds: float) -> int:
    # A cut lies on the frame that holds its instant, as it does in the film.
    return min(film.frames, max(0, int(seconds * film.rate + 1e-6)))


def _clips(direction: Direction, film: Film) -> tuple[Clip, ...]:
    shots = {shot.id: (number + 1, shot) for number, shot in enumerate(direction.shots)}
    found: list[Clip] = []
    for key, (start_s, end_s) in spans_of(direction).items():
        start, end = _frame(film, start_s), _frame(film, end_s)
        number, shot = shots[key]
        if end > start:
            who = ", ".join(body_words(body) for body in shot.world.bodies[:3])
            note = f"{shot.purpose}: {who + ', ' if who else ''}{setting_word(shot.world.place)}, " \
                f"{shot.camera.scale}, {shot.camera.move.replace('_', ' ')}"
            found.append(Clip(plain(f"{number:02d} {key} {shot.section or ''}"), start, end, shot.cut, plain(note)))
    if not found:
        return (Clip("01", 0, film.frames, "hard"),)
    # The film may be longer than what the Direction says, as where a recording was laid in.
    last = found[-1]
    return (*found[:-1], Clip(last.name, last.start, film.frames, last.cut, last.note))


def _markers(direction: Direction, film: Film) -> tuple[Marker, ...]:
    music = direction.music
    if direction.score is None and not music.downbeats_s and not music.sections:
        return ()
    found: list[Marker] = []
    for section in music.sections:
        start, end = (_frame(film, float(s)) for s in bars_to_s(music, section.bars))
        if start < film.frames and end > start:
            found.append(Marker(plain(section.name), start, end, "section"))
    length_s = film.frames / float(film.rate)
    beats = [float(s) for s in beats_s(music, length_s)]
    bars = {round(float(s), 4): n for n, s in enumerate(bars_to_s(music, range(len(music.downbeats_s))))}
    for at_s in beats:
        frame = _frame(film, at_s)
        if frame < film.frames:
            bar = bars.get(round(at_s, 4))
            found.append(Marker("beat", frame, frame + 1, "beat") if bar is None else
                         Marker(f"bar {bar + 1}", frame, frame + 1, "bar"))
    return tuple(sorted(found, key=lambda one: (one.start, one.kind != "section")))
