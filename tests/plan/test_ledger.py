import pandas as pd
import pytest

from planner.plan import ledger


@pytest.fixture
def test_roads():
    return pd.DataFrame(
        {
            "segment_id": ["s1", "s2", "s3", "s4"],
            "stage_year": [2024, 2025, 2025, 2027],
            "county_id": ["a", "a", "b", "b"],
            "jurisdiction_id": ["a", "z", "z", None],
            "road_class": ["primary", "primary", "tertiary", "tertiary"],
            "complexity_grade": [1, 2, 2, 3],
            "counted_m": [1000.125, 2000.25, 500.5, 250.125],
            "equipped": [False, True, False, True],
        }
    )


def test_the_ledger_lists_what_each_year_adds_and_keeps_every_millimetre(test_roads):
    rows = ledger.ledger(test_roads, 2025)
    assert [row["year"] for row in rows] == [2024, 2025, 2025, 2027]
    assert [row["opened_km"] for row in rows] == [1.000125, 2.00025, 0.5005, 0.250125]
    assert [row["equipped_km"] for row in rows] == [0.0, 2.00025, 0.0, 0.250125]
    assert rows[-1]["jurisdiction_id"] is None, "km without a jurisdiction are not lost"


def test_every_cut_adds_up_to_the_same_total(test_roads):
    total = ledger.opened_km(test_roads)
    assert total == 3.751
    for key in ("county_id", "road_class", "complexity_grade"):
        rows = ledger.by_column(test_roads, key)
        assert sum(row["opened_km"] for row in rows) == pytest.approx(total, abs=1e-9)


def test_owners_without_a_kilometre_are_listed(test_roads):
    owners = pd.DataFrame({"county_id": ["c", "a", "b"], "name": ["丙", "甲", "乙"]})
    rows = ledger.by_name(test_roads, "county_id", owners)
    assert [row["name"] for row in rows] == ["甲", "乙", "丙"]
    assert rows[0]["opened_km"] == 3.000375
    assert rows[2] == {"county_id": "c", "name": "丙", "opened_km": 0.0, "equipped_km": 0.0}


def test_a_road_opened_before_is_equipped_in_the_plans_first_year(test_roads):
    test_roads.loc[0, "equipped"] = True
    rows = {(row["year"], row["county_id"]): row for row in ledger.ledger(test_roads, 2025)}
    assert rows[2024, "a"] == rows[2024, "a"] | {"opened_km": 1.000125, "equipped_km": 0.0}
    total = sum(row["equipped_km"] for row in ledger.ledger(test_roads, 2025))
    assert total == pytest.approx(1.000125 + 2.00025 + 0.250125)
