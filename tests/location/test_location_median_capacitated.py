"""The capacitated p-median against every assignment, by hand, and by a second solver."""

import warnings
from itertools import combinations, product

import numpy as np
import pulp
import pytest

from planner.errors import InfeasibleError
from planner.location import pmedian, pmedian_capacitated
from planner.location.assignment import Pairs, Terms, _program
from planner.solver import Termination


def every_assignment(cost, weight, load, room, p):
    weighted = np.where(np.isinf(cost), np.inf, np.nan_to_num(cost, posinf=0) * weight[:, None])
    best = np.inf
    for sites in combinations(range(cost.shape[1]), p):
        for assigned in product(sites, repeat=len(cost)):
            if (np.bincount(assigned, load, len(room)) <= room).all():
                best = min(best, weighted[np.arange(len(cost)), assigned].sum())
    return best


def random_case(seed):
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(3, 7)), int(rng.integers(2, 6))
    cost = rng.integers(0, 20, (n, m)).astype(float)
    if seed % 3 == 0:
        cost[rng.random((n, m)) < 0.2] = np.inf
    weight, load = rng.integers(0, 4, n).astype(float), rng.integers(1, 6, n).astype(float)
    return (
        cost,
        weight,
        load,
        rng.integers(4, 14, m).astype(float),
        int(rng.integers(1, 4)) % m or 1,
    )


@pytest.mark.parametrize("near_only", [False, True])
def test_equals_the_best_of_every_assignment(near_only, monkeypatch):
    if near_only:
        monkeypatch.setattr(pmedian_capacitated, "FEW_PAIRS", 0)
        monkeypatch.setattr(pmedian_capacitated, "listed", lambda _m, _p: 1)
    solved = refused = 0
    for seed in range(60):
        cost, weight, load, room, p = random_case(seed)
        best = every_assignment(cost, weight, load, room, p)
        if np.isinf(best):
            refused += 1
            with pytest.raises(InfeasibleError):
                pmedian(cost, weight, p, capacities=room, demand=load)
            continue
        solved += 1
        found = pmedian(cost, weight, p, capacities=room, demand=load)
        assert found.outcome.objective == pytest.approx(best, abs=1e-9)
        assert found.outcome.termination is Termination.PROVEN_OPTIMAL
        assert found.outcome.bound <= best + 1e-6
        assert (np.bincount(found.assigned, load, len(room)) <= room).all()
        assert set(found.assigned) <= set(found.sites)
        assert len(found.sites) == p
    assert solved > 20
    assert refused > 5


def test_hand_worked_overflow():
    # Three points of demand 1 sit on site 0, which holds two; site 1 is 7 away, site 2 is 9.
    cost = np.array([[0.0, 7.0, 9.0]] * 3)
    assert pmedian(cost, [1, 1, 1], 2).outcome.objective == 0
    found = pmedian(cost, [1, 1, 1], 2, capacities=[2, 2, 2])
    assert found.outcome.objective == 7
    assert np.bincount(found.assigned).tolist() == [2, 1]
    held = pmedian(cost, [1, 1, 1], 2, capacities=[2, 2, 2], fixed_in=[2])
    assert held.sites.tolist() == [0, 2]
    assert held.outcome.objective == 9
    away = pmedian(cost, [1, 1, 1], 2, capacities=[2, 2, 2], fixed_out=[0])
    assert away.outcome.objective == 7 + 7 + 9


def test_wide_capacities_change_nothing_and_narrow_ones_never_help():
    rng = np.random.default_rng(4)
    cost, weight = rng.random((30, 12)), rng.integers(1, 9, 30).astype(float)
    plain = pmedian(cost, weight, 4).outcome.objective
    wide = pmedian(cost, weight, 4, capacities=np.full(12, weight.sum()))
    assert wide.outcome.objective == pytest.approx(plain)
    half = pmedian(cost, weight, 4, capacities=np.full(12, weight.sum() / 3))
    assert half.outcome.objective >= plain
    tight = pmedian(cost, weight, 4, capacities=np.full(12, weight.sum() / 3.9))
    assert tight.outcome.objective >= half.outcome.objective * (1 - 1e-9)


def test_pairs_left_out_at_first_come_in_where_they_can_matter(monkeypatch):
    rng = np.random.default_rng(3)
    points, sites = rng.random((30, 2)), rng.random((15, 2))
    cost = np.hypot(*(points[:, None] - sites[None]).T).T
    load = rng.integers(1, 9, 30).astype(float)
    room = np.full(15, np.ceil(load.sum() / 4 * 1.02))
    whole = pmedian(cost, load, 4, capacities=room)
    solves = []
    plain = pmedian_capacitated._solved

    def noting(costs, usable, *others):
        found = plain(costs, usable, *others)
        solves.append((int(usable.sum()), found.objective))
        return found

    monkeypatch.setattr(pmedian_capacitated, "FEW_PAIRS", 0)
    monkeypatch.setattr(pmedian_capacitated, "listed", lambda _m, _p: 3)
    monkeypatch.setattr(pmedian_capacitated, "_solved", noting)
    near = pmedian(cost, load, 4, capacities=room)
    assert near.outcome.objective == pytest.approx(whole.outcome.objective)
    assert near.outcome.termination is Termination.PROVEN_OPTIMAL
    assert all(pairs < cost.size for pairs, _ in solves)
    assert min(value for _, value in solves[:-1]) > solves[-1][1] + 1e-6


def test_a_second_solver_agrees():
    rng = np.random.default_rng(11)
    cost, load = rng.integers(1, 40, (14, 8)).astype(float), rng.integers(1, 9, 14).astype(float)
    room = np.full(8, np.ceil(load.sum() / 2.5))
    found = pmedian(cost, load, 3, capacities=room)
    point, site = np.nonzero(np.isfinite(cost))
    pairs = Pairs(point, site, (cost * load[:, None])[point, site])
    terms = Terms(np.zeros(8, dtype=int), np.zeros(8), load, room, 3, single=True)
    program, _ = _program(pairs, terms)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # PuLP 4 will no longer carry CBC
        program.problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0))
    assert pulp.value(program.problem.objective) == pytest.approx(found.outcome.objective)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("E-LOC-031", {"capacities": [3.0, 1.0, 1.0]}),
        ("E-LOC-031", {"capacities": [3.0, 3.0, 9.0], "fixed_out": [2], "p": 1}),
        ("E-LOC-031", {"capacities": [9.0, 1.0, 1.0], "fixed_in": [1, 2]}),
        ("E-LOC-032", {"demand": [1.0, 4.0], "capacities": [3.0, 3.0, 3.0]}),
        ("E-LOC-033", {"demand": [2.0, 2.0], "capacities": [2.0, 1.0, 1.0], "p": 3}),
    ],
)
def test_too_little_room_is_refused_by_code(code, change):
    asked = {"cost": np.ones((2, 3)), "weight": [3.0, 2.0], "p": 2} | change
    with pytest.raises(InfeasibleError, match=code):
        pmedian(**asked)
