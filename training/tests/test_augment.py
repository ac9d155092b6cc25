"""What augmentation does to a picture, change by change; and that the zero of everything is the picture itself."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from fieldray_training.augment import Chance, Strength, augment, borders, hide_lungs, jpeg, scaled, text, tone_curves
from fieldray_training.crop import cropped

NOTHING = Strength(geometry=0, flip=0, low_resolution=0, tone=0, local_contrast=0, blur=0, noise=0, jpeg=0, border=0, text=0)


def chance(seed=3):
    return Chance(torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def pictures(phantoms):
    return torch.from_numpy(phantoms[:4])[:, None].repeat(8, 1, 1, 1)


def changed(pictures, strength, seed=5, lungs=None):
    low = torch.zeros(len(pictures), dtype=torch.bool)
    return augment(pictures.clone(), low, pictures.shape[-1], strength, torch.Generator().manual_seed(seed), lungs)


def test_no_strength_is_the_picture_itself_and_a_seed_decides_the_rest(pictures):
    assert torch.allclose(changed(pictures, NOTHING), pictures, atol=1e-5)
    lungs = torch.zeros(len(pictures), 1, 56, 56)
    lungs[:, :, 14:42, 14:42] = 1
    everything = Strength(background=0.5, histogram=0.5)
    first, again, other = (changed(pictures, everything, seed, lungs) for seed in (5, 5, 6))
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert first.shape == pictures.shape and first.isfinite().all() and first.min() >= 0 and first.max() <= 1


def test_borders_are_even_margins_of_at_most_a_tenth():
    x = torch.full((200, 1, 100, 100), 0.5)
    y = borders(x, chance())
    assert (y[:, :, 10:90, 10:90] == 0.5).all()
    levels = y[:, 0].flatten(1)
    assert set(levels.unique().tolist()) <= {0.0, 0.5, 1.0}
    black, white = (levels == 0).any(1), (levels == 1).any(1)
    assert not (black & white).any() and 0.55 < black.float().mean() < 0.85 and 0.1 < white.float().mean() < 0.4
    rows = y[:, 0, 0] != 0.5  # the first row of every picture
    touched = rows[:, 20:80].all(1)
    assert (rows[:, 20:80].any(1) == touched).all() and 0.35 < touched.float().mean() < 0.65


def test_text_lies_near_top_and_bottom_and_leaves_gaps():
    x = torch.full((300, 1, 112, 112), 0.5)
    y = text(x, chance())
    marked = (y != 0.5)[:, 0]
    share = marked.flatten(1).float().mean(1)
    assert (share > 0).float().mean() > 0.97 and share.max() < 0.06
    per_row = marked.any(2).float().mean(0)
    assert per_row[26:86].max() == 0 and per_row[:26].sum() > per_row[86:].sum() > 0
    levels = y[:, 0][marked]
    assert ((levels >= 0.75) | (levels == 0)).all() and 0.05 < (levels == 0).float().mean() < 0.4
    # Within the box of one mark about every other place is drawn.
    one = marked[(marked.any(2).sum(1) < 10)][0]
    box = one[one.any(1)][:, one.any(0)]
    assert 0.2 < box.float().mean() <= 1


def test_a_box_is_shown_as_a_crop_shows_it(pictures):
    """The box without any augmentation is the crop that the app makes, but for rounding at the edges."""
    still = Strength(geometry=0, flip=0, low_resolution=0, tone=0, local_contrast=0, blur=0, noise=0, jpeg=0, border=0, text=0, jitter=0, whole=0)
    box = (30, 20, 200, 190)
    boxes = torch.tensor([box]).repeat(len(pictures), 1)
    shown = augment(pictures.clone(), torch.zeros(len(pictures), dtype=torch.bool), 224, still, torch.Generator().manual_seed(1), None, boxes)
    expected = np.stack([cropped(p[0].numpy(), box) for p in pictures])
    assert np.abs(shown[:, 0].numpy() - expected)[:, 3:-3, 3:-3].max() < 1e-3
    moved = augment(pictures.clone(), torch.zeros(len(pictures), dtype=torch.bool), 224, replace(still, jitter=0.1, whole=0.5), torch.Generator().manual_seed(1), None, boxes)
    whole = (moved - pictures).abs().amax((1, 2, 3)) < 0.35
    assert not torch.equal(moved, shown) and moved.isfinite().all() and 0 < len(whole)


def test_hidden_lungs_leave_nothing_in_them_and_the_rest_alone(pictures):
    lungs = torch.zeros(len(pictures), 1, 56, 56)
    lungs[:, :, 14:42, 14:42] = 1
    y = hide_lungs(pictures.clone(), lungs, chance())
    assert torch.equal(y[:, :, :50], pictures[:, :, :50])
    inside = y[:, 0, 70:150, 70:150].flatten(1)
    black = (inside == 0).all(1).float().mean()
    assert 0.3 < black < 0.9 and (inside.std(1) < 0.08).all()



def test_a_tone_curve_keeps_the_order_of_grey_levels():
    x = torch.linspace(0, 1, 64 * 64).view(1, 1, 64, 64).repeat(16, 1, 1, 1)
    y = tone_curves(x, chance()).flatten(1)
    assert (y[:, 1:] - y[:, :-1]).min() >= -1e-6 and not torch.allclose(y[0], y[1], atol=0.02)


def test_compression_changes_detail_and_keeps_the_mean(pictures):
    y = jpeg(pictures, chance())
    assert 1e-4 < (y - pictures).abs().mean() < 0.05
    assert (y.mean((2, 3)) - pictures.mean((2, 3))).abs().max() < 0.02


def test_a_scaled_strength_changes_only_the_probabilities():
    half = scaled(Strength(), 0.5)
    assert (half.tone, half.geometry, half.flip, half.rotation, half.low_resolution) == (0.3, 0.375, 0.5, 25.0, 0.5)
