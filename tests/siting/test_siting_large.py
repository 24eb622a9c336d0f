"""The path of large instances, forced on small ones: what it promises, keeps and misses."""

from dataclasses import replace

import numpy as np
import pytest
from siting_instances import EXTEND, instance, keep, medium_instance, option, supply, windows
from siting_solving import RUN, told

from planner.errors import InfeasibleError
from planner.siting import goals as siting_goals
from planner.siting.dive import Dive
from planner.siting.goals import pursue
from planner.solver import Deadline

PRACTICAL = RUN.model_copy(update={"mip_gap": 0.005, "effort": 1})
TOLERANCE = 0.005
WORST_GAP, SERVED_GAP = 0.12, 0.12
"""How far the plan of the large path may stay behind the exact one on these small towns.

A station there is a tenth of the demand: the relaxation tells less than on a city.
"""


def by_path(case, pairs, run=PRACTICAL, tolerance=TOLERANCE):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(siting_goals, "SMALL_PAIRS", pairs)
        build, reached = pursue(case, run, tolerance, Deadline.after(60))
    return told(case, build, reached, tolerance)


def large(case):
    return by_path(case, 0)


@pytest.fixture(scope="module", params=[0, 2])
def both(request):
    case = medium_instance(request.param, sites=8, points=40)
    return large(case), by_path(case, 10**9)


def test_the_plan_passed_every_check_and_is_no_further_from_the_exact_one_than_stated(both):
    rough, exact = (plan.values for plan in both)
    for rule in ("township_shortfall", "highway_shortfall_m"):
        assert rough[rule] == exact[rule]
    assert rough["worst_county_share"] >= (1 - WORST_GAP) * exact["worst_county_share"]
    assert rough["demand_served"] >= (1 - SERVED_GAP) * exact["demand_served"]


def test_bounds_that_promise_nothing_first_hold_for_the_exact_plan_too(both):
    """The rules' goals and the worst county's are bounded whatever the later goals do."""
    rough, exact = both
    assert rough.bounds["township_shortfall"] <= exact.values["township_shortfall"] + 1e-9
    assert rough.bounds["highway_shortfall_m"] <= exact.values["highway_shortfall_m"] + 1e-6
    assert rough.bounds["worst_county_share"] >= exact.values["worst_county_share"] - 1e-6


def test_every_goal_stays_on_its_side_of_its_bound(both):
    for plan in both:
        for goal, row in zip(plan.goals, plan.reached, strict=True):
            if goal.outcome.bound is not None:
                ahead = goal.outcome.bound - goal.outcome.objective
                assert (ahead if row.stage.maximise else -ahead) >= -1e-6, goal.name


def test_the_same_instance_gives_the_same_plan(both):
    again = large(both[0].case)
    assert again.chosen == both[0].chosen
    assert again.bounds == both[0].bounds


def test_what_the_small_path_proves_the_large_path_finds_on_a_tiny_town():
    """One site extends, the next is fast for the motorway, a swap station keeps its lock."""
    rows = [keep(0, 30.0), option(0, 80.0, 500, action=EXTEND), option(1, 60.0, 1000, fast=True),
            option(1, 60.0, 900, technology=1), option(2, 2.0, 700, technology=2)]  # fmt: skip
    case = instance(
        rows,
        {(0, 0): [40, 80], (1, 0): [40, 60], (0, 1): 1},
        groups=[(0, 0), (1, 0), (1, 1)],
        reach={0: [0, 1], 1: [1]},
        budget=[(600, 0), (2200, 0)],
        highway=windows((0, 7000.0, [1])),
        townships=[(0, 1)],
        locked=((2,),),
        units_needed=np.array([2]),
    )
    rough, exact = (by_path(case, pairs, RUN, 0.0) for pairs in (0, 10**9))
    assert rough.values == pytest.approx(exact.values, rel=1e-6)
    assert rough.chosen == exact.chosen == [[1, -1, -1], [1, 2, 4]]


def test_the_way_to_the_target_year_keeps_to_money_and_lead_times():
    """Money for the node's upgrade is there in the first year, for the station in the third."""
    fed = {"supply": supply((10, 60, 400, 1)), "site_supply": np.array([0])}
    rows = [option(0, 40.0, 1000, peak_kw=5.0), option(0, 80.0, 1500, units=2, peak_kw=50.0)]
    case = instance(rows, [80.0], budget=[(1400, 0), (1400, 0), (1900, 0)], **fed)
    plan = large(case)
    assert plan.units == [[1], [1], [2]]
    assert plan.build.upgraded[:, 0].sum() in {1, 2}


def test_an_upgrade_without_money_in_the_year_of_its_order_is_not_planned():
    """It takes a year, and in the first there is none: the site stays without its 50 kW."""
    fed = {"supply": supply((10, 60, 400, 1)), "site_supply": np.array([0])}
    case = instance([option(0, peak_kw=50.0)], [80.0], budget=[(0, 0), (2000, 0)], **fed)
    assert by_path(case, 10**9).units == [[0], [0]]
    assert large(case).units == [[0], [0]]


def test_what_is_out_of_date_by_the_target_year_is_not_planned():
    rows = [option(0, 80.0, last=0), option(0, 50.0, technology=1)]
    plan = large(instance(rows, [80.0], budget=[(2000, 0), (3000, 0)]))
    assert plan.chosen == [[1], [1]]


def test_locks_that_cannot_hold_are_refused():
    case = instance([option(0), option(1)], [80.0], budget=[(1999, 0)])
    with pytest.raises(InfeasibleError):
        large(replace(case, locked=((0,), (1,))))


@pytest.mark.parametrize("pairs", [0, 10**9])
def test_a_case_in_which_nothing_may_stand_is_an_empty_plan(pairs):
    """Its township has a site near, but no technology is on offer."""
    case = instance([option(0)], [80.0], townships=[(0, 0)])
    nothing = np.zeros(0, dtype=np.int64)
    empty = replace(case, options=case.options.take(np.array([False])), group_site=nothing,
                    group_energy=nothing)  # fmt: skip
    plan = by_path(empty, pairs)
    assert plan.units == [[]]
    assert plan.values["demand_served"] == 0


def test_a_township_comes_before_any_length_of_motorway_however_little_money_there_is():
    """There is money for one station: near the township, or along 100 km of motorway."""
    rows = [option(0, fast=True), option(1, 90.0)]
    case = instance(rows, [80.0], budget=[(1500, 0)], townships=[(0, 1)],
                    highway=windows((0, 100_000.0, [0])))  # fmt: skip
    rough, exact = (by_path(case, pairs) for pairs in (0, 10**9))
    assert rough.units == exact.units == [[0, 1]]
    assert rough.values["township_shortfall"] == 0
    assert rough.values["highway_shortfall_m"] == 100_000


def test_the_plan_that_met_the_rules_stands_where_rounding_comes_to_none(monkeypatch):
    monkeypatch.setattr(Dive, "round", lambda *_: None)
    case = instance([option(0), option(1)], [80.0], townships=[(0, 1)])
    assert large(replace(case, locked=((1,),))).units[-1][1] == 1
