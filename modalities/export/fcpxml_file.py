"""A cut list as FCPXML 1.10, which Final Cut Pro and DaVinci Resolve read. Times are exact fractions of a second."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from modalities.export.cut_list import CutList, Marker

VERSION = "1.10"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'


def fcpxml_text(cuts: CutList) -> str:
    """The project: one sequence, an asset-clip for every shot, markers in the clip they fall into."""
    rate = cuts.rate

    def at(frames: int) -> str:
        whole = frames * rate.denominator
        return "0s" if whole == 0 else f"{whole}/{rate.numerator}s"

    length = at(cuts.frames)
    root = ElementTree.Element("fcpxml", version=VERSION)
    resources = ElementTree.SubElement(root, "resources")
    ElementTree.SubElement(resources, "format", id="r1", frameDuration=at(1), width=str(cuts.size_px[0]),
                           height=str(cuts.size_px[1]), colorSpace="1-1-1 (Rec. 709)")
    asset = ElementTree.SubElement(
        resources, "asset", id="r2", name=cuts.title, start="0s", duration=length, hasVideo="1", hasAudio="1",
        format="r1", audioSources="1", audioChannels="2", audioRate=str(cuts.sample_rate_hz))
    ElementTree.SubElement(asset, "media-rep", kind="original-media", src=cuts.media.as_uri())
    event = ElementTree.SubElement(ElementTree.SubElement(root, "library"), "event", name="Beecam")
    project = ElementTree.SubElement(event, "project", name=cuts.title)
    sequence = ElementTree.SubElement(project, "sequence", format="r1", duration=length, tcStart="0s", tcFormat="NDF",
                                      audioLayout="stereo", audioRate="48k")
    spine = ElementTree.SubElement(sequence, "spine")
    for one in cuts.clips:
        clip = ElementTree.SubElement(spine, "asset-clip", ref="r2", name=one.name, offset=at(one.start),
                                      start=at(one.start), duration=at(one.end - one.start), tcFormat="NDF",
                                      audioRole="music")
        if one.note:
            ElementTree.SubElement(clip, "note").text = one.note
        for mark in _inside(cuts, one.start, one.end):
            ElementTree.SubElement(clip, "marker", start=at(mark.start), duration=at(1), value=mark.name)
    ElementTree.indent(root, " ")
    return _HEAD + ElementTree.tostring(root, encoding="unicode") + "\n"


def _inside(cuts: CutList, start: int, end: int) -> Iterator[Marker]:
    return (mark for mark in cuts.markers if start <= mark.start < end)
