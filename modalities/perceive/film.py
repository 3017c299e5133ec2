"""Seeing a film: FilmCues for a director, in constant memory, faster than it plays."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag

import numpy as np
from numpy.typing import NDArray

from modalities.cues import CURVE_HZ, FilmCues, FilmShot, MusicCues, PictureCues
from modalities.faults import Stopped, Unusable
from modalities.perceive.film_curves import Bars, Steps, curves
from modalities.perceive.film_cuts import LAG, Border, Borders
from modalities.perceive.film_frames import Reading, moments
from modalities.perceive.film_likeness import glance
from modalities.perceive.film_report import film_cues
from modalities.perceive.film_store import load, save

__all__ = ["VERSION", "film_cues", "load", "save", "see_film"]

VERSION = 3
KEPT = 24
RECENT = LAG + 40
LISTEN_SHARE = 0.25


def see_film(path: Path, *, stop: Flag | None = None, progress: Callable[[float], None] = lambda _: None,
             listen: bool = True) -> FilmCues:
    """Everything seen in a film and, with `listen`, heard in its sound. The same file always gives the same cues.

    Rotation, pixel shape and varying frame times are honoured; a truncated file gives what can be read, with a note.
    Beside the curves of FilmCues there are camera.truck and camera.pedestal (what of pan and tilt is a way sideways or
    up rather than a turn: a picture alone tells them apart badly, so pan and tilt hold both) and camera.trust [0, 1].
    Degrees are as through a 24 mm lens. progress is told a share in [0, 1]. Raises Unusable with one sentence where no
    picture can be read, and Stopped.
    """
    flag = stop or Flag()
    reading = Reading()
    pictures_share = 1.0 - LISTEN_SHARE if listen else 1.0
    borders, steps, bars, shots = Borders(), Steps(), Bars(), _Shots()
    certain: list[Border] = []
    told = 0.0
    for n, moment in enumerate(moments(path, reading, flag)):
        if flag.is_set():
            raise Stopped("The run was stopped; nothing of this take was kept.")
        look = glance(moment.rgb, moment.grey)
        bars.see(moment.grey)
        fresh = borders.see(look, moment.time_s, moment.jump_s)
        steps.see(moment.time_s, moment.grey, look, bars, moment.blocks)
        for border in fresh:
            shots.close(border, bars)
        certain += fresh
        shots.see(n, moment.rgb)
        steps.settle(certain[-8:], n - LAG - 8)
        if moment.share > told + 0.01:
            told = moment.share
            progress(pictures_share * told)
    fresh = borders.finish()
    for border in fresh:
        shots.close(border, bars)
    certain += fresh
    steps.settle(certain[-24:], len(steps.times_s))
    shots.close(None, bars)
    lines = curves(steps, certain, reading.duration_s)
    notes = list(reading.notes or [])
    music = _heard(path, reading, flag, lambda share: progress(pictures_share + LISTEN_SHARE * share), notes) \
        if listen else None
    progress(1.0)
    trust = lines["camera.trust"]
    rate = len(lines["motion"]) / max(reading.duration_s, 1e-6)
    seen: list[FilmShot] = []
    starts = [0.0, *(min(border.at_s, reading.duration_s) for border in certain)]
    for k, (start_s, end_s) in enumerate(zip(starts, [*starts[1:], reading.duration_s])):
        part = lines["motion"][int(start_s * rate): max(int(start_s * rate) + 1, int(end_s * rate))]
        seen.append(FilmShot(start_s, end_s, certain[k - 1].kind if k else "start", shots.pictures[k],
                             float(part.mean()) if len(part) else 0.0))
    return FilmCues(duration_s=reading.duration_s, fps=reading.fps, size_px=reading.size_px, shots=tuple(seen),
                    curves=lines, curve_rate_hz=CURVE_HZ, camera_confidence=float(np.clip(trust.mean(), 0.0, 1.0)),
                    music=music, notes=tuple(notes))


class _Shots:
    """Keeps a few pictures of the running shot, evenly spaced, so that its middle is at hand when it ends."""

    def __init__(self) -> None:
        self.pictures: list[PictureCues] = []
        self._recent: deque[tuple[int, NDArray[np.uint8]]] = deque()
        self._kept: list[tuple[int, NDArray[np.uint8]]] = []
        self._stride = 1
        self._start = 0
        self._newest = 0

    def see(self, look: int, rgb: NDArray[np.uint8]) -> None:
        self._newest = look
        self._recent.append((look, rgb))
        if len(self._recent) > RECENT:
            self._keep(*self._recent.popleft())

    def close(self, border: Border | None, bars: Bars) -> None:
        """The running shot ends at a border, or with the film: look at its middle."""
        from modalities.perceive.picture import look_at

        end = border.first if border is not None else self._newest
        middle = 0.5 * (self._start + max(end, self._start))
        _, rgb = min([*self._kept, *self._recent], key=lambda one: abs(one[0] - middle))
        left, top, right, bottom = bars.inside()
        high, wide = rgb.shape[:2]
        shown = rgb[round(top * high): max(round(bottom * high), round(top * high) + 2),
                    round(left * wide): max(round(right * wide), round(left * wide) + 2)]
        self.pictures.append(look_at(np.ascontiguousarray(shown)))
        if border is not None:
            self._start = border.last
            self._kept, self._stride = [one for one in self._kept if one[0] >= border.look], 1

    def _keep(self, look: int, rgb: NDArray[np.uint8]) -> None:
        if look % self._stride == 0:
            self._kept.append((look, rgb))
        if len(self._kept) > KEPT:
            self._stride *= 2
            self._kept = [one for one in self._kept if one[0] % self._stride == 0]


def _heard(path: Path, reading: Reading, stop: Flag, progress: Callable[[float], None], notes: list[str]
           ) -> MusicCues | None:
    """What is heard in the film's sound, or None where there is none; why not goes into notes."""
    from modalities.media import decode_track
    from modalities.perceive import music

    if not reading.has_sound:
        return None
    with tempfile.TemporaryDirectory(prefix="beecam-sound-") as folder:
        try:
            track = decode_track(path, Path(folder) / "sound.wav", stopped=stop.is_set)
        except Unusable:
            notes.append(f"The sound of {path.name} cannot be read, so only its pictures are used.")
            return None
        except InterruptedError:
            raise Stopped("The run was stopped; nothing of this take was kept.") from None
        heard = music.hear(track, stop=stop, progress=progress)
    return None if heard.silent else heard
