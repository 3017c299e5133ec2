"""Learning a look: pictures of the clips have to come back from their own guides, under the states of other worlds.

The state of a clip is unknown; states of plain worlds stand in, so that the look hangs on none. What the palette alone
can bring is done by a grade (see grade.py) and needs no weights.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from world_model.joint.guide import HOLDS, Guide
from world_model.joint.noise import levels
from world_model.joint.presets import TEXT_WIDTH
from world_model.streams.layout import STATE_STREAMS
from world_model.style.adapter import RANK, with_lora
from world_model.style.material import STEPS, Material, Plain

if TYPE_CHECKING:
    from world_model.joint.model import JointModel

RATE = 1e-3
BATCH = 3


@dataclass(frozen=True)
class Told:
    """After a step: how many are done, the share of the budget used, and the loss."""

    done: int
    share: float
    loss: float


class Halted(Exception):
    """The tell function asked to stop; nothing is returned."""


def learn(model: JointModel, clips: Material, plain: Plain, seed: int, minutes: float, steps: int | None = None,
          tell: Callable[[Told], bool] = lambda told: False, rank: int = RANK) -> tuple[Any, int]:
    """(PeftModel with the look, steps made). steps instead of minutes makes it the same on every run of one machine.
    tell returns True to stop. Raises Halted when told to stop."""
    wrapped = with_lora(model, seed, rank)
    wrapped.train()
    weights = [one for one in wrapped.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW(weights, RATE, betas=(0.9, 0.98), weight_decay=0.0)
    draw = torch.Generator().manual_seed(seed)
    lesson = Lesson(model, clips, plain, draw)
    begun, done, share = time.monotonic(), 0, 0.0
    while share < 1.0:
        rate = RATE * min(1.0, (done + 1) / 20) * (1.0 - 0.9 * share)
        for group in optimiser.param_groups:
            group["lr"] = rate
        loss = lesson.restored(wrapped)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        done += 1
        share = done / steps if steps is not None else (time.monotonic() - begun) / (60.0 * minutes)
        if tell(Told(done, min(1.0, share), float(loss.detach()))):
            raise Halted
    wrapped.eval()
    return wrapped, done


class Lesson:
    """The loss, over what is known of clips and plain worlds."""

    def __init__(self, model: JointModel, clips: Material, plain: Plain, draw: torch.Generator) -> None:
        self._draw, self._worlds = draw, len(plain.guides)
        self._clean = model.normalised("picture", torch.from_numpy(clips.latents)).unflatten(0, (-1, STEPS))
        self._guides = torch.from_numpy(clips.guides).unflatten(0, (-1, STEPS))
        self._known = {name: model.normalised(name, torch.from_numpy(plain.known[name])) for name in STATE_STREAMS}
        self._weight = model.weight.detach()

    def restored(self, model: Any) -> Tensor:
        """The clip's own picture from its guide, a little paler, darker or stronger than it was."""
        some = torch.randint(len(self._clean), (BATCH,), generator=self._draw)
        worlds = torch.randint(self._worlds, (BATCH,), generator=self._draw)
        clean = self._clean[some]
        change = torch.randn(2, BATCH, 1, 1, generator=self._draw) * torch.tensor([0.08, 0.03])[:, None, None, None]
        guides = (self._guides[some] * (1.0 + change[0]) + change[1]).clamp(-0.5, 0.5)
        made, tau = self._made(model, clean, guides, worlds)
        error = (made - clean).square() * self._weight.repeat(made.shape[-1] // len(self._weight))
        return (error.mean(-1) / (tau * tau + 0.08)).mean()

    def _made(self, model: Any, clean: Tensor, guides: Tensor, worlds: Tensor) -> tuple[Tensor, Tensor]:
        width = self._clean.shape[-1]
        noise = torch.randn(BATCH, STEPS, width, generator=self._draw)
        tau = levels((BATCH, STEPS), self._draw)
        picture = torch.lerp(clean, noise, tau[..., None])
        x = {name: value[worlds] for name, value in self._known.items()}
        x["score"] = torch.randn(BATCH, STEPS, model.table["score"][0], generator=self._draw)
        level = {name: torch.zeros(BATCH, STEPS) for name in STATE_STREAMS} | {"score": torch.ones(BATCH, STEPS)}
        held = HOLDS.index("full") if float(torch.rand(1, generator=self._draw)) < 0.75 else HOLDS.index("glimpse")
        text, there = torch.zeros(BATCH, 1, TEXT_WIDTH), torch.zeros(BATCH, 1, dtype=torch.bool)
        made, _ = model({**x, "picture": picture}, {**level, "picture": tau}, text, there,
                        guide=Guide(guides, torch.full((BATCH, STEPS), held)))
        return made["picture"], tau
