"""Reach and the reductions: what is in reach, what is refused, and that nothing is lost."""

import numpy as np
import pytest
from scipy import sparse

from planner.errors import InputError
from planner.location import reduce, within
from planner.location.choice import site_status
from planner.location.reach import as_amounts, as_cover, coverer, times_covered


def random_cover(seed, n=20, m=9, share=0.3):
    return np.random.default_rng(seed).random((n, m)) < share


def test_dense_and_sparse_costs_give_the_same_reach():
    cost = np.array([[0.0, 3.0, np.inf], [2.0, np.nan, 1.0]])
    rows, columns = np.nonzero(np.isfinite(cost))
    stored = sparse.coo_array((cost[rows, columns], (rows, columns)), shape=cost.shape)
    expected = [[True, False, False], [True, False, True]]
    assert within(cost, 2.0).toarray().tolist() == expected
    assert within(stored, 2.0).toarray().tolist() == expected
    assert within(stored).nnz == within(cost).nnz == 4


def test_a_stored_zero_is_in_reach_but_a_stored_false_is_not():
    zero = sparse.csr_array((np.array([0.0]), np.array([0]), np.array([0, 1])), shape=(1, 2))
    assert within(zero, 5.0).nnz == 1
    assert as_cover(zero).nnz == 0


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: within([1.0, 2.0], 1.0), "E-LOC-010"),
        (lambda: as_cover(np.zeros(3)), "E-LOC-010"),
        (lambda: as_cover([[0.0, 0.5]]), "E-LOC-011"),
        (lambda: as_cover([[0.0, np.nan]]), "E-LOC-011"),
        (lambda: within([[1.0]], -1.0), "E-LOC-012"),
        (lambda: within([[1.0]], np.nan), "E-LOC-012"),
        (lambda: as_amounts([1.0], 2, "weight"), "E-LOC-013"),
        (lambda: as_amounts([1.0, -1.0], 2, "weight"), "E-LOC-014"),
        (lambda: as_amounts([1.0, np.inf], 2, "weight"), "E-LOC-014"),
    ],
)
def test_wrong_arrays_are_refused(call, code):
    with pytest.raises(InputError, match=code):
        call()


def test_a_message_names_five_rows_and_counts_all():
    with pytest.raises(InputError) as refused:
        as_amounts(-np.ones(7), 7, "weight")
    assert refused.value.problems[0].row == "0, 1, 2, 3, 4 ..."
    assert refused.value.problems[0].count == 7


def test_the_coverer_is_the_first_open_site_in_reach():
    cover = as_cover([[1, 1, 1], [0, 1, 1], [0, 0, 0]])
    assert coverer(cover, np.array([1, 2])).tolist() == [1, 1, -1]
    assert times_covered(cover, np.array([1, 2])).tolist() == [2, 2, 0]


@pytest.mark.parametrize("cells", [0, 10**9], ids=["keys", "table"])
@pytest.mark.parametrize("pairs", [7, 10**6], ids=["blocks", "whole"])
@pytest.mark.parametrize("seed", range(6))
def test_containment_is_found_as_by_definition(seed, pairs, cells, monkeypatch):
    monkeypatch.setattr(reduce, "DENSE_CELLS", cells)
    monkeypatch.setattr(reduce, "PAIRS_AT_ONCE", pairs)
    dense = random_cover(seed)
    small, large = reduce.contained(as_cover(dense))
    expected = {
        (i, k)
        for i in range(20)
        for k in range(20)
        if i != k and dense[i].any() and not (dense[i] & ~dense[k]).any()
    }
    assert set(zip(small.tolist(), large.tolist(), strict=True)) == expected
    assert len(small) == len(expected) > 0


def test_identical_rows_are_merged_and_their_weight_kept():
    cover = as_cover([[1, 0], [1, 1], [1, 0], [0, 0]])
    first, kind = reduce.merge_rows(cover)
    assert first.tolist() == [0, 1, 3]
    assert kind.tolist() == [0, 1, 0, 2]


def test_of_equal_sites_the_first_or_the_cheaper_stays():
    cover = as_cover([[1, 1, 0], [1, 1, 1], [0, 0, 0]])
    assert reduce.dominated_columns(cover).tolist() == [False, True, True]
    cost = np.array([2.0, 1.0, 0.5])
    assert reduce.dominated_columns(cover, cost).tolist() == [True, False, False]


def test_a_core_by_hand():
    cover = as_cover([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 1], [0, 1, 1, 0]])
    status = site_status(4, [3], [])
    core = reduce.coverage_core(cover, np.array([1.0, 2.0, 4.0, 8.0, 16.0]), status)
    # site 3 covers row 3; rows 0 and 1 are one; site 0 lies within site 1
    assert core.forced.tolist() == [3]
    assert core.columns.tolist() == [1, 2]
    assert sorted(core.weight.tolist()) == [3.0, 4.0, 16.0]
    cover_all = reduce.set_cover_core(cover, np.ones(4), site_status(4, [], []))
    assert cover_all.forced.tolist() == [1, 2]
    assert cover_all.cover.shape[0] == 0
