"""Radiographs from a folder or from tars: read, squashed to 224×224, grouped, split, cached.

Two layouts are read: the published one (`COVID/images/*.png`, `Lung_Opacity/…`; the images may lie directly
in the class folder) and a table `radiographs.csv` whose `file` column names members of tars (or files)
beside it. Near-duplicates share a group, and a group never crosses a split.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import numpy as np
from PIL import Image, UnidentifiedImageError

from .labels import LABELS, LOW_RESOLUTION, MODEL_SIZE, TrainingFault
from .preprocess import luminance, to_model_input

SPLITS = ("train", "validation", "calibration", "test")
SHARES = (0.70, 0.075, 0.075, 0.15)
UNREADABLE_SHARE = 0.01
PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".webp"}


@dataclass(frozen=True)
class Row:
    """One radiograph: where it is, what it shows, where it came from."""

    file: str
    label: str
    origin: str
    stored: int
    group: str
    weak: bool = False
    # Hospital, town or country inside the origin, where it is known.
    place: str = ""
    child: bool = False
    # The split that the table asks for; empty: yours to deal.
    part: str = ""

    @property
    def low(self) -> bool:
        return self.stored <= LOW_RESOLUTION


@dataclass
class Collection:
    """Pictures in memory-mapped order: `images` is uint8 [N, 224, 224], `rows` N descriptions."""

    images: np.ndarray
    rows: list[Row]

    def __post_init__(self) -> None:
        self.labels = np.array([LABELS.index(r.label) if r.label in LABELS else -1 for r in self.rows])
        self.origins = np.array([r.origin for r in self.rows])
        self.low = np.array([r.low for r in self.rows])
        self.child = np.array([r.child for r in self.rows], bool)


def read_rows(source: Path) -> list[Row]:
    """Describes every picture of `source` without reading one. Raises TrainingFault for a folder that can't serve."""
    if not source.is_dir():
        raise TrainingFault(f"There is no folder “{source}”. Give the folder that holds the radiographs.")
    table = source / "radiographs.csv"
    rows = _rows_of_table(table) if table.exists() else _rows_of_folders(source)
    missing = [name for name in LABELS if not any(r.label == name for r in rows)]
    if missing:
        raise TrainingFault(f"No image of the class “{missing[0]}” was found. All of {', '.join(LABELS)} are needed.")
    return rows


def _rows_of_table(table: Path) -> list[Row]:
    rows = []
    with table.open(newline="", encoding="utf-8") as stream:
        for number, line in enumerate(csv.DictReader(stream), 2):
            label = line.get("label", "")
            if label not in (*LABELS, "none"):
                raise TrainingFault(f"Line {number} of {table.name} has the unknown label “{label}”. Known: {', '.join(LABELS)}, none.")
            rows.append(
                Row(line["file"], label, line.get("origin") or "unknown", int(line.get("stored_px") or MODEL_SIZE),
                    line.get("group") or line["file"], line.get("single_reader") == "1", line.get("place") or "",
                    line.get("age") == "child", _part(line.get("split") or "", number, table))
            )
    return rows


def _part(name: str, number: int, table: Path) -> str:
    if name and name not in SPLITS:
        raise TrainingFault(f"Line {number} of {table.name} has the unknown split “{name}”. Known: {', '.join(SPLITS)}, or nothing.")
    return name


def _rows_of_folders(source: Path) -> list[Row]:
    rows = []
    for label in LABELS:
        folder = source / label / "images"
        folder = folder if folder.is_dir() else source / label
        if not folder.is_dir():
            raise TrainingFault(f"The class folder “{label}” is missing in “{source.name}”. Lay the images out as {', '.join(LABELS)}.")
        for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in PICTURES):
            rows.append(Row(str(path.relative_to(source)), label, "folder", MODEL_SIZE, ""))
    return rows


def _bytes_of(source: Path, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    """Every wanted file once, from the folder itself or from the tars in it, in reading order."""
    for name in sorted(n for n in wanted if (source / n).is_file()):
        yield name, (source / name).read_bytes()
    for archive in sorted(source.glob("*.tar")):
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.isfile() and member.name in wanted:
                    yield member.name, tar.extractfile(member).read()  # type: ignore[union-attr]


def decode(data: bytes) -> np.ndarray:
    """File bytes → model input [224, 224], 0…1 float32, by the same rules as the app."""
    with Image.open(io.BytesIO(data)) as picture:
        if picture.mode in ("I", "I;16", "I;16B"):
            grey = np.asarray(picture, np.float64) / 65535.0
        elif picture.mode == "L":
            grey = np.asarray(picture, np.float64) / 255.0
        else:
            grey = luminance(np.asarray(picture.convert("RGB"), np.float64) / 255.0)
    return to_model_input(grey, MODEL_SIZE)


def load(source: Path, cache: Path) -> Collection:
    """Reads everything once and keeps it in `cache` (memory-mapped); later calls take seconds.

    Unreadable pictures are listed and skipped; more than 1 % of them stops the run.
    """
    rows = read_rows(source)
    key = hashlib.sha256(json.dumps([source.name, *[r.__dict__ for r in rows]]).encode()).hexdigest()[:16]
    store, index = cache / f"{key}.npy", cache / f"{key}.json"
    if store.exists() and index.exists():
        kept = [Row(**entry) for entry in json.loads(index.read_text())]
        return Collection(np.load(store, mmap_mode="r"), kept)
    cache.mkdir(parents=True, exist_ok=True)
    by_file = {r.file: r for r in rows}
    images = np.zeros((len(rows), MODEL_SIZE, MODEL_SIZE), np.uint8)
    kept, bad = [], []
    for name, data in _bytes_of(source, set(by_file)):
        try:
            images[len(kept)] = np.clip(np.rint(decode(data) * 255.0), 0, 255)
            kept.append(by_file[name])
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            bad.append(f"{name}: {error}")
    absent = len(rows) - len(kept) - len(bad)
    if bad or absent:
        print(f"{len(bad)} unreadable and {absent} missing images are left out:", *bad[:20], sep="\n  ")
    if len(bad) + absent > UNREADABLE_SHARE * len(rows):
        raise TrainingFault(f"{len(bad) + absent} of {len(rows)} images can't be read (the first: {(bad or ['a missing file'])[0]}). Repair the folder; at most 1 % may be left out.")
    images = images[: len(kept)]
    if any(not r.group for r in kept):
        groups = near_duplicate_groups(images)
        kept = [Row(**{**r.__dict__, "group": r.group or f"h{g}"}) for r, g in zip(kept, groups)]
    partial = store.with_suffix(".part.npy")
    np.save(partial, images)
    os.replace(partial, store)
    index.write_text(json.dumps([r.__dict__ for r in kept]))
    return Collection(np.load(store, mmap_mode="r"), kept)


def difference_hash(images: np.ndarray) -> np.ndarray:
    """64-bit difference hash of each picture [N, 224, 224] → uint64 [N]; tolerant of brightness and scale."""
    rows = np.linspace(0, images.shape[1], 9).astype(int)
    columns = np.linspace(0, images.shape[2], 10).astype(int)
    hashes = np.zeros(len(images), np.uint64)
    for i, image in enumerate(images):
        small = np.add.reduceat(np.add.reduceat(image.astype(np.float64), rows[:-1], 0), columns[:-1], 1)
        bits = (small[:, 1:] > small[:, :-1]).ravel()
        hashes[i] = np.packbits(bits).view(">u8")[0]
    return hashes


def near_duplicate_groups(images: np.ndarray, distance: int = 4, correlation: float = 0.98) -> np.ndarray:
    """Group number of each picture [N, 224, 224]; near-duplicates share one (union–find).

    Chests are alike, so close hashes alone would chain a quarter of a collection into one group: pictures within
    `distance` hash bits must also correlate at 28×28. (Of 6,000 known radiographs this finds all twins and joins no others.)
    """
    hashes = difference_hash(images)
    small = np.stack([image.reshape(28, 8, 28, 8).mean((1, 3), dtype=np.float32).ravel() for image in images])
    small -= small.mean(1, keepdims=True)
    small /= np.maximum(np.linalg.norm(small, axis=1, keepdims=True), 1e-6)
    parent = np.arange(len(hashes))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i in range(len(hashes) - 1):
        different = np.unpackbits((hashes[i + 1 :] ^ hashes[i]).view(np.uint8).reshape(-1, 8), axis=1).sum(1)
        near = i + 1 + np.flatnonzero(different <= distance)
        for j in near[small[near] @ small[i] >= correlation]:
            parent[root(int(j))] = root(i)
    return np.array([root(i) for i in range(len(parent))])


def split(rows: list[Row], seed: int = 2026) -> np.ndarray:
    """Assigns each row a split (index into SPLITS): whole groups, stratified by class, origin and resolution.

    Within each stratum the groups are dealt in a seeded order to whichever split is furthest below its share.
    A group lies in the stratum of its first row. Rows labelled `none` are dealt as a class of their own. A group whose rows
    name a split keeps it: an earlier model's test pictures are never trained on (where they name several, the first of SPLITS).
    """
    members: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        members.setdefault(row.group, []).append(i)
    strata: dict[tuple[str, str, bool], list[str]] = {}
    for group in sorted(members):
        first = rows[members[group][0]]
        strata.setdefault((first.label, first.origin, first.low), []).append(group)
    result = np.zeros(len(rows), np.int64)
    asked = {group: min((SPLITS.index(rows[i].part) for i in own if rows[i].part), default=None) for group, own in members.items()}
    for group, part in asked.items():
        if part is not None:
            result[members[group]] = part
    for key in sorted(strata):
        groups = [g for g in strata[key] if asked[g] is None]
        order = np.random.default_rng([seed, *key[0].encode(), *key[1].encode(), int(key[2])]).permutation(len(groups))
        total = sum(len(members[g]) for g in groups)
        counts = np.zeros(len(SPLITS))
        for position in order:
            group = groups[position]
            target = int(np.argmax(np.array(SHARES) * total - counts))
            result[members[group]] = target
            counts[target] += len(members[group])
    return result


def report(rows: list[Row], splits: np.ndarray) -> list[dict[str, object]]:
    """Counts per class, origin, resolution and split."""
    counts: dict[tuple[str, str, str, str], int] = {}
    for row, part in zip(rows, splits):
        key = (row.label, row.origin, "128" if row.low else "224", SPLITS[part])
        counts[key] = counts.get(key, 0) + 1
    return [dict(zip(("label", "origin", "pixels", "split"), key), images=n) for key, n in sorted(counts.items())]
