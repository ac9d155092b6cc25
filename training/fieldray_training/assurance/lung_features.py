"""What the gate and the limits look at in a lung map; `lungFeatures` in src/assurance/lungs.ts computes the same."""

from __future__ import annotations

import numpy as np

from ..labels import MODEL_SIZE

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


def in_box(low: int, high: int, side: int, places: int) -> np.ndarray:
    """[side, places]: how much of each of `places` stretched over low…high (pixels of the model input) shows at each of `side` pixels; zeros outside of it."""
    center = (np.arange(side) + 0.5) * MODEL_SIZE / side
    at = np.clip((center - low) / (high - low) * places - 0.5, 0, places - 1)
    first = np.floor(at).astype(int)
    second = np.minimum(first + 1, places - 1)
    weights = np.zeros((side, places))
    np.add.at(weights, (np.arange(side), first), 1 - (at - first))
    np.add.at(weights, (np.arange(side), second), at - first)
    weights[(center < low) | (center >= high)] = 0
    return weights


def evidence_inside(activation: np.ndarray, whole: np.ndarray, boxes: np.ndarray | None = None) -> np.ndarray:
    """Share of the positive evidence that lies in the whole lungs, [N]; NaN where a picture has no positive evidence.

    `activation` [N, 7, 7] of one class each, `whole` bool [N, side, side]. The maps are grown bilinearly over what the classifier
    saw (`boxes` [N, 4]; None: the whole picture), as the app's are; nothing lies outside of it.
    """
    places, side = activation.shape[1], whole.shape[1]
    result = np.full(len(activation), np.nan)
    for i, (own, mask) in enumerate(zip(activation.astype(np.float64), whole)):
        left, top, right, bottom = (0, 0, MODEL_SIZE, MODEL_SIZE) if boxes is None else (int(b) for b in boxes[i])
        fine = np.maximum(in_box(top, bottom, side, places) @ own @ in_box(left, right, side, places).T, 0)
        total = fine.sum()
        if total > 0:
            result[i] = (fine * mask).sum() / total
    return result
