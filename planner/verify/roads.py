"""Proves the segments: geodesic lengths, ends at their nodes, county and jurisdiction."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from planner.verify.faults import Fault, Faults, differing, rows_where
from planner.verify.files import PlanFiles
from planner.verify.graph import graph_of
from planner.verify.ground import (
    geodesic_m,
    ground_of,
    nearest_townships,
    townships_of,
)

LENGTH_TOLERANCE_M = 0.0011
"""Lengths are rounded to millimetres."""
NODE_TOLERANCE_DEGREES = 1.5e-7
PLACED = (
    ("demand_points", "demand_id"),
    ("candidate_sites", "site_id"),
    ("stations", "station_id"),
    ("segments", "segment_id"),
    ("fleet_wishes", "wish_id"),
)


def lengths_geodesic(plan: PlanFiles) -> Faults:
    """Prove that every segment's length is the geodesic length of its line."""
    segments = plan.layer("segments")
    proven = geodesic_m(np.asarray(segments.geometry, dtype=object))
    stated = segments["length_m"]
    yield from differing(segments, "segment_id", stated, proven, "length_m", LENGTH_TOLERANCE_M)


def ends_at_nodes(plan: PlanFiles) -> Faults:
    """Prove that segments meet where they say: one node one place, two nodes two places."""
    segments, graph = plan.layer("segments"), plan.once(graph_of)
    lines = np.asarray(segments.geometry, dtype=object)
    for rows, at, end in ((graph.tail, 0, "from_node"), (graph.head, -1, "to_node")):
        lonlat = shapely.get_coordinates(shapely.get_point(lines, at))
        off = np.abs(lonlat - graph.lonlat[rows]).max(axis=1)
        apart = off > NODE_TOLERANCE_DEGREES
        yield from rows_where(segments, apart, "segment_id", f"does not end at its {end}")
    places = pd.DataFrame(np.round(graph.lonlat, 7), columns=["lon", "lat"])
    for row in np.flatnonzero(places.duplicated(keep="first")):
        yield Fault("two nodes share one place", str(graph.node_ids[row]))


def places_named(plan: PlanFiles) -> Faults:
    """County, township and jurisdiction of everything are those of the place it is at."""
    ground, townships = plan.once(ground_of), plan.once(townships_of)
    for name, id_column in PLACED:
        frame = plan.layer(name)
        shapes = np.asarray(frame.geometry, dtype=object)
        if name == "segments":
            shapes = shapely.line_interpolate_point(shapes, 0.5, normalized=True)
        places = ground.metres(shapes)
        wrong = ground.wrong_counties(places, frame["county_id"])
        yield from rows_where(frame, wrong, id_column, f"{name}: it is not in its county")
        near = nearest_townships(townships, places, frame["county_id"])
        yield from _wrong_owners(plan, frame, id_column, near)


def _wrong_owners(
    plan: PlanFiles, frame: pd.DataFrame, id_column: str, near: list[set[str]]
) -> Faults:
    townships = plan.once(townships_of)
    column = "township_id" if "township_id" in frame.columns else "jurisdiction_id"
    columns = zip(frame[id_column], frame["county_id"], frame[column], near, strict=True)
    for row_id, county_id, stated, nearest in columns:
        allowed: set[str | None]
        if column == "township_id":
            allowed = set(nearest) or {None}
        else:
            default = townships.county_jurisdictions.get(str(county_id))
            allowed = {townships.jurisdictions.get(town, default) for town in nearest} or {default}
        if (None if pd.isna(stated) else stated) not in allowed:
            yield Fault(f"{column} {stated} is not that of its place", str(row_id))
