"""Highways and trips: windows against sampling and against the rule of refuelling."""

from itertools import combinations

import numpy as np
import pytest
from toy_roads import DEGREE_M, inputs_of, road

from planner.location.flows import refuelled
from planner.network import Alongside, Stretch, build_network, highway_stretches
from planner.siting.way_access import largest_gap_m, uncovered_m
from planner.siting.ways import highway_windows, trip_path, trip_windows

GAP_M = 50_000.0


def stretch(length_m):
    nothing = np.zeros(0, dtype=np.int64)
    return Stretch("h-G1-N1", "G1", "", "北向 / N-bound", length_m, nothing, np.zeros(0), nothing,
                   None)  # fmt: skip


def along(*position_m, site=None):
    rows = np.arange(len(position_m)) if site is None else np.array(site, dtype=np.int64)
    return Alongside(rows, np.array(position_m, dtype=float), np.zeros(len(position_m)))


def sampled_m(marks, length_m, step_m=50.0):
    """Return the metres from which nothing is ahead within the gap, by trying every 50 m."""
    start = np.arange(step_m / 2, length_m - GAP_M, step_m)[:, None]
    ahead = (marks >= start) & (marks <= start + GAP_M)
    return step_m * float((~ahead.any(axis=1)).sum())


def test_a_hand_worked_stretch():
    """120 km, a station at 70: starts from 20 to 70 of 70 km are covered; a second at 100 ends
    the same. One at 10 covers the first 10 km; 10 to 20 stay."""
    assert uncovered_m(np.array([70e3]), 120e3, GAP_M) == 20e3
    assert uncovered_m(np.array([100e3, 70e3]), 120e3, GAP_M) == 20e3
    assert uncovered_m(np.array([10e3, 70e3]), 120e3, GAP_M) == 10e3
    assert uncovered_m(np.array([50e3, 70e3]), 120e3, GAP_M) == 0
    assert uncovered_m(np.zeros(0), 120e3, GAP_M) == 70e3


def test_a_stretch_no_longer_than_the_gap_needs_nothing():
    assert uncovered_m(np.zeros(0), GAP_M, GAP_M) == 0
    assert len(highway_windows((stretch(GAP_M),), (along(),), GAP_M).owner) == 0


def test_the_largest_gap_counts_the_ends():
    assert largest_gap_m(np.array([70e3, 30e3]), 120e3) == 50e3
    assert largest_gap_m(np.array([]), 120e3) == 120e3


@pytest.mark.parametrize("seed", range(6))
def test_windows_and_measure_agree_with_sampling(seed):
    """Whatever stands: metres of unmet windows = metres uncovered = metres sampled."""
    rng = np.random.default_rng(seed)
    length_m = float(rng.integers(60, 260)) * 1000
    beside = along(*(rng.integers(0, int(length_m // 1000) + 1, 5) * 1000.0))
    found = highway_windows((stretch(40e3), stretch(length_m)), (along(1.0), beside), GAP_M)
    assert set(found.owner.tolist()) == {1}
    assert found.weight.sum() == pytest.approx(length_m - GAP_M)
    for n in range(6):
        for chosen in combinations(range(5), n):
            marks = beside.position_m[list(chosen)]
            met = np.zeros(len(found.owner), dtype=bool)
            met[found.pair_window[np.isin(found.pair_site, chosen)]] = True
            short_m = uncovered_m(marks, length_m, GAP_M)
            assert found.weight[~met].sum() == pytest.approx(short_m, abs=0.01)
            assert short_m == pytest.approx(sampled_m(marks, length_m), abs=260)


@pytest.mark.parametrize("seed", range(6))
def test_a_trip_is_refuelled_if_and_only_if_each_of_its_windows_has_a_station(seed):
    rng = np.random.default_rng(seed)
    length_m, range_m = float(rng.integers(80, 320)) * 1000, 100e3
    beside = along(*(rng.integers(0, int(length_m // 1000) + 1, 6) * 1000.0))
    way = stretch(length_m)
    found = trip_windows((way,), (beside,), np.array([range_m]), 6)
    path = trip_path(way, beside, 6)
    for n in range(7):
        for chosen in combinations(range(6), n):
            has = np.isin(np.arange(6), chosen)
            met = np.zeros(len(found.owner), dtype=bool)
            met[found.pair_window[has[found.pair_site]]] = True
            assert met.all() == refuelled(path, range_m, has)[0]


def test_half_a_tank_at_either_end_of_300_km():
    """Range 100: at 50, 150 and 250 km each is needed; one, or two of them, is not enough."""
    beside = along(50e3, 150e3, 250e3)
    found = trip_windows((stretch(300e3),), (beside,), np.array([100e3]), 3)
    assert [found.pair_site[found.pair_window == v].tolist() for v in range(3)] == [[0], [1], [2]]
    path = trip_path(stretch(300e3), beside, 3)
    assert not refuelled(path, 100e3, np.array([False, True, False]))[0]
    assert refuelled(path, 100e3, np.array([True, True, True]))[0]


def test_trips_without_a_way_or_without_hope_keep_one_empty_window_and_short_ones_none():
    ways = (None, stretch(300e3), stretch(50e3))
    beside = (None, along(200e3), along())
    found = trip_windows(ways, beside, np.array([100e3, 100e3, 100e3]), 1)
    assert found.owner.tolist() == [0, 1]
    assert len(found.pair_site) == 0


def test_both_directions_of_a_motorway_have_their_own_windows():
    """A straight motorway of about 111 km: 61 km of starts in each direction."""
    line = road("m", (0, 0), (500, 0), (1000, 0), road_class="motorway", ref="G1")
    stretches = highway_stretches(build_network(inputs_of([line])))
    found = highway_windows(stretches, (along(), along()), GAP_M)
    assert found.owner.tolist() == [0, 1]
    assert found.weight == pytest.approx([DEGREE_M - GAP_M] * 2, abs=1.0)
