"""Proves the cover of roads: line of sight, interval cover and set cover against brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely
from scipy.sparse import csr_array

from planner.testroads.intervals import cover_line
from planner.testroads.materials import Unit, cabinets_of
from planner.testroads.setcover import best_cover, greedy_cover
from planner.testroads.sight import RoadLine, Sight, along, points_of, seen_count, view_from

NOTHING = np.empty(0, dtype=object)


def line(row, start, end, *places, range_m=250.0, tunnel=False):
    return RoadLine(row, start, end, points_of(shapely.LineString(places)), range_m, tunnel)


def sight(*lines, buildings=(), offset_m=20.0):
    at_node = {}
    for road in lines:
        for node in (road.from_node, road.to_node):
            at_node.setdefault(node, []).append(road.row)
    return Sight(tuple(lines), at_node, offset_m, np.array(buildings, dtype=object))


def seen_m(view, row):
    return sum((last - first) * 20 for at, first, last in view.stretches if at == row)


def test_a_straight_road_is_seen_to_the_range():
    road = line(0, "a", "b", (0, 0), (1000, 0))
    assert seen_m(view_from(sight(road), "a"), 0) == 240  # 250 m, in steps of 20 m
    first, last = along(sight(road), 0)
    assert (first[25], last[25]) == (13, 37)


def test_sight_runs_straight_on_over_a_junction_but_not_round_the_corner():
    crossing = sight(
        line(0, "a", "b", (0, 0), (100, 0)),
        line(1, "b", "c", (100, 0), (200, 0)),
        line(2, "b", "d", (100, 0), (100, 200)),
    )
    view = view_from(crossing, "a")
    assert view.nodes == {"a", "b", "c"}
    assert (seen_m(view, 0), seen_m(view, 1)) == (100, 100)
    assert seen_m(view, 2) == 20  # the corner itself lies within the offset
    assert view_from(crossing, "b").nodes == {"a", "b", "c", "d"}


def test_a_building_blocks_and_a_tunnel_is_seen_from_inside_only():
    wall = shapely.box(95, -5, 105, 5)
    road = line(0, "a", "b", (0, 0), (200, 0))
    assert seen_m(view_from(sight(road, buildings=[wall]), "a"), 0) == 80
    dark = line(0, "a", "b", (0, 0), (200, 0), tunnel=True)
    assert view_from(sight(dark), "a").stretches == ()
    assert along(sight(dark), 0)[1][0] == 10


def test_a_bend_hides_what_is_behind_it():
    path = points_of(shapely.LineString([(0, 0), (100, 0), (100, 200)]))
    reach = np.full(len(path), 1000.0)
    assert seen_count(path, reach, 20.0, NOTHING) == 7  # to (100, 20)
    assert seen_count(path, reach, 200.0, NOTHING) == len(path)


def brute_line(first, last, cost, covered):
    best = None
    for size in range(len(first) + 1):
        for places in combinations(range(len(first)), size):
            seen = covered.copy()
            for place in places:
                seen[first[place] : last[place]] = True
            total = sum(cost[place] for place in places)
            if seen.all() and (best is None or total < best):
                best = total
    return best


@pytest.mark.parametrize("seed", range(60))
def test_cover_of_a_line_is_the_cheapest_there_is(seed):
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 10))
    at = np.arange(size)
    first = np.maximum(at - rng.integers(1, 4, size), 0)
    last = np.minimum(at + rng.integers(1, 4, size), size - 1)
    cost = rng.integers(1, 9, size)
    covered = rng.random(size - 1) < 0.3
    total, places = cover_line(first, last, cost, covered)
    assert total == brute_line(first, last, cost, covered) == sum(cost[places])
    seen = covered.copy()
    for place in places:
        seen[first[place] : last[place]] = True
    assert seen.all()


def test_an_existing_pole_is_taken_where_it_is_cheaper():
    reach = np.array([0, 0, 0, 1]), np.array([2, 3, 3, 3])
    assert cover_line(*reach, np.array([9, 5, 4, 9]), np.zeros(3, dtype=bool)) == (4, [2])


def test_a_piece_nobody_sees_is_an_error():
    with pytest.raises(ValueError, match="piece 1"):
        cover_line(np.array([0, 0, 2]), np.array([1, 1, 2]), np.ones(3), np.zeros(2, dtype=bool))


def brute_cover(matrix, cost):
    columns = matrix.shape[1]
    return min(
        sum(cost[list(chosen)])
        for size in range(columns + 1)
        for chosen in combinations(range(columns), size)
        if (matrix[:, list(chosen)].sum(axis=1) > 0).all()
    )


@pytest.mark.parametrize("seed", range(12))
def test_set_cover_is_the_cheapest_there_is(seed):
    rng = np.random.default_rng(seed)
    rows, columns = int(rng.integers(1, 9)), int(rng.integers(1, 9))
    matrix = (rng.random((rows, columns)) < 0.35).astype(np.int64)
    matrix[np.arange(rows), rng.integers(0, columns, rows)] = 1
    cost = rng.integers(1, 6, columns)
    covers = csr_array(matrix)
    taken, proven = best_cover(covers, cost)
    start = greedy_cover(covers, cost)
    assert proven
    assert int(cost[taken].sum()) == brute_cover(matrix, cost) <= int(cost[start].sum())
    for chosen in (taken, start):
        assert (matrix[:, chosen].sum(axis=1) > 0).all()


def test_units_near_each_other_share_a_cabinet_and_later_ones_join_it():
    def unit(name, x):
        return Unit(name, 0, None, 0, None, (float(x), 0.0))

    first = [unit("a", 0), unit("b", 100), unit("c", 200), unit("d", 900)]
    assert cabinets_of(first, {}, 150.0) == {"a": "b", "b": "b", "c": "b", "d": "d"}
    later = [unit("e", 240), unit("f", 260)]
    assert cabinets_of(later, {"b": first[1]}, 150.0) == {"e": "b", "f": "f"}
