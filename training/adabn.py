#!/usr/bin/env python3
"""Does it help to measure batch statistics on a new site's own pictures, without labels (AdaBN: Li et al. 2016)?

python3 training/adabn.py --data DIR --runs training/runs/travel [--out FILE]: every network of training/travel.py meets each
hospital it never saw. Its batch norms' means and variances are taken from 30, 100 or 300 pictures of that hospital, wholly
or mixed with the learned ones, and the other pictures of the hospital (at most 400) are read before and after. Prints
recall per class and hospital, and the means over those of 15 pictures or more.
"""

import argparse
import json
import sys
from copy import deepcopy
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402

from fieldray_training import checkpoint, config, data, travel  # noqa: E402
from fieldray_training.crop import cropped_all  # noqa: E402
from fieldray_training.labels import LABELS, TrainingFault  # noqa: E402
from fieldray_training.train import batch_of, logits_of, resize  # noqa: E402

PICTURES = (30, 100, 300)
SHARES = (0.3, 1.0)
MOST = 400


def site_statistics(model: nn.Module, images: np.ndarray, size: int) -> nn.Module:
    """A copy of the network whose batch norms hold the means and variances of `images` [n, H, W] alone."""
    copy = deepcopy(model)
    norms = [m for m in copy.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    copy.eval()
    for norm in norms:
        norm.train()
    with torch.no_grad():
        # One batch: what later layers see must have been normalized by the site's statistics as well.
        x = resize(batch_of(images, np.arange(len(images))), size)
        copy(x)
    return copy.eval()


def mixed(learned: nn.Module, site: nn.Module, share: float) -> nn.Module:
    """Statistics: learned + share × (site − learned)."""
    result = deepcopy(learned)
    for to, own in zip(result.modules(), site.modules()):
        if isinstance(to, nn.BatchNorm2d):
            to.running_mean.lerp_(own.running_mean, share)
            to.running_var.lerp_(own.running_var, share)
    return result


def main() -> int:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runs", type=Path, default=here / "runs" / "travel")
    parser.add_argument("--config", type=Path, default=here / "configs" / "travel.toml")
    parser.add_argument("--folds", type=Path, default=here / "folds" / "small.toml")
    parser.add_argument("--boxes", type=Path, default=here / "data" / "boxes.npy")
    parser.add_argument("--cache", type=Path, default=here / "data")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, help="where the figures go as JSON")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    random = np.random.default_rng(5)
    try:
        size = config.read(arguments.config).stages[-1].size
        collection = data.load(arguments.data, arguments.cache)
        boxes = np.load(arguments.boxes)
        cells = []
        for fold in travel.read_folds(arguments.folds):
            path = arguments.runs / fold.name / "best.pt"
            if not path.exists():
                continue
            model = checkpoint.load_model(path)
            rows, hospitals = travel.hospital_names(collection, fold)
            for hospital in np.unique(hospitals):
                own = random.permutation(rows[hospitals == hospital])
                judged, spare = own[:MOST], own[MOST:]
                cells += judge(model, collection, boxes, judged, spare, str(hospital), size)
    except TrainingFault as fault:
        print(f"Stopped: {fault}", file=sys.stderr)
        return 1
    report(cells)
    if arguments.out:
        arguments.out.write_text(json.dumps(cells, indent=1) + "\n")
    return 0


def judge(model: nn.Module, collection: data.Collection, boxes: np.ndarray, judged: np.ndarray, spare: np.ndarray, hospital: str,
          size: int) -> list[dict]:
    """Recall of every class of one hospital, before and with each number of pictures and share."""
    images = cropped_all(collection.images[judged], boxes[judged])
    truth = collection.labels[judged]
    cells = []
    for pictures in (0, *PICTURES):
        # Pictures that are not judged where there are enough of them; else judged ones, which is what a site would do too.
        pool = spare if len(spare) >= pictures else judged
        if len(pool) < pictures:
            continue
        site = None if pictures == 0 else site_statistics(model, cropped_all(collection.images[pool[:pictures]], boxes[pool[:pictures]]), size)
        for share in (0.0,) if site is None else SHARES:
            said = logits_of(model if site is None else mixed(model, site, share), images, size).numpy().argmax(1)
            for k in np.unique(truth):
                own = truth == k
                cells.append({"hospital": hospital, "class": LABELS[k], "count": int(own.sum()), "pictures": pictures, "share": share,
                              "recall": float((said[own] == k).mean())})
    return cells


def report(cells: list[dict]) -> None:
    before = {(c["hospital"], c["class"]): c["recall"] for c in cells if c["pictures"] == 0}
    for pictures in PICTURES:
        for share in SHARES:
            rows = [c for c in cells if c["pictures"] == pictures and c["share"] == share and c["count"] >= travel.FEWEST]
            for c in rows:
                print(f"{pictures} pictures, share {share}: {c['class']} · {c['hospital']} ({c['count']}): {before[c['hospital'], c['class']]:.3f} -> {c['recall']:.3f}")
            old = np.mean([before[c["hospital"], c["class"]] for c in rows])
            print(f"{pictures} pictures, share {share}: mean of {len(rows)} cells {old:.3f} -> {np.mean([c['recall'] for c in rows]):.3f}")


if __name__ == "__main__":
    sys.exit(main())
