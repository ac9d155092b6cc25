"""The served network as ONNX, for the benchmark: a few messages of onnx.proto3, encoded by hand.

Field numbers are those of onnx/onnx.proto3 (IR version 8, operator set 13).
"""

from __future__ import annotations

import struct

import numpy as np

from .folded import Weights, check, layers
from .labels import LABELS, MODEL_SIZE
from .network import FEATURES

_FLOAT, _INT64 = 1, 7


def _varint(value: int) -> bytes:
    value &= 0xFFFFFFFFFFFFFFFF
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _attribute(name: str, value: int | float | list[int]) -> bytes:
    if isinstance(value, list):
        body = b"".join(_number(8, v) for v in value) + _number(20, 7)
    elif isinstance(value, float):
        body = _varint(2 << 3 | 5) + struct.pack("<f", value) + _number(20, 1)
    else:
        body = _number(3, value) + _number(20, 2)
    return _bytes(5, _bytes(1, name) + body)


def _node(kind: str, inputs: list[str], output: str, **attributes: int | float | list[int]) -> bytes:
    body = b"".join(_bytes(1, name) for name in inputs) + _bytes(2, output) + _bytes(3, output) + _bytes(4, kind)
    return _bytes(1, body + b"".join(_attribute(k, v) for k, v in attributes.items()))


def _tensor(name: str, values: np.ndarray) -> bytes:
    kind, data = (_INT64, values.astype("<i8")) if values.dtype.kind == "i" else (_FLOAT, values.astype("<f4"))
    body = b"".join(_number(1, n) for n in values.shape) + _number(2, kind) + _bytes(8, name) + _bytes(9, data.tobytes())
    return _bytes(5, body)


def _value(field: int, name: str, shape: list[int]) -> bytes:
    dimensions = b"".join(_bytes(1, _number(1, n)) for n in shape)
    kind = _bytes(1, _number(1, _FLOAT) + _bytes(2, dimensions))
    return _bytes(field, _bytes(1, name) + _bytes(2, kind))


def encode(weights: Weights) -> bytes:
    """A ModelProto: `input` [1, 1, 224, 224] in 0…1 → `logits` [1, 4], `features` [1, 1280, 7, 7], all float32.

    One grey channel, batch norm folded and TensorFlow's padding, as the graph of `graph.fused` has them.
    """
    check(weights)
    nodes = [_node("Sub", ["input", "half"], "centered")]
    tensors = [_tensor("half", np.array(0.5, np.float32)), _tensor("zero", np.array(0, np.float32)), _tensor("six", np.array(6, np.float32))]
    names = {"input": "centered", "conv_last": "features"}
    for layer in layers():
        w, b = weights[layer.name]
        tensors += [_tensor(f"{layer.name}/w", w * np.float32(2) if layer.name == "conv0" else w), _tensor(f"{layer.name}/b", b)]
        pad = layer.kernel // 2
        conv = f"{layer.name}/conv" if layer.act else layer.name
        nodes.append(_node(
            "Conv", [names.get(layer.source, layer.source), f"{layer.name}/w", f"{layer.name}/b"], conv,
            kernel_shape=[layer.kernel] * 2, strides=[layer.stride] * 2, dilations=[1, 1],
            pads=[0, 0, pad, pad] if layer.stride == 2 else [pad] * 4, group=layer.inputs if layer.depthwise else 1,
        ))
        if layer.act:
            nodes.append(_node("Clip", [conv, "zero", "six"], names.get(layer.name, layer.name)))
        if layer.residual:
            nodes.append(_node("Add", [layer.name, layer.residual], layer.output))
    w, b = weights["head"]
    tensors += [_tensor("head/w", w), _tensor("head/b", b)]
    nodes += [_node("GlobalAveragePool", ["features"], "pool"), _node("Flatten", ["pool"], "embedding", axis=1),
              _node("Gemm", ["embedding", "head/w", "head/b"], "logits", alpha=1.0, beta=1.0)]
    side = MODEL_SIZE // 32
    graph = b"".join(nodes) + _bytes(2, "fieldray") + b"".join(tensors) + _value(11, "input", [1, 1, MODEL_SIZE, MODEL_SIZE])
    graph += _value(12, "logits", [1, len(LABELS)]) + _value(12, "features", [1, FEATURES, side, side])
    return _number(1, 8) + _bytes(2, "fieldray-training") + _bytes(7, graph) + _bytes(8, _bytes(1, "") + _number(2, 13))
