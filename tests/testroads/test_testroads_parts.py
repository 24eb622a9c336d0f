"""Proves the parts by hand-worked figures: stages, separation, corridors."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from planner.testroads import Instance
from planner.testroads.corridors import corridor_ids
from planner.testroads.instance import is_contiguous
from planner.testroads.model import Values
from planner.testroads.separation import Seeker
from planner.testroads.stages import Target, opened_m, stage_rows, stage_years
from planner.testroads.task import make_task


def make(edges, *, metres, worth=None, grade=None, opened=()):
    size = len(edges)
    ends = np.array(edges, dtype=np.int64)
    mask = np.zeros(size, dtype=bool)
    mask[list(opened)] = True
    metres = np.array(metres, dtype=float)
    return Instance(
        segment_id=tuple(f"s{row}" for row in range(size)),
        from_node=ends[:, 0],
        to_node=ends[:, 1],
        n_nodes=int(ends.max()) + 1,
        length_m=metres,
        counted_m=metres,
        worth=np.array(worth if worth is not None else [1.0] * size),
        grade=np.array(grade if grade is not None else [1] * size, dtype=np.int64),
        excluded=np.zeros(size, dtype=bool),
        opened=mask,
    )


def test_simple_roads_are_opened_first():
    # From the opened road two arms: one of grade 1 worth 1, one of grade 3 worth 9.
    instance = make(
        [(0, 1), (1, 2), (2, 3), (1, 4), (4, 5)],
        metres=[100.0] * 5,
        worth=[1, 1, 1, 9, 9],
        grade=[1, 1, 1, 3, 3],
        opened=[0],
    )
    targets = [Target(2025, 300.0, 306.0), Target(2026, 400.0, 408.0), Target(2027, 500.0, 510.0)]
    years = stage_years(instance, np.ones(5, dtype=bool), np.array([2023, 0, 0, 0, 0]), targets)
    assert years.tolist() == [2023, 2025, 2025, 2026, 2027]
    assert [opened_m(instance, years, target.year) for target in targets] == [300, 400, 500]


def test_opened_roads_alone_may_meet_the_first_target():
    instance = make([(0, 1), (1, 2)], metres=[500.0, 100.0], opened=[0])
    targets = [Target(2025, 300.0, 306.0), Target(2027, 600.0, 612.0)]
    years = stage_years(instance, np.ones(2, dtype=bool), np.array([2020, 0]), targets)
    assert years.tolist() == [2020, 2027]


@pytest.mark.parametrize("seed", range(10))
def test_stages_are_nested_and_contiguous_on_random_trees_with_loops(seed):
    rng = np.random.default_rng(seed)
    edges = [(int(rng.integers(0, node)), node) for node in range(1, 30)]
    edges += [tuple(rng.integers(0, 30, 2).tolist()) for _ in range(10)]
    instance = make(
        edges,
        metres=rng.uniform(50, 150, len(edges)),
        worth=rng.uniform(0, 1, len(edges)),
        grade=rng.integers(1, 6, len(edges)),
        opened=[4, 20],
    )
    total = float(instance.counted_m.sum())
    targets = [Target(year, share * total, share * total * 1.05)
               for year, share in ((2025, 0.5), (2026, 0.75), (2027, 1.0))]  # fmt: skip
    opened_year = np.where(instance.opened, 2024, 0)
    years = stage_years(instance, np.ones(len(edges), dtype=bool), opened_year, targets)
    before = np.zeros(len(edges), dtype=bool)
    for target in targets:
        stage = stage_rows(instance, years, target.year)
        assert is_contiguous(instance, stage)
        assert not (before & ~stage).any()
        before = stage
    assert before.all()


def ways(x, along, against):
    return Values(*(np.array(part, dtype=float) for part in (x, along, against)))


def rows_of(cuts):
    return sorted(
        (sorted(zip(cut.column.tolist(), cut.share.tolist(), strict=True)), cut.least)
        for cut in cuts
    )


def test_minimum_cut_finds_what_is_entered_by_too_little():
    # Anchor 0; a triangle 1-2-3 hangs on it by two roads. Ways of 0.3 enter it twice and turn
    # round in it, so that every node seems to have a whole way: only the cut can tell.
    instance = make([(0, 1), (0, 2), (1, 2), (2, 3), (3, 1)], metres=[1.0] * 5)
    task = make_task(instance, np.ones(5, dtype=bool), low_m=0.0, high_m=5.0)
    seeker = Seeker(task, np.array([True, False, False, False]), ())
    found = seeker.violated(ways([1] * 5, [0.3, 0.3, 0.7, 1.0, 0.7], [0.0] * 5))
    # Into 1, 2, 3 from outside at least as much as into node 1: 0->2 (column 5 + 1), less
    # what comes from inside, 3->1 and 2->1 (columns 5 + 4 and 10 + 2).
    # The same for node 2.
    assert rows_of(found) == [
        ([(5, 1.0), (7, -1.0), (13, -1.0)], 0.0),
        ([(6, 1.0), (9, -1.0), (12, -1.0)], 0.0),
    ]
    assert seeker.violated(ways([1] * 5, [0.5, 0.5, 0.5, 1.0, 0.5], [0.0] * 5)) == []


def test_a_road_needs_a_way_to_both_its_ends():
    instance = make([(0, 1), (1, 2)], metres=[1.0] * 2)
    task = make_task(instance, np.ones(2, dtype=bool), low_m=0.0, high_m=2.0)
    seeker = Seeker(task, np.array([True, False, False]), ())
    found = seeker.violated(ways([0.9, 0.5], [0.9, 0.2], [0.0, 0.0]))
    # Road 1 (0.5) ends at node 2, which a way of 0.2 leads to: column 2 + 1.
    assert rows_of(found) == [([(1, -1.0), (3, 1.0)], 0.0)]


def test_a_piece_apart_gets_a_row_for_every_ring_on_the_way():
    # Chain 0-1-2-3-4 with the anchor at 0 and a way only along the last road: each of the
    # three roads on the way has to be crossed, and the last one needs a way to its start.
    instance = make([(0, 1), (1, 2), (2, 3), (3, 4)], metres=[1.0] * 4)
    task = make_task(instance, np.ones(4, dtype=bool), low_m=0.0, high_m=4.0)
    anchor = np.array([True, False, False, False, False])
    found = Seeker(task, anchor, ()).violated(ways([0, 0, 0, 1], [0, 0, 0, 1], [0] * 4))
    rings = [([(4 + edge, 1.0), (7, -1.0)], 0.0) for edge in range(3)]
    assert rows_of(found) == sorted([*rings, ([(3, -1.0), (6, 1.0), (11, 1.0)], 0.0)])


def test_pieces_of_opened_roads_and_zones_must_be_entered():
    instance = make([(0, 1), (1, 2), (2, 3)], metres=[1.0] * 3)
    task = make_task(instance, np.ones(3, dtype=bool), low_m=0.0, high_m=3.0)
    seeker = Seeker(task, np.array([True, False, False, False]), (np.array([2]),))
    found = seeker.violated(ways([0.4, 0.4, 0.4], [0.4, 0.4, 0.4], [0.0] * 3))
    assert ([(4, 1.0)], 1.0) in rows_of(found)


def test_corridors_need_touch_and_name():
    rows = [
        ("s1", "A", None, "n1", "n2", 100.0),
        ("s2", "A", None, "n2", "n3", 100.0),
        ("s3", "A", None, "n8", "n9", 50.0),  # same name elsewhere
        ("s4", None, "G1", "n3", "n4", 300.0),
        ("s5", None, None, "n4", "n5", 10.0),  # unnamed chain ...
        ("s6", None, None, "n5", "n6", 10.0),
        ("s7", None, None, "n6", "n7", 10.0),  # ... that branches at n6
        ("s8", None, None, "n6", "n8", 10.0),
    ]
    columns = ["segment_id", "name", "ref", "from_node", "to_node", "counted_m"]
    roads = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns).assign(road_class="primary"))
    assert corridor_ids(roads) == ["c2", "c2", "c3", "c1", "c4", "c4", "c5", "c6"]
    mixed = roads.iloc[::-1]
    assert corridor_ids(mixed) == corridor_ids(roads)[::-1]
