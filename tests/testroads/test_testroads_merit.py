"""Proves the whole-network rules of the choice: limits, variety, spurs and cycles."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_testroads_choice import RUN, choose, grid_edges, make, random_instance

from planner.solver import Termination
from planner.testroads.connect import Start
from planner.testroads.instance import Limit, Shape, Variety, is_contiguous
from planner.testroads.mend import within_limits
from planner.testroads.merit import (
    edge_worth,
    limits_kept,
    on_cycle,
    passed_km,
    score,
    short_spurs,
    total_worth,
    variety_worth,
)
from planner.testroads.task import make_task


def task_of(instance, low_m=0.0, high_m=1e6):
    return make_task(instance, ~instance.excluded, low_m=low_m, high_m=high_m)


def all_of(task):
    return np.ones(len(task.worth), dtype=bool)


def mask(task, *edges):
    found = np.zeros(len(task.worth), dtype=bool)
    found[list(edges)] = True
    return found


def brute_force(instance, low_m, high_m):
    """Best score of a contiguous set within the length that has what must be in it."""
    task = task_of(instance, low_m, high_m)
    best = (-np.inf, 0.0, 0.0, 0.0)
    rows = range(len(task.worth))
    for count in range(1, len(task.worth) + 1):
        for picked in combinations(rows, count):
            chosen = mask(task, *picked)
            if task.counted_m[chosen].sum() > high_m + 1e-6 or (task.forced & ~chosen).any():
                continue
            if is_contiguous(instance, chosen):
                best = max(best, score(task, chosen))
    return best


def test_variety_is_worth_less_and_less():
    # 1.5 km of scene 0 (worth 4 per km up to 1 km, then 2 up to 1.5 km), 1 km of scene 1.
    instance = make([(0, 1), (1, 2), (2, 3)], worth=[1, 1, 1], metres=[1000, 800, 1000])
    steps = ((1.0, 4.0), (0.5, 2.0))
    task = task_of(replace(instance, variety=Variety(np.array([0, 0, 1]), steps)))
    assert variety_worth(task, all_of(task)) == pytest.approx(4 + 1 + 4)
    assert total_worth(task, all_of(task)) == pytest.approx(3 + 9)
    # A further metre of scene 0 is worth nothing, the last one too; scene 1 goes on at 2.
    assert edge_worth(task, all_of(task)).tolist() == [1, 1, pytest.approx(1 + 2)]
    # Beside the second road alone (0.8 km) all scenes are worth their first figure.
    assert edge_worth(task, mask(task, 1)).tolist() == pytest.approx([5, 1 + 3.2, 5])


@pytest.mark.parametrize("seed", range(6))
def test_variety_agrees_with_brute_force(seed):
    instance = random_instance(seed, opened=bool(seed % 2))
    scene = np.random.default_rng(seed).integers(0, 3, len(instance.worth))
    instance = replace(instance, variety=Variety(scene, ((0.15, 9.0), (0.1, 4.0), (0.2, 1.0))))
    best = brute_force(instance, 500.0, 700.0)
    found = choose(instance, 500.0, 700.0)
    assert found.outcome.objective == pytest.approx(best[3], rel=1e-9)
    assert found.outcome.bound >= best[3] - 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_limits_agree_with_brute_force(seed):
    instance = random_instance(seed, opened=bool(seed % 2))
    side = np.random.default_rng(seed).integers(0, 2, len(instance.worth)).astype(float)
    limits = (Limit("at most 0.25 km", side, 0.25), Limit("a third", 1 / 3 - side, 0.0))
    instance = replace(instance, limits=limits)
    best = brute_force(instance, 400.0, 700.0)
    found = choose(instance, 400.0, 700.0)
    task = task_of(instance, 400.0, 700.0)
    reached = score(task, found.chosen)
    assert reached[:3] == pytest.approx(best[:3])
    assert reached[3] == pytest.approx(best[3], rel=1e-9)
    assert found.outcome.bound >= best[3] - 1e-9


def test_limit_binds_and_relaxes():
    # Two arms from node 0, 300 m each: the left is worth more, but 100 m of it are allowed.
    edges = [(0, 1), (1, 2), (2, 3), (0, 4), (4, 5), (5, 6)]
    instance = make(edges, worth=[2, 2, 2, 1, 1, 1])
    left = np.array([1.0, 1, 1, 0, 0, 0])
    bound = choose(replace(instance, limits=(Limit("left", left, 0.1),)), 300.0, 300.0)
    assert np.flatnonzero(bound.chosen).tolist() == [0, 3, 4]
    free = choose(replace(instance, limits=(Limit("left", left, 0.3),)), 300.0, 300.0)
    assert np.flatnonzero(free.chosen).tolist() == [0, 1, 2]
    assert bound.outcome.objective < free.outcome.objective


def test_limit_that_opened_roads_pass_is_missed_by_no_more():
    edges = [(0, 1), (1, 2), (2, 3), (3, 4)]
    instance = make(edges, opened=[0, 1])
    limited = replace(instance, limits=(Limit("none", np.array([1.0, 1, 1, 0]), 0.1),))
    found = choose(limited, 400.0, 400.0)
    task = task_of(limited, 400.0, 400.0)
    assert found.chosen[:2].all()
    assert passed_km(task, found.chosen) == pytest.approx(0.1)
    assert limits_kept(task, found.chosen) == [False]
    assert found.outcome.termination is not None


def test_short_spurs_are_chains_up_to_a_branching():
    # A triangle with a spur of 200 m (two edges) and one of 600 m.
    edges = [(0, 1), (1, 2), (2, 0), (0, 3), (3, 4), (1, 5)]
    instance = make(edges, metres=[100, 100, 100, 100, 100, 600])
    task = task_of(replace(instance, shape=Shape(least_spur_m=500.0, spur_factor=0.25)))
    assert np.flatnonzero(short_spurs(task, all_of(task))).tolist() == [3, 4]
    assert total_worth(task, all_of(task)) == pytest.approx(6 - 0.75 * 2)
    turn = np.zeros(6, dtype=bool)
    turn[4] = True
    shape = replace(task.shape, turnaround=turn)
    assert not short_spurs(replace(task, shape=shape), all_of(task)).any()


def test_opened_roads_are_never_a_spur():
    instance = make([(0, 1), (1, 2), (2, 0), (0, 3)], opened=[3])
    task = task_of(replace(instance, shape=Shape(least_spur_m=500.0, spur_factor=0.0)))
    assert not short_spurs(task, all_of(task)).any()


def test_short_spurs_are_given_up_for_roads_that_lead_somewhere():
    # 400 m: the square alone, or three sides and a stub that would be worth more.
    edges = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 4)]
    instance = make(edges, worth=[1, 1, 1, 1, 1.5])
    plain = choose(instance, 400.0, 400.0)
    assert plain.chosen[4]
    shaped = replace(instance, shape=Shape(least_spur_m=500.0, spur_factor=0.5))
    assert np.flatnonzero(choose(shaped, 400.0, 400.0).chosen).tolist() == [0, 1, 2, 3]


def test_edges_on_cycles_are_those_that_are_no_bridges():
    # A triangle, a bridge, two parallel roads, a loop and a tail.
    edges = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (3, 4), (4, 4), (4, 5)]
    task = task_of(make(edges))
    assert np.flatnonzero(on_cycle(task, all_of(task))).tolist() == [0, 1, 2, 4, 5, 6]
    assert np.flatnonzero(on_cycle(task, mask(task, 0, 1, 4))).tolist() == []


def test_a_least_share_on_cycles_is_reached_where_it_can_be():
    # A long worthy tail, and a square of little worth beside it.
    edges = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 4), (4, 5), (5, 6), (6, 7)]
    instance = make(edges, worth=[1, 1, 1, 1, 3, 3, 3, 3])
    assert not choose(instance, 400.0, 400.0).chosen[:4].any()
    shaped = replace(instance, shape=Shape(least_cycle_share=0.9))
    assert np.flatnonzero(choose(shaped, 400.0, 400.0).chosen).tolist() == [0, 1, 2, 3]


def test_mending_brings_a_network_within_its_limits_in_one_piece():
    edges = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]
    instance = make(edges, worth=[5, 4, 3, 2, 1])
    limit = Limit("east", np.array([0.0, 0, 1, 1, 1]), 0.1)
    task = task_of(replace(instance, limits=(limit,)))
    start = Start(task, all_of(task), (), 500.0)
    found = within_limits(start, all_of(task))
    assert limits_kept(task, found) == [True]
    assert np.flatnonzero(found).tolist() == [0, 1, 2]


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10_000))
def test_rules_together_keep_the_network_whole_and_the_bound_above(seed):
    rng = np.random.default_rng(seed)
    side = 7
    edges = grid_edges(side)
    size = len(edges)
    half = rng.random(size) < 0.5
    instance = replace(
        make(edges, worth=rng.uniform(0.1, 1.0, size), metres=rng.uniform(50, 200, size)),
        limits=(Limit("half", half - 0.6, 0.0), Limit("most", half * 1.0, 2.0)),
        variety=Variety(rng.integers(0, 4, size), ((0.5, 2.0), (0.5, 1.0))),
        shape=Shape(least_spur_m=150.0, spur_factor=0.5),
    )
    run = RUN.model_copy(update={"mip_gap": 0.05})
    found = choose(instance, 3000.0, 3100.0, run)
    task = task_of(instance, 3000.0, 3100.0)
    assert is_contiguous(instance, found.chosen)
    assert limits_kept(task, found.chosen) == [True, True]
    assert found.outcome.objective == pytest.approx(total_worth(task, found.chosen))
    assert found.outcome.bound >= found.outcome.objective
    assert found.outcome.termination in {
        Termination.WITHIN_GAP,
        Termination.PROVEN_OPTIMAL,
        Termination.FEASIBLE_LIMIT,
    }
    order = rng.permutation(size)
    shuffled = replace(
        instance,
        from_node=instance.from_node[order],
        to_node=instance.to_node[order],
        length_m=instance.length_m[order],
        counted_m=instance.counted_m[order],
        worth=instance.worth[order] * 2.0,
        limits=tuple(replace(limit, share=limit.share[order]) for limit in instance.limits),
        variety=Variety(
            instance.variety.scene[order], tuple((km, 2 * v) for km, v in instance.variety.steps)
        ),
    )
    again = choose(shuffled, 3000.0, 3100.0, run)
    assert again.outcome.bound >= 2 * found.outcome.objective * (1 - 1e-9)
    assert found.outcome.bound * 2 >= again.outcome.objective * (1 - 1e-9)
