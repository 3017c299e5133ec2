"""Pictures in: a photograph, a painting or a frame as a glimpse, a drawing as ink, a film as glimpses and hearing."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from modalities.convert.drawn_land import skyline_in
from modalities.convert.given import LONGEST_OWN_S, Given, only_at, over
from modalities.convert.seen_words import words_of_picture
from modalities.convert.sounds_in import hearing_of
from modalities.faults import Unusable
from modalities.media import check_file
from world_model.data.sketches import ink_of_image
from world_model.streams.layout import STEP_S, Floats, steps_in
from world_model.streams.senses import glimpse

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
FILMS = (".mp4", ".webm", ".mov", ".mkv", ".avi", ".m4v")
MOST_PIXELS = 1 << 27
READ_PX = (1024, 1024)
SEEN_PX = (128, 72)
# A drawing is mostly paper, nearly without colour, with a little ink.
PAPER_SHARE, INK_SHARE, LEAST_DRAWN = 0.6, 0.35, 0.002


def read_picture(path: Path) -> NDArray[np.uint8]:
    """(H, W, 3) or, where parts are transparent, (H, W, 4) uint8, upright, at most 1024 pixels a side. Raises Unusable
    where it is no picture or a huge one."""
    from PIL import Image, ImageOps

    check_file(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Unusable(f"{path} has {image.width} x {image.height} pixels; up to {MOST_PIXELS >> 20} "
                                   "million are read.")
                image.draft("RGB", READ_PX)
                upright = ImageOps.exif_transpose(image)
                clear = "A" in upright.getbands() or "transparency" in upright.info
                whole = upright.convert("RGBA" if clear else "RGB")
                whole.thumbnail(READ_PX)
                return np.asarray(whole, np.uint8)
    except Unusable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unusable(f"{path} is too large a picture; up to {MOST_PIXELS >> 20} million pixels are read.") from None
    except Exception:  # decoders raise many kinds
        raise Unusable(f"{path} is not a picture that can be read; expected png, jpg or webp.") from None


def on_white(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W, 3): what is transparent is white paper."""
    if picture.shape[2] == 3:
        return picture
    alpha = picture[..., 3:].astype(np.float32) / 255.0
    return np.rint(picture[..., :3] * alpha + 255.0 * (1.0 - alpha)).astype(np.uint8)


def is_drawing(picture: NDArray[np.uint8]) -> bool:
    """Whether a picture (H, W, 3 or 4) is a line drawing: nearly without colour, most of it paper, some of it ink."""
    rgb = on_white(picture)
    step = max(1, max(rgb.shape[:2]) // 512)
    rgb = rgb[::step, ::step].astype(np.float32)
    colour = float((rgb.max(-1) - rgb.min(-1)).mean())
    grey = rgb.mean(-1)
    counts = np.bincount((grey / 8.0).astype(np.int64).ravel(), minlength=32)
    paper = 8.0 * int(counts.argmax()) + 4.0
    near = float((np.abs(grey - paper) < 20.0).mean())
    inked = float((np.abs(grey - paper) > 60.0).mean())
    bright_or_dark = paper > 170.0 or paper < 60.0
    return colour < 12.0 and bright_or_dark and near > PAPER_SHARE and LEAST_DRAWN < inked < INK_SHARE


def image_given(path: Path, steps: int) -> Given:
    """A picture: seen in the first step, so that the world begins with it, and what it shows in words."""
    picture = on_white(read_picture(path))
    return only_at("image", "glimpse", glimpse(picture), steps, text=words_of_picture(picture))


def sketch_given(path: Path, steps: int) -> Given:
    """A drawing: its ink in the first step, and its hill line. Raises Unusable for blank paper."""
    picture = read_picture(path)
    ink = ink_of_image(picture)
    if not ink.any():
        raise Unusable(f"{path} is blank paper: there is no line in it.")
    return only_at("sketch", "sketch", ink.reshape(-1), steps, skyline=skyline_in(picture))


def video_given(path: Path, duration_s: float | None, folder: Path,
                stopped: Callable[[], bool] = lambda: False) -> Given:
    """A film: one look every quarter of a second, and its sound where it has any. Frames are read one by one."""
    longest = duration_s or LONGEST_OWN_S
    looks, more, middle = _looks(path, longest, stopped)
    steps = len(looks) if duration_s is None else steps_in(duration_s)
    streams = {"glimpse": looks}
    notes = [f"{path.name} is longer; its first {longest:g} s are used."] if more else []
    heard = hearing_of(path, longest, folder, stopped, needed=False)
    if heard is not None:
        streams["hearing"] = heard[0][:len(looks)] if duration_s is None else heard[0]
    found = over("video", streams, steps)
    return Given("video", steps, found.known, found.known_at, words_of_picture(middle), notes=tuple(notes),
                 track=heard[1] if heard is not None else None)


def _looks(path: Path, longest_s: float, stopped: Callable[[], bool]
           ) -> tuple[Floats, bool, NDArray[np.uint8]]:
    """(T, 432) of the frames on screen in the middle of each step, whether the film goes on after them, and a small
    picture from their middle."""
    import av
    from av.error import FFmpegError
    from av.video.reformatter import Interpolation

    check_file(path)
    looks: list[Floats] = []
    pictures: list[NDArray[np.uint8]] = []
    most, more, end_s, last = steps_in(longest_s), False, 0.0, None
    try:
        with av.open(str(path)) as film:
            if not film.streams.video:
                raise Unusable(f"{path} holds no pictures; say --from audio to use its sound.")
            first_s: float | None = None
            for frame in film.decode(film.streams.video[0]):
                if stopped():
                    raise InterruptedError
                first_s = float(frame.time or 0.0) if first_s is None else first_s
                now_s = float(frame.time or 0.0) - first_s
                end_s = max(end_s, now_s)
                while last is not None and len(looks) < most and (len(looks) + 0.5) * STEP_S < now_s:
                    looks.append(last)
                if len(looks) >= most:
                    more = True
                    break
                if now_s + 0.5 >= (len(looks) + 0.5) * STEP_S:
                    small = frame.reformat(*SEEN_PX, format="rgb24", interpolation=Interpolation.AREA)
                    picture = np.asarray(small.to_ndarray(), np.uint8)
                    last = glimpse(picture)
                    # One in a second is enough to have one near the middle.
                    if not pictures or len(looks) >= len(pictures) / STEP_S:
                        pictures.append(picture)
    except (Unusable, InterruptedError):
        raise
    except (FFmpegError, OSError, ValueError, MemoryError):
        if not looks:
            raise Unusable(f"{path} is not a film that can be read; expected mp4, webm or mov.") from None
    if last is None:
        raise Unusable(f"{path} holds no picture that can be read.")
    while len(looks) < min(most, max(1, round(end_s / STEP_S))):
        looks.append(last)
    return np.stack(looks), more, pictures[len(pictures) // 2]
