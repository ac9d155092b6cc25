"""What the lung map gives away: lungs cut off, not found, evidence outside. Limits and how they did (LungsSchema in the manifest)."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import lung_features

# Of unaltered chests, at most about this share is to be marked.
FALSE_ALARMS = 0.015
MOST_EVIDENCE = 0.5


def _hits(found: np.ndarray) -> dict[str, int]:
    return {"images": int(len(found)), "found": int(found.sum())}


def fit(plain: dict[str, np.ndarray], inside: np.ndarray) -> dict[str, float]:
    """From unaltered chests of the set that fixes limits: lung features, and the evidence inside the lungs of the answered class."""
    area = float(np.quantile(plain["area"], 0.003))
    found = plain["area"] >= area
    return {"border": round(max(0.005, float(np.quantile(plain["border"], 1 - FALSE_ALARMS))), 4), "area": round(max(0.01, 0.9 * area), 4),
            "evidence": round(min(MOST_EVIDENCE, float(np.nanquantile(inside[found], FALSE_ALARMS))), 4)}


def rows(limits: dict[str, float], plain: dict[str, np.ndarray], inside: np.ndarray, cut: dict[str, np.ndarray],
         strange: dict[str, np.ndarray], flattened: dict[str, np.ndarray], flattened_inside: np.ndarray) -> list[dict[str, Any]]:
    """Measured on test pictures: as they are, cut off, of other kinds, and with nothing left in the lungs."""
    found = plain["area"] >= limits["area"]
    cut_found = cut["area"] >= limits["area"]
    flat_found = flattened["area"] >= limits["area"]
    return [
        {"finding": "lungs cut off", "detected": _hits(cut["border"][cut_found] > limits["border"]), "falseAlarms": _hits(plain["border"][found] > limits["border"])},
        {"finding": "lungs not found (among pictures that are no chest)", "detected": _hits(strange["area"] < limits["area"]), "falseAlarms": _hits(~found)},
        {"finding": "evidence outside (nothing left in the lungs)", "detected": _hits(flattened_inside[flat_found] < limits["evidence"]), "falseAlarms": _hits(inside[found] < limits["evidence"])},
    ]


def answered_inside(activation: np.ndarray, logits: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Share of the answered class's evidence inside the whole lungs, [N]."""
    return lung_features.evidence_inside(activation[np.arange(len(logits)), logits.argmax(1)], whole)
