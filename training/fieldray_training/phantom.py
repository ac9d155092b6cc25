"""The golden input of the model: a chest given by a formula, the same as `chestPhantom` in src/model/phantom.ts.

Read that file for what each term means; the names and the order here are its own. Both are held to
tests/fixtures/phantom-golden.json. Coordinates run from −1 to 1, y downwards; everything is float64 on whole arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


def unit(a: Array | int, b: Array | int, c: Array | int) -> Array:
    """Hash of three integers to 0…1 (exclusive), in 32-bit arithmetic that wraps around."""
    mask = np.uint64(0xFFFFFFFF)

    def word(value: Array | int) -> Array:
        return np.asarray(value, np.int64).astype(np.uint64) & mask

    h = (word(a) * np.uint64(374761393) + word(b) * np.uint64(668265263) + word(c) * np.uint64(2246822519)) & mask
    h = ((h ^ (h >> np.uint64(13))) * np.uint64(1274126177)) & mask
    return ((h ^ (h >> np.uint64(16))) & mask).astype(np.float64) / 4294967296.0


def _edge(d: Array, width: Array | float) -> Array:
    return 1 / (1 + np.exp(-np.clip(d / width, -40, 40)))


def _bell(d: Array, width: float) -> Array:
    return np.exp((-0.5 * d * d) / (width * width))


def _spot(dx: Array, dy: Array, wx: float, wy: float) -> Array:
    return np.exp(-0.5 * ((dx * dx) / (wx * wx) + (dy * dy) / (wy * wy)))


@dataclass(frozen=True)
class _Chest:
    scale: float
    angle: float
    shift_x: float
    shift_y: float
    turn: float
    width: float
    heart: float
    ribs: float
    rib_phase: float
    dome: float
    haze: float
    noise: float
    exposure: float
    # x, y, wide, high, strength
    patches: tuple[tuple[float, float, float, float, float], ...]


def _chest_of(variant: int) -> _Chest:
    def pick(k: int, low: float, high: float) -> float:
        return float(low + (high - low) * unit(variant, k, 1))

    kind = variant % 4
    patches = []
    for i in range((0, 7, 1, 2)[kind]):
        side, k, large = (1 if i % 2 == 0 else -1), 100 + i * 10, (1.4 if kind == 2 else 1)
        patches.append((side * pick(k, 0.3, 0.62), pick(k + 1, -0.25, 0.42), pick(k + 2, 0.06, 0.13) * large,
                        pick(k + 3, 0.06, 0.15) * large, 0.55 if kind == 2 else pick(k + 4, 0.16, 0.34)))
    return _Chest(
        scale=pick(1, 0.94, 1.1),
        angle=pick(2, -0.05, 0.05) * (2.2 if kind == 3 else 1),
        shift_x=pick(3, -0.04, 0.04),
        shift_y=pick(4, -0.04, 0.04),
        turn=pick(5, -0.03, 0.03) * (2 if kind == 3 else 1),
        width=pick(6, 0.92, 1.06),
        heart=pick(7, 0.85, 1.15),
        ribs=pick(8, 0.15, 0.175),
        rib_phase=pick(9, 0, 6.28),
        dome=pick(10, 0.44, 0.56),
        haze=pick(11, 0.1, 0.16) if kind == 3 else 0.03 if kind == 1 else 0.0,
        noise=pick(12, 0.008, 0.02),
        exposure=pick(13, 1.25, 1.6),
        patches=tuple(patches),
    )


def _dome(x: Array, side: Array, c: _Chest) -> Array:
    away = x - side * 0.38
    return c.dome + np.where(side < 0, -0.05, 0) + 0.75 * away * away + 2.2 * away * away * away * away


def _lung(x: Array, y: Array, side: Array, c: _Chest) -> Array:
    dx, dy = (x - side * 0.43 * c.width) / (0.34 * c.width), (y - 0.14) / 0.94
    squared = dx * dx
    inside = 1 - (0.72 * squared + 0.28 * squared * squared + dy * dy)
    return _edge(inside, 0.045) * _edge(_dome(x, side, c) - y, 0.012)


def _ribs(x: Array, y: Array, side: Array, c: _Chest) -> Array:
    out = side * x
    behind = y - 0.16 * np.sin(2.2 * out) + 0.5 * (out - 0.35) * (out - 0.35)
    wave = np.sin((6.283185307179586 * behind) / c.ribs + c.rib_phase)
    front = y - 0.55 * (0.55 - out) - 0.25 * out * out
    front_wave = np.sin((6.283185307179586 * front) / (c.ribs * 1.15) + 1 + c.rib_phase)
    tube = _edge(wave - 0.25, 0.16) * (0.75 + 0.5 * _bell(wave - 0.35, 0.25))
    cage = _edge(0.84 * c.width - out, 0.02) * _edge(out - 0.07, 0.03)
    return cage * (0.1 * tube + 0.05 * _edge(front_wave - 0.35, 0.18) * _edge(out - 0.2, 0.06))


def _vessels(x: Array, y: Array, side: Array) -> Array:
    dx, dy = side * x - 0.16, y + 0.02
    r = np.sqrt(dx * dx + dy * dy + 0.0004)
    c, s = dx / r, dy / r
    rays = np.sin(9 * s + 5 * r + side) + np.sin(13 * s - 4 * c + 7 * r)
    return 0.16 * _spot(dx, dy, 0.085, 0.13) + 0.075 * _edge(rays - 0.7, 0.3) * np.exp(-2.6 * r)


def _middle(x: Array, y: Array, c: _Chest) -> Array:
    turned = x - c.turn * 3
    spine = (0.2 * _bell(x, 0.075) * (0.86 + 0.14 * np.sin(38 * y + 0.6))
             + 0.035 * _bell(x, 0.02) * _edge(np.sin(38 * y + 2), 0.3))
    half = 0.12 + 0.05 * _edge(y + 0.1, 0.18) + 0.1 * _edge(-0.72 - y, 0.06)
    mediastinum = 0.44 * _edge(half - np.abs(turned), 0.028) * _edge(y + 1.15, 0.1)
    knob = 0.2 * _spot(turned - 0.14, y + 0.34, 0.065, 0.085)
    windpipe = 0.2 * _bell(turned + 0.01, 0.042) * _edge(-0.2 - y, 0.06) * _edge(y + 1.1, 0.05)
    hx, hy = turned - 0.13 * c.heart, y - 0.3
    along, across = (0.94 * hx + 0.34 * hy) / (0.36 * c.heart), (0.94 * hy - 0.34 * hx) / (0.27 * c.heart)
    heart = 0.55 * _edge(1 - along * along - across * across, 0.09)
    return spine + np.maximum(mediastinum, heart) + 0.25 * np.minimum(mediastinum, heart) + knob - windpipe


def _clavicles(x: Array, y: Array, c: _Chest) -> Array:
    out = np.abs(x - c.turn)
    d = y - (-0.66 - 0.1 * (out - 0.1) - 0.07 * np.sin(4.2 * (out - 0.1)))
    ends = _edge(out - 0.09, 0.015) * _edge(0.92 - out, 0.03)
    return ends * (0.16 * _edge(0.034 - np.abs(d), 0.006) + 0.07 * _bell(np.abs(d) - 0.03, 0.01))


def _tissue(x: Array, y: Array) -> Array:
    shoulders, neck = _edge(y + 0.98 - 0.34 * x * x, 0.03), _edge(0.27 - np.abs(x), 0.03)
    trunk = shoulders + neck - shoulders * neck
    flank = _edge(0.99 - np.abs(x) + 0.25 * _edge(-0.25 - y, 0.1), 0.02)
    armpit = 0.28 * _spot(np.abs(x) - 0.93, y + 0.1, 0.05, 0.22)
    return trunk * flank * (0.78 - 0.2 * x * x - armpit)


def _absorption(x: Array, y: Array, c: _Chest) -> Array:
    side = np.where(x < 0, -1.0, 1.0)
    lung = _lung(x, y, side, c)
    below = _edge(y - _dome(x, side, c), 0.014 + 0.3 * np.maximum(0, np.abs(x) - 0.6) ** 2)
    belly = below * (0.32 - 0.22 * x * x)
    bubble = 0.3 * below * _edge(1 - (((x - 0.4) / 0.15) ** 2 + ((y - 0.67) / 0.07) ** 2), 0.12)
    mesh = (np.sin(31 * x + 4 * y + 2 * np.sin(11 * y)) * np.sin(27 * y - 5 * x + 2 * np.sin(9 * x))
            + np.sin(58 * x - 17 * y + 3 * np.sin(13 * y)) * np.sin(49 * y + 21 * x))
    sick = c.haze * (1.1 + 0.4 * mesh)
    for px, py, wide, high, strength in c.patches:
        grain = 1 + 0.3 * np.sin(23 * x + 9 * y + px * 20) * np.sin(19 * y - 7 * x)
        sick = sick + strength * grain * _spot(x - px, y - py, wide, high)
    tissue = _tissue(x, y)
    air = 0.8 - 0.1 * _edge(y - 0.1, 0.25)
    marks = _vessels(x, y, side) + sick + 0.012 * np.sin(47 * x + 13 * y) * np.sin(41 * y)
    return (tissue * (1 - lung * air) + lung * marks
            + tissue * (_middle(x, y, c) + _ribs(x, y, side, c) + belly - bubble) + _clavicles(x, y, c))


def chest_phantom(size: int, variant: int) -> Array:
    """A synthetic frontal chest radiograph: float32 [size, size], 0 = black … 1 = white.

    `variant` 0 … 2³¹ − 1; variant mod 4 is what the lungs hold (clear, patches, one dense patch, haze).
    Raises ValueError if size (1 … 4096) or variant is outside its range.
    """
    if not 1 <= size <= 4096:
        raise ValueError(f"The phantom's size must be a whole number from 1 to 4096, not {size}.")
    if not 0 <= variant <= 0x7FFFFFFF:
        raise ValueError(f"The phantom's variant must be a whole number from 0, not {variant}.")
    c = _chest_of(variant)
    cos, sin = np.cos(c.angle) / c.scale, np.sin(c.angle) / c.scale
    place = np.arange(size)
    row, column = place[:, None], place[None]
    py, px = (2 * (row + 0.5)) / size - 1 - c.shift_y, (2 * (column + 0.5)) / size - 1 - c.shift_x
    x, y = cos * px + sin * py, cos * py - sin * px
    absorbed = 1 - np.exp(-c.exposure * np.maximum(0, _absorption(x, y, c)))
    grain = unit(column, row, variant + 7) + unit(column, row, variant + 1000003) - 1
    bright = 0.02 + 1.08 * absorbed + c.noise * grain * (1.4 - absorbed)
    return np.clip(bright, 0, 1).astype(np.float32)
