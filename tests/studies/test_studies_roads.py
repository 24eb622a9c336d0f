"""Runs the studies of test roads on the toy case and holds their figures against the case."""

import json

import numpy as np
import pytest
from toy_case_files import write_toy_case
from typer.testing import CliRunner

from planner import studies
from planner.cli.app import app
from planner.scenario import load_scenario
from planner.studies.publish import study_files
from planner.studies.road_posed import first_network, road_case
from planner.studies.road_tradeoff import with_targets
from planner.testroads.instance import is_contiguous


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return load_scenario(write_toy_case(tmp_path_factory.mktemp("roads") / "toy"))


@pytest.fixture(scope="module")
def curve(scenario):
    lines = []
    return studies.road_trade_off(scenario, (1.0, 0.5, 1.0), tell=lines.append), lines


@pytest.fixture(scope="module")
def others(scenario):
    return studies.road_alternatives(scenario, 3, 0.05)


@pytest.fixture(scope="module")
def case(scenario):
    return road_case(scenario)


def test_a_curve_has_a_point_a_target_in_order_and_tells_each(curve):
    made, lines = curve
    assert made.points["target_factor"].tolist() == [0.5, 1.0]
    assert made.points["target_km"].tolist() == [20.0, 40.0]
    assert made.points["target_met"].all()
    assert made.left_out == ()
    assert [line.split(":")[0] for line in lines] == ["target x 0.5", "target x 1"]


def test_more_km_are_worth_more_cost_more_and_keep_below_their_bound(curve):
    points = curve[0].points
    for name in ("opened_km", "worth", "worth_bound", "equipment_cny", "own_cny"):
        assert points[name].is_monotonic_increasing, name
    assert (points["worth"] <= points["worth_bound"] + 1e-9).all()
    gap = 1 - points["worth"] / points["worth_bound"]
    assert points["worth_gap"].tolist() == pytest.approx(gap.tolist(), rel=0.05)


def test_all_roads_of_a_point_are_equipped_whatever_the_budget(curve, scenario):
    points = curve[0].points
    assert points["equipped_km"].tolist() == points["opened_km"].tolist()
    assert (points["own_cny"] == points["equipment_cny"] - points["subsidy_cny"]).all()
    assert points["equipment_cny"].max() > scenario.test_roads.equipment_budget_cny
    assert with_targets(scenario, 0.5).test_roads.target_km_by_year == {
        2025: 7.5, 2026: 12.5, 2027: 20.0,
    }  # fmt: skip


def test_networks_keep_to_the_gap_the_target_and_differ(others):
    plans = others.plans
    assert plans["plan"].tolist() == [1, 2, 3]
    assert (plans["worth"] >= 0.95 * plans["worth"][0] - 1e-9).all()
    assert plans["target_met"].all()
    assert (plans["km_as_first"][1:] < plans["km"][0] - 1).all()
    assert plans["km_only_here"][0] == plans["km"][0]
    assert others.outcome.gap is not None


def test_roads_say_in_which_networks_they_are(others):
    roads, plans = others.roads, others.plans
    for number, km in zip(plans["plan"], plans["km"], strict=True):
        mine = roads["plans"].str.split(" ").map(lambda names, n=str(number): n in names)
        assert roads["km"][mine].sum() == pytest.approx(km, abs=1e-6)
    assert (roads["common"] == (roads["share_of_plans"] == 1)).all()
    assert roads["common"][roads["opened_before"]].all()
    assert others.common_km == pytest.approx(roads["km"][roads["common"]].sum())


def test_a_dropped_corridor_loses_no_more_than_what_stands_on_it(others):
    rows = others.corridors
    assert 0 < len(rows) <= 10
    assert rows["km"].is_monotonic_decreasing
    assert (rows["worth_lost"] >= 0).all()
    assert (rows["worth_lost"] <= rows["worth"]).all(), "other roads take its place"
    assert (rows["km_instead"] > 0).all()
    first = others.plans["worth"][0]
    assert rows["worth_lost_share"].tolist() == pytest.approx((rows["worth_lost"] / first).tolist())
    # Roads opened before are not dropped: the rest of the road they are on is.
    assert rows["km"].sum() < others.plans["km"][0]


def test_the_first_network_is_the_plan_and_one_piece(case, others):
    found, outcome = first_network(case)
    assert found.worth == pytest.approx(outcome.objective)
    assert found.worth == others.plans["worth"][0]
    assert is_contiguous(case.instance, found.chosen)
    assert found.chosen[case.instance.opened].all()
    assert case.km(np.zeros_like(found.chosen)) == 0.0


def test_an_equal_study_begins_alike_and_nothing_within_no_gap_is_said(others, scenario):
    made = studies.road_alternatives(scenario, 2, 0.0)
    assert len(made.plans) == 1
    assert made.ended
    assert made.ended in study_files(made, "en")["report.html"]
    assert made.corridors.equals(others.corridors)
    assert made.plans.iloc[0].equals(others.plans.iloc[0])


def test_pages_and_files_of_both_studies(curve, others):
    made = study_files(curve[0], "en")
    assert set(made) == {"study.json", "points.csv", "chart.svg", "report.html"}
    assert "Equipment" not in made["chart.svg"]
    assert "equipment after subsidy" in made["chart.svg"]
    assert made["chart.svg"].count("<circle") == 4
    page = study_files(others, "zh")
    assert set(page) == {
        "study.json", "plans.csv", "roads.csv", "corridors.csv", "report.html",
    }  # fmt: skip
    assert "最长线路的替代价值" in page["report.html"]
    assert "东西3路" in page["report.html"]
    assert "<script" not in page["report.html"]
    assert json.loads(page["study.json"])["study"] == "road_alternatives"


def test_the_command_line_writes_a_road_trade_off(tmp_path):
    case, out = write_toy_case(tmp_path / "toy"), tmp_path / "out"
    words = ["study", "road-trade-off", str(case), "--out", str(out), "--factor", "0.5"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    content = json.loads((out / "study.json").read_text(encoding="utf-8"))
    assert [point["target_km"] for point in content["points"]] == [20.0]
    listed = CliRunner().invoke(app, ["study", "--help"]).output
    assert "road-alternatives" in listed
