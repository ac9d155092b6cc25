#!/usr/bin/env python3
"""Trains by one config file: python3 training/train.py --data DIR --config training/configs/final.toml --out DIR."""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np  # noqa: E402

from fieldray_training import config, data  # noqa: E402
from fieldray_training.labels import TrainingFault  # noqa: E402
from fieldray_training.train import Trainer  # noqa: E402


def main() -> int:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of radiographs")
    parser.add_argument("--smoke", action="store_true", help="phantoms and two minutes: does everything run?")
    parser.add_argument("--config", type=Path, default=here / "configs" / "final.toml")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--imagenet", type=Path, help="MobileNetV2 ImageNet weights (.npz)")
    parser.add_argument("--start", type=Path, help="checkpoint whose weights a new run begins with, instead of ImageNet's")
    parser.add_argument("--teachers", type=Path, nargs="*", default=[], help="checkpoints to learn from (the config's “teaching” says how much)")
    parser.add_argument("--lungs", type=Path, help="lung maps made by training/lungs.py or training/boxes.py (.npy)")
    parser.add_argument("--boxes", type=Path, help="lung boxes made by training/boxes.py (.npy), for a config that says “crop”")
    parser.add_argument("--cache", type=Path, default=here / "data")
    arguments = parser.parse_args()
    if not arguments.smoke and arguments.data is None:
        parser.error("--data is needed (or --smoke)")
    try:
        settings = config.read(arguments.config)
        if arguments.smoke:
            from fieldray_training import smoke

            settings = smoke.SMOKE
            arguments.data, arguments.cache = arguments.out / "phantoms", arguments.out / "cache"
            smoke.write_phantoms(arguments.data)
        collection = data.load(arguments.data, arguments.cache)
        splits = data.split(collection.rows)
        lungs = np.load(arguments.lungs, mmap_mode="r") if arguments.lungs else None
        trainer = Trainer(settings, collection, splits, arguments.out, arguments.imagenet, lungs, arguments.start, arguments.teachers,
                          np.load(arguments.boxes) if arguments.boxes else None)
        print(json.dumps(trainer.run(), indent=1))
    except TrainingFault as fault:
        print(f"Training stopped: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
