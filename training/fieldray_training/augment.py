"""Augmentation on whole batches, in torch, so that two cores keep up.

The study's geometry (rotation ±25°, shift ±20 %, shear 15 %, zoom ±20 %, flip) and, because hospitals differ in
everything but the chest, appearance: resolution, tone curve, local contrast, blur, noise, JPEG, borders, text,
and other pictures' backgrounds around the lungs. Small random numbers are drawn on the CPU, so that a GPU never waits
for one of them to decide what is done next; noise is drawn where the pictures are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

import torch
from torch.nn import functional as F

from .crop import WHOLE, matrices
from .labels import LOW_RESOLUTION, MODEL_SIZE


@dataclass(frozen=True)
class Strength:
    """How much of each; probabilities per picture. The zero of everything is the bare picture."""

    geometry: float = 0.75
    rotation: float = 25.0
    shift: float = 0.20
    shear: float = 0.15
    zoom: float = 0.20
    flip: float = 0.5
    low_resolution: float = 0.5
    tone: float = 0.6
    local_contrast: float = 0.4
    blur: float = 0.25
    noise: float = 0.4
    jpeg: float = 0.25
    border: float = 0.25
    text: float = 0.3
    background: float = 0.0
    histogram: float = 0.0
    # Of pictures that are read by their lungs' box: how far each edge moves (share of the side), how many are shown whole.
    jitter: float = 0.06
    whole: float = 0.05


def scaled(s: Strength, factor: float) -> Strength:
    """`s` with every probability but flip and low resolution times `factor`; the ranges stay."""
    kept = {"rotation", "shift", "shear", "zoom", "flip", "low_resolution", "jitter", "whole"}
    return replace(s, **{f.name: getattr(s, f.name) * factor for f in fields(s) if f.name not in kept})


class Chance:
    """Random numbers for pictures on `device`, all from one seed of the CPU's generator `g`."""

    def __init__(self, g: torch.Generator, device: torch.device | str = "cpu"):
        self.g, self.device = g, torch.device(device)
        self.local = g
        if self.device.type != "cpu":
            self.local = torch.Generator(self.device).manual_seed(int(torch.randint(2**62, (1,), generator=g)))

    def here(self, x: torch.Tensor) -> torch.Tensor:
        """`x` of the CPU on the device, without waiting for it."""
        return x.to(self.device, non_blocking=True)

    def uniform(self, n: int, low: float, high: float) -> torch.Tensor:
        return self.here(torch.rand(n, generator=self.g) * (high - low) + low)

    def chosen(self, n: int, probability: float) -> torch.Tensor:
        """Numbers of the pictures that something happens to."""
        return self.here(torch.nonzero(torch.rand(n, generator=self.g) < probability).flatten())

    def order(self, n: int) -> torch.Tensor:
        return self.here(torch.randperm(n, generator=self.g))

    def normal(self, *shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=self.local, device=self.device)


def stretch(x: torch.Tensor) -> torch.Tensor:
    """Each picture's own range to 0…1."""
    low, high = x.amin((2, 3), keepdim=True), x.amax((2, 3), keepdim=True)
    return (x - low) / (high - low).clamp_min(1e-3)


def low_resolution_chain(x: torch.Tensor) -> torch.Tensor:
    """What the 128-pixel copies went through: bilinear without anti-aliasing to 128, stretched, 8 bits, back up."""
    small = stretch(F.interpolate(x, (LOW_RESOLUTION, LOW_RESOLUTION), mode="bilinear", align_corners=False))
    small = torch.round(small * 255.0) / 255.0
    return F.interpolate(small, x.shape[2:], mode="bilinear", align_corners=False)


def resize(x: torch.Tensor, size: int) -> torch.Tensor:
    """Area average to size × size (the training sizes below 224)."""
    return x if x.shape[-1] == size else F.interpolate(x, (size, size), mode="area")


def affine_matrices(n: int, s: Strength, c: Chance) -> torch.Tensor:
    """[n, 2, 3] sampling matrices: rotation, shear, zoom per axis, shift, flip."""
    angle = c.uniform(n, -s.rotation, s.rotation) * math.pi / 180
    shear = c.uniform(n, -s.shear, s.shear)
    zoom_x, zoom_y = (1 / c.uniform(n, 1 - s.zoom, 1 + s.zoom) for _ in range(2))
    flip = torch.where(c.uniform(n, 0, 1) < s.flip, -1.0, 1.0)
    cos, sin = torch.cos(angle), torch.sin(angle)
    rows = [
        torch.stack([cos * zoom_x * flip, (shear * cos - sin) * zoom_y, c.uniform(n, -2 * s.shift, 2 * s.shift)], 1),
        torch.stack([sin * zoom_x * flip, (shear * sin + cos) * zoom_y, c.uniform(n, -2 * s.shift, 2 * s.shift)], 1),
    ]
    plain = c.here(torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]))
    moved = (c.uniform(n, 0, 1) < s.geometry)[:, None, None]
    return torch.where(moved, torch.stack(rows, 1), plain)


def tone_curves(x: torch.Tensor, c: Chance, knots: int = 6) -> torch.Tensor:
    """A random monotone curve per picture over its grey levels: gamma, window and histogram in one."""
    n = len(x)
    gamma = torch.exp(c.uniform(n, -0.6, 0.6))[:, None]
    base = torch.linspace(0, 1, knots, device=x.device)[None] ** gamma
    steps = (base[:, 1:] - base[:, :-1]) * torch.exp(c.normal(n, knots - 1) * 0.35)
    values = F.pad(steps.cumsum(1), (1, 0))
    values = values / values[:, -1:]
    low, high = c.uniform(n, -0.1, 0.15)[:, None], c.uniform(n, 0.85, 1.1)[:, None]
    values = low + values * (high - low)
    position = (x.flatten(1).clamp(0, 1) * (knots - 1)).clamp_max(knots - 1.001)
    left = position.floor()
    index = left.long()
    a, b = values.gather(1, index), values.gather(1, index + 1)
    return (a + (b - a) * (position - left)).view_as(x).clamp(0, 1)


def _blurred(x: torch.Tensor, factor: int) -> torch.Tensor:
    """A cheap wide blur: shrink by averaging, grow again."""
    small = F.avg_pool2d(x, factor)
    return F.interpolate(small, x.shape[2:], mode="bilinear", align_corners=False)


def local_contrast(x: torch.Tensor, c: Chance) -> torch.Tensor:
    """Between a flattened picture and one with local contrast equalized (the look of CLAHE)."""
    n, factor = len(x), max(4, x.shape[-1] // 8)
    mean = _blurred(x, factor)
    detail = x - mean
    spread = _blurred(detail * detail, factor).clamp_min(1e-4).sqrt()
    equalized = 0.5 + 0.22 * detail / (spread + 0.04)
    share = c.uniform(n, -0.15, 0.8)[:, None, None, None]
    return (x + share * (equalized - x)).clamp(0, 1)


def _dct(block: int = 8) -> torch.Tensor:
    k = torch.arange(block)[:, None] * (2 * torch.arange(block)[None] + 1)
    matrix = torch.cos(k * math.pi / (2 * block)) * math.sqrt(2 / block)
    matrix[0] /= math.sqrt(2)
    return matrix


_DCT = _dct()
# Coarser for higher frequencies, as the standard's luminance table is.
_STEP = (10 + 7.5 * (torch.arange(8)[:, None] + torch.arange(8)[None])) / 255


def jpeg(x: torch.Tensor, c: Chance) -> torch.Tensor:
    """Block transform, coefficients rounded, back: what a strongly compressed JPEG looks like."""
    n, _, h, w = x.shape
    dct, steps = c.here(_DCT), c.here(_STEP)
    blocks = x.view(n, h // 8, 8, w // 8, 8).transpose(2, 3)
    step = steps * c.uniform(n, 0.1, 0.8)[:, None, None, None, None]
    coefficients = torch.round(dct @ blocks @ dct.t() / step) * step
    return (dct.t() @ coefficients @ dct).transpose(2, 3).reshape(n, 1, h, w).clamp(0, 1)


def borders(x: torch.Tensor, c: Chance) -> torch.Tensor:
    """Black or white margins of up to a tenth, on about half of the sides."""
    n, size = len(x), x.shape[-1]
    level = torch.where(c.uniform(n, 0, 1) < 0.75, 0.0, 1.0)[:, None, None, None]
    # A width of 0 leaves a side as it is.
    top, bottom, left, right = (
        torch.where(c.uniform(n, 0, 1) < 0.5, (c.uniform(n, 0.01, 0.10) * size).floor().clamp_min(1), 0.0)[:, None] for _ in range(4)
    )
    along = torch.arange(size, device=x.device)[None]
    rows, columns = (along < top) | (along >= size - bottom), (along < left) | (along >= size - right)
    return torch.where((rows[:, :, None] | columns[:, None, :])[:, None], level, x)


def text(x: torch.Tensor, c: Chance) -> torch.Tensor:
    """One to three bright or dark lines of marks, near the top or the bottom."""
    n, size = len(x), x.shape[-1]
    level = torch.where(c.uniform(n, 0, 1) < 0.8, c.uniform(n, 0.75, 1.0), 0.0)[:, None, None, None]
    lines = c.uniform(n, 0, 3)
    along = torch.arange(size, device=x.device)[None]
    columns = max(2, int(0.25 * size) // 3)
    for i in range(3):
        height, width = ((c.uniform(n, low, high) * size).floor().clamp_min(2)[:, None] for low, high in ((0.02, 0.07), (0.03, 0.25)))
        top = torch.where(c.uniform(n, 0, 1) < 0.6, c.uniform(n, 0, 0.15), c.uniform(n, 0.8, 0.92))[:, None] * size
        left = c.uniform(n, 0, 0.75)[:, None] * size
        down, across = (along - top) / height, (along - left) / width
        glyphs = c.here(torch.rand(n, 3, columns, generator=c.g) < 0.55)
        row = (down * 3).long().clamp(0, 2)[:, :, None].expand(n, size, columns)
        column = ((along - left) / 3).long().clamp(0, columns - 1)[:, None, :].expand(n, size, size)
        marks = glyphs.gather(1, row).gather(2, column)
        inside = ((down >= 0) & (down < 1))[:, :, None] & ((across >= 0) & (across < 1))[:, None, :] & (lines >= i)[:, None, None]
        x = torch.where((marks & inside)[:, None], level, x)
    return x


def swap_background(x: torch.Tensor, lungs: torch.Tensor, s: Strength, c: Chance) -> torch.Tensor:
    """Puts the lungs (soft mask, 0…1, [N, 1, h, w]) of some pictures into other surroundings.

    Half of the chosen get another picture's surroundings (whatever hospital that came from), half their own,
    darkened, flattened or replaced by noise: so the surroundings stop telling the class.
    """
    chosen = c.chosen(len(x), s.background)
    if len(chosen) == 0:
        return x
    mask = F.interpolate(lungs[chosen], x.shape[2:], mode="bilinear", align_corners=False)
    # A margin is kept, so that the pleura and the hila stay what they are.
    mask = F.max_pool2d(mask, 13, 1, 6)
    mask = F.avg_pool2d(mask, 7, 1, 3, count_include_pad=False)
    own = x[chosen]
    # A picture whose lungs were not found keeps its surroundings.
    mask = torch.where(mask.mean((1, 2, 3), keepdim=True) < 0.08, torch.ones_like(mask), mask)
    other = x[c.order(len(x))[: len(chosen)]]
    plain = _blurred(own, 16) * c.uniform(len(chosen), 0.0, 1.0)[:, None, None, None]
    noise = c.uniform(len(chosen), 0.0, 0.9)[:, None, None, None] + 0.05 * c.normal(*own.shape)
    kind = c.uniform(len(chosen), 0.0, 1.0)[:, None, None, None]
    around = torch.where(kind < 0.5, other, torch.where(kind < 0.8, plain, noise))
    x = x.clone()
    x[chosen] = (own * mask + around * (1 - mask)).clamp(0, 1)
    return x


def framed(boxes: torch.Tensor, s: Strength, c: Chance) -> torch.Tensor:
    """Sampling matrices [n, 2, 3] that show the lungs' boxes ([n, 4] pixels), each edge moved a little; some show the whole picture."""
    n = len(boxes)
    boxes = torch.where((c.uniform(n, 0, 1) < s.whole)[:, None], c.here(torch.tensor(WHOLE)), boxes)
    sides = (boxes[:, 2:] - boxes[:, :2]).float()
    moved = torch.stack([c.uniform(n, -s.jitter, s.jitter) for _ in range(4)], 1) * torch.cat([sides, sides], 1)
    return matrices((boxes + moved).clamp(0, MODEL_SIZE))


def composed(outer: torch.Tensor, inner: torch.Tensor) -> torch.Tensor:
    """Sampling matrices of “first `outer`, then `inner`”: [n, 2, 3] each."""
    linear, shift = outer[:, :, :2], outer[:, :, 2:]
    return torch.cat([linear @ inner[:, :, :2], linear @ inner[:, :, 2:] + shift], 2)


def hide_lungs(x: torch.Tensor, lungs: torch.Tensor, c: Chance) -> torch.Tensor:
    """Nothing left in the lungs (soft mask, 0…1, [N, 1, h, w]): black, flat gray, or noise. What is left tells no class."""
    mask = F.interpolate(lungs, x.shape[2:], mode="bilinear", align_corners=False) > 0.4
    n = len(x)
    kind = c.uniform(n, 0.0, 1.0)[:, None, None, None]
    level = c.uniform(n, 0.0, 0.8)[:, None, None, None]
    noise = (level + 0.05 * c.normal(*x.shape)).clamp(0, 1)
    inside = torch.where(kind < 0.6, torch.zeros_like(x), torch.where(kind < 0.8, level.expand_as(x), noise))
    return torch.where(mask, inside, x)


def match_histograms(x: torch.Tensor, like: torch.Tensor, c: Chance) -> torch.Tensor:
    """Gives each picture (part of the way) the grey levels of another one, rank by rank."""
    n = len(x)
    order = x.flatten(1).argsort(1)
    matched = torch.empty_like(order, dtype=x.dtype).scatter_(1, order, like.flatten(1).sort(1).values)
    share = c.uniform(n, 0.3, 1.0)[:, None]
    return (x.flatten(1) + share * (matched - x.flatten(1))).view_as(x)


def _softened(x: torch.Tensor, c: Chance) -> torch.Tensor:
    """Blurred or sharpened."""
    soft = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
    return (x + c.uniform(len(x), -0.8, 1.0)[:, None, None, None] * (soft - x)).clamp(0, 1)


def _noisy(x: torch.Tensor, c: Chance) -> torch.Tensor:
    return (x + c.uniform(len(x), 0.0, 0.03)[:, None, None, None] * c.normal(*x.shape)).clamp(0, 1)


def augment(
    x: torch.Tensor, low: torch.Tensor, size: int, s: Strength, g: torch.Generator,
    lungs: torch.Tensor | None = None, boxes: torch.Tensor | None = None,
) -> torch.Tensor:
    """[N, 1, 224, 224] in 0…1 → [N, 1, size, size]; `low` [N] (on the CPU) marks what is low-resolution already.

    With `boxes` [N, 4] (pixels of 224) the lungs' rectangles are shown, as the app shows them.
    """
    n, c = len(x), Chance(g, x.device)
    coarse = c.here(torch.nonzero((torch.rand(n, generator=g) < s.low_resolution) & ~low).flatten())
    if len(coarse):
        x = x.clone()
        x[coarse] = low_resolution_chain(x[coarse])
    sampling = affine_matrices(n, s, c)
    if boxes is None:
        x = resize(x, size)
    else:
        sampling = composed(framed(boxes, s, c), sampling)
    grid = F.affine_grid(sampling, [n, 1, size, size], align_corners=False)
    x = F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    if lungs is not None and s.background:
        x = swap_background(x, F.grid_sample(lungs, grid, mode="bilinear", padding_mode="zeros", align_corners=False), s, c)
    chosen = c.chosen(n, s.histogram) if s.histogram else []
    if len(chosen):
        other = x[c.order(n)[: len(chosen)]]
        x = x.clone()
        x[chosen] = match_histograms(x[chosen], other, c)
    changes = ((s.local_contrast, local_contrast), (s.tone, tone_curves), (s.jpeg, jpeg), (s.blur, _softened), (s.noise, _noisy),
               (s.border, borders), (s.text, text))
    for probability, change in changes:
        chosen = c.chosen(n, probability)
        if len(chosen):
            x[chosen] = change(x[chosen], c)
    return x
