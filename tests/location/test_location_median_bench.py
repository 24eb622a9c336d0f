"""The p-median on published graphs with known optima, and beside spopt."""

import warnings

import numpy as np
import pulp
import pytest
from or_library_files import optima, pmed
from toy_case_files import needs_real

from planner.location import pmedian
from planner.solver import Termination


@needs_real("bench", "pmed", "pmedopt.txt")
@pytest.mark.parametrize(
    "name", ["pmed1", "pmed3", "pmed5", "pmed7", "pmed9", "pmed11", "pmed13", "pmed17", "pmed25"]
)
def test_published_optimum_is_reached_and_proven(name):
    cost, p = pmed(name)
    outcome = pmedian(cost, np.ones(len(cost)), p).outcome
    assert outcome.objective == optima("pmed", "pmedopt.txt")[name]
    assert outcome.termination is Termination.PROVEN_OPTIMAL


def test_spopt_agrees_at_120_by_120():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        locate = pytest.importorskip("spopt.locate")
        rng = np.random.default_rng(20)
        points, sites = rng.random((120, 2)), rng.random((120, 2))
        cost = np.hypot(*(points[:, None] - sites[None]).T).T
        weight = rng.integers(1, 50, 120).astype(float)
        peer = locate.PMedian.from_cost_matrix(cost, weight, p_facilities=8)
        peer = peer.solve(pulp.PULP_CBC_CMD(msg=False))
        expected = pulp.value(peer.problem.objective)
    found = pmedian(cost, weight, 8)
    assert found.outcome.objective == pytest.approx(expected, rel=1e-9)
    assert found.outcome.termination is Termination.PROVEN_OPTIMAL
