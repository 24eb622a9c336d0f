"""What later goals may give back, how goals are told, and how a search ends without a plan."""

import pytest
from siting_instances import instance, option, random_instance
from siting_solving import RUN, solved

from planner.errors import LimitError, SolverError
from planner.siting import search as siting_search
from planner.siting.goals import _outcome, pursue
from planner.siting.search import Reached
from planner.siting.stages import Stage, demand_served
from planner.solver import Deadline, Outcome, Termination

MOST = Stage("demand_served", True, 0.0, demand_served)  # noqa: FBT003
LEAST = Stage("cost", False, 0.0, demand_served)  # noqa: FBT003


def two_sizes():
    """100 kWh for 10 000 CNY a year or 98 for 1000."""
    rows = [option(0, 98.0, 1000, annual=1000), option(0, 100.0, 2000, annual=10_000, units=2)]
    return instance(rows, [100.0])


def test_cost_may_take_back_the_tolerance_and_no_more():
    assert solved(two_sizes()).units == [[2]]
    assert solved(two_sizes(), tolerance=0.021).units == [[1]]
    assert solved(two_sizes(), tolerance=0.019).units == [[2]]


@pytest.mark.parametrize("seed", [70, 71])
def test_within_the_tolerance_no_goal_falls_further_than_it(seed):
    case = random_instance(seed)
    exact, slack = solved(case), solved(case, tolerance=0.05)
    for name in ("township_shortfall", "highway_shortfall_m", "unit_shortfall"):
        assert slack.values[name] == exact.values[name]
    share = "worst_county_share"
    assert slack.values[share] >= exact.values[share] * 0.95 - 1e-6
    assert slack.values["demand_served"] >= exact.values["demand_served"] * 0.95 * 0.95 - 1e-6
    assert slack.values["cost"] <= exact.values["cost"] + 1e-6


@pytest.mark.parametrize(
    ("stage", "value", "bound", "tolerance", "expected"),
    [
        (MOST, 10.0, 10.0, 0.0, Termination.PROVEN_OPTIMAL),
        (MOST, 9.9, 10.0, 0.02, Termination.WITHIN_GAP),
        (MOST, 9.0, 10.0, 0.02, Termination.FEASIBLE_LIMIT),
        (LEAST, 10.0, 9.9, 0.02, Termination.WITHIN_GAP),
        (LEAST, 10.0, None, 0.02, Termination.FEASIBLE_LIMIT),
    ],
)
def test_a_goal_is_told_as_the_plan_meets_it(stage, value, bound, tolerance, expected):
    told = _outcome(value, Reached(stage, bound), tolerance)
    assert (told.termination, told.objective, told.bound) == (expected, value, bound)


@pytest.mark.parametrize(("stage", "value", "bound"), [(MOST, 11.0, 10.0), (LEAST, 9.0, 10.0)])
def test_a_bound_that_the_plan_beats_proves_nothing(stage, value, bound):
    """A bound given what earlier goals promised: the plan kept less of these, so it is none."""
    told = _outcome(value, Reached(stage, bound), 0.0)
    assert told.termination is Termination.FEASIBLE_LIMIT


def ending(monkeypatch, *outcomes):
    """Let the first solves end as given, and the others as they do."""
    left, real = list(outcomes), siting_search.solve

    def solve(*given, **named):
        return left.pop(0) if left and left[0] else (left and left.pop(0)) or real(*given, **named)

    monkeypatch.setattr(siting_search, "solve", solve)
    return pursue(two_sizes(), RUN, 0.0, Deadline.after(60))


def test_no_time_for_a_first_plan_is_a_refusal(monkeypatch):
    with pytest.raises(LimitError) as caught:
        ending(monkeypatch, Outcome(Termination.NO_SOLUTION_LIMIT))
    assert [problem.code for problem in caught.value.problems] == ["E-SIT-001"]


def test_no_time_for_a_later_goal_keeps_the_plan_and_its_bound(monkeypatch):
    late = Outcome(Termination.NO_SOLUTION_LIMIT, None, 0.4)
    build, reached = ending(monkeypatch, None, late)
    assert [row.stage.name for row in reached] == [
        "township_shortfall", "worst_county_share", "demand_served", "cost",
    ]  # fmt: skip
    assert reached[1].bound == 0.4
    assert build.chosen.tolist() == [[1]]


def test_a_later_goal_without_any_answer_is_a_defect(monkeypatch):
    with pytest.raises(SolverError) as caught:
        ending(monkeypatch, None, Outcome(Termination.INFEASIBLE))
    assert [problem.code for problem in caught.value.problems] == ["E-SIT-002"]
