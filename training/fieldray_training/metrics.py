"""Figures of merit in numpy, each by its textbook definition; tested against scikit-learn where that is installed."""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from .labels import LABELS


class Interval(TypedDict):
    value: float
    low: float
    high: float


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """[N, C] → probabilities, float64."""
    z = logits.astype(np.float64) / temperature
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def confusion_matrix(truth: np.ndarray, answer: np.ndarray, classes: int = len(LABELS)) -> np.ndarray:
    """[C, C] counts; rows are the truth, columns the answer."""
    return np.bincount(truth * classes + answer, minlength=classes * classes).reshape(classes, classes)


def class_report(confusion: np.ndarray) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and support of every class; 0 where nothing is there to divide by."""
    report = {}
    for k, label in enumerate(LABELS):
        hit, found, support = int(confusion[k, k]), int(confusion[:, k].sum()), int(confusion[k].sum())
        report[label] = {"precision": hit / found if found else 0.0, "recall": hit / support if support else 0.0,
                         "f1": 2 * hit / (found + support) if found + support else 0.0, "support": support}
    return report


def macro_f1(confusion: np.ndarray) -> float:
    """Mean F1 over the classes that occur in the truth or among the answers."""
    seen = [k for k in range(len(confusion)) if confusion[k].sum() + confusion[:, k].sum()]
    return float(np.mean([2 * confusion[k, k] / (confusion[k].sum() + confusion[:, k].sum()) for k in seen])) if seen else 0.0


def auc(positive: np.ndarray, score: np.ndarray) -> float:
    """Area under the ROC curve by ranks, ties counting half (Mann–Whitney). Needs both kinds."""
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]
    yes = int(positive.sum())
    no = len(positive) - yes
    return float((rank[positive].sum() - yes * (yes + 1) / 2) / (yes * no))


def auc_intervals(truth: np.ndarray, probabilities: np.ndarray, samples: int = 1000, seed: int = 2026) -> tuple[dict[str, Interval], Interval]:
    """One-vs-rest AUC of each class and their mean, with 95 % percentile bootstrap intervals.

    Each resample draws as many images of every class as there are (stratified), so none is ever empty.
    """
    generator = np.random.default_rng(seed)
    members = [np.flatnonzero(truth == k) for k in range(len(LABELS))]

    def areas(rows: np.ndarray) -> list[float]:
        return [auc(truth[rows] == k, probabilities[rows, k]) for k in range(len(LABELS))]

    point = areas(np.arange(len(truth)))
    draws = np.array([areas(np.concatenate([generator.choice(m, len(m)) for m in members])) for _ in range(samples)])
    low, high = np.percentile(draws, (2.5, 97.5), axis=0)
    mean_low, mean_high = np.percentile(draws.mean(1), (2.5, 97.5))
    each = {label: Interval(value=point[k], low=float(low[k]), high=float(high[k])) for k, label in enumerate(LABELS)}
    return each, Interval(value=float(np.mean(point)), low=float(mean_low), high=float(mean_high))


def calibration_error(truth: np.ndarray, probabilities: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error of the top class over `bins` bins of equal width (Guo 2017)."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == truth
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    gaps = [abs(right[place == b].mean() - confidence[place == b].mean()) * (place == b).sum() for b in range(bins) if (place == b).any()]
    return float(sum(gaps) / len(truth))


def negative_log_likelihood(truth: np.ndarray, logits: np.ndarray, temperature: float = 1.0) -> float:
    z = logits.astype(np.float64) / temperature
    z = z - z.max(1, keepdims=True)
    return float((np.log(np.exp(z).sum(1)) - z[np.arange(len(truth)), truth]).mean())


def fit_temperature(truth: np.ndarray, logits: np.ndarray, low: float = 0.05, high: float = 20.0) -> float:
    """The softmax temperature of least negative log-likelihood, by golden section on its logarithm.

    The likelihood has one minimum along the temperature (it is convex in 1/T), so that the section finds it.
    """
    a, b, ratio = np.log(low), np.log(high), (np.sqrt(5) - 1) / 2
    c, d = b - ratio * (b - a), a + ratio * (b - a)
    at_c, at_d = (negative_log_likelihood(truth, logits, np.exp(t)) for t in (c, d))
    while b - a > 1e-7:
        if at_c < at_d:
            b, d, at_d = d, c, at_c
            c = b - ratio * (b - a)
            at_c = negative_log_likelihood(truth, logits, np.exp(c))
        else:
            a, c, at_c = c, d, at_d
            d = a + ratio * (b - a)
            at_d = negative_log_likelihood(truth, logits, np.exp(d))
    return float(np.exp((a + b) / 2))
