"""Leave one hospital out: every fold's pictures are judged by a network that never saw their hospital, and what came of it."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from . import checkpoint
from .assurance import conformal
from .config import Config
from .crop import cropped_all
from .data import Collection
from .labels import LABELS, TrainingFault
from .metrics import fit_temperature, softmax
from .train import Trainer, entry_rows, parts, read_all

# A cell of fewer pictures says too little to count for the lowest recall, or for a mean.
FEWEST = 15
ANSWERS = "answers.npz"


@dataclass(frozen=True)
class Fold:
    name: str
    leave_out: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """What networks said of hospitals they never saw: row numbers [N], hospital names [N], logits [N, 4], pooled features
    [N, 1280], fold numbers [N]; and of their own validation split (`inside…`)."""

    rows: np.ndarray
    hospitals: np.ndarray
    logits: np.ndarray
    features: np.ndarray
    folds: np.ndarray
    inside_rows: np.ndarray
    inside_logits: np.ndarray
    inside_features: np.ndarray
    inside_folds: np.ndarray
    names: tuple[str, ...]


def read_folds(path: Path) -> list[Fold]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return [Fold(str(entry["name"]), tuple(entry["leave_out"])) for entry in table["folds"]]
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise TrainingFault(f"The folds “{path}” can't be read: {error!r}. Each [[folds]] needs a name and leave_out.") from error


def hospital_names(collection: Collection, fold: Fold) -> tuple[np.ndarray, np.ndarray]:
    """(rows that the fold leaves out and that have a class, the hospital of each: the place where the fold names it, else the origin)."""
    names = np.full(len(collection.rows), "", dtype=object)
    for entry in fold.leave_out:
        here = entry_rows(collection, entry) & (collection.labels >= 0) & (names == "")
        names[here] = entry[1:] if entry.startswith("@") else entry.partition(":")[0]
    rows = np.flatnonzero(names != "")
    return rows, names[rows].astype(str)


def run_fold(fold: Fold, config: Config, collection: Collection, splits: np.ndarray, out: Path, imagenet: Path | None,
             lungs: np.ndarray | None, boxes: np.ndarray | None, start: Path | None = None) -> None:
    """Trains one fold (or goes on with it) and writes ANSWERS into its folder; nothing where that is there."""
    folder = out / fold.name
    if (folder / ANSWERS).exists():
        return
    settings = replace(config, leave_out=fold.leave_out)
    trainer = Trainer(settings, collection, splits, folder, imagenet, lungs, start, boxes=boxes)
    trainer.run()
    model = checkpoint.load_model(folder / "best.pt").to(trainer.device)
    rows, hospitals = hospital_names(collection, fold)
    inside = parts(collection, splits, settings).validation
    size = settings.stages[-1].size

    def read(which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        images = collection.images[which]
        logits, features = read_all(model, images if boxes is None else cropped_all(images, boxes[which]), size, half=trainer.half)
        return logits.numpy(), features.half().numpy()

    (logits, features), (inside_logits, inside_features) = read(rows), read(inside)
    partial = folder / f"partial-{ANSWERS}"
    np.savez(partial, rows=rows, hospitals=hospitals, logits=logits, features=features,
             inside_rows=inside, inside_logits=inside_logits, inside_features=inside_features)
    partial.rename(folder / ANSWERS)


def gathered(out: Path, folds: list[Fold]) -> Answers:
    """The answers of all folds that are done."""
    done = [f for f in folds if (out / f.name / ANSWERS).exists()]
    if not done:
        raise TrainingFault(f"No fold is done in “{out.name}”. Run training/travel.py first.")
    tables = []
    for fold in done:
        with np.load(out / fold.name / ANSWERS) as kept:
            tables.append({k: kept[k] for k in kept.files})
    joined = {k: np.concatenate([t[k] for t in tables]) for k in tables[0]}
    number = lambda key: np.concatenate([np.full(len(t[key]), i) for i, t in enumerate(tables)])  # noqa: E731
    return Answers(**joined, folds=number("rows"), inside_folds=number("inside_rows"), names=tuple(f.name for f in done))


def cells_of(truth: np.ndarray, hospitals: np.ndarray) -> list[tuple[int, str, np.ndarray]]:
    """(class, hospital, positions) of every class × hospital."""
    keys = sorted({(int(k), str(h)) for k, h in zip(truth, hospitals)})
    return [(k, h, np.flatnonzero((truth == k) & (hospitals == h))) for k, h in keys]


def table(truth: np.ndarray, hospitals: np.ndarray, p: np.ndarray, limits: list[float] | None = None, sure: float = 0.9,
          run: str = "small") -> dict[str, Any]:
    """Recall per class and hospital, how sure the answers are and how right then, how often the 90 % sets (of `limits`) keep the truth.

    The mean and the minimum count cells of FEWEST pictures or more; how right the sure answers are is a mean over hospitals.
    """
    said, top = p.argmax(1), p.max(1)
    inside = None if limits is None else conformal.sets(p, limits, True)
    rows = []
    for k, hospital, here in cells_of(truth, hospitals):
        bold = here[top[here] >= sure]
        row: dict[str, Any] = {"class": LABELS[k], "hospital": hospital, "pictures": len(here), "recall": float((said[here] == k).mean()),
                               "sure": len(bold) / len(here), "sureRight": float((said[bold] == k).mean()) if len(bold) else None,
                               "answers": np.bincount(said[here], minlength=len(LABELS)).tolist(), "run": run}
        if inside is not None:
            row |= {"coverage90": float(inside[here, k].mean()), "setSize90": float(inside[here].sum(1).mean())}
        rows.append(row)
    rows.sort(key=lambda row: row["recall"])
    large = [row for row in rows if row["pictures"] >= FEWEST]
    result: dict[str, Any] = {"rows": rows, "mean": float(np.mean([row["recall"] for row in large])), "minimum": min(row["recall"] for row in large)}
    right = [(said[bold] == truth[bold]).mean() for h in np.unique(hospitals) for bold in [np.flatnonzero((hospitals == h) & (top >= sure))] if len(bold)]
    result |= {"sure": float(np.mean([row["sure"] for row in large])), "sureRight": float(np.mean(right)) if right else None, "hospitals": len(np.unique(hospitals))}
    if inside is not None:
        result |= {"coverage90": float(np.mean([row["coverage90"] for row in large])), "setSize90": float(np.mean([row["setSize90"] for row in large]))}
    return result


def sections(small: list[Answers], full: list[Answers], collection: Collection) -> dict[str, Any]:
    """`evaluation.travel` and `evaluation.fewLabels` of the manifest. Each run's own answers, softened by the fit of the other folds, with its sets."""
    from .assurance import new_hospital

    tables = []
    for answers, run in [*((a, "small") for a in small), *((a, "full") for a in full)]:
        fit = new_hospital.outside([answers], collection) if len(answers.names) > 1 else new_hospital.outside([*small, *full], collection)
        soft = new_hospital.factor(fit)
        limits = new_hospital.thresholds(softmax(fit.logits, soft), fit.truth, fit.hospitals, conformal.LEVELS[0])
        truth, home = collection.labels[answers.rows], np.zeros(len(answers.rows))
        for i in range(len(answers.names)):
            inside = answers.inside_folds == i
            home[answers.folds == i] = fit_temperature(collection.labels[answers.inside_rows[inside]], answers.inside_logits[inside])
        tables.append(table(truth, answers.hospitals, softmax(answers.logits / home[:, None], soft), limits, run=run))
    first = tables[0]
    rows = sorted((row for one in tables for row in one["rows"]), key=lambda row: row["recall"])
    return {"note": "Leave one hospital out: every picture is judged by a network that never saw its hospital, at a small budget, softened by the new-hospital fit. "
                    f"Means and the minimum are of the small runs, over classes × hospitals of {FEWEST} pictures or more. “full”: the shipped recipe at 160 pixels without the hospitals that model 1.0.0 did not know.",
            "rows": [{k: v for k, v in row.items() if k != "answers"} for row in rows],
            **{k: first[k] for k in ("mean", "minimum", "sureRight", "coverage90", "setSize90")}}


def few_label_rows(out: Path, folds: list[Fold], answers: Answers, collection: Collection) -> list[dict[str, Any]]:
    """`evaluation.fewLabels`: each hospital of several classes, its head refitted on a few labelled pictures of it."""
    from .assurance import few_labels

    found = []
    for i, name in enumerate(answers.names):
        model = checkpoint.load_model(out / name / "best.pt")
        head = (model.head.weight.detach().numpy().T.copy(), model.head.bias.detach().numpy())
        inside = answers.inside_folds == i
        temperature = fit_temperature(collection.labels[answers.inside_rows[inside]], answers.inside_logits[inside])
        for hospital in np.unique(answers.hospitals[answers.folds == i]):
            here = (answers.folds == i) & (answers.hospitals == hospital)
            found += few_labels.rows(str(hospital), answers.features[here].astype(np.float32), collection.labels[answers.rows[here]], head, temperature)
    return found


def summary(answers: Answers, collection: Collection) -> dict[str, Any]:
    """Recalls of all folds, and each fold's accuracy on its own validation split: before any calibration."""
    truth = collection.labels[answers.rows]
    inside = [float((answers.inside_logits[here].argmax(1) == collection.labels[answers.inside_rows[here]]).mean())
              for here in (answers.inside_folds == i for i in range(len(answers.names)))]
    return {"folds": dict(zip(answers.names, inside)), **table(truth, answers.hospitals, softmax(answers.logits))}


def write_summary(out: Path, result: dict[str, Any]) -> None:
    (out / "travel.json").write_text(json.dumps(result, indent=1) + "\n")
