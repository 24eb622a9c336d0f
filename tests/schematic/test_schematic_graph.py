"""Checks which places are linked."""

import numpy as np

from planner.schematic.graph import linked


def _length(start, end):
    return np.hypot(*(end - start).T)


def _pairs(points, cost=_length, groups=None):
    points = np.array(points, dtype=float)
    groups = np.full(len(points), -1) if groups is None else np.array(groups)
    rng = np.random.default_rng(1)
    return linked(points, groups, cost, rng, extra_share=0.0).tolist()


def test_places_in_a_row_are_linked_in_a_row():
    row = [[0, 0], [1000, 10], [2000, -10], [3000, 0], [4000, 20]]
    assert _pairs(row) == [[0, 1], [1, 2], [2, 3], [3, 4]]


def test_a_dear_link_is_taken_only_where_it_is_needed():
    def river_between(start, end):
        length = _length(start, end)
        return np.where((start[:, 0] < 500) != (end[:, 0] < 500), length + 9000, length)

    two_banks = [[0, 0], [0, 900], [1000, 0], [1000, 800]]
    found = _pairs(two_banks, river_between)
    across = [pair for pair in found if (pair[0] < 2) != (pair[1] < 2)]
    assert len(across) == 1
    assert [0, 1] in found
    assert [2, 3] in found


def test_no_link_runs_where_none_may():
    assert _pairs([[0, 0], [1000, 0]], lambda start, _: np.full(len(start), np.inf)) == []


def test_points_on_one_road_are_not_linked_again():
    found = _pairs([[0, 0], [1000, 0], [500, 400]], groups=[0, 0, -1])
    assert [0, 1] not in found
    assert len(found) >= 1
