"""Rounding weights to what can be stored with as little change of the answers as possible.

Rounding each weight to its nearest storable value shifts the mean of every channel (activations are never
negative, so errors do not cancel), and fifty layers add that up. Two remedies, both from a few hundred unlabelled
radiographs: each weight takes over the rounding errors of those before it, weighed by how the inputs vary together
(GPTQ, Frantar 2023), and each bias takes what is left of the mean shift (Nagel 2019).
"""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F

from .folded import Layer, Weights, check, layers
from .labels import TrainingFault
from .quantize import best_scales, stays_exact

DAMPING = 0.01


def _storable(values: np.ndarray, scale: np.ndarray | None) -> np.ndarray:
    """The nearest storable values of one column [..., channels]."""
    if scale is None:
        return values.astype(np.float16).astype(np.float64)
    return np.clip(np.rint(values / scale), -127, 127) * scale


def _compensated(w: np.ndarray, covariance: np.ndarray, scale: np.ndarray | None) -> np.ndarray:
    """[channels, taps] rounded tap by tap; `covariance` of the taps' inputs is [taps, taps]."""
    spread = np.diag(covariance)
    order = np.argsort(-spread)
    w, h = w[:, order].astype(np.float64), covariance[np.ix_(order, order)]
    h = h + np.eye(len(h)) * max(DAMPING * spread.mean(), 1e-12)
    upper = np.linalg.cholesky(np.linalg.inv(h)).T
    result = np.empty_like(w)
    for i in range(w.shape[1]):
        result[:, i] = _storable(w[:, i], scale)
        error = (w[:, i] - result[:, i]) / upper[i, i]
        w[:, i + 1 :] -= error[:, None] * upper[i, i + 1 :]
    return result[:, np.argsort(order)]


def _taps(layer: Layer, x: torch.Tensor, places: int, generator: torch.Generator) -> np.ndarray:
    """Inputs as the convolution sees them: [channels, taps, places] for depthwise, else [1, taps, places]."""
    if layer.kernel == 1:
        columns = x.flatten(2).transpose(0, 1).flatten(1)[None]
    else:
        x = F.pad(x, (0, 1, 0, 1) if layer.stride == 2 else (1, 1, 1, 1))
        columns = F.unfold(x, layer.kernel, stride=layer.stride).transpose(0, 1).flatten(1)
        columns = columns.view(layer.inputs, layer.kernel**2, -1) if layer.depthwise else columns[None]
    if columns.shape[2] > places:
        columns = columns[:, :, torch.randint(columns.shape[2], (places,), generator=generator)]
    return columns.numpy()


def _rounded(layer: Layer, w: np.ndarray, taps: np.ndarray, scale: np.ndarray | None) -> np.ndarray:
    rows = w.reshape(layer.outputs, -1)
    centered = taps - taps.mean(2, keepdims=True)
    if layer.depthwise:
        parts = [_compensated(rows[c : c + 1], np.cov(centered[c].astype(np.float64)), None if scale is None else scale[c : c + 1])
                 for c in range(layer.outputs)]
        return np.concatenate(parts).reshape(w.shape)
    covariance = (centered[0] @ centered[0].T).astype(np.float64) / taps.shape[2]
    return _compensated(rows, covariance, scale).reshape(w.shape)


def _run(layer: Layer, x: torch.Tensor, w: np.ndarray, b: np.ndarray) -> torch.Tensor:
    pad = layer.kernel // 2
    if layer.stride == 2:
        x, pad = F.pad(x, (0, 1, 0, 1)), 0
    return F.conv2d(x, torch.from_numpy(w), torch.from_numpy(b), layer.stride, pad, groups=layer.inputs if layer.depthwise else 1)


@torch.no_grad()
def round_weights(
    weights: Weights, dtype: str, images: np.ndarray, places: int = 12_000, seed: int = 2026
) -> tuple[Weights, dict[str, np.ndarray]]:
    """Folded weights → (weights that `dtype` stores exactly, with mended biases; scale per channel of each layer).

    `images` [N, 224, 224] uint8 or 0…1 are unlabelled pictures of the kind the model will see (96 do). The scales
    are empty for float16. Takes about a minute on two cores.
    """
    check(weights)
    if dtype not in ("float16", "uint8"):
        raise TrainingFault(f"Weights stored as “{dtype}” need no rounding.")
    generator = torch.Generator().manual_seed(seed)
    x = torch.from_numpy(np.ascontiguousarray(images)).float()[:, None]
    x = (x.div_(255.0) if images.dtype == np.uint8 else x) * 2 - 1
    exact, stored = {"input": x}, {"input": x}
    rounded: Weights = {"head": weights["head"]}
    scales: dict[str, np.ndarray] = {}
    needed = {layer.residual for layer in layers()}
    for layer in layers():
        w, b = weights[layer.name]
        q, scale = w, None
        if not stays_exact(layer):
            if dtype == "uint8":
                scales[layer.name] = best_scales(w, 0)
                scale = scales[layer.name].astype(np.float64)
            q = _rounded(layer, w, _taps(layer, stored[layer.source], places, generator), scale).astype(np.float32)
        y, z = _run(layer, exact[layer.source], w, b), _run(layer, stored[layer.source], q, b)
        shift = (y.double().mean((0, 2, 3)) - z.double().mean((0, 2, 3))).float()
        rounded[layer.name] = (q, b + shift.numpy())
        z += shift[None, :, None, None]
        if layer.act:
            y, z = F.relu6(y), F.relu6(z)
        if layer.residual:
            y, z = y + exact[layer.residual], z + stored[layer.residual]
        exact[layer.output], stored[layer.output] = y, z
        if layer.source not in needed:
            del exact[layer.source], stored[layer.source]
    return rounded, scales
