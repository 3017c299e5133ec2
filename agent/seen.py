"""A reference that was perceived: its kind, its jobs and everything measured in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event as Flag

from agent.brief import ReferenceUse
from agent.references import ACCEPTED, Kind, kind_named, kind_of, text_of, usable_roles
from modalities import cue_files, seeing
from modalities.cues import (
    FilmCues,
    FilmShot,
    GestureCues,
    ImageCues,
    Line,
    MusicCues,
    PictureCues,
    SketchCues,
    WordCues,
)
from modalities.faults import Unavailable, Unusable
from modalities.hearing import heard_track, stored_track
from modalities.media import Track, file_sha256
from modalities.store import Store

SOUNDS: tuple[Kind, ...] = ("audio", "speech", "rhythm")
# Above this a recording without a job of its own is taken for somebody talking.
TALKING = 0.6
SHORTEST_S = 0.2
Tell = Callable[[float], None]


@dataclass(frozen=True)
class Seen:
    """number counts from 1 in the order they were given. Of the cues those of its kind are set; words also where
    somebody talks in it. because: who gave it its roles."""

    number: int
    path: Path
    id: str
    kind: Kind
    roles: tuple[str, ...] = ()
    because: str = ""
    film: FilmCues | None = None
    image: ImageCues | None = None
    sketch: SketchCues | None = None
    gesture: GestureCues | None = None
    words: WordCues | None = None
    music: MusicCues | None = None
    track: Track | None = None
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def sha256(self) -> str:
        return self.id.removeprefix("ref:")

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.words.lines) if self.words else ""

    @property
    def duration_s(self) -> float | None:
        for cues in (self.film, self.music, self.gesture, self.words if self.kind == "lyrics" else None):
            if cues is not None:
                return cues.duration_s
        return None

    @property
    def shots(self) -> tuple[FilmShot, ...]:
        """The shots of a film; a picture is one shot without an end of its own."""
        if self.film is not None:
            return self.film.shots
        return (FilmShot(0.0, 1.0, "start", self.image.picture, 0.0),) if self.image is not None else ()

    def picture_at(self, share: float) -> PictureCues | None:
        """What is seen at a share [0, 1] of its length."""
        shots = self.shots
        if not shots:
            return None
        at_s = share * shots[-1].end_s
        return next((shot for shot in shots if at_s < shot.end_s), shots[-1]).picture

    def use(self) -> ReferenceUse:
        return ReferenceUse(id=self.id, kind=self.kind, path=str(self.path.absolute()), roles=self.roles,
                            because=self.because)


def see(store: Store, path: Path, number: int, asked: tuple[str, ...], longest_s: float | None, stop: Flag,
        tell: Tell = lambda _: None) -> Seen:
    """Perceive a reference, or find it in the project. asked: roles from the command line, which also say how a
    recording is to be taken. longest_s limits how much sound is used. Raises Unusable, Unavailable, Stopped."""
    kind = kind_of(path)
    if kind == "audio":
        return _listened(store, path, number, asked, longest_s, stop, tell)
    sha256 = file_sha256(path)
    seen = Seen(number, path, f"ref:{sha256}", kind)
    if kind == "film":
        film = seeing.film(store, path, sha256, stop, tell)
        return replace(seen, film=film, music=film.music, notes=film.notes)
    if kind == "image":
        image = seeing.image(store, path, sha256)
        plain = image.picture.light.contrast < 0.004 and len(image.picture.palette) == 1
        note = (f"{path.name} is of one colour all over; nothing is drawn or seen in it.",) if plain else ()
        return replace(seen, image=image, notes=(*image.notes, *note))
    if kind == "sketch":
        sketch = seeing.sketch(store, path, sha256)
        image = seeing.image(store, path, sha256) if {"style", "palette"} & set(asked) else None
        return replace(seen, sketch=sketch, image=image, notes=sketch.notes)
    if kind == "gesture":
        gesture = seeing.gesture(store, path, sha256)
        return replace(seen, gesture=gesture, notes=gesture.notes)
    if kind == "lyrics":
        words = seeing.lyrics(store, path, sha256)
        return replace(seen, words=words, notes=words.notes)
    text = text_of(path)
    if text is None:
        raise Unusable(f"{path} is not a kind of file that is read as a reference; expected {ACCEPTED}.")
    kept: WordCues = seeing.kept(store, sha256, "text", lambda: WordCues((Line(0.0, 0.0, text),), "", "text", 0.0))
    return replace(seen, words=kept)


def _listened(store: Store, path: Path, number: int, asked: tuple[str, ...], longest_s: float | None, stop: Flag,
              tell: Tell) -> Seen:
    """A recording: music, speech or a tapped rhythm."""
    track, cues = heard_track(store, path, longest_s, stop, tell)
    if track.duration_s < SHORTEST_S:
        raise Unusable(f"{path} holds {track.duration_s:.3f} seconds of sound; a film needs at least {SHORTEST_S:g}.")
    seen = Seen(number, path, f"ref:{track.sha256}", "audio", music=cues, track=track, notes=track.notes)
    if cues.silent or "timbre" in asked or "structure" in asked:
        return seen
    from modalities.perceive.speech import sounds_like_speech

    if "speech" in asked or (not asked and sounds_like_speech(track) > TALKING):
        return replace(seen, kind="speech")
    tapped = _tapped(track)
    if tapped is not None and set(asked) <= {"rhythm", "pacing"}:
        note = f"{path.name} is taken for a tapped rhythm: our own music plays at its {tapped.tempo_bpm:.0f} bpm; " \
               f"with {path.name}:rhythm,timbre it is heard itself."
        return replace(seen, kind="rhythm", music=tapped, notes=(*seen.notes, note))
    return seen


def _tapped(track: Track) -> MusicCues | None:
    from modalities.perceive.rhythm import tapped

    return tapped(track)


def with_roles(seen: Seen, asked: tuple[str, ...], because: str) -> Seen:
    """The reference with the roles it can play of those asked for. Raises Unusable when it can play none of them."""
    roles, notes = usable_roles(seen.kind, asked, seen.name)
    return replace(seen, roles=roles, because=because, notes=seen.notes + notes)


def transcribed(store: Store, seen: Seen, stop: Flag, tell: Tell = lambda _: None) -> Seen:
    """The reference with the words that are spoken in it. Raises Unavailable where no recogniser is installed."""
    if seen.words is not None:
        return seen
    from modalities.perceive.speech import transcribe
    from modalities.understanding import speech_mark

    sha256, track = seen.sha256, seen.track
    if track is None:
        track, _ = heard_track(store, seen.path, None, stop)
    heard = track
    mark = speech_mark()
    words: WordCues = seeing.kept(store, sha256, f"speech-{mark}" if mark else "speech",
                                  lambda: transcribe(heard, stop, tell))
    return replace(seen, words=words, notes=seen.notes + words.notes)


def seen_again(store: Store, use: ReferenceUse, number: int, stop: Flag) -> Seen:
    """A reference of a take, from the project's own cues. Raises Unusable when they are gone and so is the file."""
    kind = kind_named(use.kind)
    path, sha256 = Path(use.path), use.id.removeprefix("ref:")
    seen = Seen(number, path, use.id, kind, use.roles, use.because)
    if kind in SOUNDS:
        track, cues = stored_track(store, sha256, stop)
        seen = replace(seen, track=track, music=(_tapped(track) if kind == "rhythm" else None) or cues)
        if "speech" in use.roles:
            try:
                seen = transcribed(store, seen, stop)
            except Unavailable:
                return seen
        return seen
    if not seeing.cache_path(store, sha256, kind).exists():
        if not path.is_file() or file_sha256(path) != sha256:
            raise Unusable(f"The reference {path} of this take is no longer there, and neither are its cues.")
        return replace(see(store, path, number, use.roles, None, stop), roles=use.roles, because=use.because)
    return _from_cache(store, seen)


def _from_cache(store: Store, seen: Seen) -> Seen:
    """A reference whose file is gone, from what was kept of it."""
    found = cue_files.load(seeing.cache_path(store, seen.sha256, seen.kind))
    if isinstance(found, FilmCues):
        return replace(seen, film=found, music=found.music)
    if isinstance(found, ImageCues):
        return replace(seen, image=found)
    if isinstance(found, SketchCues):
        return replace(seen, sketch=found, image=cue_files.load(seeing.cache_path(store, seen.sha256, "image")))
    if isinstance(found, GestureCues):
        return replace(seen, gesture=found)
    if isinstance(found, WordCues):
        return replace(seen, words=found)
    raise Unusable(f"What was kept of the reference {seen.path} is damaged.")
