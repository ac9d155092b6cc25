"""The words and the Markdown of the model card: texts from card.toml, every figure from the manifest."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from .assurance import card as assurance_card
from .labels import LABELS, TrainingFault
from .markdown import cell, percent, table

TEXTS = Path(__file__).resolve().parents[1] / "card.toml"


def read_texts(path: Path = TEXTS) -> dict[str, Any]:
    """The texts a person wrote. Raises TrainingFault if one is missing."""
    try:
        texts = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise TrainingFault(f"The card's texts “{path.name}” can't be read: {error}.") from error
    for key in ("title", "summary", "intended_use", "not_for", "data", "faults", "licence"):
        if not texts.get(key):
            raise TrainingFault(f"“{key}” is missing in “{path.name}”. The model card needs it.")
    return texts


def against_shortcuts(config: dict[str, Any]) -> list[str]:
    """What the run's own config did against shortcuts, in sentences; a setting of zero says nothing."""
    a = config["augment"]

    def share(p: float) -> str:
        return f"{p:.0%} of the training pictures"

    sentences = [
        (config["origin_power"] < 1, f"Pictures were drawn evenly by class, and within a class by origin (count to the power {config['origin_power']:g}), so that the largest hospital does not stand for its class."),
        (a["low_resolution"], f"{a['low_resolution']:.0%} of the full-resolution pictures of every class went through the chain of the low-resolution copies."),
        (a.get("background"), f"The surroundings of the lungs were exchanged with another picture's, flattened or replaced by noise in {share(a.get('background', 0))}."),
        (config.get("crop"), "The network sees the rectangle around the lungs, in training as in use; its edges moved at random in training."),
        (config.get("hidden"), f"The lungs were hidden in {share(config.get('hidden', 0))}, with the answer that nothing can be said."),
        (a.get("histogram"), f"The grey levels of another picture were put on {share(a.get('histogram', 0))}."),
        (a["tone"], f"A random tone curve changed {share(a['tone'])}."),
        (a["local_contrast"], f"Local contrast was changed in {share(a['local_contrast'])}."),
        (a["blur"] or a["noise"] or a["jpeg"], f"Blur or sharpening ({a['blur']:.0%}), noise ({a['noise']:.0%}) and strong JPEG compression ({a['jpeg']:.0%}) were added at random."),
        (a["border"] or a["text"], f"Borders ({a['border']:.0%}) and marks like burnt-in text ({a['text']:.0%}) were drawn into pictures of every class."),
        (True, "The answers with the lungs blacked out, with only the lungs, and on hospitals left out of training are part of this card."),
    ]
    return [text for said, text in sentences if said]


def _bullets(texts: list[str]) -> list[str]:
    return [*(f"- {text}" for text in texts), ""]


def _first_group(group: dict[str, Any]) -> list[str]:
    lines = [f"{group['images']} pictures, accuracy {percent(group['accuracy'])}, macro F1 {cell(group.get('macroF1')) or 'not given'}, calibration error {group['calibrationError']:.3f}."]
    if "macroAuc" in group:
        m = group["macroAuc"]
        lines[0] += f" Mean AUC {m['value']:.4f} (95 % interval {m['low']:.4f} to {m['high']:.4f})."
    lines.append("")
    rows = []
    for label in LABELS:
        f, area = group["perClass"][label], group.get("auc", {}).get(label)
        rows.append([label, f["precision"], f["recall"], f["f1"], f["support"], f"{area['value']:.4f} ({area['low']:.4f}–{area['high']:.4f})" if area else None])
    lines += table(["Class", "Precision", "Recall", "F1", "Support", "AUC (95 %)"], rows)
    lines += ["Rows are the truth, columns the answer:", ""]
    return lines + table(["", *LABELS], [[label, *row] for label, row in zip(LABELS, group["confusion"])])


def _groups(groups: list[dict[str, Any]]) -> list[str]:
    rows = [[g["name"], g["images"], g["accuracy"], g.get("macroF1"), g.get("calibrationError"), g.get("note")] for g in groups]
    return table(["Pictures", "Images", "Accuracy", "Macro F1", "Calibration error", ""], rows)


def _counts(counts: list[dict[str, Any]]) -> list[str]:
    splits = list(dict.fromkeys(c["split"] for c in counts))
    by_row: dict[tuple[str, str], dict[str, int]] = {}
    for c in counts:
        by_row.setdefault((c["label"], c["origin"]), {})[c["split"]] = c["images"]
    return table(["Class", "Origin", *splits], [[*key, *(row.get(s, 0) for s in splits)] for key, row in by_row.items()])


def _travel(travel: dict[str, Any] | None) -> list[str]:
    """What leads the card: hospitals no network had seen, the worst first."""
    if not travel:
        return []
    rows = [[r["class"], r["hospital"], r["pictures"], percent(r["recall"]), percent(r["sure"]), None if r["sureRight"] is None else percent(r["sureRight"]), percent(r["coverage90"]), f"{r['setSize90']:.2f}", r["run"]]
            for r in travel["rows"]]
    right = "none was sure" if travel["sureRight"] is None else f"{percent(travel['sureRight'])} of the sure answers right (mean of hospitals that had any)"
    return ["## Hospitals it never saw: the failures first", "",
            f"Mean recall {percent(travel['mean'])}, lowest {percent(travel['minimum'])}; {right}; the 90 % sets keep {percent(travel['coverage90'])} with {travel['setSize90']:.2f} classes. {travel['note']}", "",
            *table(["Class", "Hospital", "Pictures", "Recall", "Sure", "Sure and right", "90 % set keeps", "Set size", "Run"], rows)]


def _few_labels(few: dict[str, Any] | None) -> list[str]:
    if not few or not few["rows"]:
        return []
    share = lambda x: None if x is None else percent(x)  # noqa: E731
    rows = [[r["hospital"], r["labels"], percent(r["before"]["accuracy"]), percent(r["after"]["accuracy"]), share(r["before"]["sureRight"]), share(r["after"]["sureRight"])] for r in few["rows"]]
    return ["## A few labelled pictures of the new hospital", "", few["note"], "",
            *table(["Hospital", "Labels a class", "Accuracy before", "After", "Sure and right before", "After"], rows)]


def markdown(manifest: dict[str, Any]) -> str:
    """The whole card. Everything in it stands in the manifest."""
    card, evaluation = manifest["card"], manifest["evaluation"]
    megabytes = sum(f["bytes"] for f in manifest["files"]) / 1e6
    lines = [
        f"# {card['title']}", "", card["summary"], "",
        f"Version {manifest['version']} of {manifest['created'][:10]}, weights stored as {manifest['weights']['dtype']} ({megabytes:.2f} MB). "
        f"Generated from manifest.json; do not edit.", "",
        *_travel(evaluation.get("travel")), *_few_labels(evaluation.get("fewLabels")),
        "## What it is for", "", *_bullets(card["intendedUse"]), "## What it is not for", "", *_bullets(card["notFor"]),
        "## Held-back pictures of the known hospitals", "", *_first_group(evaluation["groups"][0]),
        "## Other groups", "", *_groups(evaluation["groups"][1:]),
    ]
    for one in evaluation["tables"]:
        lines += [f"## {one['title']}", "", one["note"], "", *table(one["columns"], one["rows"])]
    lines += assurance_card.lines(manifest.get("assurance"))
    lines += ["## Data", "", *_bullets(card["data"]), *_counts(card["counts"]), "## Faults of the data", "", *_bullets(card["faults"]),
              "## What was done against shortcuts", "", *_bullets(card["shortcuts"]),
              "## Training", "", f"The epoch of the lowest validation loss was kept: {evaluation['keptEpoch']} of {len(evaluation['trainingLog'])}. Softmax temperature {manifest['temperature']:.4f}, fitted on the calibration split.", ""]
    columns = ["epoch", "stage", "accuracy", "loss", "val_accuracy", "val_loss", "seconds"]
    lines += table(columns, [[f"{row[c]:.5f}" if "loss" in c else row[c] for c in columns] for row in evaluation["trainingLog"]])
    lines += ["## Licence", "", manifest["licence"], "", "## How it was made", "", f"`{manifest['command']}`", ""]
    return "\n".join(lines)
