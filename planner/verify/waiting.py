"""Proves what stations serve before people wait too long, by queueing formulae of its own."""

from __future__ import annotations

from functools import cache
from math import exp, floor, inf, isfinite, lgamma, log, sqrt
from typing import NamedTuple

import pandas as pd

from planner.verify.faults import Fault, Faults, differing
from planner.verify.files import PlanFiles, Row, UnreadableError

PER_UNIT = 1000
"""Capacities are cut down to a thousandth."""
CUT_TOLERANCE = 1.0 / PER_UNIT + 1e-6
"""Where the limit falls on a thousandth, either side of it is right."""
WAIT_TOLERANCE_MIN = 1e-3
ROUNDING = 1e-6


class Queue(NamedTuple):
    """How visits come to the units of a technology, and what one unit serves a day at most."""

    kind: str
    service_min: float
    peak_hour_share: float
    session: float
    use_per_day: float


class Limit(NamedTuple):
    """The waiting rule: longest mean wait, and largest chance of waiting at all."""

    wait_min: float
    chance: float


def queue_of(technology: Row) -> Queue:
    """Return the queue of a row of the technologies.

    Raises
    ------
    UnreadableError
        If it is neither M/M/c nor M/D/c, or a figure of it is not above zero.
    """
    numbers = [
        float(technology[key])
        for key in ("service_min", "peak_hour_share", "session", "capacity_per_day")
    ]
    if technology["queue"] not in {"mmc", "mdc"} or not all(0 < number < inf for number in numbers):
        message = f"a technology has no queue that can be worked out: {technology['queue']!r}"
        raise UnreadableError(message)
    return Queue(str(technology["queue"]), *numbers)


def limit_of(plan: PlanFiles) -> Limit:
    """Return the waiting rule of the plan."""
    return Limit(
        plan.number("settings", "siting", "max_wait_min"),
        plan.number("settings", "siting", "max_wait_chance"),
    )


def chance_of_waiting(units: int, load: float) -> float:
    """Return Erlang's C: all units are busy, from the Poisson weights of each state.

    Parameters
    ----------
    units
        Servers.
    load
        Offered load in erlangs.

    Examples
    --------
    >>> round(chance_of_waiting(2, 1.0), 12)
    0.333333333333
    """
    if load <= 0:
        return 0.0
    if load >= units:
        return 1.0
    logs = [state * log(load) - lgamma(state + 1) for state in range(units + 1)]
    weights = [exp(weight - max(logs)) for weight in logs]
    full = weights[-1] * units / (units - load)
    return full / (sum(weights[:-1]) + full)


def mean_wait_min(queue: Queue, units: int, load_per_day: float) -> float:
    """Return the mean wait of the busiest hour in minutes; infinite if it never ends.

    Examples
    --------
    Half busy, visits of random length wait as long as they last; of equal length, half.

    >>> mean_wait_min(Queue("mmc", 30.0, 0.1, 20.0, 400.0), 1, 200.0)
    30.0
    >>> mean_wait_min(Queue("mdc", 30.0, 0.1, 20.0, 400.0), 1, 200.0)
    15.0
    """
    arrivals = load_per_day * queue.peak_hour_share / queue.session
    service = 60.0 / queue.service_min
    if arrivals <= 0:
        return 0.0
    if arrivals >= units * service:
        return inf
    hours = chance_of_waiting(units, arrivals / service) / (units * service - arrivals)
    if queue.kind == "mdc":
        busy = arrivals / (units * service)
        spread = (1 - busy) * (units - 1) * (sqrt(4 + 5 * units) - 2) / (16 * busy * units)
        hours *= (1 + spread) / 2
    return 60.0 * hours


@cache
def capacity_of(queue: Queue, units: int, limit: Limit) -> float:
    """Return the largest whole number of thousandths a day that keeps to the waiting rule.

    Examples
    --------
    >>> capacity_of(Queue("mmc", 45.0, 0.1, 30.0, 220.0), 1, Limit(10.0, 1.0))
    72.727
    """
    low, high = 0, floor(units * queue.use_per_day * PER_UNIT + ROUNDING) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _holds(queue, units, middle, limit) else (low, middle)
    return low / PER_UNIT


def _holds(queue: Queue, units: int, thousandths: int, limit: Limit) -> bool:
    load = thousandths / PER_UNIT
    erlangs = load * queue.peak_hour_share / queue.session * queue.service_min / 60.0
    waits = mean_wait_min(queue, units, load) <= limit.wait_min
    return waits and chance_of_waiting(units, erlangs) <= limit.chance


def capacity_for(plan: PlanFiles, technology: object, units: object) -> float:
    """Return what units of a technology of the plan serve a day; NaN for an unknown one."""
    row = plan.table("technologies").get(str(technology))
    if row is None or pd.isna(units):
        return float("nan")
    return capacity_of(queue_of(row), int(str(units)), limit_of(plan))


def capacities_hold(plan: PlanFiles) -> Faults:
    """Prove the capacity of every station and year by the waiting rule."""
    for name in ("stations", "station_years"):
        frame = plan.layer(name)
        rows = zip(frame["technology"], frame["n_units"], strict=True)
        proven = [capacity_for(plan, technology, units) for technology, units in rows]
        stated = frame["capacity_per_day"]
        what = f"{name}: capacity_per_day"
        yield from differing(frame, "station_id", stated, proven, what, CUT_TOLERANCE)


def waits_hold(plan: PlanFiles) -> Faults:
    """Prove the mean wait at every station, and that none is longer than the rule allows."""
    limit, technologies = limit_of(plan), plan.table("technologies")
    stations = plan.layer("stations")
    proven = [
        _shown(mean_wait_min(queue_of(technologies[str(technology)]), int(units), float(served)))
        for technology, units, served in zip(
            stations["technology"], stations["n_units"], stations["served_per_day"], strict=True
        )
    ]
    stated = stations["waiting_min"]
    yield from differing(stations, "station_id", stated, proven, "waiting_min", WAIT_TOLERANCE_MIN)
    years = plan.layer("station_years")
    for row in years.itertuples():
        queue = queue_of(technologies[str(row.technology)])
        wait = mean_wait_min(queue, int(row.n_units), float(row.served_per_day))
        if wait > limit.wait_min + WAIT_TOLERANCE_MIN:
            yield Fault(f"{row.year}: people wait {wait:.1f} min", str(row.station_id), wait)


def _shown(minutes: float) -> float:
    return minutes if isfinite(minutes) else float("nan")
