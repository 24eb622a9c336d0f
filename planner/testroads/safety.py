"""Owns the exclusions that come before any worth: which segments may not be test roads, and why."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from planner.inputs import Inputs
from planner.network import RoadNetwork
from planner.scenario import Scenario

CONCERNED = ("all", "test_roads")


def exclusion_reasons(inputs: Inputs, network: RoadNetwork, scenario: Scenario) -> list[list[str]]:
    """Return every reason against each segment of the network, in its row order.

    Too fast ("speed"), "service road", "tunnel", an exclusion zone ("zone <zone_id>"), not in
    the main component ("island"). An empty list: the segment is permitted.
    """
    segments = network.segments
    limit = scenario.test_roads.max_speed_kph
    component = network.nodes["component"].to_numpy()[network.from_index]
    tests = {
        "speed": segments["speed_kph"].to_numpy(dtype=float) > limit,
        "service road": (segments["road_class"] == "service").to_numpy(dtype=bool),
        "tunnel": segments["tunnel"].to_numpy(dtype=bool),
        "island": component != 0,
    }
    tests |= _zone_tests(inputs, segments)
    reasons: list[list[str]] = [[] for _ in range(len(segments))]
    for reason, hit in tests.items():
        for row in np.flatnonzero(hit).tolist():
            reasons[row].append(reason)
    return reasons


def _zone_tests(inputs: Inputs, segments: gpd.GeoDataFrame) -> dict[str, np.ndarray]:
    zones = inputs.zones
    zones = zones[(zones["kind"] == "exclusion") & zones["applies_to"].isin(CONCERNED)]
    lines = segments.geometry.to_crs(inputs.metric_crs).to_numpy()
    places = zones.geometry.to_crs(inputs.metric_crs).to_numpy()
    rows = zip(zones["zone_id"], places, zones["radius_m"], strict=True)
    return {
        f"zone {zone_id}": np.asarray(shapely.distance(lines, place) <= float(radius_m))
        for zone_id, place, radius_m in sorted(rows, key=lambda row: str(row[0]))
    }
