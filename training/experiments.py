#!/usr/bin/env python3
"""Writes EXPERIMENTS.md from the summaries kept in training/results: python3 training/experiments.py.

What was tried and why stands in the first comment of each config, whether it was kept in the table below;
every figure is read from the run's summary.json.
"""

import argparse
import json
from pathlib import Path

VERDICTS = Path(__file__).parent / "configs" / "verdicts.json"


def main() -> None:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, default=here / "results")
    parser.add_argument("--out", type=Path, default=here / "EXPERIMENTS.md")
    arguments = parser.parse_args()
    verdicts = json.loads(VERDICTS.read_text())
    rows, outside_names = [], []
    for name, verdict in verdicts.items():
        summary = json.loads((arguments.runs / name / "summary.json").read_text())
        config = (here / "configs" / f"{name}.toml").read_text().splitlines()
        what = " ".join(line.lstrip("# ") for line in config[: next(i for i, line in enumerate(config) if not line.startswith("#"))])
        outside = {
            group: figures["recall"]
            for entry, table in summary.items() if isinstance(table, dict) and entry != "validation"
            for group, figures in table["groups"].items()
        }
        outside_names += [g for g in outside if g not in outside_names]
        rows.append((name, what, summary["size"], summary["validation"]["accuracy"], summary["best_val_loss"], outside, verdict))
    head = ["run", "what and why", "size", "val. accuracy (224 px pictures)", "val. loss", *(f"recall, unseen {g}" for g in outside_names), "kept?"]
    lines = [
        "# Experiments", "",
        "Written by `python3 training/experiments.py` from the runs' own summaries. “Unseen” recalls are on hospitals",
        "that the run neither trained nor validated on; all of a run's left-out origins are left out at once.",
        "Validation losses of different loss functions do not compare.", "",
        "| " + " | ".join(head) + " |", "|" + " --- |" * len(head),
    ]
    for name, what, size, accuracy, loss, outside, verdict in rows:
        cells = [name, what, str(size), f"{accuracy:.3f}", f"{loss:.4f}",
                 *(f"{outside[g]:.3f}" if g in outside else "" for g in outside_names), verdict]
        lines.append("| " + " | ".join(cells) + " |")
    arguments.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
