"""The way to the nearest of some places, one-way streets respected."""

import numpy as np
from toy_roads import network_of

from planner.network import nearest_m, node_rows


def test_the_nearest_of_several_counts_in_the_direction_of_travel():
    network = network_of(4, [(0, 1, 100, False), (1, 2, 200, True), (2, 3, 50, False)])
    ids = network.nodes["node_id"].tolist()
    found = nearest_m(network, [ids[0], ids[3]], limit_m=np.inf)
    assert found.tolist() == [0.0, 100.0, 50.0, 0.0]
    assert nearest_m(network, [ids[0]], limit_m=np.inf)[2] == np.inf, "against the one-way"


def test_beyond_the_limit_and_without_places_there_is_none():
    network = network_of(2, [(0, 1, 100, False)])
    first = network.nodes["node_id"].iloc[0]
    assert nearest_m(network, [first], limit_m=99.0).tolist() == [0.0, np.inf]
    assert nearest_m(network, [], limit_m=99.0).tolist() == [np.inf, np.inf]
    assert nearest_m(network, [None, "no-node"], limit_m=99.0).tolist() == [np.inf, np.inf]


def test_rows_of_nodes_and_of_what_is_no_node():
    network = network_of(3, [(0, 1, 1, False), (1, 2, 1, False)])
    ids = network.nodes["node_id"].tolist()
    assert node_rows(network, [ids[2], None, ids[0], "no-node"]).tolist() == [2, -1, 0, -1]
