#!/usr/bin/env python3
"""Measures a checkpoint, or a served model's folder, on the held-back splits: python3 training/evaluate.py --model DIR_OR_PT --data DIR --json FILE."""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np  # noqa: E402
import torch  # noqa: E402

from fieldray_training import checkpoint, data, evaluate  # noqa: E402
from fieldray_training.assurance import lung_network  # noqa: E402
from fieldray_training.assurance.reader import LungReader, Reader  # noqa: E402
from fieldray_training.crop import CropRule  # noqa: E402
from fieldray_training.export import read_model  # noqa: E402
from fieldray_training.folded import FoldedNetwork  # noqa: E402
from fieldray_training.labels import TrainingFault  # noqa: E402
from fieldray_training.network import fold  # noqa: E402


def _rule_of(model: Path) -> CropRule | None:
    """How a served folder crops pictures; None where it does not, or for a checkpoint."""
    file = model / "manifest.json"
    table = json.loads(file.read_text(encoding="utf-8"))["input"].get("crop") if file.exists() else None
    return CropRule.parse(table) if table else None


def main() -> int:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="best.pt, or a folder with model.json")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", type=Path, help="where the whole result goes")
    parser.add_argument("--lungs", type=Path, help="lung maps made by training/lungs.py, for pictures without a given mask")
    parser.add_argument("--crop", type=Path, help="crop.json of training/boxes.py, for a checkpoint that was trained on crops (a served folder says it itself)")
    parser.add_argument("--lung-network", type=Path, default=here / "checkpoints" / "lungs.pt")
    parser.add_argument("--external", type=Path, nargs="*", default=[], help="summary.json of leave-one-origin-out runs")
    parser.add_argument("--cache", type=Path, default=here / "data")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    try:
        weights = read_model(arguments.model) if arguments.model.is_dir() else fold(checkpoint.load_model(arguments.model))
        rule = CropRule.parse(json.loads(arguments.crop.read_text())) if arguments.crop else _rule_of(arguments.model)
        finder = LungReader(lung_network.load(arguments.lung_network), arguments.cache) if rule else None
        collection = data.load(arguments.data, arguments.cache)
        lungs = np.load(arguments.lungs, mmap_mode="r") if arguments.lungs else None
        result = evaluate.evaluate(Reader(weights, None, finder, rule) if rule else FoldedNetwork(weights), collection, data.split(collection.rows), arguments.data, lungs, arguments.external)
    except TrainingFault as fault:
        print(f"Stopped: {fault}", file=sys.stderr)
        return 1
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1) + "\n")
    print(f"temperature {result['temperature']:.4f}")
    for group in result["groups"]:
        f1 = f", macro F1 {group['macroF1']:.4f}" if "macroF1" in group else ""
        area = f", AUC {group['macroAuc']['value']:.4f}" if "macroAuc" in group else ""
        print(f"{group['name']}: {group['images']} images, accuracy {group['accuracy']:.4f}{f1}, calibration error {group['calibrationError']:.4f}{area}")
        if "macroAuc" in group:
            for label, f in group["perClass"].items():
                print(f"  {label}: precision {f['precision']:.4f}, recall {f['recall']:.4f}, F1 {f['f1']:.4f}, support {f['support']}")
    for row in result["tables"][0]["rows"]:
        print(f"  {row[0]} · {row[1]}: {row[2]} images, recall {row[3]:.4f}, answers {row[4:]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
