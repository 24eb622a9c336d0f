"""What must hold for every instance: more is never worse, order and scale change nothing."""

from dataclasses import replace

import numpy as np
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_instances import random_instance
from siting_solving import RUN, solved

from planner.siting import model as siting_model
from planner.siting.program import relax
from planner.siting.rows import merged_rows, pooled_rows
from planner.siting.search import _fix_final
from planner.siting.stages import demand_served, late_stages, rule_stages, share_stage
from planner.solver import solve

small = settings(max_examples=6, derandomize=True, deadline=None, database=None)
seeds = st.integers(1000, 9000)
BETTER = {"township_shortfall": -1, "highway_shortfall_m": -1, "unit_shortfall": -1,
          "worst_county_share": 1, "next_county_share": 1, "trips_refuelled": 1,
          "demand_served": 1, "cost": -1, "early_township_shortfall": -1,
          "early_served": 1}  # fmt: skip


def no_worse(less, more):
    """Return whether goals are no worse in their order: the first that differs decides."""
    for name in less:
        if name not in more:
            return True
        gain = BETTER[name] * (more[name] - less[name])
        if abs(gain) > 1e-5 * max(1.0, abs(less[name])):
            return gain > 0
    return True


@small
@given(seeds, st.integers(1, 8))
def test_more_money_is_never_worse(seed, more):
    case = random_instance(seed)
    rich = replace(case, budget_cny=case.budget_cny + np.array([100_000 * more, 0]))
    assert no_worse(solved(case).bounds, solved(rich).bounds)


@small
@given(seeds, st.integers(1, 60))
def test_more_headroom_is_never_worse(seed, kw):
    case = random_instance(seed)
    now = case.supply
    more = replace(now, headroom_kw=now.headroom_kw + kw)
    assert no_worse(solved(case).bounds, solved(replace(case, supply=more)).bounds)


@small
@given(seeds)
def test_a_larger_radius_is_never_worse(seed):
    """Every charging site for every point."""
    case = random_instance(seed)
    points, sites = len(case.demand_id), len(case.site_id)
    swaps = case.pair_energy != 0
    i, j = (part.ravel() for part in np.indices((points, sites)))
    wide = replace(
        case,
        pair_demand=np.concatenate([i, case.pair_demand[swaps]]),
        pair_site=np.concatenate([j, case.pair_site[swaps]]),
        pair_energy=np.concatenate([0 * i, case.pair_energy[swaps]]),
        pair_m=np.zeros(len(i) + int(swaps.sum())),
    )
    assert no_worse(solved(case).bounds, solved(wide).bounds)


@small
@given(seeds)
def test_one_more_site_is_never_worse(seed):
    """Without the options of the second site, and with them; what it may be given is the same.

    Townships and shares count what a site could reach, so both are asked of the same sets.
    """
    case = random_instance(seed)
    bare = replace(
        case, township_pair=case.township_pair[:0], township_pair_site=case.township_pair_site[:0]
    )
    fewer = replace(bare, options=bare.options.take(bare.options.group != 1))
    assert no_worse(solved(fewer).bounds, solved(bare).bounds)


@small
@given(seeds, st.randoms(use_true_random=False))
def test_the_order_of_points_and_sites_changes_nothing(seed, chance):
    case = random_instance(seed)
    assert solved(shuffled(case, chance)).bounds == pytest.approx(solved(case).bounds, rel=1e-6)


def shuffled(case, chance):
    """Return the same problem with other rows for its points, sites and options."""

    def order(n):
        rows = list(range(n))
        chance.shuffle(rows)
        return np.array(rows)

    points, sites = order(len(case.demand_id)), order(len(case.site_id))
    site_row, point_row = np.argsort(sites), np.argsort(points)
    groups = np.lexsort((case.group_energy, site_row[case.group_site]))
    kept = np.argsort(np.argsort(groups)[case.options.group], kind="stable")
    options = case.options.take(kept)
    options = replace(options, group=np.argsort(groups)[options.group])
    i, j = point_row[case.pair_demand], site_row[case.pair_site]
    pairs = np.lexsort((j, i, case.pair_energy))

    def moved(windows):
        return replace(windows, pair_site=site_row[windows.pair_site])

    return replace(
        case,
        demand=case.demand[:, points],
        demand_county=case.demand_county[points],
        pair_demand=i[pairs],
        pair_site=j[pairs],
        pair_energy=case.pair_energy[pairs],
        pair_m=case.pair_m[pairs],
        group_site=site_row[case.group_site][groups],
        group_energy=case.group_energy[groups],
        options=options,
        max_power_kw=case.max_power_kw[sites],
        site_supply=case.site_supply[sites],
        site_county=case.site_county[sites],
        township_pair_site=site_row[case.township_pair_site],
        highway=moved(case.highway),
        trips=moved(case.trips),
    )


@small
@given(seeds)
def test_twice_the_demand_and_twice_the_capacity_serve_twice(seed):
    case = random_instance(seed)
    options = replace(case.options, capacity=2 * case.options.capacity)
    twice = solved(replace(case, demand=2 * case.demand, options=options)).bounds
    once = solved(case).bounds
    expected = once | {name: 2 * once[name] for name in ("demand_served", "early_served")}
    assert twice == pytest.approx(expected, rel=1e-6)


@small
@given(seeds)
def test_the_plan_itself_is_a_solution_of_the_model(seed):
    """Fixed as it is, it serves in the target year what it was said to serve."""
    case = random_instance(seed)
    plan = solved(case)
    model = siting_model.build(case, merged_rows(case, case.possible()), case.possible(), (0, 1))
    _fix_final(plan.build, model)
    for o in plan.build.chosen[0]:
        if o >= 0:
            model.z[int(o), 0].lowBound = 1
    for share in model.share.values():
        share.lowBound = min(plan.bounds["worst_county_share"], share.upBound) * (1 - 1e-7)
    model.problem.sense = pulp.LpMaximize
    model.problem.setObjective(demand_served(model))
    found = solve(model.problem, time_limit_s=60, mip_gap=0, threads=1, seed=1)
    assert found.objective == pytest.approx(plan.values["demand_served"], rel=1e-5)


@small
@given(seeds)
def test_relaxations_bound_every_goal_and_pooling_bounds_them_too(seed):
    case = random_instance(seed)
    allowed = case.possible()
    counties = sorted(case.reachable_share(1, allowed))
    stages = [*rule_stages(case, RUN), share_stage("worst_county_share", counties, RUN, 0.0),
              *late_stages(case, RUN, 0.0)]  # fmt: skip
    for stage in stages:
        exact = value(case, stage, merged_rows(case, allowed), whole=True)
        relaxed = value(case, stage, merged_rows(case, allowed), whole=False)
        pooled = value(case, stage, pooled_rows(case, allowed, 0), whole=False)
        sign = 1 if stage.maximise else -1
        assert sign * pooled >= sign * relaxed - 1e-6, stage.name
        assert sign * relaxed >= sign * exact - 1e-6, stage.name


def value(case, stage, rows, *, whole):
    model = siting_model.build(case, rows, case.possible(), (0, 1))
    if not whole:
        relax(model)
    model.problem.sense = pulp.LpMaximize if stage.maximise else pulp.LpMinimize
    model.problem.setObjective(stage.terms(model))
    return solve(model.problem, time_limit_s=60, mip_gap=0, threads=1, seed=1).objective


def test_no_worse_reads_the_goals_in_their_order():
    """Less served is worse unless something before it is better."""
    less = {"worst_county_share": 0.5, "demand_served": 9.0, "cost": 5.0}
    assert no_worse(less, less)
    assert not no_worse(less, less | {"demand_served": 8.0, "cost": 1.0})
    assert no_worse(less, less | {"worst_county_share": 0.6, "demand_served": 8.0})
