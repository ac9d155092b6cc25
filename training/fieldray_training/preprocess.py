"""A picture → the model's input, by the definition the app shares (box filter down, bilinear up, squashed)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

# Rec. 601, as the training pictures were made.
LUMINANCE = (0.299, 0.587, 0.114)


def luminance(rgb: np.ndarray) -> np.ndarray:
    """[H, W, 3] in 0…1 → grey [H, W]."""
    return rgb @ np.asarray(LUMINANCE)


@lru_cache(maxsize=64)
def axis_weights(source: int, target: int) -> np.ndarray:
    """[target, source] float64: each row the share of every source sample in one target sample.

    Shrinking averages over the exact source interval; growing interpolates linearly between half-pixel centers.
    """
    weights = np.zeros((target, source))
    scale = source / target
    if source > target:
        edges = np.arange(target + 1) * scale
        for i in range(target):
            low, high = edges[i], edges[i + 1]
            first, last = int(np.floor(low)), min(int(np.ceil(high)), source)
            for j in range(first, last):
                weights[i, j] = max(0.0, min(high, j + 1) - max(low, j)) / scale
    else:
        center = np.clip((np.arange(target) + 0.5) * scale - 0.5, 0, source - 1)
        first = np.floor(center).astype(int)
        second = np.minimum(first + 1, source - 1)
        share = center - first
        np.add.at(weights, (np.arange(target), first), 1 - share)
        np.add.at(weights, (np.arange(target), second), share)
    return weights


def to_model_input(grey: np.ndarray, size: int) -> np.ndarray:
    """Grey picture [H, W] in 0…1 → [size, size] float32 in 0…1."""
    height, width = grey.shape
    return (axis_weights(height, size) @ grey @ axis_weights(width, size).T).astype(np.float32)
