"""Proves the demand points: residents of each county, energy they take, urban or rural."""

from __future__ import annotations

import h3
import numpy as np
import pandas as pd
import shapely

from planner import layers
from planner.verify.faults import Fault, Faults, differing, rows_where
from planner.verify.files import PlanFiles
from planner.verify.fleets import demand_in
from planner.verify.graph import JUNCTION_SEGMENTS, graph_of, incident_counts, usable_nodes
from planner.verify.years import AMOUNT_TOLERANCE, siting_years

SAME_PLACE_DEGREES = 1.5e-7


def demand_follows(plan: PlanFiles) -> Faults:
    """Prove that demand follows from residents and fleets, and that all residents are there."""
    points = plan.layer("demand_points")
    proven = plan.once(demand_in)[siting_years(plan)[-1]]
    for column, energy in enumerate(layers.ENERGIES):
        what = f"{energy}_per_day"
        stated, values = points[what], proven[:, column]
        yield from differing(points, "demand_id", stated, values, what, AMOUNT_TOLERANCE)
    counties = plan.layer("counties")
    sums = points.groupby("county_id")["population"].sum()
    stated = counties["county_id"].map(sums).fillna(0.0)
    tolerance = AMOUNT_TOLERANCE * max(1, len(points))
    what = "the residents at its demand points"
    yield from differing(counties, "county_id", stated, counties["population"], what, tolerance)


def demand_placed(plan: PlanFiles) -> Faults:
    """Demand points stand on their usable node, and are urban or rural as the junctions say."""
    points, graph = plan.layer("demand_points"), plan.once(graph_of)
    rows = graph.rows_of(points["node_id"])
    placed = np.flatnonzero(rows >= 0)
    lonlat = shapely.get_coordinates(np.asarray(points.geometry, dtype=object))
    off = np.zeros(len(points), dtype=bool)
    apart = np.abs(lonlat[placed] - graph.lonlat[rows[placed]]).max(axis=1, initial=0)
    off[placed] = apart > SAME_PLACE_DEGREES
    yield from rows_where(points, off, "demand_id", "it does not stand on its node")
    closed = np.zeros(len(points), dtype=bool)
    closed[placed] = ~plan.once(usable_nodes)[rows[placed]]
    yield from rows_where(points, closed, "demand_id", "its node is not one that places may use")
    for row_id, place, stated in zip(
        points["demand_id"], lonlat, points["area_class"], strict=True
    ):
        proven = "urban" if is_urban(plan, place[0], place[1]) else "rural"
        if stated != proven:
            yield Fault(f"area_class is stated as {stated}, proven {proven}", str(row_id))


def is_urban(plan: PlanFiles, lon: float, lat: float) -> bool:
    """Return whether a place in degrees lies in an urban cell."""
    return cell_of(plan, lon, lat) in plan.once(urban_cells)


def cell_of(plan: PlanFiles, lon: float, lat: float) -> str:
    """Return the H3 cell of a place in degrees."""
    return str(h3.latlng_to_cell(lat, lon, plan.whole("settings", "demand", "h3_resolution")))


def urban_cells(plan: PlanFiles) -> frozenset[str]:
    """Return the H3 cells with enough junctions of usable nodes to be urban."""
    graph = plan.once(graph_of)
    least = plan.number("settings", "demand", "urban_junctions_per_km2")
    junction = incident_counts(graph) >= JUNCTION_SEGMENTS
    junctions = graph.lonlat[plan.once(usable_nodes) & junction]
    cells = pd.Series([cell_of(plan, lon, lat) for lon, lat in junctions.tolist()], dtype="str")
    return frozenset(
        str(cell)
        for cell, count in cells.value_counts().items()
        if count >= least * h3.cell_area(str(cell), unit="km^2")
    )
