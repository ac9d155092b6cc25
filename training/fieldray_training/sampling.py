"""Which pictures an epoch sees: balanced over class × origin, so that the hospital says less about the class."""

from __future__ import annotations

import numpy as np

from .data import Collection
from .labels import LABELS


def _origin_shares(counts: list[dict[str, int]], power: float, cap: float) -> list[dict[str, float]]:
    """Per class, each origin's share of the draws; summing to 1 where a class has pictures."""
    shares = []
    for table in counts:
        raw = {name: float(n) ** power for name, n in table.items()}
        shares.append({name: value / sum(raw.values()) for name, value in raw.items()})
    result = []
    for k, table in enumerate(shares):
        capped = {}
        for name, share in table.items():
            others = [t[name] for i, t in enumerate(shares) if i != k and name in t]
            capped[name] = min(share, cap * min(others)) if cap and others else share
        result.append({name: value / sum(capped.values()) for name, value in capped.items()})
    return result


def strata_of(collection: Collection) -> np.ndarray:
    """Each picture's origin, its children apart."""
    return np.where(collection.child, np.char.add(collection.origins.astype(str), " (children)"), collection.origins.astype(str))


def weights_by_stratum(
    collection: Collection, indices: np.ndarray, power: float, low_share: float, cap: float = 0.0
) -> np.ndarray:
    """Probability of drawing each of `indices` (sums to 1).

    Classes share evenly. Within a class, an origin's share is its count to the power `power` (1: as found, 0: evenly).
    With `cap`, an origin of several classes gets at most `cap` times its smallest share in another class: a hospital
    that gave many opacities and few normals then says little about the class.
    Within class and origin, low-resolution pictures get at most `low_share`, so that resolution does not tell the class.
    Weaker labels (one reader) count half. Children and adults of an origin are origins of their own.
    """
    labels, origins, low = collection.labels[indices], strata_of(collection)[indices], collection.low[indices]
    weak = np.array([collection.rows[i].weak for i in indices])
    weights = np.zeros(len(indices))
    present = [k for k in range(len(LABELS)) if (labels == k).any()]
    counts = [dict(zip(*np.unique(origins[labels == k], return_counts=True))) for k in present]
    for k, shares in zip(present, _origin_shares(counts, power, cap)):
        for name, part_of_class in shares.items():
            share = part_of_class / len(present)
            here = (labels == k) & (origins == name)
            fine, coarse = here & ~low, here & low
            part = 0.0 if not coarse.any() else 1.0 if not fine.any() else min(low_share, coarse.sum() / here.sum())
            for subset, amount in ((fine, 1 - part), (coarse, part)):
                if subset.any():
                    w = np.where(weak[subset], 0.5, 1.0)
                    weights[subset] = share * amount * w / w.sum()
    return weights / weights.sum()


def draw(weights: np.ndarray, count: int, generator: np.random.Generator) -> np.ndarray:
    """Positions of `count` draws, spread as evenly as the weights allow (systematic sampling), shuffled."""
    ticks = (np.arange(count) + generator.random()) / count
    order = generator.permutation(len(weights))
    positions = order[np.minimum(np.searchsorted(np.cumsum(weights[order]), ticks), len(weights) - 1)]
    return generator.permutation(positions)
