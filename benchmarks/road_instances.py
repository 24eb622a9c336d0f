"""Makes test-road instances: planar street networks with clustered, noisy worth and one anchor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay

from planner.testroads.instance import Instance

MEAN_SEGMENT_M = 250.0
SEGMENTS_PER_NODE = 1.5
"""Street networks have some three segments at a junction."""
DOWNTOWN = 0.5
"""Share of the junctions that lie around the centres."""
SMALL_TARGET, TARGET_M, LARGE_M = 0.4, 500_000.0, 1_200_000.0
BAND = 1.02
BUMPS = 6
NOISE = 0.5


@dataclass(frozen=True)
class Streets:
    """An instance and the band of counted metres that its network has to end in."""

    instance: Instance
    low_m: float
    high_m: float


def streets(n_segments: int, seed: int) -> Streets:
    """Return a connected network of that many segments.

    Junctions (half of them around centres) are joined by a spanning tree and the shortest other
    edges of their Delaunay triangles, some left out by chance; a segment is 1 to 1.4 times as
    long as its straight line and 250 m on average. Worth is metres times a field of bumps times
    lognormal noise. The anchor is one opened segment near the middle. The target is 500 km, in
    networks below 1,200 km 40 % of them; 2 % more is allowed.
    """
    rng = np.random.default_rng([seed, n_segments])
    n_nodes = round(n_segments / SEGMENTS_PER_NODE)
    points = _junctions(n_nodes, rng)
    pairs, straight = _streets(points, n_segments, rng)
    metres = straight * rng.uniform(1.0, 1.4, n_segments)
    metres *= MEAN_SEGMENT_M / metres.mean()
    middle = (points[pairs[:, 0]] + points[pairs[:, 1]]) / 2.0
    worth = metres / 1000.0 * _field(middle, rng) * rng.lognormal(0.0, NOISE, n_segments)
    opened = np.zeros(n_segments, dtype=bool)
    opened[np.argmin(((middle - 0.5) ** 2).sum(axis=1))] = True
    total_m = float(metres.sum())
    low_m = TARGET_M if total_m > LARGE_M else SMALL_TARGET * total_m
    made = Instance(
        segment_id=tuple(f"s{row:06d}" for row in range(n_segments)),
        from_node=pairs[:, 0].astype(np.int64),
        to_node=pairs[:, 1].astype(np.int64),
        n_nodes=n_nodes,
        length_m=metres,
        counted_m=metres.copy(),
        worth=worth,
        grade=np.ones(n_segments, dtype=np.int64),
        excluded=np.zeros(n_segments, dtype=bool),
        opened=opened,
    )
    return Streets(made, low_m, BAND * low_m)


def _junctions(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return (count, 2) points of the unit square, half of them around centres."""
    centres = rng.uniform(0.15, 0.85, (max(3, count // 400), 2))
    around = centres[rng.integers(0, len(centres), count)] + rng.normal(0.0, 0.08, (count, 2))
    anywhere = rng.random((count, 2))
    inside = ((around > 0.0) & (around < 1.0)).all(axis=1) & (rng.random(count) < DOWNTOWN)
    return np.where(inside[:, None], around, anywhere)


def _streets(
    points: NDArray[np.float64], count: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return (count, 2) node pairs, a spanning tree among them, and their straight lengths."""
    corners = Delaunay(points).simplices
    pairs = np.sort(corners[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    pairs = np.unique(pairs, axis=0).astype(np.int64)
    straight = np.sqrt(((points[pairs[:, 0]] - points[pairs[:, 1]]) ** 2).sum(axis=1))
    shape = (len(points), len(points))
    tree = minimum_spanning_tree(coo_array((straight, pairs.T), shape=shape)).tocoo()
    key = pairs[:, 0] * len(points) + pairs[:, 1]
    low, high = np.minimum(tree.row, tree.col), np.maximum(tree.row, tree.col)
    rank = straight * rng.lognormal(0.0, 0.5, len(straight))
    rank[np.isin(key, low.astype(np.int64) * len(points) + high)] = -1.0
    kept = np.sort(np.argsort(rank, kind="stable")[:count])
    return pairs[kept].astype(np.int64), np.asarray(straight[kept])


def _field(places: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the worth of a kilometre at each place before the noise."""
    centres = rng.uniform(0.1, 0.9, (BUMPS, 2))
    width = rng.uniform(0.05, 0.15, BUMPS)
    height = rng.uniform(0.5, 1.5, BUMPS)
    away = ((places[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    return np.asarray(0.2 + (height * np.exp(-away / (2.0 * width**2))).sum(axis=1))
