"""The best plan by the model and by trying every one; HiGHS and CBC on the same problem."""

import warnings
from dataclasses import replace

import pulp
import pytest
from siting_brute import best
from siting_instances import random_instance
from siting_solving import RUN, solved

from planner.errors import InfeasibleError
from planner.siting import model as siting_model
from planner.siting.rows import merged_rows
from planner.siting.stages import early_stages, late_stages, rule_stages, share_stage
from planner.solver import solve

CASES = [(seed, 2) for seed in range(10)] + [(seed, 3) for seed in (20, 21)] + [(30, 1), (31, 1)]


@pytest.mark.parametrize(("seed", "years"), CASES)
def test_every_goal_is_as_good_as_trying_everything(seed, years):
    """Bounds meet the brute force; the plan does what they say.

    Early years are dealt out with the worst county first, so that their sum may be less.
    """
    case = random_instance(seed, years=years)
    expected, plan = best(case), solved(case)
    assert list(plan.bounds) == list(expected)
    assert plan.bounds == pytest.approx(expected, rel=1e-5, abs=1e-5)
    early = plan.values.pop("early_served", 0.0)
    assert early <= expected.pop("early_served", 0.0) + 1e-5
    assert plan.values == pytest.approx(expected, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("seed", [40, 41, 42, 43])
def test_locks_are_kept_at_the_same_cost_as_trying_everything(seed):
    case = replace(random_instance(seed), locked=((2,), (1, 3)))
    expected = best(case)
    if expected is None:
        with pytest.raises(InfeasibleError):
            solved(case)
    else:
        plan = solved(case)
        assert plan.bounds == pytest.approx(expected, rel=1e-5, abs=1e-5)
        assert plan.chosen[-1][2] >= 0


def test_locks_were_seen_to_hold_and_to_fail():
    found = [best(replace(random_instance(seed), locked=((2,), (1, 3)))) for seed in range(40, 44)]
    assert None in found
    assert any(found)


def every_stage(case):
    counties = sorted(case.reachable_share(case.n_years - 1, case.possible()))
    return [
        *rule_stages(case, RUN),
        share_stage("worst_county_share", counties, RUN, 0.0),
        *late_stages(case, RUN, 0.0),
        *early_stages(RUN),
    ]


@pytest.mark.parametrize("seed", [50, 51])
def test_two_solvers_agree_on_every_goal(seed):
    case = random_instance(seed)
    for stage in every_stage(case):
        values = []
        for by in (by_highs, by_cbc):
            rows = merged_rows(case, case.possible())
            model = siting_model.build(case, rows, case.possible(), (0, 1))
            model.problem.sense = pulp.LpMaximize if stage.maximise else pulp.LpMinimize
            model.problem.setObjective(stage.terms(model))
            values.append(by(model.problem))
        assert values[0] == pytest.approx(values[1], abs=1e-6), stage.name


def by_highs(problem):
    return solve(problem, time_limit_s=60, mip_gap=0, threads=1, seed=1).objective


def by_cbc(problem):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # PuLP 4 will no longer carry CBC
        status = problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0, threads=1))
    assert status == pulp.LpStatusOptimal
    return pulp.value(problem.objective) or 0.0
