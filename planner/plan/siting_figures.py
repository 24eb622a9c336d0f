"""Computes the figures of the stations: counts, shares, the worst county, ways and units."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.demand import electric_vehicles
from planner.plan import money
from planner.plan.checks import rule_checks
from planner.plan.shares import PhaseShares, phase_shares
from planner.plan.worst_county import county_shares, worst_county
from planner.scenario import Scenario

Row = dict[str, Any]


def siting_figures(
    frames: dict[str, pd.DataFrame], points: pd.DataFrame, scenario: Scenario
) -> Row:
    """Return the siting figures but for the goals: money, counts, shares, ways and units.

    Parameters
    ----------
    frames
        The plan's layers by name.
    points
        Rows of :func:`planner.plan.gaps.point_gaps`.
    scenario
        Money, years and rules.
    """
    stations, sites = frames["stations"], frames["candidate_sites"]
    shares = phase_shares(points, scenario)
    return {
        **money.totals(frames, scenario),
        "by_year": money.by_year(frames, shares, scenario),
        "payers": money.payers(frames, scenario),
        "unit_costs": money.unit_costs(stations),
        "n_demand_points": len(frames["demand_points"]),
        "n_candidates": int((sites["status"] == "accepted").sum()),
        "n_rejected": int((sites["status"] == "rejected").sum()),
        "n_existing": int((stations["status"] == "existing").sum()),
        "n_planned": int((stations["status"] == "planned").sum()),
        "n_extended": int((stations["action"] == "extend").sum()),
        "n_upgraded": int((stations["action"] == "upgrade").sum()),
        "by_technology": _by_technology(stations),
        "energies": _energies(shares),
        "county_shares": county_shares(frames, shares),
        "worst_county": worst_county(frames, shares, scenario),
        "highways": _highways(frames["highway_access"]),
        "trips": _trips(frames["trip_access"]),
        "units": _units(frames, scenario),
        "checks": rule_checks(frames, scenario),
    }


def _by_technology(stations: pd.DataFrame) -> list[Row]:
    groups = stations.groupby(["energy", "technology", "status"], sort=True)
    return [
        {
            "technology": technology,
            "energy": energy,
            "status": status,
            "n_stations": len(group),
            "n_units": int(group["n_units"].sum()),
            "capital_cny": int(group["capital_cny"].sum()),
        }
        for (energy, technology, status), group in groups
    ]


def _energies(shares: PhaseShares) -> list[Row]:
    rows = []
    for energy in layers.ENERGIES:
        demand = float(shares.energies.loc[("after", energy), "demand"])
        row: Row = {"energy": energy, "demand_per_day": round(demand, 6)}
        for phase in ("before", "after"):
            for part in ("covered", "served"):
                row[f"{part}_share_{phase}"] = shares.share(energy, phase, part)
        rows.append(row)
    return rows


def _highways(access: pd.DataFrame) -> Row:
    return {
        "n_stretches": len(access),
        "n_met": int((access["status"] == "met").sum()),
        "n_short": int((access["status"] == "short").sum()),
        **{
            key: round(float(access[key].sum()), 6)
            for key in ("uncovered_before_m", "uncovered_after_m")
        },
    }


def _trips(access: pd.DataFrame) -> Row:
    volume = access["trips_per_day"]
    sums = {
        f"refuelled_{phase}": volume[access[f"refuelled_{phase}"].astype(bool)].sum()
        for phase in ("before", "after")
    }
    rounded = {key: round(float(value), 6) for key, value in sums.items()}
    return {"n": len(access), "per_day": round(float(volume.sum()), 6), **rounded}


def _units(frames: dict[str, pd.DataFrame], scenario: Scenario) -> list[Row]:
    """Return charging units and electric vehicles of each county, target year."""
    fleets, stations = frames["fleet_demand"], frames["stations"]
    vehicles = electric_vehicles(fleets, scenario)
    charging = stations[stations["energy"] == "charging"]
    units = charging.groupby("county_id")[["n_units_before", "n_units"]].sum()
    counties = frames["counties"].sort_values("county_id")
    rows = []
    for county, name in zip(counties["county_id"], counties["name"], strict=True):
        count = round(float(vehicles.get(county, 0.0)), 6)
        known = county in units.index
        before, after = (int(value) for value in units.loc[county]) if known else (0, 0)
        rows.append(
            {
                "county_id": county,
                "name": name,
                "vehicles": count,
                "units_before": before,
                "units_after": after,
                "evs_per_unit_before": round(count / before, 6) if before else None,
                "evs_per_unit_after": round(count / after, 6) if after else None,
                "met": after * scenario.rules.evs_per_unit >= count - 1e-6,
            }
        )
    return rows
