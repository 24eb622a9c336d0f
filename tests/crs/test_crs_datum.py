"""Datum shifts agree with an independent library and come back to the centimetre."""

import numpy as np
import prcoords
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from planner.crs import to_wgs84
from planner.crs.datum import (
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    wgs84_to_gcj02,
)

GEOD = Geod(ellps="WGS84")
CITIES = {
    "南昌": (115.8581, 28.6832),
    "北京": (116.3975, 39.9087),
    "乌鲁木齐": (87.6168, 43.8256),
    "三亚": (109.5119, 18.2528),
    "漠河": (122.5386, 52.9722),
}
INSIDE = st.tuples(st.floats(74.0, 134.0), st.floats(4.0, 53.0))


def metres(one, other):
    return GEOD.inv(one[0], one[1], other[0], other[1])[2]


@pytest.mark.parametrize("city", CITIES)
def test_gcj02_agrees_with_prcoords(city):
    lon, lat = CITIES[city]
    mine = wgs84_to_gcj02(np.array([[lon, lat]]))[0]
    other = prcoords.wgs_gcj(prcoords.Coords(lat, lon), check_china=False)
    assert metres(mine, (other.lon, other.lat)) < 0.01
    assert 100 < metres(mine, (lon, lat)) < 900


@pytest.mark.parametrize("city", CITIES)
def test_bd09_agrees_with_prcoords(city):
    lon, lat = CITIES[city]
    mine = gcj02_to_bd09(np.array([[lon, lat]]))[0]
    other = prcoords.gcj_bd(prcoords.Coords(lat, lon))
    assert metres(mine, (other.lon, other.lat)) < 0.01


@settings(max_examples=200, deadline=None)
@given(INSIDE)
def test_gcj02_round_trip_is_below_a_centimetre(place):
    shifted = wgs84_to_gcj02(np.array([place]))
    assert metres(gcj02_to_wgs84(shifted)[0], place) < 0.01


@settings(max_examples=200, deadline=None)
@given(INSIDE)
def test_bd09_round_trip_is_below_a_centimetre(place):
    shifted = gcj02_to_bd09(wgs84_to_gcj02(np.array([place])))
    assert metres(bd09_to_wgs84(shifted)[0], place) < 0.01


@pytest.mark.parametrize("place", [(9.5, 47.1), (-74.0, 40.7), (151.2, -33.9)])
def test_outside_china_nothing_moves(place):
    assert gcj02_to_wgs84(np.array([place]))[0].tolist() == list(place)


def test_geometries_are_moved_whole_and_in_their_order():
    line = shapely.LineString([(115.85, 28.68), (115.86, 28.69)])
    point = shapely.Point(115.9, 28.6)
    shifted = shapely.transform([line, point], wgs84_to_gcj02)
    back = to_wgs84(np.array(shifted), "gcj02")
    assert back[0].equals_exact(line, 1e-8)
    assert back[1].equals_exact(point, 1e-8)
    assert metres(shifted[1].coords[0], point.coords[0]) > 300


def test_equal_datums_are_left_as_they_are():
    points = [shapely.Point(115.9, 28.6)]
    assert to_wgs84(points, "wgs84") is points
    assert to_wgs84(points, "cgcs2000") is points


def test_an_unknown_datum_is_an_error():
    with pytest.raises(KeyError, match="mars"):
        to_wgs84([], "mars")
