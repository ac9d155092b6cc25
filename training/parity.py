#!/usr/bin/env python3
"""TensorFlow.js on WASM in Node against PyTorch: python3 training/parity.py --checkpoint BEST.pt [--data DIR] --json FILE.

Compares the served forms under the checkpoint's export/ folder (release.py writes them) on 50 inputs, the 8-bit form on
the whole validation split. Exit status 1 if one fails.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np  # noqa: E402
import torch  # noqa: E402

from fieldray_training import checkpoint, data, evaluate, parity, release  # noqa: E402
from fieldray_training.labels import TrainingFault  # noqa: E402


def main() -> int:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="radiographs; without it only phantoms are compared")
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=here / "data")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    try:
        model = checkpoint.load_model(arguments.checkpoint)
        out = arguments.checkpoint.parent / "export"
        folders = {dtype: out / dtype for dtype in release.DTYPES}
        missing = [f.name for f in folders.values() if not (f / "model.json").exists()]
        if missing:
            raise TrainingFault(f"There is no exported {', '.join(missing)} form beside the checkpoint. Run training/release.py first.")
        pictures = None
        if arguments.data:
            collection = data.load(arguments.data, arguments.cache)
            rows = evaluate.rows_of(collection, data.split(collection.rows), "validation")
            pictures = np.ascontiguousarray(collection.images[rows])
        result = parity.check(model, folders, pictures)
    except TrainingFault as fault:
        print(f"Stopped: {fault}", file=sys.stderr)
        return 1
    arguments.json.write_text(json.dumps(result, indent=1) + "\n")
    for dtype, p in result.items():
        every = f", on the validation split {p['validation']['sameClass']:.4f}" if "validation" in p else ""
        print(f"{dtype}: largest difference {p['largestDifference']:.2e}, same class {p['sameClass']:.4f}{every}: {'passed' if p['passed'] else 'FAILED'}")
    return 0 if all(p["passed"] for p in result.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
