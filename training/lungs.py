#!/usr/bin/env python3
"""Makes the lung maps training uses: python3 training/lungs.py --data DIR --out maps.npy."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np  # noqa: E402
import torch  # noqa: E402

from fieldray_training import data, lungs  # noqa: E402
from fieldray_training.labels import TrainingFault  # noqa: E402


def main() -> int:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=here / "data")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    try:
        collection = data.load(arguments.data, arguments.cache)
        splits = data.split(collection.rows)
        masks = lungs.read_masks(arguments.data)
        extra = lungs.read_extra(arguments.data, set(masks))
    except TrainingFault as fault:
        print(f"Stopped: {fault}", file=sys.stderr)
        return 1
    rows = [i for i, r in enumerate(collection.rows) if r.file in masks]
    train_rows = [i for i in rows if data.SPLITS[splits[i]] == "train"]
    held_rows = [i for i in rows if data.SPLITS[splits[i]] == "test"]
    names = sorted(extra)
    # Four of five hand-drawn ones train; the fifth measures.
    kept, held = [n for i, n in enumerate(names) if i % 5], [n for i, n in enumerate(names) if i % 5 == 0]

    def stack(numbers: list[int], files: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
        pictures = torch.cat([lungs.shrink(collection.images[numbers]),
                              torch.from_numpy(np.stack([extra[n] for n in files]))[:, None] if files else torch.zeros(0, 1, 112, 112)])
        truth = np.stack([masks[collection.rows[i].file] for i in numbers] + [masks[n] for n in files])
        return pictures, torch.from_numpy(truth)[:, None]

    model = lungs.train(*stack(train_rows, kept), epochs=arguments.epochs)
    print(f"Dice on held-back machine masks {lungs.dice(model, *stack(held_rows, [])):.4f}, "
          f"on held-back hand-drawn ones {lungs.dice(model, *stack([held_rows[0]], held)):.4f}")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    np.save(arguments.out, lungs.maps(model, collection))
    return 0


if __name__ == "__main__":
    sys.exit(main())
