"""Owns the subsidy: what each jurisdiction spends on equipment and what it gets back."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from planner.scenario.models import SubsidySettings

METRES_PER_KM = 1000.0
DTYPES = {
    "jurisdiction_id": "str",
    "name": "str",
    "opened_km": "float64",
    "equipped_km": "float64",
    "n_rsus": "int64",
    "eligible_cny": "int64",
    "subsidy_cny": "int64",
    "own_cny": "int64",
}


def subsidy_cny(eligible_cny: int, settings: SubsidySettings) -> int:
    """Return min(floor(rate x eligible), cap), in whole yuan and exact arithmetic."""
    rate = Fraction(str(settings.rate))
    return min(int(rate * eligible_cny), settings.cap_cny)


def subsidy_rows(
    jurisdictions: pd.DataFrame,
    test_roads: pd.DataFrame,
    rsus: pd.DataFrame,
    settings: SubsidySettings,
) -> pd.DataFrame:
    """Return ``layers.SUBSIDIES``: one row per jurisdiction, also where nothing is built.

    Eligible is what is spent on units in the calendar years of the policy's validity.
    """
    first, last = settings.valid_from.year, settings.valid_to.year
    rows = []
    listed = jurisdictions.sort_values("jurisdiction_id", kind="stable")
    for key, name in zip(listed["jurisdiction_id"], listed["name"], strict=True):
        roads = test_roads[test_roads["jurisdiction_id"] == key]
        own_units = rsus[rsus["jurisdiction_id"] == key]
        valid = own_units["stage_year"].between(first, last)
        eligible = int(own_units.loc[valid, "cost_cny"].sum())
        granted = subsidy_cny(eligible, settings)
        rows.append(
            {
                "jurisdiction_id": str(key),
                "name": str(name),
                "opened_km": _km(roads),
                "equipped_km": _km(roads[roads["equipped"]]),
                "n_rsus": len(own_units),
                "eligible_cny": eligible,
                "subsidy_cny": granted,
                "own_cny": eligible - granted,
            }
        )
    return pd.DataFrame(rows, columns=list(DTYPES)).astype(DTYPES)


def _km(roads: pd.DataFrame) -> float:
    return round(float(roads["counted_m"].sum()) / METRES_PER_KM, 6)
