"""Which pictures fit and which measure: chests of the collection as they are and altered, and what is no chest.

    learn   train split, both resolutions, a capped number of every class, origin and resolution
    set     validation and calibration split at 224 px: they set the rules and thresholds; the classifier never learned from them
    test    test split at 224 px: it only measures
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..data import SPLITS, Collection
from ..labels import LABELS
from .alterations import ALTERATIONS, inverted, turned
from .negatives import Negatives, synthetic

OTHER = "Other abnormal"
LEARN_CAP, ALTERED_LEARN_CAP, ALTERED_SET_CAP, ALTERED_TEST_CAP, DRAWN = 80, 28, 18, 32, 40


@dataclass(frozen=True)
class Pictures:
    """uint8 [N, 224, 224] with what is known of each: class (or OTHER, or the kind of what is no chest), origin, and what was done to it."""

    images: np.ndarray
    labels: np.ndarray
    origins: np.ndarray
    done: np.ndarray

    def __len__(self) -> int:
        return len(self.images)

    def strata(self) -> np.ndarray:
        return np.char.add(np.char.add(self.labels.astype(str), " · "), self.origins.astype(str))


@dataclass(frozen=True)
class Samples:
    learn: Pictures
    learn_altered: Pictures
    known: Pictures
    known_altered: Pictures
    test: Pictures
    test_altered: Pictures
    strange: Pictures
    strange_test: Pictures


def chests(collection: Collection, splits: np.ndarray, parts: tuple[str, ...], low: bool | None) -> np.ndarray:
    """Row numbers of some splits, with or without a class; `low`: stored at 128 px, at 224 px, or (None) both."""
    here = np.isin(splits, [SPLITS.index(p) for p in parts])
    return np.flatnonzero(here if low is None else here & (collection.low == low))


def capped(collection: Collection, rows: np.ndarray, cap: int, seed: int = 2026) -> np.ndarray:
    """At most `cap` rows of every class, origin and resolution, chosen by a seed."""
    generator, kept = np.random.default_rng(seed), []
    keys = np.array([f"{collection.labels[i]} {collection.origins[i]} {collection.low[i]}" for i in rows])
    for key in np.unique(keys):
        kept.append(generator.permutation(rows[keys == key])[:cap])
    return np.sort(np.concatenate(kept)) if kept else rows


def of_rows(collection: Collection, rows: np.ndarray) -> Pictures:
    names = np.array([LABELS[k] if k >= 0 else OTHER for k in collection.labels[rows]], dtype=object)
    return Pictures(np.ascontiguousarray(collection.images[rows]), names, collection.origins[rows].astype(object), np.full(len(rows), "", dtype=object))


def altered(plain: Pictures, ways: dict[str, object]) -> Pictures:
    """Every picture in every way."""
    parts = [Pictures(way(plain.images), plain.labels, plain.origins, np.full(len(plain), name, dtype=object)) for name, way in ways.items()]  # type: ignore[operator]
    return joined(*parts)


def joined(*parts: Pictures) -> Pictures:
    return Pictures(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("images", "labels", "origins", "done")))


def _inverted_and_turned(images: np.ndarray) -> np.ndarray:
    """Inverted, each fourth of the pictures turned another way: turns must be found in inverted pictures, too."""
    result = inverted(images)
    for k in (1, 2, 3):
        result[k::4] = turned(result[k::4], 90 * k)
    return result


def _kinds(images: np.ndarray, kinds: np.ndarray) -> Pictures:
    return Pictures(images, kinds.astype(object), np.full(len(kinds), "", dtype=object), np.full(len(kinds), "", dtype=object))


def gather(collection: Collection, splits: np.ndarray, negatives: Negatives | None, drawn: int = DRAWN) -> Samples:
    """All of it. Without `negatives`, only drawn pictures stand for what is no chest."""
    learn_rows = capped(collection, chests(collection, splits, ("train",), None), LEARN_CAP)
    known_rows = chests(collection, splits, ("validation", "calibration"), False)
    test_rows = chests(collection, splits, ("test",), False)
    learn, known, test = (of_rows(collection, rows) for rows in (learn_rows, known_rows, test_rows))
    few = [of_rows(collection, capped(collection, rows, cap)) for rows, cap in ((learn_rows, ALTERED_LEARN_CAP), (known_rows, ALTERED_SET_CAP), (test_rows, ALTERED_TEST_CAP))]
    strange = []
    for seed, fit, chest in ((1, True, learn), (2, False, test)):
        real = negatives.images[negatives.fit == fit] if negatives else np.zeros((0, 224, 224), np.uint8)
        kinds = negatives.kinds[negatives.fit == fit] if negatives else np.zeros(0, object)
        made, names = synthetic(drawn, seed, real[kinds == "photo"], chest.images)
        strange.append(_kinds(np.concatenate([real, made]), np.concatenate([kinds, names])))
    ways = dict(ALTERATIONS)
    return Samples(learn, altered(few[0], ways | {"inverted and turned": _inverted_and_turned}), known, altered(few[1], ways),
                   test, altered(few[2], ways), strange[0], strange[1])
