"""Focal loss (Lin 2017) over a softmax, with soft targets so that mixup and smoothing can use it."""

from __future__ import annotations

import torch
from torch.nn import functional as F


def focal_loss(
    logits: torch.Tensor, targets: torch.Tensor, gamma: float = 2.0, alpha: float | torch.Tensor = 0.25
) -> torch.Tensor:
    """Mean over the batch of −Σ α t (1 − p)^γ log p.

    logits [N, C]; targets [N, C], rows summing to 1; alpha a number or one weight a class [C].
    γ = 0 and α = 1 is cross-entropy.
    """
    log_p = F.log_softmax(logits, 1)
    weight = (1.0 - log_p.exp()).clamp_min(0) ** gamma if gamma else 1.0
    return -(alpha * targets * weight * log_p).sum(1).mean()


def soft_targets(labels: torch.Tensor, classes: int, smoothing: float = 0.0) -> torch.Tensor:
    """Class indices [N] → [N, C] with `smoothing` spread evenly over all classes."""
    return F.one_hot(labels, classes).float() * (1.0 - smoothing) + smoothing / classes
