"""Proves the subsidy: rate, cap, years, who bears the rest, budgets, and what spreading brings."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import Any

from planner.verify.closures import target_years
from planner.verify.faults import Fault, Faults, unequal, unequal_rows
from planner.verify.files import PlanFiles, Row
from planner.verify.testroads import counted_km

BORNE = ("cost_cny", "eligible_cny", "subsidy_cny", "own_cny")
PAYERS = ("city_cny", "county_cny", "enterprise_cny")
TOTAL, YEARLY = "total", "yearly"
NO_CAP = 10**30
Money = dict[int, int]
"""CNY by year."""


def subsidy_exact(plan: PlanFiles) -> Faults:
    """Prove the subsidy of every jurisdiction, to the yuan, and the third-party line."""
    stated = plan.layer("subsidies")
    rows = [_jurisdiction_row(plan, str(owner)) for owner in stated["jurisdiction_id"]]
    listed = [{key: _plain(getattr(row, key)) for key in rows[0]} for row in stated.itertuples()]
    key = ("jurisdiction_id",)
    yield from unequal_rows(listed, rows, key, "subsidies")
    yield from unequal_rows(plan.rows("subsidy", "rows"), rows, key, "subsidy.rows")
    entitled = {
        *plan.layer("materials")["jurisdiction_id"].dropna(),
        *plan.layer("test_roads")["jurisdiction_id"].dropna(),
    }
    for owner in sorted(entitled - set(stated["jurisdiction_id"])):
        yield Fault("subsidies leaves out a jurisdiction with test roads", str(owner))
    yield from _third_party_holds(plan)
    yield from _spreading_shown(plan)


def _jurisdiction_row(plan: PlanFiles, owner: str) -> Row:
    roads, rsus = plan.layer("test_roads"), plan.layer("rsus")
    mine = roads[roads["jurisdiction_id"] == owner]
    cost, eligible = sum(_spent(plan, owner).values()), _eligible(plan, owner)
    subsidy = sum(_granted(plan, eligible).values())
    uncapped = sum(_granted(plan, eligible, cap=NO_CAP).values())
    names = plan.layer("jurisdictions").set_index("jurisdiction_id")["name"]
    return {
        "jurisdiction_id": owner,
        "name": names.get(owner),
        "opened_km": counted_km(mine),
        "equipped_km": counted_km(mine[mine["equipped"]]),
        "n_rsus": int((rsus["jurisdiction_id"] == owner).sum()),
        "cost_cny": cost,
        "eligible_cny": sum(eligible.values()),
        "subsidy_cny": subsidy,
        "own_cny": cost - subsidy,
        "at_cap": subsidy < uncapped,
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of any column
    return value.item() if hasattr(value, "item") else value


def _spent(plan: PlanFiles, owner: str | None) -> Money:
    """Return what a jurisdiction, or nobody, spends in each year."""
    lines = plan.layer("materials")
    key = lines["jurisdiction_id"]
    mine = lines[key.isna() if owner is None else key == owner]
    return {
        year: sum(int(cny) for cny in mine.loc[mine["stage_year"] == year, "cost_cny"])
        for year in target_years(plan)
    }


def _eligible(plan: PlanFiles, owner: str | None) -> Money:
    """Return what of it is eligible: no works, in the calendar years of the validity."""
    lines = plan.layer("materials")
    key, (first, last) = lines["jurisdiction_id"], validity_years(plan)
    counts = lines["eligible"] & (lines["kind"] != "works")
    mine = lines[counts & (key.isna() if owner is None else key == owner)]
    return {
        year: sum(int(cny) for cny in mine.loc[mine["stage_year"] == year, "cost_cny"])
        if first <= year <= last
        else 0
        for year in target_years(plan)
    }


def _granted(plan: PlanFiles, eligible: Money, cap: int | None = None) -> Money:
    """Return the subsidy of each year by rate and cap, in whole yuan."""
    rate = Decimal(str(plan.number("settings", "subsidy", "rate")))
    limit = plan.whole("settings", "subsidy", "cap_cny") if cap is None else cap
    yearly = plan.text("settings", "subsidy", "cap_basis") == YEARLY
    paid: Money = {}
    so_far = 0
    for year, money in sorted(eligible.items()):
        so_far = money if yearly else so_far + money
        due = min(int((rate * so_far).to_integral_value(rounding=ROUND_FLOOR)), limit)
        paid[year] = due if yearly else due - sum(paid.values())
    return paid


def validity_years(plan: PlanFiles) -> tuple[int, int]:
    """Return the first and the last year in which spending is eligible."""
    first, last = (plan.text("settings", "subsidy", key) for key in ("valid_from", "valid_to"))
    return int(first[:4]), int(last[:4])


def _third_party_holds(plan: PlanFiles) -> Faults:
    first, last = validity_years(plan)
    years = [year for year in target_years(plan) if first <= year <= last]
    yearly = plan.whole("settings", "subsidy", "third_party_cny_per_year")
    yield from unequal(plan.figure("subsidy", "third_party_years"), years, "third_party_years")
    yield from unequal(
        plan.whole("subsidy", "third_party_cny"), yearly * len(years), "third_party_cny"
    )
    rows = [{"year": year, "third_party_cny": yearly * (year in years)}
            for year in target_years(plan)]  # fmt: skip
    yield from unequal_rows(plan.rows("subsidy", "by_year"), rows, ("year",), "third party")


def years_and_payers(plan: PlanFiles) -> Faults:
    """Prove spending and subsidy of each year, and what city, county and enterprises bear."""
    basis = plan.text("settings", "subsidy", "cap_basis")
    if basis not in (TOTAL, YEARLY):
        yield Fault(f"cap basis {basis} is not known")
    stated = plan.layer("subsidy_years")
    owners: list[str | None] = [*plan.layer("jurisdictions")["jurisdiction_id"]]
    if plan.layer("materials")["jurisdiction_id"].isna().any():
        owners.append(None)
    rows = [row for owner in owners for row in _year_rows(plan, owner)]
    keys = ("jurisdiction_id", "year")
    columns = (*keys, *BORNE, *PAYERS)
    listed = [
        {key: _known(_plain(getattr(row, key))) for key in columns} for row in stated.itertuples()
    ]
    yield from unequal_rows(listed, rows, keys, "subsidy_years")
    for column in (*BORNE, *PAYERS):
        total = sum(int(row[column]) for row in rows)
        yield from unequal(plan.whole("subsidy", column), total, f"subsidy {column}")


def _known(value: Any) -> Any:  # noqa: ANN401 - a cell of any column
    return None if isinstance(value, float) else value


def _year_rows(plan: PlanFiles, owner: str | None) -> list[Row]:
    cost, eligible = _spent(plan, owner), _eligible(plan, owner)
    paid = _granted(plan, eligible) if owner is not None else dict.fromkeys(cost, 0)
    rows = []
    for year in target_years(plan):
        own = cost[year] - paid[year]
        city, enterprise = (_share(plan, name, own) for name in ("city_share", "enterprise_share"))
        rows.append(
            {
                "jurisdiction_id": owner,
                "year": year,
                "cost_cny": cost[year],
                "eligible_cny": eligible[year],
                "subsidy_cny": paid[year],
                "own_cny": own,
                "city_cny": city,
                "county_cny": own - city - enterprise,
                "enterprise_cny": enterprise,
            }
        )
    return rows


def _share(plan: PlanFiles, name: str, money: int) -> int:
    share = Decimal(str(plan.number("settings", "subsidy", name)))
    return int((share * money).to_integral_value(rounding=ROUND_FLOOR))


def budgets_kept(plan: PlanFiles) -> Faults:
    """Prove that what the subsidy leaves of the cost keeps to the budget up to every year."""
    lines = plan.layer("materials")
    owners: list[str | None] = [*sorted(set(lines["jurisdiction_id"].dropna())), None]
    all_rows = [row for owner in owners for row in _year_rows(plan, owner)]
    budget, spent, rows = 0, 0, []
    for year, money in _budgets(plan).items():
        mine = [row for row in all_rows if row["year"] == year]
        budget += money
        spent += sum(row["own_cny"] for row in mine)
        rows.append(
            {"year": year, "budget_so_far_cny": budget, "own_so_far_cny": spent}
            | {key: sum(row[key] for row in mine) for key in (*BORNE, *PAYERS)}
        )
        if spent > budget:
            what = f"{spent} CNY beside the subsidy are spent by {year}, {budget} are there"
            yield Fault(what, str(year), spent - budget)
    yield from unequal_rows(plan.rows("subsidy", "by_year"), rows, ("year",), "by_year")


def _budgets(plan: PlanFiles) -> Money:
    """Return the new money of each year; without amounts by year the whole divided evenly."""
    years = target_years(plan)
    given = plan.mapping("settings", "test_roads", "equipment_budget_cny_by_year")
    if given:
        return {year: int(given.get(str(year), 0)) for year in years}
    whole = plan.whole("settings", "test_roads", "equipment_budget_cny")
    each = dict.fromkeys(years, whole // len(years))
    return each | {years[-1]: whole - whole // len(years) * (len(years) - 1)}


def _spreading_shown(plan: PlanFiles) -> Faults:
    """Prove what the subsidy would be in one jurisdiction, and how many reach the cap."""
    owned = [
        _eligible(plan, str(owner)) for owner in plan.layer("jurisdictions")["jurisdiction_id"]
    ]
    together = {year: sum(row[year] for row in owned) for year in target_years(plan)}
    proven = sum(_granted(plan, together).values())
    stated = plan.whole("subsidy", "subsidy_if_one_jurisdiction_cny")
    yield from unequal(stated, proven, "subsidy_if_one_jurisdiction_cny")
    capped = sum(
        sum(_granted(plan, row).values()) < sum(_granted(plan, row, cap=NO_CAP).values())
        for row in owned
    )
    yield from unequal(plan.whole("subsidy", "n_at_cap"), capped, "n_at_cap")
