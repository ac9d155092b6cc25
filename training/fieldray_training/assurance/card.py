"""The assurance section in the Markdown card."""

from __future__ import annotations

from typing import Any

from ..labels import LABELS
from ..markdown import percent, table


def _share(hits: dict[str, int] | None) -> str | None:
    return None if hits is None else (f"{percent(hits['found'] / hits['images'])} of {hits['images']}" if hits["images"] else "–")


def _gate(gate: dict[str, Any]) -> list[str]:
    joined = "joined" in gate["rules"]
    rows = [[row["kind"], row.get("label"), row.get("origin"), row["wanted"], _share(row["embedding"]), *([_share(row.get("joined"))] if joined else [])] for row in gate["evaluation"]["rows"]]
    return ["## Is it a frontal chest radiograph?", "", gate["evaluation"]["note"], "",
            *table(["Kind", "Class", "Origin", "Should", "Right", *(["Right, with the lungs"] if joined else [])], rows)]


def _findings(title: str, note: str, rows: list[dict[str, Any]]) -> list[str]:
    return [title, "", note, "", *table(["Finding", "Found among altered", "Found among unaltered"], [[r["finding"], _share(r["detected"]), _share(r["falseAlarms"])] for r in rows])]


def _sets(conformal: dict[str, Any]) -> list[str]:
    rows = []
    for level in conformal["levels"]:
        for name, figures in (("as defined", level["held"]), ("as shown (empty sets completed)", level["completed"])):
            rows.append([percent(level["level"]), name, figures["images"], percent(figures["coverage"]), *(percent(c) for c in figures["coveragePerClass"]), f"{figures['meanSize']:.2f}", figures["sizes"][0]])
    return ["## Prediction sets", "", conformal["note"], "", *table(["Promised", "Sets", "Images", "Kept", *LABELS, "Mean size", "Empty"], rows)]


def _priors(priors: dict[str, Any]) -> list[str]:
    rows = [[*(percent(m) for m in c["mix"]), c["images"], f"{c['uncorrected']:.3f}", f"{c['corrected']:.3f}"] for c in priors["checks"]]
    shares = ", ".join(f"{label} {percent(share)}" for label, share in zip(LABELS, priors["shares"]))
    return ["## How common each class is", "", f"{priors['note']} They are: {shares}.", "", *table([*LABELS, "Images", "Calibration error", "Corrected"], rows)]


def _operating(operating: dict[str, Any]) -> list[str]:
    rows = []
    for curve in operating["curves"]:
        for sensitivity in (0.90, 0.95, 0.98):
            at = max(i for i, n in enumerate(curve["truePositives"]) if n >= sensitivity * curve["positives"])
            rows.append([curve["label"], percent(sensitivity), f"{curve['thresholds'][at]:.4f}", percent(curve["truePositives"][at] / max(1, curve["positives"])),
                         percent(1 - curve["falsePositives"][at] / max(1, curve["negatives"]))])
    return ["## Operating points", "", operating["note"], "", *table(["Class", "Sensitivity asked", "Threshold", "Sensitivity", "Specificity"], rows)]


def _new_hospital(assurance: dict[str, Any]) -> list[str]:
    """The fit for hospitals it does not know, the test for such a site, and the hashes of what was seen."""
    found: list[str] = []
    if new := assurance.get("newHospital"):
        e = new["evaluation"]
        right = "none" if e["sureRight"] is None else percent(e["sureRight"])
        found += ["## The fit for a hospital it does not know", "", new["note"], "",
                  f"Softmax temperature {new['temperature']:.4f}. In {e['hospitals']} hospitals ({e['images']} pictures), each fold measured with the fit of the others: {percent(e['sure'])} of the answers are sure, "
                  f"right of these (mean of hospitals): {right}; the 90 % sets keep {percent(e['coverage90'])} with {e['meanSize90']:.2f} classes.", ""]
    if test := assurance.get("hospitals", {}).get("test"):
        found += ["## Does a site look like the hospitals it knows?", "",
                  f"{assurance['hospitals']['note']} Called different: {_share(test['falseAlarms'])} of the sites of known hospitals, {_share(test['detected'])} without their own among the known.", ""]
    if seen := assurance.get("seen"):
        found += ["## Was a picture seen in training?", "", f"{seen['count']} hashes of {seen['bits']} bits, at most {seen['distance']} apart: {_share(seen['falseAlarms'])} held-back pictures are taken for seen.", ""]
    return found


def lines(assurance: dict[str, Any] | None) -> list[str]:
    """Nothing where the model has no such section."""
    if not assurance:
        return []
    quality = assurance["quality"]["evaluation"]
    result = [*_gate(assurance["gate"]), *_findings("## Is the picture good enough?", quality["note"], quality["rows"]), *_sets(assurance["conformal"]),
              *_priors(assurance["priors"]), *_operating(assurance["operating"])]
    result += _new_hospital(assurance)
    if "lungs" in assurance:
        evaluation = assurance["lungs"]["evaluation"]
        rows = [[r["masks"], r["channel"], r["images"], r["dice"], r["low"]] for r in evaluation["dice"]]
        result += ["## The lung network", "", evaluation["note"], "", *table(["Masks", "Channel", "Images", "Mean Dice", "95 % reach"], rows),
                   *_findings("## What the lungs give away", f"Limits: {', '.join(f'{k} {v}' for k, v in assurance['lungs']['limits'].items())}.", evaluation["limits"])]
    return result
