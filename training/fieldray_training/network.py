"""MobileNetV2 (Sandler 2018) for one grey channel, with the ImageNet weights' layer names.

Input [N, 1, H, W] in 0…1 (H, W multiples of 32); logits [N, 4]. The graph maps to [-1, 1] itself and
pads as TensorFlow's SAME does (the extra row and column at the bottom and right for stride 2), after
that mapping, because the ImageNet weights were made so and the exported graph runs so.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .labels import LABELS, TrainingFault

# expansion, width, repeats, first stride: table 2 of the MobileNetV2 paper
STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
FEATURES = 1280
# Keras' epsilon for this network; folding and export use the same number.
EPSILON = 1e-3


class _Relu6(torch.autograd.Function):
    """F.relu6 whose gradient exists in bfloat16 on the CPU too (PyTorch 1.13 has none)."""

    @staticmethod
    def forward(context, x: torch.Tensor) -> torch.Tensor:
        y = x.clamp_(0, 6)
        context.mark_dirty(x)
        context.save_for_backward(y)
        return y

    @staticmethod
    def backward(context, gradient: torch.Tensor) -> torch.Tensor:
        (y,) = context.saved_tensors
        below = torch.ops.aten.threshold_backward(gradient, y, 0)
        return torch.ops.aten.threshold_backward(below, 6 - y, 0)


def relu6(x: torch.Tensor) -> torch.Tensor:
    """min(max(x, 0), 6), in place."""
    return _Relu6.apply(x) if x.dtype == torch.bfloat16 and x.device.type == "cpu" else F.relu6(x, inplace=True)


class ConvNorm(nn.Module):
    """Convolution with TensorFlow SAME padding, batch norm and, except after projections, ReLU6."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1, act: bool = True):
        super().__init__()
        self.shift = stride == 2
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, 0 if self.shift else kernel // 2, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(outputs, eps=EPSILON)
        self.act = act

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.shift:
            x = F.pad(x, (0, 1, 0, 1))
        x = self.norm(self.conv(x))
        return relu6(x) if self.act else x


class Block(nn.Module):
    """Inverted residual: expand 1×1, depthwise 3×3, project 1×1."""

    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int):
        super().__init__()
        hidden = inputs * expansion
        if expansion != 1:
            self.exp = ConvNorm(inputs, hidden, 1)
        self.dw = ConvNorm(hidden, hidden, 3, stride, groups=hidden)
        self.pw = ConvNorm(hidden, outputs, 1, act=False)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.exp(x) if hasattr(self, "exp") else x
        y = self.pw(self.dw(y))
        return x + y if self.residual else y


class MobileNetV2(nn.Module):
    """The study's network: base, global average pooling, dropout, one dense layer."""

    def __init__(self, classes: int = len(LABELS), dropout: float = 0.5):
        super().__init__()
        self.conv0 = ConvNorm(1, 32, 3, 2)
        width, names = 32, []
        for expansion, outputs, repeats, stride in STAGES:
            for i in range(repeats):
                name = f"b{len(names)}"
                self.add_module(name, Block(width, outputs, stride if i == 0 else 1, expansion))
                names.append(name)
                width = outputs
        self.block_names = names
        self.conv_last = ConvNorm(width, FEATURES, 1)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(FEATURES, classes)

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """[N, 1, H, W] in 0…1 → [N, 1280, H/32, W/32]."""
        return self.rear_features(self.conv0(x * 2.0 - 1.0), 0)

    def rear_features(self, x: torch.Tensor, blocks: int) -> torch.Tensor:
        """What the first convolution and `blocks` blocks gave → what `features` gives."""
        for name in self.block_names[blocks:]:
            x = getattr(self, name)(x)
        return self.conv_last(x)

    def classify(self, features: torch.Tensor) -> torch.Tensor:
        """[N, 1280, h, w] → logits [N, 4]."""
        return self.head(self.dropout(features.mean((2, 3))))

    def forward(self, x: torch.Tensor, blocks: int | None = None) -> torch.Tensor:
        """Logits of pictures; with `blocks`, of what the first convolution and that many blocks gave for them."""
        return self.classify(self.features(x) if blocks is None else self.rear_features(x, blocks))

    def units(self) -> dict[str, ConvNorm]:
        """Every convolution in the order it runs, by its ImageNet name (`conv0`, `b0.dw`, …)."""
        found = {"conv0": self.conv0}
        for name in self.block_names:
            block = getattr(self, name)
            for part in ("exp", "dw", "pw"):
                if hasattr(block, part):
                    found[f"{name}.{part}"] = getattr(block, part)
        found["conv_last"] = self.conv_last
        return found

    def learn(self, frozen: bool, blocks: int = 0) -> None:
        """Sets training mode: everything learns, or only the head (`frozen`), or all after the first `blocks` blocks.

        What is frozen neither moves its weights nor its batch statistics; without `frozen` and with 0 blocks nothing is.
        """
        self.train()
        still = [self.conv0, *(getattr(self, name) for name in self.block_names), self.conv_last]
        for i, part in enumerate(still):
            fixed = frozen or (blocks > 0 and i <= blocks)
            part.train(not fixed).requires_grad_(not fixed)


@torch.no_grad()
def load_imagenet(model: MobileNetV2, archive: Path, calibration: torch.Tensor) -> None:
    """Takes folded ImageNet weights and restores batch norm around them.

    Training wants normalized layers, the weights come without: each filter is scaled to unit norm, the
    statistics of its output are taken on `calibration` ([N, 1, H, W], 0…1), and scale and shift are set
    so that the function stays what it was. One pass: each layer is restored as the batch reaches it.
    """
    with np.load(archive) as weights:
        table = {key: torch.from_numpy(np.asarray(weights[key], np.float32)) for key in weights.files}
    handles, scales = [], {}
    for name, unit in model.units().items():
        if f"{name}/w" not in table:
            raise TrainingFault(f"The weights file has no layer “{name}”. Use the MobileNetV2 archive named in training/README.md.")
        kernel, bias = table[f"{name}/w"], table[f"{name}/b"]
        if name == "conv0":
            kernel = kernel.sum(1, keepdim=True)  # three equal channels, one sum
        if kernel.shape != unit.conv.weight.shape:
            raise TrainingFault(f"Layer “{name}” has shape {tuple(kernel.shape)}, {tuple(unit.conv.weight.shape)} was expected.")
        norm = kernel.flatten(1).norm(dim=1).clamp_min(1e-8)
        unit.conv.weight.copy_(kernel / norm[:, None, None, None])
        scales[unit.norm] = (norm, bias)

        def restore(module: nn.BatchNorm2d, inputs: tuple[torch.Tensor, ...]) -> None:
            mean, variance = inputs[0].mean((0, 2, 3)), inputs[0].var((0, 2, 3), unbiased=False)
            gain, offset = scales[module]
            module.running_mean.copy_(mean)
            module.running_var.copy_(variance)
            module.weight.copy_(gain * torch.sqrt(variance + module.eps))
            module.bias.copy_(gain * mean + offset)

        handles.append(unit.norm.register_forward_pre_hook(restore))
    was = model.training
    model.eval()
    model.features(calibration)
    model.train(was)
    for handle in handles:
        handle.remove()


@torch.no_grad()
def fold(model: MobileNetV2) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Batch norm folded into the convolutions: name → (weights OIHW, bias), float32; and `head` (IO, bias)."""
    folded = {}
    for name, unit in model.units().items():
        norm = unit.norm
        gain = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
        kernel = unit.conv.weight.double() * gain[:, None, None, None]
        bias = norm.bias.double() - norm.running_mean.double() * gain
        folded[name] = (kernel.float().cpu().numpy(), bias.float().cpu().numpy())
    folded["head"] = (model.head.weight.detach().t().contiguous().cpu().numpy(), model.head.bias.detach().cpu().numpy())
    return folded
