"""The lung network: its layers, its training, its graph in TensorFlow.js, on phantoms whose dark places are the lungs."""

import numpy as np
import pytest
import torch

from fieldray_training import checkpoint, parity
from fieldray_training.assurance import lung_data, lung_graph, lung_network, lung_training, section
from fieldray_training.assurance.lung_layers import OUTPUT, SIDE, FoldedLungs, LungNetwork, steps
from fieldray_training.assurance.lung_training import Stage
from fieldray_training.augment import resize
from fieldray_training.data import SPLITS
from fieldray_training.folded import Layer
from fieldray_training.labels import TrainingFault
from fieldray_training.phantom import chest_phantom


@pytest.fixture(scope="module")
def lungs() -> LungNetwork:
    """Seeded, with batch norms that have seen phantoms."""
    torch.manual_seed(3)
    model = LungNetwork()
    pictures = torch.from_numpy(np.stack([chest_phantom(96, i) for i in range(8)]))[:, None]
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None
            torch.nn.init.uniform_(module.weight, 0.7, 1.4)
            torch.nn.init.uniform_(module.bias, -0.2, 0.4)
    model.train()
    with torch.no_grad():
        model(pictures)
    return model.eval()


@pytest.fixture(scope="module")
def masked() -> lung_data.Masked:
    """24 phantoms with ellipses for masks, a third of them “human” and larger."""
    n = 24
    images = np.stack([np.rint(chest_phantom(224, i) * 255).astype(np.uint8) for i in range(n)])
    y, x = np.mgrid[0:224, 0:224] / 112 - 1
    ellipses = [np.abs(x) - 0.43, y - 0.05]
    masks = np.stack([(ellipses[0] / (0.3 if i % 3 else 0.4)) ** 2 + (ellipses[1] / 0.7) ** 2 < 1 for i in range(n)])
    return lung_data.Masked(images, masks, np.arange(n) % 3 == 0, np.array([0] * 16 + [3] * 8), np.array(["Normal"] * n), np.array(["a"] * n))


def test_it_costs_a_third_of_the_classifier():
    cost, side = 0, {"input": 224}
    for step in steps():
        if isinstance(step, Layer):
            side[step.output] = side[step.name] = side[step.source] // step.stride
            cost += side[step.output] ** 2 * int(np.prod(step.shape))
        else:
            side[step.output] = 2 * side[step.source]
    assert side[OUTPUT] == SIDE and cost < 100e6


def test_folded_as_trained(lungs, phantoms):
    with torch.no_grad():
        exact = lungs(torch.from_numpy(phantoms[:2])[:, None]).permute(0, 2, 3, 1).numpy()
    found = FoldedLungs(lungs.fold()).logits(phantoms[:2])
    assert found.shape == (2, SIDE, SIDE, 2) and np.abs(exact).max() > 0.1
    np.testing.assert_allclose(found, exact, atol=1e-3)


def test_written_and_read_back(lungs, phantoms, tmp_path):
    files = lung_graph.write(tmp_path, lungs.fold())
    assert [f.name for f in files] == ["model.json", "weights-1of1.bin"]
    assert sum(f.stat().st_size for f in files) <= 1.2e6
    weights = lung_graph.read(tmp_path)
    exact = lungs.fold()
    for name in exact:
        np.testing.assert_allclose(weights[name][0], exact[name][0], rtol=1e-3, atol=1e-6)
    golden = lung_graph.golden(FoldedLungs(weights))
    means = lung_graph.block_means(FoldedLungs(weights).logits(np.stack([chest_phantom(224, 1)]))[0])
    np.testing.assert_allclose(golden[1]["visible"], means[0], atol=1e-4)
    # A wrong network is told from the right one by its golden answers.
    assert np.abs(np.subtract(golden[0]["visible"], golden[1]["visible"])).max() > lung_graph.TOLERANCE
    (tmp_path / "weights-1of1.bin").write_bytes(b"short")
    with pytest.raises(TrainingFault):
        lung_graph.read(tmp_path)


@pytest.mark.skipif(parity.node_ready() is not None, reason=f"{parity.node_ready()}")
def test_tensorflow_js_draws_the_same_outline(lungs, phantoms, tmp_path):
    lung_graph.write(tmp_path, lungs.fold())
    table = lung_network.parity_table(tmp_path, np.rint(phantoms[:2] * 255).astype(np.uint8))
    megabytes, inputs, largest, same = table["rows"][0]
    assert inputs == 4 and largest < 1e-3 and same > 0.999 and 0 < megabytes < 1.2


def test_the_loss_wants_what_the_masks_imply():
    masks = torch.zeros(3, 1, 4, 4)
    masks[:2, :, :, :2] = 1
    human, negative = torch.tensor([False, True, False]), torch.tensor([False, False, True])
    logits = torch.zeros(3, 2, 4, 4, requires_grad=True)
    lung_training.loss_of(logits, masks, human, negative).backward()
    g = logits.grad
    assert (g[0, 0, :, :2] < 0).all() and (g[0, 0, :, 2:] > 0).all()  # a machine mask says all of `visible`
    assert (g[0, 1, :, :2] < 0).all() and (g[0, 1, :, 2:] == 0).all()  # and of `whole` that it holds it
    assert (g[1, 1, :, :2] < 0).all() and (g[1, 0, :, 2:] > 0).all() and (g[1, 0, :, :2] == 0).all()
    assert (g[2] > 0).all()


def _learned(path) -> LungNetwork:
    model = LungNetwork()
    model.load_state_dict(checkpoint.read(path)["training"]["model"])
    return model


def test_training_learns_goes_on_and_is_measured(masked, tmp_path, capsys):
    stages = (Stage(64, 24 * 8, 4e-3, 8),)
    negatives = np.zeros((2, 224, 224), np.uint8)
    model = lung_training.train(masked, negatives, tmp_path / "last.pt", stages)
    assert "step 24/24" in capsys.readouterr().out
    again = lung_training.train(masked, negatives, tmp_path / "last.pt", stages)
    for a, b in zip(model.state_dict().values(), again.state_dict().values()):
        torch.testing.assert_close(a, b)
    # At the size it was trained at, two dozen steps are worth something.
    torch.manual_seed(2026)
    x = torch.from_numpy(masked.images).float()[:, None] / 255
    small, truth = resize(x, 64), resize(torch.from_numpy(masked.masks).float()[:, None], 32)
    with torch.no_grad():
        before, after = (float(lung_training.loss_of(net.train()(small), truth, torch.from_numpy(masked.human), torch.zeros(24, dtype=torch.bool)))
                         for net in (LungNetwork(), _learned(tmp_path / "last.pt")))
    assert after < 0.75 * before
    rows = lung_training.dice_rows(FoldedLungs(model.fold()), masked, "test")
    assert [(r["masks"], r["channel"], r["images"]) for r in rows] == [
        ("machine masks, normals", "visible", 6), ("machine masks, Normal of a", "visible", 6), ("human masks", "whole", 2)]
    assert all(0 <= r["low"] <= r["dice"] <= 1 for r in rows)
    checkpoint.save({"model": model.state_dict()}, tmp_path / "lungs.pt")
    np.testing.assert_array_equal(lung_network.load(tmp_path / "lungs.pt")["c0"][0], model.fold()["c0"][0])
    with pytest.raises(TrainingFault, match="training/lung_network.py"):
        lung_network.load(tmp_path / "none.pt")


def test_dice_of_a_perfect_and_an_empty_map(masked):
    class Perfect:
        def logits(self, images):
            return np.stack([np.where(m[::2, ::2, None], 9.0, -9.0).repeat(2, 2) for m in masked.masks[: len(images)]]).astype(np.float32)

    class Empty:
        def logits(self, images):
            return np.full((len(images), SIDE, SIDE, 2), -9, np.float32)

    assert lung_training.dice_of(Perfect(), masked.images[:4], masked.masks[:4], 0).min() > 0.96
    assert lung_training.dice_of(Empty(), masked.images[:4], masked.masks[:4], 0).max() == 0


def test_masks_are_read_with_the_splits_of_their_pictures(tmp_path):
    import tarfile
    from io import BytesIO

    from PIL import Image

    from fieldray_training import data

    def picture(values) -> bytes:
        stream = BytesIO()
        Image.fromarray(values).save(stream, "png")
        return stream.getvalue()

    def archive(name, members) -> None:
        with tarfile.open(tmp_path / name, "w") as tar:
            for path, content in members.items():
                entry = tarfile.TarInfo(path)
                entry.size = len(content)
                tar.addfile(entry, BytesIO(content))

    known = np.rint(chest_phantom(224, 1) * 255).astype(np.uint8)
    other = np.rint(chest_phantom(224, 2) * 255).astype(np.uint8)
    collection = data.Collection(known[None], [data.Row("covid/a.png", "COVID", "other", 224, "1")])
    mask = np.zeros((224, 224), np.uint8)
    mask[50:150, 40:90] = 255
    with pytest.raises(TrainingFault, match="no lung masks"):
        lung_data.read(tmp_path, collection, np.array([3]))
    archive(lung_data.MASKS, {"m/a.png": picture(mask), "m/b.png": picture(mask), "m/c.png": picture(mask)})
    # b is the collection's a once more, hardly changed; c is another.
    archive(lung_data.EXTRA, {"x/b.png": picture(np.clip(known.astype(int) + 2, 0, 255).astype(np.uint8)), "x/c.png": picture(other)})
    (tmp_path / lung_data.TABLE).write_text("mask,radiograph,kind\nm/a.png,covid/a.png,machine\nm/b.png,x/b.png,human\nm/c.png,x/c.png,human\n")
    found = lung_data.read(tmp_path, collection, np.array([SPLITS.index("test")]))
    assert found.human.tolist() == [False, True, True] and found.masks[0].sum() == 5000
    assert found.part[0] == found.part[1] == SPLITS.index("test")
    assert found.labels.tolist() == ["COVID", "none", "none"] and found.where("test", human=True)[0] == 1


def test_the_served_lungs_are_those_read_back(lungs, phantoms, tmp_path):
    reader = section.write_lungs(tmp_path, lungs.fold(), tmp_path / "kept")
    pictures = np.rint(phantoms * 255).astype(np.uint8)
    visible, whole = reader.masks(pictures)
    p = 1 / (1 + np.exp(-reader.network.logits(pictures)))
    np.testing.assert_array_equal(visible, p[..., 0] >= 0.5)
    np.testing.assert_array_equal(whole, p[..., 1] >= 0.5)
    assert reader.features(pictures)["area"] == pytest.approx(visible.mean((1, 2)))
    reader.memory.keep()
    again = section.write_lungs(tmp_path, lungs.fold(), tmp_path / "kept")
    again.network = None
    np.testing.assert_array_equal(again.masks(pictures)[1], whole)
