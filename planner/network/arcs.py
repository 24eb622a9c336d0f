"""Holds segments as they are driven: one arc a direction, and the line along a chain of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from planner.network.road_network import RoadNetwork

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Arcs:
    """Segments as driven: two arcs where two-way."""

    tail: Ints
    head: Ints
    segment: Ints
    forward: NDArray[np.bool_]
    metres: Floats

    def at(self, rows: Ints) -> Arcs:
        """Return these arcs, in this order."""
        parts = self.tail[rows], self.head[rows], self.segment[rows]
        return Arcs(*parts, self.forward[rows], self.metres[rows])


def arcs_of(network: RoadNetwork, rows: Ints) -> Arcs:
    """Return the arcs of these segments, sorted by tail, head and segment."""
    back = rows[~network.segments["oneway"].to_numpy(dtype=bool)[rows]]
    segment = np.concatenate([rows, back])
    forward = np.arange(len(segment)) < len(rows)
    start, end = network.from_index[segment], network.to_index[segment]
    tail, head = np.where(forward, start, end), np.where(forward, end, start)
    metres = network.segments["length_m"].to_numpy(dtype=np.float64)[segment]
    return Arcs(tail, head, segment, forward, metres).at(np.lexsort((segment, head, tail)))


def least_arcs(network: RoadNetwork) -> Arcs:
    """Return the arcs of all segments, of parallel ones the shortest (ties: the first segment).

    Loops are left out. scipy adds parallel entries of a matrix up, so it must not see them.
    """
    arcs = arcs_of(network, np.arange(len(network.segments)))
    arcs = arcs.at(np.lexsort((arcs.segment, arcs.metres, arcs.head, arcs.tail)))
    least = arcs.tail != arcs.head
    least[1:] &= (arcs.tail[1:] != arcs.tail[:-1]) | (arcs.head[1:] != arcs.head[:-1])
    return arcs.at(np.flatnonzero(least))


def along(network: RoadNetwork, arcs: Arcs) -> tuple[shapely.LineString, Floats]:
    """Return the line of a chain of arcs, and the metres from its start at each node."""
    lines = np.asarray(network.segments.geometry, dtype=object)[arcs.segment]
    lines = np.where(arcs.forward, lines, shapely.reverse(lines))
    parts = [shapely.get_coordinates(line) for line in lines]
    line = shapely.LineString(np.vstack([parts[0][:1], *(part[1:] for part in parts)]))
    return line, np.concatenate([[0.0], np.cumsum(arcs.metres)]).round(3)
