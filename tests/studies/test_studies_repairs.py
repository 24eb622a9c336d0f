"""Holds reasons and repairs of whole toy plans: townships, a motorway, refusals of reviews."""

import json

import pytest
from toy_studies import write_small_toy

from planner import layers
from planner.candidates import make_candidate_sites
from planner.scenario import load_scenario
from planner.siting.presolve import presolve_warnings
from planner.siting.reasons.repairs import repairs
from planner.siting.reasons.why import site_reasons
from planner.studies.posed import lay_ground, pose, solve_posed


def solved(folder, **given):
    scenario = load_scenario(write_small_toy(folder / "toy", **given))
    ground = lay_ground(scenario)
    return _solved(scenario, ground)


def _solved(scenario, ground):
    posed = pose(ground, scenario)
    sites = make_candidate_sites(ground.inputs, ground.network, posed.place.demand_points, scenario)
    return solve_posed(posed), posed, sites


def test_a_plan_without_shortfall_needs_no_repair_and_gives_every_reason(tmp_path):
    plan, posed, sites = solved(tmp_path)
    found = repairs(plan.answered, posed.place, candidate_sites=sites)
    assert found.empty
    assert list(found.columns) == layers.REPAIRS.column_names()
    reasons = site_reasons(plan.answered)
    assert len(reasons) == len(posed.instance.group_site)
    assert reasons["reason"].str.count(" / ").eq(1).all()
    chosen = reasons[reasons["chosen"]]
    assert (chosen["lost_per_day"] >= 0).all()
    assert presolve_warnings(posed.instance, posed.inputs, posed.place, posed.scenario) == []


def test_too_little_money_is_explained_and_priced(tmp_path):
    plan, posed, sites = solved(
        tmp_path, budget_cny=400_000, more="\n[rules]\ntownship_radius_m = 2000\n"
    )
    found = repairs(plan.answered, posed.place, candidate_sites=sites)
    assert found["confirmed"].all()
    first, budget = found.iloc[0], found.iloc[1]
    assert first["rule_id"] == "township_charging,siting.budget_cny"
    assert budget["rule_id"] == "siting.budget_cny"
    assert budget["cost_cny"] == 3 * 460_000 - 400_000, "three of two 60 kW units each"
    one = found[found["where_id"] == "990102100"]["text_en"].tolist()
    assert one[0].startswith("东一镇: build at candidate site t-990102100, +0.46 M yuan")
    assert one[1] == "东一镇: nearest station 7.8 km, rule 2.0 km: raise the radius to 7.9 km"
    warned = presolve_warnings(posed.instance, posed.inputs, posed.place, posed.scenario)
    assert [problem.code for problem in warned] == ["W-PRE-002"]
    assert "at least 1.38 M yuan" in warned[0].reason


def test_sites_refused_in_review_are_given_back_to_a_township(tmp_path):
    folder = write_small_toy(tmp_path / "toy", more="\n[rules]\ntownship_radius_m = 500\n")
    _write_bans(folder, ["t-990102100"])
    scenario = load_scenario(folder)
    plan, posed, sites = _solved(scenario, lay_ground(scenario))
    found = repairs(plan.answered, posed.place, candidate_sites=sites).set_index("where_id")
    assert found["rule_id"].iloc[0] == "reviews.ban,township_charging"
    words = found.loc["990102100", "text_en"].tolist()
    assert words[-1].startswith("东一镇: one site more at the township, +0.46 M yuan")
    assert any("nearest candidate" in text or "nearest station" in text for text in words)
    warned = presolve_warnings(posed.instance, posed.inputs, posed.place, posed.scenario)
    assert [(problem.code, problem.row) for problem in warned] == [("W-PRE-001", "990102100")]


def test_the_nearest_candidate_is_one_that_may_charge(tmp_path):
    more = "\n[rules]\ntownship_radius_m = 500\n"
    folder = write_small_toy(tmp_path / "toy", budget_cny=0, more=more)
    _write_bans(folder, ["t-990102100"])
    scenario = load_scenario(folder)
    plan, posed, sites = _solved(scenario, lay_ground(scenario))
    found = repairs(plan.answered, posed.place, candidate_sites=sites)
    words = found.loc[found["where_id"] == "990102100", "text_en"].tolist()
    assert words[:2] == [
        "东一镇: nearest station 7.8 km, rule 0.5 km: raise the radius to 7.9 km",
        (
            "东一镇: nearest candidate 1.1 km, rule 0.5 km: raise the radius to 1.2 km and build "
            "there, +0.46 M yuan, the budget raised by 0.46 M yuan"
        ),
    ]
    assert found["confirmed"].all()


def _write_bans(folder, sites):
    rows = ["review_id,site_id,mark,energy,reviewer,comment,source,trust"]
    rows += [f"r{n},{site},ban,charging,,,made,illustrative" for n, site in enumerate(sites)]
    (folder / "reviews.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    path = folder / "scenario.toml"
    layer = (
        '\n[layers.reviews]\nfile = "reviews.csv"\ndatum = "wgs84"\nsource = "made"\n'
        'licence = "CC0-1.0"\ndate = "2026-01-01"\nsynthetic = true\ntrust = "illustrative"\n'
    )
    path.write_text(path.read_text(encoding="utf-8") + layer, encoding="utf-8")


@pytest.fixture
def motorway_case(tmp_path):
    """Return the toy case with its middle road a motorway, and money for one small station."""
    more = "\n[rules]\nhighway_gap_m = 3000\ntownship_radius_m = 20000\n"
    folder = write_small_toy(tmp_path / "toy", budget_cny=300_000, more=more)
    roads = json.loads((folder / "roads.geojson").read_text(encoding="utf-8"))
    for row in roads["features"]:
        if row["properties"]["road_id"] == "h3":
            row["properties"] |= {"road_class": "motorway", "ref": "G1"}
    (folder / "roads.geojson").write_text(json.dumps(roads), encoding="utf-8")
    return load_scenario(folder)


def test_a_motorway_is_mended_at_candidates_by_sites_or_by_a_longer_gap(motorway_case):
    plan, posed, sites = _solved(motorway_case, lay_ground(motorway_case))
    found = repairs(plan.answered, posed.place, candidate_sites=sites)
    short = found[found["where_id"].str.startswith("h-G1")]
    assert sorted(short["where_id"].unique()) == ["h-G1-E1", "h-G1-W1"]
    assert short["confirmed"].all()
    texts = short["text_en"].tolist()
    assert any("build fast stations at" in text for text in texts)
    assert any("more sites (at km" in text for text in texts)
    assert any("rule 3.0 km: raise it to" in text for text in texts)
