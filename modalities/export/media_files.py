"""A take's film as a file of its own, or as numbered pictures with the sound beside them."""

from __future__ import annotations

import shutil
from pathlib import Path
from threading import Event as Flag

import av
from av.error import FFmpegError

from modalities.faults import Stopped, Unusable

LARGEST_FRAMES = 1_000_000


def copy_film(video: Path, out: Path) -> None:
    """The same bytes. Raises Unusable when there is none."""
    try:
        shutil.copyfile(video, out)
    except FileNotFoundError:
        raise Unusable(f"The film is missing: {video}.") from None


def write_frames(video: Path, audio: Path, out: Path, stop: Flag) -> int:
    """frame_000001.png and on, 8 bits sRGB, and sound.wav, in a new folder; how many. Raises Unusable, Stopped."""
    out.mkdir()
    count = 0
    try:
        with av.open(str(video)) as film:
            for frame in film.decode(video=0):
                if stop.is_set():
                    raise Stopped("The run was stopped; nothing of it was kept.")
                count += 1
                if count > LARGEST_FRAMES:
                    raise Unusable(f"The film has more than {LARGEST_FRAMES} frames; expected otio or mp4.")
                frame.to_image().save(out / f"frame_{count:06d}.png", compress_level=4)
    except (FFmpegError, IndexError):
        raise Unusable(f"{video} cannot be read as a film.") from None
    if audio.is_file():
        shutil.copyfile(audio, out / "sound.wav")
    return count
