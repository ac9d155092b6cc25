"""The trained lung network: from its checkpoint, over a collection, and against TensorFlow.js."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .. import checkpoint, parity
from ..data import Collection
from ..folded import Weights
from ..labels import TrainingFault
from . import lung_graph
from .lung_layers import CHANNELS, OUTPUT, SIDE, FoldedLungs, LungNetwork
from .reader import LungReader

# Largest difference of a logit that counts as equal: the same float32 weights on two runtimes.
PARITY_LIMIT = 1e-3


def load(path: Path) -> Weights:
    """The folded weights of a checkpoint that training/lung_network.py wrote."""
    if not path.exists():
        raise TrainingFault(f"There is no lung network “{path}”. Train one with training/lung_network.py, or release with --no-lung-network.")
    model = LungNetwork()
    try:
        model.load_state_dict(checkpoint.read(path)["model"])
    except (RuntimeError, TypeError, AttributeError) as error:
        raise TrainingFault(f"“{path}” holds another network than the lung network: {str(error)[:300]}") from error
    return model.eval().fold()


def maps_of(reader: LungReader, collection: Collection, rows: np.ndarray) -> np.ndarray:
    """Maps of the visible lungs, uint8 [len(collection), SIDE // 2, SIDE // 2] of 0…255; zeros in all but `rows`."""
    half = SIDE // 2
    result = np.zeros((len(collection.rows), half, half), np.uint8)
    for start in range(0, len(rows), 256):
        some = rows[start : start + 256]
        visible = reader.masks(collection.images[some])[0]
        result[some] = np.rint(visible.reshape(-1, half, 2, half, 2).mean((2, 4)) * 255).astype(np.uint8)
    return result


def parity_table(folder: Path, radiographs: np.ndarray) -> dict[str, Any]:
    """The served lung graph on WASM against PyTorch, for the card. Raises TrainingFault where they disagree."""
    images = parity.parity_inputs(radiographs)[: 2 * max(1, len(radiographs))]
    theirs, run = parity.run_graph(folder, images, OUTPUT, (SIDE, SIDE, len(CHANNELS)))
    ours = FoldedLungs(lung_graph.read(folder)).logits(images)
    largest = float(np.abs(theirs - ours).max())
    if largest > PARITY_LIMIT:
        raise TrainingFault(f"TensorFlow.js and PyTorch disagree on the lung network by {largest:.2g} of a logit. Nothing was released.")
    megabytes = sum(f.stat().st_size for f in folder.iterdir() if f.is_file()) / 1e6
    same = float(((theirs > 0) == (ours > 0)).mean())
    return {"title": "The lung network: TensorFlow.js against PyTorch", "columns": ["MB", "Inputs", "Largest logit difference", "Same side of the outline"],
            "note": "The served graph on WASM against the same weights in PyTorch, every pixel of both channels.", "rows": [[round(megabytes, 3), len(images), round(largest, 7), round(same, 6)]]}
