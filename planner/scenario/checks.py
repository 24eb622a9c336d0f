"""Finds what does not fit together among the parts of a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from planner.errors import Problem
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
        *_dates("subsidy", scenario.subsidy.valid_from, scenario.subsidy.valid_to),
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
