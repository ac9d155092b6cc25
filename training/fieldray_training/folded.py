"""The network as it is shipped: batch norm folded, weights as plain arrays, run in PyTorch.

This is what golden answers and evaluation figures are computed with, so that they are those of the served
weights (quantized and expanded again), not of the checkpoint they came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterator

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .labels import LABELS, MODEL_SIZE, TrainingFault
from .network import FEATURES, STAGES

# name → (weights OIHW, bias); `head` holds (weights IO, bias)
Weights = dict[str, tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Layer:
    """One convolution: where its input comes from, its shape, and whose output is added to its own."""

    name: str
    source: str
    inputs: int
    outputs: int
    kernel: int
    stride: int
    depthwise: bool
    act: bool
    residual: str | None = None

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """OIHW."""
        return (self.outputs, 1 if self.depthwise else self.inputs, self.kernel, self.kernel)

    @property
    def output(self) -> str:
        """The name under which later layers find what this one gives."""
        return f"{self.name}/add" if self.residual else self.name


def layers() -> Iterator[Layer]:
    """Every convolution of MobileNetV2 1.0 in the order it runs; the first one's source is `input`."""
    yield Layer("conv0", "input", 1, 32, 3, 2, False, True)
    width, last, block = 32, "conv0", 0
    for expansion, outputs, repeats, first_stride in STAGES:
        for i in range(repeats):
            stride, hidden, name, source = (first_stride if i == 0 else 1), width * expansion, f"b{block}", last
            if expansion != 1:
                yield Layer(f"{name}.exp", source, width, hidden, 1, 1, False, True)
            yield Layer(f"{name}.dw", f"{name}.exp" if expansion != 1 else source, hidden, hidden, 3, stride, True, True)
            residual = source if stride == 1 and width == outputs else None
            end = Layer(f"{name}.pw", f"{name}.dw", hidden, outputs, 1, 1, False, False, residual)
            yield end
            width, last, block = outputs, end.output, block + 1
    yield Layer("conv_last", last, width, FEATURES, 1, 1, False, True)


def check(weights: Weights) -> None:
    """Raises TrainingFault if a layer is missing, misshapen or not finite."""
    shapes = {layer.name: layer.shape for layer in layers()} | {"head": (FEATURES, len(LABELS))}
    for name, shape in shapes.items():
        if name not in weights:
            raise TrainingFault(f"The weights have no layer “{name}”. Export a checkpoint of this pipeline's MobileNetV2.")
        w, b = weights[name]
        if w.shape != shape or b.shape != (shape[-1] if name == "head" else shape[0],):
            raise TrainingFault(f"Layer “{name}” has shape {w.shape}, {shape} was expected. Export a checkpoint of this pipeline's MobileNetV2.")
        if not (np.isfinite(w).all() and np.isfinite(b).all()):
            raise TrainingFault(f"Layer “{name}” holds a number that is not finite. Train again with a lower learning rate.")


class FoldedNetwork:
    """Runs folded weights. Input [N, 1, 224, 224] in 0…1."""

    def __init__(self, weights: Weights, device: torch.device | str = "cpu"):
        check(weights)
        self.layers = list(layers())
        self.tensors = {k: tuple(torch.from_numpy(np.ascontiguousarray(a)).to(device) for a in pair)
                        for k, pair in weights.items()}

    def __call__(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits [N, 4] and features [N, 1280, 7, 7]."""
        features = self.run(x, "conv_last")
        w, b = self.tensors["head"]
        return features.mean((2, 3)) @ w + b, features

    def front(self, x: torch.Tensor, blocks: int) -> torch.Tensor:
        """What the first convolution and the first `blocks` blocks give: what MobileNetV2.forward goes on from."""
        name = f"b{blocks - 1}.pw" if blocks else "conv0"
        return self.run(x, next(layer.output for layer in self.layers if layer.name == name))

    @torch.no_grad()
    def run(self, x: torch.Tensor, until: str) -> torch.Tensor:
        """The layers in order, up to the output named `until`."""
        known = {"input": x * 2.0 - 1.0}
        wanted = {layer.residual for layer in self.layers}
        for layer in self.layers:
            w, b = self.tensors[layer.name]
            y = known[layer.source]
            pad = layer.kernel // 2
            if layer.stride == 2:  # TensorFlow SAME: the extra row and column at the bottom and right
                y, pad = F.pad(y, (0, 1, 0, 1)), 0
            y = F.conv2d(y, w, b, layer.stride, pad, groups=layer.inputs if layer.depthwise else 1)
            y = F.relu6(y, inplace=True) if layer.act else y
            known[layer.output] = y if layer.residual is None else y + known[layer.residual]
            if layer.output == until:
                break
            if layer.source not in wanted:
                del known[layer.source]
        return known[until]

    def logits(self, images: np.ndarray, batch: int = 64) -> np.ndarray:
        """[N, 224, 224] (uint8 0…255, or float32 0…1) → float32 [N, 4]."""
        outputs = [np.zeros((0, len(LABELS)), np.float32)]
        for start in range(0, len(images), batch):
            part = images[start : start + batch]
            x = torch.from_numpy(np.ascontiguousarray(part)).float()
            x = x.div_(255.0) if part.dtype == np.uint8 else x
            outputs.append(self(x[:, None].contiguous(memory_format=torch.channels_last))[0].numpy())
        return np.concatenate(outputs)


class _Traceable(nn.Module):
    """The folded network as modules, so that PyTorch can choose its own layout for the weights once."""

    def __init__(self, network: FoldedNetwork):
        super().__init__()
        self.layers, self.convolutions = network.layers, nn.ModuleList()
        for layer in self.layers:
            conv = nn.Conv2d(layer.inputs, layer.outputs, layer.kernel, layer.stride, 0 if layer.stride == 2 else layer.kernel // 2, groups=layer.inputs if layer.depthwise else 1)
            conv.weight.data, conv.bias.data = (t.clone() for t in network.tensors[layer.name])  # type: ignore[union-attr]
            self.convolutions.append(conv)
        self.head = network.tensors["head"]

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        known = {"input": x * 2.0 - 1.0}
        for layer, conv in zip(self.layers, self.convolutions):
            y = conv(F.pad(known[layer.source], (0, 1, 0, 1)) if layer.stride == 2 else known[layer.source])
            y = F.relu6(y) if layer.act else y
            known[layer.output] = y if layer.residual is None else y + known[layer.residual]
        features = known["conv_last"]
        return features.mean((2, 3)) @ self.head[0] + self.head[1], features


@torch.no_grad()
def compiled(network: FoldedNetwork) -> Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor]]:
    """The same function a third faster, for thousands of pictures: building it takes three seconds."""
    traced = torch.jit.trace(_Traceable(network).eval(), torch.zeros(2, 1, MODEL_SIZE, MODEL_SIZE), check_trace=False)
    return torch.jit.optimize_for_inference(torch.jit.freeze(traced))
