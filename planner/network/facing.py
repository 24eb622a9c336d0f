"""Cuts carriageways opposite the junctions of the carriageway beside them.

A side street that joins one carriageway alone makes a node there and none on the other side, so
the two have pieces that end at different places. After the cut they end at the same places.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from planner.crs import WGS84, geodesic_length_m
from planner.network.beside import BESIDE_M, beside
from planner.network.chains import STEPS_PER_DEGREE
from planner.network.merging import OFFSET_M
from planner.network.road_network import RoadNetwork, incident_counts

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
JUNCTION = 3


@dataclass(frozen=True)
class _Cuts:
    """Cuts by segment, then metres along it; ``node`` is the junction opposite."""

    segment: Ints
    at_m: Floats
    node: Ints


def with_facing_nodes(network: RoadNetwork, metric_crs: CRS) -> RoadNetwork:
    """Return the network with a node on each carriageway opposite each junction of the other.

    Segments cut get "-1", "-2"... after their id, nodes added follow the others; nothing else
    changes. Nodes that stand within 30 m along the road of an end are not added: ends merge.

    Parameters
    ----------
    network
        From :func:`planner.network.build_network`, in its order of rows.
    metric_crs
        Metric CRS of the run.
    """
    lines = network.segments.geometry.to_crs(metric_crs).to_numpy()
    cuts = _cuts(network, metric_crs, lines)
    if not len(cuts.segment):
        return network
    place = _places(network, lines, cuts)
    count = np.bincount(cuts.segment, minlength=len(lines)) + 1
    parent, last = np.repeat(np.arange(len(lines)), count), np.cumsum(count) - 1
    from_index, to_index = network.from_index[parent], network.to_index[parent]
    before = np.setdiff1d(np.arange(len(parent)), last)
    to_index[before] = from_index[before + 1] = np.arange(len(before)) + len(network.nodes)
    nodes = _nodes(network, place, cuts.node)
    segments = gpd.GeoDataFrame(network.segments.iloc[parent].reset_index(drop=True))
    several = count[parent] > 1
    number = (np.arange(len(parent)) - last[parent] + count[parent]).astype(str)
    names = segments["segment_id"].to_numpy(dtype=str)
    named = np.char.add(np.char.add(names, "-"), number)
    segments["segment_id"] = np.where(several, named, names).tolist()
    node_id = nodes["node_id"].to_numpy(dtype=str)
    segments["from_node"] = node_id[from_index].tolist()
    segments["to_node"] = node_id[to_index].tolist()
    drawn = np.array(segments.geometry, dtype=object)
    drawn[several] = _parts(network, lines, cuts, place)
    length_m = segments["length_m"].to_numpy(dtype=np.float64).copy()
    length_m[several] = geodesic_length_m(drawn[several]).round(3)
    segments = segments.assign(length_m=length_m).set_geometry(gpd.GeoSeries(drawn, crs=WGS84))
    return RoadNetwork(nodes, segments, from_index, to_index, network.warnings)


def _cuts(network: RoadNetwork, metric_crs: CRS, lines: NDArray[np.object_]) -> _Cuts:
    sides = beside(network.segments, lines)
    junction = incident_counts(network) >= JUNCTION
    node = np.concatenate([network.from_index[sides.first], network.to_index[sides.first]])
    segment = np.tile(sides.second, 2)
    pairs = np.unique(np.column_stack([segment, node])[junction[node]], axis=0)
    segment, node = pairs.T
    points = network.nodes.geometry.to_crs(metric_crs).to_numpy()[node]
    at_m = np.asarray(shapely.line_locate_point(lines[segment], points), dtype=np.float64)
    kept = shapely.distance(lines[segment], points) <= BESIDE_M
    kept &= (at_m > OFFSET_M) & (at_m < shapely.length(lines[segment]) - OFFSET_M)
    order = np.flatnonzero(kept)[np.lexsort((node[kept], at_m[kept].round(3), segment[kept]))]
    chosen: list[int] = []
    for row in order.tolist():
        before = chosen[-1] if chosen else row
        if segment[before] != segment[row] or row == before or at_m[row] - at_m[before] > OFFSET_M:
            chosen.append(row)
    return _Cuts(segment[chosen], at_m[chosen], node[chosen])


def _places(network: RoadNetwork, lines: NDArray[np.object_], cuts: _Cuts) -> Floats:
    """Return longitude and latitude of each cut, to the grid of vertices."""
    places = np.empty((len(cuts.segment), 2))
    drawn = np.asarray(network.segments.geometry, dtype=object)
    for row, (segment, at_m) in enumerate(zip(cuts.segment, cuts.at_m, strict=True)):
        along, lonlat = _along(lines[segment]), shapely.get_coordinates(drawn[segment])
        places[row] = [np.interp(at_m, along, lonlat[:, axis]) for axis in (0, 1)]
    return np.asarray(np.rint(places * STEPS_PER_DEGREE) / STEPS_PER_DEGREE, dtype=np.float64)


def _parts(
    network: RoadNetwork, lines: NDArray[np.object_], cuts: _Cuts, place: Floats
) -> list[shapely.LineString]:
    drawn, parts = np.asarray(network.segments.geometry, dtype=object), []
    for segment in np.unique(cuts.segment).tolist():
        along, lonlat = _along(lines[segment]), shapely.get_coordinates(drawn[segment])
        mine = cuts.segment == segment
        edges = np.concatenate([[0.0], cuts.at_m[mine], along[-1:]])
        ends = np.vstack([lonlat[:1], place[mine], lonlat[-1:]])
        for part in range(len(edges) - 1):
            inner = lonlat[(along > edges[part]) & (along < edges[part + 1])]
            parts.append(shapely.LineString(np.vstack([ends[part], inner, ends[part + 1]])))
    return parts


def _along(line: shapely.LineString) -> Floats:
    step = np.hypot(*np.diff(shapely.get_coordinates(line), axis=0).T)
    return np.asarray(np.concatenate([[0.0], np.cumsum(step)]), dtype=np.float64)


def _nodes(network: RoadNetwork, place: Floats, opposite: Ints) -> gpd.GeoDataFrame:
    """Return the nodes and those added, which lie where their opposite does."""
    added = network.nodes.iloc[opposite].reset_index(drop=True)
    added["node_id"] = [f"n{len(network.nodes) + row + 1}" for row in range(len(added))]
    added = added.set_geometry(gpd.GeoSeries(shapely.points(place), crs=WGS84))
    return gpd.GeoDataFrame(pd.concat([network.nodes, added], ignore_index=True))
