"""Small convex fits in float64: logistic regression with a penalty, and the same with signs that are given."""

from __future__ import annotations

import numpy as np
import torch


# Times the middle column's own: only the columns that vary most are scaled down.
LEAST_SPREAD = 2.0


def softmax_regression(x: np.ndarray, y: np.ndarray, weights: np.ndarray, penalty: float, classes: int, steps: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Weighted mean cross-entropy + penalty/2 · ‖w‖² over standardized columns, by L-BFGS.

    x [N, D], y [N] in 0…classes−1 (two classes give one row: the log-odds of class 1). → (w [rows, D], b [rows]) for the columns as given.
    """
    mean, spread = x.mean(0), x.std(0)
    # A column that hardly varies among the fitted must not explode on others, nor, stored in 8 bits, drown the rest.
    spread = np.maximum(spread, LEAST_SPREAD * np.median(spread) + 1e-12)
    z = torch.from_numpy((x - mean) / spread).float()
    rows, target = (1 if classes == 2 else classes), torch.from_numpy(y)
    shares = torch.from_numpy(weights / weights.sum()).float()
    w, b = torch.zeros(rows, x.shape[1], requires_grad=True), torch.zeros(rows, requires_grad=True)
    optimizer = torch.optim.LBFGS([w, b], max_iter=steps, history_size=12, line_search_fn="strong_wolfe", tolerance_change=1e-7)

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        logits = z @ w.t() + b
        if rows == 1:
            each = torch.nn.functional.binary_cross_entropy_with_logits(logits[:, 0], target.float(), reduction="none")
        else:
            each = torch.nn.functional.cross_entropy(logits, target.long(), reduction="none")
        value = (each * shares).sum() + penalty / 2 * (w * w).sum()
        value.backward()
        return value

    optimizer.step(loss)
    weight = w.detach().numpy().astype(np.float64) / spread
    return weight, b.detach().numpy().astype(np.float64) - weight @ mean


def signed_logistic(x: np.ndarray, y: np.ndarray, weights: np.ndarray, signs: np.ndarray, penalty: float, steps: int = 4000) -> tuple[np.ndarray, float]:
    """Binary logistic regression whose weights keep the sign given (+1, −1, or 0: either), by accelerated projected gradients.

    x [N, D] of about unit scale, y bool [N]. → (w [D], b).
    """
    shares = weights / weights.sum()
    design = np.concatenate([x, np.ones((len(x), 1))], 1)
    lipschitz = 0.25 * np.linalg.eigvalsh((design * shares[:, None]).T @ design)[-1] + penalty
    target = y.astype(np.float64)

    def project(w: np.ndarray) -> np.ndarray:
        bounded = w.copy()
        bounded[:-1] = np.where(signs > 0, np.maximum(w[:-1], 0), np.where(signs < 0, np.minimum(w[:-1], 0), w[:-1]))
        return bounded

    w = ahead = np.zeros(design.shape[1])
    momentum = 1.0
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(design @ ahead, -60, 60)))
        gradient = design.T @ ((p - target) * shares) + penalty * np.append(ahead[:-1], 0)
        following = project(ahead - gradient / lipschitz)
        grown = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = following + (momentum - 1) / grown * (following - w)
        if np.abs(following - w).max() < 1e-9:
            return following[:-1], float(following[-1])
        w, momentum = following, grown
    return w[:-1], float(w[-1])
