"""Few labels of a new site: the head is refitted near the old one on 10, 20, 50 pictures a class (fewLabels in the manifest)."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from .. import metrics
from ..labels import LABELS

COUNTS, DRAWS, PENALTY, SURE = (10, 20, 50), 5, 0.02, 0.9


def refitted(features: np.ndarray, truth: np.ndarray, head: tuple[np.ndarray, np.ndarray], temperature: float) -> tuple[np.ndarray, np.ndarray]:
    """(w [E, K], b [K]) of logits at temperature 1: weighted by class, held near the old head (penalty on what changes, per standardized feature)."""
    x, w0 = torch.from_numpy(features).float(), torch.from_numpy(head[0] / temperature).float()
    b0, y = torch.from_numpy(head[1] / temperature).float(), torch.from_numpy(truth)
    spread = x.std(0).clamp_min(1e-3)
    counts = torch.bincount(y, minlength=len(LABELS)).float()
    weights = (1 / counts[y]) / (1 / counts[y]).sum()
    dw, db = torch.zeros_like(w0, requires_grad=True), torch.zeros_like(b0, requires_grad=True)
    optimizer = torch.optim.LBFGS([dw, db], max_iter=60, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        logits = x @ (w0 + dw / spread[:, None]) + b0 + db
        value = (torch.nn.functional.cross_entropy(logits, y, reduction="none") * weights).sum() + PENALTY * (dw * dw).sum()
        value.backward()
        return value

    optimizer.step(loss)
    return (w0 + dw.detach() / spread[:, None]).numpy(), (b0 + db.detach()).numpy()


def _figures(p: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    bold, right = p.max(1) >= SURE, p.argmax(1) == truth
    accuracy = float(np.mean([right[truth == k].mean() for k in np.unique(truth)]))
    return {"accuracy": accuracy, "sureRight": float(right[bold].mean()) if bold.any() else None}


def rows(hospital: str, features: np.ndarray, truth: np.ndarray, head: tuple[np.ndarray, np.ndarray], temperature: float) -> list[dict[str, Any]]:
    """One row a count: means over DRAWS draws, measured on the site's pictures that were not drawn; accuracy is the mean of the recalls."""
    found, generator = [], np.random.default_rng(2026)
    classes = [k for k in np.unique(truth) if (truth == k).sum() >= 2 * COUNTS[0]]
    if len(classes) < 2:
        return []
    for count in COUNTS:
        if min((truth == k).sum() for k in classes) < count + 10:
            continue
        before, after = [], []
        for _ in range(DRAWS):
            drawn = np.concatenate([generator.permutation(np.flatnonzero(truth == k))[:count] for k in classes])
            rest = np.setdiff1d(np.flatnonzero(np.isin(truth, classes)), drawn)
            rest = generator.permutation(rest)[:1500]
            w, b = refitted(features[drawn], truth[drawn], head, temperature)
            before.append(_figures(metrics.softmax(features[rest] @ head[0] + head[1], temperature), truth[rest]))
            after.append(_figures(metrics.softmax(features[rest] @ w + b), truth[rest]))
        found.append({"labels": count, "hospital": hospital, "before": _mean(before), "after": _mean(after)})
    return found


def _mean(tables: list[dict[str, Any]]) -> dict[str, Any]:
    sure = [t["sureRight"] for t in tables if t["sureRight"] is not None]
    return {"accuracy": float(np.mean([t["accuracy"] for t in tables])), "sureRight": float(np.mean(sure)) if sure else None}
