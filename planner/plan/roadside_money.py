"""Counts the money of roadside equipment: materials by item, subsidy by year, caps, payers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd

from planner.scenario import Scenario

Row = dict[str, Any]
BORNE = ("cost_cny", "eligible_cny", "subsidy_cny", "own_cny")
PAYERS = ("city_cny", "county_cny", "enterprise_cny")


def material_rows(materials: pd.DataFrame, scenario: Scenario) -> list[Row]:
    """Return how many of each item the plan buys and what they cost, in catalogue order."""
    sums = materials.groupby("item")[["n", "cost_cny"]].sum()
    return [
        {
            "item": name,
            "zh": item.zh,
            "en": item.en,
            "kind": item.kind,
            "eligible": item.eligible,
            "n": int(sums["n"].get(name, 0)),
            "unit_cost_cny": item.unit_cost_cny,
            "cost_cny": int(sums["cost_cny"].get(name, 0)),
            "trust": item.trust,
        }
        for name, item in scenario.equipment.items()
    ]


def subsidy_figures(frames: dict[str, pd.DataFrame], rows: list[Row], scenario: Scenario) -> Row:
    """Return subsidy and cost by jurisdiction and year, and what spreading over them brings.

    Parameters
    ----------
    rows
        The rows of ``layers.SUBSIDIES`` as plain values.
    """
    years = frames["subsidy_years"]
    by_year = _by_year(years, scenario)
    paid_years = [row["year"] for row in by_year if row["third_party_cny"] is not None]
    return {
        "rows": rows,
        **{key: int(years[key].sum()) for key in (*BORNE, *PAYERS)},
        "by_year": [row | {"third_party_cny": row["third_party_cny"] or 0} for row in by_year],
        "third_party_cny": scenario.subsidy.third_party_cny_per_year * len(paid_years),
        "third_party_years": paid_years,
        "subsidy_if_one_jurisdiction_cny": _as_one(years, scenario),
        "n_at_cap": sum(bool(row["at_cap"]) for row in rows),
    }


def _by_year(years: pd.DataFrame, scenario: Scenario) -> list[Row]:
    policy, budget, spent = scenario.subsidy, 0, 0
    rows: list[Row] = []
    for year, money in scenario.test_roads.equipment_budgets().items():
        mine = years[years["year"] == year]
        budget += money
        spent += int(mine["own_cny"].sum())
        valid = policy.valid_from.year <= year <= policy.valid_to.year
        rows.append(
            {
                "year": year,
                **{key: int(mine[key].sum()) for key in (*BORNE, *PAYERS)},
                "third_party_cny": policy.third_party_cny_per_year if valid else None,
                "budget_so_far_cny": budget,
                "own_so_far_cny": spent,
            }
        )
    return rows


def _as_one(years: pd.DataFrame, scenario: Scenario) -> int:
    """Return what the subsidy would be if one jurisdiction had spent all that is eligible."""
    policy = scenario.subsidy
    owned = years[years["jurisdiction_id"].notna()]
    spent = [int(money) for money in owned.groupby("year")["eligible_cny"].sum()]
    rate = Fraction(str(policy.rate))
    if policy.cap_basis == "yearly":
        return sum(min(int(rate * money), policy.cap_cny) for money in spent)
    return min(int(rate * sum(spent)), policy.cap_cny)
