"""Assesses coverage gap and capacity gap, always apart, before the plan, on its way and after."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner import layers
from planner.network import RoadNetwork, nearest_m, node_rows
from planner.scenario import Scenario
from planner.siting import SitingAnswer

BEFORE, AFTER = "before", "after"


def phases(scenario: Scenario) -> tuple[str, ...]:
    """Return the phases in order: before, each siting year but the last as text, after.

    The last siting year is the target year: its stations and its demand are ``after``.
    """
    return (BEFORE, *(str(year) for year in scenario.siting.years()[:-1]), AFTER)


def point_gaps(
    demand_points: pd.DataFrame,
    demand: NDArray[np.float64],
    siting: SitingAnswer,
    network: RoadNetwork,
    scenario: Scenario,
) -> pd.DataFrame:
    """Assess every demand point, energy and phase.

    Parameters
    ----------
    demand_points
        The I demand points.
    demand
        (T, I, E) demand a day in the siting years, energies in the order of
        ``layers.ENERGIES``; ``before`` is measured against the demand of the last year.
    siting
        What stands in each year, and whom it serves in each phase.
    network
        Roads along which the service radius is measured.
    scenario
        Service radii and siting years.

    Returns
    -------
    DataFrame
        One row a demand point, energy and phase, with ``county_id``, ``township_id``,
        ``demand``, ``covered`` and ``served`` (kWh, swaps or kg a day); ``covered`` is the
        demand of the point if a station of the energy is within its service radius by
        road, else 0.
    """
    years = {BEFORE: len(demand) - 1, AFTER: len(demand) - 1}
    years |= {str(year): t for t, year in enumerate(scenario.siting.years()[:-1])}
    served = siting.assignments.groupby(["phase", "energy", "demand_id"])["served_per_day"].sum()
    parts = []
    for e, energy in enumerate(layers.ENERGIES):
        for phase in phases(scenario):
            standing = _standing(siting, phase)
            mine = standing[standing["energy"] == energy]
            covered = _covered(demand_points, mine, energy, network, scenario)
            wanted = demand[years[phase], :, e]
            part = demand_points[["demand_id", "county_id", "township_id"]].copy()
            part["energy"], part["phase"] = energy, phase
            part["demand"], part["covered"] = wanted, np.where(covered, wanted, 0.0)
            keys = pd.MultiIndex.from_product([[phase], [energy], part["demand_id"]])
            part["served"] = served.reindex(keys).fillna(0.0).to_numpy()
            parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _standing(siting: SitingAnswer, phase: str) -> pd.DataFrame:
    """Return the stations that stand in a phase."""
    stations = siting.stations
    if phase == AFTER:
        return stations
    if phase == BEFORE:
        return stations[stations["status"] == "existing"]
    years = siting.station_years
    return stations[stations["station_id"].isin(years[years["year"] == int(phase)]["station_id"])]


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
    order = [keys, layers.ENERGIES, list(dict.fromkeys(points["phase"]))]
    index = pd.MultiIndex.from_product(order, names=[key, "energy", "phase"])
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
