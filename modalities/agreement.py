"""Whether a film shows and sounds like its own words, measured by models that compare them, where those are here.

A cosine alone says little: it is set beside the words of the film's other shots, and of other kinds of music.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event as Flag

import numpy as np
from numpy.typing import NDArray

from modalities.engines.clip import likeness as picture_likeness
from modalities.engines.clip import weights_in
from modalities.engines.understand.catalogue import HEARING, folder_of
from modalities.faults import Unavailable, Unusable
from modalities.media import Track
from modalities.script import Script, ShotWords
from modalities.understanding import middles
from world_model.vocabulary import GENRES

# CLIP reads some seventy words; the look and the lens come last.
LONGEST_WORDS = 60
MOST_SHOTS = 60


def agreement(script: Script, video: Path, audio: Path, fps: float, stop: Flag) -> dict[str, float]:
    """Of the pictures: clip.shots (mean cosine of each shot's middle with its own words), clip.others (with those of
    the other shots, where there are any), clip.least_shot and clip.least (the shot, from 1, whose own words are least
    ahead of the others', and by how much, perhaps below 0). Of music that was asked for in words: clap.music, and
    clap.others for other kinds of music. Empty without the models. Raises Stopped."""
    try:
        return _pictures(script, video, fps, stop) | _music(script, audio)
    except (Unavailable, Unusable):
        # A take is whole without being compared; perception says what is wrong with the weights.
        return {}


def _pictures(script: Script, video: Path, fps: float, stop: Flag) -> dict[str, float]:
    weights = weights_in()
    if weights is None or not script.shots:
        return {}
    every = max(1, -(-len(script.shots) // MOST_SHOTS))
    shots = script.shots[::every]
    seen = list(middles(video, [(shot.first_frame + 0.5 * shot.frames) / fps for shot in shots], stop))
    texts = list(dict.fromkeys(words_of(shot) for shot in shots))
    table = picture_likeness(seen, texts, weights).astype(np.float64)
    own = np.array([texts.index(words_of(shot)) for shot in shots])
    mine = table[np.arange(len(shots)), own]
    found = {"clip.shots": float(mine.mean())}
    if len(texts) > 1:
        rest = (table.sum(1) - mine) / (len(texts) - 1)
        ahead = mine - rest
        found |= {"clip.others": float(rest.mean()), "clip.least": float(ahead.min()),
                  "clip.least_shot": float(shots[int(ahead.argmin())].number + 1)}
    return {name: round(value, 4) for name, value in found.items()}


def _music(script: Script, audio: Path) -> dict[str, float]:
    folder = folder_of(HEARING)
    if folder is None or not script.music.style:
        return {}
    from modalities.engines.understand.hearing import SAID_GENRES, likeness

    named = [f"{SAID_GENRES.get(genre, genre)} music" for genre in GENRES
             if genre.replace("_", " ") not in script.music.style.lower() and SAID_GENRES.get(genre, genre) not in
             script.music.style.lower()]
    heard: NDArray[np.float32] = likeness(track_of(audio), [script.music.style, *named], folder)
    return {"clap.music": round(float(heard[0]), 4), "clap.others": round(float(heard[1:].mean()), 4)}


def words_of(shot: ShotWords) -> str:
    """What is to be seen in a shot, in as many words as are read."""
    return " ".join(f"{shot.seen} {shot.light} {shot.look}".split()[:LONGEST_WORDS])


def track_of(wav: Path) -> Track:
    """A take's own sound, to be listened to. Raises Unusable."""
    import soundfile as sf

    try:
        told = sf.info(str(wav))
    except (RuntimeError, OSError):
        raise Unusable(f"{wav.name} cannot be read as sound.") from None
    track = Track(wav, wav, "", int(told.samplerate), int(told.frames), 1.0, None, ())
    return replace(track, peak=float(np.abs(track.read(0, track.frames)).max(initial=0.0)))


__all__ = ["agreement"]
