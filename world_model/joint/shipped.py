"""The weights that come with Beecam: where they lie and how they are opened, once a process."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from world_model.codec.picture import PictureCodec
    from world_model.codec.sound import SoundCodec
    from world_model.joint.pipeline import WorldPipeline

_lock = threading.Lock()
_open: dict[str, object] = {}


@contextmanager
def _quietly() -> Generator[None]:
    """No bars of loading weights in the middle of a command's own progress."""
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    shown = [logging for logging in (diffusers_logging, transformers_logging) if logging.is_progress_bar_enabled()]
    for logging in shown:
        logging.disable_progress_bar()
    try:
        yield
    finally:
        for logging in shown:
            logging.enable_progress_bar()


def weights_folder() -> Path:
    """The folder of trained weights: BEECAM_WEIGHTS when it is set, else the one that is shipped."""
    given = os.environ.get("BEECAM_WEIGHTS")
    return Path(given) if given else Path(__file__).resolve().parent.parent / "weights"


def missing(name: str) -> str | None:
    """None when weights of that name are here, else a sentence that says how to get them."""
    if (weights_folder() / name).is_dir():
        return None
    preset = "live" if name.endswith("_codec") else name
    return (f"the world model's weights {name!r} are not in {weights_folder()}; train them with "
            f"python -m world_model.train --preset {preset} --minutes 60 --out DIR")


def open_world(name: str = "small") -> WorldPipeline:
    """The pipeline of a preset's shipped weights, on the CPU. Raises ValueError with a sentence when it is not here."""
    with _lock:
        if name not in _open:
            wrong = missing(name)
            if wrong:
                raise ValueError(wrong)
            from world_model.joint.pipeline import load_pipeline

            with _quietly():
                _open[name] = load_pipeline(weights_folder() / name)
        found = _open[name]
    return found  # type: ignore[return-value]


def open_picture_codec() -> PictureCodec:
    """The shipped picture codec, float32. Raises ValueError with a sentence when it is not here."""
    with _lock:
        if "picture_codec" not in _open:
            wrong = missing("picture_codec")
            if wrong:
                raise ValueError(wrong)
            from world_model.codec.picture import load_codec

            with _quietly():
                _open["picture_codec"] = load_codec(str(weights_folder() / "picture_codec")).float().eval()
        found = _open["picture_codec"]
    return found  # type: ignore[return-value]


def open_sound_codec() -> SoundCodec:
    """The shipped sound codec. Raises ValueError with a sentence when it is not here."""
    with _lock:
        if "sound_codec" not in _open:
            wrong = missing("sound_codec")
            if wrong:
                raise ValueError(wrong)
            from world_model.codec.sound import SoundCodec

            with _quietly():
                _open["sound_codec"] = SoundCodec.load(weights_folder() / "sound_codec")
        found = _open["sound_codec"]
    return found  # type: ignore[return-value]
