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
METRES_PER_KM = 1000.0


@dataclass(frozen=True)
class ZoneGoal:
    """A mandated zone and the rows of the segments that reach it.

    ``distance_m`` is the distance in metres from the zone to the nearest allowed segment,
    infinite where there is none. What is ``asked`` for is a segment that a reviewer asks for: it is
    reached after the zones, as far as there is room.
    """

    zone_id: str
    rows: Ints
    distance_m: float
    asked: bool = False


@dataclass(frozen=True)
class Limit:
    """A rule that a network keeps: ``share @ counted km of its rows <= high_km``.

    A least km or share is a limit with its signs turned. ``share`` has one entry per row.
    """

    name: str
    share: Floats
    high_km: float


@dataclass(frozen=True)
class Variety:
    """What the km of each scene add to the worth: much at first, then less and less.

    ``scene`` is the scene of each row, counted from 0. ``steps`` are km and worth per km: the
    first so many km of a scene are worth the first figure each, and so on; km beyond the
    steps add nothing. The worth per km falls from step to step.
    """

    scene: Ints
    steps: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Shape:
    """What is asked of the shape of a network.

    A dead end, from where the network branches, should be at least ``least_spur_m`` counted
    metres long or end where vehicles can turn (``turnaround``, per node; missing: nowhere);
    ``spur_factor`` is the share of the worth that the roads of a shorter one keep.
    ``least_cycle_share`` of the counted metres should lie on cycles.
    """

    least_spur_m: float = 0.0
    spur_factor: float = 1.0
    turnaround: Bools | None = None
    least_cycle_share: float = 0.0


ANY_SHAPE = Shape()
"""Asks nothing of the shape of a network."""


@dataclass(frozen=True)
class Instance:
    """The choice of test roads as arrays of equal length, one entry per segment.

    Rows are in the order of ``segment_id``, so that the order of the input cannot matter.
    ``counted_m`` is what a segment adds to the target, ``worth`` what it adds to the
    objective by itself, ``variety`` what all of a scene add together; ``excluded`` is never
    true where ``opened`` is. ``open_from`` is the first year a segment may open (missing: any).
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
    limits: tuple[Limit, ...] = ()
    variety: Variety | None = None
    shape: Shape = ANY_SHAPE
    open_from: Ints | None = None


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
