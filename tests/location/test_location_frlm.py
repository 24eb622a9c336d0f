import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from planner.errors import InputError
from planner.location.choice import site_status
from planner.location.flows import Paths, flow_windows, refuelled
from planner.location.frlm import frlm
from planner.location.frlm_swap import improved
from planner.solver import Termination


def paths_of(n_sites, *flows):
    """Return paths from (length in m, {site: position or positions in m}) for each flow."""
    rows = [
        (at, site, position)
        for at, (_, stops) in enumerate(flows)
        for site, places in stops.items()
        for position in (places if isinstance(places, list) else [places])
    ]
    table = np.array(rows, dtype=float).reshape(-1, 3)
    return Paths(
        table[:, 0].astype(np.int64),
        table[:, 1].astype(np.int64),
        table[:, 2],
        np.array([length for length, _ in flows], dtype=float),
        n_sites,
    )


def drives(length, positions, range_m):
    """Drive there and back step by step with a gauge; lengths are whole numbers.

    Without a station the tank is filled at home only. With stations the third round trip
    must go as the first, so the tank is never filled at home after the first start.
    """

    def trips(count, stations):
        fuel = range_m
        road = list(range(length + 1)) + list(range(length - 1, -1, -1))
        for _ in range(count):
            for step, place in enumerate(road):
                fuel -= step > 0
                if fuel < 0:
                    return False
                fuel = range_m if place in stations else fuel
        return True

    return trips(1, set()) or trips(3, set(positions))


def by_hand(paths, volume, range_m, chosen):
    served = 0
    for flow, length in enumerate(paths.length_m.astype(int).tolist()):
        here = (paths.flow == flow) & np.isin(paths.site, chosen)
        served += volume[flow] * drives(length, paths.position_m[here].astype(int), range_m)
    return served


def test_one_station_does_not_let_a_100_km_vehicle_through_300_km():
    paths = paths_of(1, (300e3, {0: 150e3}))
    choice = frlm(paths, [7], 1, 100e3)
    assert choice.sites.tolist() == [0]
    assert choice.covered.tolist() == [0]
    assert choice.outcome.objective == 0


def test_three_stations_half_a_range_from_the_ends_let_it_through():
    paths = paths_of(4, (300e3, {0: 50e3, 1: 150e3, 2: 250e3, 3: 120e3}))
    choice = frlm(paths, [7], 3, 100e3)
    assert choice.sites.tolist() == [0, 1, 2]
    assert choice.outcome.objective == 7
    assert choice.outcome.termination is Termination.PROVEN_OPTIMAL


def test_two_arcs_of_90_km_need_more_than_the_station_between_them():
    paths = paths_of(3, (180e3, {0: 0, 1: 90e3, 2: 180e3}))
    assert frlm(paths, [1], 1, 100e3, fixed_in=[1]).outcome.objective == 0
    assert frlm(paths, [1], 3, 100e3).outcome.objective == 1


@pytest.mark.parametrize(("length", "served"), [(50e3, 1), (50_000.001, 0)])
def test_a_path_needs_no_station_up_to_half_the_range(length, served):
    assert frlm(paths_of(1, (length, {})), [1], 0, 100e3).outcome.objective == served


@pytest.mark.parametrize(("first", "served"), [(50e3, 1), (50_000.001, 0)])
def test_the_first_station_lies_within_half_a_range_to_the_millimetre(first, served):
    paths = paths_of(2, (140e3, {0: first, 1: 120e3}))
    assert frlm(paths, [1], 2, 100e3).outcome.objective == served


def test_float_noise_of_summed_positions_does_not_open_a_gap():
    paths = paths_of(2, (0.4, {0: 0.1, 1: 0.1 + 0.2}))
    assert frlm(paths, [1], 2, 0.2).outcome.objective == 1


def test_windows_are_the_smallest_and_each_once():
    paths = paths_of(4, (20, {0: 4, 1: 5, 2: 12, 3: 16}), (3, {0: 1}), (40, {1: 2}))
    windows = flow_windows(paths, 10)
    assert windows.flow.tolist() == [0, 0, 0]
    parts = np.split(windows.site, windows.start[1:-1])
    assert [part.tolist() for part in parts] == [[0, 1], [2], [3]]
    assert windows.free.tolist() == [False, True, False]
    assert windows.impossible.tolist() == [False, False, True]


def test_with_the_ends_counted_as_stations_only_gaps_matter():
    paths = paths_of(2, (20, {0: 8, 1: 12}), (10, {}), (20, {0: 10}))
    windows = flow_windows(paths, 10, end_m=10)
    assert windows.flow.tolist() == [0, 0, 2]
    assert windows.free.tolist() == [False, True, False]
    assert windows.site.tolist() == [0, 1, 0]


def test_fixed_sites_are_obeyed():
    paths = paths_of(3, (20, {0: 10}), (20, {1: 10}), (20, {2: 10}))
    assert frlm(paths, [5, 3, 1], 1, 20).sites.tolist() == [0]
    assert frlm(paths, [5, 3, 1], 1, 20, fixed_out=[0]).sites.tolist() == [1]
    assert frlm(paths, [5, 3, 1], 2, 20, fixed_in=[2]).sites.tolist() == [0, 2]


def test_flows_with_the_same_windows_are_weighed_together():
    paths = paths_of(2, (20, {0: 10}), (18, {1: 9}), (20, {1: 10}))
    choice = frlm(paths, [4, 3, 2], 1, 20)
    assert choice.sites.tolist() == [1]
    assert choice.covered.tolist() == [0, 1, 1]
    assert choice.outcome.objective == 5


def test_capacity_is_shared_by_the_flows_and_used_at_every_stop():
    paths = paths_of(2, (40, {0: 10, 1: 30}), (20, {1: 10}))
    choice = frlm(paths, [10, 10], 2, 20, capacity=[6, 12])
    assert choice.outcome.objective == pytest.approx(12)
    load = np.bincount(paths.site, choice.refuelling * np.array([10, 10])[paths.flow])
    assert (load <= [6, 12]).all()
    assert choice.covered @ [10, 10] == choice.outcome.objective


def test_a_capacity_of_nothing_serves_only_who_needs_none():
    paths = paths_of(1, (20, {0: 10}), (5, {0: 1}))
    assert frlm(paths, [3, 4], 1, 20, capacity=[0]).outcome.objective == 4


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"range_m": 0.0}, "E-LOC-061"),
        ({"range_m": float("nan")}, "E-LOC-061"),
        ({"position": [30.0]}, "E-LOC-063"),
        ({"position": [float("nan")]}, "E-LOC-063"),
        ({"position": [1.0, 2.0]}, "E-LOC-062"),
        ({"site": [1]}, "E-LOC-063"),
        ({"flow": [-1]}, "E-LOC-063"),
        ({"length": [-20.0]}, "E-LOC-014"),
        ({"volume": [1, 2]}, "E-LOC-013"),
        ({"p": 2}, "E-LOC-021"),
        ({"capacity": [-1]}, "E-LOC-014"),
    ],
)
def test_what_cannot_be_is_refused(changes, code):
    paths = Paths(
        np.array(changes.get("flow", [0])),
        np.array(changes.get("site", [0])),
        np.array(changes.get("position", [10.0])),
        np.array(changes.get("length", [20.0])),
        1,
    )
    with pytest.raises(InputError, match=code):
        frlm(
            paths,
            changes.get("volume", [1]),
            changes.get("p", 1),
            changes.get("range_m", 20.0),
            capacity=changes.get("capacity"),
        )


@st.composite
def instances(draw, n_sites=5):
    flows = []
    for _ in range(draw(st.integers(1, 4))):
        length = draw(st.integers(0, 24))
        on_it = draw(st.lists(st.integers(0, n_sites - 1), max_size=5, unique=True))
        flows.append((length, {site: draw(st.integers(0, length)) for site in on_it}))
    if not any(stops for _, stops in flows):
        flows.append((10, {0: 5}))
    volume = draw(st.lists(st.integers(0, 9), min_size=len(flows), max_size=len(flows)))
    return paths_of(n_sites, *flows), volume


@settings(max_examples=60, deadline=None)
@given(instances(), st.integers(1, 12), st.integers(0, 5))
def test_the_choice_is_the_best_of_all_that_are_driven_step_by_step(instance, half, p):
    paths, volume = instance
    choice = frlm(paths, volume, p, 2 * half)
    driven = {
        chosen: by_hand(paths, volume, 2 * half, chosen)
        for chosen in itertools.combinations(range(5), p)
    }
    assert choice.outcome.objective == max(driven.values())
    assert driven[tuple(choice.sites.tolist())] == choice.outcome.objective


@settings(max_examples=150, deadline=None)
@given(instances(), st.integers(1, 12), st.lists(st.booleans(), min_size=5, max_size=5))
def test_windows_gaps_and_driving_agree(instance, half, chosen):
    paths, _ = instance
    is_open = np.array(chosen)
    windows = flow_windows(paths, 2 * half)
    held = ~windows.impossible
    for flow, part in zip(windows.flow, np.split(windows.site, windows.start[1:-1]), strict=False):
        held[flow] &= is_open[part].any()
    assert held.tolist() == refuelled(paths, 2 * half, is_open).tolist()
    for flow, length in enumerate(paths.length_m.astype(int).tolist()):
        here = (paths.flow == flow) & is_open[paths.site]
        assert held[flow] == drives(length, paths.position_m[here].astype(int), 2 * half)


@settings(max_examples=40, deadline=None)
@given(instances(), st.integers(1, 10), st.integers(0, 4))
def test_more_range_or_more_stations_never_serve_less(instance, half, p):
    paths, volume = instance
    least = frlm(paths, volume, p, 2 * half).outcome.objective
    assert frlm(paths, volume, p, 2 * half + 2).outcome.objective >= least
    assert frlm(paths, volume, p + 1, 2 * half).outcome.objective >= least


@settings(max_examples=40, deadline=None)
@given(instances(), st.integers(1, 10), st.integers(0, 5))
def test_capacities_that_never_bind_change_nothing(instance, half, p):
    paths, volume = instance
    free = frlm(paths, volume, p, 2 * half).outcome.objective
    wide = frlm(paths, volume, p, 2 * half, capacity=[1000] * 5)
    tight = frlm(paths, volume, p, 2 * half, capacity=[3] * 5)
    assert wide.outcome.objective == pytest.approx(free)
    assert tight.outcome.objective <= free + 1e-9
    load = np.bincount(paths.site, tight.refuelling * np.array(volume)[paths.flow], minlength=5)
    assert (load <= 3 + 1e-9).all()


def most_with_capacity(paths, volume, range_m, chosen, capacity):
    """Let each vehicle choose among all sets of open stations that it can be driven with."""
    gain, load = [], []
    for flow, length in enumerate(paths.length_m.astype(int).tolist()):
        here = np.flatnonzero((paths.flow == flow) & np.isin(paths.site, chosen)).tolist()
        for stops in itertools.chain.from_iterable(
            itertools.combinations(here, count) for count in range(len(here) + 1)
        ):
            if drives(length, paths.position_m[list(stops)].astype(int), range_m):
                gain.append(flow)
                load.append(np.bincount(paths.site[list(stops)], minlength=paths.n_sites))
    if not gain:
        return 0.0
    of_flow = (np.arange(len(volume))[:, None] == gain).astype(float)
    rows = np.vstack([of_flow, np.array(load).T])
    answer = linprog(-np.ones(len(gain)), rows, np.concatenate([volume, capacity]))
    return -answer.fun


@settings(max_examples=30, deadline=None)
@given(
    instances(),
    st.integers(1, 10),
    st.integers(0, 5),
    st.lists(st.integers(0, 8), min_size=5, max_size=5),
)
def test_shares_of_windows_are_vehicles_that_choose_stations(instance, half, p, capacity):
    paths, volume = instance
    best = max(
        most_with_capacity(paths, volume, 2 * half, chosen, capacity)
        for chosen in itertools.combinations(range(5), p)
    )
    choice = frlm(paths, volume, p, 2 * half, capacity=capacity)
    assert choice.outcome.objective == pytest.approx(best, abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(instances(), st.integers(1, 12), st.integers(0, 5), st.sets(st.integers(0, 4), max_size=2))
def test_exchanges_never_serve_less_and_leave_fixed_sites_alone(instance, half, p, fixed):
    paths, volume = instance
    volumes, fixed = np.array(volume, dtype=float), sorted(fixed)[:p]
    status = site_status(5, fixed[:1], ())
    begin = np.array([*fixed[:1], *[row for row in range(5) if row not in fixed[:1]]][:p], int)
    windows = flow_windows(paths, 2 * half)
    found = improved(windows, volumes, status, begin, 0)
    assert len(found) == p
    assert set(fixed[:1]) <= set(found.tolist())
    before, after = (
        volumes @ refuelled(paths, 2 * half, np.isin(np.arange(5), rows)) for rows in (begin, found)
    )
    assert after >= before


def test_exchanges_find_the_better_half():
    paths = paths_of(4, (20, {0: 10}), (20, {1: 10}), (40, {2: 10, 3: 30}))
    windows, status = flow_windows(paths, 20), site_status(4, (), ())
    volumes = np.array([5.0, 4.0, 3.0])
    assert improved(windows, volumes, status, np.array([2, 3]), 0).tolist() == [0, 1]
