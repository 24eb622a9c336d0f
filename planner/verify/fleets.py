"""Proves the demand of every year: vehicles of each fleet, and what they take where."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner import layers
from planner.verify.faults import Fault, Faults, differing
from planner.verify.files import PlanFiles, Row
from planner.verify.graph import Floats
from planner.verify.years import AMOUNT_TOLERANCE, siting_years

AREAS = ("urban", "rural")
KEYS = ["county_id", "year", "fleet", "energy"]
DECIMALS = 6
"""Demand is dealt out in millionths."""


def growth(plan: PlanFiles, area_class: str) -> float:
    """Return by what the vehicles of an area class are multiplied."""
    factor = plan.number("settings", "demand", "growth")
    rural = plan.number("settings", "demand", "rural_growth")
    return factor * (rural if area_class == "rural" else 1.0)


def uses_of(fleet: Row, year: int) -> list[tuple[str, float, float]]:
    """Return each energy of a fleet with the share of it that takes it, and what one takes."""
    electric = float(fleet["ev_share_by_year"][str(year)])
    swapping = float(fleet["swap_share"])
    charged = float(fleet["kwh_per_vehicle_day"]) * float(fleet["public_share"])
    swapped = float(fleet["swaps_per_vehicle_day"])
    fuel_cells = float(fleet["fuel_cell_share_by_year"][str(year)])
    return [
        ("charging", electric * (1 - swapping), charged),
        (str(fleet["swap_energy"]), electric * swapping, swapped),
        ("hydrogen", fuel_cells, float(fleet["kg_per_vehicle_day"])),
    ]


def residents(plan: PlanFiles) -> pd.Series:
    """Return the residents of each county and area class, by its demand points."""
    points = plan.layer("demand_points")
    return points.groupby(["county_id", "area_class"])["population"].sum()


def vehicles_each(plan: PlanFiles) -> dict[tuple[str, str], float]:
    """Return the vehicles of any drive to a resident, by county and fleet.

    Where vehicles were counted, the count takes the place of the assumption.
    """
    fleets, counties = plan.table("fleets"), plan.layer("counties")
    found = {
        (str(county), name): float(fleet["vehicles_per_1000"]) / 1000
        for county in counties["county_id"]
        for name, fleet in fleets.items()
    }
    people = counties.set_index("county_id")["population"]
    for row in plan.layer("fleet_stock").itertuples():
        each = row.vehicles / people[row.county_id] if row.vehicles > 0 else 0.0
        found[str(row.county_id), str(row.fleet)] = each
    return found


def rates(plan: PlanFiles) -> pd.DataFrame:
    """Return vehicles and demand to a resident by county, year, fleet and energy, ungrown."""
    fleets = plan.table("fleets")
    rows = [
        (county, year, name, energy, each * share, each * share * use)
        for (county, name), each in plan.once(vehicles_each).items()
        for year in siting_years(plan)
        for energy, share, use in uses_of(fleets[name], year)
    ]
    return pd.DataFrame(rows, columns=[*KEYS, "vehicles", "demand_per_day"])


def fleets_follow(plan: PlanFiles) -> Faults:
    """Prove vehicles and demand of every fleet, county, year and energy."""
    people, table = plan.once(residents), plan.once(rates)
    grown = {
        str(county): sum(
            float(people.get((county, area), 0.0)) * growth(plan, area) for area in AREAS
        )
        for county in plan.layer("counties")["county_id"]
    }
    times = table["county_id"].map(grown)
    proven = table.assign(
        vehicles=table["vehicles"] * times, demand_per_day=table["demand_per_day"] * times
    )
    proven = proven.set_index(KEYS)
    stated = plan.layer("fleet_demand").set_index(KEYS)
    for row in stated.index.difference(proven.index):
        yield Fault("fleet_demand has a row that no fleet explains", _named(row))
    must = proven[proven["vehicles"] > AMOUNT_TOLERANCE].index
    for row in must.difference(stated.index):
        yield Fault("fleet_demand lacks a row", _named(row))
    both = stated.reindex(stated.index.intersection(proven.index))
    named = both.assign(row=[_named(row) for row in both.index])
    for column in ("vehicles", "demand_per_day"):
        values = proven[column].reindex(both.index)
        tolerance = AMOUNT_TOLERANCE * max(1.0, float(values.max()) / 1000 if len(values) else 1.0)
        yield from differing(named, "row", both[column], values, column, tolerance)


def _named(row: tuple[object, ...]) -> str:
    return "/".join(str(part) for part in row)


def demand_in(plan: PlanFiles) -> dict[int, Floats]:
    """Return (points, energies) what every demand point takes a day, by siting year."""
    points, table = plan.layer("demand_points"), plan.once(rates)
    each = table.groupby(["year", "county_id", "energy"])["demand_per_day"].sum()
    people = points["population"].to_numpy(float)
    times = points["area_class"].map({area: growth(plan, area) for area in AREAS}).to_numpy(float)
    found = {}
    for year in siting_years(plan):
        columns = [
            each.reindex([(year, county, energy) for county in points["county_id"]])
            for energy in layers.ENERGIES
        ]
        of_point = np.column_stack([column.fillna(0.0).to_numpy(float) for column in columns])
        found[year] = np.asarray(of_point * (people * times)[:, None]).round(DECIMALS)
    return found
