"""Assesses coverage gap and capacity gap, always apart, before and after the plan."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner import layers
from planner.network import RoadNetwork, nearest_m, node_rows
from planner.scenario import Scenario

PHASES = ("before", "after")
GAP_FIGURES = (
    "demand_per_day",
    "coverage_gap_per_day",
    "capacity_gap_per_day",
    "covered_share",
    "served_share",
)


def point_gaps(
    demand_points: pd.DataFrame,
    stations: pd.DataFrame,
    assignments: pd.DataFrame,
    network: RoadNetwork,
    scenario: Scenario,
) -> pd.DataFrame:
    """Assess every demand point, energy and phase.

    Returns
    -------
    DataFrame
        One row a demand point, energy and phase, with ``county_id``, ``township_id``,
        ``demand``, ``covered`` and ``served`` (kWh, swaps or kg a day); ``covered`` is the
        demand of the point if a station of the energy is within its service radius by
        road, else 0.
    """
    parts = []
    for energy in layers.ENERGIES:
        demand = demand_points[f"{energy}_per_day"].to_numpy(float)
        for phase in PHASES:
            standing = stations[stations["energy"] == energy]
            if phase == "before":
                standing = standing[standing["status"] == "existing"]
            covered = _covered(demand_points, standing, energy, network, scenario)
            mine = assignments[(assignments["phase"] == phase) & (assignments["energy"] == energy)]
            served = mine.groupby("demand_id")["served_per_day"].sum()
            part = demand_points[["demand_id", "county_id", "township_id"]].copy()
            part["energy"], part["phase"] = energy, phase
            part["demand"], part["covered"] = demand, np.where(covered, demand, 0.0)
            part["served"] = part["demand_id"].map(served).fillna(0.0)
            parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _covered(
    demand_points: pd.DataFrame,
    stations: pd.DataFrame,
    energy: str,
    network: RoadNetwork,
    scenario: Scenario,
) -> NDArray[np.bool_]:
    radius = (
        demand_points["area_class"]
        .map({area: scenario.service_radius.radius_m(energy, area) for area in ("urban", "rural")})
        .to_numpy(float)
    )
    farthest_m = float(radius.max(initial=0))
    nearest = nearest_m(network, stations["node_id"], limit_m=farthest_m)
    rows = node_rows(network, demand_points["node_id"])
    distance = np.where(rows >= 0, nearest[rows], np.inf)
    return np.asarray(distance <= radius, dtype=bool)


def county_gaps(points: pd.DataFrame, counties: pd.DataFrame) -> pd.DataFrame:
    """Sum the gaps of every county, energy and phase (layer COUNTY_GAPS)."""
    frame = _summed(points, "county_id", list(counties["county_id"]))
    return layers.validate(frame, layers.COUNTY_GAPS)


def township_gaps(points: pd.DataFrame) -> pd.DataFrame:
    """Sum the gaps of every township that demand points lie nearest to."""
    located = sorted(points["township_id"].dropna().unique())
    frame = _summed(points.dropna(subset=["township_id"]), "township_id", located)
    return layers.validate(frame, layers.TOWNSHIP_GAPS)


def _summed(points: pd.DataFrame, key: str, keys: list[str]) -> pd.DataFrame:
    index = pd.MultiIndex.from_product(
        [keys, layers.ENERGIES, PHASES], names=[key, "energy", "phase"]
    )
    sums = points.groupby([key, "energy", "phase"])[["demand", "covered", "served"]].sum()
    return with_gaps(sums.reindex(index, fill_value=0.0).reset_index())


def with_gaps(sums: pd.DataFrame) -> pd.DataFrame:
    """Turn sums of demand, covered and served into the two gaps and the two shares."""
    frame = sums.drop(columns=["demand", "covered", "served"])
    frame["demand_per_day"] = sums["demand"].round(6)
    frame["coverage_gap_per_day"] = (sums["demand"] - sums["covered"]).clip(lower=0).round(6)
    frame["capacity_gap_per_day"] = (sums["covered"] - sums["served"]).clip(lower=0).round(6)
    whole = sums["demand"].where(sums["demand"] > 0)
    frame["covered_share"] = (sums["covered"] / whole).clip(upper=1).round(6)
    frame["served_share"] = (sums["served"] / whole).clip(upper=1).round(6)
    return frame
