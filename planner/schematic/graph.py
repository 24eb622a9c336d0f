"""Links places by a relative-neighbourhood graph that keeps off barriers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay, cKDTree

Points = NDArray[np.float64]
Pairs = NDArray[np.int64]
Cost = Callable[[Points, Points], NDArray[np.float64]]


def linked(
    points: Points,
    groups: NDArray[np.int64],
    cost: Cost,
    rng: np.random.Generator,
    *,
    extra_share: float,
) -> Pairs:
    """Choose which points to link by a road, so that all hang together where they can.

    Parameters
    ----------
    points
        Metres, shape (n, 2), no two alike.
    groups
        Points of one group >= 0 are linked already (they lie on one road network).
    cost
        Cost of straight links from starts to ends in metres; infinite where none may run,
        above the length where one runs at a price (it is then only used when needed).
    extra_share
        Share of the Gabriel graph's further links that is kept, for loops.

    Returns
    -------
    Pairs
        Rows of indices (i < j), sorted.
    """
    pairs = _delaunay_pairs(points)
    pairs = pairs[(groups[pairs[:, 0]] < 0) | (groups[pairs[:, 0]] != groups[pairs[:, 1]])]
    if not len(pairs):
        return np.empty((0, 2), dtype=np.int64)
    start, end = points[pairs[:, 0]], points[pairs[:, 1]]
    length = np.hypot(*(end - start).T)
    price = cost(start, end)
    free = price <= length * 1.0001
    lune = _empty_lune(points, pairs, length)
    circle = _empty_circle(points, pairs, length)
    lucky = rng.random(len(pairs)) < extra_share
    chosen = free & (lune | (circle & lucky))
    chosen |= _bridging(pairs, groups, price, chosen)
    return np.asarray(pairs[chosen], dtype=np.int64)


def _delaunay_pairs(points: Points) -> Pairs:
    if len(points) < 4:
        rows, columns = np.triu_indices(len(points), 1)
        return np.column_stack([rows, columns]).astype(np.int64)
    corners = Delaunay(points).simplices
    sides = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    return np.asarray(np.unique(np.sort(sides, axis=1), axis=0), dtype=np.int64)


def _empty_circle(points: Points, pairs: Pairs, length: Points) -> NDArray[np.bool_]:
    middle = (points[pairs[:, 0]] + points[pairs[:, 1]]) / 2
    nearest = cKDTree(points).query(middle)[0]
    return np.asarray(nearest >= length / 2 * 0.9999)


def _empty_lune(points: Points, pairs: Pairs, length: Points) -> NDArray[np.bool_]:
    tree = cKDTree(points)
    near = np.asarray(tree.query(points, k=min(24, len(points)))[1])
    empty = np.ones(len(pairs), dtype=bool)
    for row, (i, j) in enumerate(pairs):
        others = np.setdiff1d(np.union1d(near[i], near[j]), (i, j))
        to_i = np.hypot(*(points[others] - points[i]).T)
        to_j = np.hypot(*(points[others] - points[j]).T)
        empty[row] = not np.any(np.maximum(to_i, to_j) < length[row] * 0.9999)
    return empty


def _bridging(
    pairs: Pairs, groups: NDArray[np.int64], price: Points, chosen: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return the cheapest further links that join what is still apart (Kruskal)."""
    root = np.arange(len(groups))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = int(root[i])
        return i

    for group in np.unique(groups[groups >= 0]):
        members = np.flatnonzero(groups == group)
        root[members] = members[0]
    added = np.zeros(len(pairs), dtype=bool)
    order = np.lexsort((pairs[:, 1], pairs[:, 0], price, ~chosen))
    for row in order:
        if not np.isfinite(price[row]) and not chosen[row]:
            continue
        a, b = find(int(pairs[row, 0])), find(int(pairs[row, 1]))
        if a != b:
            root[b] = a
            added[row] = True
    return added
