"""Trains the shipped lung network: machine masks teach `visible`, human ones `whole`, and each what it implies of the other."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from .. import checkpoint
from ..augment import Chance, Strength, affine_matrices, augment, resize
from ..labels import MODEL_SIZE
from .lung_data import Masked
from .lung_layers import CHANNELS, FoldedLungs, LungNetwork

HUMAN_SHARE, NEGATIVE_SHARE = 0.25, 0.06
# A turned or inverted radiograph still has lungs: the gate must be able to see that they are there.
TURNED, INVERTED = 0.04, 0.04
GEOMETRY = Strength(geometry=0.9, rotation=14.0, shift=0.07, shear=0.08, zoom=0.22, flip=0.5)
APPEARANCE = Strength(geometry=0, flip=0, low_resolution=0.35, tone=0.6, local_contrast=0.3, blur=0.25, noise=0.3, jpeg=0.2, border=0.15, text=0.2)


@dataclass(frozen=True)
class Stage:
    size: int
    images: int
    learning_rate: float
    batch: int = 24


STAGES = (Stage(96, 30_000, 4e-3), Stage(160, 10_000, 2e-3), Stage(224, 5_000, 6e-4))


def loss_of(logits: torch.Tensor, masks: torch.Tensor, human: torch.Tensor, negative: torch.Tensor) -> torch.Tensor:
    """logits [N, 2, h, w], masks [N, 1, h, w] in 0…1, human and negative bool [N].

    The channel a mask was drawn for: cross-entropy and soft Dice. The other: inside the visible lung is inside the
    whole one, outside the whole lung is outside the visible one. Of a picture without lungs, both are empty.
    """
    direct = torch.where(human[:, None, None, None], logits[:, 1:], logits[:, :1])
    other = torch.where(human[:, None, None, None], logits[:, :1], logits[:, 1:])
    cross = F.binary_cross_entropy_with_logits(direct, masks, reduction="none").mean((1, 2, 3))
    p = torch.sigmoid(direct)
    dice = 1 - (2 * (p * masks).sum((1, 2, 3)) + 1) / (p.sum((1, 2, 3)) + masks.sum((1, 2, 3)) + 1)
    empty = torch.zeros_like(other)
    implied = torch.where(human[:, None, None, None], F.softplus(other) * (1 - masks), F.softplus(-other) * masks)
    implied = torch.where(negative[:, None, None, None], F.binary_cross_entropy_with_logits(other, empty, reduction="none"), implied).mean((1, 2, 3))
    return (cross + torch.where(negative, torch.zeros_like(dice), 0.6 * dice) + 0.5 * implied).mean()


def _batch(data: Masked, rows: dict[str, np.ndarray], negatives: np.ndarray, stage: Stage, g: torch.Generator) -> tuple[torch.Tensor, ...]:
    """(pictures, masks at half size, human, negative) of one step, altered."""
    n = stage.batch
    kind = torch.rand(n, generator=g)
    negative = kind < (NEGATIVE_SHARE if len(negatives) else 0)
    human = ~negative & (kind < NEGATIVE_SHARE + HUMAN_SHARE) & (len(rows["human"]) > 0)
    images, masks = torch.zeros(n, 1, MODEL_SIZE, MODEL_SIZE), torch.zeros(n, 1, MODEL_SIZE, MODEL_SIZE)
    for i in range(n):
        if negative[i]:
            images[i, 0] = torch.from_numpy(negatives[int(torch.randint(len(negatives), (1,), generator=g))]).float() / 255
            continue
        pool = rows["human" if human[i] else "machine"]
        row = pool[int(torch.randint(len(pool), (1,), generator=g))]
        images[i, 0] = torch.from_numpy(data.images[row]).float() / 255
        masks[i, 0] = torch.from_numpy(data.masks[row]).float()
    grid = F.affine_grid(affine_matrices(n, GEOMETRY, Chance(g)), [n, 1, MODEL_SIZE, MODEL_SIZE], align_corners=False)
    both = F.grid_sample(torch.cat([images, masks], 1), grid, mode="bilinear", align_corners=False)
    for i in torch.nonzero(torch.rand(n, generator=g) < TURNED).flatten().tolist():
        both[i] = torch.rot90(both[i], 1 + int(torch.randint(3, (1,), generator=g)), (1, 2))
    x = augment(both[:, :1].contiguous(), torch.zeros(n, dtype=torch.bool), stage.size, APPEARANCE, g)
    for i in torch.nonzero(torch.rand(n, generator=g) < INVERTED).flatten().tolist():
        x[i] = 1 - x[i]
    return x.contiguous(memory_format=torch.channels_last), resize(both[:, 1:], stage.size // 2), human, negative


def train(data: Masked, negatives: np.ndarray, out: Path, stages: tuple[Stage, ...] = STAGES, seed: int = 2026,
          parts: tuple[str, ...] = ("train", "validation"), start: Path | None = None) -> LungNetwork:
    """The trained network; `out` gets its checkpoint after every 5,000 pictures, and a killed run goes on from there.

    The weights given are the running mean of those of the last steps. `start`: a checkpoint to begin from.
    """
    torch.manual_seed(seed)
    model, mean = LungNetwork().to(memory_format=torch.channels_last), LungNetwork()
    rows = {"machine": data.where(*parts, human=False), "human": data.where(*parts, human=True)}
    begun, start_stage, start_step, state = time.time(), 0, 0, None
    if start:
        model.load_state_dict(checkpoint.read(start)["model"])
    if out.exists():
        state = checkpoint.read(out)
        if "training" in state:
            model.load_state_dict(state["training"]["model"])
            mean.load_state_dict(state["model"])
            start_stage, start_step = state["training"]["stage"], state["training"]["step"]
    for number, stage in enumerate(stages):
        if number < start_stage:
            continue
        steps = max(2, stage.images // stage.batch)
        optimizer = torch.optim.AdamW(model.parameters(), stage.learning_rate, weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, stage.learning_rate, total_steps=steps, pct_start=0.1 if number == 0 else 0.03, final_div_factor=100)
        first = start_step if number == start_stage else 0
        if state and first:
            optimizer.load_state_dict(state["training"]["optimizer"])
            schedule.load_state_dict(state["training"]["schedule"])
        total = 0.0
        for step in range(first, steps):
            # Seeded by the step, so that a run that was interrupted sees what it would have seen.
            g = torch.Generator().manual_seed(seed * 1_000_003 + number * 100_003 + step)
            x, masks, human, negative = _batch(data, rows, negatives, stage, g)
            model.train()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(x)
            loss = loss_of(logits.float(), masks, human, negative)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            follow = min(0.995, step / (step + 20)) if number == 0 else 0.995
            with torch.no_grad():
                for a, b in zip(mean.state_dict().values(), model.state_dict().values()):
                    a.lerp_(b, 1 - follow) if a.dtype.is_floating_point else a.copy_(b)
            total += loss.item()
            if (step + 1) % 200 == 0 or step + 1 == steps:
                where = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(), "stage": number, "step": step + 1}
                if step + 1 == steps:
                    where = {"model": model.state_dict(), "stage": number + 1, "step": 0}
                checkpoint.save({"model": mean.state_dict(), "training": where}, out)
                print(f"stage {number + 1} ({stage.size} px), step {step + 1}/{steps}: loss {total / (step + 1 - first):.4f}, {time.time() - begun:.0f} s", flush=True)
    return mean.eval()


def dice_of(network: FoldedLungs, images: np.ndarray, masks: np.ndarray, channel: int, threshold: float = 0.5) -> np.ndarray:
    """Dice of each picture at 224 px, [N]: the map grown bilinearly to the picture's size, as the app shows it."""
    scores = np.zeros(len(images))
    for start in range(0, len(images), 32):
        logits = torch.from_numpy(network.logits(images[start : start + 32])[..., channel])
        p = F.interpolate(torch.sigmoid(logits)[:, None], (MODEL_SIZE, MODEL_SIZE), mode="bilinear", align_corners=False)[:, 0].numpy()
        found, truth = p >= threshold, masks[start : start + 32]
        both = found.sum((1, 2)) + truth.sum((1, 2))
        scores[start : start + 32] = np.where(both == 0, 1.0, 2 * (found & truth).sum((1, 2)) / np.maximum(both, 1))
    return scores


def dice_rows(network: FoldedLungs, data: Masked, part: str, threshold: float = 0.5) -> list[dict[str, object]]:
    """Mean Dice and the value 95 % reach, by kind of mask and class, on one split."""
    rows = []

    def add(name: str, which: np.ndarray, channel: int) -> None:
        if len(which):
            scores = dice_of(network, data.images[which], data.masks[which], channel, threshold)
            rows.append({"masks": name, "channel": CHANNELS[channel], "images": len(which), "dice": float(scores.mean()), "low": float(np.quantile(scores, 0.05))})

    machine, human = data.where(part, human=False), data.where(part, human=True)
    add("machine masks, normals", machine[data.labels[machine] == "Normal"], 0)
    for label, origin in sorted({(str(data.labels[i]), str(data.origins[i])) for i in machine}):
        add(f"machine masks, {label} of {origin}", machine[(data.labels[machine] == label) & (data.origins[machine] == origin)], 0)
    add("human masks", human, 1)
    return rows


