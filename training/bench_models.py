#!/usr/bin/env python3
"""Writes what the benchmark compares the served model with: python3 training/bench_models.py.

From the served weights (no checkpoint, no PyTorch needed beyond the import), into bench/models, which git ignores:
chest.onnx (the same network for onnxruntime) and unfused/ (the same function with three channels and nothing fused).
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fieldray_training import export, onnx  # noqa: E402
from fieldray_training.labels import TrainingFault  # noqa: E402


def main() -> int:
    root = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, help="a served folder; without it, the one on offer in public/models")
    parser.add_argument("--out", type=Path, default=root / "bench" / "models")
    arguments = parser.parse_args()
    try:
        folder = arguments.model
        if folder is None:
            models = root / "public" / "models"
            if not (models / "current.json").exists():
                raise TrainingFault("No model is on offer in public/models. Release one first (training/README.md).")
            folder = models / Path(json.loads((models / "current.json").read_text())["manifest"]).parent
        weights = export.read_model(folder)
        export.write_file(arguments.out / "chest.onnx", onnx.encode(weights))
        files = export.write_unfused(arguments.out / "unfused", weights)
    except TrainingFault as fault:
        print(f"Stopped: {fault}", file=sys.stderr)
        return 1
    print(f"From {folder.name}: {arguments.out / 'chest.onnx'} and {files[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
