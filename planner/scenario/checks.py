"""Finds what does not fit together among the parts of a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from planner.errors import Problem
from planner.layers import ROAD_CLASSES
from planner.scenario.given import did_you_mean
from planner.scenario.models import Scenario
from planner.scenario.rows import Fleet, Technology
from planner.scenario.settings import stem_of

Finding = tuple[str, str, str]
"""Key, reason and remedy."""


def misfits(scenario: Scenario, file: str, rules_file: str) -> list[Problem]:
    """Return every disagreement between settings, rows and years, as problems of a file."""
    found = [
        *_years(scenario),
        *(
            hit
            for key, row in scenario.technologies.items()
            for hit in _technology(key, row, scenario)
        ),
        *(hit for key, row in scenario.fleets.items() for hit in _fleet(key, row, scenario)),
        *_schemes(scenario),
        *_milestones(scenario),
        *_road_limits(scenario),
        *_dates("subsidy", scenario.subsidy.valid_from, scenario.subsidy.valid_to),
        *_equipment(scenario),
    ]
    return [_problem(hit, file) for hit in found] + [
        _problem(hit, rules_file) for hit in _rules(scenario)
    ]


def _problem(finding: Finding, file: str) -> Problem:
    column, reason, remedy = finding
    return Problem("E-CFG-009", reason, remedy, file=file, column=column)


def _years(scenario: Scenario) -> Iterator[Finding]:
    siting = scenario.siting
    years, others = siting.years(), sorted(siting.hydrogen_budget_cny_by_year)
    if years != others:
        reason = f"budgets are for {_listed(years)}, hydrogen budgets for {_listed(others)}"
        remedy = (
            "give budget_cny_YEAR and hydrogen_budget_cny_YEAR for the same years; 0 is allowed"
        )
        yield "siting", reason, remedy
    if siting.target_year != years[-1]:
        reason = f"the target year {siting.target_year} is not the last budget year {years[-1]}"
        remedy = f"set target_year = {years[-1]}, or end the budgets in {siting.target_year}"
        yield "siting.target_year", reason, remedy


def _technology(key: str, row: Technology, scenario: Scenario) -> Iterator[Finding]:
    where = f"technologies.{key}"
    yield from _dates(where, row.valid_from, row.valid_to)
    if row.max_units < row.min_units:
        reason = f"at most {row.max_units} units are less than the {row.min_units} at least"
        yield f"{where}.max_units", reason, "raise max_units or lower min_units"
    elif row.max_units > row.min_units and row.unit_step > row.max_units - row.min_units:
        reason = f"a step of {row.unit_step} offers no size but {row.min_units}"
        yield f"{where}.unit_step", reason, f"at most {row.max_units - row.min_units}"
    if row.upgrade_to:
        yield from _upgrade(key, row, scenario.technologies)


def _upgrade(key: str, row: Technology, known: dict[str, Technology]) -> Iterator[Finding]:
    where, target = f"technologies.{key}.upgrade_to", known.get(row.upgrade_to)
    others = [name for name, other in known.items() if other.energy == row.energy and name != key]
    remedy = f'name one of: {", ".join(others)}, or write ""' if others else 'write ""'
    if target is None:
        reason = f"there is no technology {row.upgrade_to!r}"
        yield where, reason, did_you_mean(row.upgrade_to, others) or remedy
    elif row.upgrade_to == key:
        yield where, "a technology cannot be turned into itself", remedy
    elif target.energy != row.energy:
        reason = f"{row.upgrade_to!r} gives {target.energy}, {key!r} gives {row.energy}"
        yield where, reason, remedy


def _fleet(key: str, row: Fleet, scenario: Scenario) -> Iterator[Finding]:
    tables = {"ev_share": row.ev_share_by_year, "fuel_cell_share": row.fuel_cell_share_by_year}
    for stem, table in tables.items():
        missing = [year for year in scenario.siting.years() if year not in table]
        if missing:
            reason = f"the fleet {key!r} has no {stem} for {_listed(missing)}"
            remedy = f"add {stem}_{missing[0]} = a share from 0 to 1"
            yield f"fleets.{key}.{stem}_{missing[0]}", reason, remedy
    for year in sorted(set(row.ev_share_by_year) & set(row.fuel_cell_share_by_year)):
        share = row.ev_share_by_year[year] + row.fuel_cell_share_by_year[year]
        if share > 1 + 1e-9:
            reason = f"electric and fuel-cell vehicles are {share:g} of the fleet in {year}"
            yield f"fleets.{key}.ev_share_{year}", reason, "shares of one fleet add up to 1 at most"


def _schemes(scenario: Scenario) -> Iterator[Finding]:
    known = list(scenario.technologies)
    for key, row in scenario.schemes.items():
        yield from _dates(f"schemes.{key}", row.valid_from, row.valid_to)
        for name in row.technologies:
            if name not in known:
                hint = did_you_mean(name, known) or f"known: {', '.join(known)}"
                yield f"schemes.{key}.technologies", f"there is no technology {name!r}", hint


def _milestones(scenario: Scenario) -> Iterator[Finding]:
    years = scenario.siting.years()
    for key, row in scenario.milestones.items():
        where = f"milestones.{key}"
        if row.year not in years:
            reason = f"{row.year} is none of the plan's years {_listed(years)}"
            yield f"{where}.year", reason, "name one of them, or give budgets up to that year"
        if row.measure == "served_share" and row.least > 1:
            reason = f"a share of {row.least:g} is more than all of the demand"
            yield f"{where}.least", reason, "write a share above 0 and up to 1: 0.8 for 80 %"
        elif row.measure != "served_share" and row.least % 1:
            reason = f"{row.measure} counts whole ones, found {row.least:g}"
            yield f"{where}.least", reason, "write a whole number"
        if row.measure == "units" and not row.energy:
            reason = "units of different energies do not add up"
            yield f"{where}.energy", reason, 'name one energy, such as "charging"'
        if row.measure == "townships_covered" and row.energy not in {"", "charging"}:
            reason = f"townships are covered by charging, not by {row.energy}"
            yield f"{where}.energy", reason, 'write "charging", or leave energy out'


def _road_limits(scenario: Scenario) -> Iterator[Finding]:
    grades = {str(grade) for grade in range(1, 6)}
    for key, row in scenario.road_limits.items():
        where = f"road_limits.{key}"
        given = [figure for figure in (row.least, row.most) if figure is not None]
        if not given:
            yield f"{where}.least", "it limits nothing", "give least, most or both"
        if len(given) == 2 and given[0] > given[1]:
            reason = f"at least {given[0]:g} and at most {given[1]:g} leave nothing"
            yield f"{where}.most", reason, "raise most or lower least"
        if row.measure == "share" and max(given, default=0.0) > 1:
            reason = f"a share of {max(given):g} is more than all of the test roads"
            yield f"{where}.measure", reason, 'write a share from 0 to 1, or measure = "km"'
        known = {"road_class": set(ROAD_CLASSES), "complexity_grade": grades}.get(row.of)
        other = sorted(set(row.values) - known) if known else []
        if other:
            reason = f"{row.of} is never {other[0]}"
            yield f"{where}.values", reason, f"use {', '.join(sorted(known or ()))}"


def _equipment(scenario: Scenario) -> Iterator[Finding]:
    targets = scenario.years()
    other = [
        year for year in scenario.test_roads.equipment_budget_cny_by_year if year not in targets
    ]
    if other:
        reason = f"there is no target for {_listed(sorted(other))}"
        yield "test_roads.equipment_budget_cny", reason, f"give it for {_listed(targets)}"
    if scenario.subsidy.city_share + scenario.subsidy.enterprise_share > 1 + 1e-9:
        reason = "city_share and enterprise_share are more than the whole"
        yield "subsidy.city_share", reason, "shares of one whole add up to 1 at most"
    for key, row in scenario.equipment.items():
        if row.kind == "works" and row.eligible:
            reason = "works are called eligible, the subsidy leaves them out"
            yield f"equipment.{key}.eligible", reason, "write eligible = false, or another kind"
        if row.max_grade < row.min_grade:
            reason = f"grades from {row.min_grade} to {row.max_grade} are none"
            yield f"equipment.{key}.max_grade", reason, "raise max_grade or lower min_grade"


def _rules(scenario: Scenario) -> Iterator[Finding]:
    known = {name for row in scenario.assumptions for name in (row.key, stem_of(row.key))}
    for key, row in scenario.policy_rules.items():
        yield from _dates(key, row.valid_from, row.valid_to)
        if row.parameter and row.parameter not in known:
            hint = (
                did_you_mean(row.parameter, sorted(known))
                or 'name a key of scenario.toml, or write ""'
            )
            yield f"{key}.parameter", f"there is no setting {row.parameter!r}", hint


def _dates(where: str, start: date | None, end: date | None) -> Iterator[Finding]:
    if start is not None and end is not None and end < start:
        reason = f"it ends on {end} before it begins on {start}"
        yield f"{where}.valid_to", reason, "exchange the two dates, or mend one"


def _listed(years: list[int]) -> str:
    return ", ".join(str(year) for year in years)
