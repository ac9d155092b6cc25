"""What a network says with the lungs hidden: measured by the command, put on the card."""

import json
import sys

import numpy as np
import pytest
import shortcuts
import torch
from fieldray_training import checkpoint, data, evaluate
from fieldray_training.config import Config, Stage
from fieldray_training.labels import TrainingFault
from fieldray_training.network import MobileNetV2
from fieldray_training.smoke import write_phantoms


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["shortcuts.py", *map(str, arguments)])
    return shortcuts.main()


def test_a_network_that_looks_outside_is_told_from_one_that_looks_inside(tmp_path, monkeypatch):
    write_phantoms(tmp_path / "data", each=24, size=64)
    collection = data.load(tmp_path / "data", tmp_path / "cache")
    maps = np.zeros((len(collection.rows), 56, 56), np.uint8)
    maps[:, 14:42, 14:42] = 255
    np.save(tmp_path / "lungs.npy", maps)
    folder = tmp_path / "runs" / "probe-plain"
    folder.mkdir(parents=True)
    settings = Config(stages=(Stage("a", 64, 1, 8, 1e-3),))
    torch.manual_seed(1)
    checkpoint.save({"model": MobileNetV2().state_dict(), "config": settings.plain()}, folder / "best.pt")

    class Outside:
        """Always right while the corner is there, whatever the lungs show."""

        def __init__(self, model, size):
            assert isinstance(model, MobileNetV2) and size == 64

        def logits(self, images):
            assert images.shape[1:] == (224, 224)
            known = {collection.images[i].tobytes(): int(label) for i, label in enumerate(collection.labels)}
            corner = {collection.images[i][:40].tobytes(): int(label) for i, label in enumerate(collection.labels)}
            answer = [known.get(image.tobytes(), corner.get(image[:40].tobytes(), 0)) for image in images]
            return np.eye(4, dtype=np.float32)[answer]

    arguments = ("--data", tmp_path / "data", "--cache", tmp_path / "cache", "--lungs", tmp_path / "lungs.npy",
                 "--out", tmp_path / "shortcuts.json", "--threads", 1, "--checkpoints", folder / "best.pt")
    assert run(monkeypatch, *arguments) == 0
    (untaught,) = json.loads((tmp_path / "shortcuts.json").read_text())
    assert 0 <= untaught["lungsBlackedOut"] <= 1 and untaught["size"] == 64 and "study's recipe" in untaught["what"]
    monkeypatch.setattr(shortcuts, "AtSize", Outside)
    assert run(monkeypatch, *arguments) == 0
    (leaning,) = json.loads((tmp_path / "shortcuts.json").read_text())  # replaced, not added
    share = float(np.bincount(collection.labels[data.split(collection.rows) == data.SPLITS.index("validation")]).max() / leaning["images"])
    assert (leaning["whole"], leaning["lungsBlackedOut"], leaning["commonestClass"]) == (1.0, 1.0, pytest.approx(share))
    assert leaning["onlyLungs"] < 1
    table = evaluate.tried_table(tmp_path / "shortcuts.json")
    assert table["rows"] == [["probe-plain", leaning["what"], 64, leaning["images"], 1.0, 1.0, round(leaning["onlyLungs"], 4)]]
    assert len(table["columns"]) == len(table["rows"][0]) and f"{share:.3f}" in table["note"]


def test_a_checkpoint_that_is_none_stops_with_a_word(tmp_path, monkeypatch, capsys):
    write_phantoms(tmp_path / "data", each=14, size=64)
    (tmp_path / "best.pt").write_text("hello")
    np.save(tmp_path / "lungs.npy", np.zeros((56, 56, 56), np.uint8))
    assert run(monkeypatch, "--data", tmp_path / "data", "--cache", tmp_path / "cache", "--lungs", tmp_path / "lungs.npy",
               "--out", tmp_path / "out.json", "--threads", 1, "--checkpoints", tmp_path / "best.pt") == 1
    assert "not a checkpoint" in capsys.readouterr().err and not (tmp_path / "out.json").exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", '[{"run": "a"}]'])
def test_a_file_that_does_not_say_what_was_tried_is_refused(tmp_path, text):
    (tmp_path / "tried.json").write_text(text)
    with pytest.raises(TrainingFault, match="does not say what was tried"):
        evaluate.tried_table(tmp_path / "tried.json")
