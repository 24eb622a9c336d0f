"""The covering models against every set of sites, by hand, and against what must hold of them."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from planner.errors import InfeasibleError, InputError
from planner.location import Effort, lscp, lscp_backup, mclp, within
from planner.solver import Termination

SEEDS = range(25)
PROVEN = Termination.PROVEN_OPTIMAL


def small_case(seed, n=9, m=7):
    rng = np.random.default_rng(seed)
    cover = rng.random((n, m)) < rng.uniform(0.2, 0.5)
    cover[np.arange(n), rng.integers(0, m, n)] = True
    weight = rng.integers(0, 10, n).astype(float)
    fixed = rng.permutation(m)
    fixed_in, fixed_out = [[], fixed[:1]][seed % 2], [[], fixed[1:2]][seed // 2 % 2]
    return cover, weight, list(map(int, fixed_in)), list(map(int, fixed_out))


def every_choice(m, fixed_in, fixed_out, sizes=None):
    free = [j for j in range(m) if j not in fixed_in and j not in fixed_out]
    parts = chain.from_iterable(combinations(free, k) for k in range(len(free) + 1))
    chosen = (sorted([*fixed_in, *part]) for part in parts)
    return [sites for sites in chosen if sizes is None or len(sites) in sizes]


def covering(cover, fixed_in, fixed_out):
    every = every_choice(cover.shape[1], fixed_in, fixed_out)
    return [sites for sites in every if cover[:, sites].any(axis=1).all()]


@pytest.mark.parametrize("seed", SEEDS)
def test_lscp_is_the_fewest_of_all_covering_sets(seed):
    cover, _, fixed_in, fixed_out = small_case(seed)
    sets = covering(cover, fixed_in, fixed_out)
    if not sets:
        with pytest.raises(InfeasibleError, match="E-LOC-020"):
            lscp(cover, fixed_in=fixed_in, fixed_out=fixed_out)
        return
    found = lscp(cover, fixed_in=fixed_in, fixed_out=fixed_out)
    assert found.outcome.termination is PROVEN
    assert found.outcome.objective == min(map(len, sets)) == len(found.sites)
    assert found.sites.tolist() in sets
    assert cover[np.arange(len(cover)), found.assigned].all()
    assert set(found.assigned) <= set(found.sites)


@pytest.mark.parametrize("seed", SEEDS)
def test_lscp_with_costs_is_the_cheapest_of_all_covering_sets(seed):
    cover, _, fixed_in, fixed_out = small_case(seed, n=8)
    cost = np.random.default_rng(seed).integers(0, 40, cover.shape[1]) / 4
    sets = covering(cover, fixed_in, fixed_out)
    if sets:
        found = lscp(cover, cost, fixed_in=fixed_in, fixed_out=fixed_out)
        assert found.outcome.objective == min(cost[sites].sum() for sites in sets)
        assert found.outcome.termination is PROVEN


@pytest.mark.parametrize("seed", SEEDS)
def test_backup_covers_most_weight_twice_among_the_fewest(seed):
    cover, weight, fixed_in, fixed_out = small_case(seed)
    sets = covering(cover, fixed_in, fixed_out)
    if sets:
        fewest = min(map(len, sets))
        best = max(
            weight[cover[:, sites].sum(axis=1) >= 2].sum() for sites in sets if len(sites) == fewest
        )
        found = lscp_backup(cover, weight, fixed_in=fixed_in, fixed_out=fixed_out)
        assert len(found.sites) == fewest
        assert found.outcome.objective == best
        assert found.outcome.termination is PROVEN


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("p", [1, 2, 4])
def test_mclp_covers_the_most_of_all_choices(seed, p):
    cover, weight, fixed_in, fixed_out = small_case(seed, n=12)
    every = every_choice(cover.shape[1], fixed_in, fixed_out, {p})
    best = max(weight[cover[:, sites].any(axis=1)].sum() for sites in every)
    found = mclp(cover, weight, p, fixed_in=fixed_in, fixed_out=fixed_out)
    assert found.outcome.objective == best
    assert found.outcome.termination is PROVEN
    assert found.sites.tolist() in every
    covered = found.assigned >= 0
    assert weight[covered].sum() == best
    assert cover[np.flatnonzero(covered), found.assigned[covered]].all()


def test_five_places_on_a_line_by_hand():
    place = np.array([0.0, 1.0, 2.0, 5.0, 6.0])
    cover = within(np.abs(place[:, None] - place), 1.0)
    assert lscp(cover).sites.tolist() in ([1, 3], [1, 4])
    assert mclp(cover, [1, 1, 1, 2, 2], 1).outcome.objective == 4.0
    assert mclp(cover, [2, 1, 2, 2, 2], 1).sites.tolist() == [1]
    assert mclp(cover, [1, 1, 1, 2, 2], 2).outcome.objective == 7.0
    # 1 covers 0, 1, 2 once; either 3 or 4 covers both others once: nothing is covered twice
    assert lscp_backup(cover).outcome.objective == 0.0
    # two sites are enough for five places, and with 1 fixed out it takes 0, 2 and one more
    assert lscp(cover, fixed_out=[1]).outcome.objective == 3.0
    assert lscp_backup(cover, fixed_out=[1]).outcome.objective == 1.0  # place 1


def test_uncovered_points_are_counted_and_named():
    with pytest.raises(InfeasibleError, match="2 demand points") as refused:
        lscp([[1, 0], [0, 1], [0, 0], [0, 1]], fixed_out=[0])
    (problem,) = refused.value.problems
    assert (problem.code, problem.row, problem.count) == ("E-LOC-020", "0, 2", 2)


@pytest.mark.parametrize("p", [-1, 0, 3])
def test_a_count_of_sites_beyond_the_fixed_ones_is_refused(p):
    with pytest.raises(InputError, match="E-LOC-021"):
        mclp([[1, 0, 0], [0, 1, 1]], [1, 1], p, fixed_in=[0], fixed_out=[2])


def test_superfluous_sites_are_filled_up_to_p():
    found = mclp([[1, 1, 0], [1, 0, 0]], [1, 1], 2)
    assert found.sites.tolist() == [0, 1]
    assert mclp(np.zeros((2, 3)), [1, 1], 2).outcome.objective == 0.0


@st.composite
def cases(draw):
    n, m = draw(st.integers(1, 12)), draw(st.integers(2, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    cover = rng.random((n, m)) < draw(st.floats(0.1, 0.6))
    return cover, rng.integers(0, 20, n).astype(float), rng


@settings(max_examples=10, deadline=None)
@given(cases())
def test_more_sites_never_cover_less_and_weights_scale(case):
    cover, weight, rng = case
    got = [mclp(cover, weight, p).outcome.objective for p in range(1, cover.shape[1] + 1)]
    assert got == sorted(got)
    assert mclp(cover, weight * 4, 2).outcome.objective == 4 * got[1]
    order = rng.permutation(len(weight))
    assert mclp(cover[order], weight[order], 2).outcome.objective == got[1]


@settings(max_examples=10, deadline=None)
@given(cases())
def test_the_form_and_order_of_the_matrix_change_nothing(case):
    cover, weight, rng = case
    cover[:, 0] |= ~cover.any(axis=1)
    order = rng.permutation(len(cover))
    dense, loose = lscp(cover), lscp(sparse.coo_array(cover.astype(int)))
    assert dense.sites.tolist() == loose.sites.tolist()
    assert lscp(cover[order]).outcome.objective == dense.outcome.objective
    again = mclp(cover, weight, 1, effort=Effort(seed=0))
    assert mclp(sparse.csc_array(cover), weight, 1).sites.tolist() == again.sites.tolist()


@pytest.mark.parametrize("seed", range(12))
def test_models_with_many_parts_and_forced_sites_add_up(seed):
    parts = [small_case(seed + k) for k in range(3)]
    cover = sparse.block_diag([part[0] for part in parts]).toarray().astype(bool)
    alone = [lscp(part[0]).outcome.objective for part in parts]
    assert lscp(cover).outcome.objective == sum(alone)
