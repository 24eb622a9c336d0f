import pandas as pd
import pytest
from small_answer import small_frames, small_points, small_scenario, small_years

from planner.plan import money
from planner.plan.shares import phase_shares


@pytest.fixture
def frames():
    return small_frames()


@pytest.fixture
def scenario():
    return small_scenario()


def test_public_money_is_stations_and_grid_upgrades_and_hydrogen_is_apart(frames, scenario):
    totals = money.totals(frames, scenario)
    assert totals["spent_cny"] == 400_000 + 1_000_001 + 3_000_000 + 250_000
    assert totals["hydrogen_spent_cny"] == 900_000
    assert (totals["budget_cny"], totals["hydrogen_budget_cny"]) == (30_000_000, 3_000_000)
    # 250 000 over 30 years at 6 %: 250 000 x 0.072649 = 18 162.2 a year.
    assert totals["upgrades_annual_cny"] == 18_162
    assert totals["annual_cost_cny"] == 100_000 + 200_000 + 400_000 + 95_000 + 18_162
    assert totals["grants_cny"] == 5_000


def test_years_add_up_to_the_totals(frames, scenario):
    rows = money.by_year(frames, phase_shares(small_points(), scenario), scenario)
    totals = money.totals(frames, scenario)
    assert [row["year"] for row in rows] == [2025, 2026, 2027]
    assert [row["spent_cny"] for row in rows] == [800_000, 200_001 + 400_000 + 250_000, 3_000_000]
    assert [row["hydrogen_spent_cny"] for row in rows] == [0, 0, 900_000]
    assert [row["budget_cny"] for row in rows] == [10_000_000, 20_000_000, 30_000_000]
    assert sum(row["spent_cny"] for row in rows) == totals["spent_cny"]
    assert sum(row["hydrogen_spent_cny"] for row in rows) == totals["hydrogen_spent_cny"]


def test_a_year_says_what_changes_and_what_is_served(frames, scenario):
    rows = money.by_year(frames, phase_shares(small_points(), scenario), scenario)
    counts = [[row[f"n_{what}"] for what in ("built", "extended", "upgraded")] for row in rows]
    assert counts == [[1, 0, 0], [0, 1, 1], [2, 0, 0]]
    assert [row["served_share"]["charging"] for row in rows] == [0.375, 0.666667, 0.666667]
    assert rows[0]["served_share"]["truck_swap"] is None
    # County a stays at 100 of 400 kWh; b has 800, 1500, then 1500 + 20 swaps of 50 kWh of 4000.
    assert [row["worst_county_share"] for row in rows] == [0.2, 0.25, 0.25]


def test_a_station_may_change_in_several_years():
    found = money.changes(small_frames()["stations"], small_years())
    assert found.to_dict("split")["data"] == [
        ["p-1", 2025, "built"],
        ["p-1", 2026, "extended"],
        ["p-2", 2027, "built"],
        ["p-3", 2027, "built"],
        ["x-2", 2026, "upgraded"],
    ]


def test_an_existing_station_extended_in_the_first_year_is_no_new_one(frames):
    frames["stations"].loc[0, ["action", "n_units_before"]] = ["extend", 2]
    found = money.changes(frames["stations"], small_years())
    assert ["x-1", 2025, "extended"] in found.to_numpy().tolist()


def test_payers_share_public_money_to_the_yuan(frames, scenario):
    city, county, enterprise = money.payers(frames, scenario)
    assert city["capital_cny"] == 1_348_500  # 0.29 of 4 650 001 is 1 348 500.29
    assert city["capital_cny"] + county["capital_cny"] == 4_650_001
    assert city["opex_cny_per_year"] == 55_100  # 0.29 of 190 000, not a yuan less
    assert county["opex_cny_per_year"] == 190_000 - 55_100
    assert (enterprise["capital_cny"], enterprise["opex_cny_per_year"]) == (900_000, 10_000)


def test_a_share_is_taken_in_decimals(frames):
    # In binary 0.29 * 100 is 28.999999999999996.
    frames["stations"]["capital_cny"] = [0, 0, 100, 0, 0]
    frames["supply_upgrades"] = frames["supply_upgrades"].iloc[:0]
    assert money.payers(frames, small_scenario())[0]["capital_cny"] == 29


def test_unit_costs_are_of_the_stations_the_plan_touches(frames):
    rows = {row["energy"]: row for row in money.unit_costs(frames["stations"])}
    charging = rows["charging"]
    assert charging["annual_cost_cny"] == 300_000
    assert charging["served_per_year"] == 1500.0 * 365, "the kept station does not count"
    assert charging["cost_per_unit_cny"] == round(300_000 / 547_500, 6)
    assert rows["truck_swap"]["cost_per_unit_cny"] is None


def test_without_any_station_there_is_no_money(frames, scenario):
    for name in ("stations", "station_years", "supply_upgrades"):
        frames[name] = frames[name].iloc[:0]
    assert money.totals(frames, scenario)["spent_cny"] == 0
    assert money.payers(frames, scenario)[1]["capital_cny"] == 0
    rows = money.by_year(frames, phase_shares(small_points(), scenario), scenario)
    assert [row["spent_cny"] for row in rows] == [0, 0, 0]
    assert pd.DataFrame(rows)["n_built"].sum() == 0
