from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_roads import inputs_of, network_of, road

from planner.crs.metric import GEOD
from planner.errors import InputError
from planner.network import build_network, distances_m


def table(network, sources, *, limit_m=np.inf, toward=False):
    found = distances_m(network, np.asarray(sources), limit_m=limit_m, toward=toward)
    rows = zip(found.source.tolist(), found.node.tolist(), found.metres.tolist(), strict=True)
    return {(source, node): metres for source, node, metres in rows}


def test_distances_add_up_and_are_nothing_to_oneself():
    network = network_of(3, [(0, 1, 100.1, False), (1, 2, 200.2, False)])
    assert table(network, [0]) == {(0, 0): 0.0, (0, 1): 100.1, (0, 2): 300.3}


def test_one_way_is_respected_in_both_senses():
    network = network_of(3, [(0, 1, 100, True), (1, 2, 200, True), (2, 0, 700, True)])
    assert table(network, [0])[0, 2] == 300
    assert table(network, [0], toward=True)[0, 2] == 700


def test_parallel_segments_count_once_by_the_shortest():
    network = network_of(2, [(0, 1, 7, False), (0, 1, 5, False), (1, 0, 9, True)])
    assert table(network, [0])[0, 1] == 5
    assert table(network, [1])[0, 0] == 5


def test_a_shorter_parallel_one_way_serves_only_its_direction():
    network = network_of(2, [(0, 1, 7, False), (1, 0, 3, True)])
    assert table(network, [0])[0, 1] == 7
    assert table(network, [1])[0, 0] == 3


def test_a_loop_changes_nothing():
    network = network_of(2, [(0, 1, 50, False), (1, 1, 10, False)])
    assert table(network, [0]) == {(0, 0): 0.0, (0, 1): 50.0}


def test_the_limit_is_inclusive_to_the_millimetre():
    network = network_of(3, [(0, 1, 0.1, False), (1, 2, 0.2, False)])
    assert (0, 2) in table(network, [0], limit_m=0.3)
    assert (0, 2) not in table(network, [0], limit_m=0.2995)


def test_unreachable_nodes_are_absent():
    network = network_of(4, [(0, 1, 5, False), (2, 3, 5, False)])
    assert sorted(table(network, [0, 2])) == [(0, 0), (0, 1), (1, 2), (1, 3)]


def test_no_sources_give_no_pairs():
    network = network_of(2, [(0, 1, 5, False)])
    assert table(network, np.empty(0, dtype=np.int64)) == {}


def test_more_sources_than_a_chunk_keep_their_positions():
    size = 130
    network = network_of(size, [(at, at + 1, 1, False) for at in range(size - 1)])
    sources = np.arange(size)[::-1]
    found = distances_m(network, sources, limit_m=1, toward=False)
    assert (np.abs(sources[found.source] - found.node) == found.metres).all()
    assert len(found.node) == 3 * size - 2
    assert (np.diff(found.source) >= 0).all()


@pytest.mark.parametrize("length", [np.nan, np.inf, -1.0])
def test_a_segment_without_a_usable_length_is_an_error(length):
    network = network_of(2, [(0, 1, 5, False), (0, 1, length, False)])
    with pytest.raises(InputError, match=r"E-NET-002[\s\S]*s2"):
        distances_m(network, np.array([0]), limit_m=10, toward=False)


@st.composite
def arcs(draw, size=7):
    end = st.integers(0, size - 1)
    metres = st.integers(0, 5000).map(lambda number: number / 10)
    return draw(st.lists(st.tuples(end, end, metres, st.booleans()), min_size=1, max_size=16))


@settings(max_examples=80, deadline=None)
@given(arcs(), st.booleans())
def test_distances_equal_those_of_networkx(chosen, toward):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(7))
    for tail, head, metres, one_way in chosen:
        graph.add_edge(tail, head, weight=metres)
        if not one_way:
            graph.add_edge(head, tail, weight=metres)
    graph = graph.reverse() if toward else graph
    expected = {
        (source, node): round(metres, 3)
        for source in range(7)
        for node, metres in nx.single_source_dijkstra_path_length(graph, source).items()
    }
    assert table(network_of(7, chosen), range(7), toward=toward) == expected


@settings(max_examples=60, deadline=None)
@given(arcs(), arcs())
def test_adding_roads_never_lengthens_and_closing_never_shortens(chosen, more):
    before = table(network_of(7, chosen), range(7))
    after = table(network_of(7, chosen + more), range(7))
    assert all(after[pair] <= metres for pair, metres in before.items())


@settings(max_examples=60, deadline=None)
@given(arcs())
def test_distance_toward_is_distance_from_the_other_end(chosen):
    network = network_of(7, chosen)
    out, back = table(network, range(7)), table(network, range(7), toward=True)
    assert {(b, a): metres for (a, b), metres in out.items()} == back


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 1000))
def test_a_path_is_never_shorter_than_the_straight_line(seed):
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 40, size=(12, 2)).tolist()
    rows = [road(f"r{at}", *pair) for at, pair in enumerate(pairwise(places))]
    network = build_network(inputs_of(rows))
    lon, lat = network.nodes.geometry.x.to_numpy(), network.nodes.geometry.y.to_numpy()
    for (source, node), metres in table(network, range(len(lon))).items():
        straight = GEOD.inv(lon[source], lat[source], lon[node], lat[node])[2]
        assert metres >= straight - 1
