"""The large video engines that Beecam speaks to. Building the list opens nothing."""

from __future__ import annotations

from modalities.engines.video.engine import LargeVideo


def video_engines() -> tuple[LargeVideo, ...]:
    """One engine for each model, whether its weights are here or not."""
    from modalities.engines.video.anyflow import AnyFlow
    from modalities.engines.video.cosmos import CosmosTransfer
    from modalities.engines.video.ltx2 import Ltx2
    from modalities.engines.video.wan_vace import WanVace

    return (LargeVideo(WanVace()), LargeVideo(Ltx2()), LargeVideo(Ltx2(distilled=True)), LargeVideo(AnyFlow()),
            LargeVideo(AnyFlow("14B")), LargeVideo(CosmosTransfer()))
