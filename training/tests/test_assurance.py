"""The assurance section's arithmetic on made-up numbers, and the whole of it on phantoms."""

import importlib.util
import json
import tarfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fieldray_training import data
from fieldray_training.assurance import alterations, conformal, gate, limits, lung_features, negatives, operating, priors, probes, projection, rule, samples, section
from fieldray_training.assurance.reader import Reader, Seen
from fieldray_training.labels import LABELS, TrainingFault
from fieldray_training.phantom import chest_phantom

FIXTURES = Path(__file__).resolve().parents[2] / "tests" / "fixtures"


def close(actual, expected, where="") -> None:
    """JSON values, numbers to 1e-7."""
    if isinstance(expected, dict):
        assert set(actual) == set(expected), where
        for key in expected:
            close(actual[key], expected[key], f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(actual) == len(expected), where
        for i, (a, e) in enumerate(zip(actual, expected)):
            close(a, e, f"{where}[{i}]")
    elif isinstance(expected, float):
        assert actual == pytest.approx(expected, abs=1e-7, rel=1e-7), where
    else:
        assert actual == expected, where


def test_the_golden_file_is_what_the_training_computes():
    spec = importlib.util.spec_from_file_location("write_assurance_golden", FIXTURES / "write-assurance-golden.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    close(json.loads(json.dumps(script.golden())), json.loads((FIXTURES / "assurance-golden.json").read_text()))


def answers(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated probabilities and truths drawn from them."""
    g = np.random.default_rng(seed)
    p = g.dirichlet(np.full(4, 0.35), n)
    return p, np.array([g.choice(4, p=row) for row in p])


def test_prediction_sets_keep_their_promise():
    made = conformal.section(*answers(6000, 1), *answers(6000, 2))
    for level in made["levels"]:
        assert level["held"]["coverage"] == pytest.approx(level["level"], abs=0.015)
        assert all(c == pytest.approx(level["level"], abs=0.03) for c in level["held"]["coveragePerClass"])
        assert level["completed"]["sizes"][0] == 0 and level["completed"]["coverage"] >= level["held"]["coverage"]
        assert sum(level["held"]["sizes"]) == level["held"]["images"] == 6000
    assert made["levels"][1]["completed"]["meanSize"] > made["levels"][0]["completed"]["meanSize"]


def test_a_class_with_too_few_pictures_is_always_in_the_set():
    p, truth = answers(300, 3)
    few = np.concatenate([np.flatnonzero(truth == 0)[:5], np.flatnonzero(truth > 0)])
    assert conformal.thresholds(p[few], truth[few], 0.95)[0] == 1.0


def test_a_curve_counts_what_lies_at_or_above_its_thresholds():
    p, truth = answers(2000, 4)
    curve = operating.curve("COVID", p[:, 0], truth == 0)
    assert curve["thresholds"][0] == 0 and curve["thresholds"][-1] == 1.001 and len(curve["thresholds"]) <= 400
    assert (np.diff(curve["thresholds"]) > 0).all()
    for t, hit, alarm in zip(curve["thresholds"], curve["truePositives"], curve["falsePositives"]):
        assert (hit, alarm) == (((p[:, 0] >= t) & (truth == 0)).sum(), ((p[:, 0] >= t) & (truth != 0)).sum())
    assert np.abs(np.diff(curve["truePositives"])).max() <= 0.03 * curve["positives"]


def test_the_shares_behind_the_answers_are_found_and_corrected_for():
    assumed, own = np.array([0.4, 0.1, 0.3, 0.2]), np.array([0.1, 0.3, 0.5, 0.1])
    p, truth = answers(30000, 5)
    even = np.bincount(truth, minlength=4) / len(truth)
    shifted = priors.corrected(p, even, assumed)
    found = priors.shares_of(shifted, truth)
    assert found.sum() == pytest.approx(1, abs=1e-9) and np.abs(found - assumed).max() < 0.03
    rows = priors.draw(truth, tuple(own))
    assert np.bincount(truth[rows], minlength=4) / len(rows) == pytest.approx(own, abs=0.01) and len(set(rows)) == len(rows)
    made = priors.section(shifted, truth, shifted, truth)
    assert all(c["corrected"] < c["uncorrected"] for c in made["checks"])


@pytest.fixture(scope="module")
def cloud():
    """Embeddings [600, 1280] of three groups that vary in 20 directions and a little in all."""
    g = np.random.default_rng(6)
    groups, basis = np.arange(600) % 3, g.normal(size=(20, 1280)) / 30
    return ((3 * g.normal(size=(3, 20)) @ basis)[groups] + g.normal(size=(600, 20)) @ basis + 0.02 * g.normal(size=(600, 1280)) + 1).astype(np.float32), groups, basis


def test_the_distance_is_mahalanobis_and_the_residual_what_is_left(cloud):
    e, groups, basis = cloud
    p = projection.fit(e, groups, ("a", "b", "c"), 20)
    y = p.values(e)
    means = np.stack([e[groups == k].mean(0, dtype=np.float64) for k in range(3)])
    deviations = e - means[groups]
    covariance = deviations.T.astype(np.float64) @ deviations / len(e)
    values, vectors = np.linalg.eigh(covariance)
    top = np.argsort(values)[::-1][:20]
    exact = np.sqrt((((e[:50] - means[0]) @ vectors[:, top]) ** 2 / values[top]).sum(1))
    # Shrinking and 8 bits move it a little.
    assert p.distances(y)[:50, 0] == pytest.approx(exact, rel=0.12)
    assert (p.distances(y).argmin(1) == groups).mean() > 0.99
    outside = e[:20] + 0.3 * np.random.default_rng(1).normal(size=(20, 1280))
    assert p.residual(outside, p.values(outside)).min() > p.residual(e, y).max()
    data_, tables = p.packed()
    assert tables[-1]["offset"] + 20 * 1280 <= len(data_) and all(t["offset"] % 4 == 0 for t in tables)


def test_shrinkage_is_strong_for_noise_and_weak_for_what_is_well_known():
    g = np.random.default_rng(7)
    noise = g.normal(size=(60, 40))
    spread = g.normal(size=(20000, 40)) * np.linspace(0.2, 3, 40)
    assert projection.shrinkage(noise, noise.T @ noise / 60) > 0.6
    assert projection.shrinkage(spread, spread.T @ spread / 20000) < 0.05


def test_what_is_farther_off_than_anything_seen_never_passes():
    g = np.random.default_rng(8)
    n = 800
    chest = np.arange(n) < 500
    # Most of what is no chest lies nearer than the chests: a rule without given signs would reward distance.
    features = {"distance": np.where(chest, g.normal(10, 1, n), g.normal(7, 1, n)), "residual": np.where(chest, g.normal(-4, 0.3, n), g.normal(-3, 0.3, n)),
                "probe": np.where(chest, g.normal(3, 1, n), g.normal(-3, 1, n))}
    made = rule.fit(features, ("distance", "residual", "probe"), chest, np.ones(n), chest)
    assert all(t["weight"] <= 0 for t in made.terms if t["feature"] in ("distance", "residual") and t["power"] == 1 or t["power"] == 2)
    scores = made.scores(features)
    made = replace(made, threshold=rule.threshold_for(scores[chest], np.array(["x"] * 500), 0.98, 0.97))
    assert made.passes(features)[chest].mean() == pytest.approx(0.98, abs=0.005)
    assert made.passes(features)[~chest].mean() < 0.02
    far = {"distance": np.array([1e3]), "residual": np.array([5.0]), "probe": np.array([-2.0])}
    assert not made.passes(far)[0]


def test_the_threshold_spares_a_small_hospital():
    scores, strata = np.concatenate([np.linspace(0, 1, 900), np.linspace(-1, 0, 100)]), np.array(["large"] * 900 + ["small"] * 100)
    assert rule.threshold_for(scores[:900], strata[:900], 0.98, 0.97) > 0
    limit = rule.threshold_for(scores, strata, 0.98, 0.97)
    assert (scores[strata == "small"] >= limit).mean() == pytest.approx(0.97, abs=0.02)


def test_pictures_are_turned_clockwise_and_cut():
    picture = np.zeros((1, 224, 224), np.uint8)
    picture[0, :20, :20] = 200  # top left
    right = alterations.turned(picture, 90)
    assert right[0, :20, -20:].min() == 200 and right[0, :20, :20].max() == 0
    np.testing.assert_array_equal(alterations.turned(alterations.turned(picture, 180), 180), picture)
    assert alterations.inverted(picture)[0, 0, 0] == 55 and alterations.mirrored(picture)[0, 0, -1] == 200
    mask = np.zeros((8, 112, 112), bool)
    mask[:, 20:90, 15:100] = True
    pictures = np.repeat(np.kron(mask[:1], np.ones((1, 2, 2), np.uint8)) * 255, 8, 0)
    cut = alterations.lungs_cut_off(pictures, mask)
    before = lung_features.features(pictures[:, ::2, ::2] / 255)["border"]
    after = lung_features.features(cut[:, ::2, ::2] / 255)["border"]
    assert before.max() == 0 and after.min() > 0.005
    flat = alterations.lungs_flattened(np.random.default_rng(1).integers(0, 255, (2, 224, 224)).astype(np.uint8), section.grown_masks(mask[:2]))
    assert flat[0][section.grown_masks(mask[:1])[0]].std() < 5 < flat[0][~section.grown_masks(mask[:1])[0]].std()


def test_other_pictures_are_read_split_and_drawn(tmp_path):
    assert negatives.read_negatives(tmp_path) is None
    generator = np.random.default_rng(2)
    with tarfile.open(tmp_path / negatives.ARCHIVE, "w") as tar:
        for i in range(12):
            # Twins: 0 and 1, 2 and 3, …
            if i % 2 == 0:
                picture = np.kron(generator.integers(0, 255, (6, 6)), np.ones((10, 12))).astype(np.uint8)
            stream = BytesIO()
            Image.fromarray(picture).save(stream, "png")
            entry = tarfile.TarInfo(f"not-a-chest/photo/{i:02}.png")
            entry.size = len(stream.getvalue())
            tar.addfile(entry, BytesIO(stream.getvalue()))
    found = negatives.read_negatives(tmp_path)
    assert found.images.shape == (12, 224, 224) and set(found.kinds) == {"photo"} and found.fit.sum() == 6
    assert (found.fit[::2] == found.fit[1::2]).all()
    made, kinds = negatives.synthetic(3, 1, found.images, found.images)
    again, _ = negatives.synthetic(3, 1, found.images, found.images)
    np.testing.assert_array_equal(made, again)
    assert made.shape == (15, 224, 224) and len(set(kinds)) == 5
    assert set(negatives.synthetic(2, 1, found.images[:0], found.images[:0])[1]) == {"drawn bones", "lettering", "test pattern"}


def test_limits_mark_few_sound_pictures():
    g = np.random.default_rng(9)
    sound = {"area": g.normal(0.3, 0.03, 1000), "border": np.abs(g.normal(0, 0.01, 1000))}
    inside = g.normal(0.7, 0.1, 1000)
    set_limits = limits.fit(sound, inside)
    none = {"area": np.zeros(50), "border": np.zeros(50)}
    cut = {"area": np.full(50, 0.25), "border": np.full(50, 0.08)}
    rows = limits.rows(set_limits, sound, inside, cut, none, cut, np.full(50, 0.1))
    assert [r["detected"]["found"] for r in rows] == [50, 50, 50]
    assert all(r["falseAlarms"]["found"] <= 25 for r in rows) and set_limits["evidence"] <= limits.MOST_EVIDENCE


def test_cut_lungs_are_told_by_the_whole_map():
    g = np.random.default_rng(10)
    sound = {name: g.normal(0.3, 0.03, 1000) for name in limits.CUT_FEATURES}
    # Never on the edge, but uneven and off the middle: by the edge alone not one of them is found.
    cut = sound | {"balance": g.normal(0.1, 0.03, 1000), "centerX": g.normal(0.6, 0.03, 1000)}
    made = limits.fit_cut(sound, np.full(1000, "a"), cut)
    set_limits = {"border": 1.0, "cutOff": made.plain()}
    assert limits.is_cut(set_limits, cut).mean() > 0.95
    assert limits.is_cut(set_limits, sound).mean() <= limits.CUT_ALARMS + 1e-9
    assert not limits.is_cut({"border": 1.0}, cut).any()


@pytest.fixture(scope="module")
def phantoms_apart():
    """A collection of 64 phantoms of two origins, every class in every split, with its splits."""
    rows = [data.Row(f"p{i}", LABELS[i % 4], "ab"[i // 4 % 2], 224, str(i)) for i in range(64)]
    pictures = np.stack([np.rint(chest_phantom(224, i) * 255).astype(np.uint8) for i in range(64)])
    return data.Collection(pictures, rows), np.array([(0, 0, 0, 1, 1, 2, 3, 3)[i // 8] for i in range(64)])


@pytest.fixture(scope="module")
def shared(folded):
    """One reader for the tests that ask for the same pictures."""
    return Reader(folded)


def test_the_reader_runs_each_picture_once_and_keeps_it(folded, phantoms_apart, tmp_path, monkeypatch):
    collection, _ = phantoms_apart
    reader, ran = Reader(folded, tmp_path), []
    own = reader._run
    monkeypatch.setattr(reader, "_run", lambda images: (ran.append(len(images)), own(images))[1])
    pictures = np.concatenate([collection.images[:4], collection.images[:4]])
    seen = reader.see(pictures)
    assert ran == [4] and (seen.logits[:4] == seen.logits[4:]).all()
    np.testing.assert_allclose(seen.logits, reader.network.logits(pictures), atol=1e-5)
    # The activation is exact: its places and the bias sum to the logit.
    np.testing.assert_allclose(seen.activation.sum((2, 3)) + folded["head"][1], seen.logits, atol=1e-4)
    np.testing.assert_allclose(seen.embeddings @ folded["head"][0] + folded["head"][1], seen.logits, atol=1e-4)
    reader.memory.keep()
    again = Reader(folded, tmp_path)
    monkeypatch.setattr(again, "_run", lambda *_: pytest.fail("it was kept"))
    np.testing.assert_array_equal(again.see(pictures).embeddings, seen.embeddings)


def test_the_whole_section_on_phantoms(shared, phantoms_apart, tmp_path):
    collection, splits = phantoms_apart
    made = section.build(tmp_path, shared, 1.3, collection, splits, None, None, None, drawn=3)
    json.dumps(made, allow_nan=False)
    assert "lungs" not in made and "joined" not in made["gate"]["rules"]
    assert [f.name for f in section.files_of(tmp_path, made)] == ["gate.bin", "seen.bin"]
    tables = {t["name"]: t for t in made["gate"]["tables"]}
    rows = tables["directions"]["shape"][0]
    assert rows == made["gate"]["dimensions"] + 7 and tables["centers"]["shape"] == [len(made["gate"]["groups"]), made["gate"]["dimensions"]]
    used = [made["gate"]["probeRow"], *made["quality"]["orientation"]["rows"], made["quality"]["inverted"]["row"], made["quality"]["mirrored"]["row"]]
    assert sorted(used) == list(range(made["gate"]["dimensions"], rows))
    assert made["gate"]["groups"][:4] == list(LABELS) and "Inverted" in made["gate"]["groups"]
    every = {r["kind"]: r for r in made["gate"]["evaluation"]["rows"]}
    assert made["gate"]["evaluation"]["rows"][0]["embedding"]["images"] == 16 and every["test pattern"]["wanted"] == "refuse"
    found = {r["finding"]: r for r in made["quality"]["evaluation"]["rows"]}
    assert found["inverted"]["detected"]["images"] == 16
    assert sum(made["priors"]["shares"]) == pytest.approx(1, abs=1e-3)
    assert [c["label"] for c in made["operating"]["curves"]] == list(LABELS)
    (tmp_path / "assurance" / "gate.bin").unlink()
    with pytest.raises(TrainingFault, match="gate.bin"):
        section.files_of(tmp_path, made)


def test_samples_keep_the_splits_apart(phantoms_apart):
    collection, splits = phantoms_apart
    some = samples.gather(collection, splits, None, drawn=2)
    of = {collection.images[i].tobytes(): splits[i] for i in range(64)}
    assert {of[x.tobytes()] for x in some.learn.images} == {0}
    assert {of[x.tobytes()] for x in some.known.images} == {1, 2} and {of[x.tobytes()] for x in some.test.images} == {3}
    assert set(some.test_altered.done) == set(alterations.ALTERATIONS)
    turned = some.learn_altered.images[some.learn_altered.done == "inverted and turned"]
    # The first stands upright, the second is turned by 90 degrees.
    np.testing.assert_array_equal(turned[1], alterations.turned(alterations.inverted(some.learn_altered.images[some.learn_altered.done == "mirrored"][1:2][:, :, ::-1]), 90)[0])


def test_probes_find_what_differs(cloud):
    e, _, _ = cloud
    g = np.random.default_rng(10)
    p = projection.fit(e, np.arange(600) % 3, ("a", "b", "c"), 8)
    shifts = {name: 0.15 * g.normal(size=1280) for name in (*alterations.ALTERATIONS, "inverted and turned")}
    about = samples.Pictures(np.zeros((200, 1, 1), np.uint8), np.array(["x"] * 200, object), np.array(["o"] * 200, object), np.array([""] * 200, object))
    made = samples.Pictures(*(np.concatenate([getattr(about, f)] * 6) for f in ("images", "labels", "origins")), np.repeat(list(shifts), 200).astype(object))
    turns = [0, shifts["rotated-90"], shifts["rotated-180"], shifts["rotated-270"]]
    tilts = {name: 0.1 * g.normal(size=2560) for name in shifts}
    # Left and right show in the moments alone.
    shifts["mirrored"] *= 0

    def seen(x, moments):
        return Seen(np.zeros((len(x), 4)), x.astype(np.float32), np.zeros(0), moments.astype(np.float16))

    def plain(x):
        return seen(x, 0.01 * g.normal(size=(len(x), 2560)))

    def moved(x):
        both = np.stack([x[i] + shifts["inverted"] + turns[i % 4] for i in range(200)])
        moments = np.concatenate([np.tile(tilts[n] if n == "mirrored" else 0 * tilts[n], (200, 1)) for n in shifts])
        return seen(np.concatenate([*(x + shifts[n] for n in list(shifts)[:-1]), both]), moments + 0.01 * g.normal(size=moments.shape))

    grown, found = probes.fit(p, plain(e[:200]), about.strata(), moved(e[:200]), made)

    def y(one):
        return grown.values(one.embeddings, one.moments)

    found = probes.with_thresholds(found, y(plain(e[200:400])), y(moved(e[200:400])), made.done)
    made_section = probes.section(found, y(plain(e[400:])), np.array(["o"] * 200), y(moved(e[400:])), made.done)
    for row in made_section["evaluation"]["rows"][:5]:
        assert row["detected"]["found"] >= 190 and row["falseAlarms"]["found"] <= 8, row


def test_a_gate_that_never_saw_an_origin_is_measured_on_it(shared, phantoms_apart):
    collection, splits = phantoms_apart
    some, reader = samples.gather(collection, splits, None, drawn=3), shared
    seen = {n: reader.see(getattr(some, n).images).embeddings for n in samples.Samples.__dataclass_fields__}
    fitting = gate.Fitting(seen["learn"], some.learn, seen["learn_altered"], some.learn_altered, seen["known"], some.known, seen["known_altered"], some.known_altered, seen["strange"], some.strange, None)
    assert set(fitting.without("a").known_about.origins) == {"b"} and len(fitting.without("a").learn) == (some.learn.origins == "b").sum()
    row = gate.left_out(fitting, "b", some.test, seen["test"], None)
    assert row["embedding"]["images"] == 8 and row["origin"] == "b"
    assert gate.left_out(fitting, "z", some.test, seen["test"], None) is None
