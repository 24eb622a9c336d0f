"""Owns the subsidy: what jurisdictions spend on equipment, what they get, who bears the rest."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from planner.layers import SUBSIDIES, SUBSIDY_YEARS
from planner.scenario.models import SubsidySettings
from planner.testroads.instance import METRES_PER_KM


def granted(eligible_cny: dict[int, int], settings: SubsidySettings) -> dict[int, int]:
    """Return what one jurisdiction gets in each year, in whole yuan and exact arithmetic.

    The rate is paid on eligible spending in the calendar years of the validity. A total cap
    limits the sum over all of them, a yearly cap each; parts of a yuan are dropped from what
    the cap looks at.

    Parameters
    ----------
    eligible_cny
        Eligible spending by year.

    Examples
    --------
    >>> from datetime import date
    >>> rules = dict(rate=0.5, cap_cny=5, valid_from=date(2025, 8, 16),
    ...              valid_to=date(2026, 12, 31), third_party_cny_per_year=0,
    ...              city_share=0.0, enterprise_share=0.0)
    >>> spent = {2025: 7, 2026: 9, 2027: 9}
    >>> granted(spent, SubsidySettings(cap_basis="total", **rules))
    {2025: 3, 2026: 2, 2027: 0}
    >>> granted(spent, SubsidySettings(cap_basis="yearly", **rules))
    {2025: 3, 2026: 4, 2027: 0}
    """
    rate = Fraction(str(settings.rate))
    first, last = settings.valid_from.year, settings.valid_to.year
    paid: dict[int, int] = {}
    so_far = 0
    for year in sorted(eligible_cny):
        valid = first <= year <= last
        counted = eligible_cny[year] if valid else 0
        if settings.cap_basis == "yearly":
            paid[year] = min(int(rate * counted), settings.cap_cny)
        else:
            so_far += counted
            paid[year] = min(int(rate * so_far), settings.cap_cny) - sum(paid.values())
    return paid


def valid_spending(eligible_cny: dict[int, int], settings: SubsidySettings) -> int:
    """Return the eligible spending of the years in which the policy is valid."""
    first, last = settings.valid_from.year, settings.valid_to.year
    return sum(money for year, money in eligible_cny.items() if first <= year <= last)


def limited_by_cap(eligible_cny: dict[int, int], settings: SubsidySettings) -> bool:
    """Return whether the cap takes something off what the rate alone would give."""
    free = settings.model_copy(update={"cap_cny": 2**62})
    return sum(granted(eligible_cny, settings).values()) < sum(granted(eligible_cny, free).values())


def subsidy_years(
    jurisdictions: pd.DataFrame, materials: pd.DataFrame, years: list[int],
    settings: SubsidySettings,
) -> pd.DataFrame:  # fmt: skip
    """Return ``layers.SUBSIDY_YEARS``: a row per jurisdiction and year, also where it is nothing.

    Spending outside all jurisdictions comes last, without any subsidy. City and enterprises
    bear their share of what the subsidy leaves, rounded down; the county bears the rest.
    """
    owners: list[str | None] = [*sorted(str(key) for key in jurisdictions["jurisdiction_id"])]
    if materials["jurisdiction_id"].isna().any():
        owners.append(None)
    rows = []
    for owner in owners:
        mine = materials[_of(materials, owner)]
        eligible = _by_year(mine[mine["eligible"]], years)
        cost = _by_year(mine, years)
        given = granted(eligible, settings) if owner is not None else dict.fromkeys(years, 0)
        for year in years:
            counted = valid_spending({year: eligible[year]}, settings)
            rest = _split(cost[year] - given[year], settings)
            rows.append((owner, year, cost[year], counted, given[year], *rest))
    frame = pd.DataFrame(rows, columns=SUBSIDY_YEARS.column_names())
    return frame.astype({column.name: column.dtype for column in SUBSIDY_YEARS.columns})


def _of(frame: pd.DataFrame, owner: str | None) -> pd.Series:
    key = frame["jurisdiction_id"]
    return key.isna() if owner is None else key == owner


def _by_year(materials: pd.DataFrame, years: list[int]) -> dict[int, int]:
    sums = materials.groupby("stage_year")["cost_cny"].sum()
    return {year: int(sums.get(year, 0)) for year in years}


def _split(own_cny: int, settings: SubsidySettings) -> tuple[int, int, int, int]:
    city = int(Fraction(str(settings.city_share)) * own_cny)
    enterprise = int(Fraction(str(settings.enterprise_share)) * own_cny)
    return own_cny, city, own_cny - city - enterprise, enterprise


def subsidy_rows(
    jurisdictions: pd.DataFrame,
    test_roads: pd.DataFrame,
    rsus: pd.DataFrame,
    years: pd.DataFrame,
    settings: SubsidySettings,
) -> pd.DataFrame:
    """Return ``layers.SUBSIDIES``: one row per jurisdiction, also where nothing is built.

    Parameters
    ----------
    years
        Satisfies ``layers.SUBSIDY_YEARS``; the money is its sums.
    """
    rows = []
    listed = jurisdictions.sort_values("jurisdiction_id", kind="stable")
    for key, name in zip(listed["jurisdiction_id"], listed["name"], strict=True):
        roads = test_roads[test_roads["jurisdiction_id"] == key]
        mine = years[years["jurisdiction_id"] == key]
        eligible = dict(zip(mine["year"].tolist(), mine["eligible_cny"].tolist(), strict=True))
        rows.append(
            {
                "jurisdiction_id": str(key),
                "name": str(name),
                "opened_km": _km(roads),
                "equipped_km": _km(roads[roads["equipped"]]),
                "n_rsus": int((rsus["jurisdiction_id"] == key).sum()),
                "at_cap": limited_by_cap(eligible, settings),
            }
            | {
                column: int(mine[column].sum())
                for column in ("cost_cny", "eligible_cny", "subsidy_cny", "own_cny")
            }
        )
    frame = pd.DataFrame(rows, columns=SUBSIDIES.column_names())
    return frame.astype({column.name: column.dtype for column in SUBSIDIES.columns})


def _km(roads: pd.DataFrame) -> float:
    return round(float(roads["counted_m"].sum()) / METRES_PER_KM, 6)
