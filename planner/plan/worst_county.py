"""Finds the county least served today, and says what closes its gap, where and at what cost."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.plan import money
from planner.plan.shares import PhaseShares, kwh_weights
from planner.scenario import Scenario

Row = dict[str, Any]
COUNTY_ENERGIES = tuple(energy for energy in layers.ENERGIES if energy != "hydrogen")


def worst_county(
    frames: dict[str, pd.DataFrame], shares: PhaseShares, scenario: Scenario
) -> Row | None:
    """Return the county least served today in charging and swap, and what the plan does there.

    Among equals it is the one least served after the plan, so that no county that stays
    without is hidden behind one that is helped. ``remedy`` and the money are of stations on
    its own ground; ``elsewhere`` says how much of what is served there comes from stations
    of other counties, and how many of these the plan builds or changes.
    """
    table = shares.counties[["before", "after"]].dropna()
    if table.empty:
        return None
    worst = str(table.sort_values(["before", "after"], kind="stable").index[0])
    names = frames["counties"].set_index("county_id")["name"]
    touched = money.changed(frames["stations"])
    here = touched[(touched["county_id"] == worst) & touched["energy"].isin(COUNTY_ENERGIES)]
    return {
        "county_id": worst,
        "name": str(names.get(worst, worst)),
        "energy": "charging+swap",
        "served_share_before": float(table["before"][worst]),
        "served_share_after": float(table["after"][worst]),
        "capital_cny": int(here["capital_cny"].sum()),
        "n_stations": len(here),
        "annual_cost_cny": int(here["annual_cost_cny"].sum()),
        "cost_per_kwh_cny": _cost_per_kwh(here, scenario),
        "remedy": _remedy(here),
        "elsewhere": _elsewhere(frames, worst, scenario),
    }


def _cost_per_kwh(stations: pd.DataFrame, scenario: Scenario) -> float | None:
    """Return the annual cost over the kWh served in a year, swaps counted in kWh."""
    weight = stations["energy"].map(kwh_weights(scenario)).astype(float)
    kwh = float((stations["served_per_day"] * weight).sum()) * money.DAYS_PER_YEAR
    return round(int(stations["annual_cost_cny"].sum()) / kwh, 6) if kwh else None


def _remedy(stations: pd.DataFrame) -> list[Row]:
    """Return what is done at these stations by technology and action, with the years.

    Of an extended station the units that are added count, of the others all.
    """
    order = {energy: rank for rank, energy in enumerate(layers.ENERGIES)}
    before = stations["n_units_before"].where(stations["action"] == "extend", 0)
    table = stations.assign(new_units=stations["n_units"] - before)
    rows = [
        {
            "technology": technology,
            "energy": energy,
            "action": action,
            "n_stations": len(group),
            "n_units": int(group["new_units"].sum()),
            "capital_cny": int(group["capital_cny"].sum()),
            "years": sorted({int(year) for year in group["first_year"]}),
        }
        for (energy, technology, action), group in table.groupby(
            ["energy", "technology", "action"], sort=True
        )
    ]
    return sorted(rows, key=lambda row: (order[row["energy"]], row["technology"], row["action"]))


def _elsewhere(frames: dict[str, pd.DataFrame], county: str, scenario: Scenario) -> Row:
    """Return what stations outside a county serve of it after the plan, in kWh."""
    points, stations = frames["demand_points"], frames["stations"]
    inside = points.loc[points["county_id"] == county, "demand_id"]
    given = frames["assignments"]
    given = given[(given["phase"] == "after") & given["demand_id"].isin(inside)]
    kwh = given["served_per_day"] * given["energy"].map(kwh_weights(scenario)).astype(float)
    outside = stations[stations["county_id"] != county]
    far = given["station_id"].isin(outside["station_id"]) & (kwh > 0)
    touched = money.changed(outside)
    serving = touched[touched["station_id"].isin(given.loc[far, "station_id"])]
    total = float(kwh.sum())
    return {
        "served_share": round(float(kwh[far].sum()) / total, 6) if total else None,
        "n_stations": len(serving),
        "capital_cny": int(serving["capital_cny"].sum()),
    }
