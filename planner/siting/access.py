"""Measures each township's way to public charging: before, by year, and after the plan."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner import layers
from planner.inputs import Inputs
from planner.network import RoadNetwork, nearest_m
from planner.scenario import Scenario
from planner.siting.from_layers import TownshipNodes

FARTHEST_M = 200_000.0
"""A way longer than this is reported as none."""
BY_EXISTING = "an existing station meets it / 现有站点已达标"
BY_PLAN = "met by a planned station / 由规划站点达标"
Floats = NDArray[np.float64]


def township_access(
    inputs: Inputs,
    network: RoadNetwork,
    townships: TownshipNodes,
    stations: gpd.GeoDataFrame,
    scenario: Scenario,
) -> gpd.GeoDataFrame:
    """Return the layer TOWNSHIP_ACCESS: network metres and whether the rule holds.

    A township is met if a charging station, existing or planned, lies within
    ``rules.township_radius_m`` by road; without a node it cannot be checked.
    """
    charging = stations[stations["energy"] == "charging"]
    standing = charging["status"] == "existing"
    limit_m = scenario.rules.township_radius_m
    checked = townships.node >= 0

    def nearest(found: pd.DataFrame) -> Floats:
        return nearest_m(network, found["node_id"], limit_m=FARTHEST_M)[townships.node]

    before, after = nearest(charging[standing]), nearest(charging)
    first = np.full(len(checked), np.nan)
    for year in reversed(scenario.siting.years()):
        open_then = charging[standing | (charging["first_year"] <= year)]
        first[checked & (nearest(open_then) <= limit_m)] = year
    met = checked & (after <= limit_m)
    status = np.where(met, "met", np.where(checked, "short", "cannot_be_checked"))
    node_ids = network.nodes["node_id"].to_numpy()
    reasons = [
        _reason(state, why, metres, limit_m)
        for state, why, metres in zip(status, townships.reason, after, strict=True)
    ]
    frame = inputs.townships[["township_id", "name", "county_id", "geometry"]].assign(
        node_id=[node_ids[row] if row >= 0 else None for row in townships.node],
        distance_before_m=np.where(checked & np.isfinite(before), before, np.nan),
        distance_after_m=np.where(checked & np.isfinite(after), after, np.nan),
        status=status,
        reason=reasons,
        first_year_met=first,
        binding=[
            reason or (BY_EXISTING if metres <= limit_m else BY_PLAN)
            for reason, metres in zip(reasons, before, strict=True)
        ],
    )
    return layers.validate(frame, layers.TOWNSHIP_ACCESS)


def _reason(status: str, why: str, metres: float, limit_m: float) -> str | None:
    if status == "met":
        return None
    if status == "cannot_be_checked":
        return why
    if not np.isfinite(metres):
        km = FARTHEST_M / 1000
        return f"no charging station within {km:g} km by road / 沿道路 {km:g} 公里内无充电站"
    km, rule_km = metres / 1000, limit_m / 1000
    return (
        f"nearest charging station {km:.1f} km by road, rule {rule_km:g} km / "
        f"最近充电站沿道路 {km:.1f} 公里，规则 {rule_km:g} 公里"
    )
