"""Prediction sets: split conformal prediction, class-conditional, with the margin score (ConformalSchema in the manifest).

V. Vovk et al., Mondrian confidence machine, 2003; A. Angelopoulos & S. Bates, 2021 (arXiv:2107.07511).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..labels import LABELS

LEVELS = (0.90, 0.95)


def margin_scores(p: np.ndarray) -> np.ndarray:
    """p [N, K] → s [N, K]: the largest of the others minus the own."""
    order = np.sort(p, 1)
    largest, second = order[:, -1:], order[:, -2:-1]
    return np.where(p == largest, np.where((p == largest).sum(1, keepdims=True) > 1, largest, second), largest) - p


def thresholds(p: np.ndarray, truth: np.ndarray, level: float) -> list[float]:
    """Of every class: the score that the share ⌈(n + 1) · level⌉ / n of its calibration pictures keep within, rounded up to six digits.

    1 (always in the set) where a class has too few pictures for the level.
    """
    scores, result = margin_scores(p), []
    for k in range(p.shape[1]):
        own = np.sort(scores[truth == k, k])
        place = int(np.ceil((len(own) + 1) * level))
        result.append(1.0 if place > len(own) else float(min(1.0, np.ceil(own[place - 1] * 1e6) / 1e6)))
    return result


def sets(p: np.ndarray, limits: list[float] | np.ndarray, complete: bool) -> np.ndarray:
    """bool [N, K]. `complete`: as the app shows it. An empty set becomes the two likeliest; none names a class without the likelier ones."""
    inside = margin_scores(p) <= np.asarray(limits)
    if complete:
        # The first of equals comes first, as in the app.
        ranked = np.argsort(-p, axis=1, kind="stable")
        for i in np.flatnonzero(~inside[np.arange(len(p)), ranked[:, 0]]):
            last = np.flatnonzero(inside[i, ranked[i]])
            inside[i, ranked[i, : last[-1] + 1 if len(last) else 2]] = True
    return inside


def nested(p: np.ndarray, levels: list[list[float]]) -> list[np.ndarray]:
    """The sets of several levels, ascending, as the app shows them: each holds that of the level below it, bool [N, K] each."""
    found: list[np.ndarray] = []
    for limits in levels:
        own = sets(p, limits, True)
        found.append(own | found[-1] if found else own)
    return found


def coverage(inside: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    """CoverageSchema: how often the truth is in the set, and how large the sets are."""
    hit, size, k = inside[np.arange(len(truth)), truth], inside.sum(1), inside.shape[1]
    counts = np.bincount(truth, minlength=k)
    return {"images": len(truth), "coverage": float(hit.mean()),
            "coveragePerClass": [float(hit[truth == c].mean()) if counts[c] else 0.0 for c in range(k)],
            "imagesPerClass": counts.tolist(), "meanSize": float(size.mean()), "sizes": np.bincount(size, minlength=k + 1).tolist()}


def section(fit_p: np.ndarray, fit_truth: np.ndarray, test_p: np.ndarray, test_truth: np.ndarray) -> dict[str, Any]:
    """ConformalSchema. Probabilities are calibrated; the first pair sets the thresholds, the second measures."""
    return measured([thresholds(fit_p, fit_truth, level) for level in LEVELS], fit_truth, test_p, test_truth)


def measured(limits: list[list[float]], fit_truth: np.ndarray, test_p: np.ndarray, test_truth: np.ndarray) -> dict[str, Any]:
    """ConformalSchema of thresholds for LEVELS that were fitted on pictures of `fit_truth`."""
    shown = nested(test_p, limits)
    levels = [{"level": level, "thresholds": own, "held": coverage(sets(test_p, own, False), test_truth), "completed": coverage(complete, test_truth)}
              for level, own, complete in zip(LEVELS, limits, shown)]
    return {"score": "margin", "completion": "top-two", "calibrationImages": np.bincount(fit_truth, minlength=len(LABELS)).tolist(), "levels": levels,
            "note": "Thresholds from the calibration split, figures from the test split, both at 224 px. The promise holds for pictures like these: in another hospital it may not."}
