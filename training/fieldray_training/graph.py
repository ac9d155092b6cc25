"""The network as a TensorFlow.js graph model's topology (a GraphDef in JSON), written directly.

Names, attributes and their encoding are what @tensorflow/tfjs-converter's operation mapper reads: strings are
base64, integers are decimal strings.
"""

from __future__ import annotations

import base64
from typing import Any

from .folded import Layer, layers
from .labels import LABELS, MODEL_SIZE
from .network import EPSILON, FEATURES

Node = dict[str, Any]
FLOAT = {"type": "DT_FLOAT"}
_TF_TYPES = {"float32": "DT_FLOAT", "int32": "DT_INT32"}


def _text(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def _strings(*values: str) -> dict[str, Any]:
    return {"list": {"s": [_text(v) for v in values]}}


def _numbers(*values: int) -> dict[str, Any]:
    return {"list": {"i": [str(v) for v in values]}}


def _shape(sizes: list[int]) -> dict[str, Any]:
    return {"dim": [{"size": str(n)} for n in sizes]}


def constant(name: str, shape: list[int], dtype: str = "float32") -> Node:
    """A node whose values lie in the weight files under the same name."""
    kind = _TF_TYPES[dtype]
    return {"name": name, "op": "Const", "attr": {"dtype": {"type": kind}, "value": {"tensor": {"dtype": kind, "tensorShape": _shape(shape)}}}}


def placeholder(channels: int) -> Node:
    return {"name": "input", "op": "Placeholder", "attr": {"dtype": FLOAT, "shape": {"shape": _shape([-1, MODEL_SIZE, MODEL_SIZE, channels])}}}


def _convolution_attributes(stride: int) -> dict[str, Any]:
    return {"T": FLOAT, "data_format": {"s": _text("NHWC")}, "strides": _numbers(1, stride, stride, 1),
            "dilations": _numbers(1, 1, 1, 1), "padding": {"s": _text("SAME")}, "explicit_paddings": {"list": {}}}


def fused_convolution(layer: Layer, name: str, source: str, act: str) -> list[Node]:
    """The layer with bias and activation in one operation, its constants, and the addition of its residual where it has one."""
    w, b = f"{layer.name}/w", f"{layer.name}/b"
    attributes = _convolution_attributes(layer.stride) | {
        "num_args": {"i": "1"}, "epsilon": {"f": 0.0},
        "fused_ops": _strings("BiasAdd", act) if layer.act else _strings("BiasAdd"),
    }
    nodes = [constant(w, _kernel_shape(layer)), constant(b, [layer.outputs]),
             {"name": name, "op": "FusedDepthwiseConv2dNative" if layer.depthwise else "_FusedConv2D", "input": [source, w, b], "attr": attributes}]
    if layer.residual:
        nodes.append({"name": layer.output, "op": "AddV2", "input": [name, layer.residual], "attr": {"T": FLOAT}})
    return nodes


def growth(name: str, source: str, side: int) -> list[Node]:
    """Bilinear resizing to side × side with half-pixel centers, as PyTorch's `align_corners=False` does."""
    return [constant(f"{name}/size", [2], "int32"),
            {"name": name, "op": "ResizeBilinear", "input": [source, f"{name}/size"],
             "attr": {"T": FLOAT, "align_corners": {"b": False}, "half_pixel_centers": {"b": True}}}]


def model_of(nodes: list[Node], inputs: dict[str, list[int]], outputs: dict[str, list[int]]) -> dict[str, Any]:
    """Topology and signature of a graph; names with their shapes."""
    def tensors(table: dict[str, list[int]]) -> dict[str, Any]:
        return {name: {"name": f"{name}:0", "dtype": "DT_FLOAT", "tensorShape": _shape(sizes)} for name, sizes in table.items()}

    return {"modelTopology": {"node": nodes, "library": {}, "versions": {"producer": 1286}}, "signature": {"inputs": tensors(inputs), "outputs": tensors(outputs)}}


def _tail() -> list[Node]:
    """Global average pooling and the dense layer."""
    return [
        constant("pool/axes", [2], "int32"),
        {"name": "pool", "op": "Mean", "input": ["features", "pool/axes"], "attr": {"T": FLOAT, "Tidx": {"type": "DT_INT32"}, "keep_dims": {"b": False}}},
        constant("head/w", [FEATURES, len(LABELS)]),
        constant("head/b", [len(LABELS)]),
        {"name": "logits", "op": "_FusedMatMul", "input": ["pool", "head/w", "head/b"],
         "attr": {"T": FLOAT, "transpose_a": {"b": False}, "transpose_b": {"b": False}, "num_args": {"i": "1"}, "fused_ops": _strings("BiasAdd"), "epsilon": {"f": 0.0}}},
    ]


def _kernel_shape(layer: Layer, channels: int = 1) -> list[int]:
    if layer.depthwise:
        return [layer.kernel, layer.kernel, layer.inputs, 1]
    return [layer.kernel, layer.kernel, channels if layer.source == "input" else layer.inputs, layer.outputs]


def _node_name(name: str) -> str:
    return {"conv_last": "features", "input": "input/centered"}.get(name, name)


def _graph(nodes: list[Node], channels: int) -> dict[str, Any]:
    side = MODEL_SIZE // 32
    return model_of(nodes, {"input": [-1, MODEL_SIZE, MODEL_SIZE, channels]}, {"logits": [-1, len(LABELS)], "features": [-1, side, side, FEATURES]})


def fused() -> dict[str, Any]:
    """The shipped graph. Input [N, 224, 224, 1] in 0…1; outputs `logits` [N, 4], `features` [N, 7, 7, 1280].

    2x − 1 is written as x − 0.5 with conv0's kernels doubled: one operation, the same numbers to the bit, and the
    zeros that SAME adds still mean mid-grey, as in training. (Folding the shift into the bias would make them black.)
    """
    nodes = [placeholder(1), constant("input/half", []),
             {"name": "input/centered", "op": "Sub", "input": ["input", "input/half"], "attr": {"T": FLOAT}}]
    for layer in layers():
        nodes += fused_convolution(layer, _node_name(layer.name), _node_name(layer.source), "Relu6")
    return _graph(nodes + _tail(), 1)


def unfused() -> dict[str, Any]:
    """The same network as frameworks export it by default, for the benchmark only.

    Three channels, 2x − 1 in two operations, and Conv2D, batch norm and ReLU6 each on their own.
    """
    nodes = [placeholder(3), constant("input/two", []), constant("input/one", []),
             {"name": "input/doubled", "op": "Mul", "input": ["input", "input/two"], "attr": {"T": FLOAT}},
             {"name": "input/centered", "op": "Sub", "input": ["input/doubled", "input/one"], "attr": {"T": FLOAT}}]
    for layer in layers():
        name, conv, norm = _node_name(layer.name), f"{layer.name}/conv", f"{layer.name}/norm"
        parts = [f"{layer.name}/{part}" for part in ("gamma", "beta", "mean", "variance")]
        nodes += [constant(f"{layer.name}/w", _kernel_shape(layer, 3)), *(constant(p, [layer.outputs]) for p in parts)]
        nodes.append({"name": conv, "op": "DepthwiseConv2dNative" if layer.depthwise else "Conv2D",
                      "input": [_node_name(layer.source), f"{layer.name}/w"], "attr": _convolution_attributes(layer.stride)})
        nodes.append({"name": norm if layer.act else name, "op": "FusedBatchNormV3", "input": [conv, *parts],
                      "attr": {"T": FLOAT, "U": FLOAT, "epsilon": {"f": EPSILON}, "data_format": {"s": _text("NHWC")}, "is_training": {"b": False}}})
        if layer.act:
            nodes.append({"name": name, "op": "Relu6", "input": [norm], "attr": {"T": FLOAT}})
        if layer.residual:
            nodes.append({"name": layer.output, "op": "AddV2", "input": [name, layer.residual], "attr": {"T": FLOAT}})
    return _graph(nodes + _tail(), 3)
