"""From a checkpoint to served files: every way of storing the weights is written, measured, and the smallest good one taken."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .data import Collection
from .evaluate import answers, rows_of
from .export import GRAPH_FILE, read_model, write_model
from .folded import FoldedNetwork
from .labels import TrainingFault
from .network import MobileNetV2, fold
from .quantize import DTYPES
from .rounding import round_weights

ROUNDING_IMAGES = 96
# The app ships the smallest form within this share of float32's accuracy and this share of its answers.
ACCURACY_LOSS = 0.003
SAME_CLASS = 0.99


@dataclass(frozen=True)
class Stored:
    """One way of storing the weights, measured on the validation split."""

    dtype: str
    folder: Path
    bytes: int
    accuracy: float
    same_class: float
    largest_difference: float


def rounding_images(collection: Collection, splits: np.ndarray, count: int = ROUNDING_IMAGES, seed: int = 2026) -> np.ndarray:
    """Training pictures of 224 px for `round_weights`, evenly of every class: uint8 [about count, 224, 224]."""
    rows = rows_of(collection, splits, "train")
    labels = collection.labels[rows]
    generator = np.random.default_rng(seed)
    each = max(1, count // max(1, len(np.unique(labels))))
    chosen = [generator.permutation(rows[labels == k])[:each] for k in np.unique(labels)]
    if not chosen:
        raise TrainingFault("The training split has no picture of 224 px to round the weights on. Give larger pictures.")
    return np.ascontiguousarray(collection.images[np.sort(np.concatenate(chosen))])


def export_all(model: MobileNetV2, collection: Collection, splits: np.ndarray, out: Path) -> list[Stored]:
    """Writes float32, float16 and uint8 under `out`/<dtype> and measures each on the validation split."""
    weights = fold(model)
    pictures = rounding_images(collection, splits)
    rows = rows_of(collection, splits, "validation")
    truth, exact, stored = collection.labels[rows], None, []
    for dtype in DTYPES:
        folder = out / dtype
        if dtype == "float32":
            write_model(folder, weights, dtype)
        else:
            rounded, scales = round_weights(weights, dtype, pictures)
            write_model(folder, rounded, dtype, scales or None)
        # Read back from disk: what is measured is what is served.
        logits = answers(FoldedNetwork(read_model(folder)), collection, rows)
        exact = logits if exact is None else exact
        size = sum(f.stat().st_size for f in served_files(folder))
        same = float((logits.argmax(1) == exact.argmax(1)).mean()) if len(rows) else 1.0
        accuracy = float((logits.argmax(1) == truth).mean()) if len(rows) else 0.0
        stored.append(Stored(dtype, folder, size, accuracy, same, float(np.abs(logits - exact).max()) if len(rows) else 0.0))
        print(f"{dtype}: {size / 1e6:.2f} MB, validation accuracy {accuracy:.4f}, same class as float32 {same:.4f}", flush=True)
    return stored


def served_files(folder: Path) -> list[Path]:
    return [folder / GRAPH_FILE, *sorted(folder.glob("weights-*of*.bin"))]


def smallest_good(stored: list[Stored]) -> Stored:
    """The smallest form that keeps float32's accuracy (within 0.3 points) and answers."""
    exact = next(s for s in stored if s.dtype == "float32")
    good = [s for s in stored if exact.accuracy - s.accuracy <= ACCURACY_LOSS + 1e-9 and s.same_class >= SAME_CLASS]
    return min(good, key=lambda s: s.bytes)


def storage_table(stored: list[Stored], chosen: Stored) -> dict[str, Any]:
    """How the weights could be stored, for the card."""
    rows = [[s.dtype, round(s.bytes / 1e6, 3), round(s.accuracy, 4), round(s.same_class, 4), round(s.largest_difference, 5),
             "shipped" if s is chosen else None] for s in stored]
    return {"title": "Ways of storing the weights", "columns": ["Stored as", "MB", "Validation accuracy", "Same class as float32", "Largest logit difference", ""],
            "note": "The smallest within 0.3 points of float32's accuracy, and with its answer on at least 99 % of the validation pictures, is shipped.", "rows": rows}


def parity_table(parity: dict[str, Any]) -> dict[str, Any]:
    """TensorFlow.js on WASM against PyTorch in float32, for the card."""
    rows = [[dtype, p["images"], round(p["largestDifference"], 7), round(p["sameClass"], 4), p.get("validation", {}).get("sameClass"),
             "passed" if p["passed"] else "failed"] for dtype, p in parity.items()]
    return {"title": "TensorFlow.js against PyTorch", "columns": ["Stored as", "Inputs", "Largest logit difference", "Same class", "Same class, validation split", ""],
            "note": "The served graph on WASM against the float32 checkpoint in PyTorch.", "rows": rows}


def place(chosen: Stored, models: Path, model_id: str, version: str, prune: bool, beside: tuple[Path, list[Path]] | None = None) -> Path:
    """Copies the chosen form into the served folder, and with it `beside`: a folder and files in it, under the same names.

    `prune` removes the model's other versions.
    """
    folder = models / model_id / version
    if folder.exists():
        shutil.rmtree(folder)
    files = [(file, folder / file.name) for file in served_files(chosen.folder)]
    files += [(file, folder / file.relative_to(beside[0])) for file in (beside[1] if beside else [])]
    for file, target in files:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        except OSError as error:
            raise TrainingFault(f"“{file.name}” could not be copied ({error.strerror or error}). Free some disk space and release again.") from error
    if prune:
        for other in (models / model_id).iterdir():
            if other.is_dir() and other.name != version:
                shutil.rmtree(other)
    return folder
