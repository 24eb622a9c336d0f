"""Owns the test-road problem as plain arrays: the seam between the layers and the search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class ZoneGoal:
    """A mandated zone and the rows of the segments that reach it.

    ``distance_m`` is the distance in metres from the zone to the nearest allowed segment,
    infinite where there is none.
    """

    zone_id: str
    rows: Ints
    distance_m: float


@dataclass(frozen=True)
class Instance:
    """The choice of test roads as arrays of equal length, one entry per segment.

    Rows are in the order of ``segment_id``, so that the order of the input cannot matter.
    ``counted_m`` is what a segment adds to the target, ``worth`` what it adds to the
    objective; ``excluded`` is never true where ``opened`` is.
    """

    segment_id: tuple[str, ...]
    from_node: Ints
    to_node: Ints
    n_nodes: int
    length_m: Floats
    counted_m: Floats
    worth: Floats
    grade: Ints
    excluded: Bools
    opened: Bools
    zones: tuple[ZoneGoal, ...] = ()


def pieces(from_node: Ints, to_node: Ints, n_nodes: int, rows: Bools) -> Ints:
    """Return the piece number of every node when only the given rows are there.

    Nodes without any such row are pieces of their own.
    """
    ones = np.ones(int(rows.sum()), dtype=np.int8)
    graph = coo_array((ones, (from_node[rows], to_node[rows])), shape=(n_nodes, n_nodes))
    labels: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels


def is_contiguous(instance: Instance, rows: Bools) -> bool:
    """Return whether the given rows are one piece; no row at all is one piece."""
    labels = pieces(instance.from_node, instance.to_node, instance.n_nodes, rows)
    return len(np.unique(labels[instance.from_node[rows]])) <= 1
