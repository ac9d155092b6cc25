"""Augmentation on whole batches, in torch, so that two cores keep up.

The study's geometry (rotation ±25°, shift ±20 %, shear 15 %, zoom ±20 %, flip) and, because hospitals differ in
everything but the chest, appearance: resolution, tone curve, local contrast, blur, noise, JPEG, borders, text,
and other pictures' backgrounds around the lungs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

import torch
from torch.nn import functional as F

from .labels import LOW_RESOLUTION


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


def scaled(s: Strength, factor: float) -> Strength:
    """`s` with every probability but flip and low resolution times `factor`; the ranges stay."""
    kept = {"rotation", "shift", "shear", "zoom", "flip", "low_resolution"}
    return replace(s, **{f.name: getattr(s, f.name) * factor for f in fields(s) if f.name not in kept})


def _uniform(n: int, low: float, high: float, g: torch.Generator) -> torch.Tensor:
    return torch.rand(n, generator=g) * (high - low) + low


def _chosen(n: int, probability: float, g: torch.Generator) -> torch.Tensor:
    return torch.nonzero(torch.rand(n, generator=g) < probability).flatten()


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


def affine_matrices(n: int, s: Strength, g: torch.Generator) -> torch.Tensor:
    """[n, 2, 3] sampling matrices: rotation, shear, zoom per axis, shift, flip."""
    angle = _uniform(n, -s.rotation, s.rotation, g) * math.pi / 180
    shear = _uniform(n, -s.shear, s.shear, g)
    zoom_x, zoom_y = (1 / _uniform(n, 1 - s.zoom, 1 + s.zoom, g) for _ in range(2))
    flip = torch.where(torch.rand(n, generator=g) < s.flip, -1.0, 1.0)
    c, d = torch.cos(angle), torch.sin(angle)
    rows = [
        torch.stack([c * zoom_x * flip, (shear * c - d) * zoom_y, _uniform(n, -2 * s.shift, 2 * s.shift, g)], 1),
        torch.stack([d * zoom_x * flip, (shear * d + c) * zoom_y, _uniform(n, -2 * s.shift, 2 * s.shift, g)], 1),
    ]
    plain = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    moved = (torch.rand(n, generator=g) < s.geometry)[:, None, None]
    return torch.where(moved, torch.stack(rows, 1), plain)


def tone_curves(x: torch.Tensor, g: torch.Generator, knots: int = 6) -> torch.Tensor:
    """A random monotone curve per picture over its grey levels: gamma, window and histogram in one."""
    n = len(x)
    gamma = torch.exp(_uniform(n, -0.6, 0.6, g))[:, None]
    base = torch.linspace(0, 1, knots)[None] ** gamma
    steps = (base[:, 1:] - base[:, :-1]) * torch.exp(torch.randn(n, knots - 1, generator=g) * 0.35)
    values = torch.cat([torch.zeros(n, 1), steps.cumsum(1)], 1)
    values = values / values[:, -1:]
    low, high = _uniform(n, -0.1, 0.15, g)[:, None], _uniform(n, 0.85, 1.1, g)[:, None]
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


def local_contrast(x: torch.Tensor, g: torch.Generator) -> torch.Tensor:
    """Between a flattened picture and one with local contrast equalized (the look of CLAHE)."""
    n, factor = len(x), max(4, x.shape[-1] // 8)
    mean = _blurred(x, factor)
    detail = x - mean
    spread = _blurred(detail * detail, factor).clamp_min(1e-4).sqrt()
    equalized = 0.5 + 0.22 * detail / (spread + 0.04)
    share = _uniform(n, -0.15, 0.8, g)[:, None, None, None]
    return (x + share * (equalized - x)).clamp(0, 1)


def _dct(block: int = 8) -> torch.Tensor:
    k = torch.arange(block)[:, None] * (2 * torch.arange(block)[None] + 1)
    matrix = torch.cos(k * math.pi / (2 * block)) * math.sqrt(2 / block)
    matrix[0] /= math.sqrt(2)
    return matrix


_DCT = _dct()
# Coarser for higher frequencies, as the standard's luminance table is.
_STEP = (10 + 7.5 * (torch.arange(8)[:, None] + torch.arange(8)[None])) / 255


def jpeg(x: torch.Tensor, g: torch.Generator) -> torch.Tensor:
    """Block transform, coefficients rounded, back: what a strongly compressed JPEG looks like."""
    n, _, h, w = x.shape
    blocks = x.view(n, h // 8, 8, w // 8, 8).transpose(2, 3)
    coefficients = _DCT @ blocks @ _DCT.t()
    step = _STEP * _uniform(n, 0.1, 0.8, g)[:, None, None, None, None]
    return ((_DCT.t() @ (torch.round(coefficients / step) * step) @ _DCT).transpose(2, 3).reshape(n, 1, h, w)).clamp(0, 1)


def borders_and_text(x: torch.Tensor, s: Strength, g: torch.Generator) -> None:
    """Black or white margins and bright or dark marks in the corners, in place."""
    size = x.shape[-1]

    def number(low: float, high: float) -> int:
        return int(_uniform(1, low * size, high * size, g).item())

    for i in _chosen(len(x), s.border, g).tolist():
        level = 0.0 if torch.rand(1, generator=g) < 0.75 else 1.0
        for side in _chosen(4, 0.5, g).tolist():
            width = max(1, number(0.01, 0.10))
            edge = x[i, 0] if side < 2 else x[i, 0].t()
            (edge[:width] if side % 2 == 0 else edge[-width:]).fill_(level)
    for i in _chosen(len(x), s.text, g).tolist():
        level = _uniform(1, 0.75, 1.0, g).item() if torch.rand(1, generator=g) < 0.8 else 0.0
        for _ in range(1 + int(torch.randint(3, (1,), generator=g))):
            height, width = max(2, number(0.02, 0.07)), max(3, number(0.03, 0.25))
            top = number(0, 0.15) if torch.rand(1, generator=g) < 0.6 else number(0.8, 0.92)
            left = number(0, 0.75)
            patch = x[i, 0, top : top + height, left : left + width]
            glyphs = F.interpolate(
                (torch.rand(1, 1, 3, max(2, width // 3), generator=g) < 0.55).float(), patch.shape, mode="nearest"
            )[0, 0]
            patch.copy_(torch.where(glyphs > 0, torch.full_like(patch, level), patch))


def swap_background(x: torch.Tensor, lungs: torch.Tensor, s: Strength, g: torch.Generator) -> torch.Tensor:
    """Puts the lungs (soft mask, 0…1, [N, 1, h, w]) of some pictures into other surroundings.

    Half of the chosen get another picture's surroundings (whatever hospital that came from), half their own,
    darkened, flattened or replaced by noise: so the surroundings stop telling the class.
    """
    chosen = _chosen(len(x), s.background, g)
    if len(chosen) == 0:
        return x
    mask = F.interpolate(lungs[chosen], x.shape[2:], mode="bilinear", align_corners=False)
    # A margin is kept, so that the pleura and the hila stay what they are.
    mask = F.max_pool2d(mask, 13, 1, 6)
    mask = F.avg_pool2d(mask, 7, 1, 3, count_include_pad=False)
    own = x[chosen]
    # A picture whose lungs were not found keeps its surroundings.
    mask = torch.where(mask.mean((1, 2, 3), keepdim=True) < 0.08, torch.ones_like(mask), mask)
    other = x[torch.randperm(len(x), generator=g)[: len(chosen)]]
    plain = _blurred(own, 16) * _uniform(len(chosen), 0.0, 1.0, g)[:, None, None, None]
    noise = _uniform(len(chosen), 0.0, 0.9, g)[:, None, None, None] + 0.05 * torch.randn(own.shape, generator=g)
    kind = torch.rand(len(chosen), generator=g)[:, None, None, None]
    around = torch.where(kind < 0.5, other, torch.where(kind < 0.8, plain, noise))
    x = x.clone()
    x[chosen] = (own * mask + around * (1 - mask)).clamp(0, 1)
    return x


def match_histograms(x: torch.Tensor, like: torch.Tensor, g: torch.Generator) -> torch.Tensor:
    """Gives each picture (part of the way) the grey levels of another one, rank by rank."""
    n = len(x)
    order = x.flatten(1).argsort(1)
    matched = torch.empty_like(order, dtype=x.dtype).scatter_(1, order, like.flatten(1).sort(1).values)
    share = _uniform(n, 0.3, 1.0, g)[:, None]
    return (x.flatten(1) + share * (matched - x.flatten(1))).view_as(x)


def augment(
    x: torch.Tensor, low: torch.Tensor, size: int, s: Strength, g: torch.Generator, lungs: torch.Tensor | None = None
) -> torch.Tensor:
    """[N, 1, 224, 224] in 0…1 → [N, 1, size, size]; `low` marks pictures that are low-resolution already."""
    n = len(x)
    coarse = torch.nonzero((torch.rand(n, generator=g) < s.low_resolution) & ~low).flatten()
    if len(coarse):
        x = x.clone()
        x[coarse] = low_resolution_chain(x[coarse])
    x = resize(x, size)
    if lungs is not None and s.background:
        x = swap_background(x, lungs, s, g)
    chosen = _chosen(n, s.histogram, g) if s.histogram else []
    if len(chosen):
        other = x[torch.randperm(n, generator=g)[: len(chosen)]]
        x = x.clone()
        x[chosen] = match_histograms(x[chosen], other, g)
    grid = F.affine_grid(affine_matrices(n, s, g), [n, 1, size, size], align_corners=False)
    x = F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    for probability, change in ((s.local_contrast, local_contrast), (s.tone, tone_curves), (s.jpeg, jpeg)):
        chosen = _chosen(n, probability, g)
        if len(chosen):
            x[chosen] = change(x[chosen], g)
    chosen = _chosen(n, s.blur, g)
    if len(chosen):
        picked = x[chosen]
        soft = F.avg_pool2d(F.pad(picked, (1, 1, 1, 1), mode="replicate"), 3, 1)
        share = _uniform(len(chosen), -0.8, 1.0, g)[:, None, None, None]
        x[chosen] = (picked + share * (soft - picked)).clamp(0, 1)
    chosen = _chosen(n, s.noise, g)
    if len(chosen):
        level = _uniform(len(chosen), 0.0, 0.03, g)[:, None, None, None]
        x[chosen] = (x[chosen] + level * torch.randn(len(chosen), 1, size, size, generator=g)).clamp(0, 1)
    borders_and_text(x, s, g)
    return x
