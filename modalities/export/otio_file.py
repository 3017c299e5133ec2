"""A cut list as OpenTimelineIO JSON, written by the library of that name."""

from __future__ import annotations

from typing import Any

from modalities.export.cut_list import COLOURS, Clip, CutList, Marker


def otio_text(cuts: CutList) -> str:
    """The timeline: a picture and a sound track with a clip for every shot, markers on the stack of both."""
    import opentimelineio as library

    # The library's compiled half has no type information.
    otio: Any = library
    rate = float(cuts.rate)

    def span(start: int, end: int) -> Any:
        return otio.opentime.TimeRange(otio.opentime.RationalTime(start, rate),
                                       otio.opentime.RationalTime(end - start, rate))

    def clip(one: Clip) -> Any:
        media = otio.schema.ExternalReference(target_url=cuts.media.as_uri(), available_range=span(0, cuts.frames))
        return otio.schema.Clip(name=one.name, media_reference=media, source_range=span(one.start, one.end),
                                metadata={"beecam": {"cut": one.cut, "note": one.note}})

    def marker(one: Marker) -> Any:
        return otio.schema.Marker(name=one.name, marked_range=span(one.start, one.end), color=COLOURS[one.kind],
                                  metadata={"beecam": {"kind": one.kind}})

    timeline = otio.schema.Timeline(name=cuts.title, global_start_time=otio.opentime.RationalTime(0, rate))
    for name, kind in (("Picture", otio.schema.TrackKind.Video), ("Sound", otio.schema.TrackKind.Audio)):
        track = otio.schema.Track(name=name, kind=kind)
        track.extend([clip(one) for one in cuts.clips])
        timeline.tracks.append(track)
    timeline.tracks.markers.extend([marker(one) for one in cuts.markers])
    return str(otio.adapters.write_to_string(timeline, "otio_json"))
