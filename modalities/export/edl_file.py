"""A cut list as an EDL in the form of CMX 3600, which every editing program reads: cuts, reel, timecode, locators.

Lines are ASCII; frames are counted without drop at the nearest whole rate.
"""

from __future__ import annotations

from modalities.export.cut_list import COLOURS, CutList
from modalities.faults import Unusable

MOST_EVENTS = 999
MOST_MARKERS = 2000


def edl_text(cuts: CutList) -> str:
    """Raises Unusable for more cuts than the format counts."""
    if len(cuts.clips) > MOST_EVENTS:
        raise Unusable(f"An EDL holds up to {MOST_EVENTS} cuts, this film has {len(cuts.clips)}; expected otio or "
                       "fcpxml.")
    base = max(1, round(cuts.rate))

    def code(frame: int) -> str:
        seconds, rest = divmod(frame, base)
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}:{rest:02d}"

    lines = [f"TITLE: {_ascii(cuts.title, 70)}", "FCM: NON-DROP FRAME", ""]
    left = MOST_MARKERS
    for number, one in enumerate(cuts.clips, 1):
        span = f"{code(one.start)} {code(one.end)}"
        lines.append(f"{number:03d}  AX       B     C        {span} {span}")
        lines.append(f"* FROM CLIP NAME: {_ascii(one.name, 60)}")
        lines.append(f"* FROM FILE: {_ascii(cuts.media.name, 60)}")
        for mark in cuts.markers:
            if one.start <= mark.start < one.end and mark.kind != "beat" and left > 0:
                lines.append(f"* LOC: {code(mark.start)} {COLOURS[mark.kind]:<7} {_ascii(mark.name, 40)}")
                left -= 1
        lines.append("")
    return "\n".join(lines)


def _ascii(text: str, longest: int) -> str:
    return text.encode("ascii", "replace").decode("ascii")[:longest].strip()
