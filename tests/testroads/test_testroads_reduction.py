"""Proves the relaxation at a range of prices: what it leaves out, and that it bounds."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_testroads_choice import RUN, brute_force, choose, grid_edges, make, random_instance

from planner.solver import Deadline
from planner.testroads import bound as bound_module
from planner.testroads.bound import Prover, anchor_and_groups
from planner.testroads.connect import connect
from planner.testroads.merit import total_worth
from planner.testroads.narrowing import Narrowing, length_price
from planner.testroads.priced import PricedModel
from planner.testroads.reduction import reduced
from planner.testroads.search import Effort, improve, seeded
from planner.testroads.separation import Seeker
from planner.testroads.task import make_task, usable_rows


def start_of(instance, low_m, high_m):
    task = make_task(instance, usable_rows(instance).rows, low_m=low_m, high_m=high_m)
    return seeded(connect(task))


def priced_bound(start, low, high):
    """Solve the priced relaxation until no row is missing."""
    anchor, groups = anchor_and_groups(start)
    assert not groups
    left = reduced(start.task, anchor, low, high)
    model = PricedModel(left, start.high_m, (low, high), 1)
    seeker = Seeker(left.task, np.arange(left.task.n_nodes) == 0, ())
    for _ in range(60):
        worth, values = model.relax()
        cuts = seeker.violated(values)
        model.add_cuts(cuts)
        if not cuts:
            break
    return worth, model.original(values, len(start.task.worth))


def test_edges_that_gain_join_and_dead_ends_that_lose_go():
    # From the opened edge 0-1 at 10 per km: 1-2 gains (2 - 1), 2-3 loses (0.5 - 1), 3-4 gains
    # more than that (3 - 1), 4-5 loses and leads nowhere.
    edges = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]
    start = start_of(make(edges, worth=[1, 2, 0.5, 3, 0.5], opened=[0]), 300.0, 400.0)
    anchor = anchor_and_groups(start)[0]
    left = reduced(start.task, anchor, 10.0, 10.0)
    assert left.task.n_nodes == 1
    assert left.node_worth.tolist() == [pytest.approx(6.5)]
    assert left.node_m.tolist() == [pytest.approx(400.0)]
    assert left.expanded(np.zeros(0), np.ones(1), 5).tolist() == [1, 1, 1, 1, 0]


def test_ways_that_are_only_passed_become_one():
    # Two ways of two edges each to a worthy end, which is worth one of them but not sure to be:
    # the dearer way goes, the other is one edge of 0.2 km that stands for two.
    edges = [(0, 1), (1, 2), (2, 3), (1, 4), (4, 3), (3, 5)]
    worth = [1, 0.1, 0.1, 0.2, 0.2, 2.5]
    start = start_of(make(edges, worth=worth, opened=[0]), 300.0, 400.0)
    left = reduced(start.task, anchor_and_groups(start)[0], 5.0, 15.0)
    assert left.task.n_nodes == 2
    assert left.task.worth.tolist() == [pytest.approx(0.4)]
    assert left.task.counted_m.tolist() == [pytest.approx(200.0)]
    assert left.expanded(np.array([0.5]), np.array([1.0, 0.5]), 6).tolist() == [
        1, 0, 0, 0.5, 0.5, 0.5]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_bound_holds_at_any_range_of_prices(seed):
    instance = random_instance(seed, opened=bool(seed % 2))
    best = brute_force(instance, 0.0, 600.0)
    start = start_of(instance, 500.0, 600.0)
    price = length_price(start.task.worth, start.task.counted_m, start.high_m)
    for factor, width in product((0.3, 1.0, 2.5), (0.0, 0.3, 0.95)):
        low, high = price * factor * (1 - width), price * factor * (1 + width)
        worth, x = priced_bound(start, low, high)
        assert worth >= best - 1e-6
        assert ((x >= 0.0) & (x <= 1.0)).all()
        assert (x[start.task.forced] == 1.0).all()


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_bound_is_no_worse_than_that_of_the_whole_relaxation(seed, opened):
    rng = np.random.default_rng(seed)
    edges = grid_edges(6)
    size = len(edges)
    instance = make(
        edges,
        worth=rng.uniform(0.0, 1.0, size),
        metres=rng.uniform(20.0, 300.0, size),
        opened=[3] if opened else (),
    )
    start = start_of(instance, 2000.0, 2050.0)
    whole = Prover(start, 1).bound(0.0, 60, 0.0, Deadline.after(60.0)).worth
    price = length_price(start.task.worth, start.task.counted_m, start.high_m)
    wide, _ = priced_bound(start, price * 0.02, price * 20.0)
    rounds = Narrowing(start, anchor_and_groups(start)[0], price, 1)
    narrow = np.inf
    for _ in range(80):
        found = rounds.step()
        narrow = min(narrow, found.worth)
        if not found.pending:
            break
    found = improve(start, np.zeros(size), Effort(20, 10), 1, Deadline.after(60.0))
    best = total_worth(start.task, found.chosen)
    assert best - 1e-6 <= narrow
    assert best - 1e-6 <= wide
    assert narrow <= whole * (1 + 1e-3)


def test_plain_networks_are_proved_alike_either_way(monkeypatch):
    rng = np.random.default_rng(3)
    edges = grid_edges(7)
    size = len(edges)
    worth, metres = rng.uniform(0.1, 1.0, size), rng.uniform(50.0, 200.0, size)
    instance = make(edges, worth=worth, metres=metres, opened=[3])
    run = RUN.model_copy(update={"mip_gap": 0.01})
    whole = choose(instance, 3000.0, 3060.0, run).outcome
    monkeypatch.setattr(bound_module, "LEAST_REDUCED", 70)
    priced = choose(instance, 3000.0, 3060.0, run).outcome
    assert priced.objective == pytest.approx(whole.objective, rel=2e-2)
    assert priced.bound >= whole.objective - 1e-6
    assert whole.bound >= priced.objective - 1e-6
