"""The logistic rule that lets a picture pass or refuses it (RuleSchema in src/model/manifest/assurance.ts)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .logistic import signed_logistic

LIMIT = 6.0
# What may only speak against a picture (−1), or only for it (+1), however the fitting pictures lie: another kind of
# picture than those must not pass because it is farther away than any of them.
SIGNS = {"distance": -1, "residual": -1, "probe": 1}


@dataclass(frozen=True)
class Rule:
    """score = bias + Σ weight · clamp((value − center) / scale, ±limit)^power, passed where score ≥ threshold."""

    terms: tuple[dict[str, Any], ...]
    bias: float
    threshold: float = 0.0
    limit: float = LIMIT

    def scores(self, features: dict[str, np.ndarray]) -> np.ndarray:
        total = np.full(len(next(iter(features.values()))), self.bias)
        for t in self.terms:
            standard = np.clip((features[t["feature"]] - t["center"]) / t["scale"], -self.limit, self.limit)
            total = total + t["weight"] * standard ** t["power"]
        return total

    def passes(self, features: dict[str, np.ndarray]) -> np.ndarray:
        return self.scores(features) >= self.threshold

    def plain(self) -> dict[str, Any]:
        """As the manifest holds it."""
        return {"terms": [dict(t) for t in self.terms], "limit": self.limit, "bias": self.bias, "threshold": self.threshold}


def fit(features: dict[str, np.ndarray], names: tuple[str, ...], chest: np.ndarray, weights: np.ndarray, typical: np.ndarray, penalty: float = 1e-3) -> Rule:
    """features of all fitting pictures [N] each; `chest` bool [N]; `typical` bool [N]: those by whose middle and spread each feature is scaled.

    The probe enters linearly; every other feature also squared, and its square only against: far from a typical chest is never a merit.
    """
    terms, columns, signs = [], [], []
    for name in names:
        own = features[name][typical]
        center = float(np.median(own))
        scale = float(max(np.diff(np.quantile(own, (0.16, 0.84)))[0] / 2, 1e-3))
        standard = np.clip((features[name] - center) / scale, -LIMIT, LIMIT)
        for power in (1,) if name == "probe" else (1, 2):
            terms.append({"feature": name, "power": power, "center": round(center, 6), "scale": round(scale, 6)})
            columns.append(standard**power)
            signs.append(SIGNS.get(name, 0) if power == 1 else -1)
    w, b = signed_logistic(np.stack(columns, 1) / 3, chest, weights, np.array(signs), penalty)
    kept = [t | {"weight": round(float(x) / 3, 6)} for t, x in zip(terms, w) if abs(x) > 1e-4]
    if not kept:
        kept = [terms[0] | {"weight": -1e-6}]
    return Rule(tuple(kept), round(float(b), 6))


def threshold_for(scores: np.ndarray, strata: np.ndarray, accepted: float, least: float) -> float:
    """The highest threshold that accepts the share `accepted` of all pictures and `least` of every stratum of at least 40."""
    limits = [np.quantile(scores, 1 - accepted)]
    for stratum in np.unique(strata):
        here = scores[strata == stratum]
        if len(here) >= 40:
            limits.append(np.quantile(here, 1 - least))
    return round(float(min(limits)) - 1e-6, 6)
