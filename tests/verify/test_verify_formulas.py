"""The formulae of the proof by hand-worked numbers, other formulae, and simulation of the drive."""

import math

import numpy as np
import pytest
import toy_fleets
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.verify.highways import uncovered_m
from planner.verify.money import annuity
from planner.verify.trips import refuels
from planner.verify.waiting import Limit, Queue, capacity_of, chance_of_waiting, mean_wait_min


@pytest.mark.parametrize(
    ("units", "load", "chance"),
    [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (3, 2.0, 4 / 9), (5, 0.0, 0.0), (2, 2.0, 1.0)],
)
def test_erlang_c_is_that_of_the_tables(units, load, chance):
    assert chance_of_waiting(units, load) == pytest.approx(chance)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.floats(0.01, 0.99))
def test_erlang_c_equals_its_recursion(units, busy):
    lost, load = 1.0, units * busy
    for n in range(1, units + 1):
        lost = load * lost / (n + load * lost)
    assert chance_of_waiting(units, load) == pytest.approx(lost / (1 - busy * (1 - lost)))


def test_many_units_do_not_overflow():
    assert 0 < chance_of_waiting(2000, 1990.0) < 1


def test_visits_of_equal_length_wait_half_as_long_at_one_unit_and_more_at_many():
    random, equal = (Queue(kind, 30.0, 0.1, 20.0, 400.0) for kind in ("mmc", "mdc"))
    assert mean_wait_min(equal, 1, 300.0) == mean_wait_min(random, 1, 300.0) / 2 == 45.0
    ratio = mean_wait_min(equal, 8, 2800.0) / mean_wait_min(random, 8, 2800.0)
    assert 0.5 < ratio < 0.6
    assert mean_wait_min(random, 2, 900.0) == math.inf


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["mmc", "mdc"]),
    st.integers(1, 12),
    st.floats(1.0, 60.0),
    st.floats(0.05, 0.3),
    st.floats(0.5, 15.0),
    st.floats(0.05, 1.0),
)
def test_a_capacity_keeps_the_rule_and_a_thousandth_more_does_not(
    kind, units, minutes, share, wait, chance
):
    queue, limit = Queue(kind, minutes, share, 20.0, 300.0), Limit(wait, chance)
    capacity = capacity_of(queue, units, limit)

    def keeps(load):
        erlangs = load * share / 20.0 * minutes / 60
        return (
            mean_wait_min(queue, units, load) <= wait
            and chance_of_waiting(units, erlangs) <= chance
        )

    assert keeps(capacity)
    assert capacity == pytest.approx(units * 300.0) or not keeps(capacity + 0.001)


@pytest.mark.parametrize(("technology", "units"), [("dc120", 4), ("swap", 1), ("swap", 3)])
def test_capacities_equal_those_of_the_toy_that_tries_thousandths(technology, units):
    row = dict(zip(toy_fleets.KEYS, toy_fleets.TECHNOLOGIES[technology], strict=True))
    queue = Queue(
        row["queue"],
        row["service_min"],
        row["peak_hour_share"],
        row["session"],
        row["capacity_per_day"],
    )
    found = capacity_of(queue, units, Limit(toy_fleets.MAX_WAIT_MIN, toy_fleets.MAX_CHANCE))
    assert found == pytest.approx(toy_fleets.capacity(technology, units), abs=1e-9)


def test_an_annuity_pays_capital_and_interest_off():
    left, due = 1000.0, 1000.0 * annuity(0.06, 12)
    for _ in range(12):
        left = left * 1.06 - due
    assert left == pytest.approx(0.0, abs=1e-9)
    assert annuity(0.0, 8) == 0.125


@pytest.mark.parametrize(
    ("stations", "length", "gap", "expected"),
    [
        ([], 100.0, 50.0, 50.0),
        ([], 50.0, 50.0, 0.0),
        ([70.0], 100.0, 50.0, 20.0),
        ([10.0], 100.0, 50.0, 40.0),
        ([0.0, 50.0, 100.0], 100.0, 50.0, 0.0),
        ([100.0], 160.0, 50.0, 60.0),
    ],
)
def test_uncovered_metres_by_hand(stations, length, gap, expected):
    assert uncovered_m(stations, length, gap) == expected


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 40), max_size=5), st.integers(1, 40), st.integers(1, 30))
def test_uncovered_metres_equal_a_count_of_starts(stations, length, gap):
    at = [float(min(place, length)) for place in stations]
    starts = np.arange(0.5, max(length - gap, 0), 1.0)
    bare = sum(not any(q <= p <= q + gap for p in at) for q in starts)
    assert uncovered_m(at, float(length), float(gap)) == pytest.approx(bare)


@pytest.mark.parametrize(
    ("stations", "length", "range_m", "expected"),
    [
        ([], 50.0, 100.0, True),
        ([], 50.1, 100.0, False),
        ([50.0], 100.0, 100.0, True),
        ([50.1], 100.0, 100.0, False),
        ([49.0], 100.0, 100.0, False),
        ([40.0, 140.0], 180.0, 100.0, True),
        ([40.0, 141.0], 180.0, 100.0, False),
        ([0.0], 50.002, 100.0, False),
    ],
)
def test_a_trip_leaves_and_arrives_with_half_a_tank(stations, length, range_m, expected):
    assert refuels(stations, length, range_m) is expected


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 60), max_size=5), st.integers(1, 60), st.integers(2, 50))
def test_the_drive_equals_the_rule_on_distances(stations, length, range_m):
    at = sorted({float(min(place, length)) for place in stations})
    marks = [-range_m / 2, *at, length + range_m / 2]
    rule = bool(at) and bool(max(np.diff(marks)) <= range_m)
    assert refuels(at, float(length), float(range_m)) is (rule or length <= range_m / 2)
