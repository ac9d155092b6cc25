"""What the served networks say of pictures, computed once for each picture and kept."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np
import torch

from ..crop import WHOLE, CropRule, boxes_of, cropped_exactly
from ..folded import FoldedNetwork, Weights, compiled
from ..labels import LABELS, TrainingFault
from ..network import FEATURES
from . import lung_features
from .lung_layers import CHANNELS, SIDE, FoldedLungs

PLACES = 49
# Building the fast form pays from this many pictures on.
COMPILED_FROM = 300
LUNG_NAMES = (*lung_features.NAMES, "border")


@dataclass(frozen=True)
class Seen:
    """Of N pictures, float32: `logits` [N, 4], `embeddings` [N, 1280] (pooled features), `activation` [N, 4, 7, 7] (logit parts by place).

    `moments` float16 [N, 2560]: the features' mean times how far right, and how far down, they lie (−1…1).
    """

    logits: np.ndarray
    embeddings: np.ndarray
    activation: np.ndarray
    moments: np.ndarray


def digest_of(weights: Weights) -> str:
    """Of all numbers of a network."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        for values in weights[name]:
            digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:16]


def moments_of(features: torch.Tensor) -> torch.Tensor:
    """[N, E, 7, 7] → [N, 2E]: mean of features times −1…1 by column, then by row."""
    away = (torch.arange(7, dtype=features.dtype) - 3) / 3
    return torch.cat([(features * away).mean((2, 3)), (features * away[:, None]).mean((2, 3))], 1)


class Memory:
    """One row of numbers for every picture that was ever asked for, by the picture's own bytes; kept in a file from one run to the next."""

    def __init__(self, kind: str, weights: Weights, store: Path | None):
        self.file = store / f"{kind}-{digest_of(weights)}.npz" if store else None
        self.known: dict[bytes, int] = {}
        self.rows: list[np.ndarray] = []
        self._changed = False
        if self.file and self.file.exists():
            try:
                with np.load(self.file) as kept:
                    self.rows = list(kept["rows"])
                    self.known = {bytes(key): i for i, key in enumerate(kept["keys"])}
            except (OSError, ValueError, KeyError):
                self.rows, self.known = [], {}

    def rows_of(self, images: np.ndarray, run: Callable[[np.ndarray], np.ndarray], batch: int = 64, way: bytes = b"") -> np.ndarray:
        """[N, …] pictures → [N, columns]; `run` gives the rows of those that are new, each distinct one once. `way` tells apart what `run` does to them."""
        keys = [hashlib.blake2b(np.ascontiguousarray(image).tobytes() + image.dtype.str.encode() + way, digest_size=16).digest() for image in images]
        fresh = list({key: i for i, key in enumerate(keys) if key not in self.known}.values())
        for start in range(0, len(fresh), batch):
            some = fresh[start : start + batch]
            for i, row in zip(some, run(images[some])):
                self.known[keys[i]] = len(self.rows)
                self.rows.append(row)
                self._changed = True
        return np.stack([self.rows[self.known[key]] for key in keys])

    def keep(self) -> None:
        """Writes what is new to the store, whole or not at all."""
        if not self.file or not self._changed:
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        partial = self.file.with_suffix(".part.npz")
        try:
            order = sorted(self.known, key=self.known.__getitem__)
            np.savez(partial, rows=np.stack(self.rows), keys=np.stack([np.frombuffer(k, np.uint8) for k in order]))
            os.replace(partial, self.file)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise TrainingFault(f"“{self.file.name}” could not be written ({error.strerror or error}). Free some disk space, or release with --no-keep.") from error
        self._changed = False


class Reader:
    """A classifier that remembers: the evaluation, the gate and the prediction sets ask for the same pictures."""

    def __init__(self, weights: Weights, store: Path | None = None, lungs: LungReader | None = None, rule: CropRule | None = None):
        """With `lungs` and `rule` pictures are cropped to their lungs first, as the app does."""
        self.network, self.head = FoldedNetwork(weights), weights["head"]
        self.lungs, self.rule = lungs, rule
        self._fast: Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor]] | None = None
        self._ran = 0
        self.memory = Memory("views", weights, store)

    def see(self, images: np.ndarray) -> Seen:
        """[N, 224, 224] (uint8, or float32 0…1), each distinct picture run through the network once."""
        classes = len(LABELS)
        if len(images) == 0:
            return Seen(np.zeros((0, classes), np.float32), np.zeros((0, FEATURES), np.float32), np.zeros((0, classes, 7, 7), np.float32), np.zeros((0, 2 * FEATURES), np.float16))
        rows = self.memory.rows_of(images, self._run_cropped, way=repr(self.rule).encode()) if self.rule else self.memory.rows_of(images, self._run)
        return self._seen(rows)

    def as_they_are(self, images: np.ndarray) -> np.ndarray:
        """Logits [N, 4] of pictures that are cropped already."""
        return self._seen(self.memory.rows_of(images, self._run)).logits

    def boxes(self, images: np.ndarray) -> np.ndarray:
        """What the classifier sees of pictures: int64 [N, 4]."""
        if self.lungs is None or self.rule is None:
            return np.tile(np.array(WHOLE), (len(images), 1))
        return boxes_of(self.lungs.masks(images)[CHANNELS.index(self.rule.map)], self.rule)[0]

    @staticmethod
    def _seen(rows: np.ndarray) -> Seen:
        classes = len(LABELS)
        logits, embeddings, activation, moments = np.split(rows, np.cumsum([classes, FEATURES, classes * PLACES]), 1)
        return Seen(logits, embeddings, activation.reshape(-1, classes, 7, 7), np.ascontiguousarray(moments).view(np.float16))

    def logits(self, images: np.ndarray) -> np.ndarray:
        """As FoldedNetwork.logits, remembered."""
        return self.see(images).logits

    def _run_cropped(self, images: np.ndarray) -> np.ndarray:
        return self._run(cropped_exactly(images, self.boxes(images)))

    @torch.no_grad()
    def _run(self, images: np.ndarray) -> np.ndarray:
        self._ran += len(images)
        if self._ran > COMPILED_FROM and self._fast is None:
            self._fast = compiled(self.network)
        x = torch.from_numpy(np.ascontiguousarray(images)).float()
        x = x.div_(255.0) if images.dtype == np.uint8 else x
        logits, features = (self._fast or self.network)(x[:, None])
        activation = torch.einsum("nfyx,fc->ncyx", features, torch.from_numpy(np.ascontiguousarray(self.head[0]))) / PLACES
        moments = moments_of(features).half().numpy()
        # Two of the half as wide numbers lie in the place of one.
        return np.concatenate([torch.cat([logits, features.mean((2, 3)), activation.flatten(1)], 1).numpy(), moments.view(np.float32)], 1)


class LungReader:
    """The lung network, remembered in the same way: both masks of a picture and the features of its map."""

    def __init__(self, weights: Weights, store: Path | None = None):
        self.network = FoldedLungs(weights)
        self.memory = Memory("lungs", weights, store)

    def _run(self, images: np.ndarray) -> np.ndarray:
        p = 1 / (1 + np.exp(-self.network.logits(images)))
        table = lung_features.features(p[..., 0])
        packed = np.packbits((p >= lung_features.THRESHOLD).transpose(0, 3, 1, 2).reshape(len(p), -1), 1)
        numbers = np.stack([table[name] for name in LUNG_NAMES], 1).astype("<f8")
        return np.concatenate([np.ascontiguousarray(numbers).view(np.uint8), packed], 1)

    def features(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """As `lung_features.features` gives them."""
        numbers = np.ascontiguousarray(self.memory.rows_of(images, self._run)[:, : 8 * len(LUNG_NAMES)]).view("<f8")
        return {name: numbers[:, i] for i, name in enumerate(LUNG_NAMES)}

    def masks(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(visible, whole): bool [N, SIDE, SIDE] each."""
        bits = np.unpackbits(self.memory.rows_of(images, self._run)[:, 8 * len(LUNG_NAMES) :], 1)[:, : 2 * SIDE * SIDE]
        both = bits.reshape(-1, 2, SIDE, SIDE).astype(bool)
        return both[:, 0], both[:, 1]
