import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from toy_roads import network_of

from planner.network import distance_pairs, distance_table, distances_m
from planner.network.distances import CHUNK, _matrix

LINE = [(0, 1, 100, False), (1, 2, 200.5, True), (2, 3, 50, False)]


def rows(*numbers):
    return np.array(numbers, dtype=np.int64)


def test_ways_run_from_the_first_places_to_the_second():
    found = distance_table(network_of(4, LINE), rows(0, 3), rows(3, 2, 0), limit_m=1000)
    assert found.tolist() == [[350.5, 300.5, 0.0], [0.0, 50.0, np.inf]]


def test_pairs_beyond_the_limit_are_not_there():
    found = distance_pairs(network_of(4, LINE), rows(0, 3), rows(3, 2, 0), limit_m=300.5)
    assert found.start.tolist() == [0, 0, 1, 1]
    assert found.end.tolist() == [1, 2, 0, 1]
    assert found.metres.tolist() == [300.5, 0.0, 0.0, 50.0]


def test_places_may_share_a_node_and_have_none():
    found = distance_table(network_of(4, LINE), rows(1, -1, 1), rows(2, 2, -1, 0), limit_m=250)
    near = [200.5, 200.5, np.inf, 100.0]
    assert found.tolist() == [near, [np.inf] * 4, near]


@pytest.mark.parametrize(
    ("start", "end"), [(rows(), rows(0)), (rows(0), rows()), (rows(-1), rows(0))]
)
def test_no_places_make_no_pairs(start, end):
    assert distance_pairs(network_of(4, LINE), start, end, limit_m=9).metres.tolist() == []
    assert distance_table(network_of(4, LINE), start, end, limit_m=9).shape == (
        len(start),
        len(end),
    )


def test_a_sparse_matrix_of_the_pairs_keeps_the_stored_zeros():
    found = distance_pairs(network_of(4, LINE), rows(0, 1), rows(0, 1), limit_m=10)
    matrix = csr_array((found.metres, (found.start, found.end)), shape=(2, 2))
    assert matrix.nnz == 2


def random_network(seed, size=150):
    rng = np.random.default_rng(seed)
    tails, heads = rng.integers(0, size, 2 * size), rng.integers(0, size, 2 * size)
    metres = rng.integers(0, 5000, 2 * size) / 10
    one_way = rng.random(2 * size) < 0.3
    return network_of(size, list(zip(tails, heads, metres, one_way, strict=True))), rng


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 300.0, 900.0, np.inf]))
def test_the_table_is_what_dijkstra_finds_on_the_whole_graph(seed, limit_m):
    network, rng = random_network(seed)
    start, end = rng.integers(-1, 150, 40), rng.integers(-1, 150, 30)
    whole = dijkstra(_matrix(network, reverse=False)).round(3)
    whole[whole > limit_m] = np.inf
    expected = whole[start][:, end]
    expected[start < 0], expected[:, end < 0] = np.inf, np.inf
    for toward in (None, True, False):
        found = distance_table(network, start, end, limit_m=limit_m, toward=toward)
        assert found.tobytes() == expected.tobytes()
        pairs = distance_pairs(network, start, end, limit_m=limit_m, toward=toward)
        at = np.argwhere(np.isfinite(expected))
        assert np.array_equal(np.column_stack([pairs.start, pairs.end]), at)
        assert pairs.metres.tobytes() == expected[np.isfinite(expected)].tobytes()


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from([0.0, 400.0, np.inf]))
def test_many_sources_in_any_order_find_what_the_whole_graph_gives(seed, toward, limit_m):
    network, rng = random_network(seed)
    sources = rng.integers(0, 150, 2 * CHUNK + 7)
    found = distances_m(network, sources, limit_m=limit_m, toward=toward)
    whole = dijkstra(_matrix(network, reverse=toward), indices=sources).round(3)
    at = np.argwhere(np.isfinite(whole) & (whole <= limit_m))
    assert np.array_equal(np.column_stack([found.source, found.node]), at)
    assert found.metres.tobytes() == whole[at[:, 0], at[:, 1]].tobytes()


def test_only_wanted_nodes_are_reported():
    found = distances_m(
        network_of(4, LINE), rows(0), limit_m=np.inf, toward=False, nodes=rows(3, 1, 3)
    )
    assert found.node.tolist() == [1, 3]
    assert found.metres.tolist() == [100.0, 350.5]
