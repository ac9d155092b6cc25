#!/usr/bin/env python3
"""Writes EXPERIMENTS.md from the summaries kept in training/results: python3 training/experiments.py.

What was tried and why stands in the first comment of each config, whether it was kept in the table below;
every figure is read from the run's summary.json.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fieldray_training import config, travel  # noqa: E402

VERDICTS = Path(__file__).parent / "configs" / "verdicts.json"


def travelled(runs: Path) -> list[str]:
    """Leave one hospital out, which leads: every run of training/travel.py whose travel.json lies in the results."""
    lines = ["## Hospitals a network never saw", "",
             "Written from the runs' travel.json (`training/travel.py`): recall per class and hospital, each judged by a network that never saw it; the mean and the minimum count",
             f"classes × hospitals of {travel.FEWEST} pictures or more. A place stands for that place in every other origin. Before any calibration: what “sure” means is in the model card.", ""]
    for path in sorted(runs.glob("*/travel.json")):
        table = json.loads(path.read_text())
        inside = ", ".join(f"{name} {accuracy:.3f}" for name, accuracy in table["folds"].items())
        lines += [f"**{path.parent.name}**: {config.described(Path(__file__).parent / 'configs' / f'{path.parent.name}.toml')}",
                  f"Mean {table['mean']:.3f}, lowest {table['minimum']:.3f}. Accuracy on each fold's own validation split: {inside}.", "",
                  "| class | hospital | pictures | recall | called COVID, Lung_Opacity, Normal, Viral Pneumonia |", "| --- | --- | --- | --- | --- |",
                  *(f"| {r['class']} | {r['hospital']} | {r['pictures']} | {r['recall']:.3f} | {', '.join(map(str, r['answers']))} |" for r in table["rows"]), ""]
    return lines


def site_statistics(runs: Path) -> list[str]:
    """What training/adabn.py measured: batch statistics taken on an unseen hospital's own pictures."""
    path = runs / "adabn.json"
    if not path.exists():
        return []
    cells = json.loads(path.read_text())
    before = {(c["hospital"], c["class"]): c["recall"] for c in cells if c["pictures"] == 0}
    lines = ["## Batch statistics of the site's own pictures, without labels (AdaBN)", "",
             "Written from training/adabn.py: the networks of **travel** meet each hospital they never saw. Means over classes × hospitals of",
             f"{travel.FEWEST} pictures or more that had enough pictures. It makes recall worse at every number of pictures, the more the more it is used (a site's",
             "pictures differ in their classes too, and the statistics take that away): it is no feature of the app.", "",
             "| pictures of the site | share of its statistics | cells | recall before | recall after |", "| --- | --- | --- | --- | --- |"]
    for pictures, share in sorted({(c["pictures"], c["share"]) for c in cells if c["pictures"] > 0}):
        own = [c for c in cells if (c["pictures"], c["share"]) == (pictures, share) and c["count"] >= travel.FEWEST]
        old = sum(before[c["hospital"], c["class"]] for c in own) / len(own)
        lines.append(f"| {pictures} | {share} | {len(own)} | {old:.3f} | {sum(c['recall'] for c in own) / len(own):.3f} |")
    return [*lines, ""]


def main() -> None:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, default=here / "results")
    parser.add_argument("--out", type=Path, default=here / "EXPERIMENTS.md")
    arguments = parser.parse_args()
    verdicts = json.loads(VERDICTS.read_text())
    hidden = {e["run"]: e for e in json.loads((arguments.runs / "shortcuts.json").read_text())}
    rows, outside_names = [], []
    for name, verdict in verdicts.items():
        summary = json.loads((arguments.runs / name / "summary.json").read_text())
        what = config.described(here / "configs" / f"{name}.toml")
        outside = {
            group: figures["recall"]
            for entry, table in summary.items() if isinstance(table, dict) and entry != "validation"
            for group, figures in table["groups"].items()
        }
        outside_names += [g for g in outside if g not in outside_names]
        rows.append((name, what, summary["size"], summary["validation"]["accuracy"], summary["best_val_loss"], outside, verdict))
    head = ["run", "what and why", "size", "val. accuracy (224 px pictures)", "val. loss", "lungs blacked out", "only the lungs", *(f"recall, unseen {g}" for g in outside_names), "kept?"]
    lines = [
        "# Experiments", "", *travelled(arguments.runs), *site_statistics(arguments.runs),
        "## Runs", "",
        "Written by `python3 training/experiments.py` from the runs' own summaries. “Unseen” recalls are on hospitals",
        "that the run neither trained nor validated on; all of a run's left-out origins are left out at once.",
        "Validation losses of different loss functions do not compare. “Lungs blacked out” and “only the lungs” are accuracies",
        "on the validation pictures whose lungs were found (`training/shortcuts.py`).", "",
        "| " + " | ".join(head) + " |", "|" + " --- |" * len(head),
    ]
    for name, what, size, accuracy, loss, outside, verdict in rows:
        cells = [name, what, str(size), f"{accuracy:.3f}", f"{loss:.4f}",
                 *(f"{hidden[name][way]:.3f}" if name in hidden else "" for way in ("lungsBlackedOut", "onlyLungs")),
                 *(f"{outside[g]:.3f}" if g in outside else "" for g in outside_names), verdict]
        lines.append("| " + " | ".join(cells) + " |")
    arguments.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
