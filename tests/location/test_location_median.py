"""The p-median against every choice of sites, by hand, and against what must hold of it."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from planner.errors import InfeasibleError, InputError, PlannerError
from planner.location import Effort, branching, pmedian
from planner.location.choice import FREE
from planner.location.interchange import Nearest, interchange
from planner.location.lagrangian import Part, Work, climb, fixed_by, relax
from planner.location.near_pairs import NearPairs, near_caps
from planner.solver import Deadline, Termination

PROVEN = Termination.PROVEN_OPTIMAL


def paid(cost, weight, sites):
    """Cost of a choice, infinite where a point has no way whatever its weight."""
    nearest = cost[:, list(sites)].min(axis=1)
    gaps = np.isinf(nearest)
    return np.inf if gaps.any() else float((weight * nearest).sum())


def least(cost, weight, p, fixed_in=(), fixed_out=()):
    free = [j for j in range(cost.shape[1]) if j not in fixed_out]
    every = (sites for sites in combinations(free, p) if set(fixed_in) <= set(sites))
    return min((paid(cost, weight, sites) for sites in every), default=np.inf)


def random_case(seed):
    """Metric or not, whole or not, weights of 0, gaps, sites fixed: a bit of each."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, 14)), int(rng.integers(2, 9))
    cost = rng.random((n, m)) * 10 if seed % 2 else rng.integers(0, 9, (n, m)).astype(float)
    if seed % 3 == 0:
        cost[rng.random((n, m)) < 0.3] = np.inf
    weight = rng.integers(0, 5, n).astype(float)
    order = rng.permutation(m).tolist()
    fixed_in, fixed_out = order[: seed % 5 == 1], order[1 : 1 + seed % 3]
    p = int(rng.integers(1, m + 1))
    return cost, weight, p, fixed_in, fixed_out


def hard_case(seed, n=40, m=16):
    """Costs without geometry, whose relaxation leaves a gap that must be branched away."""
    rng = np.random.default_rng(seed)
    return rng.random((n, m)), rng.random(n), int(rng.integers(2, 6))


def towns(seed, n=60, m=40):
    rng = np.random.default_rng(seed)
    points, sites = rng.random((n, 2)), rng.random((m, 2))
    return np.hypot(*(points[:, None] - sites[None]).T).T, rng.integers(1, 20, n).astype(float)


def test_hand_worked_line():
    # Points at 0, 1, 2, 10, 11 with weights 1, 1, 1.5, 5, 1; a site at each of them.
    place = np.array([0.0, 1.0, 2.0, 10.0, 11.0])
    cost, weight = np.abs(place[:, None] - place), [1, 1, 1.5, 5, 1]
    one = pmedian(cost, weight, 1)
    assert one.sites.tolist() == [3]
    assert one.outcome.objective == 10 + 9 + 1.5 * 8 + 0 + 1
    two = pmedian(cost, weight, 2)
    assert two.sites.tolist() == [1, 3]
    assert two.assigned.tolist() == [1, 1, 1, 3, 3]
    assert two.outcome.objective == 1 + 0 + 1.5 + 0 + 1
    assert 3.5 * (1 - 1e-9) <= two.outcome.bound <= 3.5
    assert two.outcome.termination is PROVEN
    kept = pmedian(cost, weight, 2, fixed_in=[4], fixed_out=[1])
    assert kept.sites.tolist() == [2, 4]
    assert kept.outcome.objective == 2 + 1 + 0 + 5 * 1 + 0


@pytest.mark.parametrize("seed", range(120))
def test_equals_the_best_of_every_choice(seed):
    cost, weight, p, fixed_in, fixed_out = random_case(seed)
    expected = least(cost, weight, p, fixed_in, fixed_out)
    if np.isinf(expected):
        with pytest.raises(PlannerError):
            pmedian(cost, weight, p, fixed_in=fixed_in, fixed_out=fixed_out)
        return
    found = pmedian(cost, weight, p, fixed_in=fixed_in, fixed_out=fixed_out)
    assert found.outcome.objective == pytest.approx(expected, rel=1e-12)
    assert found.outcome.bound <= expected * (1 + 1e-12)
    assert found.outcome.termination is PROVEN
    assert len(set(found.sites.tolist())) == p
    assert set(fixed_in) <= set(found.sites.tolist())
    assert not set(fixed_out) & set(found.sites.tolist())
    assert paid(cost, weight, found.sites) == pytest.approx(expected, rel=1e-12)
    assert set(found.assigned.tolist()) <= set(found.sites.tolist())


@pytest.mark.parametrize("seed", range(10))
def test_branching_closes_what_the_relaxation_leaves_open(seed, monkeypatch):
    sides = []
    plain = branching.Search.side
    monkeypatch.setattr(
        branching.Search, "side", lambda self, *a: (sides.append(1), plain(self, *a))[1]
    )
    cost, weight, p = hard_case(seed)
    found = pmedian(cost, weight, p, fixed_out=[0])
    expected = least(cost, weight, p, fixed_out=[0])
    assert found.outcome.objective == pytest.approx(expected, rel=1e-12)
    assert found.outcome.termination is PROVEN
    assert found.outcome.bound <= expected
    assert sides or seed not in (0, 1)


@pytest.mark.parametrize("seed", range(8))
def test_branching_alone_finds_the_optimum(seed, monkeypatch):
    monkeypatch.setattr(branching, "interchange", lambda _c, _p, columns, _s: np.sort(columns))
    monkeypatch.setattr(branching, "greedy", lambda _pairs, _far, _status, p: np.arange(p))
    cost, weight, p = hard_case(seed)
    found = pmedian(cost, weight, p)
    assert found.outcome.objective == pytest.approx(least(cost, weight, p), rel=1e-12)
    assert found.outcome.termination is PROVEN


@pytest.mark.parametrize("seed", range(6))
def test_a_search_cut_short_still_bounds_the_optimum(seed):
    cost, weight, p = hard_case(seed)
    expected = least(cost, weight, p)
    for rounds in (1, 5, 20):
        outcome = pmedian(cost, weight, p, effort=Effort(rounds=rounds, mip_gap=0.0)).outcome
        assert outcome.bound <= expected * (1 + 1e-12)
        assert outcome.objective >= expected * (1 - 1e-12)
        assert outcome.gap == pytest.approx(1 - outcome.bound / outcome.objective)
    hurried = pmedian(cost, weight, p, effort=Effort(time_limit_s=0.0, mip_gap=0.0)).outcome
    assert 0 <= hurried.bound <= expected <= hurried.objective * (1 + 1e-12)
    assert hurried.termination is Termination.FEASIBLE_LIMIT


def test_a_gap_asked_for_is_kept_and_named():
    cost, weight = towns(3, 200, 100)
    outcome = pmedian(cost, weight, 7, effort=Effort(mip_gap=0.05)).outcome
    best = pmedian(cost, weight, 7).outcome.objective
    assert outcome.gap <= 0.05
    assert outcome.termination in (Termination.WITHIN_GAP, PROVEN)
    assert outcome.bound <= best * (1 + 1e-9)


def test_the_lagrangian_bound_never_exceeds_the_linear_relaxation():
    cost, weight = towns(1, 12, 8)
    weighted = cost * weight[:, None]
    n, m = cost.shape
    p = 3
    program = linear_relaxation(weighted, p)
    cap = near_caps(weighted, m)
    part = Part(NearPairs.below(weighted, cap), np.zeros(m, dtype=bool), p, cap)
    how = branching.LAST
    target = least(cost, weight, p)
    found = climb(part, weighted.min(axis=1), target, how, Work(10**9, Deadline.after(60)))
    assert found.bound <= program * (1 + 1e-9)
    assert found.bound >= program * 0.999
    for seed in range(20):
        multiplier = np.random.default_rng(seed).random(n) * weighted.max()
        assert relax(part, multiplier)[0].bound <= program * (1 + 1e-9)


def linear_relaxation(weighted, p):
    n, m = weighted.shape
    objective = np.concatenate([weighted.ravel(), np.zeros(m)])
    equal = np.zeros((n + 1, n * m + m))
    for i in range(n):
        equal[i, i * m : (i + 1) * m] = 1
    equal[n, n * m :] = 1
    link = np.zeros((n * m, n * m + m))
    link[np.arange(n * m), np.arange(n * m)] = 1
    link[np.arange(n * m), n * m + np.tile(np.arange(m), n)] = -1
    right = np.append(np.ones(n), p)
    return linprog(objective, link, np.zeros(n * m), equal, right, (0, 1)).fun


def test_sites_are_only_fixed_where_the_optimum_allows_it():
    for seed in range(30):
        cost, weight, p = hard_case(seed, 20, 10)
        weighted = cost * weight[:, None]
        best = min(combinations(range(10), p), key=lambda sites: paid(cost, weight, sites))
        target = paid(cost, weight, best) * (1 + 1e-9)
        cap = near_caps(weighted, 10)
        part = Part(NearPairs.below(weighted, cap), np.zeros(10, dtype=bool), p, cap)
        work = Work(10**9, Deadline.after(60))
        found = climb(part, weighted.min(axis=1), target, branching.LAST, work)
        keep, must = fixed_by(part, found, target)
        assert keep[list(best)].all()
        assert set(np.flatnonzero(must)) <= set(best)


def test_interchange_ends_where_no_swap_helps_and_never_gets_worse():
    for seed in range(8):
        cost, weight = towns(seed)
        weighted = cost * weight[:, None]
        status = np.full(40, FREE)
        begin = np.random.default_rng(seed).choice(40, 5, replace=False)
        pairs = NearPairs.below(weighted, np.full(60, np.inf))
        sites = interchange(weighted, pairs, begin, status)
        value = paid(cost, weight, sites)
        assert value <= paid(cost, weight, begin)
        swaps = ({*sites} - {old} | {new} for old in sites for new in range(40))
        assert min(paid(cost, weight, s) for s in swaps if len(s) == 5) >= value * (1 - 1e-12)


def test_the_two_nearest_stay_right_through_swaps():
    rng = np.random.default_rng(6)
    cost = rng.random((50, 30))
    nearest = Nearest.of(cost, np.arange(6))
    for _ in range(40):
        free = np.setdiff1d(np.arange(30), nearest.chosen)
        nearest.swap(int(rng.integers(6)), int(rng.choice(free)))
        two = np.sort(cost[:, nearest.chosen], axis=1)[:, :2]
        assert (nearest.near == two[:, 0]).all()
        assert (nearest.far == two[:, 1]).all()
        assert (cost[np.arange(50), nearest.chosen[nearest.slot]] == nearest.near).all()
        assert (cost[np.arange(50), nearest.chosen[nearest.second]] == nearest.far).all()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), factor=st.sampled_from([0.001, 0.5, 3.0, 1000.0]))
def test_what_must_hold_of_any_answer(seed, factor):
    cost, weight = towns(seed, 30, 15)
    plain = pmedian(cost, weight, 4)
    value = plain.outcome.objective
    assert pmedian(cost, weight * factor, 4).outcome.objective == pytest.approx(value * factor)
    assert pmedian(cost * factor, weight, 4).outcome.objective == pytest.approx(value * factor)
    order = np.random.default_rng(seed).permutation(30)
    mixed = pmedian(cost[order], weight[order], 4)
    assert mixed.outcome.objective == pytest.approx(value)
    turned = pmedian(cost[:, ::-1], weight, 4)
    assert turned.outcome.objective == pytest.approx(value)
    assert pmedian(cost, weight, 5).outcome.objective <= value * (1 + 1e-12)
    assert pmedian(cost[:, :12], weight, 4).outcome.objective >= value * (1 - 1e-12)
    held = pmedian(cost, weight, 4, fixed_in=[0], fixed_out=[1])
    assert held.outcome.objective >= value * (1 - 1e-12)


def test_the_same_inputs_give_the_same_answer():
    cost, weight = towns(9, 150, 90)
    first, second = pmedian(cost, weight, 9), pmedian(cost.copy(order="F"), weight, 9)
    assert first.outcome == second.outcome
    assert first.sites.tobytes() == second.sites.tobytes()
    assert first.assigned.tobytes() == second.assigned.tobytes()


def test_equal_costs_and_free_service_are_no_trouble():
    same = pmedian(np.ones((20, 12)), np.ones(20), 5)
    assert same.outcome.objective == 20
    assert same.outcome.termination is PROVEN
    free = pmedian(np.zeros((5, 4)), np.ones(5), 2)
    assert (free.outcome.objective, free.outcome.bound, free.outcome.gap) == (0.0, 0.0, 0.0)
    nobody = pmedian(np.ones((3, 3)), np.zeros(3), 1)
    assert nobody.outcome.objective == 0.0


def test_sites_that_only_a_cover_finds():
    # Site 0 is cheapest for most, but only 1 and 2 together leave nobody without a way.
    no = np.inf
    cost = np.array([[0, 9, no], [0, no, 9], [0, 9, no], [no, 9, no], [no, no, 9.0]])
    found = pmedian(cost, [5, 5, 5, 0, 0], 2)
    assert found.sites.tolist() == [1, 2]
    assert found.outcome.objective == 9 * 15
    with pytest.raises(InfeasibleError, match="E-LOC-033"):
        pmedian(cost, np.ones(5), 1)
    with pytest.raises(InfeasibleError, match="E-LOC-033"):
        pmedian(cost, np.ones(5), 2, fixed_in=[0])
    with pytest.raises(InfeasibleError, match="E-LOC-033"):
        pmedian(cost, np.ones(5), 1, fixed_in=[0])


def test_nan_means_no_way_too():
    cost = np.array([[1.0, np.nan], [np.nan, 2.0]])
    assert pmedian(cost, [1, 1], 2).outcome.objective == 3.0
    assert np.isnan(cost[0, 1])


@pytest.mark.parametrize(
    ("code", "kind", "change"),
    [
        ("E-LOC-010", InputError, {"cost": [1.0, 2.0]}),
        ("E-LOC-010", InputError, {"cost": np.zeros((0, 3)), "weight": []}),
        ("E-LOC-030", InputError, {"cost": [[1.0, -2.0], [1.0, 1.0]]}),
        ("E-LOC-030", InputError, {"cost": [[1.0, -np.inf], [1.0, 1.0]]}),
        ("E-LOC-013", InputError, {"weight": [1.0]}),
        ("E-LOC-014", InputError, {"weight": [1.0, -1.0]}),
        ("E-LOC-014", InputError, {"weight": [1.0, np.nan]}),
        ("E-LOC-021", InputError, {"p": 0}),
        ("E-LOC-021", InputError, {"p": 3}),
        ("E-LOC-021", InputError, {"p": 2, "fixed_out": [0]}),
        ("E-LOC-021", InputError, {"p": 1, "fixed_in": [0, 1]}),
        ("E-LOC-001", InputError, {"fixed_in": [7]}),
        ("E-LOC-002", InputError, {"fixed_in": [1], "fixed_out": [1]}),
        ("E-LOC-035", InputError, {"demand": [1.0, 1.0]}),
        ("E-LOC-020", InfeasibleError, {"cost": [[1.0, 2.0], [np.inf, np.nan]]}),
        ("E-LOC-020", InfeasibleError, {"cost": [[1.0, 2.0], [5.0, np.inf]], "fixed_out": [0]}),
    ],
)
def test_wrong_input_is_refused_by_code(code, kind, change):
    given_ = {"cost": [[0.0, 1.0], [1.0, 0.0]], "weight": [1.0, 1.0], "p": 1} | change
    with pytest.raises(kind, match=code):
        pmedian(**given_)
