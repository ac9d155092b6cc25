"""Does a site look like the hospitals the model knows? Sums of projected embeddings, and the test on them (hospitals in the manifest)."""

from __future__ import annotations

from typing import Any

import numpy as np

MINIMUM, DRAWS, DIMENSIONS = 30, 40, 32
# Of sites of known hospitals, about this share may be called different.
FALSE_ALARMS = 0.05


def described(values: np.ndarray, names: np.ndarray) -> list[dict[str, Any]]:
    """values [N, k]: each hospital's mean and standard deviation along every dimension; hospitals of fewer than MINIMUM pictures are left out."""
    found = []
    for name in sorted(set(names.tolist())):
        own = values[names == name]
        if len(own) >= MINIMUM:
            found.append({"name": name, "count": len(own), "mean": own.mean(0).tolist(), "spread": np.maximum(own.std(0), 1e-3).tolist()})
    return found


def statistic(site: np.ndarray, known: list[dict[str, Any]]) -> float:
    """How far a site's mean [k] lies from the nearest known hospital's, in that one's spreads."""
    return min(float(np.sqrt((((site - np.array(h["mean"])) / np.array(h["spread"])) ** 2).mean())) for h in known)


def _sites(values: np.ndarray, generator: np.random.Generator) -> list[np.ndarray]:
    return [values[generator.permutation(len(values))[:MINIMUM]].mean(0) for _ in range(DRAWS)] if len(values) >= MINIMUM else []


def section(learned: np.ndarray, learned_names: np.ndarray, tested: np.ndarray, tested_names: np.ndarray) -> dict[str, Any]:
    """`learned` [N, k] with hospital names describes; `tested` are other pictures of the same hospitals, from which sites of MINIMUM are drawn.

    False alarms: a hospital's other pictures against all. Found: the same pictures against all but their own hospital.
    """
    generator, known = np.random.default_rng(2026), described(learned, learned_names)
    own, away = [], []
    for name in sorted({h["name"] for h in known}):
        sites = _sites(tested[tested_names == name], generator)
        rest = [h for h in known if h["name"] != name]
        own += [statistic(site, known) for site in sites]
        away += [statistic(site, rest) for site in sites] if rest else []
    threshold = float(np.quantile(own, 1 - FALSE_ALARMS)) if own else 1.0
    return {"dimensions": learned.shape[1], "list": known,
            "test": {"statistic": "standardized-mean", "minimum": MINIMUM, "threshold": threshold,
                     "falseAlarms": {"images": len(own), "found": int((np.array(own) > threshold).sum())},
                     "detected": {"images": len(away), "found": int((np.array(away) > threshold).sum())}},
            "note": f"Sites are {MINIMUM} pictures drawn from one hospital that did not describe it. Found: the same sites where their own hospital is not among the known ones; "
                    "the network had learned from that hospital, so that one it never saw may look stranger, or less strange."}
