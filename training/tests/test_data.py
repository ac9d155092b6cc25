"""Folders as people hand them in: good ones split without leaks, bad ones named."""

import numpy as np
import pytest
from PIL import Image

from fieldray_training import data
from fieldray_training.labels import LABELS, TrainingFault
from fieldray_training.smoke import write_phantoms


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    target = tmp_path_factory.mktemp("radiographs")
    write_phantoms(target, each=4, size=64)
    return target


def test_the_published_layout_is_read_once_and_cached(folder, tmp_path, monkeypatch):
    collection = data.load(folder, tmp_path)
    assert len(collection.rows) == 16 and collection.images.shape == (16, 224, 224)
    assert sorted(set(collection.labels.tolist())) == [0, 1, 2, 3]
    monkeypatch.setattr(data, "decode", lambda _: pytest.fail("a cached folder is read again"))
    again = data.load(folder, tmp_path)
    np.testing.assert_array_equal(again.images, collection.images)
    assert again.rows == collection.rows


def test_a_folder_without_a_class(folder, tmp_path):
    for label in LABELS[:3]:
        (tmp_path / label).mkdir()
    with pytest.raises(TrainingFault, match="“Viral Pneumonia” is missing"):
        data.read_rows(tmp_path)
    (tmp_path / LABELS[3]).mkdir()
    with pytest.raises(TrainingFault, match="No image of the class “COVID”"):
        data.read_rows(tmp_path)
    with pytest.raises(TrainingFault, match="There is no folder"):
        data.read_rows(tmp_path / "nowhere")


def table(folder, *labels):
    lines = ["file,label,origin,stored_px,group,single_reader"]
    for i, label in enumerate(labels):
        lines.append(f"p{i}.png,{label},here,224,{i},0")
        Image.fromarray(np.random.default_rng(i).integers(0, 255, (40, 40), np.uint8)).save(folder / f"p{i}.png")
    (folder / "radiographs.csv").write_text("\n".join(lines) + "\n")


def test_an_unknown_label_is_named_with_its_line(tmp_path):
    table(tmp_path, *LABELS, "Tuberculosis")
    with pytest.raises(TrainingFault, match="Line 6 .*unknown label “Tuberculosis”"):
        data.load(tmp_path, tmp_path / "cache")


def test_few_unreadable_images_are_listed_and_skipped(tmp_path, capsys):
    table(tmp_path, *(LABELS * 50))
    (tmp_path / "p7.png").write_bytes(b"no picture")
    (tmp_path / "p9.png").unlink()
    collection = data.load(tmp_path, tmp_path / "cache")
    assert len(collection.rows) == 198 and {"p7.png", "p9.png"}.isdisjoint(r.file for r in collection.rows)
    said = capsys.readouterr().out
    assert "1 unreadable and 1 missing" in said and "p7.png" in said


def test_many_unreadable_images_stop_the_run(tmp_path):
    table(tmp_path, *(LABELS * 25))
    for i in (3, 8):
        (tmp_path / f"p{i}.png").write_bytes((tmp_path / f"p{i}.png").read_bytes()[:60])
    with pytest.raises(TrainingFault, match="2 of 100 images can't be read"):
        data.load(tmp_path, tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*.npy"))


def rows_for_split(count: int = 3000) -> list[data.Row]:
    random = np.random.default_rng(3)
    return [
        data.Row(f"{i}.png", LABELS[int(random.integers(4))], ("a", "b", "c")[int(random.integers(3))], int(random.choice([128, 224])), f"g{i // 2 if i % 3 else i}")
        for i in range(count)
    ]


def test_no_group_crosses_a_split_and_shares_are_kept():
    rows = rows_for_split()
    splits = data.split(rows)
    of_group: dict[str, set[int]] = {}
    for row, part in zip(rows, splits):
        of_group.setdefault(row.group, set()).add(int(part))
    assert max(len(parts) for parts in of_group.values()) == 1
    assert any(sum(r.group == g for r in rows[:200]) > 1 for g in {r.group for r in rows[:200]})
    for label in LABELS:
        here = splits[[r.label == label for r in rows]]
        np.testing.assert_allclose(np.bincount(here, minlength=4) / len(here), data.SHARES, atol=0.03)
    np.testing.assert_array_equal(splits, data.split(rows))
    assert (splits != data.split(rows, seed=1)).any()


def test_near_duplicates_share_a_group():
    from fieldray_training.phantom import chest_phantom

    pictures = np.stack([np.rint(chest_phantom(224, i) * 255) for i in (0, 1, 2, 3, 4, 8)])
    brighter = np.clip(pictures[:2] * 0.9 + 12, 0, 255)
    groups = data.near_duplicate_groups(np.concatenate([pictures, brighter]).astype(np.uint8))
    assert groups[6] == groups[0] and groups[7] == groups[1]
    # Chests of one kind have (nearly) one hash; being alike is not being the same.
    assert len(set(groups[:6].tolist())) == 6


def test_sixteen_bit_and_color_pictures_mean_the_same():
    import io

    grey = np.random.default_rng(0).integers(0, 256, (30, 50), np.uint8)

    def png(picture: Image.Image) -> bytes:
        stream = io.BytesIO()
        picture.save(stream, "PNG")
        return stream.getvalue()

    expected = data.decode(png(Image.fromarray(grey)))
    np.testing.assert_allclose(data.decode(png(Image.fromarray(grey.astype(np.uint16) * 257))), expected, atol=1e-6)
    np.testing.assert_allclose(data.decode(png(Image.fromarray(np.stack([grey] * 3, 2)))), expected, atol=1e-6)
