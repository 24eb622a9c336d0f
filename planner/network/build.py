"""Builds the road network from the roads of a case."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from planner.crs import WGS84, geodesic_length_m
from planner.errors import InputError, Problem
from planner.inputs import Inputs, locate
from planner.layers import SEGMENTS
from planner.network.chains import Chains, Ints, chains_of, edges_of
from planner.network.road_network import RoadNetwork, strong_core

ATTRIBUTES = [
    "road_class", "name", "ref", "oneway", "lanes", "speed_kph", "bridge", "tunnel", "trust",
]  # fmt: skip
"""What must be equal on both sides of a vertex for a segment to run through it."""
WHERE = ["county_id", "township_id", "jurisdiction_id"]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Segments before they have names: vertex rows of their ends, attributes, lines."""

    first: Ints
    last: Ints
    attributes: pd.DataFrame
    lines: NDArray[np.object_]


def build_network(inputs: Inputs) -> RoadNetwork:
    """Build the network in which roads meet at shared vertices and nowhere else.

    Vertices are the same where they agree to 1e-7 degrees; coordinates are rounded to
    that. A vertex where only two alike road pieces meet is no node; parallel segments and
    loops are kept; a chain longer than 2 km is cut at its own vertices. The order of the
    roads and the direction of two-way lines change nothing.

    Returns
    -------
    RoadNetwork
        EPSG:4326. ``length_m`` is geodesic, rounded to millimetres. A segment belongs to
        the county and jurisdiction of the middle of its line.

    Raises
    ------
    InputError
        ``E-NET-001`` if no road has a length.
    """
    roads = _with_attributes(inputs.roads)
    edges = edges_of(np.asarray(roads.geometry, dtype=object))
    if not len(edges.tail):
        raise InputError(
            Problem(
                "E-NET-001",
                "the roads layer holds no line with a length",
                "give road lines that meet at shared vertices",
                layer="roads",
            )
        )
    kind = roads.groupby(ATTRIBUTES, dropna=False, sort=True).ngroup().to_numpy(np.int64)
    chains = chains_of(edges, kind, roads["oneway"].to_numpy(dtype=bool))
    pieces = _sorted_pieces(chains, edges.lonlat, roads, kind)
    vertex, ends = np.unique(np.concatenate([pieces.first, pieces.last]), return_inverse=True)
    start, end = np.split(ends.astype(np.int64), 2)
    segments = _segments(pieces, start, end, inputs)
    component, n_islands = _components(start, end, segments["length_m"].to_numpy(), len(vertex))
    nodes = _nodes(edges.lonlat[vertex], component, inputs)
    draft = RoadNetwork(nodes, segments, start, end, ())
    warnings = _warnings(draft, len(roads) - len(np.unique(edges.road)), n_islands)
    warnings += _without_roads(inputs, segments)
    return RoadNetwork(nodes, segments, start, end, warnings)


def _with_attributes(roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    filled = roads.reset_index(drop=True)
    for name, value in (("bridge", False), ("tunnel", False), ("trust", "U")):
        if name not in filled.columns:
            filled[name] = value
    return filled


def _sorted_pieces(
    chains: Chains, lonlat: NDArray[np.float64], roads: gpd.GeoDataFrame, kind: Ints
) -> Pieces:
    begins = np.flatnonzero(np.diff(chains.piece, prepend=-1))
    ends = np.append(begins[1:], len(chains.piece)) - 1
    road_ids = _road_ids(chains, roads["road_id"])
    first, last = chains.tail[begins], chains.head[ends]
    # The first five keys place a segment; the others part duplicates of the same line.
    order = np.lexsort(
        (
            np.unique(road_ids, return_inverse=True)[1],
            kind[chains.road[begins]],
            ends - begins,
            chains.tail[ends],
            chains.head[begins],
            last,
            first,
        )
    )
    lines = _lines(chains, ends, lonlat)
    attributes = roads.loc[chains.road[begins[order]], ATTRIBUTES].reset_index(drop=True)
    attributes["road_ids"] = road_ids[order]
    return Pieces(first[order], last[order], pd.DataFrame(attributes), lines[order])


def _road_ids(chains: Chains, road_id: pd.Series) -> NDArray[np.object_]:
    pairs = pd.DataFrame({"piece": chains.piece, "road": road_id.to_numpy()[chains.road]})
    pairs = pairs.drop_duplicates().sort_values(["piece", "road"])
    joined: list[str] = []
    for piece, road in zip(pairs["piece"], pairs["road"], strict=True):
        if piece == len(joined):
            joined.append(road)
        else:
            joined[-1] += f",{road}"
    return np.array(joined, dtype=object)


def _lines(chains: Chains, ends: Ints, lonlat: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return one line a piece: the tails of its edges, then the head of the last."""
    count = len(chains.piece)
    vertex = np.empty(count + len(ends), dtype=np.int64)
    owner = np.empty_like(vertex)
    at = np.arange(count) + chains.piece
    vertex[at], owner[at] = chains.tail, chains.piece
    closing = ends + np.arange(len(ends)) + 1
    vertex[closing], owner[closing] = chains.head[ends], np.arange(len(ends))
    return np.asarray(shapely.linestrings(lonlat[vertex], indices=owner), dtype=object)


def _segments(pieces: Pieces, start: Ints, end: Ints, inputs: Inputs) -> gpd.GeoDataFrame:
    columns = pieces.attributes.copy()
    columns["segment_id"] = [f"s{number}" for number in range(1, len(start) + 1)]
    columns["from_node"] = [f"n{row + 1}" for row in start]
    columns["to_node"] = [f"n{row + 1}" for row in end]
    columns["length_m"] = np.round(geodesic_length_m(pieces.lines), 3)
    columns["lanes"] = columns["lanes"].astype("int64")
    for name in ("oneway", "bridge", "tunnel"):
        columns[name] = columns[name].astype(bool)
    frame = gpd.GeoDataFrame(columns, geometry=pieces.lines, crs=WGS84)
    middle = shapely.line_interpolate_point(pieces.lines, 0.5, normalized=True)
    where = locate(gpd.GeoSeries(middle, crs=WGS84), inputs)
    for name in ("county_id", "jurisdiction_id"):
        frame[name] = where[name].to_numpy()
    return frame[[*SEGMENTS.column_names(), "geometry"]]


def _nodes(lonlat: NDArray[np.float64], component: Ints, inputs: Inputs) -> gpd.GeoDataFrame:
    points = gpd.GeoSeries(shapely.points(lonlat), crs=WGS84)
    frame = gpd.GeoDataFrame(
        {"node_id": [f"n{number}" for number in range(1, len(lonlat) + 1)]}, geometry=points
    )
    where = locate(points, inputs)
    for name in WHERE:
        frame[name] = where[name].to_numpy()
    frame["component"] = component
    return frame[["node_id", *WHERE, "component", "geometry"]]


def _components(
    start: Ints, end: Ints, length_m: NDArray[np.float64], size: int
) -> tuple[Ints, int]:
    """Return the part of each node, the longest first (ties: first node), and the islands."""
    graph = coo_array((np.ones(len(start)), (start, end)), shape=(size, size))
    count, label = connected_components(graph, directed=False)
    total = np.round(np.bincount(label[start], weights=length_m, minlength=count), 3)
    first = np.unique(label, return_index=True)[1]
    rank = np.empty(count, dtype=np.int64)
    rank[np.lexsort((first, -total))] = np.arange(count)
    return rank[label], int(count) - 1


def _without_roads(inputs: Inputs, segments: gpd.GeoDataFrame) -> tuple[Problem, ...]:
    """Return a warning where jurisdictions of the case have no road, as km and money need one."""
    listed = inputs.jurisdictions.sort_values("jurisdiction_id", kind="stable")
    none = listed[~listed["jurisdiction_id"].isin(segments["jurisdiction_id"])]
    if not len(none):
        return ()
    names = ", ".join(f"{name} ({key})" for key, name in zip(none["jurisdiction_id"], none["name"],
                                                             strict=True))  # fmt: skip
    return (
        Problem(
            "W-NET-004",
            f"no road belongs to: {names}; no km, equipment or subsidy can fall to them",
            "give places to the townships of these jurisdictions, or check their ids",
            layer="jurisdictions",
            column="jurisdiction_id",
        ),
    )


def _warnings(network: RoadNetwork, n_dropped: int, n_islands: int) -> tuple[Problem, ...]:
    main = network.nodes["component"].to_numpy() == 0
    island_km = float(network.segments["length_m"][~main[network.from_index]].sum()) / 1000
    n_stubs = int(main.sum() - strong_core(network).sum())
    found = []
    if n_dropped:
        found.append(
            Problem(
                "W-NET-001",
                "roads without a length were left out",
                "remove them from the file",
                layer="roads",
                count=n_dropped,
            )
        )
    if n_islands:
        found.append(
            Problem(
                "W-NET-002",
                f"{n_islands} parts of the road network, {island_km:.1f} km in all, have no"
                " road to the main part; nothing is put on them",
                "join the roads at shared vertices if they meet on the ground",
                layer="roads",
                count=n_islands,
            )
        )
    if n_stubs:
        found.append(
            Problem(
                "W-NET-003",
                f"{n_stubs} nodes cannot be reached from, or left for, the main part because"
                " of one-way roads; nothing is put on them",
                "check the direction of one-way lines, also at the edge of the data",
                layer="roads",
                count=n_stubs,
            )
        )
    return tuple(found)
