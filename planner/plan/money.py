"""Counts the plan's money: by year, by payer, and for each kWh, swap or kilogram."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import Any

import numpy as np
import pandas as pd

from planner import layers
from planner.plan.shares import PhaseShares
from planner.scenario import Scenario
from planner.siting.instance import UPGRADE_LIFE_YEARS
from planner.siting.options import annuity

Row = dict[str, Any]
DAYS_PER_YEAR = 365


def changed(stations: pd.DataFrame) -> pd.DataFrame:
    """Return the stations at which the plan does something."""
    return stations[stations["action"] != "keep"]


def totals(frames: dict[str, pd.DataFrame], scenario: Scenario) -> Row:
    """Return money spent against the budgets, the cost of a year, and the grants.

    Public money is what public stations and upgrades of supply nodes cost; the cost of a year
    has both too, as the goal of the siting counts it.
    """
    stations, siting = frames["stations"], scenario.siting
    spent = stations.groupby("owner")["capital_cny"].sum()
    upgrades = int(frames["supply_upgrades"]["cost_cny"].sum())
    supply = upgrades_annual(frames["supply_upgrades"], siting.discount_rate)
    return {
        "budget_cny": siting.budget_cny,
        "spent_cny": int(spent.get("public", 0)) + upgrades,
        "hydrogen_budget_cny": siting.hydrogen_budget_cny,
        "hydrogen_spent_cny": int(spent.get("enterprise", 0)),
        "annual_cost_cny": int(stations["annual_cost_cny"].sum()) + supply,
        "upgrades_annual_cny": supply,
        "grants_cny": int(stations["grant_cny"].sum()),
    }


def upgrades_annual(upgrades: pd.DataFrame, rate: float) -> int:
    """Return what upgrades of supply nodes cost a year, each rounded to a yuan as it is chosen.

    Parameters
    ----------
    upgrades
        Rows of SUPPLY_UPGRADES.
    rate
        Discount rate a year; the life is :data:`planner.siting.instance.UPGRADE_LIFE_YEARS`.
    """
    cost = upgrades["cost_cny"].to_numpy(dtype=float)
    return int(np.rint(cost * annuity(rate, UPGRADE_LIFE_YEARS)).sum())


def by_year(frames: dict[str, pd.DataFrame], shares: PhaseShares, scenario: Scenario) -> list[Row]:
    """Return for each siting year the money up to it, what it spends, builds and serves."""
    siting, upgrades = scenario.siting, frames["supply_upgrades"]
    spent = _spent(frames["stations"], frames["station_years"])
    steps = changes(frames["stations"], frames["station_years"])
    rows, budget, hydrogen_budget = [], 0, 0
    for year in siting.years():
        budget += siting.budget_cny_by_year[year]
        hydrogen_budget += siting.hydrogen_budget_cny_by_year[year]
        ordered = upgrades.loc[upgrades["ordered_year"] == year, "cost_cny"].sum()
        counts = steps.loc[steps["year"] == year, "change"].value_counts()
        phase = "after" if year == siting.target_year else str(year)
        rows.append(
            {
                "year": year,
                "budget_cny": budget,
                "spent_cny": int(spent.get((year, "public"), 0)) + int(ordered),
                "hydrogen_budget_cny": hydrogen_budget,
                "hydrogen_spent_cny": int(spent.get((year, "enterprise"), 0)),
                "n_built": int(counts.get("built", 0)),
                "n_extended": int(counts.get("extended", 0)),
                "n_upgraded": int(counts.get("upgraded", 0)),
                "served_share": shares.of_energies(phase),
                "worst_county_share": shares.least_of_counties(phase),
            }
        )
    return rows


def _spent(stations: pd.DataFrame, station_years: pd.DataFrame) -> pd.Series:
    owner = station_years["station_id"].map(stations.set_index("station_id")["owner"])
    return station_years.groupby([station_years["year"], owner])["spent_cny"].sum()


def changes(stations: pd.DataFrame, station_years: pd.DataFrame) -> pd.DataFrame:
    """Return what happens at stations: one row a station and year in which it changes.

    Returns
    -------
    DataFrame
        ``station_id``, ``year`` and ``change``: ``built`` where the station is new that
        year, ``upgraded`` where its technology changes, ``extended`` where it has more
        units of the same technology than before.
    """
    rows = station_years.sort_values(["station_id", "year"], ignore_index=True)
    earlier = rows.groupby("station_id")[["technology", "n_units"]].shift()
    given = stations.set_index("station_id")
    technology = earlier["technology"].fillna(rows["station_id"].map(given["technology_before"]))
    units = earlier["n_units"].fillna(rows["station_id"].map(given["n_units_before"]))
    new = (units == 0).to_numpy(bool)
    turned = (rows["technology"] != technology).to_numpy(bool)
    larger = (rows["n_units"] > units).to_numpy(bool)
    change = np.select([new, turned, larger], ["built", "upgraded", "extended"], "")
    found = rows.assign(change=change).loc[change != "", ["station_id", "year", "change"]]
    return found.reset_index(drop=True)


def payers(frames: dict[str, pd.DataFrame], scenario: Scenario) -> list[Row]:
    """Return who bears how much: city and county share the public part, in whole yuan.

    The city's part is rounded down, the county bears the rest.
    """
    sums = frames["stations"].groupby("owner")[["capital_cny", "opex_cny_per_year"]].sum()
    sums = sums.reindex(["public", "enterprise"], fill_value=0)
    capital = int(sums.loc["public", "capital_cny"])
    capital += int(frames["supply_upgrades"]["cost_cny"].sum())
    opex = int(sums.loc["public", "opex_cny_per_year"])
    share = scenario.siting.city_share
    city = _floor_share(capital, share), _floor_share(opex, share)
    enterprise = sums.loc["enterprise"]
    return [
        {"payer": "city", "capital_cny": city[0], "opex_cny_per_year": city[1]},
        {"payer": "county", "capital_cny": capital - city[0], "opex_cny_per_year": opex - city[1]},
        {
            "payer": "enterprise",
            "capital_cny": int(enterprise["capital_cny"]),
            "opex_cny_per_year": int(enterprise["opex_cny_per_year"]),
        },
    ]


def _floor_share(money: int, share: float) -> int:
    # In decimals, as the share was written: 0.29 is not exact in binary.
    return int((Decimal(str(share)) * money).to_integral_value(rounding=ROUND_FLOOR))


def unit_costs(stations: pd.DataFrame) -> list[Row]:
    """Return what a kWh, swap or kilogram costs at the stations that the plan touches."""
    touched = changed(stations)
    rows = []
    for energy in layers.ENERGIES:
        mine = touched[touched["energy"] == energy]
        cost = int(mine["annual_cost_cny"].sum())
        served = round(float(mine["served_per_day"].sum()) * DAYS_PER_YEAR, 6)
        rows.append(
            {
                "energy": energy,
                "annual_cost_cny": cost,
                "served_per_year": served,
                "cost_per_unit_cny": round(cost / served, 6) if served else None,
            }
        )
    return rows
