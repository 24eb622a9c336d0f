"""Says how much a station of n units serves a day before people wait too long.

The busiest hour is looked at: visits arrive at random (Poisson) and queue for n units.
M/M/c holds visits of exponential length (charging), M/D/c visits of equal length (swap,
hydrogen), its mean wait by Cosmetatos' approximation.

References: Erlang (1917); Cosmetatos (1975), Approximate explicit formulae for the average
queueing time in the processes M/D/r and D/M/r.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import floor, sqrt

MINUTES = 60.0
HALVINGS = 60
"""Bisection steps: enough to exhaust the digits of a float."""
DECIMALS = 1000


@dataclass(frozen=True)
class Queue:
    """How visits come to the units of one technology.

    Parameters
    ----------
    kind
        ``"mmc"`` or ``"mdc"``.
    service_min
        Minutes a visit holds a unit.
    peak_hour_share
        Share of a day's visits in its busiest hour.
    session
        What one visit takes, in the energy's own unit.
    """

    kind: str
    service_min: float
    peak_hour_share: float
    session: float


def chance_of_waiting(units: int, load: float) -> float:
    """Return the chance that a visit has to wait (Erlang C).

    Parameters
    ----------
    units
        Servers.
    load
        Offered load in erlangs: arrivals an hour over visits an hour of one unit.

    Examples
    --------
    >>> round(chance_of_waiting(1, 0.5), 6)
    0.5
    >>> round(chance_of_waiting(2, 1.0), 6)
    0.333333
    """
    if load >= units:
        return 1.0
    lost = 1.0
    for n in range(1, units + 1):
        lost = load * lost / (n + load * lost)
    return lost / (1.0 - load / units * (1.0 - lost))


def mean_wait_min(queue: Queue, units: int, load_per_day: float) -> float:
    """Return the mean wait in the busiest hour, in minutes; infinite when overloaded.

    Examples
    --------
    One unit, half an hour a visit, one visit in the busiest hour: it is busy half the
    time, and visits wait as long as they last.

    >>> mean_wait_min(Queue("mmc", 30.0, 0.1, 20.0), 1, 200.0)
    30.0
    >>> mean_wait_min(Queue("mdc", 30.0, 0.1, 20.0), 1, 200.0)
    15.0
    """
    load = _erlangs(queue, load_per_day)
    if load <= 0:
        return 0.0
    if load >= units:
        return float("inf")
    wait = chance_of_waiting(units, load) * queue.service_min / (units - load)
    if queue.kind == "mmc":
        return wait
    busy = load / units
    spread = (1 - busy) * (units - 1) * (sqrt(4 + 5 * units) - 2) / (16 * busy * units)
    return wait * 0.5 * (1 + spread)


@cache
def capacity_per_day(
    queue: Queue, units: int, use_per_day: float, max_wait_min: float, max_wait_chance: float
) -> float:
    """Return what n units serve a day within the waiting rule, cut down to 0.001.

    Parameters
    ----------
    queue
        How visits come.
    units
        Units of the station.
    use_per_day
        What one unit serves a day in real use, at most.
    max_wait_min
        Longest mean wait in the busiest hour.
    max_wait_chance
        Largest chance of waiting at all in the busiest hour; 1 for no such rule.

    Examples
    --------
    >>> queue = Queue("mmc", 45.0, 0.1, 30.0)
    >>> capacity_per_day(queue, 1, 220.0, 10.0, 1.0)
    72.727
    >>> capacity_per_day(queue, 8, 220.0, 10.0, 1.0)
    1760.0
    """
    most = units * use_per_day

    def holds(load_per_day: float) -> bool:
        wait = mean_wait_min(queue, units, load_per_day)
        chance = chance_of_waiting(units, _erlangs(queue, load_per_day))
        return wait <= max_wait_min and chance <= max_wait_chance

    if holds(most):
        return _cut(most)
    low, high = 0.0, most
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return _cut(low)


def _erlangs(queue: Queue, load_per_day: float) -> float:
    visits_per_hour = load_per_day * queue.peak_hour_share / queue.session
    return visits_per_hour * queue.service_min / MINUTES


def _cut(value: float) -> float:
    # A sum of floats a hair below its whole thousandth still counts as it.
    return floor(value * DECIMALS + 1e-6) / DECIMALS
