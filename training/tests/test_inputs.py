"""What both languages must agree on: the model input and the phantom, held to the golden files of tests/fixtures."""

import json

import numpy as np
import pytest
from conftest import ROOT

from fieldray_training.phantom import chest_phantom, unit
from fieldray_training.preprocess import axis_weights, luminance, to_model_input

FIXTURES = ROOT / "tests" / "fixtures"
INPUTS = json.loads((FIXTURES / "preprocess-golden.json").read_text())
PHANTOMS = json.loads((FIXTURES / "phantom-golden.json").read_text())


def noise_byte(x: np.ndarray, y: np.ndarray, seed: int) -> np.ndarray:
    mask = np.uint64(0xFFFFFFFF)
    h = (x.astype(np.uint64) * np.uint64(374761393) + y.astype(np.uint64) * np.uint64(668265263) + np.uint64(seed * 2246822519)) & mask
    h = ((h ^ (h >> np.uint64(13))) * np.uint64(1274126177)) & mask
    return ((h ^ (h >> np.uint64(16))) & np.uint64(255)).astype(np.float64)


def source_of(case: dict) -> np.ndarray:
    """The pictures of the golden file, by the formulas written in it."""
    width, height, seed = case["width"], case["height"], case["seed"]
    y, x = np.mgrid[0:height, 0:width]
    if case["kind"] == "noise":
        return noise_byte(x, y, seed) / 255
    if case["kind"] == "rgb-noise":
        return luminance(np.stack([noise_byte(x, y, seed + i) / 255 for i in range(3)], 2))
    if case["kind"] == "ramp-x":
        return (x + 0.5) / width
    if case["kind"] == "ramp-y":
        return (y + 0.5) / height
    if case["kind"] == "checker":
        return ((x + y) % 2).astype(float)
    assert case["kind"] == "waves"
    return 0.5 + 0.25 * np.sin(0.11 * x + seed) + 0.25 * np.cos(0.07 * y)


@pytest.mark.parametrize("case", INPUTS["cases"], ids=lambda c: f"{c['kind']} {c['width']}x{c['height']}")
def test_model_input_equals_the_golden_one(case):
    result = to_model_input(source_of(case), INPUTS["size"])
    assert result.dtype == np.float32
    for row, column, value in case["samples"]:
        assert result[row, column] == pytest.approx(value, abs=1e-5)
    assert result.astype(float).mean() == pytest.approx(case["mean"], abs=1e-6)


@pytest.mark.parametrize("source", [1, 3, 128, 223, 224, 225, 299, 1500, 4096])
def test_every_target_pixel_is_an_average(source):
    weights = axis_weights(source, 224)
    assert weights.min() >= 0
    np.testing.assert_allclose(weights.sum(1), 1, atol=1e-12)


@pytest.mark.parametrize("case", PHANTOMS["cases"], ids=lambda c: f"variant {c['variant']} at {c['size']}")
def test_phantom_equals_the_golden_one(case):
    result = chest_phantom(case["size"], case["variant"])
    for row, column, value in case["samples"]:
        assert result[row, column] == pytest.approx(value, abs=1e-6)
    assert result.astype(float).mean() == pytest.approx(case["mean"], abs=1e-6)


def test_the_hash_wraps_around_as_32_bits_do():
    for a, b, c, expected in PHANTOMS["hash"]:
        assert float(unit(a, b, c)) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(("size", "variant"), [(0, 0), (4097, 0), (8, -1), (8, 2**31)])
def test_phantom_outside_its_range_is_refused(size, variant):
    with pytest.raises(ValueError, match="phantom"):
        chest_phantom(size, variant)
