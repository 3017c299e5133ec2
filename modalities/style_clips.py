"""A studio's clips as runs of pictures at the world model's size and rate."""

from __future__ import annotations

from pathlib import Path
from threading import Event as Flag

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from modalities.faults import Stopped, Unusable
from modalities.media import check_file

RUN, MOST_RUNS, SIZE_PX, FPS = 12, 80, (256, 144), 12


def runs_of(path: Path, stop: Flag, most: int = MOST_RUNS) -> list[NDArray[np.uint8]]:
    """Whole seconds of a film, each (12, 144, 256, 3) sRGB, cropped to 16:9 in the middle; `most` at most, from its
    start. Raises Unusable where there is no whole second of picture, Stopped."""
    import av

    check_file(path)
    frames: list[NDArray[np.uint8]] = []
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            if not container.streams.video:
                raise Unusable(f"{path} holds no moving picture.")
            due = 0.0
            for frame in container.decode(container.streams.video[0]):
                if stop.is_set():
                    raise Stopped("Learning was stopped; nothing was kept.")
                time_s = float(frame.time or 0.0)
                if not frames:
                    due = time_s
                if time_s + 1e-6 < due and frames:
                    continue
                picture = shaped(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
                while due <= time_s + 1e-6 and len(frames) < most * RUN:
                    # A film of fewer frames a second shows each a little longer.
                    frames.append(picture)
                    due += 1.0 / FPS
                if len(frames) >= most * RUN:
                    break
    except (Unusable, Stopped):
        raise
    except Exception as fault:  # decoders raise many kinds
        raise Unusable(f"{path} is not a film that can be read ({type(fault).__name__}).") from None
    runs = [np.stack(frames[k:k + RUN]) for k in range(0, len(frames) - RUN + 1, RUN)]
    if not runs:
        raise Unusable(f"{path} is shorter than a second; a look is learnt from at least one.")
    return runs


def shaped(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(144, 256, 3): the middle of a picture of any shape."""
    high, wide = rgb.shape[:2]
    scale = max(SIZE_PX[0] / wide, SIZE_PX[1] / high)
    across, down = SIZE_PX[0] / scale, SIZE_PX[1] / scale
    left, top = (wide - across) / 2, (high - down) / 2
    picture = Image.fromarray(rgb).resize(SIZE_PX, Image.Resampling.BOX, (left, top, left + across, top + down))
    return np.asarray(picture, np.uint8)
