"""The whole way of one film: frames in, the subject's alpha out, one frame at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice
from threading import Event as Flag
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.faults import Unusable
from modalities.roto.frames import Clip, frames_of
from modalities.roto.matte import Matte
from modalities.roto.propagate import Seen, State, Tracker
from modalities.roto.start import Wish, first_mask

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
# So many frames are looked at together for a subject; without a wish it is looked for so far into the film.
TOGETHER = 5
LOOK_S = 10.0


@dataclass(frozen=True)
class CutOut:
    """A frame: rgb (H, W, 3) uint8, alpha (H, W) float32 in [0, 1]; state as in Seen, or "waiting" before the subject
    has come. sure [0, 1]."""

    index: int
    rgb: Picture
    alpha: Floats
    state: State
    sure: float


class Follower(Protocol):
    """Whatever can follow a subject."""

    def start(self, rgb: Picture, mask: Floats) -> Seen: ...

    def step(self, rgb: Picture) -> Seen: ...


def cut_out(clip: Clip, wish: Wish, stop: Flag, rate: Fraction | None = None, follower: Follower | None = None
            ) -> Iterator[CutOut]:
    """Every frame with the subject's alpha. A wish is about the first frame; without one the main subject is taken from
    the first seconds, as soon as there is one.

    Raises Unusable where no subject is found, and as frames_of does; Stopped when `stop` is set.
    """
    rate = rate or clip.rate
    frames = frames_of(clip, stop, rate)
    follower = follower or Tracker()
    matte = Matte()
    index = 0
    begun = False
    while not begun:
        together = list(islice(frames, TOGETHER))
        small = [_small(clip, picture) for picture in together]
        mask = first_mask(small, wish) if small else None
        if mask is None and small and (wish.at or wish.box) and not isinstance(follower, Tracker):
            mask = np.zeros(small[0].shape[:2], np.float32)  # a model finds what is pointed at by itself
        if mask is not None:
            seen = follower.start(small[0], mask)
            yield CutOut(index, together[0], matte.alpha(together[0], small[0], seen.mask, None, False), "held", 1.0)
            index, begun = index + 1, True
            frames = chain(together[1:], frames)
        elif wish.box is not None or wish.at is not None or not small or index > LOOK_S * rate:
            raise Unusable(_nothing(clip, wish, index / float(rate)))
        else:
            for picture in together:
                yield CutOut(index, picture, np.zeros(picture.shape[:2], np.float32), "waiting", 0.0)
                index += 1
    before: State = "held"
    for picture in frames:
        less = _small(clip, picture)
        seen = follower.step(less)
        alpha = matte.alpha(picture, less, seen.mask, seen.motion, seen.state == "held" and before in ("held", "found"))
        yield CutOut(index, picture, alpha, seen.state, seen.sure)
        before, index = seen.state, index + 1


def told(states: Iterator[tuple[int, State]] | list[tuple[int, State]], rate: Fraction) -> list[str]:
    """Sentences about what happened to the mask: cuts, losses and where it went on."""
    notes: list[str] = []
    before: State = "held"
    for index, state in states:
        at_s = index / float(rate)
        if state == "cut":
            notes.append(f"A cut at {at_s:.2f} s: the subject is not in the next shot, so the mask is empty there.")
        elif state == "lost" and before in ("held", "found"):
            notes.append(f"The subject is not to be seen from {at_s:.2f} s.")
        elif state == "found":
            notes.append(f"The subject was found again at {at_s:.2f} s, by its colours.")
        before = state
    return notes


def _small(clip: Clip, picture: Picture) -> Picture:
    if picture.shape[1::-1] == clip.work_px:
        return picture
    return np.asarray(cv2.resize(picture, clip.work_px, interpolation=cv2.INTER_AREA), np.uint8)


def _nothing(clip: Clip, wish: Wish, until_s: float) -> str:
    if wish.box is not None:
        return f"In that box of {clip.path.name} nothing can be told apart from its surroundings; try a larger box."
    if wish.at is not None:
        return f"At that point of {clip.path.name} nothing can be told apart from its surroundings; try --box."
    looked = f"the first {until_s:.0f} s of " if until_s >= 1 else ""
    return (f"No subject stands out in {looked}{clip.path.name}; say where it is with --at X,Y or "
            "--box LEFT,TOP,RIGHT,BOTTOM.")
