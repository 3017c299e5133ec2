"""Two ways to hold a rectified-flow pipeline to what is known, whatever the model.

Latents that are kept while the rest is made (Lugmayr et al., RePaint, 2022, for flows), and a beginning at less than
full noise (Meng et al., SDEdit, 2021). x_sigma = (1 - sigma) x + sigma noise, sigma from 1 to 0, as diffusers has it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from modalities.engines.video.request import OnStep

if TYPE_CHECKING:
    from torch import Tensor


def keeping(on_step: OnStep, total: int, known: Tensor | None, offset: int, noise: Tensor | None, axis: int = 2
            ) -> Callable[[Any, int, Any, dict[str, Any]], dict[str, Any]]:
    """A `callback_on_step_end`: tells of the step, and sets latents [offset, offset + known) on the axis of time (or of
    tokens) to what they are known to be at the noise that is left; after the last step they are `known` bit for bit."""

    def after(pipe: Any, step: int, _time: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        on_step(step + 1, total)
        if known is None or noise is None:
            return tensors
        latents = tensors["latents"].clone()
        sigma = float(pipe.scheduler.sigmas[pipe.scheduler.step_index])
        here = (slice(None),) * axis + (slice(offset, offset + known.shape[axis]),)
        clean = known.to(latents.device, latents.dtype)
        latents[here] = clean if sigma <= 0 else (1.0 - sigma) * clean + sigma * noise.to(clean)[here]
        return tensors | {"latents": latents}

    return after


def start_of(scheduler: Any, steps: int, most_sigma: float) -> tuple[int, float]:
    """(step, sigma) at which noise has fallen to `most_sigma`, the last step at the latest."""
    scheduler.set_timesteps(steps)
    sigmas = [float(sigma) for sigma in scheduler.sigmas[:len(scheduler.timesteps)]]
    first = next((k for k, sigma in enumerate(sigmas) if sigma <= most_sigma + 1e-6), len(sigmas) - 1)
    return first, sigmas[first]


@contextmanager
def starting_at(scheduler: Any, first: int) -> Generator[None]:
    """Inside, a pipeline that asks this scheduler for its steps gets those from `first` on."""
    if first <= 0:
        yield
        return
    set_timesteps, step = scheduler.set_timesteps, scheduler.step
    whole: list[Any] = []

    def later(*args: Any, **named: Any) -> None:
        set_timesteps(*args, **named)
        whole[:] = [scheduler.timesteps]
        scheduler.timesteps = scheduler.timesteps[first:]
        scheduler.set_begin_index(first)

    def counted(*args: Any, **named: Any) -> Any:
        # Multistep schedulers count what is left by the length of the whole list.
        scheduler.timesteps = whole[0]
        return step(*args, **named)

    scheduler.set_timesteps, scheduler.step = later, counted
    try:
        yield
    finally:
        del scheduler.set_timesteps, scheduler.step
