"""From the layers of the toy case to stations, assignments and township access."""

import re
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from toy_case_files import node, write_toy_case

from planner import layers
from planner.candidates import make_candidate_sites
from planner.demand import make_demand_points
from planner.inputs import read_inputs
from planner.network import build_network
from planner.scenario import load_scenario
from planner.siting import site_stations
from planner.siting.audit import CHECKS
from planner.solver import Deadline


def sited(scenario, inputs=None):
    """Return inputs, demand points and the answer of a scenario."""
    inputs = inputs or read_inputs(scenario)
    network = build_network(inputs)
    demand = make_demand_points(inputs, network, scenario)
    sites = make_candidate_sites(inputs, network, demand, scenario)
    answer = site_stations(inputs, network, demand, sites, scenario, Deadline.after(60))
    return inputs, demand, answer


def with_setting(scenario, section, **values):
    changed = getattr(scenario, section).model_copy(update=values)
    return scenario.model_copy(update={section: changed})


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return load_scenario(write_toy_case(tmp_path_factory.mktemp("siting") / "toy"))


@pytest.fixture(scope="module")
def toy(scenario):
    return sited(scenario)


def test_the_layers_hold_and_every_check_passed(toy):
    answer = toy[2]
    layers.validate(answer.stations, layers.STATIONS)
    layers.validate(answer.assignments, layers.ASSIGNMENTS)
    layers.validate(answer.township_access, layers.TOWNSHIP_ACCESS)
    assert answer.audit == tuple(CHECKS)
    names = [goal.name for goal in answer.goals]
    assert names == ["township_shortfall", "worst_county_share", "demand_served", "cost"]
    assert all(goal.outcome.has_solution for goal in answer.goals)


def test_the_existing_station_is_kept_as_it_is(toy):
    """old1: four dc60 units of 220 kWh, 60 kW each."""
    row = toy[2].stations.set_index("station_id").loc["x-old1"]
    expected = {
        "site_id": "x-old1", "technology": "dc60", "energy": "charging", "status": "existing",
        "n_units": 4, "capacity_per_day": 880.0, "power_kw": 240.0, "capital_cny": 0,
        "owner": "existing", "trust": "illustrative",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected


def test_planned_stations_are_named_and_priced_by_their_technology(toy, scenario):
    stations = toy[2].stations
    planned = stations[stations["status"] == "planned"]
    assert stations["station_id"].is_monotonic_increasing
    assert set(planned["energy"]) == {"charging", "swap", "hydrogen"}
    for row in planned.itertuples():
        technology = scenario.technologies[row.technology]
        assert row.station_id == f"p-{row.site_id}-{row.technology}"
        assert technology.min_units <= row.n_units <= technology.max_units
        cost = technology.fixed_cost_cny + row.n_units * technology.unit_cost_cny
        assert row.capital_cny == cost
        assert row.owner == technology.owner
        assert row.trust == technology.trust


def test_each_payer_keeps_to_its_budget(toy, scenario):
    spent = toy[2].stations.groupby("owner")["capital_cny"].sum()
    assert 0 < spent["public"] <= scenario.siting.budget_cny == 12_000_000
    assert 0 < spent["enterprise"] <= scenario.siting.hydrogen_budget_cny == 15_000_000


def test_assignments_sum_to_what_stations_serve_and_never_beyond_demand(toy):
    _, demand, answer = toy
    after = answer.assignments[answer.assignments["phase"] == "after"]
    load = after.groupby("station_id")["served_per_day"].sum()
    stations = answer.stations.set_index("station_id")
    assert load.to_dict() == pytest.approx(stations["served_per_day"].to_dict(), abs=1e-6)
    assert (stations["served_per_day"] <= stations["capacity_per_day"]).all()
    for (phase, energy), rows in answer.assignments.groupby(["phase", "energy"]):
        asked = demand.set_index("demand_id")[f"{energy}_per_day"]
        given = rows.groupby("demand_id")["served_per_day"].sum()
        assert (given <= asked[given.index] + 5e-7).all(), phase


def test_before_the_plan_only_what_stands_serves(toy):
    before = toy[2].assignments.query("phase == 'before'")
    assert set(before["station_id"]) == {"x-old1"}
    assert before["served_per_day"].sum() == pytest.approx(880.0)


def test_townships_are_met_before_or_by_the_plan_or_cannot_be_checked(toy):
    """West 1 at (1, 1) is one street each way from old1 at (2, 2): 978 + 1108 m."""
    access = toy[2].township_access.set_index("township_id")
    assert access["status"].tolist() == ["met", "met", "met", "cannot_be_checked"]
    assert access.loc["990101100", "distance_before_m"] == pytest.approx(2086, abs=1)
    assert (access["distance_after_m"] <= access["distance_before_m"]).iloc[:3].all()
    nowhere = access.loc["990102200"]
    assert nowhere["reason"] == "no place known / 位置未知"
    assert pd.isna(nowhere["node_id"])
    assert pd.isna(nowhere["distance_after_m"])


def test_without_money_townships_stay_short_and_nothing_is_built(scenario):
    """The rule is drawn in to 3 km: only West 1 keeps it, and no yuan is there to help."""
    poor = with_setting(scenario, "siting", budget_cny=0, hydrogen_budget_cny=0)
    _, _, answer = sited(with_setting(poor, "rules", township_radius_m=3000.0))
    assert answer.stations["station_id"].tolist() == ["x-old1"]
    access = answer.township_access
    assert access["status"].tolist() == ["met", "short", "short", "cannot_be_checked"]
    assert (
        access["reason"]
        .iloc[1]
        .startswith("nearest charging station 5.3 km by road, rule 3 km / 最近充电站")
    )
    phases = [rows for _, rows in answer.assignments.groupby("phase")]
    columns = ["demand_id", "station_id", "energy", "served_per_day"]
    assert phases[0][columns].to_numpy().tolist() == phases[1][columns].to_numpy().tolist()


def test_a_township_rule_met_by_the_plan_counts_in_the_first_goal(scenario):
    """Within 3 km of West 2 and East 1 a station can stand: both are met after the plan."""
    _, _, answer = sited(with_setting(scenario, "rules", township_radius_m=3000.0))
    assert answer.goals[0].outcome.objective == 0
    assert answer.township_access["status"].tolist()[:3] == ["met", "met", "met"]


def test_sites_of_one_supply_node_share_its_headroom(scenario, toy):
    """Without a limit the plan draws 2810 kW; with 900 kW for all sites it draws no more."""
    template = toy[0].supply_nodes
    row = {"supply_node_id": "g1", "name": "g1", "headroom_kw": 900.0}
    frame = pd.DataFrame([row]).reindex(columns=template.columns.drop("geometry"))
    frame = frame.astype(dict.fromkeys(("source", "trust"), "str"))
    place = [shapely.Point(*node(6, 3))]
    supply = gpd.GeoDataFrame(frame, geometry=place, crs=template.crs)
    _, _, answer = sited(scenario, replace(toy[0], supply_nodes=supply))
    planned = answer.stations.query("status == 'planned'")
    assert set(planned["supply_node_id"]) == {"g1"}
    assert 0 < planned["power_kw"].sum() <= 900
    assert toy[2].stations.query("status == 'planned'")["power_kw"].sum() > 900


def test_a_case_without_optional_layers_is_sited(tmp_path):
    folder = write_toy_case(tmp_path / "bare")
    path = folder / "scenario.toml"
    text = path.read_text(encoding="utf-8")
    for name in ("townships", "existing_stations", "zones", "opened_roads"):
        text, n = re.subn(rf"\[layers\.{name}\]\n.*?(?=\n\[)", "", text, flags=re.DOTALL)
        assert n == 1
        folder.joinpath(f"{name}.csv").unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")
    inputs, _, answer = sited(load_scenario(path.parent))
    assert [len(frame) for frame in (inputs.townships, inputs.existing_stations)] == [0, 0]
    assert len(answer.township_access) == 0
    assert set(answer.stations["status"]) == {"planned"}
    assert set(answer.assignments["phase"]) == {"after"}


def test_no_site_at_all_is_an_empty_plan(scenario, toy):
    inputs, demand, _ = toy
    network = build_network(inputs)
    none = make_candidate_sites(inputs, network, demand, scenario).assign(status="rejected")
    answer = site_stations(inputs, network, demand, none, scenario, Deadline.after(60))
    assert len(answer.stations) == 0
    assert len(answer.assignments) == 0
    assert answer.township_access["status"].tolist().count("short") == 3


def test_the_same_case_gives_the_same_plan(toy, scenario):
    again = sited(scenario)[2]
    pd.testing.assert_frame_equal(again.stations, toy[2].stations)
    pd.testing.assert_frame_equal(again.assignments, toy[2].assignments)
