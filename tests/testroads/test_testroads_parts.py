"""Proves the parts by hand-worked figures: stages, units, subsidy, worth, grade, separation."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from planner.crs import geodesic_length_m
from planner.scenario.models import SubsidySettings
from planner.testroads import Instance
from planner.testroads.corridors import corridor_ids
from planner.testroads.equipment import Site, equipped_rows, interior_count, units
from planner.testroads.frames import point_along
from planner.testroads.instance import is_contiguous
from planner.testroads.separation import Seeker
from planner.testroads.stages import Target, opened_m, stage_rows, stage_years
from planner.testroads.subsidy import subsidy_cny, subsidy_rows
from planner.testroads.task import make_task
from planner.testroads.worth import complexity_grades
from planner.testroads.worth import test_values as values_of

SETTINGS = SubsidySettings(
    rate=0.5,
    cap_cny=5_000_000,
    valid_from=date(2025, 8, 16),
    valid_to=date(2027, 12, 31),
    third_party_cny_per_year=2_000_000,
)


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


@pytest.mark.parametrize(
    ("eligible", "granted"),
    [(12_000_000, 5_000_000), (7_000_000, 3_500_000), (10_000_001, 5_000_000), (3, 1), (0, 0)],
)
def test_subsidy_to_the_yuan(eligible, granted):
    assert subsidy_cny(eligible, SETTINGS) == granted


def test_subsidy_is_exact_where_floats_are_not():
    # 0.29 * 100 is 28.999999999999996 in floating point.
    assert subsidy_cny(100, SETTINGS.model_copy(update={"rate": 0.29})) == 29


def test_only_spending_in_the_years_of_validity_is_eligible():
    jurisdictions = pd.DataFrame({"jurisdiction_id": ["b", "a"], "name": ["B", "A"]})
    roads = pd.DataFrame({"jurisdiction_id": ["a"], "equipped": [True], "counted_m": [1234.5678]})
    rsus = pd.DataFrame(
        {
            "jurisdiction_id": ["a"] * 4,
            "stage_year": [2024, 2025, 2027, 2028],
            "cost_cny": [101, 101, 102, 101],
        }
    )
    rows = subsidy_rows(jurisdictions, roads, rsus, SETTINGS)
    assert rows["jurisdiction_id"].tolist() == ["a", "b"]
    assert rows.iloc[0].tolist() == ["a", "A", 1.234568, 1.234568, 4, 203, 101, 102]
    assert rows.iloc[1].tolist() == ["b", "B", 0.0, 0.0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("length_m", "ends", "count"),
    [(1200, 2, 2), (1000, 2, 1), (1000.5, 2, 2), (500, 1, 0), (80, 0, 1), (1200, 0, 2), (0, 2, 0)],
)
def test_units_between_the_ends(length_m, ends, count):
    assert interior_count(float(length_m), 500.0, ends) == count


def test_segment_of_1200_m_has_units_at_400_and_800_m():
    line = shapely.LineString([(116.0, 28.6), (116.004, 28.6), (116.0123, 28.6)])
    length_m = float(geodesic_length_m([line])[0])
    assert length_m == pytest.approx(1203, abs=1)
    for share in (1 / 3, 2 / 3):
        before = shapely.LineString([(116.0, 28.6), point_along(line, share)])
        assert float(geodesic_length_m([before])[0]) == pytest.approx(share * length_m, abs=0.01)


def test_a_junction_has_one_unit_that_all_its_roads_share():
    # Three arms meet at node 0; the outer ends are dead ends.
    star = make([(0, 1), (0, 2), (0, 3)], metres=[400.0, 600.0, 400.0])
    site = Site(500.0, 100, 1000, np.array([3, 1, 1, 1]))
    every = np.ones(3, dtype=bool)
    years = np.array([2026, 2027, 2025])
    placed = units(star, every, years, site)
    assert [(unit.row, unit.node) for unit in placed] == [(2, 0), (1, None)]
    assert placed[1].share == pytest.approx(0.5)


def test_equipment_goes_where_a_yuan_brings_most_until_it_is_spent():
    # Alone, row 0 costs 2 units, row 1 three. After row 0 the shared junction is paid.
    chain = make([(0, 1), (1, 2)], metres=[400.0, 900.0], worth=[2.0, 2.0])
    meeting = np.array([3, 3, 3])
    every = np.ones(2, dtype=bool)
    assert equipped_rows(chain, every, Site(500.0, 100, 300, meeting)).tolist() == [True, False]
    assert equipped_rows(chain, every, Site(500.0, 100, 400, meeting)).tolist() == [True, True]
    assert equipped_rows(chain, every, Site(500.0, 100, 199, meeting)).tolist() == [False, False]


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


def test_minimum_cut_finds_what_components_hide():
    # Anchor 0; a triangle 1-2-3 wholly chosen hangs on it by two half edges of 0.3 each:
    # 0.6 cross, 1 is inside. Every node is in the support, so only the cut can tell.
    instance = make([(0, 1), (0, 2), (1, 2), (2, 3), (3, 1)], metres=[1.0] * 5)
    task = make_task(instance, np.ones(5, dtype=bool), low_m=0.0, high_m=5.0)
    anchor = np.array([True, False, False, False])
    cuts = Seeker(task, anchor, ()).violated(np.array([0.3, 0.3, 1.0, 1.0, 1.0]))
    assert {(tuple(cut.border.tolist()), cut.inner) for cut in cuts} == {
        ((0, 1), (edge,)) for edge in (2, 3, 4)
    }
    assert Seeker(task, anchor, ()).violated(np.array([0.5, 0.5, 1.0, 1.0, 1.0])) == []


def test_a_piece_apart_gets_a_row_for_every_ring_on_the_way():
    # Chain 0-1-2-3-4 with the anchor at 0 and only the last segment chosen: each of the
    # three segments on the way has to be crossed.
    instance = make([(0, 1), (1, 2), (2, 3), (3, 4)], metres=[1.0] * 4)
    task = make_task(instance, np.ones(4, dtype=bool), low_m=0.0, high_m=4.0)
    anchor = np.array([True, False, False, False, False])
    cuts = Seeker(task, anchor, ()).violated(np.array([0.0, 0.0, 0.0, 1.0]))
    assert sorted((cut.border.tolist(), cut.inner) for cut in cuts) == [
        ([0], (3,)),
        ([1], (3,)),
        ([2], (3,)),
    ]


def segments(**columns):
    base = {
        "road_class": ["primary"],
        "name": [None],
        "ref": [None],
        "oneway": [False],
        "speed_kph": [50.0],
        "lanes": [2],
        "bridge": [False],
        "length_m": [1000.0],
    }
    return pd.DataFrame(base | {key: [value] for key, value in columns.items()})


AWAY = pd.DataFrame({"cluster": [np.inf], "test_zone": [np.inf]})
THROUGH = (np.array([2]), np.array([2]))


@pytest.mark.parametrize(
    ("columns", "ends", "away", "value"),
    [
        ({}, THROUGH, AWAY, 1.0),  # class only
        ({"name": "Ring Road"}, THROUGH, AWAY, 1.1),  # + named 0.1
        ({"lanes": 4}, THROUGH, AWAY, 1.1),  # + arterial 0.1
        ({"lanes": 6, "bridge": True}, THROUGH, AWAY, 1.2),  # arterial + two scenes of 0.05
        ({"speed_kph": 40.0}, (np.array([3]), np.array([4])), AWAY, 1.1),  # two scenes
        ({}, (np.array([1]), np.array([4])), AWAY, 0.5),  # a dead end is worth half
        ({}, THROUGH, AWAY.assign(cluster=0.0), 1.8),  # inside a cluster
        ({}, THROUGH, AWAY.assign(cluster=3000.0, test_zone=2000.0), 1.5),  # the nearer counts
    ],
)
def test_worth_of_one_km_by_the_table(columns, ends, away, value):
    worth = values_of(segments(**columns), np.array([1000.0]), ends, away)
    assert worth.tolist() == [pytest.approx(value)]


@pytest.mark.parametrize(
    ("columns", "ends", "grade"),
    [
        ({"road_class": "trunk"}, THROUGH, 1),  # 1 + 0 lanes + 1 speed
        ({}, THROUGH, 2),  # 3 + 1 speed
        ({"lanes": 4}, THROUGH, 3),  # 3 + 1 + 1
        ({"lanes": 4, "bridge": True}, THROUGH, 4),  # one more
        ({"lanes": 8, "length_m": 100.0}, (np.array([4]), np.array([3])), 5),
    ],
)
def test_complexity_grade_by_the_table(columns, ends, grade):
    assert complexity_grades(segments(**columns), ends).tolist() == [grade]


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
