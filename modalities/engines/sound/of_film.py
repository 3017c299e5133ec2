"""Sound for a film that has none, or more of it: what is seen to happen is heard."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from threading import Event as Flag
from typing import Any

import numpy as np

from modalities.engines.sound.foley import modelled, placed, synthesised
from modalities.engines.sound.happenings import Happenings, seen
from modalities.engines.sound.mixing import Mix, mixed
from modalities.engines.sound.request import SoundEngine
from modalities.faults import Unusable
from modalities.media import Sound, decode_track

RATE_HZ = 48000
LONGEST_S = 1800.0
# What an MP4 holds everywhere; anything else goes into Matroska.
IN_MP4 = frozenset({"h264", "hevc", "av1", "mpeg4"})
BLOCK = 1024


def foley_of(path: Path, engine: SoundEngine | None, seed: int, stop: Flag,
             tell: Callable[[float], None] = lambda _: None) -> tuple[Happenings, Sound]:
    """What happens in a film, and its sound (n, 2) at RATE_HZ. engine: whose clips, None for our own synthesis. Raises
    Unusable, Unavailable, Stopped."""
    found = seen(path, stop, lambda share: tell(0.7 * share))
    if found.duration_s > LONGEST_S:
        raise Unusable(f"{path} takes {found.duration_s / 60:.0f} minutes; foley is made for up to "
                       f"{LONGEST_S / 60:.0f}.")
    kinds = [one.kind for one in found.events]
    clips = synthesised(kinds, RATE_HZ, seed) if engine is None else modelled(
        engine, kinds, RATE_HZ, seed, stop, lambda share: tell(0.7 + 0.3 * share))
    return found, placed(found.events, clips, RATE_HZ, round(found.duration_s * RATE_HZ), None, stop)


def with_own_sound(path: Path, foley: Sound, scratch: Path, stop: Flag) -> Mix:
    """The film's own sound with the foley over it, mastered; the foley alone where it is silent."""
    own = np.zeros_like(foley)
    try:
        track = decode_track(path, scratch / "own.wav", RATE_HZ, stop.is_set)
        heard = np.clip(track.read(0, len(foley)), -1.0, 1.0)
        own[:len(heard)] = heard
    except Unusable:
        pass
    finally:
        (scratch / "own.wav").unlink(missing_ok=True)
    return mixed(own, foley, np.zeros_like(foley), (), RATE_HZ, None, 0.0, played=False)


def with_sound(path: Path, sound: Sound, folder: Path) -> Path:
    """The film with this sound in place of its own; its pictures are not encoded again. Raises Unusable."""
    import av

    try:
        with av.open(str(path), metadata_errors="ignore") as source:
            pictures: Any = source.streams.video[0]
            out = folder / ("film.mp4" if pictures.codec_context.name in IN_MP4 else "film.mkv")
            with av.open(str(out), "w") as sink:
                copied: Any = sink.add_stream_from_template(pictures)
                heard: Any = sink.add_stream("aac", rate=RATE_HZ, layout="stereo", options={"b": "224k"})
                _mux(source, sink, pictures, copied, heard, sound)
            return out
    except (OSError, ValueError) as fault:
        raise Unusable(f"{path} cannot be given another sound ({type(fault).__name__}).") from None


def _mux(source: Any, sink: Any, pictures: Any, copied: Any, heard: Any, sound: Sound) -> None:
    """Packets of the pictures with as much sound before each as its time has come."""
    done = 0
    first: float | None = None
    for packet in source.demux(pictures):
        if packet.dts is None:
            continue
        time_s = float(packet.dts * packet.time_base)
        first = time_s if first is None else first
        until = min(len(sound), int((time_s - first) * RATE_HZ))
        done = _encoded(sink, heard, sound, done, until)
        packet.stream = copied
        sink.mux(packet)
    _encoded(sink, heard, sound, done, len(sound))
    sink.mux(heard.encode(None))


def _encoded(sink: Any, heard: Any, sound: Sound, done: int, until: int) -> int:
    import av

    while done < until:
        block = sound[done:done + BLOCK]
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, done, Fraction(1, RATE_HZ)
        sink.mux(heard.encode(frame))
        done += len(block)
    return done
