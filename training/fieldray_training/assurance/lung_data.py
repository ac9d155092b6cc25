"""Pictures with lung masks: machine-made ones of the collection, and those drawn by people, split as the classifier's are."""

from __future__ import annotations

import csv
import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from ..data import SPLITS, Collection, Row, decode, near_duplicate_groups, split
from ..labels import MODEL_SIZE, TrainingFault

TABLE, MASKS, EXTRA = "lung-masks.csv", "lung-masks.tar", "radiographs-lung-mask-extra.tar"
# A hand-drawn picture that correlates this much with one of the collection is a twin of it.
HUMAN_ORIGIN = "ieee8023"


@dataclass(frozen=True)
class Masked:
    """`images` uint8 and `masks` bool [N, 224, 224]; `human`: drawn by a person; `part`: index into SPLITS; `label`, `origin`."""

    images: np.ndarray
    masks: np.ndarray
    human: np.ndarray
    part: np.ndarray
    labels: np.ndarray
    origins: np.ndarray

    def where(self, *parts: str, human: bool | None = None) -> np.ndarray:
        """Row numbers of some splits, of one kind of mask or (None) of both."""
        here = np.isin(self.part, [SPLITS.index(p) for p in parts])
        return np.flatnonzero(here if human is None else here & (self.human == human))


def _members(archive: Path, wanted: set[str]) -> dict[str, bytes]:
    try:
        with tarfile.open(archive) as tar:
            return {m.name: tar.extractfile(m).read() for m in tar if m.name in wanted}  # type: ignore[union-attr]
    except (OSError, tarfile.TarError) as error:
        raise TrainingFault(f"“{archive.name}” can't be read ({error}). It is needed for the lung network.") from error


def read(source: Path, collection: Collection, splits: np.ndarray) -> Masked:
    """All masks of `source` with their pictures. Raises TrainingFault where there are none."""
    table = source / TABLE
    if not table.exists():
        raise TrainingFault(f"There are no lung masks in “{source.name}” ({TABLE}, {MASKS}). Release without a lung network, or with one that was trained before.")
    with table.open(newline="", encoding="utf-8") as stream:
        lines = [line for line in csv.DictReader(stream)]
    bytes_of = _members(source / MASKS, {line["mask"] for line in lines})
    place = {row.file: i for i, row in enumerate(collection.rows)}
    lines = [line for line in lines if line["mask"] in bytes_of]
    outside = [line["radiograph"] for line in lines if line["radiograph"] not in place]
    extra = _members(source / EXTRA, set(outside)) if outside else {}
    names = sorted(extra)
    pictures = {name: np.clip(np.rint(decode(extra[name]) * 255), 0, 255).astype(np.uint8) for name in names}
    parts = dict(zip(names, _extra_parts(names, pictures, collection, splits)))
    images, masks, human, part, labels, origins = [], [], [], [], [], []
    for line in lines:
        name = line["radiograph"]
        if name not in place and name not in pictures:
            continue
        with Image.open(io.BytesIO(bytes_of[line["mask"]])) as mask:
            masks.append(np.asarray(mask.convert("L").resize((MODEL_SIZE, MODEL_SIZE), Image.NEAREST)) > 127)
        row = collection.rows[place[name]] if name in place else None
        images.append(collection.images[place[name]] if row else pictures[name])
        human.append(line["kind"] == "human")
        part.append(splits[place[name]] if row else parts[name])
        labels.append(row.label if row else "none")
        origins.append(row.origin if row else HUMAN_ORIGIN)
    return Masked(np.stack(images), np.stack(masks), np.array(human), np.array(part), np.array(labels), np.array(origins))


def _extra_parts(names: list[str], pictures: dict[str, np.ndarray], collection: Collection, splits: np.ndarray) -> np.ndarray:
    """The split of each picture that is not in the collection: that of its twin there, else dealt by groups of near-duplicates."""
    if not names:
        return np.zeros(0, np.int64)
    twins = np.flatnonzero(collection.labels == 0)
    groups = near_duplicate_groups(np.concatenate([np.stack([pictures[n] for n in names]), collection.images[twins]]))
    own, known = groups[: len(names)], dict(zip(groups[len(names) :], splits[twins]))
    dealt = split([Row(name, "none", HUMAN_ORIGIN, MODEL_SIZE, f"extra{g}") for name, g in zip(names, own)])
    return np.array([known.get(g, d) for g, d in zip(own, dealt)])
