"""A creator's track in the project: decoded once, analysed once, found again by its content."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from threading import Event as Flag

from modalities.cues import MusicCues
from modalities.faults import Stopped, Unusable
from modalities.media import Track, check_file, decode_track, file_sha256
from modalities.store import Store

# A digest, and the milliseconds of an excerpt.
TRACK_NAME = re.compile(r"[0-9A-Za-z]{1,128}(?:-\d{1,9})?")


def heard_track(store: Store, path: Path, longest_s: float | None, stop: Flag,
                progress: Callable[[float], None] = lambda _: None) -> tuple[Track, MusicCues]:
    """The decoded track and its cues. longest_s limits how much of it is used. Raises Unusable, Stopped, and
    Unavailable for weights that cannot be used."""
    check_file(path)
    sha256 = file_sha256(path)
    if longest_s is not None:
        sha256 = f"{sha256}-{round(longest_s * 1000)}"
    folder = store.refs_dir / sha256
    if not (folder / "track.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / ".audio.part.wav"
        try:
            track = decode_track(path, part, stopped=stop.is_set, longest_s=longest_s)
            part.replace(folder / "audio.wav")
        except InterruptedError:
            raise Stopped("The run was stopped; nothing of this take was kept.") from None
        finally:
            part.unlink(missing_ok=True)
            if not any(folder.iterdir()):
                folder.rmdir()
        track = replace(track, path=folder / "audio.wav", sha256=sha256)
        _write(folder / "track.json", asdict(track))
    return stored_track(store, sha256, stop, progress, source=path)


def stored_track(store: Store, sha256: str, stop: Flag, progress: Callable[[float], None] = lambda _: None,
                 source: Path | None = None) -> tuple[Track, MusicCues]:
    """The same, from the project's own copy. Raises Unusable when it is gone."""
    from modalities.perceive import music

    if not TRACK_NAME.fullmatch(sha256):
        # An edit may have written it; it must not lead out of the project. An excerpt has its length behind the digest.
        raise Unusable(f"{sha256[:80]!r} is not the name of music in this project.")
    folder = store.refs_dir / sha256
    try:
        data = json.loads((folder / "track.json").read_text("utf-8"))
        track = Track(**data | {"path": folder / "audio.wav", "source": source or Path(data["source"]),
                                "notes": tuple(data["notes"])})
    except (OSError, ValueError, TypeError):
        raise Unusable(f"The music of this take is no longer in the project ({folder}).") from None
    cache = folder / f"cues-{music.VERSION}.npz"
    cues = music.load(cache)
    if cues is None:
        cues = music.hear(track, stop=stop, progress=progress)
        music.save(cues, cache)
    return track, _named(cues, track, folder, music.VERSION)


def _named(cues: MusicCues, track: Track, folder: Path, version: int) -> MusicCues:
    """The same with what a model that names music says, where its weights are here. Raises Unavailable."""
    from modalities.perceive import music
    from modalities.understanding import hearing_mark, understood_music

    mark = hearing_mark()
    if not mark:
        return cues
    cache = folder / f"cues-{version}-{mark}.npz"
    named = music.load(cache)
    if named is None:
        named = understood_music(cues, track)
        music.save(named, cache)
    return named


def _write(path: Path, data: dict[str, object]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps({k: str(v) if isinstance(v, Path) else v for k, v in data.items()}), "utf-8")
    part.replace(path)
