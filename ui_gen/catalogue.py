"""What a panel may offer for a piece: every candidate that the Direction has a place for.

Whether one does anything on this piece is not said here; that is measured (ui_gen/measure.py).
"""

from __future__ import annotations

from agent.direction import Direction
from modalities.engine import Engine
from ui_gen.candidate import Candidate, look_of
from ui_gen.catalogue_camera import brush_control, camera_controls, subject_controls
from ui_gen.catalogue_engine import engine_controls
from ui_gen.catalogue_look import colour_controls, look_controls
from ui_gen.catalogue_music import music_controls, sound_controls, time_controls, title_controls
from ui_gen.catalogue_sound import sound_engine_controls
from ui_gen.catalogue_world import land_controls, light_controls, weather_controls

__all__ = ["Candidate", "candidates", "look_of"]


def candidates(direction: Direction, engine: Engine | None = None) -> list[Candidate]:
    """Every control this Direction has numbers for, in a fixed order. Ids are unique."""
    found = [*look_controls(direction), *colour_controls(direction), *light_controls(direction),
            *weather_controls(direction), *land_controls(direction), *camera_controls(direction),
            *subject_controls(direction), *music_controls(direction), *sound_controls(direction),
            *time_controls(direction), *title_controls(direction), *brush_control(direction),
            *engine_controls(direction, engine), *sound_engine_controls(direction)]
    # A look's own thing may be a common one in others: the first says it better.
    return list({one.control.id: one for one in reversed(found)}.values())[::-1]
