"""The crop by the lungs: one rule for training, measuring and the app (`lungBox` there computes the same).

The lung network sees the whole model input; the classifier sees the rectangle around the lungs, grown to the input's
size. Where the lungs are not found, or their rectangle is at odds with anatomy, it sees the whole picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Iterator

import numpy as np
import torch

from .labels import MODEL_SIZE, TrainingFault
from .preprocess import axis_weights

# left, top, right, bottom in pixels of the model input, right and bottom exclusive
Box = tuple[int, int, int, int]
WHOLE: Box = (0, 0, MODEL_SIZE, MODEL_SIZE)


@dataclass(frozen=True)
class CropRule:
    """`map`: the lung network's channel; `threshold`: probability from which a pixel is lung; `trim`: share of the lung's
    pixels beyond each side of the box; `margin`: share of the box's sides added on each; `limits`: what a mask must keep to."""

    map: str = "whole"
    threshold: float = 0.5
    trim: float = 0.005
    margin: float = 0.06
    limits: dict[str, tuple[float, float]] = field(default_factory=dict)

    @staticmethod
    def parse(table: dict[str, Any]) -> "CropRule":
        """Of what `plain` gave."""
        try:
            return CropRule(table["map"], table["threshold"], table["trim"], table["margin"], {k: (float(a), float(b)) for k, (a, b) in table["limits"].items()})
        except (KeyError, TypeError, ValueError) as error:
            raise TrainingFault(f"The crop's rule can't be read ({error!r}). Make it again with training/boxes.py.") from error

    def plain(self) -> dict[str, Any]:
        """As the manifest holds it (`input.crop`)."""
        return {"map": self.map, "threshold": self.threshold, "trim": self.trim, "margin": self.margin,
                "limits": {name: list(pair) for name, pair in self.limits.items()}, "otherwise": "whole-picture"}


def _reach(counts: np.ndarray, trim: float) -> tuple[int, int]:
    """First and last index whose cumulative share of `counts` (which sum to more than 0) passes `trim` and reaches 1 − `trim`."""
    share = np.cumsum(counts) / counts.sum()
    return int(np.argmax(share > trim)), int(np.argmax(share >= 1 - trim))


def lung_box(mask: np.ndarray, rule: CropRule) -> Box | None:
    """The rectangle around the lungs in pixels of the model input; None for an empty mask (bool [side, side]) or one beyond the limits."""
    if not mask.any():
        return None
    side = len(mask)
    pairs = []
    for counts in (mask.sum(0), mask.sum(1)):
        first, last = _reach(counts.astype(np.float64), rule.trim)
        low, high = float(first), float(last + 1)
        grown = rule.margin * (high - low)
        scale = MODEL_SIZE / side
        pairs.append((max(0, int(np.floor((low - grown) * scale))), min(MODEL_SIZE, int(np.ceil((high + grown) * scale)))))
    (left, right), (top, bottom) = pairs
    if rule.limits:
        values = measures(mask, (left, top, right, bottom))
        if any(not low <= values[name] <= high for name, (low, high) in rule.limits.items()):
            return None
    return left, top, right, bottom


# What a mask is held to, and the share of training chests beyond each limit; then the limit gives way by SLACK of the spread between.
LIMITED = ("area", "balance", "centerX", "centerY", "boxWidth", "boxHeight")
BEYOND, SLACK = 0.001, 0.1


def measures(mask: np.ndarray, box: Box) -> dict[str, float]:
    """What `limits` may name, of one mask and its box."""
    left, top, right, bottom = box
    return features(mask) | {"boxWidth": (right - left) / MODEL_SIZE, "boxHeight": (bottom - top) / MODEL_SIZE}


def with_limits(rule: CropRule, masks: np.ndarray) -> CropRule:
    """The rule with limits that nearly all chests keep to (masks bool [N, side, side] of training chests)."""
    free = replace(rule, limits={})
    boxes = [(mask, lung_box(mask, free)) for mask in masks]
    table = [measures(mask, box) for mask, box in boxes if box]
    limits = {}
    for name in LIMITED:
        values = np.array([row[name] for row in table])
        low, high = np.quantile(values, (BEYOND, 1 - BEYOND))
        slack = SLACK * (high - low)
        # Rounded outward: chests that are all alike must keep to their own limits.
        limits[name] = (float(np.floor((low - slack) * 1e4) / 1e4), float(np.ceil((high + slack) * 1e4) / 1e4))
    return replace(rule, limits=limits)


def features(mask: np.ndarray) -> dict[str, float]:
    """What `lung_features.features` says of the mask, taken as a map of 0 and 1 (`certainty` is 1 then)."""
    from .assurance import lung_features

    return {name: float(values[0]) for name, values in lung_features.features(mask[None].astype(np.float64)).items()}


def cropped(image: np.ndarray, box: Box) -> np.ndarray:
    """The box of a model input ([224, 224], uint8 0…255 or float32 0…1), grown to the input's size: float32 [224, 224] in 0…1."""
    left, top, right, bottom = box
    part = image[top:bottom, left:right].astype(np.float64)
    grown = axis_weights(bottom - top, MODEL_SIZE) @ part @ axis_weights(right - left, MODEL_SIZE).T
    return (grown / 255.0 if image.dtype == np.uint8 else grown).astype(np.float32)


def cropped_exactly(images: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """`cropped` of many: [N, 224, 224] and int [N, 4] → float32 [N, 224, 224] in 0…1, as the app hands them to the classifier."""
    made = [cropped(image, (int(b[0]), int(b[1]), int(b[2]), int(b[3]))) for image, b in zip(images, boxes)]
    return np.stack(made) if made else np.zeros((0, MODEL_SIZE, MODEL_SIZE), np.float32)


def cropped_all(images: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """The same in 8 bits, a quarter of the memory: uint8 [N, 224, 224]."""
    result = np.empty(images.shape, np.uint8)
    for part in in_parts(len(images), 64):
        result[part] = np.clip(np.rint(cropped_exactly(images[part], boxes[part]) * 255), 0, 255)
    return result


def boxes_of(masks: np.ndarray, rule: CropRule) -> tuple[np.ndarray, np.ndarray]:
    """bool [N, side, side] → boxes int64 [N, 4] (the whole picture where there is none), found bool [N]."""
    boxes = [lung_box(mask, rule) for mask in masks]
    return np.array([b or WHOLE for b in boxes], np.int64).reshape(-1, 4), np.array([b is not None for b in boxes], bool)


class Shown:
    """The pictures of a collection as the classifier sees them: cropped when they are asked for, by row numbers or slices."""

    def __init__(self, images: np.ndarray, boxes: np.ndarray):
        self.images, self.boxes = images, boxes

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, rows: Any) -> np.ndarray:
        return cropped_all(np.asarray(self.images[rows]), self.boxes[rows])


def matrices(boxes: torch.Tensor) -> torch.Tensor:
    """[N, 4] boxes → [N, 2, 3] sampling matrices that show the box in the whole (as F.affine_grid takes them)."""
    edges = boxes.float() / MODEL_SIZE * 2 - 1
    low, high = edges[:, :2], edges[:, 2:]
    result = torch.zeros(len(boxes), 2, 3, device=boxes.device)
    result[:, [0, 1], [0, 1]] = (high - low) / 2
    result[:, :, 2] = (high + low) / 2
    return result


def in_parts(n: int, size: int = 512) -> Iterator[slice]:
    """0…n in slices."""
    yield from (slice(start, min(n, start + size)) for start in range(0, n, size))
