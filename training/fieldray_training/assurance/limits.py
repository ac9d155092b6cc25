"""What the lung map gives away: lungs cut off, not found, evidence outside. Limits and how they did (LungsSchema in the manifest)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from . import lung_features, rule

# Of unaltered chests, at most about this share is to be marked.
FALSE_ALARMS = 0.015
# Lungs that are cut off lie elsewhere, are less even, and the network is less sure of them: a rule over the whole map finds
# half as many again as their length on the edge does. It may mark so many of all chests, and so many of any class and origin.
CUT_ALARMS, MOST_CUT_ALARMS = 0.015, 0.06
CUT_FEATURES = (*lung_features.NAMES, "border")
MOST_EVIDENCE = 0.5


def _hits(found: np.ndarray) -> dict[str, int]:
    return {"images": int(len(found)), "found": int(found.sum())}


def fit(plain: dict[str, np.ndarray], inside: np.ndarray) -> dict[str, Any]:
    """From unaltered chests of the set that fixes limits: lung features, and the evidence inside the lungs of the answered class."""
    area = float(np.quantile(plain["area"], 0.003))
    found = plain["area"] >= area
    return {"border": round(max(0.005, float(np.quantile(plain["border"], 1 - FALSE_ALARMS))), 4), "area": round(max(0.01, 0.9 * area), 4),
            "evidence": round(min(MOST_EVIDENCE, float(np.nanquantile(inside[found], FALSE_ALARMS))), 4)}


def fit_cut(plain: dict[str, np.ndarray], strata: np.ndarray, cut: dict[str, np.ndarray]) -> rule.Rule:
    """Lungs are whole where the rule passes. `plain` chests of the set that fixes limits with their class and origin, `cut` the same ones cut off."""
    whole = np.arange(len(plain["area"]) + len(cut["area"])) < len(plain["area"])
    both = {name: np.concatenate([plain[name], cut[name]]) for name in CUT_FEATURES}
    made = rule.fit(both, CUT_FEATURES, whole, np.where(whole, 1 / whole.sum(), 1 / max(1, (~whole).sum())), whole)
    return replace(made, threshold=rule.threshold_for(made.scores(plain), strata, 1 - CUT_ALARMS, 1 - MOST_CUT_ALARMS))


def is_cut(limits: dict[str, Any], features: dict[str, np.ndarray]) -> np.ndarray:
    """By the rule where there is one, else by the length on the edge."""
    made = limits.get("cutOff")
    if made is None:
        return features["border"] > limits["border"]
    return ~rule.Rule(tuple(made["terms"]), made["bias"], made["threshold"], made["limit"]).passes(features)


def rows(limits: dict[str, Any], plain: dict[str, np.ndarray], inside: np.ndarray, cut: dict[str, np.ndarray],
         strange: dict[str, np.ndarray], flattened: dict[str, np.ndarray], flattened_inside: np.ndarray) -> list[dict[str, Any]]:
    """Measured on test pictures: as they are, cut off, of other kinds, and with nothing left in the lungs."""
    found = plain["area"] >= limits["area"]
    cut_found = cut["area"] >= limits["area"]
    flat_found = flattened["area"] >= limits["area"]
    return [
        {"finding": "lungs cut off", "detected": _hits(is_cut(limits, cut)[cut_found]), "falseAlarms": _hits(is_cut(limits, plain)[found])},
        {"finding": "lungs not found (among pictures that are no chest)", "detected": _hits(strange["area"] < limits["area"]), "falseAlarms": _hits(~found)},
        {"finding": "evidence outside (nothing left in the lungs)", "detected": _hits(flattened_inside[flat_found] < limits["evidence"]), "falseAlarms": _hits(inside[found] < limits["evidence"])},
    ]


def answered_inside(activation: np.ndarray, logits: np.ndarray, whole: np.ndarray, boxes: np.ndarray | None = None) -> np.ndarray:
    """Share of the answered class's evidence inside the whole lungs, [N]."""
    return lung_features.evidence_inside(activation[np.arange(len(logits)), logits.argmax(1)], whole, boxes)
