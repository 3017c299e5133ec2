"""What optional models add to perception: each only where its weights are here, else perception is what it was.

Every addition has a mark of the weights it came from, which is part of the name of the cache that keeps it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from modalities.cues import FilmCues, ImageCues, MusicCues, PictureCues
from modalities.engines.clip import mark_of as sight_mark
from modalities.engines.clip import setting_of, weights_in
from modalities.engines.understand.catalogue import (
    DEPTH,
    HEARING,
    SIGHT,
    SPEECH,
    WORDS,
    Understander,
    folder_of,
    mark_of,
)
from modalities.faults import Stopped, Unusable
from modalities.measured_memory import measuring
from modalities.media import Track
from modalities.weights import weights_root

if TYPE_CHECKING:
    from av import VideoFrame

Picture = NDArray[np.uint8]
# As dark as this everywhere is a bar; a picture that is nearly all dark has none.
BLACK, LEAST_LIT = 20, 0.4


def picture_mark() -> str:
    """Of everything that looks at pictures; "" where nothing does. Raises Unavailable for an unusable BEECAM_CLIP."""
    sight = weights_in()
    found = [] if sight is None else [sight_mark(sight)]
    return "-".join([*found, *(mark_of(folder) for one in (WORDS, DEPTH) if (folder := folder_of(one)) is not None)])


def film_mark() -> str:
    """Of everything that looks at films or listens to them."""
    return "-".join(part for part in (picture_mark(), hearing_mark()) if part)


def hearing_mark() -> str:
    """Of what names music."""
    folder = folder_of(HEARING)
    return "" if folder is None else mark_of(folder)


def speech_mark() -> str:
    """Of the recogniser that would be used; "" for the packaged one, and where there is none."""
    folder = speech_folder()
    return "" if folder is None else mark_of(folder)


def speech_folder() -> Path | None:
    """Weights of a recogniser, where the packaged one is not installed."""
    from modalities.perceive.speech import available

    return None if available() else folder_of(SPEECH)


def understood_picture(seen: PictureCues, rgb: Picture) -> PictureCues:
    """What every model that is here says of a picture (H, W, 3 or 4) uint8. Raises Unavailable."""
    sight, words, depth = weights_in(), folder_of(WORDS), folder_of(DEPTH)
    if sight is not None:
        with _measured(SIGHT, sight):
            seen = replace(seen, setting=setting_of(rgb, sight), setting_by=f"zero-shot, {sight.name}")
    if words is not None:
        from modalities.engines.understand.sentences import with_sentence

        with _measured(WORDS, words):
            seen = with_sentence(seen, rgb, words, name_place=sight is None)
    if depth is not None:
        from modalities.engines.understand.depth import with_depth

        with _measured(DEPTH, depth):
            seen = with_depth(seen, rgb, depth)
    return seen


def understood_image(cues: ImageCues, rgb: Picture) -> ImageCues:
    """A still's cues with what the models say. Raises Unavailable."""
    return replace(cues, picture=understood_picture(cues.picture, rgb))


def understood_film(cues: FilmCues, path: Path, stop: Flag | None = None,
                    progress: Callable[[float], None] = lambda _: None) -> FilmCues:
    """A film's cues with what the models say of the middle of each shot, and of its music. Raises Unavailable,
    Unusable, Stopped."""
    shots = list(cues.shots)
    if picture_mark():
        for k, rgb in enumerate(middles(path, [0.5 * (shot.start_s + shot.end_s) for shot in shots], stop)):
            shots[k] = replace(shots[k], picture=understood_picture(shots[k].picture, rgb))
            progress((k + 1) / len(shots))
    music = cues.music
    if music is not None and hearing_mark():
        music = _film_music(music, path, stop)
    return replace(cues, shots=tuple(shots), music=music)


def understood_music(cues: MusicCues, track: Track) -> MusicCues:
    """A track's cues with genre, moods and instruments. Raises Unavailable."""
    folder = folder_of(HEARING)
    if folder is None:
        return cues
    from modalities.engines.understand.hearing import with_words

    with _measured(HEARING, folder):
        return with_words(cues, track, folder)


def middles(path: Path, times_s: list[float], stop: Flag | None = None) -> Generator[Picture]:
    """The picture (H, W, 3) of a film that is shown at each time, in order; the last stands for times past the end.
    Raises Unusable, Stopped."""
    import av
    from av.error import FFmpegError

    wanted, last = list(times_s), None
    try:
        with av.open(str(path)) as film:
            for frame in film.decode(video=0):
                if stop is not None and stop.is_set():
                    raise Stopped("The run was stopped; nothing of this take was kept.")
                while wanted and last is not None and float(frame.time or 0.0) > wanted[0] + 1e-6:
                    yield _upright(last)
                    wanted.pop(0)
                last = frame
                if not wanted:
                    return
    except (FFmpegError, IndexError) as fault:  # the second: no pictures at all
        if last is None:
            raise Unusable(f"{path.name} cannot be read as a film: {str(fault)[:120]}.") from None
    if last is None:
        raise Unusable(f"{path.name} holds no pictures.")
    rgb = _upright(last)
    yield from [rgb] * len(wanted)


def _upright(frame: VideoFrame) -> Picture:
    """As a player shows it, without black bars."""
    rgb = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    rgb = np.rot90(rgb, round(frame.rotation / 90) % 4) if frame.rotation else rgb
    lit = rgb.max(-1) > BLACK
    rows, columns = np.flatnonzero(lit.any(1)), np.flatnonzero(lit.any(0))
    if not len(rows) or (rows[-1] - rows[0]) * (columns[-1] - columns[0]) < LEAST_LIT * lit.size:
        return np.ascontiguousarray(rgb)
    return np.ascontiguousarray(rgb[rows[0]: rows[-1] + 1, columns[0]: columns[-1] + 1])


def _film_music(music: MusicCues, path: Path, stop: Flag | None) -> MusicCues:
    from modalities.media import decode_track

    with tempfile.TemporaryDirectory(prefix="beecam-sound-") as folder:
        try:
            track = decode_track(path, Path(folder) / "sound.wav", stopped=(stop or Flag()).is_set)
        except Unusable:
            return music
        except InterruptedError:
            raise Stopped("The run was stopped; nothing of this take was kept.") from None
        return understood_music(music, track)


@contextmanager
def _measured(one: Understander, folder: Path) -> Generator[None]:
    """Measures what a set that was fetched takes; a folder of the creator's own is not ours to write beside."""
    if weights_root() not in folder.parents:
        yield
        return
    with measuring(one.id):
        yield
