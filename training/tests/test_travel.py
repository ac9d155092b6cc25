"""Leaving hospitals out, and what is fitted and measured on their answers."""

import numpy as np
import pytest

from fieldray_training import travel
from fieldray_training.assurance import conformal, few_labels, hospitals, new_hospital, seen
from fieldray_training.data import Collection, Row
from fieldray_training.labels import LABELS, TrainingFault
from fieldray_training.train import parts
from fieldray_training.config import parse


def collection():
    """48 pictures: four classes, hospitals A and B, a place inside B, and one patient in both."""
    rows = [Row(f"{i}", LABELS[i % 4], "A" if i < 24 else "B", 224, f"{i}", place="Turin, Italy" if i >= 40 else "", child=i % 4 == 3) for i in range(48)]
    rows[0] = Row("0", LABELS[0], "A", 224, "24", place="")
    return Collection(np.zeros((48, 224, 224), np.uint8), rows)


def test_a_fold_leaves_out_places_of_every_origin_and_the_patients_others():
    c = collection()
    rows, names = travel.hospital_names(c, travel.Fold("x", ("@Italy", "B")))
    assert set(rows[names == "Italy"]) == set(range(40, 48)) and set(rows[names == "B"]) == set(range(24, 40))
    settings = parse({"stages": [{"name": "s", "size": 64, "epochs": 1, "images": 8, "learning_rate": 1e-3}], "leave_out": ["B"]}, "test")
    kept = parts(c, np.zeros(48, int), settings)
    assert 0 not in kept.train and set(kept.train) == set(range(1, 24))  # picture 0 is of a patient who is left out


def test_folds_that_cannot_be_read(tmp_path):
    (tmp_path / "folds.toml").write_text("[[folds]]\nname = 'x'\n")
    with pytest.raises(TrainingFault, match="needs a name and leave_out"):
        travel.read_folds(tmp_path / "folds.toml")
    with pytest.raises(TrainingFault, match="No fold is done"):
        travel.gathered(tmp_path, [travel.Fold("x", ())])


def answers(n, skill, seed, spoilt=()):
    """Logits [n, 4], truth and hospitals of a network right by `skill`; in `spoilt` hospitals it is sure of the wrong class."""
    rng = np.random.default_rng(seed)
    truth, names = rng.integers(0, 4, n), rng.choice(["a", "b", "c", "d"], n)
    logits = rng.normal(0, 1, (n, 4))
    logits[np.arange(n), truth] += skill
    wrong = np.isin(names, spoilt)
    logits[wrong, (truth[wrong] + 1) % 4] += 2 * skill
    return logits, truth, names


def test_the_table_counts_what_it_names():
    truth = np.array([0] * 20 + [1] * 10)
    names = np.array(["a"] * 20 + ["b"] * 10)
    p = np.full((30, 4), 0.02)
    p[np.arange(30), np.where(np.arange(30) < 15, truth, 2)] = 0.94
    made = travel.table(truth, names, p, [0.0] * 4)
    first, second = made["rows"]
    assert (first["hospital"], first["recall"], first["pictures"]) == ("b", 0.0, 10)
    assert second["recall"] == 0.75 and second["sureRight"] == 0.75 and second["coverage90"] == 0.75 and second["setSize90"] == 1
    # The cell of ten pictures is too small for the mean.
    assert made["mean"] == made["minimum"] == 0.75 and made["sureRight"] == pytest.approx((0.75 + 0) / 2)


def test_answers_are_softened_until_sure_ones_are_right():
    logits, truth, names = answers(4000, 3.0, 1, ("d",))
    o = new_hospital.Outside(logits, truth, names, np.zeros(4000, int))
    soft = new_hospital.factor(o)
    fine = new_hospital.Outside(*answers(4000, 3.0, 2), np.zeros(4000, int))
    assert soft > new_hospital.factor(fine)
    right = new_hospital.sure_right(truth, names, new_hospital.metrics.softmax(logits, soft))
    assert right is None or right >= new_hospital.WANTED


def test_sets_for_new_hospitals_weigh_hospitals_alike_and_are_nested():
    logits, truth, names = answers(3000, 2.0, 3, ("d",))
    p = new_hospital.metrics.softmax(logits)
    weights = new_hospital.weights_of(truth, names)
    assert all(weights[here].sum() == pytest.approx(1 / 16) for _, _, here in travel.cells_of(truth, names))
    limits = [new_hospital.thresholds(p, truth, names, level) for level in conformal.LEVELS]
    low, high = conformal.nested(p, limits)
    assert (weights * low[np.arange(3000), truth]).sum() >= 0.899 and (low <= high).all()


def test_a_higher_level_never_holds_less_whatever_the_limits():
    rng = np.random.default_rng(5)
    p = rng.dirichlet(np.full(4, 0.6), 3000)
    for _ in range(20):
        low = rng.uniform(-1, 1, 4)
        levels = [low.tolist(), (low + rng.uniform(0, 0.5, 4)).clip(-1, 1).tolist()]
        first, second = conformal.nested(p, levels)
        assert (first <= second).all() and first.any(1).all()
        # Without the union an empty set, filled with two classes, may be followed by a set of one.
    plain = [conformal.sets(p, [-0.5] * 4, True), conformal.sets(p, [-0.3] * 4, True)]
    assert not (plain[0] <= plain[1]).all()


def test_a_site_of_another_kind_is_told_from_known_ones():
    rng = np.random.default_rng(6)
    learned = np.concatenate([rng.normal(0, 1, (200, 8)), rng.normal(3, 1, (200, 8))])
    names = np.array(["a"] * 200 + ["b"] * 200)
    tested = np.concatenate([rng.normal(0, 1, (120, 8)), rng.normal(3, 1, (120, 8))])
    made = hospitals.section(learned, names, tested, np.array(["a"] * 120 + ["b"] * 120))
    test = made["test"]
    assert test["falseAlarms"]["found"] <= 0.1 * test["falseAlarms"]["images"] and test["detected"]["found"] == test["detected"]["images"]
    assert hospitals.statistic(np.full(8, -4.0), made["list"]) > test["threshold"] > hospitals.statistic(np.zeros(8), made["list"])


def test_seen_pictures_are_known_again_after_small_changes(phantoms):
    images = np.rint(phantoms * 255).astype(np.uint8)
    made, data = seen.section(images[:6], images[6:])
    known = np.frombuffer(data, ">u8").astype(np.uint64)
    assert made["count"] == len(known) == 6 and (np.diff(known.astype(object)) > 0).all()
    noisy = np.clip(images[:6].astype(int) + 3, 0, 255).astype(np.uint8)
    assert seen.is_seen(seen.hashes(noisy), known).all()
    assert not seen.is_seen(seen.hashes(images[:1, ::-1]), known).any()


def test_a_few_labels_move_a_head_that_is_off():
    rng = np.random.default_rng(8)
    truth = rng.integers(0, 2, 600)
    features = np.abs(rng.normal(0, 1, (600, 20))).astype(np.float32)
    features[:, 0] += 2 * truth
    features[:, 1] += 2 * (1 - truth)
    head = (np.zeros((20, 4), np.float32), np.array([0, 0, 1, 0], np.float32))  # always says the third class
    rows = few_labels.rows("here", features, truth, head, 1.0)
    assert [r["labels"] for r in rows] == [10, 20, 50]
    assert all(r["before"]["accuracy"] == 0 and r["after"]["accuracy"] > 0.7 for r in rows)
    assert few_labels.rows("one class", features[truth == 0], truth[truth == 0], head, 1.0) == []
