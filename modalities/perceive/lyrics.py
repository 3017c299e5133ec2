"""Timed words: LRC (with enhanced word stamps), SubRip and WebVTT files become WordCues.

What stands in the file is data: tags are taken out, nothing in it is followed. A stamp that cannot be read costs its
line and leaves a note, never the file.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

from modalities.cues import Cue, Line, WordCues
from modalities.faults import Unusable

LARGEST_BYTES = 4 << 20
MOST_LINES = 20_000
LONGEST_LINE = 1000
LAST_LINE_S = 5.0  # how long the last line of an LRC file stands, which has no end
LONGEST_HOLD_S = 12.0  # an LRC line ends with the next one, but no later than this
LRC_STAMP = re.compile(r"\[(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?\]")
LRC_WORD = re.compile(r"<(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?>")
LRC_TAG = re.compile(r"\[([A-Za-z#]+):([^\]]*)\]")
CUE_TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,400}>|<\d[\d:.]*>|\{\\[^{}]{0,400}\}")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class _Read:
    """Lines as they stood in the file; end_s is None where only the next line tells."""

    lines: list[tuple[float, float | None, str]]
    broken: int
    language: str = ""


def read_lyrics(path: Path) -> WordCues:
    """The timed lines of an .lrc, .srt or .vtt file, sorted by time; lines of one moment keep their order.

    Told apart by what stands inside, so a wrong extension does no harm. Raises Unusable when the file is missing,
    larger than 4 MiB, no text, or has no line with a time.
    """
    text, notes = _decoded(path)
    source = _form(text)
    if source is None:
        raise Unusable(f"{path.name} has no time stamps; expected lyrics as .lrc, or subtitles as .srt or .vtt "
                       "(words without times belong into the request itself).")
    read = _read_lrc(text) if source == "lrc" else _read_cues(text)
    if not read.lines:
        raise Unusable(f"{path.name} looks like {source.upper()}, but no line in it has both words and a time that can "
                       "be read.")
    if len(read.lines) > MOST_LINES:
        raise Unusable(f"{path.name} has {len(read.lines)} lines; up to {MOST_LINES} are read.")
    ordered = sorted(read.lines, key=lambda line: line[0])
    lines = _ended(ordered)
    if read.broken:
        notes.append(f"{path.name}: {read.broken} line{'s' * (read.broken != 1)} with a broken time stamp "
                     f"{'were' if read.broken != 1 else 'was'} left out.")
    return WordCues(lines, read.language, source, max(line.end_s for line in lines), tuple(notes))


def word_cues(words: WordCues) -> list[Cue]:
    """One cue `line` for each line of words."""
    sure, method = (0.7, "speech recognition") if words.source == "speech" else (1.0, f"read from {words.source}")
    return [Cue("line", (line.start_s, line.end_s), "", line.text, sure, method) for line in words.lines]


def as_lrc(words: WordCues) -> str:
    """The words as an LRC file (hundredths of a second; an empty stamped line ends a line that stops early)."""
    rows: list[str] = []
    for line, after in zip(words.lines, [*words.lines[1:], None], strict=True):
        rows.append(f"[{_lrc_time(line.start_s)}]{line.text}")
        if after is None or after.start_s - line.end_s > 0.02:
            rows.append(f"[{_lrc_time(line.end_s)}]")
    return "\n".join(rows) + "\n"


def as_srt(words: WordCues) -> str:
    """The words as a SubRip file."""
    return "\n".join(f"{n}\n{_srt_time(line.start_s)} --> {_srt_time(line.end_s)}\n{line.text}\n"
                     for n, line in enumerate(words.lines, 1))


def as_vtt(words: WordCues) -> str:
    """The words as a WebVTT file."""
    rows = "\n".join(f"{_srt_time(line.start_s).replace(',', '.')} --> {_srt_time(line.end_s).replace(',', '.')}\n"
                     f"{html.escape(line.text, quote=False)}\n" for line in words.lines)
    return f"WEBVTT\n\n{rows}"


def _lrc_time(time_s: float) -> str:
    hundredths = round(time_s * 100)
    return f"{hundredths // 6000:02d}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"


def _srt_time(time_s: float) -> str:
    ms = round(time_s * 1000)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d},{ms % 1000:03d}"


def _decoded(path: Path) -> tuple[str, list[str]]:
    """The text of a file whatever its encoding: a byte order mark, else UTF-8, else UTF-16 by its zeros, else Latin-1
    (as Windows-1252 has it)."""
    try:
        if not path.is_file():
            raise Unusable(f"There is no file {path}." if not path.exists() else f"{path} is not a file.")
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise Unusable(f"{path.name} is {size / (1 << 20):.1f} MiB; lyrics and subtitles up to "
                           f"{LARGEST_BYTES >> 20} MiB are read.")
        data = path.read_bytes()
    except (OSError, ValueError) as fault:
        if isinstance(fault, Unusable):
            raise
        raise Unusable(f"{path} cannot be read ({type(fault).__name__}).") from None
    if not data.strip():
        raise Unusable(f"{path.name} is empty; expected lyrics as .lrc, or subtitles as .srt or .vtt.")
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
                       (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _clean(data.decode(name, "replace")), []
    even, odd = data[0:2000:2].count(0), data[1:2000:2].count(0)
    half = len(data[:2000]) / 2
    if max(even, odd) > 0.3 * half and min(even, odd) < 0.1 * half:
        return _clean(data.decode("utf-16-le" if odd > even else "utf-16-be", "replace")), []
    if data.count(0):
        raise Unusable(f"{path.name} is no text; expected lyrics as .lrc, or subtitles as .srt or .vtt.")
    try:
        return _clean(data.decode("utf-8")), []
    except UnicodeDecodeError:
        return _clean(data.decode("cp1252", "replace")), [f"{path.name} is not UTF-8; it was read as Western European "
                                                          "(Latin-1)."]


def _clean(text: str) -> str:
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _form(text: str) -> str | None:
    """ "lrc", "srt" or "vtt" by what stands in the text, or None where nothing has a time."""
    if text.lstrip().startswith("WEBVTT"):
        return "vtt"
    if "-->" in text:
        arrow = next(row for row in text.split("\n") if "-->" in row)
        return "vtt" if "." in arrow.split("-->")[0] and "," not in arrow.split("-->")[0] else "srt"
    return "lrc" if LRC_STAMP.search(text) else None


def _said(text: str) -> str:
    """Plain words of a line: tags out, entities resolved, white space as single blanks."""
    return " ".join(html.unescape(TAG.sub("", text)).split())[:LONGEST_LINE]


def _lrc_s(match: re.Match[str]) -> float | None:
    """Seconds of an LRC stamp, or None where the seconds are 60 or more."""
    minutes, seconds, part = match.groups()
    if int(seconds) >= 60:
        return None
    return int(minutes) * 60 + int(seconds) + (int(part) / 10 ** len(part) if part else 0.0)


def _read_lrc(text: str) -> _Read:
    offset_s, language, broken = 0.0, "", 0
    found: list[tuple[float, float | None, str]] = []
    for row in text.split("\n"):
        rest, times = row.strip(), list[float | None]()
        while match := LRC_STAMP.match(rest):
            times.append(_lrc_s(match))
            rest = rest[match.end():].lstrip()
        if not times:
            if tag := LRC_TAG.match(rest):
                name, value = tag[1].lower(), tag[2].strip()
                if name == "offset" and re.fullmatch(r"[+-]?\d{1,7}", value):
                    offset_s = int(value) / 1000
                elif name in ("la", "lang", "language"):
                    language = value[:2].lower()
                elif re.fullmatch(r"\[[\d#-].*", rest):
                    broken += 1
            elif re.match(r"\[-?\d", rest):
                broken += 1
            continue
        words = list(LRC_WORD.finditer(rest))
        end = _lrc_s(words[-1]) if words and not rest[words[-1].end():].strip() else None
        line = _said(LRC_WORD.sub("", rest))
        broken += sum(time is None for time in times)
        # Word stamps are absolute, so the end they give belongs to the first stamp only.
        found += [(time, end if n == 0 and end is not None and end > time else None, line)
                  for n, time in enumerate(times) if time is not None]
    # A positive offset lets the words come sooner.
    return _Read([(max(0.0, at - offset_s), None if end is None else max(0.0, end - offset_s), line)
                  for at, end, line in found], broken, language)


def _read_cues(text: str) -> _Read:
    """SubRip and WebVTT: a row with an arrow, then words up to an empty row (or the next arrow, where none parts)."""
    found: list[tuple[float, float | None, str]] = []
    broken, language = 0, ""
    if match := re.search(r"^Language:[ \t]*([A-Za-z]{2})", text[:2000], re.M):
        language = match[1].lower()
    rows = text.split("\n")
    arrows = [n for n, row in enumerate(rows) if "-->" in row]
    for at, following in zip(arrows, [*arrows[1:], len(rows)], strict=True):
        left, _, right = rows[at].partition("-->")
        start, end = _cue_s(left), _cue_s((right.split() or [""])[0])
        if start is None or end is None or end < start:
            broken += 1
            continue
        words = rows[at + 1: following]
        empty = next((n for n, row in enumerate(words) if not row.strip()), None)
        if empty is not None:
            words = words[:empty]
        elif following < len(rows) and words and words[-1].strip().isdigit():
            words = words[:-1]  # the number of the next cue
        line = _said(" ".join(words))
        if line:
            found.append((start, end, line))
    return _Read(found, broken, language)


def _cue_s(text: str) -> float | None:
    match = CUE_TIME.fullmatch(text.strip())
    if not match or int(match[3]) >= 60 or (match[1] is not None and int(match[2]) >= 60):
        return None
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3]) + int(match[4]) / 10 ** len(match[4])


def _ended(ordered: list[tuple[float, float | None, str]]) -> tuple[Line, ...]:
    """Lines with words, each with an end: its own, or the next later line's start."""
    found: list[Line] = []
    starts = [start for start, _, _ in ordered]
    upcoming: float | None = None
    ends: list[float | None] = [None] * len(ordered)
    for n in range(len(ordered) - 1, -1, -1):
        if n + 1 < len(ordered) and starts[n + 1] > starts[n]:
            upcoming = starts[n + 1]
        ends[n] = upcoming
    for (start, end, words), following in zip(ordered, ends, strict=True):
        if not words:
            continue
        if end is None:
            end = start + LAST_LINE_S if following is None else min(following, start + LONGEST_HOLD_S)
        found.append(Line(start, end, words))
    return tuple(found)
