import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.layers import CLOSED_ROADS, LEDGER, validate
from planner.plan import ledger

NO_KM = dict.fromkeys(ledger.KM, 0.0)


def owned(**columns):
    return pd.DataFrame(columns).astype({"county_id": "str", "jurisdiction_id": "str"})


@pytest.fixture
def test_roads():
    return owned(
        segment_id=["s1", "s2", "s3", "s4"],
        stage_year=[2024, 2025, 2025, 2027],
        county_id=["a", "a", "b", "b"],
        jurisdiction_id=["a", "z", "z", None],
        road_class=["primary", "primary", "tertiary", "tertiary"],
        complexity_grade=[1, 2, 2, 3],
        counted_m=[1000.125, 2000.25, 500.5, 250.125],
        centreline_m=[1000.125, 2000.25, 500.5, 250.125],
        carriageway_m=[1000.125, 4000.5, 500.5, 500.25],
        equipped=[False, True, False, True],
        equipped_year=[np.nan, 2025, np.nan, 2027],
    )


@pytest.fixture
def closed_roads():
    return owned(
        segment_id=["s8", "s9"],
        opened_year=[2020, 2024],
        closed_year=[2023, 2026],
        county_id=["a", "a"],
        jurisdiction_id=["a", "a"],
        road_class=["primary", "primary"],
        complexity_grade=[1, 1],
        counted_m=[300.25, 10.001],
        centreline_m=[300.25, 10.001],
        carriageway_m=[600.5, 10.001],
    )


@pytest.fixture
def no_closed(closed_roads):
    return closed_roads.iloc[:0]


def test_the_ledger_lists_what_each_year_adds_and_keeps_every_millimetre(test_roads, no_closed):
    rows = ledger.ledger_frame(test_roads, no_closed)
    assert rows["year"].tolist() == [2024, 2025, 2025, 2027]
    assert rows["opened_km"].tolist() == [1.000125, 2.00025, 0.5005, 0.250125]
    assert rows["opened_carriageway_km"].tolist() == [1.000125, 4.0005, 0.5005, 0.50025]
    assert rows["equipped_centreline_km"].tolist() == [0.0, 2.00025, 0.0, 0.250125]
    assert rows["equipped_carriageway_km"].tolist() == [0.0, 4.0005, 0.0, 0.50025]
    assert pd.isna(rows["jurisdiction_id"].iloc[-1]), "km without a jurisdiction are not lost"


def test_closed_roads_are_taken_away_in_their_year(test_roads, closed_roads):
    rows = ledger.ledger_frame(test_roads, closed_roads)
    removed = rows[rows["change"] == "removed"]
    assert removed["year"].tolist() == [2023, 2026]
    assert removed["opened_km"].tolist() == [-0.30025, -0.010001]
    assert removed["opened_carriageway_km"].tolist() == [-0.6005, -0.010001]
    assert (removed["equipped_km"] == 0).all()
    ends = {row["year"]: row for row in ledger.by_year(rows)}
    assert ends[2020] == ends[2020] | {"opened_km": 0.30025, "opened_carriageway_km": 0.6005}
    assert ends[2023] == {"year": 2023} | NO_KM
    assert ends[2024]["opened_km"] == 1.010126, "1000.125 m and 10.001 m"
    assert ends[2025]["opened_km"] == 3.510876
    assert ends[2026]["opened_km"] == 3.500875
    assert ends[2027] == {"year": 2027} | ledger.totals(test_roads)


def test_the_ledger_satisfies_its_layer(test_roads, closed_roads):
    for roads, closed in ((test_roads, closed_roads), (test_roads.iloc[:0], closed_roads.iloc[:0])):
        rows = ledger.ledger_frame(roads, closed)
        assert validate(rows, LEDGER).columns.tolist() == LEDGER.column_names()


def test_every_cut_adds_up_to_the_same_totals(test_roads):
    totals = ledger.totals(test_roads)
    assert ledger.opened_km(test_roads) == totals["opened_km"] == 3.751
    assert totals["opened_carriageway_km"] == 6.001375
    for key in ("county_id", "jurisdiction_id", "road_class", "complexity_grade"):
        rows = ledger.by_column(test_roads, key)
        for name in ledger.KM:
            assert sum(row[name] for row in rows) == pytest.approx(totals[name], abs=1e-9)


def test_owners_without_a_kilometre_are_listed(test_roads):
    owners = pd.DataFrame({"county_id": ["c", "a", "b"], "name": ["丙", "甲", "乙"]})
    rows = ledger.by_name(test_roads, "county_id", owners)
    assert [row["name"] for row in rows] == ["甲", "乙", "丙"]
    assert rows[0]["opened_km"] == 3.000375
    assert rows[0]["opened_carriageway_km"] == 5.000625
    assert rows[2] == {"county_id": "c", "name": "丙"} | NO_KM


def test_a_road_opened_before_is_equipped_in_the_plans_first_year(test_roads, no_closed):
    test_roads.loc[0, ["equipped", "equipped_year"]] = [True, 2025]
    rows = ledger.ledger_frame(test_roads, no_closed)
    of = {(row.year, row.county_id, row.jurisdiction_id): row for row in rows.itertuples()}
    assert (of[2024, "a", "a"].opened_km, of[2024, "a", "a"].equipped_km) == (1.000125, 0.0)
    assert (of[2025, "a", "a"].opened_km, of[2025, "a", "a"].equipped_km) == (0.0, 1.000125)
    assert rows["equipped_km"].sum() == pytest.approx(1.000125 + 2.00025 + 0.250125)


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 30))
def test_the_order_of_roads_changes_nothing_and_years_add_up(random, count):
    roads = owned(
        segment_id=[f"s{row}" for row in range(count)],
        stage_year=[random.choice([2024, 2025, 2027]) for _ in range(count)],
        county_id=[random.choice("ab") for _ in range(count)],
        jurisdiction_id=[random.choice(["j", "k", None]) for _ in range(count)],
        road_class=[random.choice(["primary", "tertiary"]) for _ in range(count)],
        complexity_grade=[random.randint(1, 5) for _ in range(count)],
        centreline_m=[random.randint(0, 10**7) / 1000 for _ in range(count)],
        equipped=[random.random() < 0.5 for _ in range(count)],
    )
    roads["carriageway_m"] = roads["counted_m"] = 2 * roads["centreline_m"]
    roads["equipped_year"] = roads["stage_year"].clip(lower=2025).where(roads["equipped"])
    none = gpd.GeoDataFrame({name: pd.Series(dtype=float) for name in CLOSED_ROADS.column_names()})
    order = random.sample(range(count), count)
    rows = ledger.ledger_frame(roads, none)
    pd.testing.assert_frame_equal(rows, ledger.ledger_frame(roads.iloc[order], none))
    last = ledger.by_year(rows)[-1]
    assert {name: last[name] for name in ledger.KM} == pytest.approx(ledger.totals(roads), abs=1e-9)
