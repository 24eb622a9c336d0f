"""Capacity by waiting against tables, closed forms and an exact chain of M/D/c."""

from math import exp, factorial

import numpy as np
import pytest

from planner.siting.waiting import Queue, capacity_per_day, chance_of_waiting, mean_wait_min

CHARGE = Queue("mmc", 30.0, 0.1, 20.0)
SWAP = Queue("mdc", 6.0, 0.1, 1.0)


@pytest.mark.parametrize(
    ("units", "erlangs", "chance"),
    [(1, 0.7, 0.7), (2, 1.0, 1 / 3), (3, 2.0, 4 / 9), (5, 4.0, 0.5541), (10, 8.0, 0.4092)],
)
def test_erlang_c_gives_the_figures_of_the_tables(units, erlangs, chance):
    assert chance_of_waiting(units, erlangs) == pytest.approx(chance, abs=5e-5)


@pytest.mark.parametrize("units", [1, 2, 7, 20])
def test_erlang_c_is_its_defining_sum(units):
    load = 0.83 * units
    waiting = load**units / factorial(units) / (1 - load / units)
    whole = sum(load**n / factorial(n) for n in range(units)) + waiting
    assert chance_of_waiting(units, load) == pytest.approx(waiting / whole, rel=1e-12)


def test_at_and_beyond_what_the_units_can_do_everyone_waits_for_ever():
    """Two visits an hour is what one unit of half an hour can do: 400 kWh a day."""
    assert chance_of_waiting(2, 2.0) == 1.0
    assert chance_of_waiting(2, 3.0) == 1.0
    assert mean_wait_min(CHARGE, 1, 400.0) == np.inf
    assert mean_wait_min(CHARGE, 1, 399.0) < np.inf


def test_one_unit_waits_as_m_m_1_and_m_d_1_do():
    """Wq = rho / (mu - lambda) h, and half of it where every visit takes as long.

    200 kWh: one visit of 20 kWh in the busiest hour, two can be served: 1/2 / (2 - 1) h.
    50 swaps: 5 in the busiest hour of 10: 1/2 / (10 - 5) / 2 h.
    """
    assert mean_wait_min(CHARGE, 1, 200.0) == pytest.approx(30.0)
    assert mean_wait_min(SWAP, 1, 50.0) == pytest.approx(3.0)


def test_nobody_comes_and_nobody_waits():
    assert mean_wait_min(CHARGE, 3, 0.0) == 0.0
    assert mean_wait_min(SWAP, 3, 0.0) == 0.0


def exact_m_d_c(units, erlangs):
    """Return the mean wait in service times: visits in the house from one D to the next."""
    size = 160
    poisson = [exp(-erlangs)]
    for n in range(1, size):
        poisson.append(poisson[-1] * erlangs / n)
    step = np.zeros((size, size))
    for n in range(size):
        left = max(0, n - units)
        step[n, left:] = poisson[: size - left]
        step[n, -1] += 1 - step[n].sum()
    here = np.ones(size) / size
    for _ in range(3000):
        here = here @ step
    return float(np.maximum(np.arange(size) - units, 0) @ here) / erlangs


@pytest.mark.parametrize(("units", "busy"), [(2, 0.5), (2, 0.9), (4, 0.7), (8, 0.85)])
def test_the_wait_of_equal_visits_is_near_the_exact_one(units, busy):
    per_day = busy * units * 60 / SWAP.service_min / SWAP.peak_hour_share
    exact_min = SWAP.service_min * exact_m_d_c(units, busy * units)
    assert mean_wait_min(SWAP, units, per_day) == pytest.approx(exact_min, rel=0.02)


def test_one_charger_holds_ten_minutes_at_half_of_use():
    """rho / (2 - lambda) <= 1/6 h where lambda <= 0.5: 100 kWh, however much it could give."""
    assert capacity_per_day(CHARGE, 1, 300.0, 10.0, 1.0) == pytest.approx(100.0, abs=0.001)
    assert capacity_per_day(CHARGE, 1, 60.0, 10.0, 1.0) == 60.0


def test_the_chance_of_waiting_limits_too():
    """One unit: the chance is rho = lambda / 2 <= 0.1, so lambda <= 0.2 visits: 40 kWh."""
    assert capacity_per_day(CHARGE, 1, 300.0, 10.0, 0.1) == pytest.approx(40.0, abs=0.001)


@pytest.mark.parametrize("queue", [CHARGE, SWAP])
@pytest.mark.parametrize("chance", [1.0, 0.3])
def test_more_units_serve_more_and_each_of_them_no_less(queue, chance):
    most = [capacity_per_day(queue, n, 300.0, 10.0, chance) for n in range(1, 25)]
    assert (np.diff(most) > 0).all()
    assert (np.diff(np.array(most) / np.arange(1, 25)) >= -0.001).all()


@pytest.mark.parametrize("queue", [CHARGE, SWAP])
@pytest.mark.parametrize("units", [1, 3, 12])
def test_capacity_is_cut_to_a_thousandth_that_still_holds(queue, units):
    most = capacity_per_day(queue, units, 1e9, 4.0, 0.5)
    assert most == round(most, 3)

    def holds(load):
        erlangs = load * queue.peak_hour_share / queue.session * queue.service_min / 60
        return mean_wait_min(queue, units, load) <= 4.0 and chance_of_waiting(units, erlangs) <= 0.5

    assert holds(most)
    assert not holds(most + 0.002)


def test_no_wait_allowed_is_no_capacity():
    assert capacity_per_day(CHARGE, 4, 300.0, 0.0, 1.0) == 0.0
    assert capacity_per_day(CHARGE, 4, 300.0, 10.0, 0.0) == 0.0


def test_a_sum_a_hair_below_its_thousandth_counts_as_it():
    """3 * 0.1 is 0.30000000000000004 and 1.1 * 3 is 3.3000000000000003; 0.57 * 100 is less."""
    assert capacity_per_day(CHARGE, 3, 0.1, 10.0, 1.0) == 0.3
    assert capacity_per_day(CHARGE, 100, 0.57, 10.0, 1.0) == 57.0
