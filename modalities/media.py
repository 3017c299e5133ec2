"""Media in: any sound file becomes 48 kHz stereo, or one clear sentence.

soundfile reads first (it knows some Vorbis files that FFmpeg refuses), PyAV second (mp3 in odd containers, m4a,
opus, the sound of films). Decoding streams in blocks to disk, so a long track needs little memory.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr
from numpy.typing import NDArray

from modalities.faults import Unusable

Sound = NDArray[np.float32]
ACCEPTED = "wav, flac, ogg, mp3, m4a, opus or aiff, or a film with sound"
LARGEST_BYTES = 4 << 30
BLOCK = 1 << 16
SILENT_PEAK = 10 ** (-66 / 20)


@dataclass(frozen=True)
class Track:
    """A creator's track, decoded. path is a float32 WAV at sample_rate_hz, stereo. exact_pcm is 16 or 24 when the
    source was integer PCM of that depth at this very rate, mono or stereo (then every sample is kept), else None.
    notes are sentences for the creator."""

    path: Path
    source: Path
    sha256: str
    sample_rate_hz: int
    frames: int
    peak: float
    exact_pcm: int | None
    notes: tuple[str, ...]

    @property
    def duration_s(self) -> float:
        return self.frames / self.sample_rate_hz

    def read(self, start: int = 0, count: int = -1) -> Sound:
        """Samples [start, start + count) as (n, 2) float32; fewer at the end."""
        with sf.SoundFile(self.path) as file:
            file.seek(min(start, self.frames))
            return np.asarray(file.read(count, dtype="float32", always_2d=True), np.float32)


def check_file(path: Path) -> Path:
    """The path, if a regular, non-empty, readable file is there. Raises Unusable with one sentence if not."""
    try:
        if not path.exists():
            raise Unusable(f"There is no file {path}.")
        if not path.is_file():
            raise Unusable(f"{path} is not a file.")
        if any("\ud800" <= letter <= "\udfff" for letter in str(path)):
            # Such a name cannot be written into a take's documents.
            said = str(path).encode("utf-8", "backslashreplace").decode()
            raise Unusable(f"The name of {said} is not in UTF-8; give the file another name.")
        size = path.stat().st_size
        if size == 0:
            raise Unusable(f"{path} is empty; expected {ACCEPTED}.")
        if size > LARGEST_BYTES:
            raise Unusable(f"{path} is {size >> 20} MiB; files up to {LARGEST_BYTES >> 20} MiB are read.")
        with path.open("rb") as file:
            file.read(1)
    except (OSError, ValueError) as fault:
        if isinstance(fault, Unusable):
            raise
        raise Unusable(f"{path} cannot be read ({type(fault).__name__}).") from None
    return path


def file_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def to_stereo(block: Sound) -> Sound:
    """(n, channels) to (n, 2): mono doubled, 3.0 to 7.1 folded down as in ITU-R BS.775 (centre and surrounds -3 dB,
    no LFE), scaled so that full-scale channels cannot clip."""
    channels = block.shape[1]
    if channels == 2:
        return block
    if channels == 1:
        return np.repeat(block, 2, axis=1)
    weights = np.zeros((channels, 2), np.float32)
    weights[0, 0] = weights[1, 1] = 1.0
    half = np.float32(0.7071)
    if channels == 3:
        weights[2] = half
    elif channels == 4:
        weights[2, 0] = weights[3, 1] = half
    else:
        weights[2] = half
        for index in range(4, channels):
            weights[index, index % 2] = half
    return block @ (weights / weights.sum(0).max())


def _soundfile_blocks(path: Path) -> tuple[int, int | None, int, Iterator[Sound]]:
    with _hushed():
        info = sf.info(str(path))
    depth = {"PCM_16": 16, "PCM_24": 24}.get(info.subtype) if info.channels <= 2 else None

    def blocks() -> Iterator[Sound]:
        with sf.SoundFile(path) as file:
            while len(block := file.read(BLOCK, dtype="float32", always_2d=True)):
                yield np.asarray(block, np.float32)

    return info.samplerate, depth, info.channels, blocks()


def known_as_sound(path: Path) -> bool:
    """Whether libsndfile takes the file for sound."""
    try:
        with _hushed():
            sf.info(str(path))
    except (sf.LibsndfileError, OSError, ValueError):
        return False
    return True


@contextmanager
def _hushed() -> Generator[None]:
    """The MP3 library inside libsndfile grumbles on standard error about files that are none; we say it ourselves."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _av_blocks(path: Path) -> tuple[int, int | None, int, Iterator[Sound]]:
    import av

    with av.open(str(path)) as probe:
        if not probe.streams.audio:
            raise Unusable(f"{path} holds no sound; expected {ACCEPTED}.")
        rate = int(probe.streams.audio[0].rate or 0)
        channels = int(probe.streams.audio[0].channels or 0)
    if rate <= 0 or channels <= 0:
        raise ValueError("no rate")

    def blocks() -> Iterator[Sound]:
        with av.open(str(path)) as container:
            planar = av.AudioResampler(format="fltp", rate=rate)
            for frame in container.decode(container.streams.audio[0]):
                for piece in planar.resample(frame):
                    yield np.ascontiguousarray(piece.to_ndarray().T, np.float32)

    return rate, None, channels, blocks()


def decode_track(path: Path, out: Path, sample_rate_hz: int = 48000,
                 stopped: Callable[[], bool] = lambda: False, longest_s: float | None = None) -> Track:
    """Decode `path` to a float32 stereo WAV at `out`. NaN and infinite samples become silence, with a note; a
    truncated file gives what can be read, with a note. longest_s ends the decoding early.

    Raises Unusable when nothing can be read, and InterruptedError when `stopped()` turns true.
    """
    check_file(path)
    faults: list[str] = []
    for opener in (_soundfile_blocks, _av_blocks):
        try:
            rate, depth, _, blocks = opener(path)
            track = _write(path, out, rate, depth, blocks, sample_rate_hz, stopped, longest_s)
        except (Unusable, InterruptedError):
            raise
        except OSError as fault:
            if fault.errno == errno.ENOSPC:
                out.unlink(missing_ok=True)
                raise
            faults.append(type(fault).__name__)
            out.unlink(missing_ok=True)
            continue
        except Exception as fault:  # decoders raise many kinds; the next one may read it
            faults.append(type(fault).__name__)
            out.unlink(missing_ok=True)
            continue
        if track.frames == 0:
            out.unlink(missing_ok=True)
            raise Unusable(f"{path} holds 0 seconds of sound.")
        return track
    raise Unusable(f"{path} is not a sound file that can be read; expected {ACCEPTED}.")


def _write(path: Path, out: Path, rate: int, depth: int | None, blocks: Iterator[Sound], target_hz: int,
           stopped: Callable[[], bool], longest_s: float | None) -> Track:
    if not 1000 <= rate <= 768000:
        raise ValueError(f"rate {rate}")
    resampler = None if rate == target_hz else soxr.ResampleStream(rate, target_hz, 2, dtype="float32", quality="HQ")
    limit = None if longest_s is None else round(longest_s * target_hz)
    notes: list[str] = []
    written, broken, peak = 0, 0, 0.0
    with sf.SoundFile(out, "w", target_hz, 2, subtype="FLOAT", format="RF64") as sink:
        try:
            for block in blocks:
                if stopped():
                    raise InterruptedError
                bad = ~np.isfinite(block)
                if bad.any():
                    broken += int(bad.sum())
                    block = np.where(bad, np.float32(0), block)
                stereo = to_stereo(np.clip(block, -64.0, 64.0))
                piece = stereo if resampler is None else resampler.resample_chunk(np.ascontiguousarray(stereo))
                written, peak = _append(sink, piece, written, peak, limit)
                if limit is not None and written >= limit:
                    break
        except InterruptedError:
            raise
        except Exception as fault:
            if written == 0 or getattr(fault, "errno", None) == errno.ENOSPC:
                raise
            notes.append(f"{path.name} breaks off; the {written / target_hz:.1f} s that can be read are used.")
        if resampler is not None and (limit is None or written < limit):
            rest = resampler.resample_chunk(np.zeros((0, 2), np.float32), last=True)
            written, peak = _append(sink, rest, written, peak, limit)
    if broken:
        notes.append(f"{path.name} has {broken} samples that are not numbers; they were silenced.")
    if written and peak < SILENT_PEAK:
        notes.append(f"{path.name} is silent: there is nothing to follow, so the film keeps a calm clock of its own.")
    exact = depth if resampler is None and not broken else None
    return Track(out, path, file_sha256(path), target_hz, written, peak, exact, tuple(notes))


def _append(sink: sf.SoundFile, piece: Sound, written: int, peak: float, limit: int | None) -> tuple[int, float]:
    if limit is not None:
        piece = piece[: max(0, limit - written)]
    if len(piece):
        with disk_faults(Path(sink.name)):
            sink.write(piece)
        peak = max(peak, float(np.abs(piece).max()))
    return written + len(piece), peak


def write_wav(path: Path, samples: Iterator[Sound], sample_rate_hz: int, depth: int | None, peak: float) -> int:
    """Write stereo blocks as 16 or 24 bit WAV, or float when the peak is above full scale. Returns the frames."""
    if depth is None:
        depth = 24 if peak <= 1.0 else 32
    subtype = {16: "PCM_16", 24: "PCM_24", 32: "FLOAT"}[depth]
    total = 0
    with disk_faults(path), sf.SoundFile(path, "w", sample_rate_hz, 2, subtype=subtype, format="WAV") as sink:
        for block in samples:
            sink.write(block)
            total += len(block)
    return total


@contextmanager
def disk_faults(path: Path) -> Generator[None]:
    """libsndfile says only "System error" when a disk is full; this says OSError, with ENOSPC when it is so."""
    try:
        yield
    except sf.LibsndfileError as fault:
        full = shutil.disk_usage(path.parent).free < 1 << 20
        raise OSError(errno.ENOSPC if full else errno.EIO, str(fault), str(path)) from None
