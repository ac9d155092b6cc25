#!/usr/bin/env python3
"""The app's head training against the same recipe in PyTorch, on the app's own embeddings.

    python3 training/adaptation_parity.py OUT      (OUT: what bench/adaptation.ts wrote)

Writes what it found to OUT/parity.json. Ends with 1 if the validation accuracies are more than 2
points apart. The two draw other random numbers, so they are not the same to the bit;
tests/adaptation/head.test.ts holds single steps to that.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parent))
from fieldray_training.losses import focal_loss  # noqa: E402

INPUTS = 1280
TOLERANCE = 0.02


def balanced_order(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """As many pictures as there are, every class as often; whole rounds through each class first."""
    classes = np.unique(labels)
    parts = []
    filled = 0
    for turn, k in enumerate(classes):
        share = round((turn + 1) * len(labels) / len(classes)) - filled
        members = np.flatnonzero(labels == k)
        rounds = [rng.permutation(members) for _ in range(-(-share // len(members)))]
        parts.append(np.concatenate(rounds)[:share])
        filled += share
    return rng.permutation(np.concatenate(parts))


def train(
    training: tuple[torch.Tensor, torch.Tensor],
    validation: tuple[torch.Tensor, torch.Tensor],
    classes: int,
    settings: dict,
    seed: int,
) -> tuple[float, int]:
    """Validation accuracy of the epoch with the lowest validation loss, and that epoch."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    head = torch.nn.Linear(INPUTS, classes)
    torch.nn.init.xavier_uniform_(head.weight)
    torch.nn.init.zeros_(head.bias)
    optimizer = torch.optim.Adam(
        head.parameters(),
        lr=settings["learningRate"],
        betas=(settings["beta1"], settings["beta2"]),
        eps=settings["epsilon"],
    )
    dropout = torch.nn.Dropout(settings["dropout"])
    x, y = training
    one_hot = torch.nn.functional.one_hot(y, classes).float()
    best = (float("inf"), 0.0, 0)
    for epoch in range(1, settings["epochs"] + 1):
        order = torch.from_numpy(balanced_order(y.numpy(), rng))
        for rows in order.split(settings["batch"]):
            loss = focal_loss(head(dropout(x[rows])), one_hot[rows], settings["gamma"], settings["alpha"])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            logits = head(validation[0])
            targets = torch.nn.functional.one_hot(validation[1], classes).float()
            loss = focal_loss(logits, targets, settings["gamma"], settings["alpha"]).item()
            accuracy = (logits.argmax(1) == validation[1]).float().mean().item()
        if loss < best[0]:
            best = (loss, accuracy, epoch)
        if settings["patience"] and epoch - best[2] >= settings["patience"]:
            break
    return best[1], best[2]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args(arguments)
    told = json.loads((options.folder / "adaptation.json").read_text())
    settings = told["report"]["settings"]
    if settings["balance"] != "sampling" or settings["copies"] != 0 or isinstance(settings["alpha"], list):
        raise SystemExit("Only the study's own recipe (balanced sampling, one α, no copies) is compared.")
    values = torch.from_numpy(np.fromfile(options.folder / "embeddings.f32", "<f4").reshape(-1, INPUTS))
    labels = [torch.tensor(part) for part in told["part"]]
    cut = len(labels[0])
    parts = (values[:cut], labels[0]), (values[cut:], labels[1])
    ours = told["report"]["evaluation"]["adapted"]["accuracy"]
    classes = len(told["report"]["labels"])
    theirs = [train(*parts, classes, settings, settings["seed"] + n) for n in range(options.seeds)]
    for n, (accuracy, epoch) in enumerate(theirs):
        print(f"PyTorch, seed {settings['seed'] + n}: {100 * accuracy:.2f} % (epoch {epoch})")
    mean = sum(accuracy for accuracy, _ in theirs) / len(theirs)
    away = abs(ours - mean)
    found = {
        "seeds": [
            {"seed": settings["seed"] + n, "accuracy": accuracy, "epoch": epoch}
            for n, (accuracy, epoch) in enumerate(theirs)
        ],
        "torch": torch.__version__,
        "apart": away,
        "tolerance": TOLERANCE,
    }
    (options.folder / "parity.json").write_text(json.dumps(found, indent=2))
    print(f"The app: {100 * ours:.2f} %; apart by {100 * away:.2f} points of at most {100 * TOLERANCE:.0f}.")
    return 0 if away <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
