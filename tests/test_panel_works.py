"""Every control a panel shows changes this piece: its picture, or its length for the tempo."""

from __future__ import annotations

import numpy as np
import pytest

from agent.brief import Brief
from agent.direction import Camera
from agent.edits import apply_patch
from agent.unroll import unroll
from tests.test_edits import piece
from ui_gen.bind import patch_of
from ui_gen.compose import compose
from ui_gen.panel import Control
from world_model.sim.picture import Renderer
from world_model.vocabulary import STYLES

UNSEEN = ("ambience",)  # heard, not seen


def ends(control: Control) -> list:
    if control.id == "time_h":
        return [0.0, 12.0]  # 0 and 24 are the same midnight
    return list(control.bounds) if control.bounds else ["neon", "pastel"]


@pytest.mark.parametrize("look", STYLES)
def test_every_control_changes_the_piece(look: str):
    direction = piece(look, place={"meadow": 1.0})
    direction = direction.model_copy(update={"shots": tuple(
        shot.model_copy(update={"camera": Camera(target="bee", scale="full")}) for shot in direction.shots)})
    panel = compose(direction, Brief(goal=""))
    renderer = Renderer((96, 54))
    beat = (0.5 + 0.5 * np.sin(np.arange(800) / 7)).astype(np.float32)

    def seen(value, control: Control) -> tuple[np.ndarray, float]:
        changed = apply_patch(direction, patch_of(direction, panel, {control.id: value}), reason="moved")
        world = unroll(changed, {"kick": beat}, 50.0)
        at = [int(share * len(world.state)) for share in (0.1, 0.38, 0.65, 0.9)]
        return np.stack([renderer.render(world.state, k).astype(float) for k in at]), changed.duration_s

    for control in panel.controls:
        if control.id in UNSEEN:
            continue
        (a, long), (b, short) = (seen(value, control) for value in ends(control))
        assert long != short or np.abs(a - b).mean() > 0.05, f"{control.id} does nothing in {look}"
