"""Finds the network node that a place uses."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.spatial import cKDTree

from planner.network.road_network import RoadNetwork, usable_nodes

NEIGHBOURS = 4
"""Nodes compared for a tie at the millimetre; the smallest row wins."""
GEOCENTRIC = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)


def snap(
    network: RoadNetwork, points: gpd.GeoSeries, *, max_snap_m: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the nearest usable node of each point and the straight metres to it.

    Distances are chords between points of the WGS84 ellipsoid; over a few kilometres they
    equal the geodesic to well under a millimetre, with no projection to choose.

    Parameters
    ----------
    network
        Only :func:`usable_nodes` count: component 0, not on motorways and ramps alone.
    points
        Points in EPSG:4326; a missing or empty one snaps to nothing.
    max_snap_m
        Farthest distance accepted, inclusive.

    Returns
    -------
    node, metres
        Row of ``network.nodes`` or -1; metres rounded to millimetres, NaN where -1.
    """
    node = np.full(len(points), -1, dtype=np.int64)
    metres = np.full(len(points), np.nan)
    rows = np.flatnonzero(usable_nodes(network))
    there = np.flatnonzero(~(points.isna() | points.is_empty).to_numpy())
    if not len(rows) or not len(there):
        return node, metres
    tree = cKDTree(_xyz(network.nodes.geometry.iloc[rows]))
    # Asking for a list of ranks keeps the answer two-dimensional, even with one node.
    ranks = list(range(1, min(NEIGHBOURS, len(rows)) + 1))
    distance, index = tree.query(_xyz(points.iloc[there]), k=ranks)
    distance = np.round(distance, 3)
    least = distance.min(axis=1)
    chosen = np.where(distance == least[:, None], rows[index], len(network.nodes)).min(axis=1)
    near = least <= max_snap_m
    node[there[near]], metres[there[near]] = chosen[near], least[near]
    return node, metres


def _xyz(points: gpd.GeoSeries) -> NDArray[np.float64]:
    lonlat = shapely.get_coordinates(np.asarray(points, dtype=object))
    axes = GEOCENTRIC.transform(lonlat[:, 0], lonlat[:, 1], np.zeros(len(lonlat)))
    return np.column_stack(axes)
