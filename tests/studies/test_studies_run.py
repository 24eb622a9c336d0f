"""Runs each study on the toy case and holds its figures against the case and brute force."""

import importlib
import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
from toy_studies import write_small_toy

from planner import studies
from planner.errors import ConfigError, OutputError
from planner.scenario import load_scenario
from planner.siting.measure import measured
from planner.siting.search import Build
from planner.siting.service import deal_out
from planner.solver import Deadline
from planner.studies import tradeoff
from planner.studies.posed import lay_ground, pose, solve_posed

alternatives_file = importlib.import_module("planner.studies.alternatives")


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return load_scenario(write_small_toy(tmp_path_factory.mktemp("studies") / "toy"))


@pytest.fixture(scope="module")
def curve(scenario):
    lines = []
    made = studies.trade_off(scenario, (1.0, 0.0, 0.5), tell=lines.append)
    return made, lines


@pytest.fixture(scope="module")
def others(scenario):
    return studies.alternatives(scenario, 4, 0.1)


@pytest.fixture(scope="module")
def effects(scenario):
    keys = ("siting.budget_cny_by_year", "technologies.dc60.unit_cost_cny", "demand.growth")
    return studies.sensitivity(scenario, keys, 0.3)


def test_a_curve_has_a_point_a_budget_in_order_and_tells_each(curve):
    made, lines = curve
    points = made.points
    assert points["budget_factor"].tolist() == [0.0, 0.5, 1.0]
    assert points["budget_cny"].tolist() == [0, 1_500_000, 3_000_000]
    assert len(lines) == 3
    assert made.left_out == ()


def test_more_money_never_serves_less_and_no_point_passes_its_bound(curve):
    points = curve[0].points
    assert (points["served_share"].diff().dropna() > 0).all()
    assert (points["worst_county_share"].diff().dropna() > 0).all()
    assert (points["served_share"] <= points["served_share_bound"] + 1e-9).all()
    assert (points["spent_cny"] <= points["budget_cny"]).all()


def test_without_money_the_old_station_serves_what_it_can(curve, scenario):
    instance = pose(lay_ground(scenario), scenario).instance
    whole = float((instance.demand[-1] * instance.kwh_per_unit).sum())
    assert curve[0].points["served_share"].iloc[0] * whole == pytest.approx(4 * 220.0)


def test_a_point_without_a_bound_is_left_out(scenario, monkeypatch):
    def no_bound(posed):
        solved = solve_posed(posed)
        goals = tuple(
            replace(goal, outcome=replace(goal.outcome, bound=None)) for goal in solved.goals
        )
        return replace(solved, goals=goals)

    monkeypatch.setattr(tradeoff, "solve_posed", no_bound)
    made = studies.trade_off(scenario, (0.5,))
    assert made.points.empty
    assert made.left_out == ((0.5, "no bound for worst_county_share, demand_served"),)


def test_alternatives_are_all_that_brute_force_finds(others, scenario):
    found = {
        frozenset(others.sites.loc[others.sites["plans"].str.contains(str(plan)), "site_id"])
        for plan in others.plans["plan"]
    }
    assert found == _good_choices(scenario, gap=0.1)
    assert others.ended == "no other choice of sites within the gap"


def _good_choices(scenario, gap):
    """Return the sites of every plan within the gaps, by trying every choice of options."""
    solved = solve_posed(pose(lay_ground(scenario), scenario))
    instance, options = solved.posed.instance, solved.posed.instance.options
    stages = [row.stage for row in solved.reached if not row.stage.name.startswith("early")]
    answered = solved.answered
    first = measured(instance, answered.build, answered.service, stages)
    slack = scenario.siting.gap_tolerance
    changing = [np.flatnonzero((options.group == s) & (options.action > 0)).tolist()
                for s in range(len(instance.group_site))]  # fmt: skip
    good = set()
    for n in (1, 2, 3):
        for groups in itertools.combinations(range(len(changing)), n):
            for picked in itertools.product(*(changing[s] for s in groups)):
                o = list(picked)
                chosen = instance.standing()
                chosen[options.group[o]] = o
                if (
                    options.capital[o].sum() > instance.budget_cny[-1, 0]
                    or options.annual[o].sum() > first["cost"] * (1 + gap)
                    or _too_much_power(instance, o)
                    or instance.capacity(chosen)[:, 0].sum() < first["demand_served"] * (1 - slack)
                ):
                    continue
                served = deal_out(instance, chosen, 0, scenario.run, Deadline.after(60))
                build = Build(
                    chosen[None, :], np.zeros((1, len(instance.supply_node_id)), dtype=bool)
                )
                value = measured(instance, build, {"after": served}, stages)
                if all(value[name] >= first[name] * (1 - slack) - 1e-6
                       for name in ("worst_county_share", "demand_served", "trips_refuelled")
                       ) and value["township_shortfall"] == 0:  # fmt: skip
                    good.add(frozenset(instance.site_id[instance.group_site[s]] for s in groups))
    return good


def _too_much_power(instance, o):
    node = instance.site_supply[instance.group_site[instance.options.group[o]]]
    drawn = np.bincount(node, instance.options.peak_kw[o], minlength=len(instance.supply_node_id))
    return (drawn > instance.supply.headroom_kw).any()


def test_plans_stay_within_the_stated_gap_and_count_their_sites(others):
    plans, sites = others.plans, others.sites
    assert (plans["cost_above_first"] <= 0.1 + 1e-9).all()
    assert plans["n_as_first"].iloc[0] == plans["n_changed"].iloc[0]
    assert (sites["no_regret"] == (sites["share_of_plans"] >= 0.9)).all()
    assert sites["share_of_plans"].sum() == pytest.approx(plans["n_changed"].sum() / len(plans))


def test_less_money_forces_another_plan_and_dearer_units_do_not(effects):
    table = effects.effects.set_index(["key", "factor"])
    less = table.loc[("siting.budget_cny_by_year", 0.7)]
    assert less["plan_changes"]
    assert less["why"] == "public up to 2027: 2800000 CNY of 2100000"
    assert less["value"] == 2_100_000
    assert not table.loc[("technologies.dc60.unit_cost_cny", 1.3), "plan_changes"]
    assert table.loc[("demand.growth", 0.7), "why"] == "worse in cost"
    assert effects.effects["plan_changes"].iloc[0], "the strongest comes first"


def test_the_page_names_the_goals_that_suffer_in_both_languages(effects, tmp_path):
    studies.write_study(effects, tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "变差：年成本（元/年）" in page
    assert "worse in cost (CNY a year)" in page


def test_stations_that_move_are_listed_and_counted(effects):
    moved = effects.stations.groupby(["key", "factor", "what"]).size()
    for row in effects.effects.itertuples():
        assert moved.get((row.key, row.factor, "enters"), 0) == row.n_entered
        assert moved.get((row.key, row.factor, "leaves"), 0) == row.n_left
    served = effects.goals.set_index(["key", "factor", "goal"]).loc[
        ("siting.budget_cny_by_year", 0.7, "demand_served")
    ]
    assert served["value"] < served["base"]
    assert served["beyond_gap"]


def test_an_unknown_assumption_is_refused_before_any_solve(scenario):
    for key in ("siting.nothing", "run.seed", "technologies.none.power_kw", "demand"):
        with pytest.raises(ConfigError, match="E-STU-001"):
            studies.sensitivity(scenario, (key,))


def test_a_value_beyond_its_range_is_left_out_with_the_reason(scenario):
    made = studies.sensitivity(scenario, ("siting.max_wait_chance",), 0.5)
    assert [(key, factor) for key, factor, _ in made.left_out] == [("siting.max_wait_chance", 1.5)]
    assert made.effects["factor"].tolist() == [0.5]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_folder_holds_figures_tables_and_an_inert_page(curve, others, effects, tmp_path, lang):
    wanted = {
        "curve": (curve[0], {"study.json", "points.csv", "chart.svg", "report.html"}),
        "others": (others, {"study.json", "plans.csv", "sites.csv", "report.html"}),
        "effects": (
            effects, {"study.json", "effects.csv", "goals.csv", "stations.csv", "report.html"}),
    }  # fmt: skip
    for name, (study, files) in wanted.items():
        folder = tmp_path / name
        studies.write_study(study, folder, lang=lang)
        assert {path.name for path in folder.iterdir()} == files
        page = (folder / "report.html").read_text(encoding="utf-8")
        assert "<script" not in page
        assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
        assert json.loads((folder / "study.json").read_text(encoding="utf-8"))["study"]


def test_the_same_study_gives_the_same_bytes(others, tmp_path):
    for name in ("one", "two"):
        studies.write_study(others, tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_on_a_large_case_used_sites_grow_dearer_and_the_gap_still_holds(scenario, monkeypatch):
    monkeypatch.setattr("planner.siting.reasons.differing.SMALL_PAIRS", 0)
    made = studies.alternatives(scenario, 2, 0.1)
    assert (made.plans["cost_above_first"] <= 0.1 + 1e-9).all()
    assert len(made.plans) == 2
    assert made.plans["n_only_here"].iloc[1] >= 1


def test_a_hostile_site_id_is_no_formula_and_no_markup(others, tmp_path):
    sites = others.sites.assign(site_id=["=1+1", "<b>\u202e", *others.sites["site_id"][2:]])
    studies.write_study(replace(others, sites=sites), tmp_path / "out")
    table = (tmp_path / "out" / "sites.csv").read_text(encoding="utf-8-sig")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "\n'=1+1," in table
    assert "\u202e" not in table + page
    assert "<b>" not in page


def test_a_plan_that_misses_a_goal_is_sought_again_with_less_and_then_given_up(
    scenario, monkeypatch
):
    asked = []

    def bare(_instance, first, _used, levels, _run, _deadline):
        asked.append(levels.gap)
        return Build(np.full_like(first.chosen, -1), first.upgraded)

    monkeypatch.setattr(alternatives_file, "different_plan", bare)
    made = studies.alternatives(scenario, 3, 0.1)
    assert asked == [0.1, 0.05]
    assert len(made.plans) == 1
    assert made.ended.startswith("the next plan misses worst_county_share")


def test_a_study_takes_the_place_of_an_earlier_one_but_of_nothing_else(others, tmp_path):
    studies.write_study(others, tmp_path / "out")
    before = (tmp_path / "out" / "study.json").read_bytes()
    studies.write_study(others, tmp_path / "out")
    assert (tmp_path / "out" / "study.json").read_bytes() == before
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "plan.json").write_text("{}", encoding="utf-8")
    with pytest.raises(OutputError, match=r"study\.json"):
        studies.write_study(others, tmp_path / "plan")
