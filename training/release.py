#!/usr/bin/env python3
"""Makes the served model from a checkpoint: python3 training/release.py --checkpoint BEST.pt --data DIR --version 1.0.0.

Writes float32, float16 and uint8 forms, checks each in TensorFlow.js, takes the smallest good one, evaluates it, and
writes it with the assurance section (gate, probes, prediction sets, curves, lung network), manifest, card and current.json under
public/models.
"""

import argparse
import json
import shlex
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np  # noqa: E402
import torch  # noqa: E402

from fieldray_training import checkpoint, data, evaluate, manifest, parity, release, travel  # noqa: E402
from fieldray_training.crop import CropRule, Shown  # noqa: E402
from fieldray_training.assurance import lung_data, lung_network, negatives, section  # noqa: E402
from fieldray_training.assurance.reader import Reader  # noqa: E402
from fieldray_training.export import read_model  # noqa: E402
from fieldray_training.labels import TrainingFault  # noqa: E402


FEW_LABELS = ("The head of a network that never saw the hospital, refitted on so many labelled pictures of each class that the hospital has; the mean of five draws, measured on its other pictures. "
              "Accuracy is the mean of the recalls.")


def main() -> int:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--version", required=True, help="such as 1.0.0")
    parser.add_argument("--lung-network", type=Path, default=here / "checkpoints" / "lungs.pt", help="checkpoint of training/lung_network.py (default: the committed one)")
    parser.add_argument("--no-lung-network", action="store_true", help="release without one")
    parser.add_argument("--crop", type=Path, help="crop.json of training/boxes.py: the classifier sees the lungs' box")
    parser.add_argument("--boxes", type=Path, default=here / "data" / "boxes.npy", help="boxes.npy of training/boxes.py")
    parser.add_argument("--travel", type=Path, help="folder of training/travel.py's small runs")
    parser.add_argument("--folds", type=Path, default=here / "folds" / "small.toml")
    parser.add_argument("--travel-full", type=Path, help="folder of training/travel.py's runs of the full recipe")
    parser.add_argument("--folds-full", type=Path, default=here / "folds" / "full.toml")
    parser.add_argument("--external", type=Path, nargs="*", default=[], help="summary.json of leave-one-origin-out runs")
    parser.add_argument("--tried", type=Path, help="what training/shortcuts.py wrote")
    parser.add_argument("--dtype", choices=release.DTYPES, help="ship this form instead of the smallest good one")
    parser.add_argument("--models", type=Path, default=here.parent / "public" / "models")
    parser.add_argument("--cache", type=Path, default=here / "data")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--prune", action="store_true", help="remove other versions of the model from the served folder")
    parser.add_argument("--no-keep", action="store_true", help="do not keep the embeddings in the cache for a next run")
    parser.add_argument("--no-parity", action="store_true", help="where Node is not to be had")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    try:
        run(arguments)
    except TrainingFault as fault:
        print(f"Stopped: {fault}", file=sys.stderr)
        return 1
    return 0


def run(a: argparse.Namespace) -> None:
    state, model = checkpoint.read(a.checkpoint), checkpoint.load_model(a.checkpoint)
    collection = data.load(a.data, a.cache)
    splits = data.split(collection.rows)
    out = a.checkpoint.parent / "export"
    rule = CropRule.parse(json.loads(a.crop.read_text())) if a.crop else None
    shown = data.Collection(Shown(collection.images, np.load(a.boxes)), collection.rows) if rule else collection
    stored = release.export_all(model, shown, splits, out)
    tables, largest = [], None
    chosen = next(s for s in stored if s.dtype == a.dtype) if a.dtype else release.smallest_good(stored)
    validation = evaluate.rows_of(collection, splits, "validation")
    if not a.no_parity:
        checked = parity.check(model, {s.dtype: s.folder for s in stored}, np.ascontiguousarray(shown.images[validation]))
        (out / "parity.json").write_text(json.dumps(checked, indent=1) + "\n")
        failed = [dtype for dtype, p in checked.items() if not p["passed"]]
        if chosen.dtype in failed:
            raise TrainingFault(f"TensorFlow.js and PyTorch disagree on the {chosen.dtype} form; see {out / 'parity.json'}. Nothing was released.")
        if failed:
            print(f"Beware: parity failed for {', '.join(failed)}; see {out / 'parity.json'}.", file=sys.stderr)
        tables, largest = [release.parity_table(checked)], checked[chosen.dtype]["largestDifference"]
    kept, beside = None if a.no_keep else a.cache, out / "assurance"
    lungs, masked, maps = None, None, None
    if not a.no_lung_network:
        lungs = section.write_lungs(beside, lung_network.load(a.lung_network), kept)
        masked = lung_data.read(a.data, collection, splits) if (a.data / lung_data.TABLE).exists() else None
        maps = lung_network.maps_of(lungs, collection, evaluate.rows_of(collection, splits, "test"))
    reader = Reader(read_model(chosen.folder), kept, lungs if rule else None, rule)
    evaluation = evaluate.evaluate(reader, collection, splits, a.data, maps, a.external, a.tried)
    reader.memory.keep()
    folds = travel.read_folds(a.folds)
    small = [travel.gathered(a.travel, folds)] if a.travel else []
    full = [travel.gathered(a.travel_full, travel.read_folds(a.folds_full))] if a.travel_full else []
    if small:
        evaluation["travel"] = travel.sections(small, full, collection)
        evaluation["fewLabels"] = {"note": FEW_LABELS, "rows": travel.few_label_rows(a.travel, folds, small[0], collection)}
    assurance = section.build(beside, reader, evaluation["temperature"], collection, splits, negatives.read_negatives(a.data), lungs, masked, away=[*small, *full])
    reader.memory.keep()
    if lungs:
        lungs.memory.keep()
    if lungs and not a.no_parity:
        tables.append(lung_network.parity_table(beside / section.LUNG_FOLDER, np.ascontiguousarray(collection.images[validation[:20]])))
    evaluation["tables"] += [release.storage_table(stored, chosen), *tables]
    (out / "evaluation.json").write_text(json.dumps(evaluation, indent=1) + "\n")
    folder = release.place(chosen, a.models, manifest.MODEL_ID, a.version, a.prune, (beside, section.files_of(beside, assurance)))
    command = "python3 training/release.py " + shlex.join(_told(sys.argv[1:]))
    description = manifest.build(folder, chosen.dtype, a.version, evaluation, state, data.report(collection.rows, splits), largest, command, assurance=assurance, crop=rule.plain() if rule else None)
    manifest.write(folder, description)
    manifest.offer(a.models, description)
    first = evaluation["groups"][0]
    _say(assurance)
    print(f"{manifest.MODEL_ID} {a.version} as {chosen.dtype}: {first['name']}: accuracy {first['accuracy']:.4f}, macro F1 {first.get('macroF1', float('nan')):.4f}, "
          f"calibration error {first['calibrationError']:.4f}")


def _say(assurance: dict[str, Any]) -> None:
    """The guards' figures in short; all of them stand in the card."""
    for row in assurance["gate"]["evaluation"]["rows"]:
        hits = " / ".join(f"{row[r]['found'] / max(1, row[r]['images']):.3f}" for r in ("embedding", "joined") if r in row)
        print(f"  gate: {row['kind']} {row.get('label', '')} {row.get('origin', '')}: should {row['wanted']}, right {hits} of {row['embedding']['images']}")
    for row in [*assurance["quality"]["evaluation"]["rows"], *assurance.get("lungs", {}).get("evaluation", {}).get("limits", [])]:
        print(f"  {row['finding']}: " + ", ".join(f"{name} {h['found']}/{h['images']}" for name, h in (("found", row["detected"]), ("false alarms", row["falseAlarms"])) if h))
    for level in assurance["conformal"]["levels"]:
        print(f"  sets at {level['level']}: coverage {level['held']['coverage']:.3f}, completed {level['completed']['coverage']:.3f}, mean size {level['completed']['meanSize']:.2f}")
    for row in assurance.get("lungs", {}).get("evaluation", {}).get("dice", []):
        print(f"  Dice, {row['masks']} ({row['channel']}): {row['dice']:.4f} of {row['images']}")


def _told(arguments: list[str]) -> list[str]:
    """The command line as anybody may read it: absolute paths shortened to their last part."""
    return [Path(a).name if a.startswith("/") else a for a in arguments]


if __name__ == "__main__":
    sys.exit(main())
