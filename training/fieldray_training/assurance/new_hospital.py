"""The fit for a hospital that the network does not know, from leave-one-hospital-out answers (newHospital in the manifest).

The networks of those runs are smaller than the shipped one, so what is carried over is how much softer answers must be in an
unseen hospital than at home (a factor on the temperature), and the prediction sets of answers softened in this way. Each class ×
hospital weighs the same (R. Dunn, L. Wasserman & A. Ramdas, 2022). A hospital that gave more than half of a class's children or
adults is judged but not fitted on: its run was left without the class, which the shipped network is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import metrics, travel
from ..data import Collection
from ..labels import LABELS
from . import conformal, operating

SURE, LIKELY = 0.9, 0.6
# Sure answers are to be right this often, on the mean of hospitals: a little more than is promised.
WANTED = 0.93
# Of the children or adults of a class, a fold that is fitted on may have left out at most this share.
MOST_TAKEN = 0.5
FACTORS = np.round(np.exp(np.arange(0, 2.6, 0.02)), 4)


@dataclass(frozen=True)
class Outside:
    """Answers about unseen hospitals: `logits` [N, 4] scaled so that temperature 1 fits their network's own hospitals."""

    logits: np.ndarray
    truth: np.ndarray
    hospitals: np.ndarray
    folds: np.ndarray

    def of(self, keep: np.ndarray) -> "Outside":
        return Outside(self.logits[keep], self.truth[keep], self.hospitals[keep], self.folds[keep])


def outside(runs: list[travel.Answers], collection: Collection) -> Outside:
    """All runs' answers, each fold's scaled by the temperature that fits its own validation split."""
    age = collection.labels * 2 + collection.child
    parts, number = [], 0
    for answers in runs:
        for i in range(len(answers.names)):
            home, away = answers.inside_folds == i, answers.folds == i
            temperature = metrics.fit_temperature(collection.labels[answers.inside_rows[home]], answers.inside_logits[home])
            for k in np.unique(age[answers.rows[away]]):
                taken = answers.rows[away][age[answers.rows[away]] == k]
                if len(taken) > MOST_TAKEN * (age == k).sum():
                    away &= ~np.isin(answers.rows, taken)
            parts.append(Outside(answers.logits[away] / temperature, collection.labels[answers.rows[away]], answers.hospitals[away], np.full(away.sum(), number)))
            number += 1
    return Outside(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("logits", "truth", "hospitals", "folds")))


def weights_of(truth: np.ndarray, hospitals: np.ndarray) -> np.ndarray:
    """Every class × hospital weighs the same, one of fewer than travel.FEWEST pictures proportionally less; sums to 1."""
    weights = np.zeros(len(truth))
    for _, _, here in travel.cells_of(truth, hospitals):
        weights[here] = min(1.0, len(here) / travel.FEWEST) / len(here)
    return weights / weights.sum()


def sure_right(truth: np.ndarray, hospitals: np.ndarray, p: np.ndarray, sure: float = SURE) -> float | None:
    """How right sure answers are: the mean over hospitals that have any."""
    bold, right = p.max(1) >= sure, p.argmax(1) == truth
    shares = [right[here].mean() for h in np.unique(hospitals) for here in [bold & (hospitals == h)] if here.any()]
    return float(np.mean(shares)) if shares else None


def factor(o: Outside) -> float:
    """How much softer: the factor of least weighted negative log-likelihood, or the first beyond it whose sure answers are right enough."""
    weights = weights_of(o.truth, o.hospitals)
    losses = [-(weights * np.log(np.maximum(metrics.softmax(o.logits, f)[np.arange(len(o.truth)), o.truth], 1e-12))).sum() for f in FACTORS]
    for f in FACTORS[int(np.argmin(losses)) :]:
        right = sure_right(o.truth, o.hospitals, metrics.softmax(o.logits, f))
        if right is None or right >= WANTED:
            return float(f)
    return float(FACTORS[-1])


def thresholds(p: np.ndarray, truth: np.ndarray, hospitals: np.ndarray, level: float) -> list[float]:
    """One threshold for all classes: the margin score that the share `level` keeps within, every class × hospital weighing the same.

    There is no correction for the number of hospitals: the networks behind the answers are weaker than the shipped one.
    """
    own = conformal.margin_scores(p)[np.arange(len(truth)), truth]
    weights, order = weights_of(truth, hospitals), np.argsort(own)
    place = int(np.searchsorted(np.cumsum(weights[order]), level - 1e-12))
    limit = 1.0 if place >= len(own) else float(min(1.0, np.ceil(own[order[place]] * 1e6) / 1e6))
    return [limit] * len(LABELS)


def held_out(o: Outside) -> tuple[np.ndarray, np.ndarray]:
    """(probabilities [N, 4], limits of the 90 % sets [N, 4]): each fold by the fit of the other folds."""
    p, limits = np.zeros(o.logits.shape), np.zeros(o.logits.shape)
    for fold in np.unique(o.folds):
        here, others = o.folds == fold, o.of(o.folds != fold)
        soft = factor(others)
        p[here] = metrics.softmax(o.logits[here], soft)
        limits[here] = thresholds(metrics.softmax(others.logits, soft), others.truth, others.hospitals, conformal.LEVELS[0])
    return p, limits


def section(o: Outside, known_temperature: float) -> dict[str, Any]:
    """newHospital of the manifest; its figures are measured fold by fold with the fit of the other folds."""
    soft = factor(o)
    p = metrics.softmax(o.logits, soft)
    limits = [thresholds(p, o.truth, o.hospitals, level) for level in conformal.LEVELS]
    tested, tested_limits = held_out(o)
    measured = conformal.measured(limits, o.truth, tested, o.truth)
    measured["note"] = ("One threshold for all classes, from leave-one-hospital-out answers: every class and hospital weighs the same. "
                        "The figures count every picture once, softened by the fit of the other folds.")
    sets = conformal.sets(tested, tested_limits, True)
    weights = weights_of(o.truth, o.hospitals)
    evaluation = {"hospitals": len(np.unique(o.hospitals)), "images": len(o.truth), "sure": float((weights * (tested.max(1) >= SURE)).sum()),
                  "sureRight": sure_right(o.truth, o.hospitals, tested), "coverage90": float((weights * sets[np.arange(len(sets)), o.truth]).sum()),
                  "meanSize90": float((weights * sets.sum(1)).sum()), "factor": soft}
    return {"temperature": known_temperature * soft, "conformal": measured, "operating": operating.section(tested, o.truth) | {"note": "Counted on leave-one-hospital-out answers."},
            "words": {"sure": SURE, "likely": LIKELY}, "evaluation": evaluation,
            "note": f"For a hospital the model does not know. Its temperature is {soft:.2f} times the one fitted on known hospitals: so much softer answers had to be in hospitals left out of training, "
                    f"until sure answers were right in {WANTED:.0%} of the cases on the mean of hospitals. The runs behind it are smaller than the shipped model's."}
