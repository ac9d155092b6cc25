"""What the gate and the limits look at in a lung map; `lungFeatures` in src/assurance/lungs.ts computes the same."""

from __future__ import annotations

import numpy as np

from ..preprocess import axis_weights

THRESHOLD = 0.5
NAMES = ("area", "balance", "middle", "centerX", "centerY", "spreadX", "spreadY", "certainty")


def features(maps: np.ndarray, threshold: float = THRESHOLD) -> dict[str, np.ndarray]:
    """Maps of `visible` probabilities [N, side, side] → NAMES and `border`, each float64 [N]; all 0 where no pixel reaches `threshold`."""
    maps = maps.astype(np.float64)
    n, side, _ = maps.shape
    mask = maps >= threshold
    count = mask.sum((1, 2)).astype(np.float64)
    some, at_least = count > 0, np.maximum(count, 1)
    area = count / side**2
    left = mask[:, :, : side // 2].sum((1, 2)).astype(np.float64)
    start, stop = int(np.floor(0.45 * side)), int(np.ceil(0.55 * side))
    middle = mask[:, :, start:stop].mean((1, 2))
    edge = count - mask[:, 1:-1, 1:-1].sum((1, 2))
    place = 2 * (np.arange(side) + 0.5) / side - 1

    def moments(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        mean = (counts * place).sum(1) / at_least
        return mean, np.sqrt((counts * (place - mean[:, None]) ** 2).sum(1) / at_least)

    center_x, spread_x = moments(mask.sum(1).astype(np.float64))
    center_y, spread_y = moments(mask.sum(2).astype(np.float64))
    balance = np.minimum(left, count - left) / np.maximum(np.maximum(left, count - left), 1)
    values = {"area": area, "balance": balance, "middle": middle / np.where(some, area, 1), "centerX": center_x, "centerY": center_y,
              "spreadX": spread_x, "spreadY": spread_y, "certainty": (maps * mask).sum((1, 2)) / at_least, "border": edge / at_least}
    return {name: np.where(some, v, 0.0) for name, v in values.items()}


def evidence_inside(activation: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Share of the positive evidence that lies in the whole lungs, [N]; NaN where a picture has no positive evidence.

    `activation` [N, 7, 7] of one class each, `whole` bool [N, side, side]. The maps are grown bilinearly, as the app's are.
    """
    grow = axis_weights(activation.shape[1], whole.shape[1])
    fine = np.maximum(grow @ activation.astype(np.float64) @ grow.T, 0)
    total = fine.sum((1, 2))
    return np.where(total > 0, (fine * whole).sum((1, 2)) / np.where(total > 0, total, 1), np.nan)
