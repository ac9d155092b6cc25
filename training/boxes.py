#!/usr/bin/env python3
"""Finds every picture's lungs once: python3 training/boxes.py --data DIR --out training/data.

Writes lungs.npy (uint8 [N, 56, 56], the whole lungs, for what training does to them), boxes.npy (int64 [N, 4], what the
classifier sees), found.npy (bool [N]) and crop.json (the rule, its limits fitted on the training split's chests).
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np  # noqa: E402
import torch  # noqa: E402

from fieldray_training import crop, data  # noqa: E402
from fieldray_training.assurance import lung_network, section  # noqa: E402
from fieldray_training.labels import TrainingFault  # noqa: E402


def main() -> int:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=here / "data")
    parser.add_argument("--lung-network", type=Path, default=here / "checkpoints" / "lungs.pt")
    parser.add_argument("--cache", type=Path, default=here / "data")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    try:
        collection = data.load(arguments.data, arguments.cache)
        splits = data.split(collection.rows)
        reader = section.write_lungs(arguments.out / "lungs-as-served", lung_network.load(arguments.lung_network), arguments.cache)
        masks = np.concatenate([reader.masks(np.ascontiguousarray(collection.images[part]))[1] for part in crop.in_parts(len(collection.rows))])
        reader.memory.keep()
        rule = crop.with_limits(crop.CropRule(), masks[splits == data.SPLITS.index("train")])
        boxes, found = crop.boxes_of(masks, rule)
    except TrainingFault as fault:
        print(f"Stopped: {fault}", file=sys.stderr)
        return 1
    half = masks.shape[1] // 2
    np.save(arguments.out / "lungs.npy", np.rint(masks.reshape(-1, half, 2, half, 2).mean((2, 4)) * 255).astype(np.uint8))
    np.save(arguments.out / "boxes.npy", boxes)
    np.save(arguments.out / "found.npy", found)
    (arguments.out / "crop.json").write_text(json.dumps(rule.plain(), indent=1) + "\n")
    print(json.dumps(rule.plain()))
    for label, origin in sorted({(r.label, r.origin) for r in collection.rows}):
        here_rows = np.array([r.label == label and r.origin == origin for r in collection.rows])
        print(f"{label} · {origin}: lungs found in {found[here_rows].sum()} of {here_rows.sum()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
