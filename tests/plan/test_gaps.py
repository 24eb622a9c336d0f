import pandas as pd
import pytest

from planner.plan.gaps import with_gaps


def test_coverage_gap_and_capacity_gap_never_mix():
    sums = pd.DataFrame(
        {"county_id": ["a"], "demand": [100.0], "covered": [70.0], "served": [45.0]}
    )
    row = with_gaps(sums).iloc[0]
    assert row["coverage_gap_per_day"] == 30.0, "out of reach"
    assert row["capacity_gap_per_day"] == 25.0, "in reach, beyond capacity"
    assert (row["covered_share"], row["served_share"]) == (0.7, 0.45)


def test_no_demand_has_no_share():
    sums = pd.DataFrame({"county_id": ["a"], "demand": [0.0], "covered": [0.0], "served": [0.0]})
    row = with_gaps(sums).iloc[0]
    assert pd.isna(row["covered_share"])
    assert pd.isna(row["served_share"])
    assert row["coverage_gap_per_day"] == 0.0


@pytest.mark.parametrize(("covered", "served"), [(100.0000001, 100.0000002), (99.9999999, 100.0)])
def test_binary_dust_makes_no_negative_gap(covered, served):
    sums = pd.DataFrame(
        {"county_id": ["a"], "demand": [100.0], "covered": [covered], "served": [served]}
    )
    row = with_gaps(sums).iloc[0]
    assert row["coverage_gap_per_day"] >= 0.0
    assert row["capacity_gap_per_day"] >= 0.0
    assert row["served_share"] <= 1.0
