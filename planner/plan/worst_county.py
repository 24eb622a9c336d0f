"""Finds the county least served today, and says what closes its gap, where and at what cost."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.plan import money
from planner.plan.shares import PhaseShares, kwh_weights
from planner.scenario import Scenario

Row = dict[str, Any]
SAME = 1.5e-6
"""Shares are rounded to six decimals: those one step apart may be equal."""
COUNTY_ENERGIES = tuple(energy for energy in layers.ENERGIES if energy != "hydrogen")


def worst_county(
    frames: dict[str, pd.DataFrame], shares: PhaseShares, scenario: Scenario
) -> Row | None:
    """Return the county least served today in charging and swap, and what the plan does there.

    ``tied`` has every county that is least served today, itself among them, so that none that
    stays without is hidden behind one that is helped; which of these is told in detail does
    not hang on the plan: it is the first by its code. ``remedy`` and the money are of
    stations on its own ground; ``elsewhere`` says how much of what is served there comes
    from stations of other counties, and how many of these the plan builds or changes.
    """
    table = shares.counties[["before", "after"]].dropna()
    if table.empty:
        return None
    least = table[table["before"] <= table["before"].min() + SAME]
    worst = str(least.index.min())
    touched = money.changed(frames["stations"])
    here = touched[(touched["county_id"] == worst) & touched["energy"].isin(COUNTY_ENERGIES)]
    return {
        "county_id": worst,
        "name": _names(frames).get(worst, worst),
        "name_en": _names(frames, "name_en").get(worst),
        "tied": _share_rows(frames, least),
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


def county_shares(frames: dict[str, pd.DataFrame], shares: PhaseShares) -> list[Row]:
    """Return the share served of each county before and after, charging and swap in kWh."""
    return _share_rows(frames, shares.counties[["before", "after"]])


def _share_rows(frames: dict[str, pd.DataFrame], table: pd.DataFrame) -> list[Row]:
    names, english = _names(frames), _names(frames, "name_en")
    return [
        {
            "county_id": str(county),
            "name": names.get(str(county), str(county)),
            "name_en": english.get(str(county)),
            "served_share_before": None if pd.isna(before) else float(before),
            "served_share_after": None if pd.isna(after) else float(after),
        }
        for county, before, after in zip(table.index, table["before"], table["after"], strict=True)
    ]


def _names(frames: dict[str, pd.DataFrame], column: str = "name") -> dict[str, str]:
    """Return the names of the counties that have one in a column, by their id."""
    counties = frames["counties"]
    if column not in counties:
        return {}
    return {
        str(county): name
        for county, name in zip(counties["county_id"], counties[column], strict=True)
        if isinstance(name, str) and name
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
