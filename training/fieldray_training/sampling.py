"""Which pictures an epoch sees: balanced over class × origin, so that the hospital says less about the class."""

from __future__ import annotations

import numpy as np

from .data import Collection
from .labels import LABELS


def weights_by_stratum(collection: Collection, indices: np.ndarray, power: float, low_share: float) -> np.ndarray:
    """Probability of drawing each of `indices` (sums to 1).

    Classes share evenly. Within a class, an origin's share is its count to the power `power` (1: as found, 0: evenly).
    Within class and origin, low-resolution pictures get at most `low_share`, so that resolution does not tell the class.
    Weaker labels (one reader) count half.
    """
    labels, origins, low = collection.labels[indices], collection.origins[indices], collection.low[indices]
    weak = np.array([collection.rows[i].weak for i in indices])
    weights = np.zeros(len(indices))
    present = [k for k in range(len(LABELS)) if (labels == k).any()]
    for k in present:
        names, counts = np.unique(origins[labels == k], return_counts=True)
        shares = counts.astype(float) ** power
        shares /= shares.sum() * len(present)
        for name, share in zip(names, shares):
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
