"""Fit the two small judges that look_at uses: which border is the sky's, and which box holds the subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from modalities.perceive.picture_sky import border_scores, proposals
from modalities.perceive.picture_subject import box_proposals, box_scores

if TYPE_CHECKING:
    from modalities.cues import Box
    from modalities.perceive.picture_truth import Known

HIDDEN = 16
# For each picture, what is measured of every proposal (n, m), and its error or overlap (n,).
Judged = list[tuple[NDArray[np.float32], NDArray[np.float32]]]
Weights = dict[str, NDArray[np.float32]]


def borders_of(known: Known, small: NDArray[np.float64]) -> Judged:
    """The borders proposed for a picture's sky with their mean distances from its skyline; empty without a skyline."""
    if known.skyline is None or known.horizon is None:
        return []
    found, seen = proposals(small)
    height, width = small.shape[:2]
    columns, places = (np.arange(len(known.skyline)) + 0.5) / len(known.skyline), (np.arange(width) + 0.5) / width
    error = [np.abs(np.interp(columns, places, border / height) - known.skyline).mean() for border in found]
    return [(seen, np.array(error, np.float32))] if len(found) else []


def boxes_of(known: Known, small: NDArray[np.float64]) -> Judged:
    """The boxes proposed for a picture's subject with their overlaps with it, all 0 where there is none."""
    boxes, seen = box_proposals(small)
    shared = [overlap(box, known.subject) if known.subject else 0.0 for box in boxes.tolist()]
    return [(seen, np.array(shared, np.float32))] if len(boxes) else []


def overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    wide, tall = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(0.0, wide) * max(0.0, tall)
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def fit_borders(borders: Judged, held: Judged, epochs: int = 60, seed: int = 0
                ) -> tuple[Weights, dict[str, float]]:
    """Weights that choose among proposed borders so that the error to expect is least; mean errors on held-out ones."""
    import torch
    from torch import nn

    torch.manual_seed(seed)
    everything = np.concatenate([seen for seen, _ in borders])
    mean, spread = everything.mean(0), everything.std(0) + 1e-4
    net = nn.Sequential(nn.Linear(len(mean), HIDDEN), nn.Tanh(), nn.Dropout(0.1),
                        nn.Linear(HIDDEN, 1, bias=False))
    most = max(len(error) for _, error in borders)
    x = torch.zeros(len(borders), most, len(mean))
    errors, there = torch.zeros(len(borders), most), torch.zeros(len(borders), most, dtype=torch.bool)
    for k, (seen, error) in enumerate(borders):
        x[k, : len(error)] = torch.from_numpy(np.clip((seen - mean) / spread, -4.0, 4.0))
        errors[k, : len(error)], there[k, : len(error)] = torch.from_numpy(error), True
    optimiser = torch.optim.AdamW(net.parameters(), lr=5e-3, weight_decay=0.02)
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for start in range(0, len(x), 32):
            at = order[start:start + 32]
            score = net(x[at])[..., 0].masked_fill(~there[at], -1e9)
            loss = (score.softmax(1) * errors[at]).sum(1).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    first, last = (layer for layer in net if isinstance(layer, nn.Linear))
    weights = {"border_mean": mean, "border_spread": spread,
               "border_in_weight": first.weight.detach().numpy().copy(),
               "border_in_bias": first.bias.detach().numpy().copy(),
               "border_out_weight": last.weight.detach().numpy().copy()}
    chosen = [float(error[border_scores(weights, seen).argmax()]) for seen, error in held]
    return weights, {"skyline_error": float(np.mean(chosen)),
                     "skyline_error_of_best": float(np.mean([error.min() for _, error in held]))}


def fit_boxes(boxes: Judged, held: Judged, epochs: int = 60, seed: int = 0) -> tuple[Weights, dict[str, float]]:
    """Weights that foretell a box's overlap with the subject; mean overlap of the chosen on held-out pictures with one,
    and how well the foretold overlap parts pictures with a subject from those without (area under the curve)."""
    import torch
    from torch import nn

    torch.manual_seed(seed)
    everything = np.concatenate([seen for seen, _ in boxes])
    mean, spread = everything.mean(0), everything.std(0) + 1e-4
    x = torch.from_numpy(np.clip((everything - mean) / spread, -4.0, 4.0))
    told = torch.from_numpy(np.concatenate([shared for _, shared in boxes]))
    net = nn.Sequential(nn.Linear(len(mean), HIDDEN), nn.Tanh(), nn.Dropout(0.1), nn.Linear(HIDDEN, 1))
    optimiser = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=0.02)
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for start in range(0, len(x), 256):
            at = order[start:start + 256]
            loss = nn.functional.binary_cross_entropy_with_logits(net(x[at])[:, 0], told[at])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    first, last = (layer for layer in net if isinstance(layer, nn.Linear))
    weights = {"box_mean": mean, "box_spread": spread, "box_in_weight": first.weight.detach().numpy().copy(),
               "box_in_bias": first.bias.detach().numpy().copy(),
               "box_out_weight": last.weight.detach().numpy().copy(),
               "box_out_bias": last.bias.detach().numpy().copy()}
    said = [(box_scores(weights, seen), shared) for seen, shared in held]
    chosen = [float(shared[score.argmax()]) for score, shared in said if shared.max() > 0.0]
    sure = np.array([score.max() for score, shared in said if shared.max() > 0.0])
    none = np.array([score.max() for score, shared in said if shared.max() <= 0.0])
    return weights, {"subject_overlap": float(np.mean(chosen)),
                     "subject_overlap_of_best": float(np.mean([s.max() for _, s in held if s.max() > 0.0])),
                     "subject_told_from_none": float((sure[:, None] > none[None]).mean()) if len(none) else 0.0}
