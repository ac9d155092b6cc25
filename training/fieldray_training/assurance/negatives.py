"""Pictures that are no frontal chest radiographs: real ones from a tar, parts of radiographs, and drawn ones.

The real ones (photos, knees, CT slices, lateral chests) are split by kind into a share that fits the gate and a share
that tests it. The others exist because a gate fitted on four kinds would know only those four.
"""

from __future__ import annotations

import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..data import decode, near_duplicate_groups
from ..labels import MODEL_SIZE
from ..preprocess import axis_weights

ARCHIVE = "not-a-chest-radiograph.tar"
FIT_SHARE = 0.5


@dataclass(frozen=True)
class Negatives:
    """Pictures uint8 [N, 224, 224], the kind of each, and whether it is of the fitting share."""

    images: np.ndarray
    kinds: np.ndarray
    fit: np.ndarray


def read_negatives(source: Path, seed: int = 2026) -> Negatives | None:
    """The tar's pictures; the folder a picture lies in is its kind. None where the tar is not to be had."""
    archive = source / ARCHIVE
    if not archive.exists():
        return None
    images, kinds = [], []
    with tarfile.open(archive) as tar:
        for member in sorted((m for m in tar if m.isfile()), key=lambda m: m.name):
            data = tar.extractfile(member).read()  # type: ignore[union-attr]
            images.append(np.clip(np.rint(decode(data) * 255), 0, 255).astype(np.uint8))
            kinds.append(Path(member.name).parent.name)
    stacked, names = np.stack(images), np.array(kinds)
    return Negatives(stacked, names, split(stacked, names, seed))


def split(images: np.ndarray, kinds: np.ndarray, seed: int = 2026) -> np.ndarray:
    """bool [N]: of each kind, FIT_SHARE of the groups of near-duplicates, dealt in a seeded order."""
    fit = np.zeros(len(kinds), bool)
    for kind in np.unique(kinds):
        here = np.flatnonzero(kinds == kind)
        groups = near_duplicate_groups(images[here])
        order = np.random.default_rng([seed, *str(kind).encode()]).permutation(np.unique(groups))
        taken = 0
        for group in order:
            members = here[groups == group]
            if taken < FIT_SHARE * len(here):
                fit[members] = True
                taken += len(members)
    return fit


def _resized(picture: np.ndarray) -> np.ndarray:
    """Any grey picture [H, W] in 0…255 → uint8 [224, 224]."""
    height, width = picture.shape
    squashed = axis_weights(height, MODEL_SIZE) @ picture.astype(np.float64) @ axis_weights(width, MODEL_SIZE).T
    return np.clip(np.rint(squashed), 0, 255).astype(np.uint8)


def turned_and_cropped(picture: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """A random rectangle (40…100 % of a side) of a picture [H, W], turned by a random multiple of 90 degrees, maybe inverted."""
    height, width = picture.shape
    h, w = (int(n * generator.uniform(0.4, 1)) for n in (height, width))
    top, left = generator.integers(0, height - h + 1), generator.integers(0, width - w + 1)
    part = np.rot90(picture[top : top + h, left : left + w], generator.integers(4))
    return _resized(255 - part if generator.random() < 0.3 else part)


def part_of_radiograph(picture: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """A shoulder, a flank, a belly, a spine: a small piece (20…42 % of a side) of a chest, shown as if it were the picture.

    They stand for the body parts that the data do not hold: bones and soft tissue without two lungs.
    """
    height, width = picture.shape
    h, w = (int(n * generator.uniform(0.2, 0.42)) for n in (height, width))
    top = generator.choice([0, generator.integers(0, height - h + 1), height - h])
    left = generator.choice([0, (width - w) // 2, width - w])
    return _resized(np.rot90(picture[top : top + h, left : left + w], generator.integers(4)))


def bones(generator: np.random.Generator) -> np.ndarray:
    """Bright shafts and joints in a soft limb before black: a limb, as a hand, a foot or a long bone looks from afar."""
    y, x = np.mgrid[0:MODEL_SIZE, 0:MODEL_SIZE] / (MODEL_SIZE - 1) * 2 - 1
    picture = np.full_like(x, generator.uniform(0, 0.15))
    angle = generator.uniform(0, np.pi)
    for _ in range(generator.integers(1, 6)):
        away = angle + generator.normal(0, 0.15)
        across = (x - generator.uniform(-0.5, 0.5)) * np.cos(away) + (y - generator.uniform(-0.3, 0.3)) * np.sin(away)
        along = -x * np.sin(away) + y * np.cos(away)
        width = generator.uniform(0.05, 0.25) * (1 + generator.uniform(0, 0.9) * np.clip(np.abs(along), 0, 1) ** 4)
        soft = np.exp(-((across / (width * generator.uniform(1.6, 3))) ** 4))
        bone = np.exp(-((across / width) ** 6)) * generator.uniform(0.3, 0.6)
        rim = np.exp(-(((np.abs(across) - width) / (0.2 * width)) ** 2)) * 0.15
        picture = np.maximum(picture, 0.3 * soft + bone + rim)
    picture += generator.normal(0, generator.uniform(0.005, 0.04), picture.shape)
    return np.clip(picture * 255, 0, 255).astype(np.uint8)


def lettering(generator: np.random.Generator) -> np.ndarray:
    """Lines of small marks and a few boxes on a plain ground: a page, a screenshot, a form."""
    ground, ink = (generator.uniform(200, 255), generator.uniform(0, 90))
    if generator.random() < 0.4:
        ground, ink = ink, ground
    picture = np.full((MODEL_SIZE, MODEL_SIZE), ground)
    for _ in range(generator.integers(0, 4)):
        top, left = generator.integers(0, 200, 2)
        picture[top : top + generator.integers(8, 90), left : left + generator.integers(10, 120)] = generator.uniform(0, 255)
    size, y = int(generator.integers(3, 10)), int(generator.integers(2, 30))
    while y < MODEL_SIZE - size:
        x, end = int(generator.integers(2, 30)), int(generator.integers(80, MODEL_SIZE))
        while x < end:
            length = int(generator.integers(1, 8)) * size // 2 + 1
            glyphs = generator.random((size, length)) < 0.5
            block = picture[y : y + size, x : x + length]
            block[glyphs[: block.shape[0], : block.shape[1]]] = ink
            x += length + size // 2 + 1
        y += int(size * generator.uniform(1.4, 2.5))
    return np.clip(picture, 0, 255).astype(np.uint8)


def plain(generator: np.random.Generator) -> np.ndarray:
    """Noise, ramps, stripes, blobs: what a test picture, a closed lens or a broken file gives."""
    y, x = np.mgrid[0:MODEL_SIZE, 0:MODEL_SIZE] / (MODEL_SIZE - 1)
    kind, angle = generator.integers(5), generator.uniform(0, 2 * np.pi)
    along = x * np.cos(angle) + y * np.sin(angle)
    if kind == 0:
        side = int(2 ** generator.integers(0, 7))
        coarse = generator.random((-(-MODEL_SIZE // side), -(-MODEL_SIZE // side)))
        picture = np.kron(coarse, np.ones((side, side)))[:MODEL_SIZE, :MODEL_SIZE]
    elif kind == 1:
        picture = along
    elif kind == 2:
        picture = 0.5 + 0.5 * np.sin(along * generator.uniform(6, 120))
    elif kind == 3:
        picture = sum(generator.normal() * np.exp(-((x - generator.random()) ** 2 + (y - generator.random()) ** 2) / generator.uniform(0.002, 0.1))
                      for _ in range(generator.integers(1, 12)))
    else:
        picture = np.full_like(x, generator.random()) + generator.normal(0, generator.uniform(0, 0.1), x.shape)
    low, high = np.sort(generator.uniform(0, 1, 2))
    spread = np.ptp(picture)
    picture = (picture - picture.min()) / spread if kind != 4 and spread > 0 else picture
    return np.clip((low + (high - low) * picture if kind != 4 else picture) * 255, 0, 255).astype(np.uint8)


def synthetic(count: int, seed: int, photos: np.ndarray, radiographs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(pictures uint8 [5 · count, 224, 224], kinds): `count` of each drawn kind.

    `photos` [N, H, W] and `radiographs` [M, 224, 224] (uint8) lend parts; give those of the share in question only.
    """
    generator = np.random.default_rng(seed)
    pictures: list[np.ndarray] = []
    kinds: list[str] = []
    makers = {
        "part of a photo": (lambda: turned_and_cropped(photos[generator.integers(len(photos))], generator)) if len(photos) else None,
        "part of a radiograph": (lambda: part_of_radiograph(radiographs[generator.integers(len(radiographs))], generator)) if len(radiographs) else None,
        "drawn bones": lambda: bones(generator),
        "lettering": lambda: lettering(generator),
        "test pattern": lambda: plain(generator),
    }
    for kind, make in makers.items():
        if make is None:
            continue
        pictures += [make() for _ in range(count)]
        kinds += [kind] * count
    return np.stack(pictures), np.array(kinds)


