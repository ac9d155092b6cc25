"""From the network to stored files and back, and the stored graph in TensorFlow.js."""

import json

import numpy as np
import pytest
import torch

from fieldray_training import export, onnx, parity, quantize, rounding
from fieldray_training.folded import FoldedNetwork, layers
from fieldray_training.labels import TrainingFault
from fieldray_training.phantom import chest_phantom


def test_the_layer_list_is_the_network(network):
    units = network.units()
    assert [layer.name for layer in layers()] == list(units)
    for layer in layers():
        conv = units[layer.name].conv
        assert layer.shape == tuple(conv.weight.shape)
        assert (layer.stride, layer.act) == (conv.stride[0], units[layer.name].act)


def test_the_answers_depend_on_the_picture(network, phantoms):
    """Or every comparison below would pass for the wrong reason."""
    logits = parity.reference(network, phantoms)
    assert logits.std(0).min() > 0.01


def test_folding_keeps_the_function(network, folded, phantoms):
    ours = FoldedNetwork(folded)
    np.testing.assert_allclose(ours.logits(phantoms), parity.reference(network, phantoms), atol=1e-4)
    x = torch.from_numpy(phantoms)[:2, None]
    with torch.no_grad():
        np.testing.assert_allclose(ours(x)[1], network.features(x), atol=1e-3)


def test_float32_comes_back_to_the_bit(tmp_path, folded):
    export.write_model(tmp_path, folded, "float32")
    back = export.read_model(tmp_path)
    for name, (w, b) in folded.items():
        np.testing.assert_array_equal(back[name][0], w)
        np.testing.assert_array_equal(back[name][1], b)


@pytest.mark.parametrize(("dtype", "most"), [("float16", 4.6e6), ("uint8", 2.5e6)])
def test_sizes_and_shards(tmp_path, folded, dtype, most):
    files = export.write_model(tmp_path, folded, dtype)
    assert sum(f.stat().st_size for f in files) <= most
    assert max(f.stat().st_size for f in files) <= 4_000_000
    # A second, smaller export into the same folder leaves no stale shard behind.
    export.write_model(tmp_path, folded, "uint8")
    named = json.loads((tmp_path / "model.json").read_text())["weightsManifest"][0]["paths"]
    assert sorted(p.name for p in tmp_path.glob("*.bin")) == sorted(named)


@pytest.mark.parametrize("axis", [2, 3])
def test_bytes_stand_for_their_weights_within_half_a_step(axis):
    w = np.random.default_rng(1).normal(size=(3, 3, 8, 6)).astype(np.float32) * 10.0 ** np.arange(-4, 2)[None, None, None, :6]
    q, scale = quantize.to_bytes(w.astype(np.float32), axis)
    back = quantize.from_bytes(q, scale, axis)
    clipped = (q == quantize.ZERO - 127) | (q == quantize.ZERO + 127)
    step = scale.reshape([-1 if i == axis else 1 for i in range(4)])
    assert (np.abs(back - w)[~clipped] <= 0.5001 * np.broadcast_to(step, w.shape)[~clipped]).all()
    assert q.min() >= quantize.ZERO - 127


@pytest.mark.parametrize("dtype", ["float16", "uint8"])
def test_neighbors_take_over_rounding_errors(dtype):
    random = np.random.default_rng(4)
    inputs = random.normal(size=(48, 12)) @ random.normal(size=(12, 4000)) + 0.3 * random.normal(size=(48, 4000))
    w = random.normal(size=(10, 48)).astype(np.float32)
    scale = quantize.best_scales(w, 0).astype(float) if dtype == "uint8" else None
    nearest = rounding._storable(w.astype(float), None if scale is None else scale[:, None])
    taken_over = rounding._compensated(w, np.cov(inputs), scale)
    # Both lie on the grid of storable values; only one of them minds what the inputs are.
    np.testing.assert_array_equal(taken_over, rounding._storable(taken_over, None if scale is None else scale[:, None]))
    assert np.abs((taken_over - w) @ inputs).mean() < 0.6 * np.abs((nearest - w) @ inputs).mean()


@pytest.mark.parametrize("dtype", ["float16", "uint8"])
def test_rounding_keeps_every_channels_mean_and_is_stored_without_loss(tmp_path, folded, dtype):
    pictures = np.stack([chest_phantom(96, 60 + i) for i in range(12)])
    w, b = folded["conv_last"]
    # The last layer stays between the bends of its ReLU6: what comes out is what was kept.
    network = dict(folded) | {"conv_last": (w * np.float32(0.02), np.full_like(b, 3))}
    rounded, scales = rounding.round_weights(network, dtype, pictures, places=4000)
    export.write_model(tmp_path, rounded, dtype, scales or None)
    stored = export.read_model(tmp_path)
    for name, (w, b) in rounded.items():
        np.testing.assert_array_equal(stored[name][0], w)
        np.testing.assert_array_equal(stored[name][1], b)
    x = torch.from_numpy(pictures)[:, None]

    def shift(weights):
        ours, exact = FoldedNetwork(weights)(x)[1], FoldedNetwork(network)(x)[1]
        assert 0 < exact.min() and exact.max() < 6
        return float((ours - exact).mean((0, 2, 3)).abs().mean())

    assert shift(stored) < 0.02 * shift(quantize.expand(quantize.store(network, dtype)))


@pytest.mark.parametrize("dtype", quantize.DTYPES)
def test_tensorflow_js_computes_the_same(tmp_path, folded, phantoms, dtype):
    missing = parity.node_ready()
    if missing:
        pytest.skip(f"the graph is not run in TensorFlow.js: {missing}")
    export.write_model(tmp_path, folded, dtype)
    theirs, run = parity.run_graph(tmp_path, phantoms)
    assert run["backend"] == "wasm"
    np.testing.assert_allclose(theirs, FoldedNetwork(export.read_model(tmp_path)).logits(phantoms), atol=1e-4)


def test_parity_says_what_it_found(tmp_path, network, folded, monkeypatch):
    missing = parity.node_ready()
    if missing:
        pytest.skip(f"the graph is not run in TensorFlow.js: {missing}")
    monkeypatch.setattr(parity, "INPUTS", 12)
    wrong = dict(folded) | {"head": (folded["head"][0], folded["head"][1] + np.float32(0.01))}
    export.write_model(tmp_path / "right", folded, "float32")
    export.write_model(tmp_path / "wrong", wrong, "float32")
    assert parity.check(network, {"float32": tmp_path / "right"}, None)["float32"]["passed"]
    found = parity.check(network, {"float32": tmp_path / "wrong"}, None)["float32"]
    assert not found["passed"] and found["largestDifference"] == pytest.approx(0.01, abs=1e-4)


def test_onnx_names_every_layer(folded):
    """The benchmark runs it in onnxruntime; here only that the message is whole."""
    message = onnx.encode(folded)
    floats = 4 * sum(w.size + b.size for w, b in folded.values())
    assert floats < len(message) < floats + 40_000
    for name in ("input", "logits", "features", "b16.pw/w", "Gemm"):
        assert name.encode() in message


def test_unfused_gives_three_channels_the_same_function(tmp_path, folded):
    export.write_unfused(tmp_path, folded)
    entries = {e.spec["name"]: e for e in export.read_entries(tmp_path)}
    kernel = entries["conv0/w"].data
    assert kernel.shape == (3, 3, 3, 32)
    np.testing.assert_allclose(kernel.sum(2), folded["conv0"][0][:, 0].transpose(1, 2, 0), atol=1e-6)
    ops = {n["op"] for n in json.loads((tmp_path / "model.json").read_text())["modelTopology"]["node"]}
    assert {"Conv2D", "DepthwiseConv2dNative", "FusedBatchNormV3", "Relu6"} <= ops and "_FusedConv2D" not in ops


def test_damaged_exports_are_named(tmp_path, folded):
    with pytest.raises(TrainingFault, match="no exported model"):
        export.read_model(tmp_path)
    export.write_model(tmp_path, folded, "uint8")
    shard = tmp_path / "weights-1of1.bin"
    data = shard.read_bytes()
    shard.write_bytes(data[:-8])
    with pytest.raises(TrainingFault, match="end before"):
        export.read_model(tmp_path)
    shard.write_bytes(data + b"12")
    with pytest.raises(TrainingFault, match="2 bytes too long"):
        export.read_model(tmp_path)


def test_weights_of_another_network_are_refused(tmp_path, folded):
    with pytest.raises(TrainingFault, match="no layer “b3.dw”"):
        export.write_model(tmp_path, {k: v for k, v in folded.items() if k != "b3.dw"}, "float32")
    with pytest.raises(TrainingFault, match="“head” has shape"):
        export.write_model(tmp_path, dict(folded) | {"head": (np.zeros((1280, 5), np.float32), np.zeros(5, np.float32))}, "float32")
    w, b = folded["b2.pw"]
    with pytest.raises(TrainingFault, match="not finite"):
        export.write_model(tmp_path, dict(folded) | {"b2.pw": (w * np.float32(np.nan), b)}, "float32")
    with pytest.raises(TrainingFault, match="no way to store"):
        export.write_model(tmp_path, folded, "int4")


def test_a_full_disk_leaves_the_earlier_file(tmp_path, monkeypatch):
    from pathlib import Path

    export.write_file(tmp_path / "a.json", b"first")

    def full(self, data):
        with open(self, "wb") as stream:
            stream.write(data[:2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(TrainingFault, match="No space left on device"):
        export.write_file(tmp_path / "a.json", b"second")
    assert (tmp_path / "a.json").read_bytes() == b"first"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]
