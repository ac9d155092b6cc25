"""Focal loss (Lin 2017) over a softmax, with soft targets so that mixup and smoothing can use it."""

from __future__ import annotations

import torch
from torch.nn import functional as F


def focal_loss(
    logits: torch.Tensor, targets: torch.Tensor, gamma: float = 2.0, alpha: float | torch.Tensor = 0.25
) -> torch.Tensor:
    """Mean over the batch of `focal_losses`."""
    return focal_losses(logits, targets, gamma, alpha).mean()


def focal_losses(
    logits: torch.Tensor, targets: torch.Tensor, gamma: float = 2.0, alpha: float | torch.Tensor = 0.25
) -> torch.Tensor:
    """−Σ α t (1 − p)^γ log p of every picture [N].

    logits [N, C]; targets [N, C], rows summing to 1; alpha a number or one weight a class [C].
    γ = 0 and α = 1 is cross-entropy.
    """
    log_p = F.log_softmax(logits, 1)
    weight = (1.0 - log_p.exp()).clamp_min(0) ** gamma if gamma else 1.0
    return -(alpha * targets * weight * log_p).sum(1)


def divergences(logits: torch.Tensor, taught: torch.Tensor) -> torch.Tensor:
    """Kullback–Leibler divergence of every picture's answer from what its teachers said (Hinton 2015, temperature 1).

    logits [N, C]; taught [N, C], rows summing to 1 → [N].
    """
    return F.kl_div(F.log_softmax(logits, 1), taught, reduction="none").sum(1)


def soft_targets(labels: torch.Tensor, classes: int, smoothing: float = 0.0) -> torch.Tensor:
    """Class indices [N] → [N, C] with `smoothing` spread evenly over all classes."""
    return F.one_hot(labels, classes).float() * (1.0 - smoothing) + smoothing / classes


class GroupRobust:
    """Group-robust loss (group DRO, Sagawa 2020): the groups that do worst weigh most.

    `step` is the rate at which weights follow the losses. A group's loss counts relative to its batch's mean,
    so that `step` means the same for every loss function.
    """

    def __init__(self, groups: int, step: float, device: torch.device | str = "cpu"):
        self.step = step
        self.weights = torch.full((groups,), 1 / groups, device=device)

    def __call__(self, losses: torch.Tensor, groups: torch.Tensor) -> torch.Tensor:
        """losses [N], group numbers [N] → one number, and the weights move."""
        counts = torch.bincount(groups, minlength=len(self.weights))
        present = counts > 0
        means = torch.zeros_like(self.weights).index_add(0, groups, losses)[present] / counts[present]
        with torch.no_grad():
            relative = means.detach() / means.detach().mean().clamp_min(1e-12)
            self.weights[present] *= torch.exp(self.step * (relative - 1))
            self.weights /= self.weights.sum()
        here = self.weights[present]
        return (here * means).sum() / here.sum()
