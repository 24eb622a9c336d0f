"""Drops loose ends and islands, so that every road can be driven to and from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from planner.schematic.lines import Line
from planner.schematic.noding import LOCAL


def trimmed(pieces: Sequence[Line], *, stub_m: float) -> list[Line]:
    """Return the pieces without short dead ends and without islands.

    Dead-end streets shorter than ``stub_m`` go, again and again; then all that cannot be
    driven both to and from within the largest component.
    """
    kept = list(pieces)
    for _ in range(6):
        ends = _end_nodes(kept)
        degree = np.bincount(ends.ravel())
        loose = (degree[ends] == 1).any(axis=1)
        drop = [
            bool(loose[row]) and _length(line) < _least(line, stub_m)
            for row, line in enumerate(kept)
        ]
        if not any(drop):
            break
        kept = [line for line, gone in zip(kept, drop, strict=True) if not gone]
    return _one_piece(kept)


def _least(line: Line, stub_m: float) -> float:
    if line.road_class in LOCAL:
        return stub_m
    return 40.0 if line.road_class != "secondary" else stub_m / 2


def _one_piece(pieces: list[Line]) -> list[Line]:
    ends = _end_nodes(pieces)
    back = np.array([not line.oneway for line in pieces])
    start = np.concatenate([ends[:, 0], ends[back, 1]])
    end = np.concatenate([ends[:, 1], ends[back, 0]])
    size = int(ends.max()) + 1
    links = coo_array((np.ones(len(start)), (start, end)), shape=(size, size))
    _, label = connected_components(links, directed=True, connection="strong")
    largest = int(np.bincount(label).argmax())
    inside = (label[ends] == largest).all(axis=1)
    return [line for line, keep in zip(pieces, inside, strict=True) if keep]


def _end_nodes(pieces: Sequence[Line]) -> NDArray[np.int64]:
    """Return the node numbers of both ends, shape (n, 2); equal coordinates, equal node."""
    ends = np.vstack([line.points[[0, -1]] for line in pieces])
    _, number = np.unique(ends, axis=0, return_inverse=True)
    return number.reshape(-1, 2).astype(np.int64)


def _length(line: Line) -> float:
    return float(np.hypot(*np.diff(line.points, axis=0).T).sum())
