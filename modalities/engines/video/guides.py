"""What a shot is guided by: the simulator's pictures, nearness, edges and masks, or the same of a creator's film."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.engine import Job
from modalities.engines.video.request import Frames, Guide, Maps
from modalities.faults import Stopped, Unusable

FIRST_BODY = 10
# Of the picture's sides, what a border leaves of the picture in the middle.
KEPT_IN_BORDER = 0.72
# Nearness is 1 / distance; the exponent keeps hills apart that would all be black, as depth networks draw them.
NEARNESS_GAMMA = 0.6
FEATHER_PX = 0.012


def moments(first_frame: int, frames: int, film_fps: float, model_fps: float) -> NDArray[np.int64]:
    """The film's frame that is shown when the model shows its frame j, for as long as the shot lasts."""
    count = max(1, int(np.ceil(frames / film_fps * model_fps - 1e-6)))
    at = np.floor(np.arange(count) * film_fps / model_fps + 1e-6).astype(np.int64)
    return first_frame + np.minimum(at, frames - 1)


def of_world(job: Job, at: NDArray[np.int64], size_px: tuple[int, int], repaint: str) -> Guide:
    """The simulator's view of the film's frames `at`. Raises Stopped."""
    from world_model.sim.finish import finish
    from world_model.sim.picture import Renderer, edges_of, packed_rows

    rows = packed_rows(job.world.state)
    renderer = Renderer(size_px)
    shape = (len(at), size_px[1], size_px[0])
    pictures, near = np.empty((*shape, 3), np.uint8), np.empty(shape, np.float32)
    edges, bodies = np.empty(shape, np.float32), np.empty(shape, np.float32)
    try:
        for k, frame in enumerate(at.tolist()):
            if job.stop.is_set():
                raise Stopped("The run was stopped; nothing of this take was kept.")
            seen = renderer.geometry(rows[frame])
            pictures[k] = finish(seen, rows[frame], 0, renderer.threads)
            near[k] = 1.0 / np.maximum(seen.depth_m, 0.1)
            # The sky has no slope: its edges are none (see docs/STATUS.md).
            edges[k] = np.where(seen.object_id == 0, 0.0, edges_of(seen))
            bodies[k] = seen.object_id >= FIRST_BODY
    finally:
        renderer.close()
    return bordered(Guide(pictures, scaled(near), edges), repaint) if repaint == "border" else \
        Guide(pictures, scaled(near), edges, masked(bodies, repaint))


def of_film(path: Path, at: NDArray[np.int64], film_fps: float, size_px: tuple[int, int],
            nearness: Callable[[Frames], Maps] | None, stop: Flag) -> Guide:
    """The creator's film at the moments of frames `at`; the last picture stands where it is shorter. nearness: a model
    that sees depth; without one, how dark a soft version is stands for it. Raises Unusable, Stopped."""
    import av
    from av.error import FFmpegError

    wanted = at / film_fps
    pictures: list[Frames] = []
    last: Frames | None = None
    try:
        with av.open(str(path)) as film:
            for frame in film.decode(video=0):
                if stop.is_set():
                    raise Stopped("The run was stopped; nothing of this take was kept.")
                time_s = float(frame.time or 0.0)
                while len(pictures) < len(wanted) and last is not None and wanted[len(pictures)] < time_s - 1e-6:
                    pictures.append(last)
                if len(pictures) == len(wanted):
                    break
                last = fitted(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), size_px)
    except FFmpegError as fault:
        raise Unusable(f"{path.name} cannot be read as a film: {str(fault)[:120]}.") from None
    if last is None:
        raise Unusable(f"{path.name} holds no pictures.")
    pictures += [last] * (len(wanted) - len(pictures))
    stack = np.stack(pictures)
    edges = np.stack([cv2.Canny(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), 80, 160) for one in pictures])
    near = nearness(stack) if nearness is not None else np.stack(
        [1.0 - cv2.GaussianBlur(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), (0, 0), max(size_px) / 64) / 255.0
         for one in pictures])
    return Guide(stack, scaled(np.asarray(near, np.float32)), np.asarray(edges, np.float32) / 255.0)


def ending(path: Path, count: int, fps: float, size_px: tuple[int, int], stop: Flag) -> Frames:
    """The last `count` pictures of a film at `fps`, the first repeated where it is short. Raises Unusable, Stopped."""
    import av
    from av.error import FFmpegError

    kept_s: deque[tuple[float, Frames]] = deque()
    try:
        with av.open(str(path)) as film:
            for frame in film.decode(video=0):
                if stop.is_set():
                    raise Stopped("The run was stopped; nothing of this take was kept.")
                time_s = float(frame.time or 0.0)
                kept_s.append((time_s, np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)))
                while len(kept_s) > 1 and kept_s[1][0] < time_s - count / fps:
                    kept_s.popleft()
    except FFmpegError as fault:
        raise Unusable(f"{path.name} cannot be read as a film: {str(fault)[:120]}.") from None
    if not kept_s:
        raise Unusable(f"{path.name} holds no pictures.")
    times = np.array([time_s for time_s, _ in kept_s])
    wanted = times[-1] - np.arange(count)[::-1] / fps
    at = np.clip(np.searchsorted(times, wanted + 1e-4, side="right") - 1, 0, len(times) - 1)
    return np.stack([fitted(kept_s[int(k)][1], size_px) for k in at])


def scaled(near: Maps) -> Maps:
    """Nearness over a whole shot in [0, 1]; one scale for all frames, or it would pump."""
    low, high = np.percentile(near, (0.5, 99.5))
    level = np.clip((near - low) / max(float(high - low), 1e-6), 0.0, 1.0)
    return (level ** NEARNESS_GAMMA).astype(np.float32)


def masked(bodies: Maps, repaint: str) -> Maps | None:
    """Where something new is made: on the subjects with a little round them, or everywhere else; None is everywhere."""
    if repaint == "everything":
        return None
    width = bodies.shape[2]
    grown = 2 * max(1, round(width * FEATHER_PX)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (grown, grown))
    wide = np.stack([cv2.dilate(one, kernel) for one in bodies]).astype(np.float32)
    return wide if repaint == "subject" else np.float32(1.0) - wide


def bordered(guide: Guide, repaint: str) -> Guide:
    """The whole picture made smaller in the middle, with a border round it that is to be made."""
    count, height, width = guide.nearness.shape
    wide, high = max(2, round(width * KEPT_IN_BORDER)), max(2, round(height * KEPT_IN_BORDER))
    left, top = (width - wide) // 2, (height - high) // 2
    inside = (slice(None), slice(top, top + high), slice(left, left + wide))
    mask = np.ones((count, height, width), np.float32)
    mask[inside] = 0.0

    def moved(frames: NDArray, empty: float) -> NDArray:
        out = np.full(frames.shape, empty, frames.dtype)
        out[inside] = np.stack([cv2.resize(one, (wide, high), interpolation=cv2.INTER_AREA) for one in frames])
        return out

    return Guide(moved(guide.pictures, 127), moved(guide.nearness, 0.0), moved(guide.edges, 0.0), mask)


def kept(made: Frames, guide: Guide) -> Frames:
    """What a model made, with everything outside the mask exactly as it was and a soft edge between."""
    if guide.repaint is None:
        return made
    blur = max(1.0, guide.repaint.shape[2] * FEATHER_PX)
    out = np.empty_like(made)
    for k in range(len(made)):
        hard = guide.repaint[min(k, len(guide.repaint) - 1)]
        # Softened inwards only, so that what is to be kept stays bit for bit.
        soft = np.minimum(hard, np.clip(2.0 * cv2.GaussianBlur(hard, (0, 0), blur) - 1.0, 0.0, 1.0))[..., None]
        before = guide.pictures[min(k, len(guide.pictures) - 1)]
        out[k] = np.round(soft * made[k] + (1.0 - soft) * before).astype(np.uint8)
    return out


def fitted(picture: Frames, size_px: tuple[int, int]) -> Frames:
    """Any picture at a size, its middle kept."""
    width, height = size_px
    scale = max(width / picture.shape[1], height / picture.shape[0])
    wide, high = max(width, round(picture.shape[1] * scale)), max(height, round(picture.shape[0] * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    large = np.asarray(cv2.resize(np.ascontiguousarray(picture[..., :3]), (wide, high), interpolation=how), np.uint8)
    left, top = (wide - width) // 2, (high - height) // 2
    return np.ascontiguousarray(large[top: top + height, left: left + width])
