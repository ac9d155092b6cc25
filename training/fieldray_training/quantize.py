"""How weights are stored: as they are, as float16, or as 8 bits with one scale a channel.

Biases, the small kernels at the beginning and the last layer stay float32: rounding them costs the answer most
(every later layer passes their errors on, and nine taps have few neighbors to take them over) and saves least.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .folded import Layer, Weights, layers
from .labels import TrainingFault

DTYPES = ("float32", "float16", "uint8")
# Kernels of fewer weights stay float32: 23 kB more.
SMALL = 2000
# A stored byte q stands for (q − ZERO) × scale of its channel; src/model/expand.ts does the same.
ZERO = 128


@dataclass(frozen=True)
class Entry:
    """One stored array: `data` as written, `spec` as the weights manifest of model.json names it."""

    spec: dict[str, object]
    data: np.ndarray


def graph_layout(layer: Layer, w: np.ndarray) -> np.ndarray:
    """OIHW → what the graph wants: HWIO, or HWC1 for depthwise."""
    return np.ascontiguousarray(w.transpose(2, 3, 0, 1) if layer.depthwise else w.transpose(2, 3, 1, 0))


def torch_layout(layer: Layer, w: np.ndarray) -> np.ndarray:
    """The way back of `graph_layout`."""
    return np.ascontiguousarray(w.transpose(2, 3, 0, 1) if layer.depthwise else w.transpose(3, 2, 0, 1))


def stays_exact(layer: Layer) -> bool:
    """Whether this layer's kernel is stored as float32 in every form."""
    return layer.outputs * (1 if layer.depthwise else layer.inputs) * layer.kernel**2 < SMALL


def channel_axis(layer: Layer) -> int:
    """Where the output channels lie in the graph's layout."""
    return 2 if layer.depthwise else 3


def best_scales(w: np.ndarray, axis: int, tries: int = 40) -> np.ndarray:
    """float32 scale of each channel along `axis`.

    It is the one of `tries` between 60 % and 100 % of the channel's range that loses least in the square: a rare
    outlier may be clipped if all the others gain.
    """
    rows = np.moveaxis(w, axis, 0).reshape(w.shape[axis], -1).astype(np.float64)
    widest = np.maximum(np.abs(rows).max(1), 1e-12) / 127
    best, scale = np.full(len(rows), np.inf), widest.copy()
    for share in np.linspace(0.6, 1.0, tries):
        trial = widest * share
        loss = ((np.clip(np.rint(rows / trial[:, None]), -127, 127) * trial[:, None] - rows) ** 2).sum(1)
        scale, best = np.where(loss < best, trial, scale), np.minimum(loss, best)
    return scale.astype(np.float32)


def to_bytes(w: np.ndarray, axis: int, scale: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Float weights → (bytes of the same shape, float32 scale per channel along `axis`)."""
    scale = best_scales(w, axis) if scale is None else scale
    shape = [1] * w.ndim
    shape[axis] = -1
    q = np.clip(np.rint(w / scale.reshape(shape).astype(np.float64)), -127, 127) + ZERO
    return q.astype(np.uint8), scale


def from_bytes(q: np.ndarray, scale: np.ndarray, axis: int) -> np.ndarray:
    """The float32 weights that stand behind the bytes, to the bit what the app computes."""
    shape = [1] * q.ndim
    shape[axis] = -1
    return (q.astype(np.float32) - np.float32(ZERO)) * scale.reshape(shape)


def store(weights: Weights, dtype: str, scales: dict[str, np.ndarray] | None = None) -> list[Entry]:
    """Folded weights → the arrays to write, in the order of the graph.

    `scales` (by layer, for uint8) are those the weights were rounded to; without them each channel finds its own.
    """
    if dtype not in DTYPES:
        raise TrainingFault(f"“{dtype}” is no way to store weights. Choose {', '.join(DTYPES)}.")
    entries = []

    def plain(name: str, values: np.ndarray) -> None:
        entries.append(Entry({"name": name, "shape": list(values.shape), "dtype": "float32"}, values.astype("<f4")))

    for layer in layers():
        w, b = weights[layer.name]
        w, name = graph_layout(layer, w), f"{layer.name}/w"
        if layer.name == "conv0":
            w = w * np.float32(2)  # the graph's input is x − 0.5: half of the mapped one, exactly
        if dtype == "float32" or stays_exact(layer):
            plain(name, w)
        elif dtype == "float16":
            half = w.astype("<f2")
            if not np.isfinite(half).all():
                raise TrainingFault(f"A weight of “{layer.name}” is too large for float16. Export as float32.")
            spec = {"name": name, "shape": list(w.shape), "dtype": "float32", "quantization": {"dtype": "float16"}}
            entries.append(Entry(spec, half))
        else:
            axis = channel_axis(layer)
            q, scale = to_bytes(w, axis, None if scales is None else scales[layer.name])
            quantization = {"dtype": "uint8-per-channel", "axis": axis, "zero": ZERO, "scale": f"{name}/scale"}
            entries.append(Entry({"name": name, "shape": list(w.shape), "dtype": "float32", "quantization": quantization}, q))
            plain(f"{name}/scale", scale)
        plain(f"{layer.name}/b", b)
    for part, values in zip("wb", weights["head"]):
        plain(f"head/{part}", values)
    return entries


def expand(entries: list[Entry]) -> Weights:
    """Stored arrays → the folded float32 weights they stand for."""
    by_name = {str(e.spec["name"]): e for e in entries}

    def values(name: str) -> np.ndarray:
        if name not in by_name:
            raise TrainingFault(f"The stored model has no weight “{name}”. Export it again.")
        entry = by_name[name]
        how = entry.spec.get("quantization")
        if isinstance(how, dict) and how["dtype"] == "uint8-per-channel":
            return from_bytes(entry.data, by_name[str(how["scale"])].data, int(how["axis"]))
        return entry.data.astype(np.float32)

    weights: Weights = {}
    for layer in layers():
        w = torch_layout(layer, values(f"{layer.name}/w"))
        weights[layer.name] = (w / np.float32(2) if layer.name == "conv0" else w, values(f"{layer.name}/b"))
    weights["head"] = (values("head/w"), values("head/b"))
    return weights
