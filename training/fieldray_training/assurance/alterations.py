"""What goes wrong with real pictures, done to radiographs on purpose: uint8 [N, 224, 224] in and out."""

from __future__ import annotations

from typing import Callable

import numpy as np

from ..labels import MODEL_SIZE
from ..preprocess import axis_weights

Alteration = Callable[[np.ndarray], np.ndarray]


def turned(images: np.ndarray, degrees: int) -> np.ndarray:
    """Turned clockwise by 0, 90, 180 or 270 degrees."""
    return np.ascontiguousarray(np.rot90(images, -degrees // 90, (1, 2)))


def inverted(images: np.ndarray) -> np.ndarray:
    return 255 - images


def mirrored(images: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(images[:, :, ::-1])


ALTERATIONS: dict[str, Alteration] = {
    "rotated-90": lambda x: turned(x, 90),
    "rotated-180": lambda x: turned(x, 180),
    "rotated-270": lambda x: turned(x, 270),
    "inverted": inverted,
    "mirrored": mirrored,
}


def lungs_cut_off(images: np.ndarray, masks: np.ndarray, seed: int = 2026) -> np.ndarray:
    """Each picture cropped from one side (seeded) so that a quarter to a half of the lungs' width or height there is gone.

    `masks` bool [N, side, side] says where the lungs are; a picture without any is cropped by a third.
    """
    generator = np.random.default_rng(seed)
    result = np.empty_like(images)
    for i, (image, mask) in enumerate(zip(images, masks)):
        turns = int(generator.integers(4))
        image, mask = np.rot90(image, turns), np.rot90(mask, turns)
        rows = np.flatnonzero(mask.any(1))
        top, bottom = (rows[0], rows[-1] + 1) if len(rows) else (0, len(mask))
        start = int((top + generator.uniform(0.25, 0.5) * (bottom - top)) / len(mask) * MODEL_SIZE)
        kept = image[min(start, MODEL_SIZE - 32) :].astype(np.float64)
        grown = axis_weights(kept.shape[0], MODEL_SIZE) @ kept
        result[i] = np.rot90(np.clip(np.rint(grown), 0, 255).astype(np.uint8), -turns)
    return result


def lungs_flattened(images: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """What lies in the lungs replaced by their own mean gray and smooth noise: an answer can only come from outside.

    `masks` bool [N, 224, 224].
    """
    generator = np.random.default_rng(2026)
    result = images.astype(np.float64)
    for i, mask in enumerate(masks):
        if mask.any():
            inside = result[i][mask]
            result[i][mask] = inside.mean() + generator.normal(0, 3, inside.shape)
    return np.clip(np.rint(result), 0, 255).astype(np.uint8)
