"""Proves the money: budgets by year and payer, running and annual cost, grants, to the yuan."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import Any

import pandas as pd

from planner import layers
from planner.verify.actions import added_units
from planner.verify.faults import Fault, Faults, rows_where, unequal, unequal_rows
from planner.verify.files import PlanFiles, Row
from planner.verify.years import in_force, siting_years

DAYS = 365
UPGRADE_LIFE_YEARS = 30
HALF_A_YUAN = 0.5 + 1e-6
PER_UNIT_TOLERANCE = 5.1e-5
"""Costs of one unit of service are rounded to four decimals."""
PAYERS = (("public", ""), ("enterprise", "hydrogen_"))
"""Owner of a technology, and what the keys of its budget begin with."""


def spent_by_year(plan: PlanFiles) -> dict[tuple[str, int], int]:
    """Return what each payer spends in each year, upgrades of the supply included."""
    technologies, rows = plan.table("technologies"), plan.layer("station_years")
    spent = {(owner, year): 0 for owner, _ in PAYERS for year in siting_years(plan)}
    for row in rows[rows["spent_cny"] > 0].itertuples():
        key = (str(technologies[str(row.technology)]["owner"]), int(row.year))
        spent[key] = spent.get(key, 0) + int(row.spent_cny)
    for row in plan.layer("supply_upgrades").itertuples():
        key = ("public", int(row.ordered_year))
        spent[key] = spent.get(key, 0) + int(row.cost_cny)
    return spent


def budgets_kept(plan: PlanFiles) -> Faults:
    """Prove that up to every year no payer has spent more than there was, to the yuan."""
    spent, by_year = plan.once(spent_by_year), plan.rows("siting", "by_year")
    stated = {row.get("year"): row for row in by_year}
    for owner, prefix in PAYERS:
        budgets = plan.mapping("settings", "siting", f"{prefix}budget_cny_by_year")
        had = paid = 0
        for year in siting_years(plan):
            had += int(budgets[str(year)])
            paid += spent[owner, year]
            if paid > had:
                what = f"{owner}: {paid} CNY are spent of {had} by {year}"
                yield Fault(what, f"{prefix}budget_cny", paid - had)
            row = stated.get(year, {})
            yield from unequal(row.get(f"{prefix}budget_cny"), had, f"{year} {prefix}budget_cny")
            yield from unequal(
                row.get(f"{prefix}spent_cny"), spent[owner, year], f"{year} {prefix}spent_cny"
            )
        for what, proven in (("budget_cny", had), ("spent_cny", paid)):
            name = f"{prefix}{what}"
            yield from unequal(plan.whole("siting", name), proven, name)
    years = [row.get("year") for row in by_year]
    yield from unequal(years, siting_years(plan), "years of by_year")


def annuity(rate: float, life_years: int) -> float:
    """Return the share of a capital that is due in each year of its life.

    Examples
    --------
    >>> round(annuity(0.06, 10), 6)
    0.135868
    """
    return rate / (1 - (1 + rate) ** -life_years) if rate else 1 / life_years


def costs_follow(plan: PlanFiles) -> Faults:
    """Prove running cost, annual cost and cost of a unit of service of every station."""
    technologies = plan.table("technologies")
    rate = plan.number("settings", "siting", "discount_rate")
    for row in plan.layer("stations").itertuples():
        name, technology = str(row.station_id), technologies[str(row.technology)]
        fixed = int(technology["opex_cny_per_year"]) if row.action == "build" else 0
        opex = fixed + added_units(row) * int(technology["opex_cny_per_unit_year"])
        yield from unequal(int(row.opex_cny_per_year), opex, f"opex_cny_per_year of {name}")
        due = int(row.capital_cny) * annuity(rate, int(technology["life_years"])) + opex
        off = abs(int(row.annual_cost_cny) - due)
        if off > HALF_A_YUAN:
            what = f"annual_cost_cny is stated as {row.annual_cost_cny}, proven {due:.2f}"
            yield Fault(what, name, off)
        served = float(row.served_per_day) * DAYS
        yield from _per_unit(row.cost_per_unit_cny, int(row.annual_cost_cny), served, name)


def _per_unit(stated: Any, annual: int, served: float, name: str) -> Faults:  # noqa: ANN401
    """Prove a cost of one unit of service; there is none where nothing is served."""
    missing = stated is None or bool(pd.isna(stated))
    if missing and served > 0 and annual > 0:
        yield Fault("the cost of a unit of what it serves is not said", name)
    if missing:
        return
    if served <= 0:
        yield Fault("it serves nothing, yet has a cost of a unit", name)
        return
    proven = annual / served
    if abs(float(stated) - proven) > PER_UNIT_TOLERANCE + 1e-6 * proven:
        what = f"the cost of a unit is stated as {stated}, proven {proven:.6f}"
        yield Fault(what, name, abs(float(stated) - proven))


def grants_best(plan: PlanFiles) -> Faults:
    """Prove that a planned station has the best single grant in force, and nothing else any."""
    schemes, stations = plan.table("schemes"), plan.layer("stations")
    for row in stations.itertuples():
        name, granted = str(row.station_id), {}
        if row.status == "planned":
            granted = {
                key: _grant(scheme, int(row.capital_cny))
                for key, scheme in schemes.items()
                if row.technology in scheme["technologies"]
                and in_force(scheme, int(row.first_year))
            }
        best = max(granted.values(), default=0)
        yield from unequal(int(row.grant_cny), best, f"grant_cny of {name}")
        scheme = row.scheme if isinstance(row.scheme, str) and row.scheme else None
        if granted.get(str(scheme), 0) != best or (scheme is None) != (best == 0):
            yield Fault(f"scheme {scheme} does not grant it {best} CNY", name)
    total = sum(int(grant) for grant in stations["grant_cny"])
    yield from unequal(plan.whole("siting", "grants_cny"), total, "grants_cny")


def _grant(scheme: Row, capital: int) -> int:
    share = (Decimal(str(scheme["rate"])) * capital).to_integral_value(rounding=ROUND_FLOOR)
    cap = int(scheme["cap_cny"])
    return min(int(share), cap) if cap else int(share)


def payers_follow(plan: PlanFiles) -> Faults:
    """Prove who pays what, and what a unit of service costs, by the layers."""
    stations, upgrades = plan.layer("stations"), plan.layer("supply_upgrades")
    changed = stations[stations["action"] != "keep"]
    capital, opex = (
        {owner: _whole(changed[changed["owner"] == owner][column]) for owner, _ in PAYERS}
        for column in ("capital_cny", "opex_cny_per_year")
    )
    public = capital["public"] + _whole(upgrades["cost_cny"])
    share = Decimal(str(plan.number("settings", "siting", "city_share")))
    city, city_opex = (
        int((share * amount).to_integral_value(rounding=ROUND_FLOOR))
        for amount in (public, opex["public"])
    )
    rows = [
        {"payer": "city", "capital_cny": city, "opex_cny_per_year": city_opex},
        {
            "payer": "county",
            "capital_cny": public - city,
            "opex_cny_per_year": opex["public"] - city_opex,
        },
        {
            "payer": "enterprise",
            "capital_cny": capital["enterprise"],
            "opex_cny_per_year": opex["enterprise"],
        },
    ]
    yield from unequal_rows(plan.rows("siting", "payers"), rows, ("payer",), "payers")
    rate = plan.number("settings", "siting", "discount_rate")
    shares = [int(cost) * annuity(rate, UPGRADE_LIFE_YEARS) for cost in upgrades["cost_cny"]]
    supply = sum(round(share) for share in shares)
    total = _whole(stations["annual_cost_cny"]) + supply
    yield from unequal(plan.whole("siting", "annual_cost_cny"), total, "annual_cost_cny")
    yield from unequal(plan.whole("siting", "upgrades_annual_cny"), supply, "upgrades_annual_cny")
    yield from _unit_costs_hold(plan, changed)


def _unit_costs_hold(plan: PlanFiles, changed: pd.DataFrame) -> Faults:
    stated = {str(row.get("energy")): row for row in plan.rows("siting", "unit_costs")}
    known = pd.Series(sorted(stated), dtype="str").isin(layers.ENERGIES)
    yield from rows_where(pd.DataFrame({"energy": sorted(stated)}), ~known, "energy", "no energy")
    for energy in layers.ENERGIES:
        mine = changed[changed["energy"] == energy]
        annual, served = _whole(mine["annual_cost_cny"]), float(mine["served_per_day"].sum()) * DAYS
        row = stated.get(energy)
        if row is None:
            if len(mine):
                yield Fault("unit_costs lacks an energy", energy)
            continue
        yield from unequal(row.get("annual_cost_cny"), annual, f"annual_cost_cny of {energy}")
        given = row.get("served_per_year")
        if not isinstance(given, int | float) or abs(given - served) > 1e-3 + 1e-9 * served:
            yield Fault(f"served_per_year is stated as {given}, proven {served:.3f}", energy)
        yield from _per_unit(row.get("cost_per_unit_cny"), annual, served, energy)


def _whole(amounts: pd.Series) -> int:
    return sum(int(amount) for amount in amounts)
