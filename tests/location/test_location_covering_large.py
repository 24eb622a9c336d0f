"""The route for large MCLP: bounds that hold, sums that stay true, answers that repeat."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.location import Effort, mclp
from planner.location.choice import site_status
from planner.location.mclp_large import lagrangian, merged, relaxation, tightened
from planner.location.reach import as_cover, times_covered
from planner.location.reduce import coverage_core
from planner.location.swap import SwapSearch, greedy, improve
from planner.solver import Deadline

SOON = Deadline.after(3600.0)


def town(seed, n=150, m=60, radius=0.16):
    rng = np.random.default_rng(seed)
    points, sites = rng.random((n, 2)), rng.random((m, 2))
    gaps = np.sqrt(((points[:, None] - sites) ** 2).sum(axis=2))
    return gaps <= radius, np.round(rng.lognormal(3, 1, n), 2)


def core_of(cover, weight):
    return coverage_core(as_cover(cover), weight, site_status(cover.shape[1], [], []))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 8))
def test_any_multipliers_bound_the_optimum(seed, p):
    cover, weight = town(seed % 50)
    core = core_of(cover, weight)
    rng = np.random.default_rng(seed)
    best = mclp(cover, weight, p, effort=Effort(mip_gap=0.0)).outcome.objective
    guess = rng.normal(0.5, 1.0, len(core.weight)) * core.weight
    assert lagrangian(core, guess, p) >= best
    assert lagrangian(core, np.zeros(len(guess)), p) == pytest.approx(core.weight.sum())


@pytest.mark.parametrize("seed", range(4))
def test_the_multipliers_of_the_relaxation_give_its_value(seed):
    core = core_of(*town(seed))
    multipliers, share = relaxation(core, 6, Effort(), SOON)
    covered = np.minimum(1.0, core.cover @ share)
    assert lagrangian(core, multipliers, 6) == pytest.approx(core.weight @ covered, rel=1e-5)
    assert share.sum() <= 6 + 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_steps_without_the_relaxation_come_near_its_bound(seed):
    cover, weight = town(seed)
    core = core_of(cover, weight)
    best = mclp(cover, weight, 6, effort=Effort(mip_gap=0.0)).outcome.objective
    bound = lagrangian(core, relaxation(core, 6, Effort(), SOON)[0], 6)
    stepped = tightened(core, 6, 0.9 * best)
    assert best <= stepped <= 1.05 * bound
    assert stepped < core.weight.sum()


@pytest.mark.parametrize("seed", range(4))
def test_running_sums_of_the_search_are_those_of_the_definition(seed):
    cover, weight = town(seed, 60, 25, 0.25)
    search = SwapSearch(as_cover(cover), weight, np.arange(5))
    rng = np.random.default_rng(seed)
    for _ in range(40):
        site = int(rng.integers(25))
        if site not in search.sites:
            search.swap(int(rng.integers(5)), site)
    covered = weight[cover[:, search.sites].any(axis=1)].sum()
    assert search.covered == pytest.approx(covered)
    worth = search.worth()
    for slot in range(5):
        for site in sorted(set(range(25)) - set(search.sites.tolist())):
            swapped = search.sites.copy()
            swapped[slot] = site
            after = weight[cover[:, swapped].any(axis=1)].sum()
            assert worth[slot, site] == pytest.approx(after - covered, abs=1e-9)


def test_the_search_ends_in_a_local_optimum_no_worse_than_greedy():
    cover, weight = town(3)
    reach = as_cover(cover)
    first = greedy(reach, weight, 6)
    search = SwapSearch(reach, weight, first)
    found = improve(search, 100, 0, SOON, np.inf)
    assert len(set(found.tolist())) == 6
    got = weight[times_covered(reach, found) > 0].sum()
    assert got >= weight[times_covered(reach, first) > 0].sum()
    again = SwapSearch(reach, weight, found)
    assert again.worth().max() <= 1e-6
    start = SwapSearch(reach, weight, first)
    assert improve(start, 100, 0, SOON, np.inf).tolist() == found.tolist()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("p", [1, 5, 12])
def test_the_large_route_agrees_with_the_exact_one(seed, p, monkeypatch):
    cover, weight = town(seed)
    exact = mclp(cover, weight, p, fixed_in=[7], fixed_out=[3, 4])
    monkeypatch.setattr(sys.modules["planner.location.mclp"], "LARGE", 0)
    found = mclp(cover, weight, p, fixed_in=[7], fixed_out=[3, 4], effort=Effort(rounds=60))
    assert found.outcome.objective <= exact.outcome.objective * (1 + 1e-9)
    assert found.outcome.objective >= exact.outcome.objective * 0.998
    assert found.outcome.bound >= exact.outcome.objective * (1 - 1e-9)
    assert len(found.sites) == p
    assert 7 in found.sites
    assert not {3, 4} & set(found.sites.tolist())
    again = mclp(cover, weight, p, fixed_in=[7], fixed_out=[3, 4], effort=Effort(rounds=60))
    assert again.sites.tolist() == found.sites.tolist()
    assert again.outcome == found.outcome


def test_a_bound_is_kept_when_the_time_is_out(monkeypatch):
    cover, weight = town(1)
    monkeypatch.setattr(sys.modules["planner.location.mclp"], "LARGE", 0)
    found = mclp(cover, weight, 5, effort=Effort(time_limit_s=0.0))
    assert found.outcome.bound >= found.outcome.objective > 0


def test_answers_are_merged_to_the_best_of_all_their_sites():
    cover, weight = town(2)
    core = core_of(cover, weight)
    rng = np.random.default_rng(0)
    answers = [rng.permutation(len(core.columns))[:4] for _ in range(3)]
    union = np.unique(np.concatenate(answers))
    found = merged(core, answers, Effort(mip_gap=0.0), SOON)
    only = mclp(core.cover[:, union], core.weight, 4, effort=Effort(mip_gap=0.0))
    got = core.weight[times_covered(core.cover, found) > 0].sum()
    assert got == pytest.approx(only.outcome.objective)
