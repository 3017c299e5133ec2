"""Titles over finished frames, in any engine: when each is seen, how it fades, and how it stays legible."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.titles_type import F32, PIXEL_LINES, Face, Kind, face_of, mask_of

Picture = NDArray[np.uint8]
FADE_S = 0.6
# WCAG 2's contrast ratio that text of ordinary size should have.
CONTRAST = 4.5


@dataclass(frozen=True)
class Title:
    """text: as it is set (`titles_type.check`); shot: the number of its shot; start and end: when it is seen, in shares
    of the shot; look: of the shot."""

    text: str
    kind: Kind
    shot: int
    start: float
    end: float
    look: str


class Titles:
    """The titles of a film. shots: (T,) the shot of each frame."""

    def __init__(self, titles: Sequence[Title], size_px: tuple[int, int], shots: NDArray[np.int64], fps: int) -> None:
        self._size_px, self._fps = size_px, fps
        self._when: list[tuple[int, int, Title]] = []
        for title in titles:
            here = np.flatnonzero(shots == title.shot)
            if len(here):
                first = int(here[0]) + round(title.start * len(here))
                self._when.append((first, max(first + 1, int(here[0]) + round(title.end * len(here))), title))

    def __bool__(self) -> bool:
        return bool(self._when)

    def added(self, start: int, end: int) -> list[Any]:
        """What the titles add to the frames [start, end), as JSON: it changes with anything that changes a byte."""
        return [[made_with_titles(), title.text, title.kind, title.look, first - start, last - start]
                for first, last, title in self._when if first < end and last > start]

    def drawn(self, index: int, rgb: Picture) -> Picture:
        """Frame `index` (H, W, 3) with its titles; the very same array where it has none."""
        for first, last, title in self._when:
            if first <= index < last:
                share = self._share(index, first, last)
                if share > 0:
                    rgb = _over(rgb, title, self._size_px, share)
        return rgb

    def _share(self, index: int, first: int, last: int) -> float:
        """How much of a title is there, [0, 1]: it fades in and out, eased."""
        fade = max(1.0, min(FADE_S * self._fps, 0.25 * (last - first)))
        along = min(1.0, (index - first + 1) / fade, (last - index) / fade)
        return along * along * (3.0 - 2.0 * along)


def _over(rgb: Picture, title: Title, size_px: tuple[int, int], share: float) -> Picture:
    face = face_of(title.look, title.kind)
    mask, shade = _masks(title.text, title.kind, title.look, size_px)
    out = rgb.astype(np.float32)
    if title.kind == "intertitle":
        out += (_card(size_px) - out) * np.float32(share)
    else:
        out = _scrim(out, face, mask, shade, share, title.kind)
    if face.glow is not None and title.kind != "intertitle":
        halo = (_halo(title.text, title.kind, title.look, size_px) * np.float32(0.85 * share))[..., None]
        out += (np.asarray(face.glow, np.float32) - out) * halo
    cover = (mask * np.float32(share))[..., None]
    out += (np.asarray(face.ink, np.float32) - out) * cover
    return np.clip(np.rint(out), 0, 255).astype(np.uint8)


def _scrim(out: F32, face: Face, mask: F32, shade: F32, share: float, kind: Kind) -> F32:
    """The picture dimmed (or lit) softly behind the letters, as far as they need it to be read."""
    ink = float(_luminance(np.asarray(face.ink, np.float32)[None, None])[0, 0])
    behind = cv2.GaussianBlur(_luminance(out), (0, 0), max(1.0, min(mask.shape) * 0.012))
    # Highlights (and, on paper, strokes) behind a letter stand out from the mean of what is behind it.
    if face.over == "dark":
        most = (ink + 0.05) / CONTRAST - 0.05
        need = 1.0 - np.power(most / np.maximum(1e-4, behind * 1.6), 1 / 2.2)
        towards = np.zeros(3, np.float32) + np.float32(6.0)
    else:
        least = min(0.75, (ink + 0.05) * CONTRAST * 1.5 - 0.05)
        need = np.power(np.clip((least - behind * 0.7) / np.maximum(1e-4, 0.92 - behind * 0.7), 0, 1), 1 / 2.2)
        towards = np.asarray((250, 247, 238), np.float32)
    need = np.clip(need, 0.35 if kind == "credits" else 0.18, 0.92).astype(np.float32) * np.float32(share)
    return (out + (towards - out) * (shade * need)[..., None]).astype(np.float32)


def _luminance(rgb: F32) -> F32:
    """Relative luminance (H, W) in [0, 1] of sRGB values."""
    linear = np.power(rgb / np.float32(255.0), np.float32(2.2))
    return (linear @ np.asarray((0.2126, 0.7152, 0.0722), np.float32)).astype(np.float32)


@cache
def _masks(text: str, kind: Kind, look: str, size_px: tuple[int, int]) -> tuple[F32, F32]:
    """(where the letters are, where the picture is dimmed for them), each (H, W) in [0, 1]."""
    face = face_of(look, kind)
    mask = mask_of(text, kind, look, size_px)
    unit = min(size_px)
    if face.pixel:
        step = max(1, round(unit / PIXEL_LINES))
        shade = np.zeros_like(mask)
        for down, across in ((1, 1), (0, 1), (1, 0), (-1, 0), (0, -1), (1, -1), (-1, 1), (-1, -1), (2, 1)):
            shade = np.maximum(shade, np.roll(mask, (down * step, across * step), (0, 1)))
        return mask, shade.astype(np.float32)
    if face.soft > 0:
        mask = cv2.GaussianBlur(mask, (0, 0), max(0.3, face.soft * unit * 0.115)).astype(np.float32)
    near = cv2.dilate(mask, np.ones((max(3, unit // 30),) * 2, np.uint8))
    wide = cv2.GaussianBlur(near, (0, 0), unit * 0.018)
    wide = np.clip(wide * 2.1, 0.0, 1.0)
    broad = cv2.GaussianBlur(near, (0, 0), unit * 0.06)
    return mask, np.clip(np.maximum(wide, broad * 1.2), 0.0, 1.0).astype(np.float32)


@cache
def _halo(text: str, kind: Kind, look: str, size_px: tuple[int, int]) -> F32:
    mask = mask_of(text, kind, look, size_px)
    tight = cv2.GaussianBlur(mask, (0, 0), min(size_px) * 0.008)
    broad = cv2.GaussianBlur(mask, (0, 0), min(size_px) * 0.028)
    return np.clip(tight * 0.8 + broad * 1.1, 0.0, 1.0).astype(np.float32)


@cache
def _card(size_px: tuple[int, int]) -> F32:
    """The card of a silent film: nearly black, a double rule inside the safe area, a little darker to its edges."""
    width, height = size_px
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    away = np.hypot((across / width - 0.5) * 2, (down / height - 0.5) * 2)
    card = np.repeat((20.0 - 8.0 * np.clip(away - 0.3, 0, 1))[..., None], 3, 2) * np.asarray((1.0, 0.97, 0.92))
    thin = max(1, round(min(size_px) / 240))
    for inset, weight in ((0.045, 1), (0.062, 1)):
        gap = round(inset * min(size_px))
        cv2.rectangle(card, (gap, gap), (width - 1 - gap, height - 1 - gap), (168.0, 162.0, 146.0), thin * weight,
                      cv2.LINE_AA)
    return card.astype(np.float32)


@cache
def made_with_titles() -> str:
    """What titles are drawn with: the sources and the packages of the faces."""
    digest = hashlib.sha256()
    for name in ("titles", "titles_type"):
        digest.update((Path(__file__).parent / f"{name}.py").read_bytes())
    for package in ("pillow", "font-source-serif-pro", "font-source-sans-pro"):
        try:
            digest.update(f"{package} {version(package)}".encode())
        except PackageNotFoundError:
            digest.update(package.encode())
    return digest.hexdigest()[:16]
