#!/usr/bin/env python3
"""Trains the lung network that is shipped beside the classifier: python3 training/lung_network.py --data DIR --out training/runs/lungs.

Killed or stopped, the same command goes on where it was. `release.py --lung-network FILE` puts the result into a release.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np  # noqa: E402
import torch  # noqa: E402

from fieldray_training import checkpoint, data  # noqa: E402
from fieldray_training.assurance import lung_data, lung_training, negatives  # noqa: E402
from fieldray_training.assurance.lung_layers import FoldedLungs  # noqa: E402
from fieldray_training.labels import TrainingFault  # noqa: E402


def main() -> int:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=here / "data")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--start", type=Path, help="a checkpoint of the lung network to begin from")
    parser.add_argument("--images", type=float, default=1.0, help="a factor on how many pictures each stage sees")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    try:
        run(arguments)
    except TrainingFault as fault:
        print(f"Stopped: {fault}", file=sys.stderr)
        return 1
    return 0


def run(a: argparse.Namespace) -> None:
    collection = data.load(a.data, a.cache)
    masked = lung_data.read(a.data, collection, data.split(collection.rows))
    strange = negatives.read_negatives(a.data)
    empty = strange.images[strange.fit] if strange else np.zeros((0, 224, 224), np.uint8)
    stages = tuple(lung_training.Stage(s.size, int(s.images * a.images), s.learning_rate, s.batch) for s in lung_training.STAGES)
    print(f"{len(masked.where('train', 'validation', human=False))} machine masks, {len(masked.where('train', 'validation', human=True))} human masks, {len(empty)} pictures without lungs", flush=True)
    a.out.mkdir(parents=True, exist_ok=True)
    model = lung_training.train(masked, empty, a.out / "last.pt", stages, start=a.start)
    rows = {part: lung_training.dice_rows(FoldedLungs(model.fold()), masked, part) for part in ("calibration", "test")}
    checkpoint.save({"model": model.state_dict(), "dice": rows, "images": [s.images for s in stages]}, a.out / "lungs.pt")
    (a.out / "summary.json").write_text(json.dumps(rows, indent=1) + "\n")
    for part, table in rows.items():
        for row in table:
            print(f"{part}: {row['masks']} ({row['channel']}): {row['images']} pictures, Dice {row['dice']:.4f}, 95 % reach {row['low']:.4f}")


if __name__ == "__main__":
    sys.exit(main())
