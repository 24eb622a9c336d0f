"""Owns motorways as they are driven: arcs by route, which may follow which, chains of segments."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import shapely

from planner.verify.files import PlanFiles, UnreadableError
from planner.verify.graph import Ints, graph_of
from planner.verify.ground import GEOD

SHARPEST_TURN_DEG = 119.0
"""A degree less than the sharpest turn of a carriageway: what is near it may be either."""
BETWEEN_REFS = re.compile(r"[;,/，；、]")
Arc = tuple[int, bool]
"""Row of a segment, and whether it is driven from its first node to its last."""
Route = tuple[str, str]
"""Route number, or else the name of the road."""


@dataclass(frozen=True)
class Chain:
    """Segments driven one after the other: arcs, nodes (rows of the graph), metres of each node."""

    arcs: tuple[Arc, ...]
    nodes: Ints
    position_m: tuple[float, ...]


def ends_of(plan: PlanFiles, arc: Arc) -> tuple[int, int]:
    """Return the nodes where an arc starts and ends."""
    graph = plan.once(graph_of)
    tail, head = int(graph.tail[arc[0]]), int(graph.head[arc[0]])
    return (tail, head) if arc[1] else (head, tail)


def chain_of(plan: PlanFiles, segment_ids: str, line: shapely.LineString) -> Chain | str:
    """Return the chain that comma-separated segments form, or what keeps them from being one.

    ``line`` is the line stated for it: where a two-way segment could be driven either way,
    it tells which one is meant.
    """
    segments, graph = plan.layer("segments"), plan.once(graph_of)
    names = [name.strip() for name in str(segment_ids).split(",") if name.strip()]
    at = {str(name): row for row, name in enumerate(segments["segment_id"])}
    if not names or any(name not in at for name in names):
        return "it names a segment that is not there"
    if len(set(names)) != len(names):
        return "it goes twice over a segment"
    rows = [at[name] for name in names]
    begins = shapely.get_coordinates(line)[:1]
    off = np.abs(graph.lonlat[[graph.tail[rows[0]], graph.head[rows[0]]]] - begins).sum(axis=1)
    for forward in (True, False) if off[0] <= off[1] else (False, True):
        arcs = _driven(plan, rows, (rows[0], forward))
        if arcs:
            nodes = [ends_of(plan, arcs[0])[0], *(ends_of(plan, arc)[1] for arc in arcs)]
            metres = np.cumsum(graph.millimetres[rows]) / 1000
            return Chain(arcs, np.array(nodes, dtype=np.int64), (0.0, *map(float, metres)))
    return "its segments do not lead one into the next"


def _driven(plan: PlanFiles, rows: list[int], first: Arc) -> tuple[Arc, ...]:
    graph = plan.once(graph_of)
    if not first[1] and graph.oneway[first[0]]:
        return ()
    arcs, here = [first], ends_of(plan, first)[1]
    for row in rows[1:]:
        ways = [(row, True)] if graph.oneway[row] else [(row, True), (row, False)]
        follows = [arc for arc in ways if ends_of(plan, arc)[0] == here]
        if not follows:
            return ()
        arcs.append(follows[0])
        here = ends_of(plan, follows[0])[1]
    return tuple(arcs)


def line_of(plan: PlanFiles, chain: Chain) -> shapely.LineString:
    """Return the line of a chain in driving direction (EPSG:4326)."""
    shapes = np.asarray(plan.layer("segments").geometry, dtype=object)
    parts = [
        shapely.get_coordinates(shapes[row] if forward else shapely.reverse(shapes[row]))
        for row, forward in chain.arcs
    ]
    return shapely.LineString(np.vstack([parts[0], *(part[1:] for part in parts[1:])]))


def routes_of(plan: PlanFiles) -> dict[Route, list[Arc]]:
    """Return the motorway arcs of each route; a segment of several numbers is in each."""
    segments, graph = plan.layer("segments"), plan.once(graph_of)
    routes: dict[Route, list[Arc]] = {}
    motorway = segments["road_class"] == "motorway"
    for row, (is_one, ref, name) in enumerate(
        zip(motorway, segments["ref"].fillna(""), segments["name"].fillna(""), strict=True)
    ):
        if not is_one:
            continue
        ways = [(row, True)] if graph.oneway[row] else [(row, True), (row, False)]
        for route in routes_named(str(ref), str(name)):
            routes.setdefault(route, []).extend(ways)
    return routes


def routes_named(ref: str, name: str) -> list[Route]:
    """Return the routes of a road with such a number and name."""
    refs = sorted({part.strip() for part in BETWEEN_REFS.split(ref)} - {""})
    return [(one, "") for one in refs] or [("", name.strip())]


def followers(plan: PlanFiles, arcs: list[Arc]) -> dict[Arc, list[Arc]]:
    """Return which arcs one may drive into from each, without turning back."""
    starting: dict[int, list[Arc]] = {}
    for arc in arcs:
        starting.setdefault(ends_of(plan, arc)[0], []).append(arc)
    return {
        arc: [
            after
            for after in starting.get(ends_of(plan, arc)[1], [])
            if _turn_deg(plan, arc, after) <= SHARPEST_TURN_DEG
        ]
        for arc in arcs
    }


def _turn_deg(plan: PlanFiles, before: Arc, after: Arc) -> float:
    arriving, leaving = _bearing(plan, before, last=True), _bearing(plan, after, last=False)
    return abs((leaving - arriving + 180.0) % 360.0 - 180.0)


def _bearing(plan: PlanFiles, arc: Arc, *, last: bool) -> float:
    shape = plan.layer("segments").geometry.iloc[arc[0]]
    lonlat = shapely.get_coordinates(shape if arc[1] else shapely.reverse(shape))
    if len(lonlat) < 2:
        message = "a motorway segment has no line"
        raise UnreadableError(message)
    start, end = lonlat[-2:] if last else lonlat[:2]
    return float(GEOD.inv(*start, *end)[0])
