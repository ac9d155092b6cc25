"""The lung network as a TensorFlow.js graph model, written and read: model.json and one shard of float16 weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .. import graph
from ..export import read_entries, write_graph
from ..folded import Layer, Weights
from ..labels import MODEL_SIZE, TrainingFault
from ..phantom import chest_phantom
from ..quantize import Entry, graph_layout, torch_layout
from .lung_layers import CHANNELS, OUTPUT, SIDE, FoldedLungs, Growth, check, steps

GRID = 8
GOLDEN_VARIANTS = (0, 1, 2)
# A logit of the outline's size is 4 to 8; a mean of a block that is further off comes from a backend that computes wrongly.
TOLERANCE = 0.05


def topology() -> dict[str, Any]:
    """Input [N, 224, 224, 1] in 0…1, output OUTPUT [N, SIDE, SIDE, 2]."""
    nodes = [graph.placeholder(1), graph.constant("input/half", []),
             {"name": "input/centered", "op": "Sub", "input": ["input", "input/half"], "attr": {"T": graph.FLOAT}}]
    for step in steps():
        source = "input/centered" if step.source == "input" else step.source
        nodes += graph.growth(step.name, source, MODEL_SIZE // step.divisor) if isinstance(step, Growth) else graph.fused_convolution(step, step.name, source, "Relu")
    shape = [-1, SIDE, SIDE, len(CHANNELS)]
    return graph.model_of(nodes, {"input": [-1, MODEL_SIZE, MODEL_SIZE, 1]}, {OUTPUT: shape})


def write(folder: Path, weights: Weights) -> list[Path]:
    """model.json and its shard. The small layers' kernels and all biases stay float32: they save nothing."""
    check(weights)
    entries = [Entry({"name": "input/half", "shape": [], "dtype": "float32"}, np.array([0.5], "<f4"))]
    for step in steps():
        if isinstance(step, Growth):
            side = MODEL_SIZE // step.divisor
            entries.append(Entry({"name": f"{step.name}/size", "shape": [2], "dtype": "int32"}, np.array([side, side], "<i4")))
            continue
        w, b = weights[step.name]
        w = graph_layout(step, w)
        half = w.astype("<f2")
        if not np.isfinite(half).all():
            raise TrainingFault(f"A weight of the lung network's “{step.name}” is too large for float16. Train it again with a lower learning rate.")
        entries.append(Entry({"name": f"{step.name}/w", "shape": list(w.shape), "dtype": "float32", "quantization": {"dtype": "float16"}}, half))
        entries.append(Entry({"name": f"{step.name}/b", "shape": list(b.shape), "dtype": "float32"}, b.astype("<f4")))
    return write_graph(folder, topology(), entries, {"weights": "float16"})


def read(folder: Path) -> Weights:
    """The folded float32 weights that the stored ones stand for."""
    by_name = {str(e.spec["name"]): e.data for e in read_entries(folder)}
    weights: Weights = {}
    for layer in (s for s in steps() if isinstance(s, Layer)):
        if f"{layer.name}/w" not in by_name or f"{layer.name}/b" not in by_name:
            raise TrainingFault(f"The stored lung network has no layer “{layer.name}”. Export it again.")
        weights[layer.name] = (torch_layout(layer, by_name[f"{layer.name}/w"].astype(np.float32)), by_name[f"{layer.name}/b"].astype(np.float32))
    check(weights)
    return weights


def block_means(logits: np.ndarray) -> np.ndarray:
    """[SIDE, SIDE, 2] → float64 [2, 64]: means of GRID × GRID blocks, row-major."""
    block = logits.shape[0] // GRID
    return logits.astype(np.float64).reshape(GRID, block, GRID, block, -1).mean((1, 3)).reshape(GRID * GRID, -1).T


def golden(network: FoldedLungs) -> list[dict[str, Any]]:
    """What the served weights answer to the phantoms."""
    logits = network.logits(np.stack([chest_phantom(MODEL_SIZE, v) for v in GOLDEN_VARIANTS]))
    return [{"input": "phantom", "variant": v, **{name: [round(float(x), 5) for x in means] for name, means in zip(CHANNELS, block_means(one))}}
            for v, one in zip(GOLDEN_VARIANTS, logits)]
