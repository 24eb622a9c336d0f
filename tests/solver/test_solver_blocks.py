"""Bounds by priced blocks: never worse than the relaxation, never beyond the optimum."""

import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.solver import Relaxation, Termination, priced_blocks, solve

QUICK = {"time_limit_s": 20.0, "mip_gap": 0.0, "threads": 1, "seed": 1}
BLOCKS, SIZE = 3, 4


def linked(costs, own, joint, right):
    """Return a relaxed covering problem of three blocks with one row between them."""
    problem = pulp.LpProblem("linked", pulp.LpMinimize)
    variables = [
        [problem.add_variable(f"v{b}_{i}", 0, 1) for i in range(SIZE)] for b in range(BLOCKS)
    ]
    flat = [v for block in variables for v in block]
    problem.setObjective(pulp.LpAffineExpression(dict(zip(flat, costs, strict=True))))
    for b, block in enumerate(variables):
        terms = dict(zip(block, own[b * SIZE : (b + 1) * SIZE], strict=True))
        row = pulp.LpAffineExpression(terms)
        problem.addConstraint(pulp.LpConstraint(row, pulp.LpConstraintGE, f"own{b}", 3))
    row = pulp.LpAffineExpression(dict(zip(flat, joint, strict=True)))
    problem.addConstraint(pulp.LpConstraint(row, pulp.LpConstraintGE, "joint", right))
    return problem, variables


def block_bound(problem, variables):
    block = {str(v.name): b for b, block in enumerate(variables) for v in block}
    blocks = priced_blocks(problem, block, frozenset(block))
    return blocks.constant + sum(solve(part, **QUICK).bound for part in blocks.problems)


WEIGHTS = st.lists(st.integers(1, 9), min_size=BLOCKS * SIZE, max_size=BLOCKS * SIZE)


@settings(max_examples=25, deadline=None)
@given(costs=WEIGHTS, own=WEIGHTS, joint=WEIGHTS, share=st.floats(0.1, 0.8))
def test_the_bound_lies_between_the_relaxation_and_the_optimum(costs, own, joint, share):
    problem, variables = linked(costs, own, joint, right=share * sum(joint))
    relaxed = solve(problem, **QUICK)
    assert relaxed.termination is Termination.PROVEN_OPTIMAL
    bound = block_bound(problem, variables)
    for block in variables:
        for variable in block:
            variable.cat = pulp.LpInteger
    optimum = solve(problem, **QUICK)
    assert relaxed.objective - 1e-6 <= bound <= optimum.objective + 1e-6


def test_rows_between_blocks_are_priced_and_own_rows_kept():
    """Two blocks of one variable each: x + y >= 1.5 costs 2 and 3, own rows x >= 0.5, y >= 0.25.

    The relaxation takes x = 1 and y = 0.5: 3.5. The price of the joint row is 3, so the
    blocks are min (2 - 3) x = -1 and min (3 - 3) y = 0, and 3 * 1.5 - 1 = 3.5.
    """
    problem = pulp.LpProblem("two", pulp.LpMinimize)
    x, y = problem.add_variable("x", 0.5, 1), problem.add_variable("y", 0.25, 1)
    problem.setObjective(2 * x + 3 * y + 10)
    problem.addConstraint(pulp.LpConstraint(x + y, pulp.LpConstraintGE, "joint", 1.5))
    assert solve(problem, **QUICK).objective == pytest.approx(13.5)
    blocks = priced_blocks(problem, {"x": 0, "y": 1}, frozenset())
    optima = [solve(part, **QUICK).objective for part in blocks.problems]
    assert optima == pytest.approx([-1.0, 0.0])
    assert blocks.constant == pytest.approx(14.5)


def test_a_relaxation_is_solved_again_under_other_bounds():
    problem = pulp.LpProblem("again", pulp.LpMinimize)
    x, y = problem.add_variable("x", 0, 1), problem.add_variable("y", 0, 1)
    problem.setObjective(x + 2 * y + 5)
    problem.addConstraint(pulp.LpConstraint(x + y, pulp.LpConstraintGE, "one", 1))
    relaxation = Relaxation(problem, threads=1, seed=1)
    assert relaxation.solve() == pytest.approx(6.0)
    relaxation.bound(["x"], 0.0, 0.0)
    assert relaxation.solve() == pytest.approx(7.0)
    assert relaxation.values(["x", "y"]) == pytest.approx([0.0, 1.0])
    relaxation.bound(["x", "y"], 0.0, 0.25)
    assert relaxation.solve() is None
    relaxation.bound(["x"], 0.0, 1.0)
    assert relaxation.solve() == pytest.approx(6.0)
