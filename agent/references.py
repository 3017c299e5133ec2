"""What a reference is, by its content, and the jobs it may have."""

from __future__ import annotations

import re
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from modalities.faults import Unusable
from modalities.media import check_file

Kind = Literal["film", "image", "sketch", "audio", "speech", "rhythm", "gesture", "lyrics", "text"]
ROLES = ("content", "style", "palette", "camera", "pacing", "rhythm", "structure", "layout", "mood", "timbre", "light",
         "subject", "motion", "speech", "lyrics", "all")
ACCEPTED = ("a film, a picture, a drawing, music or speech, lyrics (lrc, srt, vtt), a gesture (json) or a text "
            "(txt, md, fountain)")
DEFAULT_ROLES: dict[Kind, tuple[str, ...]] = {
    "film": ("pacing", "camera", "motion", "palette", "light", "mood"),
    "image": ("palette", "light", "style", "layout", "content"),
    "sketch": ("layout", "subject", "motion"), "audio": ("rhythm", "structure", "mood"), "speech": ("speech",),
    "rhythm": ("rhythm",), "gesture": ("camera", "motion"), "lyrics": ("lyrics",), "text": ("content",)}
# What a kind has to give at all; a role outside it is left out, with a note.
GIVES: dict[Kind, tuple[str, ...]] = {
    "film": ("content", "style", "palette", "light", "layout", "subject", "camera", "pacing", "motion", "rhythm",
             "structure", "mood", "timbre", "speech"),
    "image": ("content", "style", "palette", "light", "layout", "subject", "mood"),
    "sketch": ("content", "layout", "subject", "motion", "style", "palette"),
    "audio": ("rhythm", "structure", "mood", "timbre", "pacing", "speech"),
    "speech": ("speech", "rhythm", "mood", "timbre", "structure"),
    "rhythm": ("rhythm", "pacing", "timbre", "structure"), "gesture": ("camera", "motion"),
    "lyrics": ("lyrics", "content", "mood", "pacing"), "text": ("content", "mood")}
# What "all" of a kind stands for: a film gives everything but its own sound and its words.
ALL: dict[Kind, tuple[str, ...]] = {
    "film": ("pacing", "camera", "motion", "palette", "light", "style", "layout", "subject", "content", "rhythm",
             "mood")}
SAID: dict[Kind, str] = {"film": "a film", "image": "a picture", "sketch": "a drawing", "audio": "music",
                         "speech": "speech", "rhythm": "a tapped rhythm", "gesture": "a gesture", "lyrics": "lyrics",
                         "text": "a text"}
TEXTS = frozenset({"", ".txt", ".md", ".markdown", ".fountain", ".rst", ".text", ".lrc", ".srt", ".vtt", ".json",
                   ".jsonl"})
# A GIF of more pictures than this is a film.
FLIPBOOK = 11
LONGEST_TEXT = 1 << 20
LRC_LINE = re.compile(r"^\s*\[\d{1,3}:\d{1,2}([.:]\d{1,3})?\]", re.M)
CUE_LINE = re.compile(r"^\s*(\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->\s*(\d{1,3}:)?\d{1,2}:\d{2}", re.M)


def kind_of(path: Path) -> Kind:
    """What a file holds, whatever it is called: sound is "audio" until it is listened to (then it may turn out to be
    speech or a tapped rhythm). Raises Unusable with one sentence."""
    try:
        if path.is_file() and path.stat().st_size == 0:
            raise Unusable(f"{path} is empty; expected {ACCEPTED}.")
    except OSError:
        pass
    check_file(path)
    text = text_of(path)
    if text is not None:
        return _text_kind(path, text)
    picture = _picture_kind(path)
    if picture is not None:
        return picture
    found = _stream_kind(path)
    if found is None:
        from modalities.perceive.image import other_kind

        with path.open("rb") as file:
            what = other_kind(file.read(1024))
        raise Unusable(f"{path} is {what or 'not a kind of file that is read as a reference'}; expected {ACCEPTED}.")
    return found


def text_of(path: Path) -> str | None:
    """A file's text, at most a million characters of it, or None where it holds no text."""
    with path.open("rb") as file:
        head = file.read(LONGEST_TEXT)
    for encoding, marks in (("utf-8-sig", (b"",)), ("utf-16", (b"\xff\xfe", b"\xfe\xff"))):
        if not head.startswith(marks):
            continue
        for cut in range(4):
            # A character that was cut in two by the limit is not a fault.
            try:
                text = head[:len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            odd = sum(ord(c) < 32 and c not in "\r\n\t\f" for c in text[:4096])
            return text if odd == 0 else None
    printable = sum(32 <= b < 127 or b in (9, 10, 13) for b in head[:4096])
    if 0 not in head[:4096] and path.suffix.lower() in TEXTS and printable > 0.85 * len(head[:4096]):
        return head.decode("cp1252", "replace")
    return None


def _text_kind(path: Path, text: str) -> Kind:
    suffix = path.suffix.lower()
    if suffix not in TEXTS:
        from modalities.perceive.image import other_kind

        what = other_kind(text[:1024].encode())
        if what is not None:
            raise Unusable(f"{path} is {what}; expected {ACCEPTED}.")
        raise Unusable(f"{path} is not a sound file, film or picture that can be read: it holds plain text.")
    if not text.strip():
        raise Unusable(f"{path} holds no words.")
    if suffix == ".json" or text.lstrip()[:1] in ("{", "["):
        if suffix in (".json", ".jsonl"):
            return "gesture"
        if re.match(r"\s*[\[{]\s*[\[{\"]", text) and "\"stroke" in text:
            return "gesture"
    if text.lstrip().startswith("WEBVTT") or CUE_LINE.search(text) or len(LRC_LINE.findall(text)) >= 2 \
            or suffix in (".lrc", ".srt", ".vtt"):
        return "lyrics"
    return "text"


def _picture_kind(path: Path) -> Kind | None:
    """"image", "sketch" or "film" (a long GIF), or None where it is no picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with _unwarned(), Image.open(path) as picture:
            count = int(getattr(picture, "n_frames", 1))
            if picture.format == "GIF" and count > FLIPBOOK:
                return "film"
    except Image.DecompressionBombError:
        return "image"
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        return None
    return _drawn(path)


@contextmanager
def _unwarned() -> Generator[None]:
    """Odd metadata of a picture are no news for a creator."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _drawn(path: Path) -> Kind:
    import numpy as np
    from PIL import Image

    from modalities.perceive.image import is_drawing

    try:
        with _unwarned(), Image.open(path) as picture:
            picture.draft("RGB", (640, 640))
            picture.thumbnail((512, 512))
            if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
                clear = picture.convert("RGBA")
                flat = Image.new("RGBA", clear.size, "white")
                flat.alpha_composite(clear)
                picture = flat
            rgb = np.asarray(picture.convert("RGB"), np.uint8)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        # It says what is wrong when it is looked at.
        return "image"
    return "sketch" if is_drawing(rgb) >= 0.5 else "image"


def _stream_kind(path: Path) -> Kind | None:
    """A container by its streams: moving pictures, one picture, or sound."""
    import av

    try:
        with av.open(str(path)) as container:
            films = [s for s in container.streams.video if not s.disposition & 0x400]  # 0x400: the cover of an album
            unknown = bool(films) and not any(s.codec_context for s in films)
            films = [s for s in films if s.codec_context]
            sound = bool(container.streams.audio)
            pictures = 0
            if films:
                try:
                    for _ in container.decode(films[0]):
                        pictures += 1
                        if pictures == 2:
                            return "film"
                except Exception:  # a damaged film is told from a still by what came before
                    if pictures:
                        return "film"
            if sound:
                return "audio"
            if pictures == 1:
                return "image"
            if unknown:
                raise Unusable(f"{path} is a film that is protected against copying, or coded in a way that is not "
                               f"known here; expected {ACCEPTED}.")
            return None
    except Unusable:
        raise
    except Exception:  # demuxers raise many kinds; a sound library may still know it
        pass
    from modalities.media import ACCEPTED as SOUNDS
    from modalities.media import known_as_sound

    if known_as_sound(path):
        return "audio"
    if path.suffix.lower() in (".wav", ".mp3", ".flac", ".ogg", ".m4a", ".opus", ".aif", ".aiff"):
        raise Unusable(f"{path} is not a sound file that can be read; expected {SOUNDS}.")
    return None


def usable_roles(kind: Kind, asked: tuple[str, ...], name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(roles, notes): the roles asked for that this kind can play, "all" spelt out; its defaults where none were asked
    for. Raises Unusable when none of those asked for is left."""
    if not asked:
        return DEFAULT_ROLES[kind], ()
    spelt = [role for given in asked
             for role in (("all", *ALL.get(kind, DEFAULT_ROLES[kind])) if given == "all" else (given,))]
    roles = tuple(dict.fromkeys(role for role in spelt if role == "all" or role in GIVES[kind]))
    lost = tuple(dict.fromkeys(role for role in spelt if role not in roles))
    if not roles:
        raise Unusable(f"{name} is {SAID[kind]}, which has nothing to give as {' or '.join(lost)}; "
                       f"it can be used as {', '.join(GIVES[kind])}.")
    notes = (f"{name} is {SAID[kind]} and gives nothing as {' or '.join(lost)}; the other roles are used.",) if lost \
        else ()
    return roles, notes


def kind_named(name: str) -> Kind:
    """A kind read back from a document."""
    kinds: dict[str, Kind] = {kind: kind for kind in DEFAULT_ROLES}
    return kinds.get(name, "audio")
