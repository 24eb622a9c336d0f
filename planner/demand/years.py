"""Gives each demand point its demand in every siting year, and each county that of its fleets."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.rates import demand_rates, energy_rank
from planner.inputs import Inputs
from planner.layers import ENERGIES, FLEET_DEMAND
from planner.scenario import Scenario

DECIMALS = 6
PLACE = ["county_id", "area_class"]
FLEET = ["county_id", "year", "fleet", "energy"]


def demand_by_year(
    demand_points: pd.DataFrame, inputs: Inputs, scenario: Scenario
) -> NDArray[np.float64]:
    """Return the demand of every point in each siting year, rounded to six decimals.

    Parameters
    ----------
    demand_points
        ``county_id``, ``area_class`` and ``population`` are used.
    inputs
        Counties and fleet stock.
    scenario
        Fleets, siting years and growth.

    Returns
    -------
    numpy.ndarray
        (T, I, E) kWh, swaps or kg a day in the order of ``scenario.siting.years()``, of the
        points and of ``layers.ENERGIES``; the last year is that of the demand columns.

    Raises
    ------
    InputError
        As :func:`planner.demand.demand_rates`.
    """
    rates = demand_rates(scenario, inputs.counties, inputs.fleet_stock)
    years = scenario.siting.years()
    columns = pd.MultiIndex.from_product([years, ENERGIES])
    sums = rates.pivot_table("per_resident", PLACE, ["year", "energy"], aggfunc="sum")
    table = sums.reindex(columns=columns, fill_value=0.0)
    places = pd.MultiIndex.from_frame(demand_points[PLACE])
    per_resident = table.loc[places].to_numpy(dtype=np.float64)
    demand = per_resident * demand_points["population"].to_numpy(dtype=np.float64)[:, None]
    shaped = demand.reshape(len(demand_points), len(years), len(ENERGIES))
    return np.ascontiguousarray(shaped.transpose(1, 0, 2)).round(DECIMALS)


def fleet_demand(demand_points: pd.DataFrame, inputs: Inputs, scenario: Scenario) -> pd.DataFrame:
    """Return vehicles and demand of each fleet, summed over the demand points of a county.

    Parameters
    ----------
    demand_points, inputs, scenario
        As for :func:`demand_by_year`.

    Returns
    -------
    pandas.DataFrame
        Satisfies ``layers.FLEET_DEMAND``: only fleets that have vehicles on an energy, sorted
        by county, year, fleet and energy (as in ``layers.ENERGIES``), RangeIndex. A fleet's
        vehicles of several energies are different vehicles.

    Raises
    ------
    InputError
        As :func:`planner.demand.demand_rates`.
    """
    rates = demand_rates(scenario, inputs.counties, inputs.fleet_stock)
    residents = demand_points.groupby(PLACE, sort=True)["population"].sum().reset_index()
    table = residents.merge(rates, on=PLACE, how="inner")
    table["vehicles"] = table["population"] * table["vehicles_per_resident"]
    table["demand_per_day"] = table["population"] * table["per_resident"]
    sums = table.groupby(FLEET, sort=True)[["vehicles", "demand_per_day"]].sum().reset_index()
    sums = sums[sums["vehicles"] > 0].round(DECIMALS)
    sums = sums.sort_values(
        FLEET, key=lambda column: energy_rank(column) if column.name == "energy" else column
    )
    return sums[FLEET_DEMAND.column_names()].reset_index(drop=True)


def electric_vehicles(fleets: pd.DataFrame, scenario: Scenario) -> pd.Series:
    """Return the electric vehicles of each county in the target year."""
    electric = (fleets["year"] == scenario.siting.target_year) & (fleets["energy"] != "hydrogen")
    return fleets[electric].groupby("county_id")["vehicles"].sum()
