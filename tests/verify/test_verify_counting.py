"""Proves how little and how much a segment may count by centreline."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString

from planner.verify.closures import segment_lines_m
from planner.verify.counting import centreline_limits_m

ROADS = {
    "there": ([(0, 0), (500, 0)], True, "A"),
    "back": ([(500, 20), (0, 20)], True, "A"),
    "two-way": ([(0, 500), (400, 500)], False, "B"),
    "alone": ([(0, 900), (300, 900)], True, "C"),
    "same way": ([(0, 1500), (500, 1500)], True, "D"),
    "same way too": ([(0, 1520), (500, 1520)], True, "D"),
    "other name": ([(500, 1540), (0, 1540)], True, "E"),
    "wide": ([(0, 2000), (500, 2000)], True, "F"),
    "wide back": ([(500, 2039), (0, 2039)], True, "F"),
}


class Plan:
    """Holds segments in metres, as far as the limits look at them."""

    def __init__(self):
        lines = [LineString(line) for line, _, _ in ROADS.values()]
        self.segments = gpd.GeoDataFrame(
            {
                "segment_id": list(ROADS),
                "oneway": [oneway for _, oneway, _ in ROADS.values()],
                "name": [name for _, _, name in ROADS.values()],
                "road_class": "primary",
                "length_m": [line.length for line in lines],
            },
            geometry=lines,
        )

    def layer(self, name):
        return {"segments": self.segments}[name]

    def once(self, made):
        assert made is segment_lines_m
        return self.segments.geometry.to_numpy()


@pytest.fixture
def limits():
    least, most = centreline_limits_m(Plan())
    return dict(zip(ROADS, zip(least.tolist(), most.tolist(), strict=True), strict=True))


def test_a_two_way_road_counts_whole(limits):
    assert limits["two-way"] == (400.0, 400.0)


def test_a_lone_one_way_road_counts_half_at_least_and_whole_at_most(limits):
    assert limits["alone"] == (150.0, 300.0)


def test_two_carriageways_are_not_counted_twice(limits):
    for name in ("there", "back"):
        least, most = limits[name]
        assert (least, most) == (250.0, pytest.approx(300.0))
    assert np.isclose(limits["there"][1] + limits["back"][1], 600.0)


def test_what_may_be_no_opposite_carriageway_takes_nothing_away(limits):
    for name in ("same way", "same way too", "other name", "wide", "wide back"):
        assert limits[name][1] == 500.0, name
