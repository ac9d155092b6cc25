"""Checkpoints that survive: written beside and renamed, read with a word about what does not fit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

from .labels import TrainingFault
from .network import MobileNetV2


def save(state: dict[str, Any], path: Path) -> None:
    """Writes `state`; the earlier file stays whole until the new one is (a full disk leaves it)."""
    partial = path.with_suffix(".part")
    try:
        torch.save(state, partial)
        os.replace(partial, path)
    except (OSError, RuntimeError) as error:
        partial.unlink(missing_ok=True)
        raise TrainingFault(
            f"The checkpoint “{path.name}” could not be written ({error}). Free some disk space and start again: "
            "training goes on from the last good one."
        ) from error


def read(path: Path) -> dict[str, Any]:
    try:
        state = torch.load(path, map_location="cpu")
    except Exception as error:
        raise TrainingFault(f"“{path}” is not a checkpoint of this pipeline ({error}).") from error
    if not isinstance(state, dict) or "model" not in state:
        raise TrainingFault(f"“{path}” is not a checkpoint of this pipeline: it holds no model.")
    return state


def load_model(path: Path) -> MobileNetV2:
    """The network of a checkpoint, in evaluation mode."""
    state, model = read(path), MobileNetV2()
    try:
        model.load_state_dict(state["model"])
    except (RuntimeError, TypeError, AttributeError) as error:
        raise TrainingFault(f"“{path}” holds another architecture than MobileNetV2 with four classes: {str(error)[:300]}") from error
    return model.eval()
