"""Operating curves: one class against the others on the test split (OperatingCurveSchema in the manifest)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..labels import LABELS

MOST = 160


def curve(label: str, scores: np.ndarray, positive: np.ndarray) -> dict[str, Any]:
    """Counts of flagged pictures at up to MOST thresholds, from 0 (everything) to 1.001 (nothing).

    Thresholds lie where a picture of the class is lost or another one spared, so that no step of sensitivity or
    specificity of more than about 1/MOST is skipped. They are rounded first and counted then.
    """
    candidates = []
    for own in (scores[positive], scores[~positive]):
        if len(own):
            places = np.unique(np.linspace(0, len(own) - 1, MOST // 2 - 1).round().astype(int))
            candidates.append(np.sort(own)[places])
    middle = np.unique(np.round(np.concatenate(candidates), 6)) if candidates else np.zeros(0)
    thresholds = np.concatenate([[0.0], middle[(middle > 0) & (middle <= 1)], [1.001]])
    count = lambda own: (own[None] >= thresholds[:, None]).sum(1)  # noqa: E731
    return {"label": label, "thresholds": thresholds.tolist(), "truePositives": count(scores[positive]).tolist(),
            "falsePositives": count(scores[~positive]).tolist(), "positives": int(positive.sum()), "negatives": int((~positive).sum())}


def section(p: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    return {"note": "Counted on the test split at 224 px, known hospitals. A site's own folder of labelled pictures gives curves of its own.",
            "curves": [curve(label, p[:, k], truth == k) for k, label in enumerate(LABELS)]}
