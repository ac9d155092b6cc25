"""Everything the manifest's `assurance` section holds, and its files, from the served weights and the collection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .. import metrics, travel
from ..data import SPLITS, Collection
from ..evaluate import rows_of as split_rows
from ..export import write_file
from ..folded import Weights
from ..labels import MODEL_SIZE, TrainingFault
from . import alterations, conformal, gate, hospitals, limits, lung_features, lung_graph, new_hospital, operating, priors, probes
from .lung_data import Masked
from .lung_layers import CHANNELS, OUTPUT, SIDE
from .lung_training import dice_rows
from . import seen as seen_hashes
from .negatives import Negatives
from .reader import LungReader, Reader
from .samples import DRAWN, Samples, gather

GATE_FILE, LUNG_FOLDER = "assurance/gate.bin", "lungs"
THRESHOLD = lung_features.THRESHOLD
HOSPITAL_PICTURES = 200
NEVER_FITTED = ("vindr", "ieee8023", "nih", "kermany", "openist", "cxnet", "nih-children", "other")


def build(folder: Path, reader: Reader, temperature: float, collection: Collection, splits: np.ndarray,
          negatives: Negatives | None, lungs: LungReader | None, masked: Masked | None, drawn: int = DRAWN,
          away: list[travel.Answers] | None = None) -> dict[str, Any]:
    """The section; `away` are leave-one-hospital-out answers (None: no fit for new hospitals). Writes seen.FILE and GATE_FILE into `folder`, where the lung graph lies already (`write_lungs`) if there is one.

    `reader` runs the served classifier, `temperature` is the manifest's. `lungs` runs the served lung network (None: there
    is none), `masked` measures its Dice. `drawn`: pictures of each drawn kind.
    """
    samples = gather(collection, splits, negatives, drawn)
    print("assurance: reading " + ", ".join(f"{len(getattr(samples, n))} {n.replace('_', ' ')}" for n in Samples.__dataclass_fields__), flush=True)
    seen = {name: reader.see(getattr(samples, name).images) for name in Samples.__dataclass_fields__}
    tables = {name: lungs.features(getattr(samples, name).images) for name in ("known", "known_altered", "test", "test_altered", "strange", "strange_test")} if lungs else None
    fitting = gate.Fitting(seen["learn"].embeddings, samples.learn, seen["learn_altered"].embeddings, samples.learn_altered,
                           seen["known"].embeddings, samples.known, seen["known_altered"].embeddings, samples.known_altered,
                           seen["strange"].embeddings, samples.strange,
                           (tables["known"], tables["known_altered"], tables["strange"]) if tables else None)
    fitted = gate.with_room(gate.fit(fitting), fitting, NEVER_FITTED)
    grown, found = probes.fit(fitted.projection, seen["learn"], samples.learn.strata(), seen["learn_altered"], samples.learn_altered)
    y = {name: grown.values(seen[name].embeddings, seen[name].moments) for name in ("known", "known_altered", "test", "test_altered")}
    found = probes.with_thresholds(found, y["known"], y["known_altered"], samples.known_altered.done)
    fitted = gate.Gate(grown, fitted.probe_row, fitted.embedding, fitted.joined)
    data, arrays = grown.packed()
    write_file(folder / GATE_FILE, data)

    def features(name: str) -> gate.Features:
        return fitted.features(seen[name].embeddings, tables[name] if tables else None)

    rows = gate.rows_of(fitted, features("test"), samples.test, features("test_altered"), samples.test_altered, features("strange_test"), samples.strange_test)
    unseen = [gate.left_out(fitting, origin, samples.test, seen["test"].embeddings, tables["test"] if tables else None) for origin in NEVER_FITTED]
    quality = probes.section(found, y["test"], samples.test.origins.astype(str), y["test_altered"], samples.test_altered.done)
    calibration, test = (split_rows(collection, splits, part) for part in ("calibration", "test"))
    (fit_p, fit_truth), (test_p, test_truth) = ((metrics.softmax(reader.logits(collection.images[r]), temperature), collection.labels[r]) for r in (calibration, test))
    result = {"gate": gate.section(fitted, GATE_FILE, arrays, rows, [r for r in unseen if r]), "quality": quality,
              "priors": priors.section(fit_p, fit_truth, test_p, test_truth), "conformal": conformal.section(fit_p, fit_truth, test_p, test_truth),
              "operating": operating.section(test_p, test_truth)}
    if away:
        result["newHospital"] = new_hospital.section(new_hospital.outside(away, collection), temperature)
    result["hospitals"] = _hospitals(fitted, reader, collection, splits)
    result["seen"], hashes = _seen(collection, splits)
    write_file(folder / seen_hashes.FILE, hashes)
    if lungs and tables:
        result["lungs"] = _lungs(lungs, reader, samples, tables, masked)
    return result


def _hospitals(fitted: gate.Gate, reader: Reader, collection: Collection, splits: np.ndarray) -> dict[str, Any]:
    """From up to HOSPITAL_PICTURES training pictures of each origin; the other splits are the sites that test it."""
    generator, dimensions = np.random.default_rng(5), min(hospitals.DIMENSIONS, fitted.projection.dimensions)
    names = np.array([f"{r.origin}" for r in collection.rows])
    usable, learned = collection.labels >= 0, splits == SPLITS.index("train")
    picked = [np.concatenate([generator.permutation(np.flatnonzero(usable & side & (names == name)))[:HOSPITAL_PICTURES] for name in sorted(set(names))])
              for side in (learned, ~learned)]
    values = [fitted.projection.values(reader.see(np.ascontiguousarray(collection.images[np.sort(rows)])).embeddings)[:, :dimensions] for rows in picked]
    return hospitals.section(values[0], names[np.sort(picked[0])], values[1], names[np.sort(picked[1])])


def _seen(collection: Collection, splits: np.ndarray) -> tuple[dict[str, Any], bytes]:
    test = splits == SPLITS.index("test")
    return seen_hashes.section(collection.images[np.flatnonzero(~test)], collection.images[np.flatnonzero(test)])


def write_lungs(folder: Path, weights: Weights, store: Path | None = None) -> LungReader:
    """Writes the lung graph and reads it back: what is measured is what is served."""
    lung_graph.write(folder / LUNG_FOLDER, weights)
    return LungReader(lung_graph.read(folder / LUNG_FOLDER), store)


def grown_masks(whole: np.ndarray) -> np.ndarray:
    """bool [N, side, side] → bool [N, 224, 224], each pixel as the nearest one."""
    return whole.repeat(MODEL_SIZE // whole.shape[1], 1).repeat(MODEL_SIZE // whole.shape[2], 2)


def _lungs(reader: LungReader, classifier: Reader, samples: Samples, tables: dict[str, gate.Features], masked: Masked | None) -> dict[str, Any]:
    def inside(pictures: np.ndarray) -> np.ndarray:
        seen = classifier.see(pictures)
        return limits.answered_inside(seen.activation, seen.logits, reader.masks(pictures)[1], classifier.boxes(pictures))

    set_limits = limits.fit(tables["known"], inside(samples.known.images))
    known_cut = reader.features(alterations.lungs_cut_off(samples.known.images, reader.masks(samples.known.images)[0], seed=7))
    set_limits["cutOff"] = limits.fit_cut(tables["known"], samples.known.strata(), known_cut).plain()
    # Every fourth test picture is altered: enough to tell, and quick.
    some = samples.test.images[::4]
    visible, whole = reader.masks(some)
    cut = alterations.lungs_cut_off(some, visible)
    flat = alterations.lungs_flattened(some, grown_masks(whole | visible))
    measured = limits.rows(set_limits, tables["test"], inside(samples.test.images), reader.features(cut),
                           tables["strange_test"], reader.features(flat), inside(flat))
    network = reader.network
    return {
        "graph": f"{LUNG_FOLDER}/model.json",
        "input": {"name": "input", "shape": [1, MODEL_SIZE, MODEL_SIZE, 1]},
        "output": {"name": OUTPUT, "side": SIDE, "channels": list(CHANNELS)},
        "threshold": THRESHOLD, "weights": {"dtype": "float16"},
        "golden": lung_graph.golden(network), "tolerance": lung_graph.TOLERANCE, "limits": set_limits,
        "evaluation": {"note": "Dice at 224 px on the test split. Machine masks were made by another network and cleaned: they are mostly good, not perfect. Human masks include the lung behind the heart. "
                               "Altered test pictures: cropped so that a quarter to a half of the lungs is gone; the lungs' inside replaced by flat gray.",
                       "dice": dice_rows(network, masked, "test", THRESHOLD) if masked else [], "limits": measured},
    }


def files_of(folder: Path, section: dict[str, Any]) -> list[Path]:
    """The section's own files, to be listed in the manifest."""
    files = [folder / section["gate"]["file"], *([folder / section["seen"]["file"]] if "seen" in section else [])]
    if "lungs" in section:
        files += [folder / section["lungs"]["graph"], *sorted((folder / LUNG_FOLDER).glob("weights-*of*.bin"))]
    missing = [f.name for f in files if not f.exists()]
    if missing:
        raise TrainingFault(f"“{missing[0]}” of the assurance section was not written. Release again.")
    return files
