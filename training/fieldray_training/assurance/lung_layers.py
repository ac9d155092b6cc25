"""The shipped lung network: one list of layers, from which the trained module, the folded run and the graph are made.

MobileNetV2's blocks (Sandler 2018) down to 7×7, and back up by bilinear growth with skips that are added, so that every
operation is one TensorFlow.js fuses or runs fast. About 0.4 million weights and 0.09 thousand million multiplications,
a third of the classifier's. It shares no weight with `lungs.py`, whose finder only serves training.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Union

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from ..folded import Layer, Weights
from ..labels import MODEL_SIZE, TrainingFault
from ..network import EPSILON

SIDE = MODEL_SIZE // 2
CHANNELS = ("visible", "whole")
OUTPUT = "lungs"


@dataclass(frozen=True)
class Growth:
    """Bilinear growth to twice the side (half-pixel centers)."""

    name: str
    source: str
    divisor: int

    @property
    def output(self) -> str:
        return self.name


Step = Union[Layer, Growth]
# width, hidden width and repeats at a 4th, 8th, 16th and 32nd of the side; hidden: of the block that shrinks, of the others
LEVELS = ((24, 16, 48, 1), (40, 72, 120, 2), (72, 160, 288, 2), (112, 288, 448, 2))
STEM = 16


def steps() -> list[Step]:
    """Every step in the order it runs; the first one's source is `input`, the last one's output OUTPUT."""
    found: list[Step] = [Layer("c0", "input", 1, STEM, 3, 2, False, True)]
    skips, width = [("c0", STEM)], STEM
    for level, (outputs, first, others, repeats) in enumerate(LEVELS, 1):
        last = found[-1].output
        if first != width:
            found.append(Layer(f"d{level}.exp", last, width, first, 1, 1, False, True))
        found += [Layer(f"d{level}.dw", found[-1].output, first, first, 3, 2, True, True),
                  Layer(f"d{level}.pw", f"d{level}.dw", first, outputs, 1, 1, False, False)]
        width = outputs
        for i in range(repeats):
            name, source = f"r{level}{'abc'[i]}", found[-1].output
            found += [Layer(f"{name}.exp", source, width, others, 1, 1, False, True), Layer(f"{name}.dw", f"{name}.exp", others, others, 3, 1, True, True),
                      Layer(f"{name}.pw", f"{name}.dw", others, width, 1, 1, False, False, source)]
        skips.append((found[-1].output, width))
    last = skips.pop()[0]
    for level in range(len(LEVELS) - 1, -1, -1):
        skip, outputs = skips.pop()
        found += [Layer(f"p{level}", last, width, outputs, 1, 1, False, False), Growth(f"u{level}", f"p{level}", 2 ** (level + 1)),
                  Layer(f"l{level}", skip, outputs, outputs, 1, 1, False, False, f"u{level}"),
                  Layer(f"f{level}.dw", f"l{level}/add", outputs, outputs, 3, 1, True, True)]
        last, width = f"f{level}.dw", outputs
    found += [Layer("f0.pw", last, width, width, 1, 1, False, True), Layer(OUTPUT, "f0.pw", width, len(CHANNELS), 1, 1, False, False)]
    return found


def _run(x: Any, apply: Callable[[Layer, Any], Any], grow: Callable[[Growth, Any], Any]) -> Any:
    """Walks the steps, forgetting what no later step needs."""
    order = steps()
    last_use: dict[str, int] = {}
    for i, step in enumerate(order):
        last_use[step.source] = i
        if isinstance(step, Layer) and step.residual:
            last_use[step.residual] = i
    known = {"input": x}
    for i, step in enumerate(order):
        y = grow(step, known[step.source]) if isinstance(step, Growth) else apply(step, known[step.source])
        if isinstance(step, Layer) and step.residual:
            y = y + known[step.residual]
        known[step.output] = y
        for name in [n for n, use in last_use.items() if use == i]:
            known.pop(name, None)
    return known[OUTPUT]


def _grow(_: Growth, x: torch.Tensor) -> torch.Tensor:
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


class LungNetwork(nn.Module):
    """[N, 1, H, W] in 0…1 (multiples of 32) → logits [N, 2, H/2, W/2], channels as CHANNELS."""

    def __init__(self) -> None:
        super().__init__()
        self.convolutions, self.norms = nn.ModuleDict(), nn.ModuleDict()
        for layer in (s for s in steps() if isinstance(s, Layer)):
            key, last = layer.name.replace(".", "_"), layer.name == OUTPUT
            groups = layer.inputs if layer.depthwise else 1
            self.convolutions[key] = nn.Conv2d(layer.inputs, layer.outputs, layer.kernel, layer.stride, 0 if layer.stride == 2 else layer.kernel // 2, groups=groups, bias=last)
            nn.init.kaiming_normal_(self.convolutions[key].weight, mode="fan_out" if not layer.depthwise else "fan_in", nonlinearity="relu" if layer.act else "linear")
            if not last:
                self.norms[key] = nn.BatchNorm2d(layer.outputs, eps=EPSILON)

    def _apply_layer(self, layer: Layer, x: torch.Tensor) -> torch.Tensor:
        key = layer.name.replace(".", "_")
        x = self.convolutions[key](F.pad(x, (0, 1, 0, 1)) if layer.stride == 2 else x)
        if key in self.norms:
            x = self.norms[key](x)
        return F.relu(x, inplace=True) if layer.act else x

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return _run(x - 0.5, self._apply_layer, _grow)

    @torch.no_grad()
    def fold(self) -> Weights:
        """Batch norm folded: layer → (weights OIHW, bias), float32."""
        folded: Weights = {}
        for layer in (s for s in steps() if isinstance(s, Layer)):
            key = layer.name.replace(".", "_")
            conv = self.convolutions[key]
            if key not in self.norms:
                folded[layer.name] = (conv.weight.numpy().copy(), conv.bias.numpy().copy())
                continue
            norm = self.norms[key]
            gain = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
            folded[layer.name] = ((conv.weight.double() * gain[:, None, None, None]).float().numpy(),
                                  (norm.bias.double() - norm.running_mean.double() * gain).float().numpy())
        return folded


def check(weights: Weights) -> None:
    """Raises TrainingFault if a layer is missing, misshapen or not finite."""
    for layer in (s for s in steps() if isinstance(s, Layer)):
        if layer.name not in weights:
            raise TrainingFault(f"The lung weights have no layer “{layer.name}”. Train again with training/lung_network.py.")
        w, b = weights[layer.name]
        if w.shape != layer.shape or b.shape != (layer.outputs,) or not (np.isfinite(w).all() and np.isfinite(b).all()):
            raise TrainingFault(f"Layer “{layer.name}” of the lung weights has the wrong shape or a number that is not finite. Train again with training/lung_network.py.")


class FoldedLungs:
    """Runs folded weights, as they are shipped."""

    def __init__(self, weights: Weights):
        check(weights)
        self.tensors = {name: (torch.from_numpy(np.ascontiguousarray(w)), torch.from_numpy(np.ascontiguousarray(b))) for name, (w, b) in weights.items()}

    def _layer(self, layer: Layer, x: torch.Tensor) -> torch.Tensor:
        w, b = self.tensors[layer.name]
        pad = layer.kernel // 2
        if layer.stride == 2:
            x, pad = F.pad(x, (0, 1, 0, 1)), 0
        x = F.conv2d(x, w, b, layer.stride, pad, groups=layer.inputs if layer.depthwise else 1)
        return F.relu_(x) if layer.act else x

    @torch.no_grad()
    def logits(self, images: np.ndarray, batch: int = 32) -> np.ndarray:
        """[N, 224, 224] (uint8 0…255, or float32 0…1) → float32 [N, SIDE, SIDE, 2]."""
        outputs = [np.zeros((0, SIDE, SIDE, len(CHANNELS)), np.float32)]
        for start in range(0, len(images), batch):
            part = images[start : start + batch]
            x = torch.from_numpy(np.ascontiguousarray(part)).float()[:, None]
            x = (x.div_(255.0) if part.dtype == np.uint8 else x).contiguous(memory_format=torch.channels_last)
            outputs.append(_run(x - 0.5, self._layer, _grow).permute(0, 2, 3, 1).contiguous().numpy())
        return np.concatenate(outputs)
