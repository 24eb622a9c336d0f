"""Checks curves and carriageways."""

import numpy as np
import pytest
import shapely

from planner.schematic.lines import HALF_GAP_M, Line, bend, carriageways, extended, smooth


def test_a_smooth_curve_passes_near_its_via_points():
    via = np.array([[0.0, 0.0], [1000.0, 300.0], [2000.0, -200.0], [3000.0, 0.0]])
    curve = shapely.LineString(smooth(via, step_m=50.0, keep_m=2.0))
    assert all(curve.distance(shapely.Point(point)) <= 2.0 for point in via)
    assert len(curve.coords) > len(via)


def test_two_points_stay_as_they_are():
    via = np.array([[0.0, 0.0], [1000.0, 0.0]])
    assert np.array_equal(smooth(via, step_m=50.0, keep_m=2.0), via)


def test_a_bent_road_keeps_its_ends_and_is_a_little_longer():
    start, end = np.array([0.0, 0.0]), np.array([5000.0, 0.0])
    way = bend(start, end, np.random.default_rng(3), strength=0.08)
    assert way[[0, -1]] == pytest.approx(np.array([start, end]))
    assert 5000.0 < shapely.LineString(way).length < 5600.0


def test_a_line_is_made_longer_straight_on():
    longer = extended(np.array([[0.0, 0.0], [10.0, 0.0]]), start_m=5.0, end_m=0.0)
    assert longer.tolist() == [[-5.0, 0.0], [0.0, 0.0], [10.0, 0.0]]


def test_traffic_keeps_right_on_a_divided_road():
    line = Line(np.array([[0.0, 0.0], [1000.0, 0.0]]), "trunk", lanes=6)
    there, back = carriageways(line)
    assert there.oneway
    assert back.oneway
    assert there.lanes == 3
    assert there.points[0].tolist() == [0.0, 0.0]
    assert back.points[0].tolist() == [1000.0, 0.0]
    assert there.points[1:-1, 1] == pytest.approx(-HALF_GAP_M)
    assert back.points[1:-1, 1] == pytest.approx(HALF_GAP_M)
