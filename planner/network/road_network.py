"""Holds the road network as a value and answers questions about its nodes."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from planner.errors import Problem

CLOSED_TO_STOPPING = ("motorway", "ramp")
"""Classes where nobody lives and no station is entered from the carriageway."""


@dataclass(frozen=True)
class RoadNetwork:
    """Nodes and segments of the roads, with dense rows for the algorithms.

    Parameters
    ----------
    nodes
        Points (EPSG:4326) with ``node_id`` ("n1"...), ``county_id``, ``township_id``,
        ``jurisdiction_id`` (missing outside) and ``component`` (0 is the longest);
        sorted by longitude, then latitude; RangeIndex.
    segments
        Satisfies ``layers.SEGMENTS``; RangeIndex.
    from_index, to_index
        Rows of ``nodes`` at the start and the end of each segment.
    warnings
        What was dropped or cannot be reached.
    """

    nodes: gpd.GeoDataFrame
    segments: gpd.GeoDataFrame
    from_index: NDArray[np.int64]
    to_index: NDArray[np.int64]
    warnings: tuple[Problem, ...]


def incident_counts(network: RoadNetwork) -> NDArray[np.int64]:
    """Return how many segments meet at each node; a loop counts once.

    A node where three or more meet is a junction.
    """
    size = len(network.nodes)
    loop = network.from_index == network.to_index
    counts = np.bincount(network.from_index, minlength=size)
    counts += np.bincount(network.to_index[~loop], minlength=size)
    return counts.astype(np.int64)


def usable_nodes(network: RoadNetwork) -> NDArray[np.bool_]:
    """Return the nodes where demand or a station may be put, as a mask.

    They lie in component 0, touch a segment that is no motorway and no ramp, and can be
    both reached from and left for the bulk of the component (one-way stubs at the edge
    of the data cannot).
    """
    size = len(network.nodes)
    open_road = ~network.segments["road_class"].isin(CLOSED_TO_STOPPING).to_numpy()
    touched = np.zeros(size, dtype=bool)
    touched[network.from_index[open_road]] = True
    touched[network.to_index[open_road]] = True
    return touched & strong_core(network)


def strong_core(network: RoadNetwork) -> NDArray[np.bool_]:
    """Return the largest set of nodes of component 0 that all reach one another."""
    main = np.asarray(network.nodes["component"] == 0, dtype=np.bool_)
    if not main.any():
        return main
    one_way = network.segments["oneway"].to_numpy(dtype=bool)
    tails = np.concatenate([network.from_index, network.to_index[~one_way]])
    heads = np.concatenate([network.to_index, network.from_index[~one_way]])
    size = len(main)
    graph = csr_array((np.ones(len(tails)), (tails, heads)), shape=(size, size))
    labels = connected_components(graph, directed=True, connection="strong")[1]
    sizes = np.bincount(labels[main], minlength=int(labels.max()) + 1)
    # The label numbers depend on the search; the first node of a tie decides instead.
    largest = labels[np.flatnonzero(main & (sizes[labels] == sizes.max()))[0]]
    return np.asarray(main & (labels == largest), dtype=np.bool_)
