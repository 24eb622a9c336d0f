"""The covering models against spopt, CBC and published optima."""

import warnings

import numpy as np
import pulp
import pytest
from scipy import sparse
from scipy.sparse.csgraph import shortest_path
from toy_case_files import needs_real, real_data

from planner.location import Effort, lscp, lscp_backup, mclp, pcenter, pdispersion, within
from planner.location.choice import site_status
from planner.location.mclp_program import mclp_program
from planner.location.reach import as_cover
from planner.location.reduce import coverage_core
from planner.solver import Termination

EXACT = Effort(mip_gap=0.0)
SEEDS = range(4)


def places(seed, n=40, m=18):
    rng = np.random.default_rng(seed)
    points, sites = rng.random((n, 2)) * 100, rng.random((m, 2)) * 100
    cost = np.sqrt(((points[:, None] - sites) ** 2).sum(axis=2))
    return cost, rng.integers(1, 50, n).astype(float), sites


@pytest.fixture
def peer():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield pytest.importorskip("spopt.locate", exc_type=ImportError)


def peer_solver():
    return pulp.HiGHS(msg=False, mip_rel_gap=0.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_lscp_agrees_with_spopt(seed, peer):
    cost, _, _ = places(seed)
    radius = float(cost.min(axis=1).max()) + 5.0
    theirs = peer.LSCP.from_cost_matrix(cost, radius).solve(peer_solver())
    ours = lscp(within(cost, radius))
    assert ours.outcome.objective == pulp.value(theirs.problem.objective)
    backed = peer.LSCPB.from_cost_matrix(cost, radius, peer_solver()).solve(peer_solver())
    # spopt 0.7 leaves u free for a point with one site in reach, and counts it as backed up
    bare = int(((cost <= radius).sum(axis=1) == 1).sum())
    twice = round(pulp.value(backed.problem.objective)) - bare
    assert lscp_backup(within(cost, radius)).outcome.objective == twice


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("p", [1, 4])
def test_mclp_agrees_with_spopt(seed, p, peer):
    cost, weight, _ = places(seed)
    theirs = peer.MCLP.from_cost_matrix(cost, weight, 18.0, p_facilities=p).solve(peer_solver())
    ours = mclp(within(cost, 18.0), weight, p, effort=EXACT)
    assert ours.outcome.objective == pytest.approx(pulp.value(theirs.problem.objective))


@pytest.mark.parametrize("seed", SEEDS)
def test_pcenter_and_pdispersion_agree_with_spopt(seed, peer):
    cost, _, sites = places(seed)
    theirs = peer.PCenter.from_cost_matrix(cost, p_facilities=3).solve(peer_solver())
    assert pcenter(cost, 3).outcome.objective == pytest.approx(pulp.value(theirs.problem.objective))
    between = np.sqrt(((sites[:, None] - sites) ** 2).sum(axis=2))
    apart = peer.PDispersion.from_cost_matrix(between, p_facilities=4).solve(peer_solver())
    assert pdispersion(between, 4).outcome.objective == pytest.approx(
        pulp.value(apart.problem.objective)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_cbc_finds_the_same_optimum_of_the_same_program(seed):
    cost, weight, _ = places(seed)
    cover = as_cover(cost <= 18.0)
    core = coverage_core(cover, weight, site_status(cover.shape[1], [], []))
    program = mclp_program(core, 3, np.arange(3))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program.problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0.0))
    ours = mclp(cover, weight, 3, effort=EXACT)
    assert ours.outcome.objective == pytest.approx(pulp.value(program.problem.objective))


PUBLISHED_SJC = [
    ("SJC324", 2, 8790), ("SJC324", 4, 12106), ("SJC500", 4, 17794), ("SJC500", 8, 19707),
    ("SJC818", 4, 21428),
]  # fmt: skip


@needs_real("bench", "mclp")
@pytest.mark.parametrize(("name", "p", "optimum"), PUBLISHED_SJC)
def test_city_instances_reach_the_published_optimum(name, p, optimum):
    lines = (real_data() / "bench" / "mclp" / f"{name}.txt").read_text().splitlines()
    words = [line.split() for line in lines]
    rows = [line[:3] for line in words if len(line) in (3, 7)]  # 4 words: a header of its own
    x, y, demand = np.array(rows, dtype=float).T
    cost = np.hypot(x[:, None] - x, y[:, None] - y)
    found = mclp(within(cost, 800.0), demand, p, effort=EXACT)
    assert (found.outcome.objective, found.outcome.termination) == (
        optimum,
        Termination.PROVEN_OPTIMAL,
    )


PUBLISHED_RADIUS = {1: 127, 3: 93, 5: 48, 7: 64, 9: 37, 13: 36, 15: 18, 19: 18, 25: 11}


def pmed(number):
    lines = (real_data() / "bench" / "pmed" / f"pmed{number}.txt").read_text().splitlines()
    (n, _, p), *edges = ([int(word) for word in line.split()] for line in lines if line.strip())
    length = {(min(u, v) - 1, max(u, v) - 1): float(value) for u, v, value in edges}
    ends = np.array(list(length)).T
    graph = sparse.csr_array((list(length.values()), tuple(ends)), shape=(n, n))
    return shortest_path(graph, directed=False), p


@needs_real("bench", "pmed")
@pytest.mark.parametrize(("number", "radius"), PUBLISHED_RADIUS.items())
def test_pcenter_proves_the_published_radius(number, radius):
    cost, p = pmed(number)
    found = pcenter(cost, p)
    assert (found.outcome.objective, found.outcome.termination) == (
        radius,
        Termination.PROVEN_OPTIMAL,
    )
