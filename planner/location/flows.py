"""Owns trips along paths: where stations stand on them and which windows must hold one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.errors import InputError, Problem
from planner.location.choice import Bools, Ints
from planner.location.reach import Floats, as_amounts, first_rows

STEPS_PER_MM = 2
"""Positions are compared as whole half millimetres, so that half a range is whole too."""
FARTHEST_M = 1e8
"""Longest path or range: two and a half times round the earth."""


@dataclass(frozen=True)
class Paths:
    """Where sites lie along the path of each flow.

    Parameters
    ----------
    flow, site
        (k,) rows of a flow and of a site on its path, in any order; a site may stand on a
        path more than once.
    position_m
        (k,) metres from the start of the path to the site.
    length_m
        (F,) metres of each flow's path.
    n_sites
        How many sites there are, on a path or not.
    """

    flow: Ints
    site: Ints
    position_m: Floats
    length_m: Floats
    n_sites: int


@dataclass(frozen=True)
class Windows:
    """The stretches of path that must each hold an open station.

    Parameters
    ----------
    flow
        (W,) flow row of each window, ascending; no window contains another of its flow.
    start
        (W + 1,) window ``w`` holds the stops ``start[w]`` to ``start[w + 1]``.
    stop
        Rows of the paths' arrays, by window and position.
    site
        Site row of each stop.
    free
        (F,) flows that need no station.
    impossible
        (F,) flows that no set of the sites can serve; they have no windows.
    """

    flow: Ints
    start: Ints
    stop: Ints
    site: Ints
    free: Bools
    impossible: Bools


def flow_windows(paths: Paths, range_m: float, *, end_m: float | None = None) -> Windows:
    """Return the windows that a trip is refuelled in, if and only if each holds a station.

    A trip is refuelled when its first station lies at most ``end_m`` from the start, its
    last at most ``end_m`` from the end, and no two in a row more than ``range_m`` apart.
    Put a station ``range_m - end_m`` before the start and as far behind the end: then the
    rule says that every window (x, x + range] between those two holds a station, and the
    smallest such windows begin at a station (cover inequalities of Capar, Kuby, Leon and
    Tsai 2013, here with positions along the path instead of arcs).

    Parameters
    ----------
    paths
        Sites along each flow's path.
    range_m
        Metres between two stations that a vehicle can drive, inclusive to the millimetre.
    end_m
        Metres allowed before the first and behind the last station; half the range where
        None: who goes there and back leaves and comes home with half a tank. A path no
        longer than this needs no station at all, because there and back is one range.

    Raises
    ------
    InputError
        ``E-LOC-061`` for a range that cannot be, ``E-LOC-062`` for arrays of different
        lengths, ``E-LOC-063`` for rows that do not exist or positions off the path.

    Examples
    --------
    One path of 300 m with sites at 50, 150 and 250 m, for a range of 100 m:

    >>> paths = Paths(
    ...     np.zeros(3, int), np.arange(3), np.array([50.0, 150.0, 250.0]), np.array([300.0]), 3
    ... )
    >>> windows = flow_windows(paths, 100)
    >>> [part.tolist() for part in np.split(windows.site, windows.start[1:-1])]
    [[0], [1], [2]]
    """
    _check(paths, range_m, range_m / 2 if end_m is None else end_m)
    reach, length = _steps(range_m), _steps(paths.length_m)
    end = reach // 2 if end_m is None else _steps(end_m)
    free = length <= end
    order = np.lexsort((paths.site, paths.position_m, paths.flow))
    order = order[~free[paths.flow[order]]]
    flow, at = paths.flow[order], _steps(paths.position_m[order])
    # A window begins where it loses a site, or at the point before the start of the path.
    inner = (at > end - reach) & (at < length[flow] - end)
    whole = np.flatnonzero(~free)
    owner = np.concatenate([whole, flow[inner]])
    begin = np.concatenate([np.full(len(whole), end - reach), at[inner]])
    owner, begin = np.unique(np.column_stack([owner, begin]), axis=0).T
    # One line of numbers for all flows: each has its own block, wider than its path.
    block = int(length.max(initial=0)) + 2
    keys = flow * block + at
    first = np.searchsorted(keys, owner * block + np.maximum(begin, -1), side="right")
    last = np.searchsorted(keys, owner * block + np.minimum(begin + reach, length[owner]), "right")
    return _windows(paths, order, free, owner, first, last)


def refuelled(paths: Paths, range_m: float, open_sites: Bools) -> Bools:
    """Return (F,) which flows the open sites serve, from the distances between them.

    The rule of :func:`flow_windows` for trips there and back, without its windows.

    Parameters
    ----------
    open_sites
        (m,) whether a station stands at the site.
    """
    reach, length = _steps(range_m), _steps(paths.length_m)
    used = np.flatnonzero(open_sites[paths.site])
    used = used[np.lexsort((paths.position_m[used], paths.flow[used]))]
    flow, at = paths.flow[used], _steps(paths.position_m[used])
    served = np.zeros(len(length), dtype=bool)
    served[flow] = True
    new = np.diff(flow, prepend=-1) != 0
    old = np.diff(flow, append=-1) != 0
    far = np.diff(at, prepend=0) > reach
    far[new] = 2 * at[new] > reach
    far[old] |= 2 * (length[flow[old]] - at[old]) > reach
    served[flow[far]] = False
    return np.asarray(served | (2 * length <= reach), dtype=np.bool_)


def _windows(
    paths: Paths, order: Ints, free: Bools, owner: Ints, first: Ints, last: Ints
) -> Windows:
    impossible = np.zeros(len(free), dtype=bool)
    impossible[owner[first == last]] = True
    # Windows of a flow move forward at both ends, so only the one before the next that
    # ends at the same site can contain another.
    kept = np.ones(len(owner), dtype=bool)
    kept[:-1] = (owner[1:] != owner[:-1]) | (last[1:] != last[:-1])
    kept &= ~impossible[owner]
    size = last[kept] - first[kept]
    start = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    rows = np.arange(start[-1]) - np.repeat(start[:-1] - first[kept], size)
    stop = order[rows].astype(np.int64)
    return Windows(owner[kept], start, stop, paths.site[stop], free, impossible)


def _steps(metres: float | Floats) -> Ints:
    return np.asarray(np.rint(np.asarray(metres) * 1000) * STEPS_PER_MM, dtype=np.int64)


def _check(paths: Paths, range_m: float, end_m: float) -> None:
    if not (0.001 <= range_m <= FARTHEST_M and 0 <= end_m <= range_m):
        raise InputError(
            Problem(
                "E-LOC-061",
                f"a range is at least a millimetre and at most {FARTHEST_M:g} m, and the distance"
                " allowed at an end is no more than the range",
                "state both in metres",
                column="range_m, end_m",
                value=f"{range_m}, {end_m}",
            )
        )
    length_m = as_amounts(paths.length_m, len(paths.length_m), "length_m")
    sizes = {len(paths.flow), len(paths.site), len(paths.position_m)}
    if len(sizes) > 1:
        raise InputError(
            Problem(
                "E-LOC-062",
                "the arrays of the paths differ in length",
                "give one flow, one site and one position for each stop",
                column="flow, site, position_m",
                value=", ".join(str(size) for size in sorted(sizes)),
            )
        )
    known = (paths.flow >= 0) & (paths.flow < len(length_m))
    known &= (paths.site >= 0) & (paths.site < paths.n_sites)
    position = _steps(np.where(np.isfinite(paths.position_m), paths.position_m, -1.0))
    on_path = known & (position >= 0)
    on_path[known] &= position[known] <= _steps(length_m[paths.flow[known]])
    wrong = np.flatnonzero(~on_path)
    if wrong.size or length_m.max(initial=0.0) > FARTHEST_M:
        raise InputError(
            Problem(
                "E-LOC-063",
                "a stop names a flow or a site that is not there, or lies off its path,"
                f" or a path is longer than {FARTHEST_M:g} m",
                "count flows and sites from 0, and positions from the start of the path",
                row=first_rows(wrong),
                column="flow, site, position_m, length_m",
                count=max(1, wrong.size),
            )
        )
