"""Proves the subsidy to the yuan: rate, both kinds of cap, years of validity, payers."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from planner.scenario.models import SubsidySettings
from planner.testroads.subsidy import granted, limited_by_cap, subsidy_rows, subsidy_years

SETTINGS = SubsidySettings(
    rate=0.5,
    cap_cny=5_000_000,
    valid_from=date(2025, 8, 16),
    valid_to=date(2027, 12, 31),
    third_party_cny_per_year=2_000_000,
    cap_basis="total",
    city_share=0.3,
    enterprise_share=0.1,
)
YEARS = [2025, 2026, 2027, 2028]


def other(**values):
    return SETTINGS.model_copy(update=values)


@pytest.mark.parametrize(
    ("eligible", "paid"),
    [(12_000_000, 5_000_000), (7_000_000, 3_500_000), (10_000_001, 5_000_000), (3, 1), (0, 0)],
)
def test_half_of_what_is_eligible_up_to_the_cap_to_the_yuan(eligible, paid):
    assert granted({2025: eligible}, SETTINGS) == {2025: paid}


def test_the_subsidy_is_exact_where_floats_are_not():
    # 0.29 * 100 is 28.999999999999996 in floating point.
    assert granted({2026: 100}, other(rate=0.29)) == {2026: 29}


def test_a_total_cap_is_used_up_and_a_yearly_one_begins_anew():
    spent = {2025: 6_000_000, 2026: 6_000_000, 2027: 2_000_000}
    assert granted(spent, SETTINGS) == {2025: 3_000_000, 2026: 2_000_000, 2027: 0}
    yearly = other(cap_basis="yearly", cap_cny=2_500_000)
    assert granted(spent, yearly) == {2025: 2_500_000, 2026: 2_500_000, 2027: 1_000_000}


def test_odd_yuan_of_two_years_make_one_under_a_total_cap_only():
    spent = {2025: 3, 2026: 3}
    assert granted(spent, SETTINGS) == {2025: 1, 2026: 2}
    assert granted(spent, other(cap_basis="yearly")) == {2025: 1, 2026: 1}


def test_nothing_is_paid_outside_the_years_of_validity():
    assert granted({2024: 100, 2025: 100, 2028: 100}, SETTINGS) == {2024: 0, 2025: 50, 2028: 0}


def test_a_cap_that_takes_nothing_off_does_not_limit():
    assert not limited_by_cap({2025: 10_000_000}, SETTINGS)
    assert limited_by_cap({2025: 10_000_002}, SETTINGS)


def bill(*rows):
    return pd.DataFrame(rows, columns=["jurisdiction_id", "stage_year", "cost_cny", "eligible"])


def test_a_case_by_hand_with_works_two_years_and_three_payers():
    # a: 2025 7,000,000 eligible + 1,000,003 works, 2027 6,000,001 eligible.
    # Subsidy 3,500,000, then 1,500,000 of the 3,000,000 that the rate gives: the cap.
    jurisdictions = pd.DataFrame({"jurisdiction_id": ["b", "a"], "name": ["B", "A"]})
    materials = bill(
        ("a", 2025, 7_000_000, True),
        ("a", 2025, 1_000_003, False),
        ("a", 2027, 6_000_001, True),
        ("a", 2028, 9, True),
    )
    years = subsidy_years(jurisdictions, materials, YEARS, SETTINGS)
    mine = years[years["jurisdiction_id"] == "a"].drop(columns="jurisdiction_id")
    assert mine.to_numpy().tolist() == [
        [2025, 8_000_003, 7_000_000, 3_500_000, 4_500_003, 1_350_000, 2_700_003, 450_000],
        [2026, 0, 0, 0, 0, 0, 0, 0],
        [2027, 6_000_001, 6_000_001, 1_500_000, 4_500_001, 1_350_000, 2_700_001, 450_000],
        [2028, 9, 0, 0, 9, 2, 7, 0],
    ]
    assert (years.loc[years["jurisdiction_id"] == "b", "cost_cny"] == 0).all()
    roads = pd.DataFrame({"jurisdiction_id": ["a"], "equipped": [True], "counted_m": [1234.5678]})
    rsus = pd.DataFrame({"jurisdiction_id": ["a", "a"]})
    rows = subsidy_rows(jurisdictions, roads, rsus, years, SETTINGS)
    assert rows.iloc[0].to_dict() == {
        "jurisdiction_id": "a", "name": "A", "opened_km": 1.234568, "equipped_km": 1.234568,
        "n_rsus": 2, "cost_cny": 14_000_013, "eligible_cny": 13_000_001,
        "subsidy_cny": 5_000_000, "own_cny": 9_000_013, "at_cap": True,
    }  # fmt: skip
    assert rows.iloc[1].tolist() == ["b", "B", 0.0, 0.0, 0, 0, 0, 0, 0, False]


def test_what_is_spent_outside_all_jurisdictions_gets_nothing():
    jurisdictions = pd.DataFrame({"jurisdiction_id": ["a"], "name": ["A"]})
    materials = bill((None, 2025, 100, True)).astype({"jurisdiction_id": "str"})
    years = subsidy_years(jurisdictions, materials, [2025], SETTINGS)
    assert years["subsidy_cny"].tolist() == [0, 0]
    assert years["own_cny"].tolist() == [0, 100]
