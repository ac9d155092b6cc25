"""Is it a frontal chest radiograph? Fits the projection, the probe and the rules, and measures them (GateSchema in the manifest)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from . import lung_features, projection, rule
from .logistic import softmax_regression
from .projection import Projection
from .rule import Rule
from .samples import Pictures

DIMENSIONS = 64
# Of all chests, and of those of every class and origin, this share is to pass when the threshold is set.
# The lungs tell others so well from chests that more can be let pass with them.
ACCEPTED, LEAST_ACCEPTED = {"embedding": 0.981, "joined": 0.993}, {"embedding": 0.935, "joined": 0.97}
PROBE_PENALTY = 1e-3
FOLDS = 4
# A turned or inverted chest should pass too, so that the app can offer to mend it: it counts, but little.
ALTERED_WEIGHT = {"probe": 0.4, "embedding": 0.4, "joined": 1.5}
ALTERED_SPREAD = 0.15
DRAWN_WEIGHT = 0.4
EMBEDDING_FEATURES = ("distance", "residual", "probe")
JOINED_FEATURES = (*EMBEDDING_FEATURES, *lung_features.NAMES)
GROUP_OF = {"rotated-90": "Turned by 90°", "rotated-180": "Turned by 180°", "rotated-270": "Turned by 270°", "inverted": "Inverted"}

Features = dict[str, np.ndarray]


@dataclass(frozen=True)
class Gate:
    projection: Projection
    probe_row: int
    embedding: Rule
    joined: Rule | None

    def features(self, embeddings: np.ndarray, lungs: Features | None) -> Features:
        """All features of pictures; the lung map's as `lung_features.features` gives them."""
        return features_of(self.projection, self.probe_row, embeddings, lungs)


def features_of(p: Projection, probe_row: int | None, embeddings: np.ndarray, lungs: Features | None) -> Features:
    y = p.values(embeddings)
    own = {"distance": p.distances(y).min(1), "residual": p.residual(embeddings, y)}
    if probe_row is not None:
        own["probe"] = y[:, probe_row]
    return own | ({} if lungs is None else {name: lungs[name] for name in lung_features.NAMES})


def fit_projection(plain: np.ndarray, about: Pictures, altered: np.ndarray, made: Pictures, dimensions: int = DIMENSIONS) -> Projection:
    """Centers of the classes, of what else is abnormal, and of chests that are turned or inverted; covariance mostly of the upright ones."""
    own = np.isin(made.done, list(GROUP_OF))
    labels = np.concatenate([about.labels, np.array([GROUP_OF[d] for d in made.done[own]], dtype=object)])
    names = tuple(dict.fromkeys([*sorted(set(about.labels), key=lambda n: (n == "Other abnormal", n)), *(g for g in GROUP_OF.values() if g in labels)]))
    strata = np.concatenate([about.strata(), labels[len(about):]])
    counts = {s: n for s, n in zip(*np.unique(strata, return_counts=True))}
    weights = np.array([1 / np.sqrt(counts[s]) for s in strata])
    weights[len(about):] *= ALTERED_SPREAD
    return projection.fit(np.concatenate([plain, altered[own]]), np.array([names.index(n) for n in labels]), names, dimensions, weights)


def _weights(chest: np.ndarray, strata: np.ndarray, altered: np.ndarray, drawn: np.ndarray, altered_weight: float) -> np.ndarray:
    """Chests and others count alike in sum; within them every kind by the root of its count, but each kind of others alike: some are few."""
    weights = np.zeros(len(chest))
    for side in (True, False):
        here = np.flatnonzero(chest == side)
        for stratum in np.unique(strata[here]):
            rows = here[strata[here] == stratum]
            weights[rows] = 1 / (np.sqrt(len(rows)) if side else len(rows))
        weights[here[altered[here]]] *= altered_weight
        weights[here[drawn[here]]] *= DRAWN_WEIGHT
        weights[here] /= max(weights[here].sum(), 1e-12)
    return weights


@dataclass(frozen=True)
class Fitting:
    """Embeddings with what they are of: chests the classifier learned from (`learn…`) or not (`known…`), and what is none (`strange`)."""

    learn: np.ndarray
    learn_about: Pictures
    learn_altered: np.ndarray
    learn_altered_about: Pictures
    known: np.ndarray
    known_about: Pictures
    known_altered: np.ndarray
    known_altered_about: Pictures
    strange: np.ndarray
    strange_about: Pictures
    # Lung features of known, known_altered and strange pictures.
    lungs: tuple[Features, Features, Features] | None

    def without(self, origin: str) -> "Fitting":
        """As if this origin had never been seen."""
        changes: dict[str, Any] = {}
        kept_rows: list[np.ndarray] = []
        for name in ("learn", "learn_altered", "known", "known_altered"):
            about: Pictures = getattr(self, f"{name}_about")
            keep = about.origins != origin
            changes[name] = getattr(self, name)[keep]
            changes[f"{name}_about"] = Pictures(*(getattr(about, f)[keep] for f in ("images", "labels", "origins", "done")))
            kept_rows.append(keep)
        if self.lungs:
            changes["lungs"] = (*({k: v[keep] for k, v in table.items()} for table, keep in zip(self.lungs, kept_rows[2:])), self.lungs[2])
        return replace(self, **changes)


def fit(f: Fitting, dimensions: int = DIMENSIONS, probe_penalty: float = PROBE_PENALTY) -> Gate:
    """The whole gate. The probe learns from learning pictures and half of the story is told by pictures held out from it:

    among what is no chest, each picture's probe value for the rules comes from a probe that was fitted without it.
    """
    p = fit_projection(f.learn, f.learn_about, f.learn_altered, f.learn_altered_about, dimensions)
    x = np.concatenate([f.learn, f.learn_altered, f.strange])
    chest = np.arange(len(x)) < len(f.learn) + len(f.learn_altered)
    strata = np.concatenate([f.learn_about.strata(), f.learn_altered_about.done.astype(str), f.strange_about.labels.astype(str)])
    drawn = np.concatenate([np.zeros(chest.sum(), bool), _is_drawn(f.strange_about)])
    changed = np.concatenate([np.zeros(len(f.learn), bool), np.ones(len(f.learn_altered), bool), np.zeros(len(f.strange), bool)])

    def probe_without(fold: int | None) -> tuple[np.ndarray, np.ndarray]:
        keep = chest | (np.arange(len(x)) % FOLDS != fold) if fold is not None else np.ones(len(x), bool)
        weights = _weights(chest[keep], strata[keep], changed[keep], drawn[keep], ALTERED_WEIGHT["probe"])
        return softmax_regression(x[keep], chest[keep].astype(np.int64), weights, probe_penalty, 2)

    grown, rows = p.with_rows(*probe_without(None))
    row = rows[0]
    lungs = f.lungs or (None, None, None)
    tables = [features_of(grown, row, e, table) for e, table in zip((f.known, f.known_altered, f.strange), lungs)]
    places = np.arange(len(x))[~chest]
    for fold in range(FOLDS):
        own = np.flatnonzero(places % FOLDS == fold)
        if len(own):
            other, number = p.with_rows(*probe_without(fold))
            tables[2]["probe"][own] = other.values(f.strange[own])[:, number[0]]
    features = {name: np.concatenate([t[name] for t in tables]) for name in tables[0]}
    known = len(f.known) + len(f.known_altered)
    is_chest = np.arange(known + len(f.strange)) < known
    is_altered = is_chest & (np.arange(len(is_chest)) >= len(f.known))
    kinds = np.concatenate([f.known_about.strata(), f.known_altered_about.done.astype(str), f.strange_about.labels.astype(str)])
    is_drawn = np.concatenate([np.zeros(known, bool), _is_drawn(f.strange_about)])
    upright = is_chest & ~is_altered

    def fitted(which: str, names: tuple[str, ...]) -> Rule:
        weights = _weights(is_chest, kinds, is_altered, is_drawn, ALTERED_WEIGHT[which])
        made = rule.fit(features, names, is_chest, weights, upright)
        scores = made.scores(features)[upright]
        return replace(made, threshold=rule.threshold_for(scores, f.known_about.strata(), ACCEPTED[which], LEAST_ACCEPTED[which]))

    return Gate(grown, row, fitted("embedding", EMBEDDING_FEATURES), fitted("joined", JOINED_FEATURES) if f.lungs else None)


# Of a hospital that the gate was fitted without, this share is to pass; among what is no chest, at most this share may more than before.
UNSEEN_ACCEPTED, MORE_STRANGE = 0.993, 0.01


def with_room(gate: Gate, f: Fitting, origins: tuple[str, ...]) -> Gate:
    """The gate with thresholds low enough for hospitals it does not know.

    For each of `origins` the gate is fitted once more without it and scores its pictures; the threshold falls so far that
    UNSEEN_ACCEPTED of each such hospital pass, but never so far that more than MORE_STRANGE of the pictures that are no chest
    (and served the fit) pass beside those that passed before.
    """
    scores: dict[str, list[float]] = {"embedding": [], "joined": []}
    for origin in origins:
        here = f.known_about.origins == origin
        if here.sum() < 10:
            continue
        other = fit(f.without(origin))
        table = other.features(f.known[here], {k: v[here] for k, v in f.lungs[0].items()} if f.lungs else None)
        for which, rule_ in (("embedding", other.embedding), ("joined", other.joined)):
            if rule_:
                scores[which].append(float(np.quantile(rule_.scores(table), 1 - UNSEEN_ACCEPTED)))
    strange = gate.features(f.strange, f.lungs[2] if f.lungs else None)

    def lowered(which: str, one: Rule) -> Rule:
        own = one.scores(strange)
        passing = int((own >= one.threshold).sum()) + int(MORE_STRANGE * len(own))
        floor = float(np.sort(own)[::-1][min(passing, len(own) - 1)]) + 1e-6
        return replace(one, threshold=round(max(min([one.threshold, *scores[which]]), min(one.threshold, floor)), 6))

    return replace(gate, embedding=lowered("embedding", gate.embedding), joined=lowered("joined", gate.joined) if gate.joined else None)


def _is_drawn(about: Pictures) -> np.ndarray:
    return np.array([k in ("part of a photo", "part of a radiograph", "drawn bones", "lettering", "test pattern") for k in about.labels])


def row_of(gate: Gate, wanted: str, kind: str, features: Features, label: str | None = None, origin: str | None = None) -> dict[str, Any]:
    """GateRowSchema."""
    def hits(one: Rule) -> dict[str, int]:
        passed = one.passes(features)
        return {"images": int(len(passed)), "found": int(passed.sum() if wanted == "pass" else (~passed).sum())}

    row: dict[str, Any] = {"wanted": wanted, "kind": kind}
    row |= {k: v for k, v in (("label", label), ("origin", origin)) if v}
    row["embedding"] = hits(gate.embedding)
    if gate.joined:
        row["joined"] = hits(gate.joined)
    return row


def rows_of(gate: Gate, features: Features, about: Pictures, altered: Features, made: Pictures, strange: Features, strange_about: Pictures) -> list[dict[str, Any]]:
    """All rows of the evaluation: chests in all, by class and origin, altered ones, and every kind of what is no chest."""
    rows = [row_of(gate, "pass", "chest", features)]
    for label, origin in sorted({(str(a), str(b)) for a, b in zip(about.labels, about.origins)}):
        here = (about.labels == label) & (about.origins == origin)
        rows.append(row_of(gate, "pass", "chest", {k: v[here] for k, v in features.items()}, label, origin))
    for done in dict.fromkeys(made.done):
        here = made.done == done
        rows.append(row_of(gate, "pass", f"chest, {done}", {k: v[here] for k, v in altered.items()}))
    for kind in dict.fromkeys(strange_about.labels):
        here = strange_about.labels == kind
        rows.append(row_of(gate, "refuse", str(kind), {k: v[here] for k, v in strange.items()}))
    return rows


def section(gate: Gate, file: str, tables: list[dict[str, Any]], rows: list[dict[str, Any]], unseen: list[dict[str, Any]]) -> dict[str, Any]:
    """GateSchema. `unseen`: rows of `left_out`."""
    rules: dict[str, Any] = {"embedding": gate.embedding.plain()}
    if gate.joined:
        rules["joined"] = gate.joined.plain()
    return {"file": file, "tables": tables, "dimensions": gate.projection.dimensions, "groups": list(gate.projection.groups), "probeRow": gate.probe_row, "rules": rules,
            "evaluation": {"note": "Chests of the test split at 224 px, and pictures of other kinds that took no part in fitting (half of each kind). Turned and inverted chests are let pass on purpose: the app offers to mend them. "
                                   "Drawn pictures and parts of radiographs stand for what the data do not hold. “Never fitted” rows: the gate was fitted once more without that origin, and had to accept it.", "rows": [*rows, *unseen]}}


def left_out(f: Fitting, origin: str, about: Pictures, embeddings: np.ndarray, lungs: Features | None) -> dict[str, Any] | None:
    """A row: how many of an origin's test pictures pass a gate that never saw the origin (the classifier did)."""
    here = about.origins == origin
    if not here.any():
        return None
    gate = fit(f.without(origin))
    table = gate.features(embeddings[here], None if lungs is None else {k: v[here] for k, v in lungs.items()})
    return row_of(gate, "pass", "chest, origin never fitted", table, origin=origin)
