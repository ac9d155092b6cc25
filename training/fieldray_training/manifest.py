"""The manifest the app reads (src/model/manifest.ts is its schema), written whole or not at all."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np

from . import card
from .assurance.section import files_of
from .export import GRAPH_FILE, describe, read_model, write_file
from .folded import FoldedNetwork
from .labels import LABELS, MODEL_SIZE, TrainingFault
from .phantom import chest_phantom

MODEL_ID = "chest-mobilenetv2"
GOLDEN_VARIANTS = (0, 1, 2, 3)
# Two hundredths of a logit move a probability by half a point at most; a backend further off is wrong, not imprecise.
TOLERANCE = 0.02


def _plain(value: Any) -> Any:
    """Numbers as JSON holds them, floats to six digits: more would claim what was not measured."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return round(float(value), 6)
    return value


def golden(network: FoldedNetwork) -> list[dict[str, Any]]:
    """Answers of the served weights to the phantoms, float32 in PyTorch."""
    logits = network.logits(np.stack([chest_phantom(MODEL_SIZE, v) for v in GOLDEN_VARIANTS]))
    return [{"input": "phantom", "variant": v, "for": "classifier", "logits": [float(x) for x in row]} for v, row in zip(GOLDEN_VARIANTS, logits)]


def counts_of(report: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`data.report` summed over resolutions."""
    sums: dict[tuple[str, str, str], int] = {}
    for row in report:
        key = (str(row["label"]), str(row["origin"]), str(row["split"]))
        sums[key] = sums.get(key, 0) + int(row["images"])
    return [dict(zip(("label", "origin", "split"), key), images=n) for key, n in sums.items()]


def build(folder: Path, dtype: str, version: str, evaluation: dict[str, Any], checkpoint: dict[str, Any],
          report: list[dict[str, Any]], parity: float | None, command: str, created: datetime | None = None,
          assurance: dict[str, Any] | None = None, crop: dict[str, Any] | None = None) -> dict[str, Any]:
    """The manifest of a served folder.

    `evaluation` is what `evaluate.evaluate` gave, `checkpoint` the state of best.pt (config, epoch, log), `report` the
    counts of `data.report`, `parity` the largest logit difference from float32 that was seen, `assurance` the section that
    `assurance.section.build` made, whose files lie in the folder too, `crop` the rule by which pictures are cropped (None: they are not).
    """
    if not re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", version):
        raise TrainingFault(f"“{version}” is no version. Give three numbers, such as 1.0.0.")
    texts = card.read_texts()
    files = [folder / GRAPH_FILE, *sorted(folder.glob("weights-*of*.bin")), *(files_of(folder, assurance) if assurance else [])]
    weights: dict[str, Any] = {"dtype": dtype} | ({} if parity is None else {"parity": parity})
    log = [{k: row[k] for k in ("epoch", "stage", "accuracy", "loss", "val_accuracy", "val_loss", "learning_rate", "seconds")} for row in checkpoint.get("log", [])]
    manifest = {
        "schema": 1, "id": MODEL_ID, "version": version,
        "created": (created or datetime.now(timezone.utc)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "labels": list(LABELS),
        "input": {"name": "input", "shape": [1, MODEL_SIZE, MODEL_SIZE, 1], "range": [0, 1], "resize": "box-squash", "crop": crop},
        "outputs": {"logits": "logits", "features": "features"},
        "weights": _plain(weights), "graph": GRAPH_FILE,
        "files": [describe(f, folder) for f in files],
        "temperature": _plain(evaluation["temperature"]),
        "golden": golden(FoldedNetwork(read_model(folder))), "tolerance": TOLERANCE,
        "evaluation": {"groups": _plain(evaluation["groups"]), "tables": _plain(evaluation["tables"]),
                       # Learning rates are small: six digits after the point would cut them.
                       "trainingLog": [{**_plain(row), "learning_rate": row["learning_rate"]} for row in log],
                       "keptEpoch": int(checkpoint["epoch"]), **{name: _plain(evaluation[name]) for name in ("travel", "fewLabels") if name in evaluation}},
        "card": {"title": texts["title"], "summary": texts["summary"], "intendedUse": texts["intended_use"], "notFor": texts["not_for"],
                 "data": texts["data"], "faults": texts["faults"], "shortcuts": card.against_shortcuts(checkpoint["config"]),
                 "counts": counts_of(report)},
        "licence": texts["licence"], "command": command,
    }
    if assurance:
        manifest["assurance"] = _plain(assurance)
    return manifest


def write(folder: Path, manifest: dict[str, Any]) -> None:
    """manifest.json and MODEL_CARD.md beside the model's files."""
    write_file(folder / "manifest.json", (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode())
    write_file(folder / "MODEL_CARD.md", card.markdown(manifest).encode())


def offer(models: Path, manifest: dict[str, Any]) -> None:
    """Makes this version the one on offer: `current.json` in the models' folder, written last."""
    current = {"id": manifest["id"], "version": manifest["version"], "manifest": f"{manifest['id']}/{manifest['version']}/manifest.json"}
    write_file(models / "current.json", (json.dumps(current, indent=1) + "\n").encode())
