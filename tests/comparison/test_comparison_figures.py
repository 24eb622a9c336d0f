"""Roads, units, figures and what else differs: worked by hand on two small plans."""

import copy

import pandas as pd
import pytest
from shapely.geometry import LineString
from toy_pair import plan, segment, toy_figures, unit

from planner.comparison import compare, figure_lines, headline, record, warnings
from planner.comparison.roads import counted_km


def other_figures(**assumptions):
    figures = toy_figures()
    for row in figures["assumptions"]:
        row["value"] = assumptions.get(row["key"].split(".")[1], row["value"])
    return figures


def figure(comparison, key):
    return next(row for row in comparison.figures if row.key == key)


def test_the_same_plan_twice_has_no_difference():
    made = compare(plan("a"), plan("b"))
    assert made.same
    assert headline(made) == [headline(made)[0]]
    assert "没有差异" in headline(made)[0].zh
    assert "No difference" in headline(made)[0].en
    assert warnings(made) == []
    assert figure_lines(made) == []
    assert record(made)["stations"]["rows"] == []


def test_km_of_added_dropped_and_postponed_roads():
    before = [segment("g1"), segment("g2"), segment("g3")]
    after = [segment("g1"), segment("g2", stage_year=2026), segment("g4", counted_m=700.0)]
    made = compare(plan("a", roads=before), plan("b", roads=after))
    table = counted_km(made.roads).set_index("kind")
    assert table["n"].to_dict() == {"added": 1, "dropped": 1, "changed": 1, "same": 1}
    assert table["km_a"].to_dict() == {"added": 0, "dropped": 1.5, "changed": 1.5, "same": 1.5}
    assert table["km_b"].to_dict() == {"added": 0.7, "dropped": 0, "changed": 1.5, "same": 1.5}
    assert [c.aspects for c in made.roads if c.kind == "changed"] == [("year",)]
    assert "0.70 km added (1 segments), 1.50 km dropped (1)" in headline(made)[1].en
    assert not made.same


def test_an_id_on_another_road_is_another_segment():
    moved = segment("g1", geometry=LineString([(0.5, 0.5), (0.6, 0.5)]))
    made = compare(plan("a", roads=[segment("g1")]), plan("b", roads=[moved]))
    assert [change.kind for change in made.roads] == ["added", "dropped"]


def test_equipment_that_comes_later_or_not_at_all_is_a_change():
    later = segment("g1", equipped_year=2026)
    never = segment("g2", equipped=False, equipped_year=float("nan"))
    made = compare(plan("a"), plan("b", roads=[later, never]))
    assert [(c.kind, c.aspects) for c in made.roads] == [("changed", ("equipment",))] * 2


def test_roadside_units_are_matched_by_id_and_place():
    before = [unit("r1"), unit("r2"), unit("r3")]
    after = [unit("r1"), unit("r2", stage_year=2026, cost_cny=60_000), unit("r4")]
    made = compare(plan("a", units=before), plan("b", units=after))
    assert [(c.kind, c.either.rsu_id, c.aspects) for c in made.units] == [
        ("added", "r4", ()),
        ("dropped", "r3", ()),
        ("changed", "r2", ("year", "cost")),
        ("same", "r1", ()),
    ]


def test_a_figure_changes_by_b_minus_a():
    figures = toy_figures()
    figures["siting"]["spent_cny"] = 1_750_000
    figures["siting"]["county_shares"][1]["served_share_after"] = 0.7
    made = compare(plan("a"), plan("b", figures=figures))
    assert figure(made, "spent_cny").difference == 250_000
    assert figure(made, "worst_county").difference == pytest.approx(0.1)
    assert figure(made, "county_served.360121").difference == pytest.approx(0.1)
    back = compare(plan("b", figures=figures), plan("a"))
    assert figure(back, "spent_cny").difference == -250_000
    lines = [line.en for line in figure_lines(made)]
    assert "public money for stations CNY 1.5 million → CNY 1.8 million (+CNY 250,000)" in lines
    assert any("60.0 % → 70.0 % (+10.00 points)" in line for line in lines)


def test_a_budget_is_told_first_and_leaves_the_figures_comparable():
    figures = other_figures(budget_cny_2026=3_000_000)
    figures["siting"]["spent_cny"] = 1_600_000
    made = compare(plan("a"), plan("b", figures=figures))
    assert [(row.key, row.before, row.after) for row in made.differing] == [
        ("siting.budget_cny_2026", "2000000", "3000000")
    ]
    assert made.grounds == {}
    assert figure(made, "spent_cny").difference == 100_000
    assert "2000000 → 3000000" in warnings(made)[1].en


@pytest.mark.parametrize(
    ("change", "ground", "blocked", "free"),
    [
        ({"growth": 1.2}, "demand", "served_share.charging", "spent_cny"),
        ({"counting_basis": "carriageway_km"}, "basis", "opened_km", "spent_cny"),
    ],
)
def test_what_is_measured_otherwise_is_not_compared(change, ground, blocked, free):
    figures = other_figures(**change)
    figures["siting"]["energies"][0]["served_share_after"] = 0.5
    made = compare(plan("a"), plan("b", figures=figures))
    assert list(made.grounds) == [ground]
    assert figure(made, blocked).difference is None
    assert figure(made, blocked).obstacles == (ground,)
    assert figure(made, free).difference == 0
    assert "not compared" in warnings(made)[-1].en


def test_prices_block_money_and_sources_block_nothing():
    figures = toy_figures()
    figures["technologies"]["dc60"] |= {"unit_cost_cny": 60_000, "source": "another"}
    made = compare(plan("a"), plan("b", figures=figures))
    assert [row.key for row in made.differing] == ["technologies.dc60.unit_cost_cny"]
    assert figure(made, "spent_cny").obstacles == ("prices",)
    assert figure(made, "opened_km").difference == 0


def test_a_year_that_one_plan_lacks_has_no_difference_but_a_reason():
    figures = toy_figures()
    figures["siting"]["by_year"].pop()
    made = compare(plan("a"), plan("b", figures=figures))
    assert figure(made, "year_spent.2026").obstacles == ("absent",)
    assert figure(made, "year_spent.2026").after is None
    assert figure(made, "year_spent.2025").difference == 0
    assert [row.key for row in made.differing] == ["years"]


def test_reviews_are_among_what_differs():
    after = plan("b")
    row = {"review_id": "m1", "site_id": "s9", "energy": "all", "mark": "ban"}
    after.layers["reviews"] = pd.DataFrame([row])
    road = {"review_id": "m2", "segment_id": "g1", "mark": "lock"}
    after.layers["road_reviews"] = pd.DataFrame([road])
    made = compare(plan("a"), after)
    assert [(row.key, row.before, row.after) for row in made.differing] == [
        ("review.m1", None, "ban s9 all"),
        ("review.m2", None, "lock g1"),
    ]
    assert "review m1: absent → ban s9 all" in warnings(made)[1].en


def test_another_case_of_the_same_counties_is_compared_and_said_first():
    figures = copy.deepcopy(toy_figures())
    figures["case"]["case_id"] = "toy-real-roads"
    figures["inputs"][0]["sha256"] = "1" * 64
    made = compare(plan("a"), plan("b", figures=figures))
    assert [row.key for row in made.differing] == ["case.case_id", "input.roads"]
    assert list(made.grounds) == ["demand", "rules"]
