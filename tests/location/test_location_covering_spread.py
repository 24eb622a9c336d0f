"""p-center, p-dispersion and the models with capacities against every set of sites."""

from itertools import combinations

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from planner.errors import InfeasibleError, InputError
from planner.location import lscp_capacitated, mclp_capacitated, pcenter, pdispersion
from planner.location.pdispersion import cliques
from planner.solver import Termination

SEEDS = range(20)
PROVEN = Termination.PROVEN_OPTIMAL


def sets_of(p, m, fixed_in, fixed_out):
    free = [j for j in range(m) if j not in fixed_in and j not in fixed_out]
    return [sorted([*fixed_in, *part]) for part in combinations(free, p - len(fixed_in))]


def fixed_sites(seed, m):
    order = np.random.default_rng(seed + 99).permutation(m).tolist()
    return [[], order[:1], order[:2]][seed % 3], [[], order[2:4]][seed // 3 % 2]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("p", [2, 4])
def test_pcenter_has_the_smallest_radius_of_all_choices(seed, p):
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 60, (11, 8)).astype(float)
    fixed_in, fixed_out = fixed_sites(seed, 8)
    best = min(cost[:, s].min(axis=1).max() for s in sets_of(p, 8, fixed_in, fixed_out))
    found = pcenter(cost, p, fixed_in=fixed_in, fixed_out=fixed_out)
    assert (found.outcome.objective, found.outcome.termination) == (best, PROVEN)
    assert len(found.sites) == p
    assert set(fixed_in) <= set(found.sites.tolist())
    assert not set(fixed_out) & set(found.sites.tolist())
    own = cost[np.arange(11), found.assigned]
    assert own.tolist() == cost[:, found.sites].min(axis=1).tolist()
    assert own.max() == best


def test_pcenter_knows_pairs_without_a_way():
    cost = np.array([[1.0, np.inf, 7.0], [np.nan, 2.0, 9.0], [5.0, np.inf, 3.0]])
    assert pcenter(cost, 1).sites.tolist() == [2]
    assert pcenter(cost, 1).outcome.objective == 9.0
    assert pcenter(cost, 2).sites.tolist() == [0, 1]
    assert pcenter(cost, 2).outcome.objective == 5.0
    rows, columns = np.nonzero(np.isfinite(cost))
    loose = sparse.coo_array((cost[rows, columns], (rows, columns)), shape=cost.shape)
    assert pcenter(loose, 2).outcome.objective == 5.0
    with pytest.raises(InfeasibleError, match="E-LOC-023"):
        pcenter(cost, 1, fixed_out=[2])
    with pytest.raises(InfeasibleError, match="E-LOC-020"):
        pcenter(cost, 1, fixed_out=[1, 2])
    with pytest.raises(InputError, match="E-LOC-014"):
        pcenter(-cost, 1)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("p", [2, 3, 5])
def test_pdispersion_has_the_largest_gap_of_all_choices(seed, p):
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 12, (9, 2)).astype(float)
    cost = np.abs(places[:, None] - places).sum(axis=2)
    fixed_in, fixed_out = fixed_sites(seed, 9)
    pairs = np.triu_indices(p, 1)
    best = max(cost[np.ix_(s, s)][pairs].min() for s in sets_of(p, 9, fixed_in, fixed_out))
    found = pdispersion(cost, p, fixed_in=fixed_in, fixed_out=fixed_out)
    assert (found.outcome.objective, found.outcome.termination) == (best, PROVEN)
    assert found.sites.tolist() in sets_of(p, 9, fixed_in, fixed_out)
    assert np.flatnonzero(found.assigned >= 0).tolist() == found.sites.tolist()


def test_pdispersion_reads_the_smaller_direction_and_no_diagonal():
    cost = [[9, 5, 2], [1, 9, 3], [4, 3, 9]]
    found = pdispersion(cost, 2)
    assert found.sites.tolist() == [1, 2]
    assert found.outcome.objective == 3.0
    with pytest.raises(InputError, match="E-LOC-021"):
        pdispersion(cost, 1)
    with pytest.raises(InputError, match="E-LOC-024"):
        pdispersion([[0.0, np.inf], [1.0, 0.0]], 2)
    with pytest.raises(InputError, match="E-LOC-024"):
        pdispersion(np.zeros((2, 3)), 2)


@pytest.mark.parametrize("seed", range(8))
def test_cliques_hold_each_near_pair_and_no_other(seed):
    near = np.random.default_rng(seed).random((12, 12)) < 0.4
    near = np.triu(near, 1) | np.triu(near, 1).T
    held = np.zeros_like(near)
    for group in cliques(near):
        held[np.ix_(group, group)] = True
    np.fill_diagonal(held, val=False)
    assert (held == near).all()


def most_served(cover, weight, capacity, sites):
    """Return the most demand the sites can serve, by a linear program of its own."""
    rows, columns = np.nonzero(cover[:, sites])
    if not len(rows):
        return 0.0
    once = sparse.coo_array(
        (np.ones(len(rows)), (rows, np.arange(len(rows)))), (len(weight), len(rows))
    )
    room = sparse.coo_array(
        (np.ones(len(rows)), (columns, np.arange(len(rows)))), (len(sites), len(rows))
    )
    limits = np.concatenate([weight, capacity[sites]])
    answer = linprog(-np.ones(len(rows)), A_ub=sparse.vstack([once, room]), b_ub=limits)
    return -answer.fun


def capacitated_case(seed):
    rng = np.random.default_rng(seed)
    cover = rng.random((8, 6)) < 0.5
    cover[np.arange(8), rng.integers(0, 6, 8)] = True
    cover[1] = cover[0]
    return cover, rng.integers(1, 9, 8).astype(float), rng.integers(4, 25, 6).astype(float)


def check_served(found, cover, weight, capacity):
    served = found.served.toarray()
    assert (served >= 0).all()
    assert (served[~cover] == 0).all()
    assert set(np.flatnonzero(served.any(axis=0))) <= set(found.sites.tolist())
    assert (served.sum(axis=0) <= capacity * (1 + 1e-12)).all()
    assert (served.sum(axis=1) <= weight * (1 + 1e-12)).all()
    most = served[np.arange(len(cover)), found.assigned]
    assert (most == served.max(axis=1)).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_capacitated_mclp_serves_the_most_of_all_choices(seed):
    cover, weight, capacity = capacitated_case(seed)
    fixed_in, fixed_out = fixed_sites(seed, 6)
    every = sets_of(3, 6, fixed_in, fixed_out)
    best = max(most_served(cover, weight, capacity, s) for s in every)
    found = mclp_capacitated(cover, weight, capacity, 3, fixed_in=fixed_in, fixed_out=fixed_out)
    assert found.outcome.objective == pytest.approx(best, rel=1e-6)
    assert found.outcome.gap <= 1e-4
    assert found.sites.tolist() in every
    check_served(found, cover, weight, capacity)


@pytest.mark.parametrize("seed", SEEDS)
def test_capacitated_lscp_is_the_fewest_sites_that_serve_all(seed):
    cover, weight, capacity = capacitated_case(seed)
    fixed_in, fixed_out = fixed_sites(seed, 6)
    fewest = None
    for p in range(len(fixed_in), 7 - len(fixed_out)):
        every = sets_of(p, 6, fixed_in, fixed_out)
        if any(most_served(cover, weight, capacity, s) >= weight.sum() - 1e-7 for s in every):
            fewest = p
            break
    if fewest is None:
        with pytest.raises(InfeasibleError, match=r"E-LOC-02[02]"):
            lscp_capacitated(cover, weight, capacity, fixed_in=fixed_in, fixed_out=fixed_out)
        return
    found = lscp_capacitated(cover, weight, capacity, fixed_in=fixed_in, fixed_out=fixed_out)
    assert (found.outcome.objective, found.outcome.termination) == (fewest, PROVEN)
    assert found.served.sum() == pytest.approx(weight.sum(), rel=1e-6)
    check_served(found, cover, weight, capacity)


def test_capacities_by_hand():
    # both sites reach all: 10 of 12 fit in one, the larger; two serve all, the point split
    found = mclp_capacitated([[1, 1]], [12.0], [10.0, 7.0], 1)
    assert found.sites.tolist() == [0]
    assert found.outcome.objective == pytest.approx(10.0)
    whole = lscp_capacitated([[1, 1]], [12.0], [10.0, 7.0])
    assert whole.sites.tolist() == [0, 1]
    assert whole.served.sum() == pytest.approx(12.0)
    with pytest.raises(InfeasibleError, match="E-LOC-022"):
        lscp_capacitated([[1, 1]], [18.0], [10.0, 7.0])
