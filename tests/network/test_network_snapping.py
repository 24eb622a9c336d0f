import geopandas as gpd
import numpy as np
import pytest
from shapely import Point
from toy_roads import DEGREE_M, inputs_of, network_of, road

from planner.network import build_network, snap


def places(*lonlat):
    return gpd.GeoSeries([place and Point(place) for place in lonlat], crs="EPSG:4326")


def test_a_place_snaps_to_the_nearest_node_by_straight_metres():
    network = network_of(3, [(0, 1, 1113, False), (1, 2, 1113, False)])
    node, metres = snap(network, places((0.012, 0.0)), max_snap_m=3000)
    assert node.tolist() == [1]
    assert metres[0] == pytest.approx(0.002 * DEGREE_M, abs=0.001)


def test_a_place_beyond_the_limit_snaps_to_nothing():
    network = network_of(2, [(0, 1, 1113, False)])
    node, metres = snap(network, places((0.02, 0), (0.019, 0)), max_snap_m=1100)
    assert node.tolist() == [-1, 1]
    assert np.isnan(metres[0])


def test_of_equally_near_nodes_the_first_wins():
    network = network_of(3, [(0, 1, 1113, False), (1, 2, 1113, False)])
    node, _ = snap(network, places((0.005, 0), (0.015, 0)), max_snap_m=3000)
    assert node.tolist() == [0, 1]


def test_motorways_islands_and_stubs_are_passed_over():
    network = build_network(
        inputs_of(
            [
                road("a", (0, 0), (9, 0)),
                road("ramp", (9, 0), (12, 0), road_class="ramp"),
                road("m", (12, 0), (20, 0), road_class="motorway"),
                road("stub", (0, 0), (0, 5), oneway=True),
                road("island", (3, 4), (4, 4)),
            ]
        )
    )
    node, _ = snap(network, places((0.0121, 0), (0, 0.005), (0.003, 0.004)), max_snap_m=9000)
    points = network.nodes.geometry.iloc[node]
    assert [(round(p.x, 6), p.y) for p in points] == [(0.009, 0), (0, 0), (0, 0)]


def test_a_network_of_motorways_alone_takes_nothing():
    roads = [road("m", (0, 0), (9, 0), road_class="motorway")]
    node, _ = snap(build_network(inputs_of(roads)), places((0, 0)), max_snap_m=9000)
    assert node.tolist() == [-1]


def test_missing_and_empty_places_snap_to_nothing():
    network = network_of(2, [(0, 1, 1113, False)])
    points = places((0, 0), None, (0.01, 0))
    points.iloc[2] = Point()
    node, metres = snap(network, points, max_snap_m=3000)
    assert node.tolist() == [0, -1, -1]
    assert np.isnan(metres[1:]).all()


def test_no_places_give_empty_arrays():
    network = network_of(2, [(0, 1, 1113, False)])
    node, metres = snap(network, places(), max_snap_m=3000)
    assert len(node) == len(metres) == 0
