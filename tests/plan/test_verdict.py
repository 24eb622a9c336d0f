import pytest

from planner.plan.verdict import rule_rows, verdict
from planner.scenario import load_scenario


@pytest.fixture(scope="module")
def scenario():
    return load_scenario()


@pytest.fixture
def figures():
    return {
        "townships": {"n": 4, "n_met": 4, "n_short": 0, "n_cannot_be_checked": 0},
        "siting": {
            "worst_county": {"name": "安义县", "served_share_before": 0.1,
                             "served_share_after": 0.9},
            "by_technology": [{"energy": "hydrogen", "status": "planned", "n_stations": 2}],
            "hydrogen_spent_cny": 28_000_000,
        },
        "test_roads": {"stages": [{"year": 2027, "opened_km": 501.5, "target_km": 500.0,
                                   "met": True}], "n_rejected_segments": 7},
        "subsidy": {"eligible_cny": 12_000_000, "subsidy_cny": 5_000_000},
        "settings": {"subsidy": {"cap_cny": 5_000_000}},
    }  # fmt: skip


def test_every_rule_of_the_policy_gets_a_finding(figures, scenario):
    rows = rule_rows(figures, scenario)
    assert [row["rule_id"] for row in rows] == list(scenario.policy_rules)
    by_id = {row["rule_id"]: row for row in rows}
    assert by_id["township_charging"]["status"] == "met"
    assert "10.0%" in by_id["county_gaps"]["detail_zh"]
    assert "501.50 km by 2027" in by_id["test_roads_target"]["detail_en"]
    assert "28,000,000" in by_id["hydrogen_encouraged"]["detail_en"]
    assert verdict(rows) == "met"


@pytest.mark.parametrize(
    ("path", "value", "rule_id"),
    [
        (("townships", "n_short"), 1, "township_charging"),
        (("test_roads",), None, "test_roads_target"),
    ],
)
def test_one_short_rule_makes_the_plan_short(figures, scenario, path, value, rule_id):
    if value is None:
        figures["test_roads"]["stages"][-1]["met"] = False
    else:
        figures[path[0]][path[1]] = value
    rows = rule_rows(figures, scenario)
    assert [row["rule_id"] for row in rows if row["status"] == "short"] == [rule_id]
    assert verdict(rows) == "short"


def test_a_rule_out_of_its_dates_is_not_in_force(figures, scenario):
    late = scenario.siting.model_copy(update={"target_year": 2031})
    rows = rule_rows(figures, scenario.model_copy(update={"siting": late}))
    states = {row["rule_id"]: row["status"] for row in rows}
    assert states["subsidy"] == "not_in_force"
    assert states["township_charging"] == "met", "it names no end date"


def test_nothing_located_is_not_called_met(figures, scenario):
    figures["townships"] = {"n": 2, "n_met": 0, "n_short": 0, "n_cannot_be_checked": 2}
    assert rule_rows(figures, scenario)[0]["status"] == "cannot_be_checked"


def test_townships_without_a_place_are_not_called_met(figures, scenario):
    figures["townships"] = {"n": 4, "n_met": 3, "n_short": 0, "n_cannot_be_checked": 1}
    rows = rule_rows(figures, scenario)
    assert rows[0]["status"] == "partly_checked"
    assert verdict(rows) == "met", "nothing that can be checked is short"


def test_without_a_scheme_the_subsidy_is_not_called_met(figures, scenario):
    figures["settings"]["subsidy"]["cap_cny"] = 0
    states = {row["rule_id"]: row["status"] for row in rule_rows(figures, scenario)}
    assert states["subsidy"] == "reported"
