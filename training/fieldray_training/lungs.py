"""A small U-Net that finds the lungs, so that training can change what surrounds them.

It serves the training only: its maps (56×56, soft) tell `augment.swap_background` what to keep.
"""

from __future__ import annotations

import csv
import io
import tarfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

from .augment import Chance, Strength, affine_matrices, tone_curves
from .data import Collection
from .labels import TrainingFault

SIZE, MAP = 112, 56
WIDTHS = (12, 24, 48, 72)


class LungNet(nn.Module):
    """[N, 1, 112, 112] in 0…1 → logits of the same shape."""

    def __init__(self) -> None:
        super().__init__()

        def pair(inputs: int, outputs: int) -> nn.Sequential:
            layers: list[nn.Module] = []
            for i in (inputs, outputs):
                layers += [nn.Conv2d(i, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]
            return nn.Sequential(*layers)

        self.down = nn.ModuleList(pair(a, b) for a, b in zip((1, *WIDTHS[:-1]), WIDTHS))
        self.up = nn.ModuleList(pair(a + b, b) for a, b in zip(WIDTHS[:0:-1], WIDTHS[-2::-1]))
        self.out = nn.Conv2d(WIDTHS[0], 1, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        kept = []
        for i, level in enumerate(self.down):
            x = level(x if i == 0 else F.max_pool2d(x, 2))
            kept.append(x)
        for level, skip in zip(self.up, kept[-2::-1]):
            x = level(torch.cat([F.interpolate(x, scale_factor=2, mode="nearest"), skip], 1))
        return self.out(x)


def read_masks(source: Path) -> dict[str, np.ndarray]:
    """radiograph file → lung mask [112, 112] in 0…1, from `lung-masks.csv` and its tar."""
    table = source / "lung-masks.csv"
    if not table.exists():
        raise TrainingFault(f"There are no lung masks in “{source.name}” (lung-masks.csv, lung-masks.tar). Train without --lungs.")
    with table.open(newline="") as stream:
        names = {line["mask"]: line["radiograph"] for line in csv.DictReader(stream)}
    masks = {}
    with tarfile.open(source / "lung-masks.tar") as tar:
        for member in tar:
            if member.name in names:
                picture = Image.open(io.BytesIO(tar.extractfile(member).read())).convert("L")  # type: ignore[union-attr]
                masks[names[member.name]] = np.asarray(picture.resize((SIZE, SIZE), Image.BOX), np.float32) / 255.0
    return masks


def read_extra(source: Path, wanted: set[str]) -> dict[str, np.ndarray]:
    """The pictures of hand-drawn masks, which have no class: file → [112, 112] in 0…1."""
    pictures = {}
    with tarfile.open(source / "radiographs-lung-mask-extra.tar") as tar:
        for member in tar:
            if member.name in wanted:
                picture = Image.open(io.BytesIO(tar.extractfile(member).read())).convert("L")  # type: ignore[union-attr]
                pictures[member.name] = np.asarray(picture.resize((SIZE, SIZE), Image.BOX), np.float32) / 255.0
    return pictures


def train(images: torch.Tensor, masks: torch.Tensor, epochs: int, seed: int = 2026, batch: int = 32) -> LungNet:
    """images, masks [N, 1, 112, 112]. Cross-entropy plus soft Dice, geometry and tone augmented."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    model = LungNet()
    optimizer = torch.optim.AdamW(model.parameters(), 3e-3, weight_decay=0.01)
    steps = epochs * (len(images) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps, pct_start=0.15)
    strength = Strength(shift=0.08)
    for epoch in range(epochs):
        order, total = torch.randperm(len(images), generator=generator), 0.0
        for start in range(0, len(order) - batch + 1, batch):
            rows = order[start : start + batch]
            grid = F.affine_grid(affine_matrices(batch, strength, Chance(generator)), [batch, 1, SIZE, SIZE], align_corners=False)
            both = F.grid_sample(torch.cat([images[rows], masks[rows]], 1), grid, align_corners=False)
            x, target = tone_curves(both[:, :1], Chance(generator)), both[:, 1:]
            if torch.rand(1, generator=generator) < 0.1:
                x = 1 - x
            logits = model(x)
            p = torch.sigmoid(logits)
            dice = 1 - (2 * (p * target).sum((1, 2, 3)) + 1) / (p.sum((1, 2, 3)) + target.sum((1, 2, 3)) + 1)
            loss = F.binary_cross_entropy_with_logits(logits, target) + dice.mean()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"lungs epoch {epoch + 1}/{epochs}: loss {total / (len(order) // batch):.4f}", flush=True)
    return model.eval()


@torch.no_grad()
def dice(model: LungNet, images: torch.Tensor, masks: torch.Tensor) -> float:
    """Mean Dice at threshold 0.5."""
    scores = []
    for start in range(0, len(images), 64):
        found = model(images[start : start + 64]) > 0
        truth = masks[start : start + 64] > 0.5
        scores.append((2 * (found & truth).sum((1, 2, 3)) / (found.sum((1, 2, 3)) + truth.sum((1, 2, 3))).clamp_min(1)).float())
    return float(torch.cat(scores).mean())


def shrink(images: np.ndarray) -> torch.Tensor:
    """uint8 [N, 224, 224] → [N, 1, 112, 112] in 0…1."""
    return F.avg_pool2d(torch.from_numpy(images).float().div_(255.0)[:, None], 2)


@torch.no_grad()
def maps(model: LungNet, collection: Collection, batch: int = 64) -> np.ndarray:
    """Soft lung maps of the whole collection: uint8 [N, 56, 56]."""
    result = np.zeros((len(collection.rows), MAP, MAP), np.uint8)
    for start in range(0, len(result), batch):
        p = torch.sigmoid(model(shrink(collection.images[start : start + batch])))
        result[start : start + batch] = (F.avg_pool2d(p, 2)[:, 0] * 255).round().byte().numpy()
    return result
