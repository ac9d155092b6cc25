#!/usr/bin/env python3
"""How much do runs lean on what lies outside the lungs? python3 training/shortcuts.py --data DIR --checkpoints training/runs/*/best.pt.

Accuracy on the validation pictures of 224 px whose lungs were found: whole, lungs blacked out, only the lungs, each at
the size the run ended with. Hospitals that a run left out are left out here too. Entries of the same run are replaced
in --out; release.py --tried puts the table on the model card.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np  # noqa: E402
import torch  # noqa: E402

from fieldray_training import checkpoint, config, data, evaluate  # noqa: E402
from fieldray_training.labels import TrainingFault  # noqa: E402
from fieldray_training.network import MobileNetV2  # noqa: E402
from fieldray_training.train import logits_of, parts  # noqa: E402


class AtSize:
    """A network that looks at pictures of one size."""

    def __init__(self, model: MobileNetV2, size: int):
        self.model, self.size = model, size

    def logits(self, images: np.ndarray) -> np.ndarray:
        return logits_of(self.model, images, self.size).numpy()


def measured(path: Path, collection: data.Collection, splits: np.ndarray, source: Path, lungs: np.ndarray, boxes: Path) -> dict[str, object]:
    """One checkpoint's entry; `boxes` (.npy) is read where it was trained on crops."""
    state = checkpoint.read(path)
    settings = config.parse(dict(state["config"]), path.name)
    model = checkpoint.load_model(path).to(memory_format=torch.channels_last)
    size = settings.stages[-1].size
    rows, masks = evaluate.masks_of(collection, parts(collection, splits, settings).validation, source, lungs)
    truth = collection.labels[rows]
    hidden = evaluate.hidden_answers(AtSize(model, size).logits, np.ascontiguousarray(collection.images[rows]), masks, np.load(boxes)[rows] if settings.crop else None)
    right = [float((logits.argmax(1) == truth).mean()) for logits in hidden]
    run = path.stem if path.parent.name == "checkpoints" else path.parent.name
    return {"run": run, "what": config.described(Path(__file__).parent / "configs" / f"{run}.toml"), "size": size, "images": len(rows),
            "commonestClass": float(np.bincount(truth).max() / len(truth)), **dict(zip(("whole", "lungsBlackedOut", "onlyLungs"), right))}


def main() -> int:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--checkpoints", type=Path, nargs="+", required=True)
    parser.add_argument("--lungs", type=Path, default=here / "data" / "lungs.npy", help="lung maps made by training/lungs.py (.npy)")
    parser.add_argument("--boxes", type=Path, default=here / "data" / "boxes.npy", help="made by training/boxes.py")
    parser.add_argument("--out", type=Path, default=here / "results" / "shortcuts.json")
    parser.add_argument("--cache", type=Path, default=here / "data")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    try:
        collection = data.load(arguments.data, arguments.cache)
        splits, lungs = data.split(collection.rows), np.load(arguments.lungs, mmap_mode="r")
        entries = {e["run"]: e for e in json.loads(arguments.out.read_text())} if arguments.out.exists() else {}
        for path in arguments.checkpoints:
            entry = measured(path, collection, splits, arguments.data, lungs, arguments.boxes)
            entries[entry["run"]] = entry
            print(json.dumps(entry), flush=True)
            arguments.out.write_text(json.dumps(list(entries.values()), indent=1) + "\n")
    except TrainingFault as fault:
        print(f"Stopped: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
