"""Measures the way from every node to the nearest of some places."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.network.distances import distances_m
from planner.network.road_network import RoadNetwork


def node_rows(network: RoadNetwork, node_ids: Iterable[str | None]) -> NDArray[np.int64]:
    """Return the row of each node id in ``network.nodes``, -1 where there is none."""
    found = pd.Index(network.nodes["node_id"]).get_indexer(pd.Index(node_ids))
    return np.asarray(found, dtype=np.int64)


def nearest_m(
    network: RoadNetwork, node_ids: Iterable[str | None], *, limit_m: float
) -> NDArray[np.float64]:
    """Return (nodes,) network metres from each node to the nearest of the given nodes.

    ``inf`` where none lies within ``limit_m``; ids that are no node are passed over.
    """
    nearest = np.full(len(network.nodes), np.inf)
    rows = node_rows(network, node_ids)
    sources = np.unique(rows[rows >= 0])
    if len(sources):
        found = distances_m(network, sources, limit_m=limit_m, toward=True)
        np.minimum.at(nearest, found.node, found.metres)
    return nearest
