import pytest
from small_answer import reviews, small_frames, small_points, small_scenario, zones

from planner.plan.checks import rule_checks
from planner.plan.siting_figures import siting_figures


@pytest.fixture
def frames():
    return small_frames()


@pytest.fixture
def figures(frames):
    return siting_figures(frames, small_points(), small_scenario())


def test_stations_are_counted_by_what_the_plan_does(figures):
    keys = ("n_existing", "n_planned", "n_extended", "n_upgraded", "n_candidates", "n_rejected")
    assert [figures[key] for key in keys] == [2, 3, 0, 1, 5, 1]


def test_the_worst_county_is_told_with_what_closes_its_gap(figures):
    worst = figures["worst_county"]
    # Before: a 100 of 400 kWh; b nothing. After: b 1500 + 20 x 50 of 2000 + 40 x 50.
    assert (worst["county_id"], worst["name"]) == ("b", "乙")
    assert (worst["served_share_before"], worst["served_share_after"]) == (0.0, 0.625)
    assert worst["capital_cny"] == 4_400_001
    assert worst["n_stations"] == 3
    assert worst["annual_cost_cny"] == 700_000
    assert worst["cost_per_kwh_cny"] == round(700_000 / (2500 * 365), 6)


def test_counties_that_tie_before_the_plan_are_all_named_and_one_is_told_by_its_code(frames):
    """County a serves nothing today either; what the plan does chooses none of the two."""
    points = small_points()
    points.loc[points["phase"] == "before", "served"] = 0.0
    worst = siting_figures(frames, points, small_scenario())["worst_county"]
    assert worst["county_id"] == "a"
    assert [row["county_id"] for row in worst["tied"]] == ["a", "b"]


def test_every_county_has_its_share_of_charging_and_swap_together(figures):
    rows = [tuple(row.values()) for row in figures["county_shares"]]
    assert rows == [("a", "甲", None, 0.25, 0.25), ("b", "乙", None, 0.0, 0.625)]
    assert figures["worst_county"]["tied"] == figures["county_shares"][1:]


def test_the_remedy_names_technology_action_units_and_years(figures):
    rows = figures["worst_county"]["remedy"]
    told = [(row["technology"], row["action"], row["n_units"], row["years"]) for row in rows]
    assert told == [
        ("dc120", "build", 6, [2025]),
        ("dc120", "upgrade", 4, [2026]),
        ("swap", "build", 1, [2027]),
    ]


def test_what_other_counties_stations_serve_is_told_apart(frames, figures):
    # 100 of 1500 kWh + 20 swaps of 50 kWh; the station is kept, hydrogen is no part of it.
    elsewhere = figures["worst_county"]["elsewhere"]
    assert elsewhere == {"served_share": 0.04, "n_stations": 0, "capital_cny": 0}
    frames["stations"].loc[2, "county_id"] = "a"
    there = siting_figures(frames, small_points(), small_scenario())["worst_county"]
    assert there["n_stations"] == 2
    assert there["elsewhere"] == {"served_share": 0.4, "n_stations": 1, "capital_cny": 1_000_001}


def test_of_an_extended_station_only_the_new_units_count(frames):
    frames["stations"].loc[1, ["action", "n_units_before"]] = ["extend", 1]
    figures = siting_figures(frames, small_points(), small_scenario())
    row = next(r for r in figures["worst_county"]["remedy"] if r["action"] == "extend")
    assert row["n_units"] == 3


def test_hydrogen_is_no_part_of_a_countys_share(frames):
    points = small_points()
    points.loc[points["county_id"] == "b", ["demand", "covered", "served"]] = 0.0
    worst = siting_figures(frames, points, small_scenario())["worst_county"]
    assert worst["county_id"] == "a"
    assert worst["served_share_after"] == 0.25
    assert worst["remedy"] == [], "the hydrogen station of the county is no charging"


def test_motorways_and_trips_are_summed(figures):
    assert figures["highways"] == {
        "n_stretches": 2, "n_met": 1, "n_short": 1,
        "uncovered_before_m": 3000.5, "uncovered_after_m": 500.25,
    }  # fmt: skip
    assert figures["trips"] == {
        "n": 2, "per_day": 110.0, "refuelled_before": 0.0, "refuelled_after": 100.0,
    }  # fmt: skip


def test_units_are_held_against_electric_vehicles_of_the_target_year(figures):
    first, second = figures["units"]
    assert (first["vehicles"], first["units_before"], first["units_after"]) == (32.0, 4, 4)
    assert first["evs_per_unit_after"] == 8.0
    assert first["met"], "8 a unit is what the rule allows"
    assert second["vehicles"] == 80.5, "no hydrogen, no other year"
    assert (second["units_before"], second["units_after"]) == (4, 10)
    assert second["evs_per_unit_before"] == 20.125
    assert not second["met"]


def test_waits_are_compared_with_the_limit(frames):
    assert rule_checks(frames, small_scenario())["waiting"] == {
        "n_stations": 4, "n_over": 0, "longest_min": 9.5, "limit_min": 10.0,
    }  # fmt: skip
    assert rule_checks(frames, small_scenario(max_wait_min=9.0))["waiting"]["n_over"] == 1


@pytest.mark.parametrize(("places", "within"), [(60, 1), (61, 0), (5, 0), (6, 1)])
def test_parking_is_checked_where_it_is_known(frames, places, within):
    # Six units: at 10 % of the places or more, and no more than there are places.
    frames["candidate_sites"].loc[2, "parking_places"] = places
    found = rule_checks(frames, small_scenario())["parking"]
    assert found == {"n_stations": 2, "n_known": 1, "n_within": within}


@pytest.mark.parametrize(("shift", "near"), [(0.0004, 1), (0.02, 0)])
def test_hydrogen_is_held_against_setbacks(frames, shift, near):
    scenario = small_scenario()
    frames["zones"] = zones((116.4 + shift, 28.5), (116.4, 28.9))
    found = rule_checks(frames, scenario)["hydrogen_setback"]
    assert found == {"n_planned": 1, "n_zones": 2, "n_near": near}
    frames["zones"] = zones((116.4, 28.5), kind="cluster", radius_m=900.0)
    assert rule_checks(frames, scenario)["hydrogen_setback"]["n_zones"] == 0


def test_the_larger_of_radius_and_rule_keeps_clear(frames):
    frames["zones"] = zones((116.42, 28.5), radius_m=2500.0)
    assert rule_checks(frames, small_scenario())["hydrogen_setback"]["n_near"] == 1


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([("s1", "lock", "charging"), ("s1", "lock", "all")], 2),
        ([("s1", "lock", "swap"), ("s4", "lock", "all")], 0),
        ([("s4", "ban", "all"), ("s1", "ban", "swap")], 2),
        ([("s1", "ban", "charging"), ("s1", "ban", "all")], 0),
        ([("x-1", "ban", "all"), ("x-1", "lock", "charging")], 2),
    ],
)
def test_locks_and_bans_are_counted_as_kept_or_not(frames, rows, kept):
    frames["reviews"] = reviews(rows)
    found = rule_checks(frames, small_scenario())["reviews"]
    assert found["n_locks"] + found["n_bans"] == 2
    assert found["n_kept"] == kept
