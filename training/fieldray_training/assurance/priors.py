"""Class shares behind the answers, and what correcting for a clinic's own shares is worth.

M. Saerens et al., Adjusting the Outputs of a Classifier to New a Priori Probabilities, Neural Computation 14 (2002).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ..labels import LABELS
from ..metrics import calibration_error

LEAST = 0.02
# Mixes a clinic might have: an ordinary day, an epidemic, a children's ward, and each class as often as the others.
MIXES = ((0.05, 0.15, 0.75, 0.05), (0.50, 0.20, 0.25, 0.05), (0.05, 0.05, 0.50, 0.40), (0.25, 0.25, 0.25, 0.25))


def corrected(p: np.ndarray, assumed: np.ndarray, stated: np.ndarray) -> np.ndarray:
    """[N, K] posteriors for other shares."""
    weighted = p * (np.asarray(stated) / np.asarray(assumed))
    return weighted / weighted.sum(1, keepdims=True)


def shares_of(p: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """The shares [K] that the probabilities stand for: corrected from them to the pictures' own mix, they explain the classes best.

    Largest likelihood, drawn softly towards even shares: a class that is never confused says little about its own.
    """
    counts = np.bincount(truth, minlength=p.shape[1])
    own = torch.from_numpy(counts / counts.sum()).double()
    logs = torch.from_numpy(np.log(np.maximum(p, 1e-12))).double()
    target = torch.from_numpy(truth)
    u = torch.zeros(p.shape[1], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([u], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        adjusted = logs + torch.log(own.clamp_min(1e-6)) - torch.log_softmax(u, 0)
        value = torch.nn.functional.cross_entropy(adjusted, target, reduction="sum") + 2 * (u - u.mean()).square().sum()
        value.backward()
        return value

    optimizer.step(loss)
    shares = np.maximum(torch.softmax(u, 0).detach().numpy(), LEAST)
    shares = np.round(shares / shares.sum(), 4)
    shares[shares.argmax()] += 1 - shares.sum()
    return shares


def draw(truth: np.ndarray, mix: tuple[float, ...], seed: int = 2026) -> np.ndarray:
    """As many pictures as give this mix, none twice: row numbers."""
    counts = np.bincount(truth, minlength=len(mix))
    total = int(min(n / m for n, m in zip(counts, mix) if m > 0))
    generator = np.random.default_rng(seed)
    return np.sort(np.concatenate([generator.permutation(np.flatnonzero(truth == k))[: int(round(m * total))] for k, m in enumerate(mix)]))


def section(fit_p: np.ndarray, fit_truth: np.ndarray, test_p: np.ndarray, test_truth: np.ndarray) -> dict[str, Any]:
    shares = shares_of(fit_p, fit_truth)
    checks = []
    for mix in MIXES:
        rows = draw(test_truth, mix)
        checks.append({"mix": list(mix), "images": len(rows), "uncorrected": calibration_error(test_truth[rows], test_p[rows]),
                       "corrected": calibration_error(test_truth[rows], corrected(test_p[rows], shares, np.array(mix)))})
    return {"shares": shares.tolist(), "checks": checks,
            "note": f"The shares are those for which the calibration split's answers, corrected to its own mix, explain its classes best ({', '.join(LABELS)}). "
                    "The checks draw test pictures to other mixes."}
