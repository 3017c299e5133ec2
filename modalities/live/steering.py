"""What a person may do to a world while it plays, and the receipt that each deed gets.

Every input is a frozen value with an id, the client's own time, and the frame that was on the viewer's screen when
they acted. The same values come over the socket, out of a sentence, out of a script and out of a control log.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from modalities.faults import Unusable
from world_model.score import Genre

Axis = Annotated[float, Field(ge=-1, le=1)]
EventName = Literal["lightning", "splash", "impact", "horn", "whoosh", "chime", "launch"]


class Steer(BaseModel):
    """What all inputs share. id: the sender's own number; sent_at_ms: the client's clock; seen_frame: the frame on the
    viewer's screen, -1 when none was."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    id: int = Field(default=0, ge=0, le=2**53)
    sent_at_ms: float = 0.0
    seen_frame: int = Field(default=-1, ge=-1, le=2**40)


class Fly(Steer):
    """Keys, sticks and gestures, held until the next Fly. thrust: right, up, forward; turn: right, up, each [-1, 1] of
    the most the camera can. drag_rad: yaw and pitch to turn at once (a pointer's drag), radians. steering is false
    when everything was let go."""

    kind: Literal["fly"] = "fly"
    thrust: tuple[Axis, Axis, Axis] = (0.0, 0.0, 0.0)
    turn: tuple[Axis, Axis] = (0.0, 0.0)
    drag_rad: tuple[Annotated[float, Field(ge=-2, le=2)], Annotated[float, Field(ge=-2, le=2)]] = (0.0, 0.0)


class Ease(Steer):
    """Numbers of the world go to new values over `over_s` seconds. Keys are pointers such as /weather/rain,
    /light/time_h, /style/outline, /ground/wave_m, /place/desert, /bodies/speed, /camera/speed."""

    kind: Literal["ease"] = "ease"
    values: dict[str, float] = Field(min_length=1, max_length=40)
    over_s: float = Field(default=3.0, ge=0.25, le=120)


class Look(Steer):
    """Another look or palette, by its name in the vocabulary."""

    kind: Literal["look"] = "look"
    look: str | None = Field(default=None, max_length=40)
    palette: str | None = Field(default=None, max_length=40)
    over_s: float = Field(default=1.5, ge=0.25, le=120)


class Happen(Steer):
    """Something happens now."""

    kind: Literal["event"] = "event"
    name: EventName
    strength: float = Field(default=1.0, ge=0.05, le=1)


class Music(Steer):
    """Other music from the next bar on. tempo_factor multiplies the tempo; at_sample is only set in a replay."""

    kind: Literal["music"] = "music"
    genre: Genre | None = None
    tempo_bpm: float | None = Field(default=None, ge=30, le=240)
    tempo_factor: float = Field(default=1.0, ge=0.25, le=4)
    energy: float | None = Field(default=None, ge=0, le=1)
    level: float | None = Field(default=None, ge=0, le=1.5)
    at_sample: int | None = Field(default=None, ge=0)


class Pause(Steer):
    """Hold the world, or let it go on."""

    kind: Literal["pause"] = "pause"
    on: bool = True


class Reset(Steer):
    """Everything goes back to how the piece began; the camera flies on from where it is."""

    kind: Literal["reset"] = "reset"


Input = Annotated[Fly | Ease | Look | Happen | Music | Pause | Reset, Field(discriminator="kind")]
_INPUT: TypeAdapter[Fly | Ease | Look | Happen | Music | Pause | Reset] = TypeAdapter(Input)
AnyInput = Fly | Ease | Look | Happen | Music | Pause | Reset


def parse_input(document: Any) -> AnyInput:
    """An input from plain JSON data. Raises Unusable with the first thing that is wrong."""
    try:
        return _INPUT.validate_python(document)
    except ValidationError as fault:
        error = fault.errors()[0]
        where = "/".join(str(part) for part in error["loc"]) or "input"
        raise Unusable(f"{where[:80]} cannot be {str(error.get('input'))[:60]!r}: {error['msg'].lower()}.") from None


@dataclass(frozen=True)
class Receipt:
    """What became of one input. Frames count from 0 on the player's clock.

    received_s: seconds of play when it arrived; bound_frame: what the viewer saw when acting; applied_frame: the
    first frame made with it; first_visible_frame: the first drawn frame that was found to differ from the same frame
    made without the input; heard_frame: where its sound begins. why: one sentence when it was refused, or when
    nothing of it can be seen. A field is None as long as it is not known.
    """

    id: int
    kind: str
    received_s: float
    bound_frame: int
    applied_frame: int | None = None
    first_visible_frame: int | None = None
    heard_frame: int | None = None
    why: str = ""

    def at(self, **known: Any) -> Receipt:
        """The receipt with more known of it."""
        return replace(self, **known)

    @property
    def settled(self) -> bool:
        """Whether nothing more will become known."""
        return bool(self.why) or self.first_visible_frame is not None
