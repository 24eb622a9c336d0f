"""Owns the way from layers to the instance: exclusions, opened roads, worth and zones."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.inputs import Inputs
from planner.network import RoadNetwork, incident_counts
from planner.scenario import Scenario
from planner.testroads.instance import Bools, Floats, Instance, Ints, ZoneGoal
from planner.testroads.opened import opened_years
from planner.testroads.safety import CONCERNED, exclusion_reasons
from planner.testroads.worth import complexity_grades, test_values

ATTRACTING = ("cluster", "test_zone", "mandated", "logistics")
REACH_MARGIN = 0.999
"""A zone must be reached with this margin, so that metric and geodesic metres agree."""


@dataclass(frozen=True)
class Prepared:
    """The instance and what it was made of, in its row order.

    ``segments`` satisfies ``layers.SEGMENTS`` (EPSG:4326); ``opened_year`` is 0 where a
    segment was not opened before; ``reasons`` hold every exclusion; ``meeting`` says how many
    segments meet at each node; ``mandated`` are the rows of the zones that must be reached.
    """

    instance: Instance
    segments: gpd.GeoDataFrame
    opened_year: Ints
    reasons: tuple[str, ...]
    meeting: Ints
    nodes: gpd.GeoDataFrame
    mandated: gpd.GeoDataFrame


def prepare(inputs: Inputs, network: RoadNetwork, scenario: Scenario) -> Prepared:
    """Turn inputs and road network into the instance.

    Rows are sorted by segment id, so that the order of the network cannot matter.
    """
    order = np.argsort(network.segments["segment_id"].to_numpy(dtype=str), kind="stable")
    segments = network.segments.iloc[order].reset_index(drop=True)
    from_node, to_node = network.from_index[order], network.to_index[order]
    meeting = incident_counts(network)
    at_ends = meeting[from_node], meeting[to_node]
    years = opened_years(segments, inputs.opened_roads, inputs.metric_crs)
    found = exclusion_reasons(inputs, network, scenario)
    reasons = tuple("; ".join(found[row]) for row in order.tolist())
    opened = years > 0
    excluded = np.array([bool(reason) for reason in reasons], dtype=bool) & ~opened
    counted_m = counted_metres(segments, scenario.test_roads.counting_basis)
    zones = _concerning(inputs.zones)
    mandated = zones[zones["mandated"].to_numpy(dtype=bool)].reset_index(drop=True)
    lines = segments.geometry.to_crs(inputs.metric_crs).to_numpy()
    away_m = _metres_away(zones, lines, inputs)
    instance = Instance(
        segment_id=tuple(str(name) for name in segments["segment_id"]),
        from_node=from_node,
        to_node=to_node,
        n_nodes=len(network.nodes),
        length_m=segments["length_m"].to_numpy(dtype=float),
        counted_m=counted_m,
        worth=test_values(segments, counted_m, at_ends, away_m),
        grade=complexity_grades(segments, at_ends),
        excluded=excluded,
        opened=opened,
        zones=_goals(mandated, lines, excluded, inputs, scenario),
    )
    return Prepared(instance, segments, years, reasons, meeting, network.nodes, mandated)


def counted_metres(segments: gpd.GeoDataFrame, basis: str) -> Floats:
    """Return the metres that count toward the target.

    By ``centreline_km`` a one-way segment counts half: it is one of two carriageways.
    """
    length_m: Floats = segments["length_m"].to_numpy(dtype=float)
    if basis == "carriageway_km":
        return length_m.copy()
    return np.where(segments["oneway"].to_numpy(dtype=bool), length_m / 2.0, length_m)


def _concerning(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    kept = zones[zones["applies_to"].isin(CONCERNED)]
    return kept.sort_values("zone_id", kind="stable").reset_index(drop=True)


def _metres_away(zones: gpd.GeoDataFrame, lines: np.ndarray, inputs: Inputs) -> pd.DataFrame:
    away = pd.DataFrame(np.inf, index=range(len(lines)), columns=list(ATTRACTING))
    places = zones.geometry.to_crs(inputs.metric_crs).to_numpy()
    for kind, place, radius_m in zip(zones["kind"], places, zones["radius_m"], strict=True):
        if kind in ATTRACTING:
            metres = np.maximum(shapely.distance(lines, place) - float(radius_m), 0.0)
            away[kind] = np.minimum(away[kind].to_numpy(), metres)
    return away


def _goals(
    mandated: gpd.GeoDataFrame,
    lines: np.ndarray,
    excluded: Bools,
    inputs: Inputs,
    scenario: Scenario,
) -> tuple[ZoneGoal, ...]:
    goals = []
    places = mandated.geometry.to_crs(inputs.metric_crs).to_numpy()
    rows = zip(mandated["zone_id"], places, mandated["radius_m"], strict=True)
    for zone_id, place, radius_m in rows:
        metres = np.where(excluded, np.inf, shapely.distance(lines, place))
        reach_m = scenario.test_roads.mandated_reach_m + float(radius_m)
        near = np.flatnonzero(metres <= reach_m * REACH_MARGIN)
        nearest = float(metres.min()) if len(metres) else float("inf")
        goals.append(ZoneGoal(str(zone_id), near, nearest))
    return tuple(goals)
