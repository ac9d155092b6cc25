#!/usr/bin/env python3
"""Averages the weights of checkpoints of one run and keeps what validation likes best.

python3 training/average.py --data DIR --checkpoints A.pt B.pt --out BEST.pt: tries A, B and their means (Wortsman
2022), prints the validation figures of each, and writes the one with the lowest validation loss, or with
`--by accuracy` the most accurate one (of several the one with the lowest loss).
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np  # noqa: E402
import torch  # noqa: E402

from fieldray_training import checkpoint, data  # noqa: E402
from fieldray_training.labels import LABELS, TrainingFault  # noqa: E402
from fieldray_training.losses import focal_loss, soft_targets  # noqa: E402
from fieldray_training.network import MobileNetV2  # noqa: E402
from fieldray_training.train import predict  # noqa: E402

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


def mixed(first: dict, second: dict, share: float) -> dict:
    """Weights and statistics: first + share × (second − first)."""
    return {k: torch.lerp(v, second[k], share) if v.dtype.is_floating_point else v for k, v in first.items()}


def main() -> int:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--checkpoints", type=Path, nargs=2, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=here / "data")
    parser.add_argument("--by", choices=("loss", "accuracy"), default="loss")
    parser.add_argument("--boxes", type=Path, help="lung boxes made by training/boxes.py (.npy), for networks that see the crop")
    parser.add_argument("--share", type=float, choices=SHARES, help="take this mean, whatever the others' figures are")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    try:
        collection = data.load(arguments.data, arguments.cache)
        rows = np.flatnonzero((collection.labels >= 0) & (data.split(collection.rows) == data.SPLITS.index("validation")) & ~collection.low)
        states = [checkpoint.read(path) for path in arguments.checkpoints]
        for path in arguments.checkpoints:
            checkpoint.load_model(path)
    except TrainingFault as fault:
        print(f"Stopped: {fault}", file=sys.stderr)
        return 1
    boxes = np.load(arguments.boxes) if arguments.boxes else None
    labels, model, tried = torch.from_numpy(collection.labels[rows]), MobileNetV2().to(memory_format=torch.channels_last), []
    for share in SHARES if arguments.share is None else (arguments.share,):
        weights = mixed(states[0]["model"], states[1]["model"], share)
        model.load_state_dict(weights)
        logits = predict(model, collection, rows, boxes=boxes)
        answers = logits.argmax(1)
        figures = {
            "share": share,
            "loss": focal_loss(logits, soft_targets(labels, len(LABELS))).item(),
            "accuracy": (answers == labels).float().mean().item(),
            "recall": {name: (answers[labels == k] == k).float().mean().item() for k, name in enumerate(LABELS)},
        }
        print(json.dumps(figures), flush=True)
        order = (-figures["accuracy"] if arguments.by == "accuracy" else 0.0, figures["loss"])
        tried.append((order, share, weights))
    _, share, weights = min(tried, key=lambda entry: entry[0])
    # What only a run that goes on needs (the optimizer's state) stays behind.
    kept = {**{k: v for k, v in states[1].items() if k in states[0]}, "model": weights, "averaged": share}
    checkpoint.save(kept, arguments.out)
    print(f"Kept share {share}: {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
