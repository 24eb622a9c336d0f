"""A run with review files: marks are honoured or told why not, priced, and change nothing else."""

import json

import pytest
from toy_case_files import node, write_toy_case

from planner import load_scenario, verify_plan, write_plan
from planner.errors import InputError
from planner.pipeline import make_plan, steps_of
from planner.pipeline.review_prices import SiteChoice, road_price, site_price
from planner.siting.goals import Goal
from planner.solver import Outcome, Termination
from planner.testroads.trial import RoadTrial

HUB = "j-874183209-990102"
"""Where the toy plan puts charging, swap and hydrogen."""


def mark(number, target, target_id, opinion, who="张三", **more):
    return {
        "mark_id": f"m-{number:012x}", "target": target, "target_id": target_id,
        "opinion": opinion, "reviewer": who, "comment": f"<b>说明 {number}</b>",
        "marked_at": f"2026-11-22T09:{number:02d}:00Z",
    } | more  # fmt: skip


def road(number, opinion, segments, who="张三"):
    target = "segment" if len(segments) == 1 else "corridor"
    return mark(number, target, segments[0], opinion, who, segment_ids=segments)


ONE = [
    mark(1, "station", f"p-{HUB}-ac7", "accept", site_id=HUB, energy="charging"),
    mark(2, "station", "p-t-990102100-ac7", "refuse", site_id="t-990102100", energy="charging"),
    mark(3, "station", f"p-{HUB}-swap", "move", site_id=HUB, energy="swap",
         place=[115.885, 28.621]),
    road(4, "include", ["s1"]),
    road(5, "refuse", ["s148", "s150", "s152", "s154"]),
    road(6, "accept", ["s46"]),
    road(7, "include", ["s67"]),
    mark(8, "station", "x-old1", "refuse", site_id="x-old1", energy="charging"),
    road(9, "accept", ["s47"]),
    mark(10, "station", f"p-{HUB}-hydrogen500", "move", site_id=HUB, energy="hydrogen",
         place=node(6, 0)),
]  # fmt: skip
TWO = [
    road(20, "refuse", ["s46"], "李四"),
    mark(21, "site", "t-990101101", "include", "李四", energy="hydrogen"),
    mark(22, "site", "t-990101100", "include", "李四", energy="hydrogen"),
]
OUTCOMES = {
    1: "honoured", 2: "honoured", 3: "honoured", 4: "honoured", 5: "honoured",
    6: "contradicted", 7: "not_honoured", 8: "not_honoured", 9: "nothing_to_do",
    10: "not_honoured", 20: "contradicted", 21: "honoured", 22: "not_honoured",
}  # fmt: skip
RULES = {7: "施工区", 8: "现有站点", 10: "禁设区 z2", 22: "企业资金"}


def save(folder, name, marks, plan_id="0011223344556677", case_id="toy"):
    content = {
        "format": "planner-review-1", "saved_at": "2026-11-22T10:00:00Z", "reviewer": "",
        "plan": {"id": plan_id, "case_id": case_id, "variant": ""}, "marks": marks,
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def scenario_in(folder):
    run = {"mip_gap": 0.05, "review_solves": 1}
    return load_scenario(write_toy_case(folder)).with_run(**run)


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory):
    """Plan the toy case with the marks of two reviewers; return the plan and the steps told."""
    folder, told = tmp_path_factory.mktemp("reviewed"), []
    files = [save(folder, "a.json", ONE), save(folder, "b.json", TWO)]
    plan = make_plan(scenario_in(folder / "case"), reviews=files, tell=told.append)
    return plan, told


def log_of(plan):
    log = plan.layers["review_log"]
    return log.set_index(log["mark_id"].map(lambda name: int(name.removeprefix("m-"), base=16)))


def test_every_mark_is_honoured_or_told_why_not(reviewed):
    plan, told = reviewed
    log = log_of(plan)
    assert log["outcome"].to_dict() == OUTCOMES
    for number, rule in RULES.items():
        assert rule in log["reason_zh"][number]
    assert log["against"][6] == f"2-m-{20:012x}"
    assert "李四" in log["reason_zh"][6]
    assert "李四" in log["reason_en"][6]
    assert tuple(told) == steps_of(reviews=True)


def test_a_station_replaced_at_its_site_is_told_and_not_called_free(reviewed):
    plan, _ = reviewed
    log, stations = log_of(plan), plan.stations
    here = stations[(stations["site_id"] == HUB) & (stations["energy"] == "charging")].iloc[0]
    assert here["technology"] != "ac7", "another technology than the mark accepted"
    known = plan.scenario.technologies
    now = f"{known[here['technology']].en} with {here['n_units']} units from {here['first_year']}"
    assert f"but as {now} instead of {known['ac7'].en}" in log["reason_en"][1]
    assert "但改为" + known[here["technology"]].zh in log["reason_zh"][1]
    assert "not the equipment" in log["reason_en"][1]


def test_marks_set_aside_tell_what_the_plan_has_there(reviewed):
    plan, _ = reviewed
    log, chosen = log_of(plan), set(plan.test_roads["segment_id"])
    count = int("s46" in chosen)
    for number in (6, 20):
        assert f"{count} of its 1 segments" in log["reason_en"][number]
        assert f"有 {count} 个在测试道路网内" in log["reason_zh"][number]


def test_the_rule_line_counts_marks_by_outcome_and_refused_segments_apart(reviewed):
    plan, _ = reviewed
    rules = {row["rule_id"]: row for row in plan.figures["rules"]}
    assert rules["reviewed_sites"]["status"] == "reported"
    assert "13 marks" in rules["reviewed_sites"]["detail_en"]
    assert "6 honoured, 4 not honoured, 2 contradicted" in rules["reviewed_sites"]["detail_en"]
    rejected = plan.layers["rejected_segments"]["reason"]
    only = int((rejected == "refused in review").sum())
    assert plan.figures["test_roads"]["n_refused_segments"] == only >= 1
    assert f"{len(rejected) - only} segments are excluded" in rules["safety_first"]["detail_en"]


def test_the_plan_does_what_honoured_marks_ask_for(reviewed):
    plan, _ = reviewed
    stations, roads = plan.stations, plan.test_roads
    standing = set(zip(stations["site_id"], stations["energy"], strict=True))
    assert {(HUB, "charging"), (f"r-m-{3:012x}", "swap"), ("t-990101101", "hydrogen")} <= standing
    assert not {(HUB, "swap"), ("t-990102100", "charging")} & standing
    assert "s1" in set(roads["segment_id"])
    assert not {"s148", "s150", "s152", "s154"} & set(roads["segment_id"])
    rejected = plan.layers["rejected_segments"].set_index("segment_id")["reason"]
    assert rejected["s148"] == "refused in review"
    assert plan.figures["test_roads"]["stages"][-1]["met"]


def test_costs_are_never_below_nothing_and_fit_the_total(reviewed):
    plan, _ = reviewed
    log, figures = log_of(plan), plan.figures["reviews"]
    assert log["cost_basis"][1] == "site_only", "the plan without marks has a station there too"
    assert not log["cost_proved"][1]
    assert set(log["cost_basis"][[2, 3, 21]]) <= {"solved", "within_gap", "estimated"}
    assert (log["cost_basis"][[2, 3, 21]] == "estimated").sum() == 2
    assert (log.loc[log["outcome"] != "honoured", "cost_basis"] == "none").all()
    assert set(log["cost_basis"][[4, 5]]) <= {"solved", "within_gap"}
    roads = figures["test_roads"]
    whole = roads["costs"]["worth_lost"]
    assert (log["worth_lost"][[4, 5]] >= 0).all()
    assert (log["worth_lost"][[4, 5]] <= whole + 1e-6).all(), "the plan keeps each of them too"
    lost = roads["without"]["worth"] - roads["with"]["worth"]
    assert roads["differences"]["worth_lost"] == pytest.approx(lost, abs=1e-6)
    assert roads["with"]["worth"] == plan.figures["test_roads"]["outcome"]["objective"]
    assert figures["stations"]["with"]["capital_cny"] == plan.stations["capital_cny"].sum() + (
        plan.layers["supply_upgrades"]["cost_cny"].sum()
    )
    assert figures["n_solves"] == 2 + 1 + 2


def test_the_plan_is_proven_and_carries_its_log(reviewed, tmp_path):
    plan, _ = reviewed
    write_plan(plan, tmp_path / "plan")
    assert verify_plan(tmp_path / "plan").passed
    report = (tmp_path / "plan" / "report.html").read_text(encoding="utf-8")
    assert "评审记录" in report
    assert "<b>说明" not in report
    files = [row for row in plan.figures["inputs"] if row["layer"] == "review"]
    assert [row["file"] for row in files] == ["a.json", "b.json"]


def test_another_order_of_files_and_marks_and_a_later_plan_make_the_same_plan(reviewed, tmp_path):
    plan, _ = reviewed
    files = [
        save(tmp_path, "b.json", TWO[::-1], "8899"),
        save(tmp_path, "a.json", ONE[::-1], "8899"),
    ]
    again = make_plan(scenario_in(tmp_path / "case"), reviews=files)
    for name in ("stations", "test_roads", "reviews", "road_reviews", "review_log"):
        assert again.layers[name].equals(plan.layers[name]), name
    assert again.figures["siting"] == plan.figures["siting"]


def test_a_review_of_another_case_or_unknown_site_is_refused(toy_case, tmp_path):
    scenario = load_scenario(toy_case)
    other = save(tmp_path, "other.json", ONE, case_id="far")
    with pytest.raises(InputError, match="E-REV-012"):
        make_plan(scenario, reviews=[other])
    unknown = save(tmp_path, "x.json", [mark(1, "site", "nowhere", "include", energy="all")])
    with pytest.raises(InputError, match="E-REV-015"):
        make_plan(scenario, reviews=[unknown])


def choice(served, cost, gap=0.0):
    outcomes = {"demand_served": served, "cost": cost}
    goals = tuple(
        Goal(name, Outcome(Termination.WITHIN_GAP, value, value, gap))
        for name, value in outcomes.items()
    )
    return SiteChoice(goals, capital_cny=cost * 10)


@pytest.mark.parametrize(
    ("served", "cost", "basis"),
    [
        (1000.0, 500.0, "within_gap"),
        (999.0, 500.0, "within_gap"),  # a thousandth is within the gap
        (1200.0, 900.0, "within_gap"),  # the plan with the mark is the better one
        (900.0, 400.0, "solved"),  # serves less, and saves some of the cost
        (1000.0, 600.0, "solved"),
    ],
)
def test_a_cost_is_told_only_where_the_plan_is_worse_beyond_the_gap(toy_case, served, cost, basis):
    scenario = load_scenario(toy_case)
    price = site_price(choice(1000.0, 500.0), choice(served, cost), scenario)
    assert price.basis == basis
    shown = price.figures["unserved_kwh_per_day"], price.figures["annual_cny"]
    assert shown == ((0.0, 0.0) if basis == "within_gap" else (1000.0 - served, cost - 500.0))


def test_roads_cost_what_they_lose_and_never_gain(toy_case):
    scenario = load_scenario(toy_case)
    without = RoadTrial(frozenset(), 41.0, 70.0)
    price = road_price(without, RoadTrial(frozenset(), 39.5, 71.0), scenario)
    assert price.figures == {"missing_km": 0.5, "worth_lost": -1.0}
    better = road_price(without, RoadTrial(frozenset(), 42.0, 70.5), scenario)
    assert better.basis == "within_gap"
    assert set(better.figures.values()) == {0.0}
