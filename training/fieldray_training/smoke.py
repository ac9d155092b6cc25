"""A folder of phantoms in the published layout, so that the whole pipeline runs where there are no radiographs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from .config import Config, Stage
from .labels import LABELS
from .phantom import chest_phantom

# The phantom's kind is its variant modulo four: one kind stands for each class.
KIND_OF_LABEL = {"Normal": 0, "COVID": 1, "Lung_Opacity": 2, "Viral Pneumonia": 3}


def write_phantoms(folder: Path, each: int = 24, size: int = 160) -> None:
    """`each` 8-bit PNG phantoms a class, under `<class>/images/`."""
    for label in LABELS:
        target = folder / label / "images"
        target.mkdir(parents=True, exist_ok=True)
        for i in range(each):
            pixels = chest_phantom(size, 4 * i + KIND_OF_LABEL[label])
            Image.fromarray(np.rint(np.clip(pixels, 0, 1) * 255).astype(np.uint8)).save(target / f"{label}-{i + 1}.png")


SMOKE = Config(
    stages=(
        Stage("frozen base", 64, 1, 64, 2e-3, batch=16, frozen=True),
        Stage("fine-tuning", 64, 2, 96, 1e-3, batch=16),
    ),
    average=0.9,
)
