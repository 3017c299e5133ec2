"""A creator's references in the project: perceived once, found again by their content.

What is kept is what was perceived, never the pixels; a track's sound is kept by modalities.hearing.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modalities import cue_files
from modalities.cues import FilmCues, GestureCues, ImageCues, SketchCues, WordCues
from modalities.faults import Unusable
from modalities.store import Store

Tell = Callable[[float], None]
# The modules that perceive a kind, whose VERSION dates the cache.
MAKERS = {"film": ("film", "picture"), "image": ("image", "picture"), "sketch": ("sketch",), "gesture": ("gesture",),
          "lyrics": ("lyrics",), "speech": ("speech",)}


def _quiet(share: float) -> None:
    return None


def kept(store: Store, sha256: str, kind: str, make: Callable[[], Any]) -> Any:
    """What was perceived as `kind` of the content `sha256`: from the project, else made and kept. Raises what `make`
    raises; then nothing is kept."""
    path = cache_path(store, sha256, kind)
    found = cue_files.load(path)
    if found is None:
        found = make()
        path.parent.mkdir(parents=True, exist_ok=True)
        cue_files.save(found, path)
    return found


def cache_path(store: Store, sha256: str, kind: str) -> Path:
    versions = [int(getattr(importlib.import_module(f"modalities.perceive.{maker}"), "VERSION", 1))
                for maker in MAKERS.get(kind.partition("-")[0], ())]
    return store.refs_dir / sha256 / f"{'-'.join([kind, *map(str, versions or [1])])}.npz"


def film(store: Store, path: Path, sha256: str, stop: Flag | None = None, progress: Tell = _quiet) -> FilmCues:
    """What models that are here add is kept beside it. Raises Unusable, Stopped, and Unavailable for weights that
    cannot be used."""
    from modalities.perceive.film import see_film
    from modalities.understanding import film_mark, understood_film

    cues: FilmCues = kept(store, sha256, "film", lambda: see_film(path, stop=stop, progress=progress))
    mark = film_mark()
    return kept(store, sha256, f"film-{mark}", lambda: understood_film(cues, path, stop, progress)) if mark else cues


def image(store: Store, path: Path, sha256: str) -> ImageCues:
    """A picture, also one that is the only frame of a film's container. What models that are here add (where it is, a
    sentence, near and far) is kept beside it. Raises Unusable, and Unavailable for weights that cannot be used."""
    from modalities.perceive.image import open_picture, see_image
    from modalities.perceive.picture import look_at
    from modalities.understanding import picture_mark, understood_image

    def made() -> ImageCues:
        rgb = only_frame(path)
        if rgb is None:
            return see_image(path)
        return ImageCues((rgb.shape[1], rgb.shape[0]), look_at(rgb),
                         (f"{path.name} is a film of one picture; it is used as an image.",))

    cues: ImageCues = kept(store, sha256, "image", made)
    mark = picture_mark()
    if not mark:
        return cues
    rgb = only_frame(path)
    seen = rgb if rgb is not None else open_picture(path).pixels
    return kept(store, sha256, f"image-{mark}", lambda: understood_image(cues, seen))


def sketch(store: Store, path: Path, sha256: str) -> SketchCues:
    """Raises Unusable."""
    from modalities.perceive.sketch import see_sketch

    return kept(store, sha256, "sketch", lambda: see_sketch(path))


def gesture(store: Store, path: Path, sha256: str) -> GestureCues:
    """Raises Unusable."""
    from modalities.perceive.gesture import read_gesture

    return kept(store, sha256, "gesture", lambda: read_gesture(path))


def lyrics(store: Store, path: Path, sha256: str) -> WordCues:
    """Raises Unusable."""
    from modalities.perceive.lyrics import read_lyrics

    return kept(store, sha256, "lyrics", lambda: read_lyrics(path))


def only_frame(path: Path) -> NDArray[np.uint8] | None:
    """The picture (H, W, 3) of a film's container, or None for a file that is a plain picture."""
    import av
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path):
                return None
    except Image.DecompressionBombError:
        # Who reads pictures says that it is too large.
        return None
    except (UnidentifiedImageError, OSError, ValueError):
        pass
    try:
        with av.open(str(path)) as container:
            for frame in container.decode(video=0):
                return np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    except Exception:  # decoders raise many kinds
        pass
    raise Unusable(f"{path} holds no picture that can be read.")
