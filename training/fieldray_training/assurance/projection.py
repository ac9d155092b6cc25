"""The gate's view of the embedding: centers of what is known, a shared shrunk covariance, and room for probes.

Mahalanobis distance to class centers: K. Lee et al., NeurIPS 2018; shrinkage: O. Ledoit & M. Wolf, J. Multivariate Anal.
88 (2004). Stored as src/model/manifest/assurance.ts says, with 8-bit directions; everything is computed from what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

LEAST_RESIDUAL = 1e-9


@dataclass(frozen=True)
class Projection:
    """`directions` int8 [rows, E] × `scale` [rows]; `offsets` [rows]; `centers` [groups, D]; `spread` [D]; the first D rows whiten."""

    center: np.ndarray
    directions: np.ndarray
    scale: np.ndarray
    offsets: np.ndarray
    centers: np.ndarray
    spread: np.ndarray
    groups: tuple[str, ...]
    # int8 [t, 2E] and its factors: added to the last t rows, times the moments.
    tilts: np.ndarray | None = None
    tilt_scale: np.ndarray | None = None

    @property
    def dimensions(self) -> int:
        return len(self.spread)

    def values(self, embeddings: np.ndarray, moments: np.ndarray | None = None) -> np.ndarray:
        """y: [N, rows] float64. `moments` [N, 2E] are needed where there are tilts and the probes are looked at."""
        moved = embeddings.astype(np.float64) - self.center.astype(np.float64)
        y = moved @ self.directions.astype(np.float64).T * self.scale.astype(np.float64) + self.offsets.astype(np.float64)
        if self.tilts is not None and self.tilt_scale is not None and moments is not None:
            y[:, -len(self.tilts) :] += moments.astype(np.float64) @ self.tilts.astype(np.float64).T * self.tilt_scale.astype(np.float64)
        return y

    def distances(self, values: np.ndarray) -> np.ndarray:
        """[N, groups] from y."""
        z = values[:, : self.dimensions]
        centers = self.centers.astype(np.float64)
        squared = (z * z).sum(1)[:, None] - 2 * z @ centers.T + (centers * centers).sum(1)
        return np.sqrt(np.maximum(squared, 0))

    def residual(self, embeddings: np.ndarray, values: np.ndarray) -> np.ndarray:
        """[N]: ln of the mean square of the embedding that the whitened directions leave."""
        moved = embeddings.astype(np.float64) - self.center.astype(np.float64)
        seen = ((self.spread.astype(np.float64) * values[:, : self.dimensions]) ** 2).sum(1)
        return np.log(np.maximum(LEAST_RESIDUAL, ((moved * moved).sum(1) - seen) / moved.shape[1]))

    def with_rows(self, directions: np.ndarray, biases: np.ndarray, tilts: np.ndarray | None = None) -> tuple["Projection", list[int]]:
        """With further rows directions · e + tilts · moments + biases (for plain embeddings e); gives their numbers.

        Rows with tilts come last, once.
        """
        q, scale = quantized(directions)
        offsets = biases + (q.astype(np.float64) * scale.astype(np.float64)[:, None]) @ self.center.astype(np.float64)
        first = len(self.offsets)
        made = replace(self, directions=np.concatenate([self.directions, q]), scale=np.concatenate([self.scale, scale]).astype(np.float32),
                       offsets=np.concatenate([self.offsets, offsets]).astype(np.float32))
        if tilts is not None:
            own, factors = quantized(tilts)
            made = replace(made, tilts=own, tilt_scale=factors)
        return made, list(range(first, first + len(q)))

    def packed(self) -> tuple[bytes, list[dict[str, Any]]]:
        """The binary file and the manifest's description of its arrays."""
        arrays: list[tuple[str, np.ndarray, dict[str, Any]]] = [
            ("center", self.center, {}), ("directions/scale", self.scale, {}), ("offsets", self.offsets, {}),
            ("centers", self.centers, {}), ("spread", self.spread, {}), ("directions", self.directions, {"scale": "directions/scale"})]
        if self.tilts is not None:
            arrays += [("tilts/scale", self.tilt_scale, {}), ("tilts", self.tilts, {"scale": "tilts/scale"})]
        data, tables = b"", []
        for name, values, more in arrays:
            dtype = "int8" if values.dtype == np.int8 else "float32"
            tables.append({"name": name, "dtype": dtype, "shape": list(values.shape), "offset": len(data), **more})
            data += np.ascontiguousarray(values, "i1" if dtype == "int8" else "<f4").tobytes()
            data += b"\0" * (-len(data) % 4)
        return data, tables


def quantized(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows [R, E] → int8 and one float32 factor a row."""
    scale = (np.maximum(np.abs(rows).max(1), 1e-12) / 127).astype(np.float32)
    return np.clip(np.rint(rows / scale[:, None].astype(np.float64)), -127, 127).astype(np.int8), scale


def shrinkage(deviations: np.ndarray, covariance: np.ndarray) -> float:
    """Ledoit and Wolf's share of the scaled identity in the covariance of deviations [N, E] that have mean zero."""
    n, e = deviations.shape
    level = np.trace(covariance) / e
    squared = (covariance * covariance).sum()
    distance = squared - e * level**2
    fourth = ((deviations * deviations).sum(1) ** 2).sum()
    noise = (fourth / n - squared) / n
    return float(np.clip(noise / max(distance, 1e-30), 0, 1))


def fit(embeddings: np.ndarray, groups: np.ndarray, names: tuple[str, ...], dimensions: int, weights: np.ndarray | None = None) -> Projection:
    """embeddings [N, E]; groups [N] index into `names`; `weights` [N] say how much each picture counts for the covariance.

    The covariance is that of the deviations from the group's own center, shrunk; its `dimensions` leading directions are kept.
    """
    x = embeddings.astype(np.float64)
    weights = np.ones(len(x)) if weights is None else weights
    means = np.stack([np.average(x[groups == k], 0, weights[groups == k]) for k in range(len(names))])
    center = means.mean(0).astype(np.float32)
    share = weights / weights.mean()
    deviations = (x - means[groups]) * np.sqrt(share)[:, None]
    covariance = deviations.T @ deviations / len(x)
    part = shrinkage(deviations, covariance)
    level = np.trace(covariance) / len(covariance)
    values, vectors = np.linalg.eigh(covariance * (1 - part) + np.eye(len(covariance)) * level * part)
    leading = np.argsort(values)[::-1][:dimensions]
    spread = np.sqrt(values[leading])
    # Signs are fixed, so that the same data give the same file everywhere.
    rows = vectors[:, leading].T
    rows = rows * np.sign(rows[np.arange(len(rows)), np.abs(rows).argmax(1)])[:, None] / spread[:, None]
    q, scale = quantized(rows)
    whitened = (means - center.astype(np.float64)) @ (q.astype(np.float64) * scale.astype(np.float64)[:, None]).T
    return Projection(center, q, scale, np.zeros(len(q), np.float32), whitened.astype(np.float32), spread.astype(np.float32), names)
