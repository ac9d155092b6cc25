"""What the served weights answer on pictures they were never trained on, in the groups the manifest reports."""

from __future__ import annotations

import csv
import io
import json
import tarfile
from pathlib import Path
from typing import Any, Callable, Protocol

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

from . import metrics
from .assurance.reader import Reader
from .augment import low_resolution_chain
from .crop import cropped_exactly
from .data import SPLITS, Collection
from .labels import LABELS, MODEL_SIZE, TrainingFault

Change = Callable[[np.ndarray], np.ndarray]


class Answering(Protocol):
    """Anything that gives logits [N, 4] for pictures [N, 224, 224]."""

    def logits(self, images: np.ndarray) -> np.ndarray: ...


def rows_of(collection: Collection, splits: np.ndarray, part: str, low: bool | None = False) -> np.ndarray:
    """Row numbers of one split that have a class; `low` picks pictures stored at 128 px, at 224 px, or (None) both."""
    here = (splits == SPLITS.index(part)) & (collection.labels >= 0)
    return np.flatnonzero(here if low is None else here & (collection.low == low))


def low_resolution(images: np.ndarray) -> np.ndarray:
    """uint8 [N, 224, 224] → the same pictures by way of 128 px, float32 0…1."""
    return low_resolution_chain(torch.from_numpy(images).float().div_(255.0)[:, None])[:, 0].numpy()


def answers(network: Answering, collection: Collection, rows: np.ndarray, change: Change | None = None, batch: int = 64) -> np.ndarray:
    """Logits [N, 4] of `rows`, each batch of pictures passed through `change` first."""
    parts = [np.zeros((0, len(LABELS)), np.float32)]
    for start in range(0, len(rows), batch):
        images = np.ascontiguousarray(collection.images[rows[start : start + batch]])
        parts.append(network.logits(images if change is None else change(images)))
    return np.concatenate(parts)


def figures(name: str, truth: np.ndarray, logits: np.ndarray, temperature: float, areas: bool = False, note: str | None = None) -> dict[str, Any]:
    """One group as the manifest holds it. `areas` adds AUCs with bootstrap intervals.

    Macro F1 and AUCs are given only where every class occurs: over the classes of one hospital they would mislead.
    """
    probabilities = metrics.softmax(logits, temperature)
    confusion = metrics.confusion_matrix(truth, logits.argmax(1))
    group: dict[str, Any] = {
        "name": name, "images": len(truth), "accuracy": float(np.trace(confusion) / len(truth)),
        "perClass": metrics.class_report(confusion), "confusion": confusion.tolist(),
        "calibrationError": metrics.calibration_error(truth, probabilities),
    }
    complete = len(np.unique(truth)) == len(LABELS)
    if complete:
        group["macroF1"] = metrics.macro_f1(confusion)
    if areas and complete:
        group["auc"], group["macroAuc"] = metrics.auc_intervals(truth, probabilities)
    return group if note is None else group | {"note": note}


def recall_table(collection: Collection, rows: np.ndarray, logits: np.ndarray) -> dict[str, Any]:
    """Recall of every class in every origin, and what the others were taken for."""
    table = []
    for k, origin in sorted({(int(collection.labels[i]), str(collection.origins[i])) for i in rows}):
        here = (collection.labels[rows] == k) & (collection.origins[rows] == origin)
        counts = np.bincount(logits[here].argmax(1), minlength=len(LABELS))
        table.append([LABELS[k], origin, int(here.sum()), round(counts[k] / here.sum(), 4), *counts.tolist()])
    return {"title": "Recall per class and hospital", "columns": ["Class", "Origin", "Images", "Recall", *(f"Called {n}" for n in LABELS)],
            "note": "Test pictures of 224 px. Few pictures make an uncertain figure.", "rows": table}


def read_masks(source: Path, wanted: set[str]) -> dict[str, np.ndarray]:
    """radiograph file → lung mask, bool [224, 224], of those in `wanted`; empty where the folder has none."""
    table, archive = source / "lung-masks.csv", source / "lung-masks.tar"
    if not (table.exists() and archive.exists()):
        return {}
    with table.open(newline="", encoding="utf-8") as stream:
        names = {line["mask"]: line["radiograph"] for line in csv.DictReader(stream) if line["radiograph"] in wanted}
    masks = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.name in names:
                with Image.open(io.BytesIO(tar.extractfile(member).read())) as picture:  # type: ignore[union-attr]
                    masks[names[member.name]] = np.asarray(picture.convert("L")) > 127
    return masks


def masks_of(collection: Collection, rows: np.ndarray, source: Path, lungs: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """(rows that have a lung mask, masks bool [N, 224, 224]): the given ones first, else the training's own maps."""
    given = read_masks(source, {collection.rows[i].file for i in rows})
    kept, masks = [], []
    for i in rows:
        mask = given.get(collection.rows[i].file)
        if mask is None and lungs is not None:
            soft = torch.from_numpy(np.asarray(lungs[i], np.float32))[None, None] / 255.0
            mask = F.interpolate(soft, (MODEL_SIZE, MODEL_SIZE), mode="bilinear", align_corners=False)[0, 0].numpy() > 0.5
        # Where (nearly) no lung was found, hiding it proves nothing.
        if mask is not None and mask.mean() > 0.05:
            kept.append(i)
            masks.append(mask)
    return np.array(kept, np.int64), np.array(masks, bool).reshape(-1, MODEL_SIZE, MODEL_SIZE)


# What is shown of a picture with a lung mask, and what its figures say.
SHORTCUT_WAYS = (
    ("Pictures with a lung mask, whole", "For comparison with the next two."),
    ("Lungs blacked out", "Whatever is recognized here beyond {share:.3f} (always saying the commonest class) comes from outside the lungs: a shortcut."),
    ("Only the lungs", "Everything but the lungs blacked out."),
)


def hidden_answers(logits: Callable[[np.ndarray], np.ndarray], images: np.ndarray, masks: np.ndarray, boxes: np.ndarray | None = None) -> list[np.ndarray]:
    """Logits of the pictures whole, with the lungs blacked out, and with nothing but the lungs: in the order of SHORTCUT_WAYS.

    With `boxes`, what is hidden is hidden inside the box of the picture as it was: `logits` gets pictures that are cropped.
    """
    def shown(pictures: np.ndarray) -> np.ndarray:
        return pictures if boxes is None else cropped_exactly(pictures, boxes)

    return [logits(shown(images)), logits(shown(images * ~masks)), logits(shown(images * masks))]


def shortcut_groups(truth: np.ndarray, hidden: list[np.ndarray], temperature: float) -> list[dict[str, Any]]:
    """Figures of the three ways of `hidden_answers`; none for no pictures."""
    if len(truth) == 0:
        return []
    share = float(np.bincount(truth).max() / len(truth))
    return [figures(name, truth, logits, temperature, note=note.format(share=share)) for (name, note), logits in zip(SHORTCUT_WAYS, hidden)]


def shortcut_table(truth: np.ndarray, origins: np.ndarray, hidden: list[np.ndarray]) -> dict[str, Any] | None:
    """Accuracy of the three ways in every origin, beside what always saying the origin's commonest class would give; None for no pictures."""
    rows: list[list[Any]] = []
    for origin in [*sorted(set(origins)), None]:
        here = np.ones(len(truth), bool) if origin is None else origins == origin
        if here.any():
            right = [round(float((logits[here].argmax(1) == truth[here]).mean()), 4) for logits in hidden]
            rows.append([origin or "all together", int(here.sum()), round(float(np.bincount(truth[here]).max() / here.sum()), 4), *right])
    return {"title": "What it leans on, per hospital", "columns": ["Origin", "Images", "Commonest class", "Whole", "Lungs blacked out", "Only the lungs"],
            "note": "Accuracy on test pictures of 224 px that have a lung mask. With the lungs blacked out, whatever lies above the share of the commonest class over all hospitals is a shortcut. "
                    "Within one hospital that gave one class only, a network that knows the hospital is always right.", "rows": rows} if rows else None


def tried_table(source: Path) -> dict[str, Any]:
    """What was tried against shortcuts, and what came of it, from the file that training/shortcuts.py writes."""
    try:
        entries = json.loads(source.read_text(encoding="utf-8"))
        rows = [[e["run"], e["what"], e["size"], e["images"], *(round(e[way], 4) for way in ("whole", "lungsBlackedOut", "onlyLungs"))] for e in entries]
        share = max(e["commonestClass"] for e in entries)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingFault(f"“{source}” does not say what was tried ({error!r}). Write it with training/shortcuts.py.") from error
    return {"title": "What was tried against shortcuts", "columns": ["Run", "What", "Pixels", "Images", "Whole", "Lungs blacked out", "Only the lungs"],
            "note": f"Accuracy on validation pictures of 224 px whose lungs were found; always saying the commonest class would give {share:.3f}. "
                    "The runs at 96 px are small, to tell recipes apart; left-out hospitals are not among their pictures.", "rows": rows}


def external_table(summaries: list[Path]) -> dict[str, Any] | None:
    """Recall on origins a run never saw, from the `summary.json` of leave-one-origin-out runs."""
    rows: list[list[Any]] = []
    for path in summaries:
        try:
            summary = json.loads(path.read_text(encoding="utf-8"))
            outside = {k: t["groups"] for k, t in summary.items() if isinstance(t, dict) and "groups" in t and k != "validation"}
        except (OSError, ValueError, KeyError, AttributeError) as error:
            raise TrainingFault(f"“{path}” is no summary of a run ({error}). Give the summary.json of leave-one-origin-out runs.") from error
        for groups in outside.values():
            for name, table in groups.items():
                label, _, origin = name.partition(" · ")
                rows.append([path.parent.name, label, origin, table["images"], round(table["recall"], 4), *table["answers"]])
    if not rows:
        return None
    return {"title": "Hospitals the network never saw", "columns": ["Run", "Class", "Origin left out", "Images", "Recall", *(f"Called {n}" for n in LABELS)],
            "note": "Each run was trained without these origins, at a small budget, and tested on them. This, not the test split, is what to expect in a new hospital.", "rows": rows}


def evaluate(network: Answering, collection: Collection, splits: np.ndarray, source: Path,
             lungs: np.ndarray | None = None, summaries: list[Path] | None = None, tried: Path | None = None) -> dict[str, Any]:
    """Everything the manifest reports: `temperature`, `groups` (the first: test at 224 px) and `tables`."""
    calibration, test = rows_of(collection, splits, "calibration"), rows_of(collection, splits, "test")
    if len(calibration) == 0 or len(test) == 0:
        raise TrainingFault("The calibration or the test split has no image. Give more images: the splits need a few of every class.")
    temperature = metrics.fit_temperature(collection.labels[calibration], answers(network, collection, calibration))
    logits, truth = answers(network, collection, test), collection.labels[test]
    groups = [figures("Test split, 224 px", truth, logits, temperature, areas=True)]
    groups.append(figures("The same pictures at 128 px", truth, answers(network, collection, test, low_resolution), temperature, areas=True,
                          note="Sent through the chain of the low-resolution copies: bilinear to 128 px, stretched, 8 bits, back."))
    stored_low = rows_of(collection, splits, "test", low=True)
    if len(stored_low):
        groups.append(figures("Test pictures only to be had at 128 px", collection.labels[stored_low], answers(network, collection, stored_low), temperature))
    for origin in sorted(set(collection.origins[test])):
        here = collection.origins[test] == origin
        groups.append(figures(f"Test split, origin {origin}", truth[here], logits[here], temperature))
    validation = rows_of(collection, splits, "validation")
    groups.append(figures("Validation split, 224 px", collection.labels[validation], answers(network, collection, validation), temperature,
                          note="Chose the epoch and the recipe: not a figure to expect elsewhere."))
    with_mask, masks = masks_of(collection, test, source, lungs)
    seen = collection.labels[with_mask]
    pictures = np.ascontiguousarray(collection.images[with_mask])
    if isinstance(network, Reader):
        hidden = hidden_answers(network.as_they_are, pictures, masks, network.boxes(pictures)) if len(with_mask) else []
    else:
        hidden = hidden_answers(network.logits, pictures, masks) if len(with_mask) else []
    groups += shortcut_groups(seen, hidden, temperature)
    tables = [recall_table(collection, test, logits), shortcut_table(seen, collection.origins[with_mask], hidden),
              tried_table(tried) if tried else None, external_table(summaries or [])]
    return {"temperature": temperature, "groups": groups, "tables": [t for t in tables if t]}
