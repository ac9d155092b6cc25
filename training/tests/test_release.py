"""The manifest, the card and the choice of the stored form, on phantoms with made-up origins."""

import json

import numpy as np
import pytest

from fieldray_training import card, data, evaluate, manifest, release
from fieldray_training.config import Config, Stage
from fieldray_training.export import describe, read_model, write_model
from fieldray_training.folded import FoldedNetwork
from fieldray_training.labels import LABELS, TrainingFault
from fieldray_training.phantom import chest_phantom


@pytest.fixture(scope="module")
def made(tmp_path_factory, folded):
    """A collection, its splits, and an evaluated uint8 export of the seeded network."""
    pictures = np.stack([np.rint(chest_phantom(224, i) * 255).astype(np.uint8) for i in range(40)])
    rows = [data.Row(f"p{i}", LABELS[i % 4], "ab"[i // 4 % 2], 128 if i >= 36 else 224, str(i)) for i in range(40)]
    collection = data.Collection(pictures, rows)
    splits = np.array([(0, 1, 2, 3, 3)[i // 4 % 5] for i in range(36)] + [3] * 4)
    folder = tmp_path_factory.mktemp("served")
    write_model(folder, folded, "uint8")
    network = FoldedNetwork(read_model(folder))
    lungs = np.zeros((40, 56, 56), np.uint8)
    lungs[:, 10:40, 8:48] = 255
    summary = folder / "summary.json"
    summary.write_text(json.dumps({"size": 96, "validation": {"groups": {}}, "vindr": {"accuracy": 0.5, "groups": {
        "Normal · vindr": {"images": 98, "recall": 0.44, "answers": [1, 50, 43, 4]}}}}))
    evaluation = evaluate.evaluate(network, collection, splits, folder, lungs, [summary])
    config = Config(stages=(Stage("fine-tuning", 64, 1, 8, 1e-3),)).plain()
    log = [{"epoch": 1, "stage": "fine-tuning", "accuracy": 0.5, "loss": 0.1, "val_accuracy": 0.6, "val_loss": 0.09, "learning_rate": 1.2e-7, "seconds": 3.0}]
    built = manifest.build(folder, "uint8", "1.2.3", evaluation, {"config": config, "epoch": 1, "log": log}, data.report(rows, splits), 0.01, "python3 training/release.py")
    return collection, splits, network, folder, evaluation, built


def test_groups_are_the_splits_they_name(made):
    collection, splits, network, _, evaluation, _ = made
    first = evaluation["groups"][0]
    rows = np.flatnonzero((splits == 3) & ~collection.low)
    logits = network.logits(collection.images[rows])
    assert first["images"] == len(rows) == sum(map(sum, first["confusion"]))
    assert first["accuracy"] == pytest.approx((logits.argmax(1) == collection.labels[rows]).mean())
    assert set(first["auc"]) == set(LABELS)
    assert "macroF1" in first and set(first["perClass"]) == set(LABELS)
    only_one = evaluate.figures("one class", np.zeros(3, int), np.eye(4)[[0, 0, 2]], 1.0, areas=True)
    assert only_one["accuracy"] == pytest.approx(2 / 3) and {"macroF1", "auc"}.isdisjoint(only_one)
    named = {g["name"]: g["images"] for g in evaluation["groups"]}
    assert named["Test split, origin a"] + named["Test split, origin b"] == len(rows)
    assert named["Test pictures only to be had at 128 px"] == 4
    assert named["Lungs blacked out"] == named["Only the lungs"] == len(rows)


def test_hidden_lungs_are_hidden(made, monkeypatch):
    collection, splits, network, folder, *_ = made
    seen = []

    class Spy:
        def logits(self, images):
            seen.append(images.copy())
            return network.logits(images)

    rows, masks = evaluate.masks_of(collection, evaluate.rows_of(collection, splits, "test")[:2], folder, np.full((40, 56, 56), 255, np.uint8))
    masks[:, :, 100:] = False
    evaluate.hidden_answers(Spy().logits, collection.images[rows], masks)
    whole, hidden, only = seen
    np.testing.assert_array_equal(whole, collection.images[rows])
    np.testing.assert_array_equal(hidden + only, whole)
    assert hidden[:, :, :100].max() == 0 and only[:, :, 100:].max() == 0


def test_what_the_network_leans_on_is_told_of_every_hospital():
    truth, origins = np.array([0, 0, 1, 2]), np.array(["a", "a", "b", "b"])
    sure = np.eye(4)[truth]
    table = evaluate.shortcut_table(truth, origins, [sure, np.eye(4)[[0, 1, 0, 0]], np.eye(4)[[0, 0, 1, 0]]])
    assert table["rows"] == [["a", 2, 1.0, 1.0, 0.5, 1.0], ["b", 2, 0.5, 1.0, 0.0, 0.5], ["all together", 4, 0.5, 1.0, 0.25, 0.75]]
    assert evaluate.shortcut_table(truth[:0], origins[:0], []) is None and evaluate.shortcut_groups(truth[:0], [], 1.0) == []


def test_unseen_hospitals_come_from_the_runs_own_summaries(made, tmp_path):
    *_, evaluation, _ = made
    table = next(t for t in evaluation["tables"] if "never saw" in t["title"])
    assert [row[1:] for row in table["rows"]] == [["Normal", "vindr", 98, 0.44, 1, 50, 43, 4]]
    (tmp_path / "summary.json").write_text("[]")
    with pytest.raises(TrainingFault, match="no summary of a run"):
        evaluate.external_table([tmp_path / "summary.json"])


def test_the_manifest_describes_what_is_there(made, tmp_path):
    *_, network, folder, _, built = made
    assert [f["path"] for f in built["files"]] == ["model.json", "weights-1of1.bin"]
    for file in built["files"]:
        assert file == describe(folder / file["path"], folder)
    phantoms = np.stack([chest_phantom(224, g["variant"]) for g in built["golden"]])
    np.testing.assert_allclose([g["logits"] for g in built["golden"]], network.logits(phantoms), atol=1e-6)
    assert [g["variant"] for g in built["golden"]] == [0, 1, 2, 3]
    assert built["evaluation"]["trainingLog"][0]["learning_rate"] == 1.2e-7
    assert sum(c["images"] for c in built["card"]["counts"]) == 40
    json.dumps(built, allow_nan=False)
    manifest.write(folder, built)
    manifest.offer(tmp_path, built)
    assert json.loads((folder / "manifest.json").read_text()) == json.loads(json.dumps(built))
    assert json.loads((tmp_path / "current.json").read_text()) == {"id": "chest-mobilenetv2", "version": "1.2.3", "manifest": "chest-mobilenetv2/1.2.3/manifest.json"}
    with pytest.raises(TrainingFault, match="is no version"):
        manifest.build(folder, "uint8", "one", {}, {}, [], None, "")


def test_the_card_says_what_the_manifest_says(made):
    *_, built = made
    text = card.markdown(built)
    first = built["evaluation"]["groups"][0]
    assert f"accuracy {100 * first['accuracy']:.1f} %" in text and f"{first['macroF1']:.3f}" in text
    for words in (*built["card"]["intendedUse"], *built["card"]["notFor"], *built["card"]["data"], *built["card"]["faults"], *built["card"]["shortcuts"], built["licence"]):
        assert words in text
    for table in built["evaluation"]["tables"]:
        assert f"## {table['title']}" in text


def test_no_figure_is_typed_into_the_card_by_hand():
    import re

    texts = card.read_texts()
    for text in (texts["title"], texts["summary"], *texts["intended_use"], *texts["not_for"], *texts["data"], *texts["faults"]):
        assert not re.search(r"\d+(\.\d+)?\s*%|0\.\d", text), text


def test_the_card_tells_only_what_the_run_did():
    from fieldray_training.augment import Strength

    stages = (Stage("a", 64, 1, 8, 1e-3),)
    without = card.against_shortcuts(Config(stages=stages, augment=Strength(background=0.0)).plain())
    with_it = card.against_shortcuts(Config(stages=stages, augment=Strength(background=0.3)).plain())
    assert [s for s in with_it if s not in without] == ["The surroundings of the lungs were exchanged with another picture's, flattened or replaced by noise in 30% of the training pictures."]


def test_texts_that_are_missing_are_named(tmp_path):
    (tmp_path / "card.toml").write_text('title = "x"\n')
    with pytest.raises(TrainingFault, match="“summary” is missing"):
        card.read_texts(tmp_path / "card.toml")


def form(dtype, size, accuracy, same):
    return release.Stored(dtype, None, size, accuracy, same, 0.0)


@pytest.mark.parametrize(("uint8", "float16", "chosen"), [
    ((0.957, 0.995), (0.960, 1.0), "uint8"),
    ((0.9569, 0.995), (0.960, 1.0), "float16"),
    ((0.960, 0.985), (0.960, 1.0), "float16"),
    ((0.90, 0.90), (0.95, 0.99), "float32"),
    ((0.970, 0.99), (0.960, 1.0), "uint8"),
])
def test_the_smallest_good_form_is_taken(uint8, float16, chosen):
    stored = [form("float32", 9, 0.96, 1.0), form("float16", 4, *float16), form("uint8", 2, *uint8)]
    assert release.smallest_good(stored).dtype == chosen


def test_placing_replaces_and_prunes_only_when_asked(tmp_path, folded):
    write_model(tmp_path / "export", folded, "float16")
    chosen = release.Stored("float16", tmp_path / "export", 0, 0, 0, 0)
    models = tmp_path / "models"
    (models / "m" / "1.0.0").mkdir(parents=True)
    (models / "m" / "1.0.0" / "weights-1of9.bin").write_bytes(b"stale")
    (models / "m" / "0.9.0").mkdir()
    folder = release.place(chosen, models, "m", "1.0.0", prune=False)
    assert sorted(p.name for p in folder.iterdir()) == ["model.json", "weights-1of2.bin", "weights-2of2.bin"]
    assert (models / "m" / "0.9.0").exists()
    release.place(chosen, models, "m", "1.0.0", prune=True)
    assert not (models / "m" / "0.9.0").exists() and folder.exists()


def test_pictures_for_rounding_are_training_pictures_of_every_class(made):
    collection, splits, *_ = made
    pictures = release.rounding_images(collection, splits, count=8)
    rows = np.flatnonzero((splits == 0) & ~collection.low)
    known = {collection.images[i].tobytes() for i in rows}
    assert len(pictures) == 8 and all(p.tobytes() in known for p in pictures)
