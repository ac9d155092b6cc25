"""One TOML file describes a run; unknown keys are refused, so that a typing slip is not a silent default."""

from __future__ import annotations

import itertools
import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from .augment import Strength
from .labels import TrainingFault


@dataclass(frozen=True)
class Stage:
    name: str
    size: int
    epochs: int
    images: int
    learning_rate: float
    batch: int = 48
    frozen: bool = False
    # The first convolution and this many blocks stay as they are (0: everything learns).
    frozen_blocks: int = 0
    # How often each augmented picture is learned from, in fresh order and mixture; what the frozen blocks
    # give for it is computed once. More than 1 needs `frozen_blocks`.
    reuse: int = 1
    warmup: float = 0.1
    final: float = 0.02
    # Scales the probability of every augmentation except flip and low resolution.
    strength: float = 1.0


@dataclass(frozen=True)
class Config:
    stages: tuple[Stage, ...]
    seed: int = 2026
    threads: int = 2
    # Arithmetic of what learns: "float32", or "bfloat16" where the processor is faster at it. CUDA always uses bfloat16.
    precision: str = "float32"
    gamma: float = 2.0
    alpha: float | tuple[float, ...] = 0.25
    smoothing: float = 0.0
    # Step of the group-robust weights over class × origin (losses.GroupRobust); 0: all pictures weigh the same.
    robust: float = 0.0
    mixup: float = 0.0
    # Share of the loss that asks to answer as the teachers do (train.Teachers; --teachers names them).
    teaching: float = 0.0
    # Share of the training pictures whose lungs are hidden, with the answer that nothing can be said (needs --lungs).
    hidden: float = 0.0
    # The classifier sees the lungs' box (crop.py; needs --boxes).
    crop: bool = False
    dropout: float = 0.5
    weight_decay: float = 0.02
    average: float = 0.998
    origin_power: float = 0.5
    origin_cap: float = 0.0
    low_share: float = 0.5
    leave_out: tuple[str, ...] = ()
    augment: Strength = field(default_factory=Strength)

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def _build(kind: type, table: dict[str, Any], where: str) -> Any:
    known = {f.name for f in fields(kind)}
    for key in table:
        if key not in known:
            raise TrainingFault(f"“{key}” in {where} is not a setting. Known: {', '.join(sorted(known))}.")
    return kind(**table)


def parse(table: dict[str, Any], where: str) -> Config:
    table = dict(table)
    table["stages"] = tuple(_build(Stage, entry, f"{where}, stages") for entry in table.get("stages", []))
    if not table["stages"]:
        raise TrainingFault(f"{where} names no stage. Add at least one [[stages]].")
    if any(stage.reuse > 1 and not stage.frozen_blocks for stage in table["stages"]):
        raise TrainingFault(f"{where} asks for reuse without frozen_blocks. Set frozen_blocks, or reuse = 1.")
    if table.get("precision", "float32") not in ("float32", "bfloat16"):
        raise TrainingFault(f"“{table['precision']}” in {where} is not a precision. Known: float32, bfloat16.")
    if table.get("teaching") and any(stage.frozen_blocks for stage in table["stages"]):
        raise TrainingFault(f"{where} asks for teaching and frozen_blocks: teachers need the whole picture. Leave one out.")
    if table.get("robust") and table.get("mixup"):
        raise TrainingFault(f"{where} asks for robust and mixup: a mixed picture is of no one group. Leave one out.")
    # Checkpoints of before 2.0.0 hold a share of crops, most of them zero.
    table["augment"] = {k: v for k, v in table.get("augment", {}).items() if not (k == "crop" and v == 0)}
    table["augment"] = _build(Strength, table["augment"], f"{where}, augment")
    for key in ("leave_out", "alpha"):
        if isinstance(table.get(key), list):
            table[key] = tuple(table[key])
    return _build(Config, table, where)


def read(path: Path) -> Config:
    """`base` names another config beside it: its settings hold where this one has none."""
    return parse(_table(path), path.name)


def _table(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise TrainingFault(f"The config “{path}” can't be read: {error}.") from error
    base = table.pop("base", None)
    return table if base is None else {**_table(path.parent / base), **table}


def described(path: Path) -> str:
    """What a config's first comment says; nothing where there is no such config."""
    if not path.exists():
        return ""
    lines = path.read_text(encoding="utf-8").splitlines()
    return " ".join(line.lstrip("# ") for line in itertools.takewhile(lambda line: line.startswith("#"), lines))
