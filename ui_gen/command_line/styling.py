"""`beecam style`: a look learnt from a studio's own clips, and those there are."""

from __future__ import annotations

import argparse
from threading import Event as Flag
from typing import Any

from agent.events import AgentEvent
from modalities.faults import Unusable
from modalities.style_learning import learn_style
from modalities.style_store import styles
from ui_gen.command_line.telling import Teller


def style(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> dict[str, Any]:
    """{"style", "certificate"} of a new one, or {"styles"}. Raises Unusable, Unavailable, Stopped."""
    if arguments.action == "list":
        found = styles(arguments.project.expanduser().absolute())
        for row in found:
            moved = "" if row["moved"] is None else f"  moves {row['moved']:.0%} of the way"
            verdict = "passed" if row["passed"] else "FAILED"
            teller.line(f"{row['name']:<24} {verdict}{moved}  {' '.join(row['reasons'])}")
        if not found:
            teller.line("No styles yet. To learn one: beecam style learn NAME CLIP.")
        return {"styles": found}
    if not arguments.name:
        raise Unusable("beecam style learn needs a name and clips, such as: beecam style learn noir_studio clip.mp4.")

    def tell(stage: str, done: int, total: int) -> None:
        teller.tell(AgentEvent(kind="progress", stage=stage, done=done, total=total, unit="steps"))

    shown = learn_style(arguments.project, arguments.name, arguments.clips, arguments.minutes, arguments.seed,
                        arguments.steps, tell, stop)
    teller.clear()
    verdict = "passed" if shown["passed"] else "FAILED"
    teller.line(f"{arguments.name}: {verdict}. It moves pictures {shown['moved']:.0%} of the way to the clips' look; "
                f"edges agree {shown['layout']:.2f} with the world ({shown['layout_before']:.2f} without it); likeness "
                f"to the nearest frame {shown['leak']['likeness']:.2f} of {shown['leak']['threshold']:.2f}; the codec "
                f"shows the clips at {shown['codec_psnr_db']:.1f} dB.")
    for reason in shown["reasons"]:
        teller.line(reason)
    teller.line(f"To use it: --engine dream --engine-param style={arguments.name}")
    return {"style": arguments.name, "certificate": shown}
