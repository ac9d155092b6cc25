"""Writes and reads the model as it is served: `model.json` (TensorFlow.js graph model) and weight shards."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from . import graph
from .folded import Weights, check, layers
from .labels import TrainingFault
from .network import EPSILON
from .quantize import Entry, expand, graph_layout, store

SHARD_BYTES = 4_000_000
GRAPH_FILE = "model.json"
_NUMPY = {"float32": "<f4", "int32": "<i4", "float16": "<f2", "uint8-per-channel": "u1"}


def write_file(path: Path, data: bytes) -> None:
    """Writes beside and renames, so that a full disk never leaves half a file under the right name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    try:
        partial.write_bytes(data)
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise TrainingFault(f"“{path.name}” could not be written ({error.strerror or error}). Free some disk space and export again.") from error


def _scalar(name: str, values: list[float], dtype: str = "float32") -> Entry:
    data = np.asarray(values, _NUMPY[dtype])
    shape = [] if len(values) == 1 else [len(values)]
    return Entry({"name": name, "shape": shape, "dtype": dtype}, data)


def write_graph(folder: Path, topology: dict[str, Any], entries: list[Entry], about: dict[str, Any]) -> list[Path]:
    """model.json and its shards; old shards of the folder are removed. Gives the written files, model.json first."""
    data = b"".join(e.data.tobytes() for e in entries)
    count = -(-len(data) // SHARD_BYTES)
    names = [f"weights-{i + 1}of{count}.bin" for i in range(count)]
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("weights-*of*.bin"):
        old.unlink()
    for i, name in enumerate(names):
        write_file(folder / name, data[i * SHARD_BYTES : (i + 1) * SHARD_BYTES])
    model = {
        "format": "graph-model", "generatedBy": "fieldray-training", "convertedBy": None,
        "userDefinedMetadata": about, **topology,
        "weightsManifest": [{"paths": names, "weights": [e.spec for e in entries]}],
    }
    write_file(folder / GRAPH_FILE, (json.dumps(model, separators=(",", ":")) + "\n").encode())
    return [folder / GRAPH_FILE, *(folder / name for name in names)]


def write_model(folder: Path, weights: Weights, dtype: str, scales: dict[str, np.ndarray] | None = None) -> list[Path]:
    """The shipped form of folded weights, stored as `dtype` (float32, float16 or uint8). Gives the files written.

    Weights (and `scales`) that come from `rounding.round_weights` are stored without further loss.
    """
    check(weights)
    entries = [_scalar("input/half", [0.5]), Entry({"name": "pool/axes", "shape": [2], "dtype": "int32"}, np.array([1, 2], "<i4"))]
    return write_graph(folder, graph.fused(), entries + store(weights, dtype, scales), {"weights": dtype})


def write_unfused(folder: Path, weights: Weights) -> list[Path]:
    """The same function with three channels and nothing fused, for the benchmark. Gives the files written."""
    check(weights)
    entries = [_scalar("input/two", [2.0]), _scalar("input/one", [1.0]),
               Entry({"name": "pool/axes", "shape": [2], "dtype": "int32"}, np.array([1, 2], "<i4"))]

    def plain(name: str, values: np.ndarray) -> None:
        entries.append(Entry({"name": name, "shape": list(values.shape), "dtype": "float32"}, values.astype("<f4")))

    for layer in layers():
        w, b = weights[layer.name]
        if layer.name == "conv0":
            w = np.repeat(w / 3, 3, axis=1)
        plain(f"{layer.name}/w", graph_layout(layer, w))
        # A batch norm that only adds the bias: as costly as any, and the same function.
        for part, values in (("gamma", np.ones_like(b)), ("beta", b), ("mean", np.zeros_like(b)), ("variance", np.full_like(b, 1 - EPSILON))):
            plain(f"{layer.name}/{part}", values)
    for part, values in zip("wb", weights["head"]):
        plain(f"head/{part}", values)
    return write_graph(folder, graph.unfused(), entries, {"weights": "float32"})


def read_entries(folder: Path) -> list[Entry]:
    """The stored arrays of a folder written by `write_model`. Raises TrainingFault if files and sizes disagree."""
    try:
        model = json.loads((folder / GRAPH_FILE).read_text(encoding="utf-8"))
        groups = model["weightsManifest"]
        data = b"".join((folder / path).read_bytes() for group in groups for path in group["paths"])
    except (OSError, ValueError, KeyError) as error:
        raise TrainingFault(f"“{folder}” holds no exported model that can be read ({error}). Export it again.") from error
    entries, offset = [], 0
    for spec in (spec for group in groups for spec in group["weights"]):
        kind = np.dtype(_NUMPY[spec.get("quantization", spec)["dtype"]])
        count = int(np.prod(spec["shape"], dtype=np.int64))
        if offset + count * kind.itemsize > len(data):
            raise TrainingFault(f"The weight files of “{folder.name}” end before “{spec['name']}”. Export it again.")
        entries.append(Entry(spec, np.frombuffer(data, kind, count, offset).reshape(spec["shape"])))
        offset += count * kind.itemsize
    if offset != len(data):
        raise TrainingFault(f"The weight files of “{folder.name}” are {len(data) - offset} bytes too long. Export it again.")
    return entries


def read_model(folder: Path) -> Weights:
    """The folded float32 weights a served folder stands for."""
    weights = expand(read_entries(folder))
    check(weights)
    return weights


def describe(path: Path, folder: Path) -> dict[str, object]:
    """Path, size and SHA-256, as the manifest lists files."""
    data = path.read_bytes()
    return {"path": path.relative_to(folder).as_posix(), "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
