"""Proves the linear program that is kept: rows dropped and solves begun anew change no optimum."""

from __future__ import annotations

import numpy as np
import pulp
import pytest

from planner.solver import Relaxation


def kept(most_iterations=None):
    """Minimise -x - 2y with x, y up to 4 and x + y <= 6: the best is -10 at (2, 4)."""
    problem = pulp.LpProblem("kept", pulp.LpMinimize)
    x, y = (problem.add_variable(name, 0.0, 4.0) for name in ("x", "y"))
    problem.setObjective(-1.0 * x - 2.0 * y)
    problem.addConstraint(x + y <= 6.0)
    return Relaxation(problem, threads=1, seed=1, most_iterations=most_iterations)


def add(relaxation, x, y, least):
    columns = np.array([relaxation.column["x"], relaxation.column["y"]])
    relaxation.add_rows([columns], [np.array([x, y])], [least])


def test_rows_without_use_are_dropped_and_those_in_use_stay():
    relaxation = kept()
    assert relaxation.solve() == pytest.approx(-10.0)
    assert relaxation.price(0) == pytest.approx(-1.0)
    add(relaxation, 1.0, 0.0, 1.0)  # x >= 1 does not hold (2, 4)
    add(relaxation, 0.0, -1.0, -3.0)  # y <= 3 does: (3, 3)
    for rows in (3, 2, 2):
        assert relaxation.solve() == pytest.approx(-9.0)
        relaxation.drop_idle(2)
        assert relaxation.model.getNumRow() == rows
    add(relaxation, -1.0, 0.0, -2.0)  # x <= 2: (2, 3)
    assert relaxation.solve() == pytest.approx(-8.0)


def test_solve_that_takes_too_many_steps_is_begun_anew():
    optima = []
    for most_iterations in (None, 1):
        relaxation = kept(most_iterations)
        for angle in np.linspace(0.1, 1.4, 30):
            add(relaxation, -np.cos(angle), -np.sin(angle), -3.0)
        optima.append(relaxation.solve())
    assert optima[0] == pytest.approx(optima[1])
