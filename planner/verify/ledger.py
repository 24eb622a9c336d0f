"""Proves the ledgers: opened and equipped kilometres by year and by every cut, and the subsidy."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import Any

import pandas as pd

from planner.verify.faults import Fault, Faults, unequal, unequal_rows
from planner.verify.files import PlanFiles, Row
from planner.verify.testroads import counted_km, target_years

KM_TOLERANCE = 1.5e-6
SUBSIDY_FIGURES = ("opened_km", "equipped_km", "n_rsus", "eligible_cny", "subsidy_cny", "own_cny")
SUMMED = ("eligible_cny", "subsidy_cny", "own_cny")


def ledgers_reconcile(plan: PlanFiles) -> Faults:
    """Prove that every ledger row, every cut and every total are sums of the test roads."""
    roads = plan.layer("test_roads").rename(columns={"stage_year": "year"})
    keys = ("year", "county_id", "jurisdiction_id", "road_class")
    yield from unequal_rows(
        plan.rows("test_roads", "ledger"), _ledger(plan, roads, keys), keys, "ledger"
    )
    for key, name in (("road_class", "by_class"), ("complexity_grade", "by_grade")):
        yield from unequal_rows(plan.rows("test_roads", name), _cut(roads, (key,)), (key,), name)
    for key, layer in (("county_id", "counties"), ("jurisdiction_id", "jurisdictions")):
        name = "by_county" if layer == "counties" else "by_jurisdiction"
        found = {row[key]: row for row in _cut(roads.dropna(subset=[key]), (key,))}
        none = {"opened_km": 0.0, "equipped_km": 0.0}
        owners = plan.layer(layer)
        rows = [
            {key: owner, "name": title} | found.get(owner, none)
            for owner, title in zip(owners[key], owners["name"], strict=True)
        ]
        yield from unequal_rows(plan.rows("test_roads", name), rows, (key,), name)
    totals = {"opened_km": counted_km(roads), "equipped_km": counted_km(roads[roads["equipped"]])}
    for name, km in totals.items():
        yield from unequal(plan.number("test_roads", name), km, name)


def _ledger(plan: PlanFiles, roads: pd.DataFrame, keys: tuple[str, ...]) -> list[Row]:
    """Return km opened in their year and km equipped, in the plan's first year at the earliest."""
    fitted = roads[roads["equipped"]]
    fitted = fitted.assign(year=fitted["year"].clip(lower=target_years(plan)[0]))
    entries = {
        tuple(row[key] for key in keys): row | {"equipped_km": 0.0}
        for row in _cut(roads.assign(equipped=False), keys)
    }
    for row in _cut(fitted, keys):
        entry = entries.setdefault(tuple(row[key] for key in keys), row | {"opened_km": 0.0})
        entry["equipped_km"] = row["equipped_km"]
    return list(entries.values())


def _cut(roads: pd.DataFrame, keys: tuple[str, ...]) -> list[Row]:
    rows = []
    for key, group in roads.groupby(list(keys), dropna=False, sort=True):
        row: Row = {name: _plain(value) for name, value in zip(keys, key, strict=True)}
        row["opened_km"] = counted_km(group)
        row["equipped_km"] = counted_km(group[group["equipped"]])
        rows.append(row)
    return rows


def _plain(value: Any) -> str | int | None:  # noqa: ANN401 - a cell of any column
    if pd.isna(value):
        return None
    return value if isinstance(value, str) else int(value)


def subsidy_exact(plan: PlanFiles) -> Faults:
    """Prove the subsidy of every jurisdiction: min(rate x eligible, cap), to the yuan."""
    stated = plan.layer("subsidies")
    rows = [_jurisdiction_row(plan, str(owner)) for owner in stated["jurisdiction_id"]]
    names = plan.layer("jurisdictions").set_index("jurisdiction_id")["name"]
    for row in rows:
        row["name"] = names.get(row["jurisdiction_id"])
    listed = [
        {key: _number(getattr(row, key)) for key in ("jurisdiction_id", "name", *SUBSIDY_FIGURES)}
        for row in stated.itertuples()
    ]
    key = ("jurisdiction_id",)
    yield from unequal_rows(listed, rows, key, "subsidies")
    yield from unequal_rows(plan.rows("subsidy", "rows"), rows, key, "subsidy.rows")
    entitled = {
        *plan.layer("rsus")["jurisdiction_id"].dropna(),
        *plan.layer("test_roads")["jurisdiction_id"].dropna(),
    }
    for owner in sorted(entitled - set(stated["jurisdiction_id"])):
        yield Fault("subsidies leaves out a jurisdiction with test roads", str(owner))
    for column in SUMMED:
        total = sum(int(row[column]) for row in rows)
        yield from unequal(plan.whole("subsidy", column), total, f"subsidy {column}")
    yield from _third_party_holds(plan)


def _number(value: Any) -> Any:  # noqa: ANN401 - a cell of any column
    return value.item() if hasattr(value, "item") else value


def _jurisdiction_row(plan: PlanFiles, owner: str) -> Row:
    roads, rsus = plan.layer("test_roads"), plan.layer("rsus")
    mine = roads[roads["jurisdiction_id"] == owner]
    units = rsus[rsus["jurisdiction_id"] == owner]
    first, last = validity_years(plan)
    dated = units[(units["stage_year"] >= first) & (units["stage_year"] <= last)]
    eligible = sum(int(cost) for cost in dated["cost_cny"])
    rate = Decimal(str(plan.number("settings", "subsidy", "rate")))
    granted = int((rate * eligible).to_integral_value(rounding=ROUND_FLOOR))
    subsidy = min(granted, plan.whole("settings", "subsidy", "cap_cny"))
    return {
        "jurisdiction_id": owner,
        "opened_km": counted_km(mine),
        "equipped_km": counted_km(mine[mine["equipped"]]),
        "n_rsus": len(units),
        "eligible_cny": eligible,
        "subsidy_cny": subsidy,
        "own_cny": eligible - subsidy,
    }


def validity_years(plan: PlanFiles) -> tuple[int, int]:
    """Return the first and the last year in which spending is eligible."""
    first, last = (plan.text("settings", "subsidy", key) for key in ("valid_from", "valid_to"))
    return int(first[:4]), int(last[:4])


def _third_party_holds(plan: PlanFiles) -> Faults:
    first, last = validity_years(plan)
    years = [year for year in target_years(plan) if first <= year <= last]
    yield from unequal(plan.figure("subsidy", "third_party_years"), years, "third_party_years")
    paid = plan.whole("settings", "subsidy", "third_party_cny_per_year") * len(years)
    yield from unequal(plan.whole("subsidy", "third_party_cny"), paid, "third_party_cny")
