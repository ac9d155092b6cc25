#!/usr/bin/env python3
"""Leave one hospital out: python3 training/travel.py --data DIR --imagenet NPZ --out training/runs/travel.

Trains one network a fold (folds/small.toml) by one recipe (configs/travel.toml: seven folds of about 11,000 pictures at 128
pixels, four minutes each on one core; another --config is another budget). Killed or stopped, the same command goes on.
Writes each fold's answers, and travel.json: recall per class and hospital that a network never saw.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np  # noqa: E402

from fieldray_training import config, data, travel  # noqa: E402
from fieldray_training.labels import TrainingFault  # noqa: E402


def main() -> int:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--imagenet", type=Path, help="MobileNetV2 ImageNet weights (.npz)")
    parser.add_argument("--start", type=Path, help="checkpoint to begin from, if it never saw the folds' hospitals")
    parser.add_argument("--config", type=Path, default=here / "configs" / "travel.toml")
    parser.add_argument("--folds", type=Path, default=here / "folds" / "small.toml")
    parser.add_argument("--only", nargs="*", help="names of folds (default: all)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lungs", type=Path, default=here / "data" / "lungs.npy", help="made by training/boxes.py")
    parser.add_argument("--boxes", type=Path, default=here / "data" / "boxes.npy", help="made by training/boxes.py")
    parser.add_argument("--cache", type=Path, default=here / "data")
    arguments = parser.parse_args()
    try:
        settings, folds = config.read(arguments.config), travel.read_folds(arguments.folds)
        collection = data.load(arguments.data, arguments.cache)
        splits = data.split(collection.rows)
        lungs, boxes = np.load(arguments.lungs), np.load(arguments.boxes) if settings.crop else None
        for fold in folds:
            if arguments.only is None or fold.name in arguments.only:
                travel.run_fold(fold, settings, collection, splits, arguments.out, arguments.imagenet, lungs, boxes, arguments.start)
                answers = travel.gathered(arguments.out, folds)
                result = travel.summary(answers, collection)
                travel.write_summary(arguments.out, result)
                print(json.dumps({"fold": fold.name, "mean": result["mean"], "minimum": result["minimum"]}), flush=True)
    except TrainingFault as fault:
        print(f"Stopped: {fault}", file=sys.stderr)
        return 1
    for row in result["rows"]:
        print(f"{row['class']} · {row['hospital']}: {row['pictures']} pictures, recall {row['recall']:.3f}, answers {row['answers']}, sure {row['sure']:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
