"""The metric CRS follows from the place, and the one length is geodesic."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from planner.crs import geodesic_length_m, metric_crs


@pytest.mark.parametrize(
    ("bounds", "china", "epsg"),
    [
        ((115.4, 28.1, 116.6, 29.2), True, 4548),
        ((113.7, 22.4, 114.6, 22.9), True, 4547),
        ((73.4, 39.0, 73.6, 39.2), True, 4534),
        ((134.9, 48.0, 135.1, 48.5), True, 4554),
        ((115.4, 28.1, 116.6, 29.2), False, 32650),
        ((9.47, 47.05, 9.64, 47.27), False, 32632),
        ((151.0, -34.0, 151.3, -33.7), False, 32756),
    ],
)
def test_zone_of_the_centre(bounds, china, epsg):
    assert metric_crs(bounds, china=china).to_epsg() == epsg


def test_a_degree_of_the_equator_and_of_a_meridian():
    lines = [shapely.LineString([(0, 0), (1, 0)]), shapely.LineString([(0, 0), (0, 1)])]
    assert geodesic_length_m(lines) == pytest.approx([111319.491, 110574.389], abs=0.001)


def test_length_is_the_sum_of_steps_and_of_parts():
    geod = Geod(ellps="WGS84")
    bent = shapely.LineString([(115.8, 28.6), (115.9, 28.6), (115.9, 28.7)])
    steps = [geod.inv(115.8, 28.6, 115.9, 28.6)[2], geod.inv(115.9, 28.6, 115.9, 28.7)[2]]
    apart = shapely.MultiLineString(
        [[(115.8, 28.6), (115.9, 28.6)], [(115.9, 28.7), (115.9, 28.6)]]
    )
    assert geodesic_length_m([bent, apart]) == pytest.approx([sum(steps), sum(steps)], abs=1e-6)


def test_no_lines_and_lines_without_points():
    assert len(geodesic_length_m([])) == 0
    assert geodesic_length_m([shapely.LineString()]).tolist() == [0.0]


def test_direction_does_not_matter_and_web_mercator_would_be_far_off():
    line = shapely.LineString([(115.8, 28.6), (115.9, 28.7)])
    forth, back = geodesic_length_m([line, line.reverse()])
    assert forth == pytest.approx(back, abs=1e-6)
    mercator = np.hypot(0.1, 0.1 / np.cos(np.radians(28.65))) * 111319.49
    assert mercator / forth > 1.10
