"""Figures of merit: by hand on small cases, against scikit-learn and scipy where they are installed."""

import numpy as np
import pytest

from fieldray_training import metrics
from fieldray_training.labels import LABELS

RANDOM = np.random.default_rng(5)
TRUTH = RANDOM.choice(4, 400, p=[0.2, 0.3, 0.4, 0.1])
# Ties on purpose: logits rounded to a tenth.
LOGITS = np.round(RANDOM.normal(size=(400, 4)) + 1.3 * np.eye(4)[TRUTH], 1)


def test_report_of_a_case_worked_out_by_hand():
    truth, answer = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 2, 2])
    confusion = metrics.confusion_matrix(truth, answer)
    assert confusion.tolist() == [[2, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    report = metrics.class_report(confusion)
    assert report[LABELS[0]] == {"precision": 1.0, "recall": 2 / 3, "f1": 0.8, "support": 3}
    assert report[LABELS[3]] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0}
    # The class that neither occurs nor is answered does not pull the mean down.
    assert metrics.macro_f1(confusion) == pytest.approx((0.8 + 0.5 + 2 / 3) / 3)


def test_auc_counts_ties_half():
    assert metrics.auc(np.array([True, False, True, False]), np.array([0.9, 0.9, 0.1, 0.0])) == pytest.approx((0.5 + 1 + 0 + 1) / 4)


def test_against_scikit_learn():
    sklearn = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed: figures are not compared with it")
    answer = LOGITS.argmax(1)
    np.testing.assert_array_equal(metrics.confusion_matrix(TRUTH, answer), sklearn.confusion_matrix(TRUTH, answer))
    theirs = sklearn.classification_report(TRUTH, answer, target_names=list(LABELS), output_dict=True)
    ours = metrics.class_report(metrics.confusion_matrix(TRUTH, answer))
    for label in LABELS:
        for mine, its in (("precision", "precision"), ("recall", "recall"), ("f1", "f1-score"), ("support", "support")):
            assert ours[label][mine] == pytest.approx(theirs[label][its])
    assert metrics.macro_f1(metrics.confusion_matrix(TRUTH, answer)) == pytest.approx(theirs["macro avg"]["f1-score"])
    p = metrics.softmax(LOGITS)
    each, mean = metrics.auc_intervals(TRUTH, p, samples=50)
    for k, label in enumerate(LABELS):
        assert each[label]["value"] == pytest.approx(sklearn.roc_auc_score(TRUTH == k, p[:, k]))
    assert mean["value"] == pytest.approx(sklearn.roc_auc_score(TRUTH, p, multi_class="ovr", average="macro"))
    assert metrics.negative_log_likelihood(TRUTH, LOGITS) == pytest.approx(sklearn.log_loss(TRUTH, p))


def test_intervals_hold_the_value_and_narrow_with_more_images():
    p = metrics.softmax(LOGITS)
    each, mean = metrics.auc_intervals(TRUTH, p, samples=200)
    for interval in (*each.values(), mean):
        assert interval["low"] < interval["value"] < interval["high"]
    _, wider = metrics.auc_intervals(TRUTH[:80], p[:80], samples=200)
    assert wider["high"] - wider["low"] > mean["high"] - mean["low"]
    assert metrics.auc_intervals(TRUTH, p, samples=20)[1] == metrics.auc_intervals(TRUTH, p, samples=20)[1]


def test_calibration_error_by_definition():
    p = metrics.softmax(LOGITS)
    confidence, right = p.max(1), (p.argmax(1) == TRUTH).astype(float)
    expected = 0.0
    for b in range(15):
        here = (confidence > b / 15) & (confidence <= (b + 1) / 15)
        if here.any():
            expected += abs(right[here].mean() - confidence[here].mean()) * here.mean()
    assert metrics.calibration_error(TRUTH, p) == pytest.approx(expected)
    assert metrics.calibration_error(np.zeros(4, int), np.array([[1.0, 0, 0, 0]] * 4)) == 0
    assert metrics.calibration_error(np.ones(4, int), np.array([[1.0, 0, 0, 0]] * 4)) == 1


def test_temperature_is_where_the_likelihood_is_least():
    found = metrics.fit_temperature(TRUTH, LOGITS)
    best = metrics.negative_log_likelihood(TRUTH, LOGITS, found)
    for factor in (0.98, 1.02):
        assert metrics.negative_log_likelihood(TRUTH, LOGITS, found * factor) > best
    # Logits three times too large want three times the temperature.
    assert metrics.fit_temperature(TRUTH, 3 * LOGITS) == pytest.approx(3 * found, rel=1e-4)
