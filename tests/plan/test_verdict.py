import pytest
from small_answer import reviews, small_frames, small_points, small_scenario

from planner.layers import OUTCOMES
from planner.plan.siting_figures import siting_figures
from planner.plan.verdict import FINDINGS, rule_rows, verdict
from planner.scenario import Scenario, load_scenario


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario()


@pytest.fixture
def figures():
    siting = siting_figures(small_frames(), small_points(), small_scenario())
    siting["worst_county"] |= {"name": "安义县", "served_share_before": 0.1}
    siting["highways"] |= {"n_met": 2, "n_short": 0, "uncovered_after_m": 0.0}
    siting["checks"]["parking"] = {"n_stations": 2, "n_known": 2, "n_within": 2}
    return {
        "townships": {"n": 4, "n_met": 4, "n_short": 0, "n_cannot_be_checked": 0},
        "siting": siting,
        "test_roads": {"stages": [{"year": 2027, "opened_km": 501.5, "target_km": 500.0,
                                   "met": True}], "n_rejected_segments": 7,
                       "n_refused_segments": 0,
                       "fleet_wishes": {"n": 4, "n_met": 2, "n_late": 1, "reach_m": 5000.0,
                                        "near_m": 1000.0, "n_beyond": 0}},
        "subsidy": {"eligible_cny": 12_000_000, "subsidy_cny": 5_000_000},
        "settings": {
            "subsidy": {"cap_cny": 5_000_000},
            "rules": {"highway_gap_m": 50_000.0, "highway_min_kw": 60.0, "evs_per_unit": 8.0,
                      "parking_share": 0.1},
        },
        "schemes": {},
        "reviews": {"files": []},
    }  # fmt: skip


def judged(figures, scenario, **kinds):
    """Return the rows of every known rule by id, with the kinds of some rules replaced."""
    template = scenario.policy_rules["county_gaps"]
    rules = {
        rule_id: template.model_copy(
            update={"kind": kinds.get(rule_id, "soft"), "valid_from": None, "valid_to": None}
        )
        for rule_id in FINDINGS
    }
    rows = rule_rows(figures, scenario.model_copy(update={"policy_rules": rules}))
    return {row["rule_id"]: row for row in rows}


def test_every_rule_of_the_policy_gets_a_finding(figures, scenario):
    rows = rule_rows(figures, scenario)
    assert [row["rule_id"] for row in rows] == list(scenario.policy_rules)
    by_id = {row["rule_id"]: row for row in rows}
    assert by_id["township_charging"]["status"] == "met"
    assert "10.0%" in by_id["county_gaps"]["detail_zh"]
    assert "501.50 km by 2027" in by_id["test_roads_target"]["detail_en"]
    assert "1 hydrogen stations planned, 900,000 CNY" in by_id["hydrogen_encouraged"]["detail_en"]
    assert verdict(rows) == "met"


@pytest.mark.parametrize(
    ("path", "value", "rule_id"),
    [
        (("townships", "n_short"), 1, "township_charging"),
        (("siting", "highways", "n_short"), 1, "highway_charging"),
        (("siting", "checks", "waiting", "n_over"), 1, "waiting"),
        (("siting", "checks", "parking", "n_within"), 1, "parking_share"),
        (("siting", "checks", "hydrogen_setback"),
         {"n_planned": 1, "n_zones": 3, "n_near": 1}, "hydrogen_setback"),
        (("siting", "checks", "reviews"),
         {"n_locks": 2, "n_bans": 1, "n_kept": 2}, "reviewed_sites"),
    ],
)  # fmt: skip
def test_one_short_rule_makes_the_plan_short(figures, scenario, path, value, rule_id):
    place = figures
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    rows = judged(figures, scenario, units_to_vehicles="reported")
    assert [key for key, row in rows.items() if row["status"] == "short"] == [rule_id]
    assert verdict(list(rows.values())) == "short"


def test_a_missed_target_of_test_roads_makes_the_plan_short(figures, scenario):
    figures["test_roads"]["stages"][-1]["met"] = False
    rows = rule_rows(figures, scenario)
    assert [row["rule_id"] for row in rows if row["status"] == "short"] == ["test_roads_target"]
    assert verdict(rows) == "short"


def test_a_rule_that_is_only_reported_is_neither_met_nor_short(figures, scenario):
    row = judged(figures, scenario)["units_to_vehicles"]
    assert row["status"] == "short", "county b has 8.05 vehicles a unit"
    assert "1 of 2 counties" in row["detail_en"]
    reported = judged(figures, scenario, units_to_vehicles="reported")["units_to_vehicles"]
    assert reported["status"] == "reported"
    assert reported["detail_en"] == row["detail_en"]


@pytest.mark.parametrize(
    ("path", "value", "rule_id"),
    [
        (("siting", "highways", "n_stretches"), 0, "highway_charging"),
        (("siting", "units"), [], "units_to_vehicles"),
        (("siting", "checks", "waiting", "n_stations"), 0, "waiting"),
        (("siting", "checks", "parking", "n_known"), 0, "parking_share"),
        (("siting", "checks", "hydrogen_setback", "n_zones"), 0, "hydrogen_setback"),
        (("townships", "n_met"), 0, "township_charging"),
    ],
)
def test_what_the_data_do_not_hold_is_not_called_met(figures, scenario, path, value, rule_id):
    place = figures
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    for kind in ("soft", "reported"):
        row = judged(figures, scenario, **{rule_id: kind})[rule_id]
        assert row["status"] == "cannot_be_checked"


def test_no_planned_hydrogen_keeps_every_distance(figures, scenario):
    figures["siting"]["checks"]["hydrogen_setback"] = {"n_planned": 0, "n_zones": 0, "n_near": 0}
    assert judged(figures, scenario)["hydrogen_setback"]["status"] == "met"


def test_parking_known_of_some_only_is_partly_checked(figures, scenario):
    figures["siting"]["checks"]["parking"] = {"n_stations": 3, "n_known": 1, "n_within": 1}
    assert judged(figures, scenario)["parking_share"]["status"] == "partly_checked"


def test_reviews_are_reported_where_there_are_none_and_met_where_kept(scenario, figures):
    assert judged(figures, scenario)["reviewed_sites"]["status"] == "reported"
    frames = small_frames() | {"reviews": reviews([("s1", "lock", "charging")])}
    figures["siting"] = siting_figures(frames, small_points(), small_scenario())
    assert judged(figures, scenario)["reviewed_sites"]["status"] == "met"


@pytest.mark.parametrize(
    ("counts", "kept", "status"),
    [
        ((2, 1, 0, 0), 1, "reported"),
        ((2, 0, 2, 0), 1, "reported"),
        ((0, 0, 0, 3), 0, "reported"),
        ((2, 0, 0, 3), 1, "met"),
        ((2, 0, 0, 0), 0, "short"),
    ],
)
def test_marks_of_review_files_are_counted_by_outcome(scenario, figures, counts, kept, status):
    outcomes = dict(zip(OUTCOMES, counts, strict=True))
    figures["reviews"] = {"files": [{}], "n_marks": sum(counts), "by_outcome": outcomes}
    asked = {"n_locks": min(counts[0], 1), "n_bans": 0, "n_kept": kept}
    figures["siting"]["checks"]["reviews"] = asked
    row = judged(figures, scenario)["reviewed_sites"]
    assert row["status"] == status
    assert (
        f"{counts[0]} honoured, {counts[1]} not honoured, {counts[2]} contrad" in row["detail_en"]
    )
    assert f"未能采纳 {counts[1]} 条" in row["detail_zh"]


def test_segments_that_reviewers_refuse_are_not_counted_as_unsafe(scenario, figures):
    figures["test_roads"]["n_refused_segments"] = 6
    row = judged(figures, scenario)["safety_first"]
    assert row["detail_en"].startswith("1 segments are excluded beforehand")
    assert "6 more are left out only as reviewers refuse them" in row["detail_en"]
    assert "另有 6 个路段" in row["detail_zh"]


def test_only_granted_money_is_told(figures, scenario):
    row = judged(figures, scenario, no_station_subsidy="reported")["no_station_subsidy"]
    assert row["status"] == "reported"
    assert "none is counted" in row["detail_en"]
    figures["schemes"] = {"one": {}}
    assert "5,000 CNY" in judged(figures, scenario)["no_station_subsidy"]["detail_en"]


def test_a_rule_out_of_its_dates_is_not_in_force(figures, scenario):
    late = scenario.siting.model_copy(update={"target_year": 2031})
    rows = rule_rows(figures, scenario.model_copy(update={"siting": late}))
    states = {row["rule_id"]: row["status"] for row in rows}
    assert states["subsidy"] == "not_in_force"
    assert states["township_charging"] == "met", "it names no end date"


def test_townships_without_a_place_are_not_called_met(figures, scenario):
    figures["townships"] = {"n": 4, "n_met": 3, "n_short": 0, "n_cannot_be_checked": 1}
    rows = rule_rows(figures, scenario)
    assert rows[0]["status"] == "partly_checked"
    assert verdict(rows) == "met", "nothing that can be checked is short"


def test_without_a_scheme_the_subsidy_is_not_called_met(figures, scenario):
    figures["settings"]["subsidy"]["cap_cny"] = 0
    states = {row["rule_id"]: row["status"] for row in rule_rows(figures, scenario)}
    assert states["subsidy"] == "reported"
