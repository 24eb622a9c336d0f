"""Turns the technologies and rules of a scenario into what the options are made of."""

from __future__ import annotations

from datetime import date
from math import ceil

import numpy as np

from planner.layers import ENERGIES
from planner.scenario import Scenario
from planner.scenario.rows import Technology
from planner.siting.instance import CHARGING, PAYERS
from planner.siting.options import NEVER, Bools, Kind, Terms
from planner.siting.waiting import Queue


def make_kinds(scenario: Scenario) -> tuple[Kind, ...]:
    """Return the technologies of the scenario, in its order, as the options see them."""
    codes = list(scenario.technologies)
    return tuple(_kind(row, codes, scenario) for row in scenario.technologies.values())


def make_terms(scenario: Scenario) -> Terms:
    """Return the waiting rule and the discount rate."""
    siting = scenario.siting
    return Terms(siting.max_wait_min, siting.max_wait_chance, siting.discount_rate)


def fast_kinds(scenario: Scenario) -> Bools:
    """Return (K,) which technologies are strong enough for motorways."""
    least_kw = scenario.rules.highway_min_kw
    rows = scenario.technologies.values()
    return np.array([row.energy == "charging" and row.power_kw >= least_kw for row in rows])


def queue_of(row: Technology) -> Queue:
    """Return how visits come to the units of a technology."""
    return Queue(row.queue, row.service_min, row.peak_hour_share, row.session)


def peak_kw(row: Technology, scenario: Scenario) -> float:
    """Return what the grid sees of one unit at its peak, in kW."""
    managed = scenario.siting.managed_charging_factor if row.energy == "charging" else 1.0
    return row.power_kw * row.peak_factor * managed


def counts(scenario: Scenario, rule_id: str) -> bool:
    """Return whether a rule decides something in the target year: in force, not only reported."""
    rule = scenario.policy_rules[rule_id]
    year = scenario.siting.target_year
    early = rule.valid_from is not None and rule.valid_from.year > year
    late = rule.valid_to is not None and rule.valid_to.year < year
    return rule.kind != "reported" and not early and not late


def parking_limits(places: float, scenario: Scenario) -> tuple[int, float]:
    """Return the least and the most charging units of a site with so many parking places."""
    if not np.isfinite(places):
        return 0, np.inf
    share = scenario.rules.parking_share if counts(scenario, "parking_share") else 0.0
    return ceil(share * places - 1e-9), places


def _kind(row: Technology, codes: list[str], scenario: Scenario) -> Kind:
    first, last = _years(row.valid_from, row.valid_to, scenario.siting.years())
    energy = ENERGIES.index(row.energy)
    return Kind(
        energy,
        queue_of(row),
        row.capacity_per_day,
        row.power_kw,
        peak_kw(row, scenario),
        row.unit_cost_cny,
        row.fixed_cost_cny,
        row.opex_cny_per_unit_year,
        row.opex_cny_per_year,
        row.life_years,
        row.min_units,
        row.max_units,
        row.unit_step,
        PAYERS.index(row.owner),
        first,
        last,
        codes.index(row.upgrade_to) if row.upgrade_to else NEVER,
    )


def _years(begins: date | None, ends: date | None, years: list[int]) -> tuple[int, int]:
    """Return the first and last year (rows of T) in which a technology may be built."""
    open_years = [
        t
        for t, year in enumerate(years)
        if (begins is None or begins.year <= year) and (ends is None or ends.year >= year)
    ]
    return (open_years[0], open_years[-1]) if open_years else (NEVER, NEVER)


def fits_parking(energy: int, units: int, limits: tuple[int, float]) -> bool:
    """Return whether a station's units fit the parking places of its site."""
    return energy != CHARGING or limits[0] <= units <= limits[1]
