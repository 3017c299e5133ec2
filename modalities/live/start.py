"""What a live session starts from: one shot's numbers, its score, its seed. Anything above can make one."""

from __future__ import annotations

from dataclasses import dataclass

from world_model.clock import TimeGrid
from world_model.score import ScoreSpec
from world_model.sim.rollout import ShotPlan

LIVE_GRID = TimeGrid(steps_per_s=4, fps=24, sample_rate_hz=48000)


@dataclass(frozen=True)
class LiveStart:
    """plan: a ShotPlan of some frames at grid.fps, whose first row is the first row played. title is shown."""

    plan: ShotPlan
    score: ScoreSpec | None
    seed: int
    title: str = ""
    grid: TimeGrid = LIVE_GRID

    def __post_init__(self) -> None:
        if self.plan.fps != self.grid.fps or len(self.plan.place) < 2:
            raise ValueError(f"a live start needs two frames or more at {self.grid.fps} frames/s, not "
                             f"{len(self.plan.place)} at {self.plan.fps:g}")
