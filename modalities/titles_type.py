"""Setting titles: faces by look, tracking, lines that fit the safe area, and the mask of what is inked.

Faces are Source Serif and Source Sans (SIL Open Font Licence 1.1), which ship in packages of their own and hold Latin,
Greek and Cyrillic. Text is only ever drawn; no character of it is read as anything else.
"""

from __future__ import annotations

import importlib
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from modalities.faults import Unavailable, Unusable

Kind = Literal["title", "subtitle", "credits", "intertitle"]
F32 = NDArray[np.float32]
LONGEST = 400
# Height of a line's letters as a share of the picture's shorter measure, and the most lines.
SIZE: dict[Kind, float] = {"title": 0.115, "subtitle": 0.058, "credits": 0.062, "intertitle": 0.085}
LINES: dict[Kind, int] = {"title": 3, "subtitle": 2, "credits": 9, "intertitle": 6}
LEAST_PX = 10
# Title safe and action safe areas of television, as shares of the picture kept free at each side.
SAFE, LOW = 0.1, 0.075
PIXEL_LINES = 150


@dataclass(frozen=True)
class Face:
    """ink: sRGB; over: a "dark" or "light" scrim behind it; soft: blur of the letters in shares of the size; glow: sRGB
    of a halo, or None; upper: set in capitals; track: extra space after a letter in ems; pixel: hard letters on a grid.
    """

    file: str
    serif: bool
    ink: tuple[int, int, int]
    over: Literal["dark", "light"] = "dark"
    track: float = 0.0
    upper: bool = False
    soft: float = 0.0
    glow: tuple[int, int, int] | None = None
    pixel: bool = False


PLAIN = Face("SourceSansPro-Semibold", False, (250, 248, 242), track=0.16, upper=True)
FACES: dict[str, Face] = {
    "photoreal": PLAIN, "vhs": Face("SourceSansPro-Bold", False, (240, 240, 225), track=0.08, upper=True, soft=0.02),
    "clay": Face("SourceSansPro-Black", False, (255, 244, 226)),
    "noir": Face("SourceSerifPro-Semibold", True, (255, 255, 255), track=0.04),
    "flat": Face("SourceSansPro-Black", False, (255, 252, 240), track=0.01),
    "cel": Face("SourceSansPro-Black", False, (255, 250, 235), track=0.02),
    "riso": Face("SourceSansPro-Black", False, (38, 40, 92), over="light", track=0.02),
    "watercolour": Face("SourceSerifPro-SemiboldIt", True, (44, 40, 66), over="light", track=0.01, soft=0.028),
    "pencil": Face("SourceSerifPro-SemiboldIt", True, (36, 36, 40), over="light", track=0.02, soft=0.012),
    "ink": Face("SourceSerifPro-Semibold", True, (20, 18, 22), over="light", track=0.06, soft=0.012),
    "pixel": Face("SourceSansPro-Bold", False, (255, 255, 246), track=0.06, upper=True, pixel=True),
    "synthwave": Face("SourceSansPro-Black", False, (255, 240, 255), track=0.2, upper=True, glow=(255, 40, 170))}
UPRIGHT = {True: ("SourceSerifPro-Regular", True), False: ("SourceSansPro-Semibold", False)}


def face_of(look: str, kind: Kind) -> Face:
    """The face of a look for a kind of title."""
    face = FACES.get(look, PLAIN)
    if kind == "intertitle":
        return face if face.pixel else Face("SourceSerifPro-Regular", True, (240, 236, 224), track=0.015)
    if kind == "subtitle" and not face.pixel:
        return Face("SourceSansPro-Semibold" if not face.serif else face.file, face.serif, face.ink, face.over,
                    soft=min(face.soft, 0.012))
    return face


def clean(text: str) -> str:
    """The text as it is set: composed, without control characters and marks of direction; line breaks stay."""
    text = unicodedata.normalize("NFC", text[:LONGEST])
    kept = "".join(c if c == "\n" or unicodedata.category(c)[0] != "C" else " " for c in text)
    return "\n".join(re.sub(r"\s+", " ", line).strip() for line in kept.split("\n")).strip("\n")


def check(text: str) -> str:
    """The text as it is set. Raises Unusable for one without a letter, or with letters that the faces do not have."""
    found = clean(text)
    if not re.search(r"\S", found):
        raise Unusable("A title has no text.")
    missing = [c for c in dict.fromkeys(found) if not c.isspace() and not _has(c)]
    if missing:
        raise Unusable(f"The title “{found[:40]}” has letters that the packaged faces do not have ("
                       f"{' '.join(missing[:4])}); they hold Latin, Greek and Cyrillic.")
    return found


@cache
def font(face_file: str, serif: bool, size_px: int) -> ImageFont.FreeTypeFont:
    """A face at a size. Raises Unavailable where its package is not installed."""
    package = "font_source_serif_pro" if serif else "font_source_sans_pro"
    try:
        folder = Path(str(importlib.import_module(package).__file__)).parent / "files"
    except ModuleNotFoundError:
        raise Unavailable(f"Titles need the package {package.replace('_', '-')}, which is not installed.") from None
    return ImageFont.truetype(str(folder / f"{face_file}.ttf"), size_px, layout_engine=ImageFont.Layout.BASIC)


@cache
def _in_face(character: str, file: str, serif: bool) -> bool:
    def drawn(letter: str, face_file: str, serif: bool) -> bytes:
        picture = Image.new("L", (64, 64), 0)
        ImageDraw.Draw(picture).text((8, 8), letter, font=font(face_file, serif, 24), fill=255)
        return picture.tobytes()

    # A private letter that no face has shows what the face draws in place of what it lacks.
    return drawn(character, file, serif) != drawn("\ue123", file, serif)


def _has(character: str) -> bool:
    return all(_in_face(character, *upright) for upright in UPRIGHT.values())


def _able(text: str, face: Face) -> Face:
    """The face, or its upright sister where it lacks a letter of the text (italics hold Latin only)."""
    if all(c.isspace() or _in_face(c, face.file, face.serif) for c in text):
        return face
    return replace(face, file=UPRIGHT[face.serif][0])


@cache
def mask_of(text: str, kind: Kind, look: str, size_px: tuple[int, int]) -> F32:
    """Where a title inks a picture of this size: (H, W) in [0, 1]. Too long a text is set smaller, and at the least
    legible size cut with an ellipsis."""
    face = _able(clean(text), face_of(look, kind))
    width, height = size_px
    if face.pixel:
        step = max(1, round(min(width, height) / PIXEL_LINES))
        small = _set(text, kind, face, (max(16, width // step), max(16, height // step)))
        hard = (small > 0.5).astype(np.float32).repeat(step, 0).repeat(step, 1)
        out = np.zeros((height, width), np.float32)
        part = hard[:height, :width]
        out[:part.shape[0], :part.shape[1]] = part
    else:
        out = _set(text, kind, face, size_px)
    out.setflags(write=False)
    return out


def _set(text: str, kind: Kind, face: Face, size_px: tuple[int, int]) -> F32:
    width, height = size_px
    text = text.upper() if face.upper and (kind != "subtitle" or face.pixel) else text
    room_px = width * (1 - 2 * SAFE)
    size = max(LEAST_PX, round(min(height, width * 0.75) * SIZE[kind] * (1.15 if face.pixel else 1.0)))
    while True:
        lines = _lines(text, face, size, room_px)
        fits = len(lines) <= LINES[kind] and all(_width(line, face, size) <= room_px for line in lines)
        if fits or size <= LEAST_PX:
            break
        size = max(LEAST_PX, int(size * 0.9))
    if len(lines) > LINES[kind]:
        lines = [*lines[:LINES[kind] - 1], f"{lines[LINES[kind] - 1].rstrip(' .,;')}…"]
    leading = round(size * (1.5 if kind == "credits" else 1.28))
    block = leading * (len(lines) - 1) + size
    top = round(height * (1 - LOW)) - block if kind == "subtitle" else (height - block) // 2
    picture = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(picture)
    if face.pixel:
        draw.fontmode = "1"
    type_ = font(face.file, face.serif, size)
    ascent = type_.getmetrics()[0]
    for k, line in enumerate(lines):
        x = (width - _width(line, face, size)) / 2
        # Letters stand on their line; a face's own ascent is taller than its capitals.
        y = top + k * leading + round(size * 0.82) - ascent
        for n, letter in enumerate(line):
            draw.text((round(x) if face.pixel else x, y), letter, font=type_, fill=255)
            x += _step(letter, line[n + 1:n + 2], type_, face, size)
    return np.asarray(picture, np.float32) / np.float32(255.0)


def _width(line: str, face: Face, size: int) -> float:
    type_ = font(face.file, face.serif, size)
    return sum(_step(letter, line[n + 1:n + 2], type_, face, size) for n, letter in enumerate(line)
               ) - face.track * size * bool(line)


@lru_cache(4096)
def _step(letter: str, after: str, type_: ImageFont.FreeTypeFont, face: Face, size: int) -> float:
    """From one letter to the next, kerned."""
    return (type_.getlength(letter + after) - type_.getlength(after) + face.track * size
            + (0.12 * size if face.pixel and letter == " " else 0.0))


def _cut(word: str, face: Face, size: int, room_px: float) -> int:
    """How many letters of a long word fit into a line; one at least."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _width(word[:middle], face, size) <= room_px else (low, middle - 1)
    return low


def _lines(text: str, face: Face, size: int, room_px: float) -> list[str]:
    """Lines that fit, of about the same length. A word that is too long for a line is broken."""
    out: list[str] = []
    for paragraph in text.split("\n"):
        total = _width(paragraph, face, size)
        count = max(1, int(np.ceil(total / room_px)))
        aim_px = min(room_px, total / count * 1.12)
        line = ""
        for word in paragraph.split(" "):
            while _width(word, face, size) > room_px and len(word) > 1:
                cut = _cut(word, face, size, room_px)
                out += [line] if line else []
                out.append(word[:cut])
                line, word = "", word[cut:]
            longer = f"{line} {word}" if line else word
            if line and _width(longer, face, size) > aim_px:
                out.append(line)
                line = word
            else:
                line = longer
        out.append(line)
    return out
