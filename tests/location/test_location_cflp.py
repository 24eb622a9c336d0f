"""Facility location against every set of sites, by hand, on published files, by two solvers."""

import warnings
from itertools import chain, combinations, product

import numpy as np
import pulp
import pytest
from or_library_files import cap, optima
from scipy.optimize import linprog
from toy_case_files import needs_real

from planner.errors import InfeasibleError, InputError, PlannerError, SolverError
from planner.location import Effort, assignment, cflp
from planner.solver import Termination

EXACT = Effort(mip_gap=0.0)


def every_set(m, fixed_in=(), fixed_out=()):
    free = [j for j in range(m) if j not in fixed_in and j not in fixed_out]
    parts = chain.from_iterable(combinations(free, k) for k in range(len(free) + 1))
    return [sorted([*fixed_in, *part]) for part in parts if part or fixed_in]


def transport(cost, demand, room):
    """Least cost of serving all demand from sites of limited room, demand split at will."""
    n, m = cost.shape
    once = np.kron(np.eye(n), np.ones(m))
    load = np.kron(demand, np.eye(m))
    found = linprog(cost.ravel(), load, room, once, np.ones(n), (0, 1))
    return found.fun if found.status == 0 else np.inf


def one_each(cost, demand, room):
    best = np.inf
    for assigned in product(range(cost.shape[1]), repeat=len(cost)):
        if (np.bincount(assigned, demand, len(room)) <= room).all():
            best = min(best, cost[np.arange(len(cost)), assigned].sum())
    return best


def random_case(seed, n, m):
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 30, (n, m)).astype(float)
    demand, room = rng.integers(1, 9, n).astype(float), rng.integers(6, 20, m).astype(float)
    fixed = rng.integers(0, 40, m).astype(float)
    order = rng.permutation(m).tolist()
    return cost, demand, room, fixed, order[: seed % 2], order[1 : 1 + seed // 2 % 2]


def test_hand_worked():
    # Points at 0 and 10 with demand 2 each; sites there, and a cheap one at 5.
    cost = np.array([[0.0, 5.0, 10.0], [10.0, 5.0, 0.0]])
    demand, fixed = [2, 2], [6, 1, 6]
    free = cflp(cost, demand, None, fixed)
    assert free.sites.tolist() == [1]
    assert free.outcome.objective == 1 + 5 + 5
    # Holding 3, the middle serves one and a half: 7 + 5 + 2.5 + 0 beats 12.
    split = cflp(cost, demand, [3, 3, 3], fixed, effort=EXACT)
    assert split.outcome.objective == pytest.approx(12.0)
    cheap = cflp(cost, demand, [3, 3, 3], [9, 1, 4], effort=EXACT)
    assert cheap.sites.tolist() == [1, 2]
    assert cheap.outcome.objective == pytest.approx(5 + 5 + 0)
    tight = cflp(cost, demand, [0, 3, 1], [9, 1, 4], effort=EXACT)
    assert tight.outcome.objective == pytest.approx(5 + 5 + 2.5)
    assert tight.served.toarray() == pytest.approx(np.array([[0, 2, 0], [0, 1, 1]]))
    assert tight.outcome.termination is Termination.PROVEN_OPTIMAL


@pytest.mark.parametrize("seed", range(16))
def test_split_demand_equals_the_best_of_every_set(seed):
    cost, demand, room, fixed, fixed_in, fixed_out = random_case(seed, 6, 5)
    every = every_set(5, fixed_in, fixed_out)
    best = min(fixed[s].sum() + transport(cost[:, s], demand, room[s]) for s in every)
    asked = {"fixed_in": fixed_in, "fixed_out": fixed_out, "effort": EXACT}
    if np.isinf(best):
        with pytest.raises(InfeasibleError):
            cflp(cost, demand, room, fixed, **asked)
        return
    found = cflp(cost, demand, room, fixed, **asked)
    served = found.served.toarray()
    assert found.outcome.objective == pytest.approx(best, abs=1e-6)
    assert found.outcome.termination is Termination.PROVEN_OPTIMAL
    assert served.sum(axis=1) == pytest.approx(demand)
    assert (served.sum(axis=0) <= room + 1e-6).all()
    value = fixed[found.sites].sum() + (served / demand[:, None] * cost).sum()
    assert value == pytest.approx(found.outcome.objective)


@pytest.mark.parametrize("seed", range(12))
def test_single_source_equals_the_best_of_every_assignment(seed):
    cost, demand, room, fixed, fixed_in, fixed_out = random_case(seed, 5, 4)
    every = every_set(4, fixed_in, fixed_out)
    best = min(fixed[s].sum() + one_each(cost[:, s], demand, room[s]) for s in every)
    asked = {"fixed_in": fixed_in, "fixed_out": fixed_out, "single_source": True, "effort": EXACT}
    if np.isinf(best):
        with pytest.raises(PlannerError):
            cflp(cost, demand, room, fixed, **asked)
        return
    found = cflp(cost, demand, room, fixed, **asked)
    assert found.outcome.objective == pytest.approx(best)
    assert (np.bincount(found.assigned, demand, 4) <= room).all()
    assert found.served.nnz == 5


@pytest.mark.parametrize("seed", range(12))
def test_without_capacities_equals_the_best_of_every_set(seed):
    cost, demand, _, fixed, fixed_in, fixed_out = random_case(seed, 9, 6)
    if seed % 3 == 0:
        cost[np.random.default_rng(seed).random(cost.shape) < 0.2] = np.inf
        cost[:, 2] = 25.0
    every = every_set(6, fixed_in, fixed_out)
    best = min(fixed[s].sum() + cost[:, s].min(axis=1).sum() for s in every)
    found = cflp(cost, demand, None, fixed, fixed_in=fixed_in, fixed_out=fixed_out, effort=EXACT)
    assert found.outcome.objective == pytest.approx(best)
    assert found.served.sum(axis=1) == pytest.approx(demand)


@needs_real("bench", "cap", "optima.txt")
@pytest.mark.parametrize("name", ["cap71", "cap73", "cap101", "cap133"])
@pytest.mark.parametrize("single_source", [False, True])
def test_published_optimum_is_reached_and_proven(name, single_source):
    found = cflp(*cap(name), single_source=single_source, effort=EXACT)
    stated = optima("cap", "optima.txt")[name]
    assert found.outcome.objective == pytest.approx(stated, abs=1e-3)
    assert found.outcome.termination is Termination.PROVEN_OPTIMAL


def test_a_second_solver_agrees():
    cost, demand, room, fixed, *_ = random_case(3, 15, 8)
    room *= 3
    found = cflp(cost, demand, room, fixed, effort=EXACT)
    point, site = np.nonzero(np.isfinite(cost))
    pairs = assignment.Pairs(point, site, cost[point, site])
    terms = assignment.Terms(np.zeros(8, dtype=int), fixed, demand, room, None, single=False)
    program, _ = assignment._program(pairs, terms)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # PuLP 4 will no longer carry CBC
        program.problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0))
    assert pulp.value(program.problem.objective) == pytest.approx(found.outcome.objective)


def test_what_must_hold_of_any_answer():
    for seed in range(6):
        cost, demand, room, fixed, *_ = random_case(seed, 12, 6)
        room *= 4
        value = cflp(cost, demand, room, fixed, effort=EXACT).outcome.objective
        twice = cflp(cost * 2, demand, room, fixed * 2, effort=EXACT).outcome.objective
        assert twice == pytest.approx(2 * value)
        mixed = cflp(cost[::-1, ::-1], demand[::-1], room[::-1], fixed[::-1], effort=EXACT)
        assert mixed.outcome.objective == pytest.approx(value)
        assert cflp(cost, demand, None, fixed).outcome.objective <= value * (1 + 1e-9)
        single = cflp(cost, demand, room, fixed, single_source=True, effort=EXACT)
        assert single.outcome.objective >= value * (1 - 1e-9)
        fewer = cflp(cost, demand, room, fixed, fixed_out=[0], effort=EXACT)
        assert fewer.outcome.objective >= value * (1 - 1e-9)
        wider = cflp(cost, demand, room + 5, fixed, effort=EXACT)
        assert wider.outcome.objective <= value * (1 + 1e-9)


def test_an_answer_that_breaks_a_capacity_is_refused(monkeypatch):
    plain = assignment._program

    def forgetful(pairs, terms):
        wide = assignment.Terms(terms.status, terms.opening, terms.load, None, None, single=False)
        return plain(pairs, wide)

    monkeypatch.setattr(assignment, "_program", forgetful)
    with pytest.raises(SolverError, match="E-LOC-034"):
        cflp([[0.0, 9.0], [0.0, 9.0]], [1, 1], [1.5, 1.5], [0, 0])


@pytest.mark.parametrize(
    ("code", "kind", "change"),
    [
        ("E-LOC-031", InfeasibleError, {"capacity": [1.0, 1.0]}),
        ("E-LOC-031", InfeasibleError, {"capacity": [9.0, 1.0], "fixed_out": [0]}),
        ("E-LOC-032", InfeasibleError, {"capacity": [1.5, 2.0], "single_source": True}),
        ("E-LOC-020", InfeasibleError, {"cost": [[1.0, 1.0], [np.inf, np.inf]]}),
        ("E-LOC-033", InfeasibleError, {"cost": [[1, np.inf], [1, np.inf]], "capacity": [2, 9]}),
        ("E-LOC-013", InputError, {"fixed_cost": [1.0]}),
        ("E-LOC-014", InputError, {"demand": [1.0, -2.0]}),
        ("E-LOC-030", InputError, {"cost": [[1.0, -1.0], [1.0, 1.0]]}),
    ],
)
def test_what_cannot_be_is_refused_by_code(code, kind, change):
    asked = {
        "cost": [[1.0, 2.0], [2.0, 1.0]],
        "demand": [1.0, 2.2],
        "capacity": [4.0, 4.0],
        "fixed_cost": [1.0, 1.0],
    } | change
    with pytest.raises(kind, match=code):
        cflp(**asked)
