"""Corridors on the page: longest first, each a chain from one end to the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import Point

from planner.outputs.amounts import kilometres
from planner.outputs.map import shapes
from planner.outputs.map.feature_layers import Json, pair, plain
from planner.outputs.map.roads import METRES_PER_KM, corridor_names
from planner.outputs.wording import Both, same, wording

NAMED = 3
"""Jurisdictions that are named; the others are counted."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def corridor_list(frames: dict[str, Any]) -> list[Json]:
    """Return the corridors, longest first: name, figures, extent, ends and chain of rows.

    ``rows`` are places in :func:`planner.outputs.map.roads.road_rows`, from one end to the
    other.

    Parameters
    ----------
    frames
        The plan's layers by name.
    """
    roads = frames["test_roads"]
    roads = roads[~(roads.geometry.isna() | roads.geometry.is_empty)].reset_index(drop=True)
    jurisdictions = frames["jurisdictions"]
    owners = dict(zip(jurisdictions["jurisdiction_id"], jurisdictions["name"], strict=True))
    names = corridor_names(roads)
    made = [
        (
            (-float(group["counted_m"].sum()), str(corridor)),
            _corridor(group, owners) | {"name": pair(same(names[str(corridor)]))},
        )
        for corridor, group in roads.groupby("corridor_id", sort=True)
    ]
    return [row for _, row in sorted(made, key=lambda item: item[0])]


def _corridor(group: gpd.GeoDataFrame, owners: Mapping[str, str]) -> Json:
    order, ends = chain(group)
    equipped = group["counted_m"][group["equipped"].to_numpy(dtype=bool)].sum()
    km = kilometres(float(group["counted_m"].sum()) / METRES_PER_KM)
    note = wording("map.corridor_note", km=km, years=_span(group["stage_year"].tolist()))
    facts = wording(
        "map.corridor_facts",
        n=len(group),
        equipped=kilometres(float(equipped) / METRES_PER_KM),
        grades=_span(group["complexity_grade"].tolist()),
    )
    segments = group["segment_id"].astype(str).to_numpy()
    return {
        "id": str(group["corridor_id"].iloc[0]),
        "segments": [str(segment) for segment in segments[order]],
        "note": pair(wording("map.corridor_owners", note=note, owners=_owners(group, owners))),
        "facts": pair(facts),
        "box": shapes.bounds(group.geometry),
        "rows": [int(row) for row in group.index[order]],
        "ends": [shapes.point(end) for end in ends],
    }


def _span(values: list[int]) -> str:
    low, high = int(min(values)), int(max(values))
    return str(low) if low == high else f"{low}–{high}"


def _owners(group: gpd.GeoDataFrame, owners: Mapping[str, str]) -> Both:
    """Return its jurisdictions, the one with the most km first."""
    metres = group.groupby("jurisdiction_id", sort=True)["counted_m"].sum()
    ids = sorted(metres.index, key=lambda key: (-metres[key], str(key)))
    names = [plain(owners.get(key, key)) for key in ids]
    some = Both("、".join(names[:NAMED]), ", ".join(names[:NAMED]))
    if len(names) <= NAMED:
        return some
    return wording("map.more", names=some, n=len(names), rest=len(names) - NAMED)


def chain(group: gpd.GeoDataFrame) -> tuple[Ints, list[Point]]:
    """Return the order of a corridor's segments from end to end, and its two ends.

    The ends are the two nodes farthest apart along the corridor (exact on a chain or a tree:
    the farthest node from any is an end); in a ring, two nodes across from each other. The
    western end is the first; segments follow by their distance along the corridor from it.

    Parameters
    ----------
    group
        Rows of ``test_roads`` that touch.
    """
    ends = np.array([group["from_node"].astype(str), group["to_node"].astype(str)])
    nodes, at = np.unique(ends, return_inverse=True)
    at = at.reshape(2, -1)
    length = np.maximum(group["length_m"].to_numpy(dtype=float), 1e-6)
    graph = _graph(len(nodes), at, length)
    one = int(np.argmax(_away(graph, 0)))
    other = int(np.argmax(_away(graph, one)))
    first, last = sorted((one, other), key=lambda node: _place(group, at, node).coords[0])
    away = _away(graph, first)
    begin, end = away[at].min(axis=0), away[at].max(axis=0)
    ids = group["segment_id"].to_numpy(dtype=str)
    order = np.lexsort((ids, np.round(end, 3), np.round(begin, 3)))
    return order, [_place(group, at, node) for node in (first, last)]


def _graph(size: int, at: Ints, length: Floats) -> coo_array:
    """Return the shorter of parallel segments between two nodes as their distance."""
    shortest: dict[tuple[int, int], float] = {}
    for one, other, metres in zip(*at.tolist(), length.tolist(), strict=True):
        key = (min(one, other), max(one, other))
        shortest[key] = min(shortest.get(key, metres), metres)
    pairs = np.array(list(shortest), dtype=np.int64).reshape(-1, 2)
    values = np.array(list(shortest.values()))
    return coo_array((values, (pairs[:, 0], pairs[:, 1])), shape=(size, size))


def _away(graph: coo_array, node: int) -> Floats:
    """Return the distance along the corridor to each node; what is not reached is not far."""
    away = dijkstra(graph.tocsr(), directed=False, indices=np.array([node]))[0]
    return np.where(np.isfinite(away), away, -1.0)


def _place(group: gpd.GeoDataFrame, at: Ints, node: int) -> Point:
    """Return where a node lies: the start or the end of a line that meets it."""
    side, row = (int(value[0]) for value in np.nonzero(at == node))
    line = group.geometry.iloc[row]
    part = line if line.geom_type == "LineString" else line.geoms[-side]
    return Point(part.coords[0 if side == 0 else -1])
