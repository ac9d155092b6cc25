"""Turned, inverted, mirrored: linear probes on the embedding and on where its features lie (QualitySchema in the manifest)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .logistic import softmax_regression
from .projection import Projection
from .reader import Seen
from .samples import Pictures

TURNS = ("", "rotated-90", "rotated-180", "rotated-270")
# How many unaltered pictures of the set that fixes the thresholds may be called turned or inverted; mirrored is a hint.
FALSE_ALARMS = 0.008
FALSE_HINTS = 0.02
LEAST = 0.4
PENALTY = 5e-4


@dataclass(frozen=True)
class Probes:
    """Rows of the projection and thresholds."""

    orientation: list[int]
    inverted: int
    mirrored: int
    turned_from: float = 0.5
    inverted_from: float = 0.5
    mirrored_from: float = 0.5

    def turn(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """From y: (which turn 0…3 is called, probability of the likeliest turn but none)."""
        logits = values[:, self.orientation]
        p = np.exp(logits - logits.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        likeliest = p.argmax(1)
        called = (likeliest > 0) & (p[np.arange(len(p)), likeliest] >= self.turned_from)
        return np.where(called, likeliest, 0), np.where(likeliest > 0, p[np.arange(len(p)), likeliest], 0.0)

    def is_inverted(self, values: np.ndarray) -> np.ndarray:
        return logistic(values[:, self.inverted]) >= self.inverted_from

    def is_mirrored(self, values: np.ndarray) -> np.ndarray:
        return logistic(values[:, self.mirrored]) >= self.mirrored_from


def logistic(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -60, 60)))


def _balanced(y: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """Weights: every answer alike; within it every class and origin by the root of its count."""
    weights = np.zeros(len(y))
    for k in np.unique(y):
        here = np.flatnonzero(y == k)
        for stratum in np.unique(strata[here]):
            rows = here[strata[here] == stratum]
            weights[rows] = 1 / np.sqrt(len(rows))
        weights[here] /= weights[here].sum()
    return weights


def fit(projection: Projection, plain: Seen, plain_strata: np.ndarray, altered: Seen, made: Pictures) -> tuple[Projection, Probes]:
    """plain, altered: learning pictures as they are and as `made` says. Thresholds stay at one half; see `with_thresholds`."""
    inverted_turned = made.done == "inverted and turned"
    # Every fourth of them is turned by 0, 90, 180, 270 degrees in this order (samples.gather).
    turns = np.array([TURNS.index(d) if d in TURNS else 0 for d in made.done])
    turns[inverted_turned] = np.arange(inverted_turned.sum()) % 4
    x = np.concatenate([np.concatenate([s.embeddings, s.moments], 1) for s in (plain, altered)]).astype(np.float64)
    width = plain.embeddings.shape[1]
    strata = np.concatenate([plain_strata, made.strata()])
    upright = np.zeros(len(plain.logits), np.int64)

    def rows_for(y: np.ndarray, keep: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
        return softmax_regression(x[keep], y[keep], _balanced(y[keep], strata[keep]), PENALTY, classes)

    everything = np.ones(len(x), bool)
    negative = np.concatenate([upright, (made.done == "inverted") | inverted_turned]).astype(np.int64)
    # Left and right can be told in pictures that stand upright only.
    standing = np.concatenate([np.ones(len(plain.logits), bool), np.isin(made.done, ["mirrored"])])
    mirror = np.concatenate([upright, made.done == "mirrored"]).astype(np.int64)
    fits = [rows_for(np.concatenate([upright, turns]), everything, 4), rows_for(negative, everything, 2), rows_for(mirror, standing, 2)]
    w = np.concatenate([w for w, _ in fits])
    grown, rows = projection.with_rows(w[:, :width], np.concatenate([b for _, b in fits]), w[:, width:])
    return grown, Probes(rows[:4], rows[4], rows[5])


def _limit(sound: np.ndarray, wrong: np.ndarray, false_alarms: float) -> float:
    """The lowest limit with few enough false alarms; where sound and altered pictures lie apart, the middle between them."""
    low = max(LEAST, float(np.quantile(sound, 1 - false_alarms)) + 1e-4)
    high = float(np.quantile(wrong, 0.002)) if len(wrong) else low
    return round(min(0.999, (low + high) / 2 if high > low else low), 4)


def with_thresholds(probes: Probes, plain: np.ndarray, altered: np.ndarray, done: np.ndarray) -> Probes:
    """plain, altered: y of pictures that took no part in `fit`."""
    upright = np.concatenate([plain, altered[(done == "mirrored") | (done == "inverted")]])
    turned = altered[np.isin(done, TURNS[1:])]
    straight = np.concatenate([plain, altered[~np.isin(done, ["inverted", "inverted and turned"])]])
    return Probes(probes.orientation, probes.inverted, probes.mirrored,
                  _limit(probes.turn(upright)[1], probes.turn(turned)[1], FALSE_ALARMS),
                  _limit(logistic(straight[:, probes.inverted]), logistic(altered[done == "inverted"][:, probes.inverted]), FALSE_ALARMS),
                  _limit(logistic(plain[:, probes.mirrored]), logistic(altered[done == "mirrored"][:, probes.mirrored]), FALSE_HINTS))


def _hits(found: np.ndarray) -> dict[str, int]:
    return {"images": int(len(found)), "found": int(found.sum())}


def section(probes: Probes, plain: np.ndarray, origins: np.ndarray, altered: np.ndarray, done: np.ndarray) -> dict[str, Any]:
    """QualitySchema. plain, altered: y of test pictures."""
    rows: list[dict[str, Any]] = []
    turn = probes.turn(plain)[0]
    for k, name in enumerate(TURNS[1:], 1):
        rows.append({"finding": name, "detected": _hits(probes.turn(altered[done == name])[0] == k), "falseAlarms": _hits(turn == k)})
    rows.append({"finding": "inverted", "detected": _hits(probes.is_inverted(altered[done == "inverted"])), "falseAlarms": _hits(probes.is_inverted(plain))})
    rows.append({"finding": "mirrored", "detected": _hits(probes.is_mirrored(altered[done == "mirrored"])), "falseAlarms": _hits(probes.is_mirrored(plain))})
    for origin in sorted(set(origins)):
        here = origins == origin
        rows.append({"finding": f"turned or inverted, origin {origin}", "detected": None, "falseAlarms": _hits((turn[here] > 0) | probes.is_inverted(plain[here]))})
    return {"orientation": {"rows": probes.orientation, "threshold": probes.turned_from},
            "inverted": {"row": probes.inverted, "threshold": probes.inverted_from},
            "mirrored": {"row": probes.mirrored, "threshold": probes.mirrored_from},
            "evaluation": {"note": "Test pictures at 224 px, as they are and altered. Mirrored is a hint only: the heart lies on the other side in some people, too.", "rows": rows}}
