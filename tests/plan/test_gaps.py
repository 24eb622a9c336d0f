from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from small_answer import small_scenario

from planner.layers import ENERGIES
from planner.plan import gaps
from planner.plan.gaps import phases, point_gaps, with_gaps


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


@pytest.fixture
def siting():
    """Return one existing and one station of 2026, both on the node of the only demand point."""
    ids, status = ["x-1", "p-1"], ["existing", "planned"]
    stations = {"station_id": ids, "energy": "charging", "status": status, "node_id": ["far", "n"]}
    years = [("x-1", 2025), ("x-1", 2026), ("p-1", 2026), ("x-1", 2027), ("p-1", 2027)]
    served = [("2026", 30.0), ("after", 60.0), ("after", 10.0)]
    return SimpleNamespace(
        stations=pd.DataFrame(stations),
        station_years=pd.DataFrame(years, columns=["station_id", "year"]),
        assignments=pd.DataFrame(
            [[phase, "charging", "d1", amount] for phase, amount in served],
            columns=["phase", "energy", "demand_id", "served_per_day"],
        ),
    )


@pytest.fixture
def rows(siting, monkeypatch):
    # One node is near: a station on node n is at 0 m, one elsewhere out of reach.
    def nearest(_network, node_ids, *, limit_m):
        assert limit_m > 0
        return np.array([0.0 if "n" in list(node_ids) else np.inf])

    monkeypatch.setattr(gaps, "nearest_m", nearest)
    monkeypatch.setattr(gaps, "node_rows", lambda _network, ids: np.zeros(len(ids), dtype=int))
    points = gpd.GeoDataFrame(
        {"demand_id": ["d1"], "county_id": ["a"], "township_id": [None], "area_class": ["urban"],
         "node_id": ["n"]}
    )  # fmt: skip
    demand = np.zeros((3, 1, len(ENERGIES)))
    demand[:, 0, 0] = [40.0, 50.0, 100.0]
    table = point_gaps(points, demand, siting, None, small_scenario())
    return table[table["energy"] == "charging"].set_index("phase")


def test_phases_are_before_the_years_between_and_after():
    assert phases(small_scenario()) == ("before", "2025", "2026", "after")


def test_a_phase_has_the_demand_of_its_year(rows):
    assert rows["demand"].to_dict() == {
        "before": 100.0, "2025": 40.0, "2026": 50.0, "after": 100.0,
    }  # fmt: skip


def test_a_phase_has_the_stations_of_its_year(rows):
    assert rows["covered"].to_dict() == {"before": 0.0, "2025": 0.0, "2026": 50.0, "after": 100.0}


def test_a_phase_has_what_is_served_in_it(rows):
    assert rows["served"].to_dict() == {"before": 0.0, "2025": 0.0, "2026": 30.0, "after": 70.0}


def test_gaps_are_summed_by_county_in_the_order_of_phases(rows):
    table = gaps.county_gaps(rows.reset_index(), pd.DataFrame({"county_id": ["a", "b"]}))
    mine = table[(table["county_id"] == "a") & (table["energy"] == "charging")]
    assert list(mine["phase"]) == ["before", "2025", "2026", "after"]
    assert list(mine["coverage_gap_per_day"]) == [100.0, 40.0, 0.0, 0.0]
    assert list(mine["capacity_gap_per_day"]) == [0.0, 0.0, 20.0, 30.0]
