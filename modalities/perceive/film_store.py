"""FilmCues on disk: one compressed file of arrays and JSON, no pickle."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from modalities.cues import FilmCues, FilmShot, Framing, LightCues, MusicCues, PictureCues, Swatch

ARRAYS_OF_MUSIC = ("signals", "beats_s", "downbeats_s")


def save(film: FilmCues, path: Path) -> None:
    """One file, replaced whole."""
    arrays: dict[str, Any] = {f"curve_{name}": curve for name, curve in film.curves.items()}
    lines = [shot.picture.framing.skyline for shot in film.shots]
    arrays["skylines"] = np.array([np.full(32, np.nan) if line is None else line for line in lines], np.float32)
    plain: dict[str, Any] = {"duration_s": film.duration_s, "fps": film.fps, "size_px": film.size_px,
             "curve_rate_hz": film.curve_rate_hz, "camera_confidence": film.camera_confidence, "notes": film.notes,
             "shots": [_plain_shot(shot) for shot in film.shots], "music": None}
    if film.music is not None:
        plain["music"] = {k: v for k, v in asdict(film.music).items() if k not in ARRAYS_OF_MUSIC}
        arrays |= {f"signal_{name}": signal for name, signal in film.music.signals.items()}
        arrays |= {"beats_s": film.music.beats_s, "downbeats_s": film.music.downbeats_s}
    part = path.with_suffix(".part.npz")
    np.savez_compressed(part, plain=json.dumps(plain), **arrays)
    part.replace(path)


def load(path: Path) -> FilmCues | None:
    """What `save` wrote, or None when it is not there or damaged."""
    try:
        with np.load(path, allow_pickle=False) as data:
            plain = json.loads(str(data["plain"]))
            arrays: dict[str, NDArray[Any]] = {name: data[name] for name in data.files if name != "plain"}
            shots = tuple(_shot(one, line) for one, line in zip(plain["shots"], arrays["skylines"], strict=True))
            return FilmCues(
                duration_s=plain["duration_s"], fps=plain["fps"], size_px=_pair(plain["size_px"]), shots=shots,
                curves=_named(arrays, "curve_"), curve_rate_hz=plain["curve_rate_hz"],
                camera_confidence=plain["camera_confidence"], music=_music(plain["music"], arrays),
                notes=tuple(plain["notes"]))
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error):
        return None


def _named(arrays: dict[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[np.float32]]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _pair(value: list[int]) -> tuple[int, int]:
    return int(value[0]), int(value[1])


def _plain_shot(shot: FilmShot) -> dict[str, Any]:
    plain = asdict(shot)
    plain["picture"]["framing"]["skyline"] = shot.picture.framing.skyline is not None
    return plain


def _shot(plain: dict[str, Any], line: NDArray[np.float32]) -> FilmShot:
    picture = plain["picture"]
    frame = picture["framing"]
    subject = frame["subject"]
    framing = Framing(**frame | {"skyline": line if frame["skyline"] else None, "layers": tuple(frame["layers"]),
                                 "subject": None if subject is None else tuple(subject)})
    seen = PictureCues(**picture | {"palette": tuple(Swatch(**one) for one in picture["palette"]),
                                    "land": tuple(Swatch(**one) for one in picture.get("land", ())),
                                    "subjects": tuple(picture.get("subjects", ())),
                                    "light": LightCues(**picture["light"]), "framing": framing})
    return FilmShot(plain["start_s"], plain["end_s"], plain["transition"], seen, plain["motion"])


def _music(plain: dict[str, Any] | None, arrays: dict[str, NDArray[Any]]) -> MusicCues | None:
    if plain is None:
        return None
    values: dict[str, Any] = {name: tuple(tuple(row) for row in value) if isinstance(value, list) else value
                              for name, value in plain.items()}
    return MusicCues(**values, beats_s=arrays["beats_s"], downbeats_s=arrays["downbeats_s"],
                     signals=_named(arrays, "signal_"))
