"""Turns residents into vehicles and daily demand: the fleets of the scenario, multiplied out."""

from __future__ import annotations

import pandas as pd

from planner.errors import InputError, Problem
from planner.layers import ENERGIES, FLEET_STOCK
from planner.scenario import Scenario
from planner.scenario.rows import Fleet

AREA_CLASSES = ("rural", "urban")
ORDER = ["county_id", "area_class", "year", "fleet", "energy"]


def demand_rates(
    scenario: Scenario, counties: pd.DataFrame, fleet_stock: pd.DataFrame
) -> pd.DataFrame:
    """Return what one resident's share of each fleet takes a day.

    Vehicles are ``vehicles_per_1000`` residents; where ``fleet_stock`` counts a fleet in a
    county, that count over the county's residents takes its place. ``demand.growth``
    multiplies the vehicles, ``demand.rural_growth`` once more those of rural places.

    Parameters
    ----------
    scenario
        Its fleets, siting years and growth.
    counties
        ``county_id`` and ``population`` (residents).
    fleet_stock
        Satisfies ``layers.FLEET_STOCK``, as read: its counties and fleets are known, none is
        counted twice. Empty where nothing was counted.

    Returns
    -------
    pandas.DataFrame
        ``county_id``, ``area_class`` ("rural" or "urban"), ``year``, ``fleet``, ``energy``,
        ``vehicles_per_resident`` (electric or fuel-cell ones that take this energy) and
        ``per_resident`` (kWh, swaps or kg a day); one row for each fleet and energy it may
        take, also where that is nothing; sorted by these names, RangeIndex.

    Raises
    ------
    InputError
        If the stock has vehicles in a county without residents, where they cannot be spread.
    """
    rates = _vehicles_per_resident(scenario, counties, fleet_stock)
    rates = rates.merge(_uses(scenario), on="fleet").merge(_growth(scenario), how="cross")
    rates["vehicles_per_resident"] = rates["vehicles"] * rates["share"] * rates["growth"]
    rates["per_resident"] = rates["vehicles_per_resident"] * rates["use"]
    rates = rates.sort_values(ORDER, ignore_index=True)
    return rates[[*ORDER, "vehicles_per_resident", "per_resident"]]


def _vehicles_per_resident(
    scenario: Scenario, counties: pd.DataFrame, fleet_stock: pd.DataFrame
) -> pd.DataFrame:
    """Return the vehicles of any drive to a resident, by county and fleet."""
    residents = counties.set_index("county_id")["population"]
    _refuse_unspread(fleet_stock, residents)
    assumed = {key: fleet.vehicles_per_1000 / 1000 for key, fleet in scenario.fleets.items()}
    pairs = pd.MultiIndex.from_product([residents.index, assumed], names=["county_id", "fleet"])
    table = pd.Series(pairs.get_level_values("fleet").map(assumed), index=pairs, dtype="float64")
    for county, fleet, vehicles in zip(
        fleet_stock["county_id"], fleet_stock["fleet"], fleet_stock["vehicles"], strict=True
    ):
        table.loc[(county, fleet)] = vehicles / residents[county] if vehicles > 0 else 0.0
    return table.rename("vehicles").reset_index()


def _uses(scenario: Scenario) -> pd.DataFrame:
    """Return by fleet, year and energy the share of the fleet that takes it, and its use."""
    rows = [
        (key, year, *use)
        for key, fleet in scenario.fleets.items()
        for year in scenario.siting.years()
        for use in _uses_of(fleet, year)
    ]
    return pd.DataFrame(rows, columns=["fleet", "year", "energy", "share", "use"])


def _uses_of(fleet: Fleet, year: int) -> list[tuple[str, float, float]]:
    electric, swapping = fleet.ev_share_by_year[year], fleet.swap_share
    return [
        ("charging", electric * (1 - swapping), fleet.kwh_per_vehicle_day * fleet.public_share),
        (fleet.swap_energy, electric * swapping, fleet.swaps_per_vehicle_day),
        ("hydrogen", fleet.fuel_cell_share_by_year[year], fleet.kg_per_vehicle_day),
    ]


def _growth(scenario: Scenario) -> pd.DataFrame:
    growth = scenario.demand.growth
    factors = [growth * scenario.demand.rural_growth, growth]
    return pd.DataFrame({"area_class": AREA_CLASSES, "growth": factors})


def _refuse_unspread(fleet_stock: pd.DataFrame, residents: pd.Series) -> None:
    lost = fleet_stock["vehicles"].gt(0) & ~fleet_stock["county_id"].map(residents).gt(0)
    if lost.any():
        raise InputError(
            Problem(
                "E-DEM-001",
                "the county has no residents by whom its vehicles could be spread",
                "give the county its population, or leave the row out",
                layer=FLEET_STOCK.name,
                row=", ".join(str(row) for row in fleet_stock.index[lost][:5]),
                column="county_id",
                value=str(fleet_stock.loc[lost, "county_id"].iloc[0]),
                count=int(lost.sum()),
            )
        )


def energy_rank(energies: pd.Series) -> pd.Series:
    """Return the place of each energy in ``layers.ENERGIES``, for sorting."""
    return energies.map({energy: rank for rank, energy in enumerate(ENERGIES)})
