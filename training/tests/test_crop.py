"""The crop by the lungs: the box, its limits, and what is shown of a picture."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from fieldray_training import crop
from fieldray_training.crop import WHOLE, CropRule, boxes_of, cropped, cropped_all, lung_box, matrices
from fieldray_training.labels import TrainingFault

GOLDEN = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "lung-box-golden.json"
SIDE = 112


def mask(*ellipses):
    """bool [112, 112]: (x, y, half width, half height in 0…1) of each ellipse."""
    y, x = (np.mgrid[0:SIDE, 0:SIDE] + 0.5) / SIDE
    found = np.zeros((SIDE, SIDE), bool)
    for a, b, c, d in ellipses:
        found |= ((x - a) / c) ** 2 + ((y - b) / d) ** 2 <= 1
    return found


LUNGS = mask((0.3, 0.5, 0.15, 0.33), (0.7, 0.5, 0.15, 0.33))


def test_both_languages_find_the_same_boxes_and_crops():
    """The golden file is written by a plain reference (tests/fixtures/write-lung-box-golden.py), loop by loop."""
    golden = json.loads(GOLDEN.read_text())
    rule = CropRule.parse(golden["rule"])
    free = CropRule(rule.map, rule.threshold, rule.trim, rule.margin)
    for case in golden["maps"]:
        found = mask(*case["ellipses"])
        for x, y in case["stray"]:
            found[y, x] = True
        own = lung_box(found, free)
        assert (None if own is None else list(own)) == case["box"], case["name"]
        assert (lung_box(found, rule) is None) == (case["broken"] is not None), case["name"]


def test_a_box_holds_the_lungs_with_a_margin_and_forgets_stray_pixels():
    left, top, right, bottom = lung_box(LUNGS, CropRule())
    rows, columns = np.flatnonzero(LUNGS.any(1)), np.flatnonzero(LUNGS.any(0))
    assert left < 2 * columns[0] and right > 2 * (columns[-1] + 1) and top < 2 * rows[0] and bottom > 2 * (rows[-1] + 1)
    stray = LUNGS.copy()
    stray[0, 0] = stray[111, 111] = True
    assert np.abs(np.array(lung_box(stray, CropRule())) - (left, top, right, bottom)).max() <= 2
    assert lung_box(np.zeros((SIDE, SIDE), bool), CropRule()) is None


def test_limits_hold_what_chests_keep_to_and_refuse_one_lung():
    rng = np.random.default_rng(3)
    chests = np.stack([mask((0.3 + rng.normal(0, 0.02), 0.5, 0.15, 0.33), (0.7 + rng.normal(0, 0.02), 0.5, 0.15, 0.33)) for _ in range(60)])
    rule = crop.with_limits(CropRule(), chests)
    boxes, found = boxes_of(np.concatenate([chests, mask((0.3, 0.5, 0.15, 0.33))[None]]), rule)
    assert found[:-1].all() and not found[-1] and tuple(boxes[-1]) == WHOLE
    assert CropRule.parse(json.loads(json.dumps(rule.plain()))) == rule
    with pytest.raises(TrainingFault, match="The crop's rule can't be read"):
        CropRule.parse({"map": "whole"})


def test_the_whole_is_the_picture_and_eight_bits_are_near(phantoms):
    np.testing.assert_allclose(cropped(phantoms[0], WHOLE), phantoms[0], atol=1e-6)
    images = np.rint(phantoms * 255).astype(np.uint8)
    boxes = np.array([WHOLE, (20, 30, 200, 210)] * 4)
    shown = cropped_all(images, boxes)
    np.testing.assert_array_equal(shown[0], images[0])
    assert np.abs(shown[1] / 255 - cropped(images[1], (20, 30, 200, 210))).max() <= 0.5 / 255 + 1e-6


def test_matrices_point_at_the_box():
    m = matrices(torch.tensor([[56, 0, 168, 112], [0, 0, 224, 224]]))
    assert torch.allclose(m[0], torch.tensor([[0.5, 0, 0.0], [0, 0.5, -0.5]])) and torch.allclose(m[1], torch.tensor([[1.0, 0, 0], [0, 1.0, 0]]))
