"""What was measured of a control, as data that travels with it, and as one sentence."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from ui_gen.outcomes import OUTCOMES
from ui_gen.panel import Control, Pair


class Measured(BaseModel):
    """outcome: the named outcome that tells most; effect: its largest change over the bounds, from the value at[0] to
    the value at[1], in `unit`; interval: 95 % over matched moments, equal ends where nothing varies; sign: of the
    effect where it is monotone, else 0; live: the part of the bounds that works, None where nothing does or things are
    chosen; changed: mean distance in OKLab (times 100) of the pictures farthest apart; sounds: the same of the sound,
    in dB; curve: (value, response 0..1); leaks: named things that also move; dead: options that are like another."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    outcome: str
    unit: str
    words: str = ""
    effect: float
    interval: Pair
    sign: int
    monotone: bool
    alive: bool
    changed: float
    sounds: float = 0.0
    at: Pair
    bounds: Pair | None
    live: Pair | None
    curve: tuple[Pair, ...]
    leaks: tuple[str, ...]
    dead: tuple[str, ...]

    @classmethod
    def nothing(cls, words: str) -> Measured:
        """Of a control that cannot work here; words say why."""
        return cls(outcome="", unit="", words=words[:300], effect=0.0, interval=(0.0, 0.0), sign=0, monotone=False,
                   alive=False, changed=0.0, at=(0.0, 0.0), bounds=None, live=None, curve=(), leaks=(), dead=())

    def as_json(self) -> dict[str, Any]:
        """With four figures, as a panel keeps it."""
        return {name: _rounded(value) for name, value in self.model_dump(mode="json").items()}


def words_for(control: Control, found: Measured) -> str:
    """One sentence for a tooltip: what the control does over its range, and where it does nothing."""
    if not found.alive:
        return "Nothing on this piece."
    if not found.outcome:
        return "Changes the picture." if found.changed > 0 else "Changes the sound."
    outcome = OUTCOMES[found.outcome]
    size = f"{abs(found.effect):.3g}{_unit(outcome.unit)}"
    if not found.curve:
        said = f"{outcome.words.capitalize()}: up to {size} between what can be chosen"
    elif found.monotone:
        said = f"{outcome.words.capitalize()} {'+' if found.effect >= 0 else '−'}{size} from {_at(found.at[0])} " \
               f"to {_at(found.at[1])}{_unit(control.unit)}"
    else:
        said = f"{outcome.words.capitalize()} goes up and down by {size}"
    if found.live and found.bounds and (found.live[0] > found.bounds[0] or found.live[1] < found.bounds[1]):
        said += f"; works from {_at(found.live[0])} to {_at(found.live[1])}"
    return said + "."


def _unit(unit: str) -> str:
    return "" if not unit else unit if unit in ("%", "°", "×") or unit.startswith("/") else f" {unit}"


def _at(number: float) -> str:
    return f"{number:.3g}"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return value
