"""The ends in: a file or a sentence to what it tells the world model. Bad input gets one clear sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from modalities.convert.camera_path import (
    DEFAULTS,
    PATH_FIELDS,
    STROKE_FIELDS,
    stream_of_path,
    stream_of_stroke,
    table_of,
)
from modalities.convert.given import DEFAULT_S, INPUTS, LONGEST_OWN_S, Given, over
from modalities.convert.pictures_in import (
    FILMS,
    PICTURES,
    image_given,
    is_drawing,
    read_picture,
    sketch_given,
    video_given,
)
from modalities.convert.sounds_in import SOUNDS, audio_given
from modalities.faults import Unusable
from modalities.media import check_file
from world_model.score import ScoreSpec
from world_model.sim.compose import compose
from world_model.streams.layout import steps_in
from world_model.streams.music import score_stream

TEXTS = (".txt", ".md", ".text")
LARGEST_TEXT, LARGEST_JSON = 1 << 20, 4 << 20
MOST_PHRASES, PHRASE_LENGTH = 8, 240
KEYS = {"camera": "camera", "stroke": "gesture", "score": "score", "genre": "score", "tempo_bpm": "score"}
Stopped = Callable[[], bool]


def kind_of(source: str) -> str:
    """What a file is, by its name and, for pictures and JSON, by what is in it. Raises Unusable."""
    path = Path(source)
    check_file(path)
    ending = path.suffix.lower()
    if ending in TEXTS:
        return "text"
    if ending in PICTURES:
        return "sketch" if is_drawing(read_picture(path)) else "image"
    if ending in FILMS:
        return "video"
    if ending in SOUNDS:
        return "audio"
    if ending == ".json":
        document = read_json(path)
        found = next((KEYS[key] for key in KEYS if key in document), None)
        if found is None:
            raise Unusable(f"{path} holds none of camera, stroke and score; see the documentation for their form.")
        return found
    raise Unusable(f"{path} is of no kind that is read; expected a txt, png, jpg, webp, mp4, webm, mov, wav, flac, "
                   f"ogg, mp3 or json file, or --from {'|'.join(INPUTS)}.")


def read_input(source: str, kind: str | None, duration_s: float | None, folder: Path,
               stopped: Stopped = lambda: False) -> Given:
    """What an input tells. source is a path or, for kind "text", a path or the sentence itself; kind None finds out;
    duration_s None is the input's own length (at most 60 s) or 4 s; folder is private, for decoded sound.

    Raises Unusable with one sentence, InterruptedError when stopped.
    """
    if kind is not None and kind not in INPUTS:
        raise Unusable(f"There is no kind of input {kind[:40]!r}; expected one of {', '.join(INPUTS)}.")
    if kind is None:
        if not _is_file(source):
            raise Unusable(f"There is no file {source[:200]}; to convert a sentence add --from text.")
        kind = kind_of(source)
    usual = steps_in(duration_s or DEFAULT_S)
    path = Path(source) if kind != "text" else Path()
    if kind == "text":
        return text_given(_text(source), usual)
    check_file(path)
    match kind:
        case "image":
            return image_given(path, usual)
        case "sketch":
            return sketch_given(path, usual)
        case "video":
            return video_given(path, duration_s, folder, stopped)
        case "audio":
            return audio_given(path, duration_s, folder, stopped)
        case "score":
            return score_given(path, usual)
        case _:
            return motion_given(path, kind, duration_s)


def phrases_in(text: str) -> tuple[str, ...]:
    """The text as the model takes words: the whole (its first 240 characters) and its clauses, if it has several."""
    whole = " ".join(text.split())
    clauses = [clause.strip(" \"'“”‘’-:") for clause in re.split(r"[,;:.!?]\s|[.!?]$|\n", text)]
    clauses = [" ".join(clause.split())[:PHRASE_LENGTH] for clause in clauses if re.search(r"\w", clause)]
    first = whole[:PHRASE_LENGTH]
    return (first,) if len(clauses) < 2 else (first, *clauses[:MOST_PHRASES])


def text_given(text: str, steps: int) -> Given:
    """Words. Raises Unusable where there is none."""
    if not re.search(r"\w", text):
        raise Unusable("The text is empty. Say what should be seen or heard.")
    return Given("text", steps, text=phrases_in(text))


def score_given(path: Path, steps: int) -> Given:
    """A piece of music as a ScoreSpec (plain, or under "score"): known in every step."""
    document = read_json(path)
    inner = document.get("score", document)
    if isinstance(inner, dict):
        inner = {key: value for key, value in inner.items() if key in ScoreSpec.model_fields}
    try:
        spec = ScoreSpec.model_validate(inner)
        piece = compose(spec, steps * 0.25)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the score"
        raise Unusable(f"{path}: {where} of the score cannot be used ({first['msg'][:120]}).") from None
    except (ValueError, KeyError, IndexError, OverflowError):
        raise Unusable(f"{path}: this score cannot be played.") from None
    return over("score", {"score": score_stream(spec, piece, steps)}, steps)


def motion_given(path: Path, kind: str, duration_s: float | None) -> Given:
    """A camera path, known over its length, or a gesture, which says how the camera turns while it lasts."""
    document = read_json(path)
    key, names = ("camera", (*PATH_FIELDS, "focus_m")) if kind == "camera" else ("stroke", STROKE_FIELDS)
    points = document.get(key)
    if not isinstance(points, list):
        raise Unusable(f"{path} has no list {key!r}.")
    try:
        table = table_of(points[:100_000], names, {**DEFAULTS, "focus_m": float("nan")})
    except ValueError as fault:
        raise Unusable(f"{path}: {fault}.") from None
    own_s = min(float(table[-1, 0]), LONGEST_OWN_S)
    steps = steps_in(duration_s or (own_s if kind == "camera" else max(own_s, DEFAULT_S)))
    lasts = min(steps, steps_in(own_s))
    if kind == "gesture":
        if table[:, 1:].min() < 0 or table[:, 1:].max() > 1:
            raise Unusable(f"{path}: x and y of a stroke lie in 0 to 1 of the frame.")
        return over("gesture", {"camera": stream_of_stroke(table, lasts)}, steps)
    stream, start = stream_of_path(table, lasts)
    found = over("camera", {"camera": stream}, steps)
    return Given("camera", steps, found.known, found.known_at, start=start)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object. Raises Unusable where it is none, is larger than 4 MiB, or holds NaN or infinity."""
    check_file(path)
    if path.stat().st_size > LARGEST_JSON:
        raise Unusable(f"{path} is larger than {LARGEST_JSON >> 20} MiB, which no path or score needs.")

    def refused(word: str) -> NoReturn:
        raise ValueError(f"{word} is no number")

    try:
        document = json.loads(path.read_text("utf-8-sig"), parse_constant=refused)
    except (ValueError, RecursionError):
        raise Unusable(f"{path} is not JSON that can be read (NaN and infinity are no numbers).") from None
    if not isinstance(document, dict):
        raise Unusable(f"{path} must hold a JSON object with camera, stroke or score.")
    return document


def _text(source: str) -> str:
    """The text of a file, or the sentence itself."""
    if not _is_file(source):
        if Path(source).suffix.lower() in TEXTS and not re.search(r"\s", source):
            raise Unusable(f"There is no file {source[:200]}.")
        return source[:LARGEST_TEXT]
    path = check_file(Path(source))
    if path.stat().st_size > LARGEST_TEXT:
        raise Unusable(f"{path} is larger than {LARGEST_TEXT >> 20} MiB of text.")
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable(f"{path} is not a text in UTF-8.") from None
    if "\0" in text:
        raise Unusable(f"{path} is not a text.")
    return text


def _is_file(source: str) -> bool:
    try:
        return Path(source).is_file()
    except (OSError, ValueError):
        return False


