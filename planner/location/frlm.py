"""Owns the flow-refuelling location model: which stations let the most trips through.

Sets: flows f with volume v_f, sites j, windows of a flow (``flow_windows``), each a set
of stops k of the flow at sites j(k). Variables: y_j site open (binary), w_f share of the
flow served (0 to 1); with capacities also x_k share of the flow that refuels at stop k.

    maximise   sum_f v_f w_f
    (1)  sum_j y_j = p                                    as many stations as asked for
    (2)  w_f <= sum_{j in window} y_j                     for every window of f
    with capacities instead of (2):
    (3)  w_f <= sum_{k in window} x_k                     for every window of f
    (4)  x_k <= y_j(k)                                    refuel at open stations only
    (5)  sum_{k at j} v_f(k) x_k <= c_j y_j               places a day

Kuby and Lim, "The flow-refueling location problem for alternative-fuel vehicles",
Socio-Economic Planning Sciences 39 (2005), 125-145; Capar, Kuby, Leon and Tsai, "An arc
cover-path-cover formulation", European Journal of Operational Research 227 (2013),
142-151; Upchurch, Kuby and Lim, "A model for location of capacitated alternative-fuel
stations", Geographical Analysis 41 (2009), 85-106.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pulp
from numpy.typing import ArrayLike

from planner.location.choice import CLOSED, FREE, OPEN, Ints, site_status
from planner.location.effort import DEFAULT, Effort
from planner.location.flows import Paths, Windows, flow_windows, refuelled
from planner.location.frlm_swap import improved
from planner.location.mclp import require_count
from planner.location.program import EQUAL, MORE, Program, no_answer
from planner.location.reach import Floats, as_amounts
from planner.solver import Deadline, Outcome, Termination, verdict


@dataclass(frozen=True)
class FlowChoice:
    """The stations the model chose, and which trips they let through.

    Parameters
    ----------
    sites
        Rows of the chosen sites, ascending.
    covered
        (F,) share of each flow that is served; 0 or 1 where there are no capacities.
    refuelling
        (k,) share of its flow that refuels at each stop of the paths; all 0 without
        capacities, where a vehicle may stop wherever it likes.
    outcome
        Termination, objective, bound and gap; the objective is the volume served,
        computed again from the stations without the solver.
    """

    sites: Ints
    covered: Floats
    refuelling: Floats
    outcome: Outcome


def frlm(  # noqa: PLR0913 - what the model may be told, all but the first four by name
    paths: Paths,
    volume: ArrayLike,
    p: int,
    range_m: float,
    *,
    fixed_in: Iterable[int] = (),
    fixed_out: Iterable[int] = (),
    capacity: ArrayLike | None = None,
    effort: Effort = DEFAULT,
) -> FlowChoice:
    """Choose p sites so that the largest volume of trips can be driven with refuelling.

    A flow is served if and only if its first open station lies at most half the range
    from the start of its path, its last at most half the range from the end, and no two
    in a row more than the range apart; a path no longer than half the range needs none.

    With capacities a flow may be served in part. Each of its vehicles then picks stations
    by the same rule and takes one place at each of them: windows of a path are intervals,
    so shares x of the windows always split into such vehicles.

    Parameters
    ----------
    paths
        Where the sites lie on the flows' paths.
    volume
        (F,) vehicles a day that drive each path, counted once for each way.
    p
        Number of stations, those fixed in included.
    range_m
        Metres a vehicle drives on a full tank or battery.
    fixed_in, fixed_out
        Rows of sites that must be, and that may not be chosen.
    capacity
        (m,) vehicles a day that each site can refuel; unlimited where None.
    effort
        Limits of the solve.

    Raises
    ------
    InputError
        ``E-LOC-021`` for a p that the sites do not allow, others for wrong paths,
        volumes, capacities or fixed sites.
    LimitError
        ``E-LOC-029`` if the time runs out before there is any solution.

    Examples
    --------
    A 300 km motorway with three places to build, a range of 100 km, and 50 trips a day:

    >>> paths = Paths(
    ...     np.zeros(3, int), np.arange(3), np.array([5e4, 15e4, 25e4]), np.array([3e5]), 3
    ... )
    >>> [frlm(paths, [50], p, 100_000).outcome.objective for p in (1, 2, 3)]
    [0.0, 0.0, 50.0]
    """
    volumes = as_amounts(volume, len(paths.length_m), "volume")
    status = site_status(paths.n_sites, fixed_in, fixed_out)
    require_count(p, status)
    windows = flow_windows(paths, range_m)
    deadline = Deadline.after(effort.time_limit_s)
    program = Program.of_sites("frlm", pulp.LpMaximize, paths.n_sites)
    program.count_row(EQUAL, p)
    for row, state in enumerate(status.tolist()):
        program.y[row].bounds(int(state == OPEN), int(state != CLOSED))
    if capacity is None:
        first = _first_sites(windows, volumes, p, status)
        first = improved(windows, volumes, status, first, effort.seed)
        _add_cover(program, windows, volumes, first)
        outcome = program.run(effort, deadline, warm_start=True)
        stop = {}
    else:
        limits = as_amounts(capacity, paths.n_sites, "capacity")
        stop = _add_refuelling(program, paths, windows, volumes, limits)
        outcome = program.run(effort, deadline)
    if not outcome.has_solution:
        raise no_answer(program.problem.name)
    sites = program.chosen().astype(np.int64)
    shares = np.zeros(len(paths.flow))
    if capacity is None:
        is_open = np.isin(np.arange(paths.n_sites), sites)
        covered = refuelled(paths, range_m, is_open).astype(float)
    else:
        shares = _shares(stop, sites, limits, paths, volumes)
        covered = _shares_served(windows, shares)
    return FlowChoice(sites, covered, shares, _checked(outcome, float(volumes @ covered), effort))


def _first_sites(windows: Windows, volumes: Floats, p: int, status: Ints) -> Ints:
    """Return a first choice: one by one the site that holds the most windows, by volume."""
    n_windows = np.bincount(windows.flow, minlength=len(volumes))
    worth = np.repeat((volumes / np.maximum(n_windows, 1))[windows.flow], np.diff(windows.start))
    window = np.repeat(np.arange(len(windows.flow)), np.diff(windows.start))
    chosen = np.flatnonzero(status == OPEN).tolist()
    missing = np.ones(len(windows.flow))
    missing[window[status[windows.site] == OPEN]] = 0.0
    usable = status == FREE
    while len(chosen) < p:
        score = np.bincount(windows.site, worth * missing[window], minlength=len(status))
        best = int(np.argmax(np.where(usable, score, -1.0)))
        chosen.append(best)
        usable[best] = False
        missing[window[windows.site == best]] = 0.0
    return np.array(chosen, dtype=np.int64)


def _add_cover(program: Program, windows: Windows, volumes: Floats, first: Ints) -> None:
    """Add the objective and (2), and begin with the first sites.

    Flows that have the same windows are one.
    """
    kinds: dict[tuple[tuple[int, ...], ...], float] = {}
    parts = [tuple(sorted(set(part))) for part in _parts(windows.site, windows.start)]
    begins = np.searchsorted(windows.flow, np.arange(len(volumes) + 1)).tolist()
    for flow in np.flatnonzero((volumes > 0) & ~windows.free & ~windows.impossible).tolist():
        kind = tuple(sorted(set(parts[begins[flow] : begins[flow + 1]])))
        kinds[kind] = kinds.get(kind, 0.0) + float(volumes[flow])
    share = program.shares(len(kinds), "w")
    program.begin_with(first)
    opened = set(first.tolist())
    for variable, kind in zip(share, kinds, strict=True):
        variable.setInitialValue(int(not any(opened.isdisjoint(part) for part in kind)))
        for part in kind:
            terms = {variable: -1.0} | {program.y[row]: 1.0 for row in part}
            program.row(terms, MORE, 0)
    _set_objective(program, dict(zip(share, kinds.values(), strict=True)), volumes, windows)


def _add_refuelling(
    program: Program, paths: Paths, windows: Windows, volumes: Floats, capacity: Floats
) -> dict[int, pulp.LpVariable]:
    """Add the objective and (3) to (5); return the variable of each stop that matters."""
    rows = np.unique(windows.stop[volumes[paths.flow[windows.stop]] > 0]).tolist()
    stop = dict(zip(rows, program.shares(len(rows), "x"), strict=True))
    load: dict[int, dict[pulp.LpVariable, float]] = {}
    for row, variable in stop.items():
        j = int(paths.site[row])
        program.row({variable: -1.0, program.y[j]: 1.0}, MORE, 0)
        load.setdefault(j, {})[variable] = -float(volumes[paths.flow[row]])
    for j, terms in sorted(load.items()):
        program.row(terms | {program.y[j]: float(capacity[j])}, MORE, 0)
    served = np.unique(windows.flow[volumes[windows.flow] > 0])
    share = dict(zip(served.tolist(), program.shares(len(served), "w"), strict=True))
    parts = _parts(windows.stop, windows.start)
    for flow, part in zip(windows.flow.tolist(), parts, strict=True):
        if flow in share:
            program.row({share[flow]: -1.0} | {stop[row]: 1.0 for row in part}, MORE, 0)
    gain = {variable: float(volumes[flow]) for flow, variable in share.items()}
    _set_objective(program, gain, volumes, windows)
    return stop


def _set_objective(
    program: Program, gain: dict[pulp.LpVariable, float], volumes: Floats, windows: Windows
) -> None:
    always = float(volumes @ windows.free)
    program.problem.setObjective(pulp.LpAffineExpression(gain, constant=always))


def _parts(values: Ints, start: Ints) -> list[list[int]]:
    ends, items = start.tolist(), values.tolist()
    return [items[a:b] for a, b in pairwise(ends)]


def _shares(
    stop: dict[int, pulp.LpVariable], sites: Ints, capacity: Floats, paths: Paths, volumes: Floats
) -> Floats:
    """Return (k,) what refuels at each stop, without what the solver's tolerance let through."""
    shares = np.zeros(len(paths.flow))
    for row, variable in stop.items():
        shares[row] = min(max(variable.value(), 0.0), 1.0)
    shares[~np.isin(paths.site, sites)] = 0.0
    load = np.bincount(paths.site, shares * volumes[paths.flow], minlength=paths.n_sites)
    fits = np.minimum(1.0, capacity / np.where(load > 0, load, 1.0))
    return np.asarray(shares * np.where(load > 0, fits, 1.0)[paths.site], dtype=np.float64)


def _shares_served(windows: Windows, shares: Floats) -> Floats:
    """Return (F,) the least that refuels in a window of each flow."""
    covered = np.ones(len(windows.free))
    covered[windows.impossible] = 0.0
    if len(windows.flow):
        held = np.add.reduceat(shares[windows.stop], windows.start[:-1])
        np.minimum.at(covered, windows.flow, held)
    return covered


def _checked(outcome: Outcome, served: float, effort: Effort) -> Outcome:
    """Return the outcome with the volume that was counted again in place of the solver's."""
    bound = None if outcome.bound is None else max(outcome.bound, served)
    ended = outcome.termination is not Termination.FEASIBLE_LIMIT
    return verdict(served, bound, effort.mip_gap, ended=ended)
