"""A tiny run from first to last: interrupted, resumed, refused, and saved on a full disk."""

import copy

import numpy as np
import pytest
import torch

from fieldray_training import checkpoint, config, data
from fieldray_training.config import Config, Stage
from fieldray_training.folded import FoldedNetwork
from fieldray_training.labels import TrainingFault
from fieldray_training.losses import GroupRobust, divergences, focal_loss, soft_targets
from fieldray_training.network import MobileNetV2, relu6
from fieldray_training.sampling import draw, weights_by_stratum
from fieldray_training.smoke import write_phantoms
from fieldray_training.train import Teachers, Trainer

TINY = Config(stages=(Stage("frozen base", 64, 1, 16, 2e-3, batch=8, frozen=True), Stage("fine-tuning", 64, 2, 16, 1e-3, batch=8)), average=0.9, threads=1)


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    folder = tmp_path_factory.mktemp("phantoms")
    write_phantoms(folder, each=14, size=64)
    return data.load(folder, folder / "cache")


def train(collection, out, settings=TINY):
    return Trainer(settings, collection, data.split(collection.rows), out, None)


# What a polishing run uses on top: frozen blocks whose output is learned from more than once, mixed, in bfloat16.
REUSING = Config(stages=(Stage("fine-tuning", 64, 3, 16, 1e-3, batch=8, frozen_blocks=4, reuse=2),), average=0.9, threads=1, mixup=0.2, precision="bfloat16")


# With weights of class × origin that follow the losses.
ROBUST = Config(stages=TINY.stages, average=0.9, threads=1, robust=0.1)


class Killed(BaseException):
    pass


@pytest.mark.parametrize("settings", [TINY, REUSING, ROBUST], ids=["plain", "reusing", "robust"])
def test_a_killed_run_goes_on_to_the_same_end(collection, tmp_path, monkeypatch, settings):
    train(collection, tmp_path / "whole", settings).run()
    first = train(collection, tmp_path / "killed", settings)
    monkeypatch.setattr(first, "_epoch", dying_after(first._epoch, 2))
    with pytest.raises(Killed):
        first.run()
    second = train(collection, tmp_path / "killed", settings)
    assert second.done == 2
    second.run()
    a, b = (checkpoint.read(tmp_path / name / "last.pt") for name in ("whole", "killed"))
    assert [row["epoch"] for row in b["log"]] == [1, 2, 3]
    assert torch.equal(a.get("robust", torch.zeros(1)), b.get("robust", torch.zeros(1)))
    for key, value in a["raw"].items():
        assert torch.equal(value, b["raw"][key]), key
    log = (tmp_path / "killed" / "log.csv").read_text().splitlines()
    assert log[0] == "epoch,stage,accuracy,loss,val_accuracy,val_loss,learning_rate,seconds" and len(log) == 4
    best = min(a["log"], key=lambda row: row["val_loss"])["epoch"]
    kept = checkpoint.read(tmp_path / "whole" / "best.pt")
    assert kept["epoch"] == best and kept["log"] == a["log"]


def dying_after(epoch, count):
    def run(*arguments):
        if arguments[2] > count:
            raise Killed
        epoch(*arguments)

    return run


def test_another_config_in_the_same_folder_is_refused(collection, tmp_path):
    first = train(collection, tmp_path)
    first._epoch(TINY.stages[0], 0, 1, first._optimizer(TINY.stages[0]))
    with pytest.raises(TrainingFault, match="begun with another config"):
        train(collection, tmp_path, Config(stages=TINY.stages, gamma=1.0))


def test_a_full_disk_leaves_the_last_good_checkpoint(tmp_path, monkeypatch):
    path = tmp_path / "last.pt"
    checkpoint.save({"model": {}, "epoch": 1}, path)

    def full(state, target):
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(TrainingFault, match="Free some disk space"):
        checkpoint.save({"model": {}, "epoch": 2}, path)
    assert checkpoint.read(path)["epoch"] == 1
    assert [p.name for p in tmp_path.iterdir()] == ["last.pt"]


def test_a_checkpoint_of_another_architecture_is_refused(tmp_path, network):
    torch.save({"model": torch.nn.Linear(3, 4).state_dict()}, tmp_path / "other.pt")
    with pytest.raises(TrainingFault, match="another architecture"):
        checkpoint.load_model(tmp_path / "other.pt")
    weights = copy.deepcopy(network.state_dict())
    weights["head.weight"] = weights["head.weight"][:3]
    torch.save({"model": weights}, tmp_path / "three.pt")
    with pytest.raises(TrainingFault, match="another architecture"):
        checkpoint.load_model(tmp_path / "three.pt")
    torch.save([1, 2], tmp_path / "list.pt")
    with pytest.raises(TrainingFault, match="holds no model"):
        checkpoint.read(tmp_path / "list.pt")
    (tmp_path / "text.pt").write_text("hello")
    with pytest.raises(TrainingFault, match="not a checkpoint"):
        checkpoint.read(tmp_path / "text.pt")


def test_configs_are_read_and_slips_are_named(tmp_path):
    from conftest import ROOT

    for path in (ROOT / "training" / "configs").glob("*.toml"):
        assert config.read(path).stages
    slip = tmp_path / "slip.toml"
    slip.write_text("learning_rat = 1\n[[stages]]\nname='a'\nsize=64\nepochs=1\nimages=8\nlearning_rate=0.1\n")
    with pytest.raises(TrainingFault, match="“learning_rat” in slip.toml is not a setting"):
        config.read(slip)
    slip.write_text("seed = 1\n")
    with pytest.raises(TrainingFault, match="names no stage"):
        config.read(slip)
    with pytest.raises(TrainingFault, match="can't be read"):
        config.read(tmp_path / "absent.toml")


def test_a_config_takes_from_its_base_what_it_does_not_say(tmp_path):
    (tmp_path / "base.toml").write_text("seed = 7\ngamma = 1.0\n[[stages]]\nname='a'\nsize=64\nepochs=1\nimages=8\nlearning_rate=0.1\n")
    (tmp_path / "own.toml").write_text('base = "base.toml"\nseed = 8\n')
    own, base = config.read(tmp_path / "own.toml"), config.read(tmp_path / "base.toml")
    assert (own.seed, own.gamma, own.stages) == (8, 1.0, base.stages)
    (tmp_path / "lost.toml").write_text('base = "absent.toml"\n')
    with pytest.raises(TrainingFault, match="absent.toml” can't be read"):
        config.read(tmp_path / "lost.toml")


def test_reuse_needs_frozen_blocks_and_a_precision_is_known(tmp_path):
    stage = "[[stages]]\nname='a'\nsize=64\nepochs=1\nimages=8\nlearning_rate=0.1\n"
    odd = tmp_path / "odd.toml"
    odd.write_text(stage + "reuse=2\n")
    with pytest.raises(TrainingFault, match="reuse without frozen_blocks"):
        config.read(odd)
    odd.write_text("precision='float8'\n" + stage)
    with pytest.raises(TrainingFault, match="is not a precision"):
        config.read(odd)


def test_group_weights_follow_the_losses_and_absent_groups_keep_theirs():
    robust = GroupRobust(3, 0.5)
    groups = torch.tensor([0, 0, 1])
    losses = torch.tensor([0.1, 0.3, 0.6], requires_grad=True)
    # Means 0.2 and 0.6; relative to their mean 0.5 and 1.5: the weights are e^(-1/4) and e^(1/4), the third stays 1.
    low, high = np.exp(-0.25), np.exp(0.25)
    loss = robust(losses, groups)
    assert loss.item() == pytest.approx((low * 0.2 + high * 0.6) / (low + high), rel=1e-6)
    assert robust.weights.tolist() == pytest.approx(np.array([low, high, 1]) / (low + high + 1), rel=1e-6)
    loss.backward()
    assert losses.grad.tolist() == pytest.approx([low / 2 / (low + high), low / 2 / (low + high), high / (low + high)], rel=1e-6)


def test_a_run_taught_by_others_comes_to_answer_as_they_do(collection, tmp_path):
    train(collection, tmp_path / "teacher").run()
    teacher = tmp_path / "teacher" / "last.pt"
    stages = (Stage("taught", 64, 2, 48, 3e-3, batch=8),)
    splits, x = data.split(collection.rows), torch.from_numpy(np.array(collection.images[:12])).float().div(255)[:, None, ::4, ::4]
    said, far = Teachers([teacher], torch.device("cpu"))(x), {}
    for teaching in (0.0, 1.0):
        out = tmp_path / f"{teaching}"
        Trainer(Config(stages=stages, average=0.5, threads=1, dropout=0.0, teaching=teaching), collection, splits, out, None,
                teachers=[teacher] if teaching else []).run()
        with torch.no_grad():
            far[teaching] = divergences(checkpoint.load_model(out / "last.pt")(x), said).mean().item()
    assert far[1.0] < 0.5 * far[0.0]


def test_every_other_teacher_sees_the_picture_mirrored(network, phantoms, tmp_path):
    path = tmp_path / "teacher.pt"
    checkpoint.save({"model": network.state_dict()}, path)
    x = torch.from_numpy(phantoms[:2])[:, None]
    x[:, :, :, : x.shape[3] // 2] *= 0.3  # mirrored, these are other pictures
    with torch.no_grad():
        plain, mirrored = (torch.softmax(network(y), 1) for y in (x, x.flip(3)))
    assert not torch.allclose(plain, mirrored, atol=1e-3)
    assert torch.allclose(Teachers([path, path], torch.device("cpu"))(x), (plain + mirrored) / 2, atol=1e-5)
    logits = torch.tensor([[1.0, 0.0, -1.0, 0.0]])
    taught = torch.tensor([[0.7, 0.1, 0.1, 0.1]])
    expected = (taught * (taught.log() - torch.log_softmax(logits, 1))).sum(1)
    assert torch.allclose(divergences(logits, taught), expected)


def test_teachers_and_their_share_come_together(collection, tmp_path):
    with pytest.raises(TrainingFault, match="Give both, or neither"):
        train(collection, tmp_path, Config(stages=TINY.stages, teaching=0.5))
    odd = tmp_path / "odd.toml"
    odd.write_text("teaching=0.5\n[[stages]]\nname='a'\nsize=64\nepochs=1\nimages=8\nlearning_rate=0.1\nfrozen_blocks=3\n")
    with pytest.raises(TrainingFault, match="teaching and frozen_blocks"):
        config.read(odd)


def test_a_loss_that_is_no_number_stops_the_run(collection, tmp_path):
    with pytest.raises(TrainingFault, match="not a number at epoch 1, by step 1. Lower the learning rate"):
        train(collection, tmp_path, Config(stages=(Stage("a", 64, 1, 16, 1e30, batch=8),), threads=1)).run()


def test_robust_and_mixup_exclude_each_other(tmp_path):
    odd = tmp_path / "odd.toml"
    odd.write_text("robust=0.1\nmixup=0.2\n[[stages]]\nname='a'\nsize=64\nepochs=1\nimages=8\nlearning_rate=0.1\n")
    with pytest.raises(TrainingFault, match="robust and mixup"):
        config.read(odd)


def test_the_gradient_of_relu6_in_bfloat16_is_that_of_float32():
    x = torch.linspace(-3, 9, 97).bfloat16()
    gradients = []
    for kind in (torch.float32, torch.bfloat16):
        leaf = x.to(kind).requires_grad_()
        y = relu6(leaf * 1)
        y.backward(torch.linspace(-1, 1, 97).to(kind))
        assert torch.equal(y.float(), x.float().clamp(0, 6))
        gradients.append(leaf.grad.float())
    assert torch.allclose(*gradients, atol=0.005)


def test_what_the_frozen_blocks_give_leads_to_the_same_answer(network, folded, phantoms):
    x = torch.from_numpy(phantoms[:2])[:, None]
    with torch.no_grad():
        expected = network(x)
        for blocks in (1, 6):
            assert torch.allclose(network(FoldedNetwork(folded).front(x, blocks), blocks), expected, atol=1e-3)


def test_focal_loss_by_its_formula():
    logits, labels = torch.tensor([[2.0, 0.0, -1.0, 0.5], [0.1, 0.2, 0.3, 0.4]]), torch.tensor([0, 3])
    p = torch.softmax(logits, 1)[torch.arange(2), labels]
    expected = (-0.25 * (1 - p) ** 2 * torch.log(p)).mean()
    assert torch.allclose(focal_loss(logits, soft_targets(labels, 4)), expected)
    assert torch.allclose(focal_loss(logits, soft_targets(labels, 4), 0.0, 1.0), torch.nn.functional.cross_entropy(logits, labels))
    weights = torch.tensor([0.1, 0.2, 0.3, 0.4])
    expected = (-weights[labels] * (1 - p) ** 2 * torch.log(p)).mean()
    assert torch.allclose(focal_loss(logits, soft_targets(labels, 4), 2.0, weights), expected)


def test_classes_and_origins_are_drawn_as_the_weights_say():
    rows = [data.Row(f"{i}", label, origin, 224, str(i)) for i, (label, origin) in enumerate(
        [("COVID", "a")] * 90 + [("COVID", "b")] * 10 + [("Normal", "a")] * 300)]
    some = data.Collection(np.zeros((400, 1, 1), np.uint8), rows)
    weights = weights_by_stratum(some, np.arange(400), power=0.0, low_share=0.5)
    assert weights[:90].sum() == pytest.approx(0.25) and weights[90:100].sum() == pytest.approx(0.25)
    chosen = draw(weights, 200, np.random.default_rng(0))
    assert np.bincount(some.labels[chosen], minlength=4)[[0, 2]].tolist() == pytest.approx([100, 100], abs=20)
    # An origin of two classes gets the same share of both, as far as the cap says.
    capped = weights_by_stratum(some, np.arange(400), power=1.0, low_share=0.5, cap=1.0)
    assert capped.sum() == pytest.approx(1) and capped[:90].sum() == pytest.approx(0.45)
    rows = [data.Row(f"{i}", label, origin, 224, str(i)) for i, (label, origin) in enumerate(
        [("Lung_Opacity", "v")] * 90 + [("Lung_Opacity", "r")] * 10 + [("Normal", "v")] * 10 + [("Normal", "r")] * 90)]
    both = data.Collection(np.zeros((200, 1, 1), np.uint8), rows)
    free = weights_by_stratum(both, np.arange(200), power=1.0, low_share=0.5)
    assert free[:90].sum() == pytest.approx(0.45) and free[100:110].sum() == pytest.approx(0.05)
    capped = weights_by_stratum(both, np.arange(200), power=1.0, low_share=0.5, cap=1.0)
    assert capped[:90].sum() == pytest.approx(0.25) and capped[100:110].sum() == pytest.approx(0.25)
    # As evenly as the weights allow: none of the large class comes twice.
    assert np.bincount(chosen, minlength=400)[100:].max() == 1


def test_frozen_blocks_keep_weights_and_statistics():
    torch.manual_seed(0)
    model = MobileNetV2()
    before = {k: v.clone() for k, v in model.state_dict().items()}
    model.learn(False, 3)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], 1e-2)
    model(torch.rand(4, 1, 64, 64)).square().sum().backward()
    optimizer.step()
    moved = {k.split(".")[0] for k, v in model.state_dict().items() if not torch.equal(v, before[k])}
    assert moved == {*(f"b{i}" for i in range(3, 17)), "conv_last", "head"}
    model.learn(True)
    assert [n for n, p in model.named_parameters() if p.requires_grad] == ["head.weight", "head.bias"]
    assert not model.b9.training and model.dropout.training
    model.learn(False)
    assert all(p.requires_grad for p in model.parameters())
