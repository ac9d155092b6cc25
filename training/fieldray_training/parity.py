"""Does TensorFlow.js compute what PyTorch computes? The served folder runs on WASM in Node, the checkpoint here."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .labels import LABELS, MODEL_SIZE, TrainingFault
from .network import MobileNetV2
from .phantom import chest_phantom

ROOT = Path(__file__).resolve().parents[2]
INPUTS = 50
# Largest difference of a logit that counts as equal; 8-bit weights are judged by the class they give.
LIMITS = {"float32": 1e-4, "float16": 5e-3}
SAME_CLASS = {"float32": 1.0, "float16": 1.0, "uint8": 0.99}


def node_ready() -> str | None:
    """Why the graph can't be run here, or None."""
    if shutil.which("node") is None:
        return "Node is not installed"
    if not (ROOT / "node_modules" / "tsx").is_dir():
        return "the project's packages are not installed (npm install)"
    return None


def run_graph(folder: Path, images: np.ndarray, output: str = "logits", shape: tuple[int, ...] = (len(LABELS),)) -> tuple[np.ndarray, dict[str, Any]]:
    """Float32 pictures [N, 224, 224] in 0…1 through the served graph → (its `output` [N, *shape], what Node said of the run)."""
    missing = node_ready()
    if missing:
        raise TrainingFault(f"The graph can't be run in Node: {missing}.")
    with tempfile.TemporaryDirectory() as scratch:
        inputs, outputs = Path(scratch) / "inputs.f32", Path(scratch) / "answers.f32"
        np.ascontiguousarray(images, "<f4").tofile(inputs)
        command = ["node", "--import", "tsx", str(ROOT / "training/node/run-graph.ts"), str(folder.resolve()), str(inputs), str(outputs), output]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1800, check=False)
        if done.returncode != 0:
            raise TrainingFault(f"TensorFlow.js could not run “{folder.name}”: {(done.stderr or done.stdout).strip()[-600:]}")
        answers = np.fromfile(outputs, "<f4").reshape(-1, *shape)
    if len(answers) != len(images) or not np.isfinite(answers).all():
        raise TrainingFault(f"TensorFlow.js gave no usable answers for “{folder.name}”.")
    return answers, json.loads(done.stdout.strip().splitlines()[-1])


def parity_inputs(radiographs: np.ndarray | None) -> np.ndarray:
    """50 pictures, float32 0…1: half of them radiographs (uint8 [N, 224, 224], evenly spread) where there are any, else phantoms."""
    pictures: list[np.ndarray] = []
    if radiographs is not None and len(radiographs):
        wanted = min(INPUTS // 2, len(radiographs))
        places = np.linspace(0, len(radiographs) - 1, wanted).astype(int)
        pictures = [radiographs[i].astype(np.float32) / np.float32(255) for i in places]
    pictures += [chest_phantom(MODEL_SIZE, 100 + i) for i in range(INPUTS - len(pictures))]
    return np.stack(pictures)


@torch.no_grad()
def reference(model: MobileNetV2, images: np.ndarray, batch: int = 32) -> np.ndarray:
    """Logits of the unfolded float32 network, uint8 or 0…1 pictures."""
    model.eval()
    outputs = []
    for start in range(0, len(images), batch):
        part = images[start : start + batch]
        x = torch.from_numpy(np.ascontiguousarray(part)).float()[:, None]
        outputs.append(model(x.div_(255.0) if part.dtype == np.uint8 else x).numpy())
    return np.concatenate(outputs)


def compare(dtype: str, theirs: np.ndarray, ours: np.ndarray) -> dict[str, Any]:
    """Differences of two sets of logits, and whether they pass for weights stored as `dtype`."""
    same = float((theirs.argmax(1) == ours.argmax(1)).mean())
    largest = float(np.abs(theirs - ours).max())
    return {"images": len(ours), "largestDifference": largest, "meanDifference": float(np.abs(theirs - ours).mean()), "sameClass": same,
            "limit": LIMITS.get(dtype), "passed": same >= SAME_CLASS[dtype] and largest <= LIMITS.get(dtype, np.inf)}


def check(model: MobileNetV2, folders: dict[str, Path], radiographs: np.ndarray | None) -> dict[str, Any]:
    """Parity of every stored form (dtype → served folder) with the float32 network.

    Each is compared on the 50 inputs; 8-bit weights also on all `radiographs` (the validation split), and are judged
    there: half a hundred pictures can't tell 99 % from 100 %.
    """
    images = parity_inputs(radiographs)
    expected = reference(model, images)
    result: dict[str, Any] = {}
    for dtype, folder in folders.items():
        logits, run = run_graph(folder, images)
        result[dtype] = compare(dtype, logits, expected) | {"medianMs": run["medianMs"], "backend": run["backend"]}
        if dtype == "uint8" and radiographs is not None and len(radiographs):
            every, _ = run_graph(folder, radiographs.astype(np.float32) / np.float32(255))
            result[dtype]["validation"] = compare(dtype, every, reference(model, radiographs))
            result[dtype]["passed"] = result[dtype]["validation"]["passed"]
    return result
