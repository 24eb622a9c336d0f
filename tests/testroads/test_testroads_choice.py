"""Proves the choice of the final network: against brute force, by hand, and by its properties."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.scenario.models import RunSettings
from planner.solver import Deadline, Termination
from planner.testroads import Instance, ZoneGoal
from planner.testroads.choice import choose_network
from planner.testroads.instance import is_contiguous

RUN = RunSettings(time_limit_s=60.0, mip_gap=0.0, seed=1, threads=1, effort=0)


def make(edges, *, worth=None, metres=None, opened=(), excluded=(), zones=()):
    size = len(edges)
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    metres = np.array(metres if metres is not None else [100.0] * size, dtype=float)
    worth = np.array(worth if worth is not None else [1.0] * size, dtype=float)
    mask = np.zeros((2, size), dtype=bool)
    mask[0, list(opened)] = True
    mask[1, list(excluded)] = True
    goals = tuple(
        ZoneGoal(f"z{number}", np.array(rows, dtype=np.int64), 0.0)
        for number, rows in enumerate(zones)
    )
    return Instance(
        segment_id=tuple(f"s{row:04d}" for row in range(size)),
        from_node=ends[:, 0],
        to_node=ends[:, 1],
        n_nodes=int(ends.max()) + 1,
        length_m=metres,
        counted_m=metres.copy(),
        worth=worth,
        grade=np.ones(size, dtype=np.int64),
        excluded=mask[1],
        opened=mask[0],
        zones=goals,
    )


def grid_edges(side):
    """The edges of a grid of side x side nodes."""
    return [
        (row * side + column, row * side + column + step)
        for row in range(side)
        for column in range(side)
        for step in (1, side)
        if (step == 1 and column + 1 < side) or (step == side and row + 1 < side)
    ]


def choose(instance, low_m, high_m, run=RUN):
    return choose_network(
        instance, low_m=low_m, high_m=high_m, run=run, deadline=Deadline.after(60)
    )


def brute_force(instance, low_m, high_m):
    """Most worth of a contiguous set within the limits that has what must be in it."""
    rows = np.flatnonzero(~instance.excluded).tolist()
    best = -1.0
    for count in range(len(rows) + 1):
        for picked in combinations(rows, count):
            mask = np.zeros(len(instance.length_m), dtype=bool)
            mask[list(picked)] = True
            metres = instance.counted_m[mask].sum()
            if not low_m - 1e-6 <= metres <= high_m + 1e-6 or (instance.opened & ~mask).any():
                continue
            if all(mask[zone.rows].any() for zone in instance.zones) and is_contiguous(
                instance, mask
            ):
                best = max(best, float(instance.worth[mask].sum()))
    return best


def random_instance(seed, *, opened=False, zones=False):
    rng = np.random.default_rng(seed)
    n_nodes, size = 8, 12
    tree = [(int(rng.integers(0, node)), node) for node in range(1, n_nodes)]
    extra = [tuple(rng.integers(0, n_nodes, 2).tolist()) for _ in range(size - len(tree))]
    return make(
        tree + extra,
        worth=rng.uniform(0.1, 2.0, size),
        metres=rng.uniform(50.0, 200.0, size),
        opened=[int(rng.integers(0, size))] if opened else (),
        zones=[[int(rng.integers(0, size))]] if zones else (),
    )


def test_hand_made_graph_takes_the_known_optimum():
    # A square of 100 m sides (worth 1 each) with two tails at node 1: one of 100 m worth 5
    # behind a worthless 100 m, one of 100 m worth 2. With 300 m the best is 5 + 0 + 2.
    edges = [(0, 1), (1, 2), (2, 3), (3, 0), (1, 4), (4, 5), (1, 6)]
    instance = make(edges, worth=[1, 1, 1, 1, 0.001, 5, 2])
    found = choose(instance, 300.0, 300.0)
    assert np.flatnonzero(found.chosen).tolist() == [4, 5, 6]
    assert found.outcome.objective == pytest.approx(7.001)


def test_closing_a_loop_needs_no_tree():
    edges = [(0, 1), (1, 2), (2, 0), (2, 3)]
    found = choose(make(edges, worth=[1, 1, 1, 0.5]), 300.0, 300.0)
    assert np.flatnonzero(found.chosen).tolist() == [0, 1, 2]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("opened", "zones"), [(False, False), (True, False), (True, True)])
def test_agrees_with_brute_force(seed, opened, zones):
    instance = random_instance(seed, opened=opened, zones=zones)
    best = brute_force(instance, 500.0, 700.0)
    found = choose(instance, 500.0, 700.0)
    assert best > 0
    assert found.outcome.objective == pytest.approx(best, rel=1e-9)
    assert found.outcome.bound >= best - 1e-9
    assert is_contiguous(instance, found.chosen)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.05, 1.2), st.booleans(), st.integers(0, 3))
def test_network_is_one_piece_within_its_limit(seed, share, opened, n_excluded):
    rng = np.random.default_rng(seed)
    side = 7  # more segments than are settled exactly
    edges = grid_edges(side)
    size = len(edges)
    instance = make(
        edges,
        worth=rng.uniform(0.0, 1.0, size),
        metres=rng.uniform(20.0, 300.0, size),
        opened=[3, 40] if opened else (),
        excluded=[row for row in rng.choice(size, n_excluded, replace=False) if row not in (3, 40)],
    )
    target = share * float(instance.counted_m.sum())
    found = choose(instance, target, target * 1.02, RUN.model_copy(update={"mip_gap": 0.2}))
    assert is_contiguous(instance, found.chosen)
    assert not (found.chosen & instance.excluded).any()
    assert float(instance.counted_m[found.chosen].sum()) <= found.high_m + 1e-6
    assert found.high_m <= max(target * 1.02, 300.0 * size)
    assert found.outcome.bound >= found.outcome.objective
    if not found.unjoined_opened.any():
        assert found.chosen[instance.opened].all()


def test_everything_is_taken_where_the_network_is_shorter_than_the_target():
    found = choose(make([(0, 1), (1, 2), (4, 5)]), 5000.0, 5100.0)
    assert np.flatnonzero(found.chosen).tolist() == [0, 1]
    assert found.outcome.termination is Termination.PROVEN_OPTIMAL


def test_no_permitted_segment_gives_an_empty_network():
    found = choose(make([(0, 1), (1, 2)], excluded=[0, 1]), 100.0, 102.0)
    assert not found.chosen.any()
    assert found.outcome.termination is Termination.PROVEN_OPTIMAL


@pytest.mark.parametrize("limit_m", [0.0, 99.0])
def test_limit_shorter_than_any_segment_gives_an_empty_network(limit_m):
    found = choose(make([(0, 1), (1, 2)]), limit_m, limit_m)
    assert not found.chosen.any()
    assert found.outcome.termination is Termination.PROVEN_OPTIMAL


def test_opened_pieces_are_joined_by_the_cheaper_way():
    # Between the opened ends: 0-1-2 directly over node 1 (200 m), or a detour of 300 m.
    edges = [(10, 0), (0, 1), (1, 2), (2, 11), (0, 3), (3, 4), (4, 2)]
    instance = make(edges, opened=[0, 3])
    found = choose(instance, 400.0, 408.0)
    assert np.flatnonzero(found.chosen).tolist() == [0, 1, 2, 3]


def test_opened_roads_stay_even_above_the_target():
    instance = make([(0, 1), (1, 2), (2, 3), (3, 4)], opened=[0, 1, 2])
    found = choose(instance, 100.0, 102.0)
    assert np.flatnonzero(found.chosen).tolist() == [0, 1, 2]
    assert found.high_m == pytest.approx(300.0)


def test_opened_road_on_an_island_is_reported_not_joined():
    instance = make([(0, 1), (1, 2), (2, 3), (7, 8)], opened=[0, 1, 3])
    found = choose(instance, 300.0, 306.0)
    assert np.flatnonzero(found.unjoined_opened).tolist() == [3]
    assert np.flatnonzero(found.chosen).tolist() == [0, 1, 2]


def test_zone_that_cannot_be_joined_is_said_to_be_out_of_reach():
    far = make([(0, 1), (1, 2), (2, 3), (7, 8)], opened=[0], zones=[[2], [3], []])
    found = choose(far, 300.0, 306.0)
    assert found.in_reach == (True, False, False)
    assert found.chosen[2]


def test_zone_beyond_the_limit_is_left_out():
    chain = make([(node, node + 1) for node in range(9)], opened=[0], zones=[[2], [8]])
    found = choose(chain, 400.0, 408.0)
    assert found.in_reach == (True, False)
    assert float(chain.counted_m[found.chosen].sum()) == pytest.approx(400.0)


def test_zone_is_reached_though_its_road_is_worth_nothing():
    edges = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 4), (4, 5)]
    instance = make(edges, worth=[9, 9, 9, 9, 0, 0], zones=[[5]])
    found = choose(instance, 400.0, 400.0)
    assert found.chosen[5]
    assert found.outcome.objective == pytest.approx(18.0)


@pytest.mark.parametrize("seed", range(2))
def test_longer_limit_is_never_worse(seed):
    instance = random_instance(seed)
    found = [choose(instance, 0.0, high_m) for high_m in (300.0, 500.0, 800.0)]
    assert [row.outcome.objective for row in found] == sorted(
        row.outcome.objective for row in found
    )
    assert [row.outcome.bound for row in found] == sorted(row.outcome.bound for row in found)


@pytest.mark.parametrize("seed", range(4))
def test_more_candidates_are_never_worse(seed):
    instance = random_instance(seed)
    fewer = replace(instance, excluded=np.arange(len(instance.worth)) >= 9)
    assert (
        choose(instance, 0.0, 500.0).outcome.objective
        >= choose(fewer, 0.0, 500.0).outcome.objective - 1e-9
    )


def test_doubling_worth_doubles_objective_and_bound():
    instance = random_instance(5)
    once, twice = (
        choose(row, 400.0, 600.0).outcome
        for row in (instance, replace(instance, worth=instance.worth * 2))
    )
    assert twice.objective == pytest.approx(2 * once.objective)
    assert twice.bound == pytest.approx(2 * once.bound)


def test_same_seed_gives_the_same_network():
    instance = random_instance(7, opened=True)
    first, second = (choose(instance, 500.0, 600.0) for _ in range(2))
    assert np.array_equal(first.chosen, second.chosen)
    assert first.outcome == second.outcome


def test_expired_deadline_still_gives_a_network_and_a_valid_bound():
    instance = random_instance(3)
    found = choose_network(instance, low_m=500.0, high_m=700.0, run=RUN, deadline=Deadline.after(0))
    assert found.cut_short
    assert found.outcome.termination is Termination.FEASIBLE_LIMIT
    assert is_contiguous(instance, found.chosen)
    assert float(instance.worth.sum()) > found.outcome.bound
    assert found.outcome.bound >= brute_force(instance, 500.0, 700.0)
