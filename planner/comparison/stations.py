"""Matches the stations of two plans: the same, changed, moved, added or dropped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from planner.comparison.change import KINDS, Aspects, Change, Record
from planner.crs import geodesic_length_m

MOVED_WITHIN_M = 2000.0
"""A station dropped here and added at most so far away counts as moved."""

SAME_PLACE_M = 1.0
METRES_PER_DEGREE = 110_000.0
"""No more than a degree of latitude anywhere: it bounds which pairs are measured at all."""

ASPECTS: Aspects = {
    "technology": lambda row: str(row.technology),
    "units": lambda row: int(row.n_units),
    "year": lambda row: int(row.first_year),
    "action": lambda row: str(row.action),
}
"""What makes two stations on one place differ, each with how it is read."""


def station_changes(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, moved_within_m: float = MOVED_WITHIN_M
) -> list[Change]:
    """Match the stations of two plans, one to one, the same whatever their order.

    First those with the same id, then what is left by distance: of the same energy, nearest
    first. At no distance it is another technology at the site, which is a change, not a move.

    Parameters
    ----------
    before, after
        Layer ``stations`` of plan A and of plan B (EPSG:4326).
    moved_within_m
        The farthest that a station dropped here and added there counts as moved.

    Returns
    -------
    list of Change
        By kind in the order of ``KINDS``, then county, name and id.
    """
    pairs, left, right = _matched(list(before.itertuples()), list(after.itertuples()))
    near, left, right = _nearest(left, right, moved_within_m)
    changes = [_change(*pair) for pair in pairs + near]
    changes += [Change("dropped", (), row, None) for row in left]
    changes += [Change("added", (), None, row) for row in right]
    return sorted(changes, key=_order)


def _by_id(row: Record) -> str:
    return str(row.station_id)


Rows = list[Record]
Matched = tuple[list[tuple[Record, Record]], Rows, Rows]


def _matched(left: Rows, right: Rows) -> Matched:
    """Pair rows of one id."""
    known = {_by_id(row): row for row in right}
    pairs = [(row, known.pop(_by_id(row))) for row in left if _by_id(row) in known]
    both = {_by_id(row) for row, _ in pairs}
    return pairs, [row for row in left if _by_id(row) not in both], list(known.values())


def _nearest(left: Rows, right: Rows, limit_m: float) -> Matched:
    """Pair rows of one energy within a distance, the nearest first.

    Pairs that are equally far go by their ids, in an order that does not know which plan
    is A: comparing B with A gives the same pairs.
    """
    near = sorted(_within(left, right, limit_m), key=lambda pair: pair.order)
    used_left: set[int] = set()
    used_right: set[int] = set()
    pairs = []
    for pair in near:
        if pair.left not in used_left and pair.right not in used_right:
            used_left.add(pair.left)
            used_right.add(pair.right)
            pairs.append((left[pair.left], right[pair.right]))
    return (
        pairs,
        [row for index, row in enumerate(left) if index not in used_left],
        [row for index, row in enumerate(right) if index not in used_right],
    )


class _Near(NamedTuple):
    """Two rows of one energy near each other: their order, and their numbers."""

    order: tuple[float, list[str]]
    left: int
    right: int


def _within(left: Rows, right: Rows, limit_m: float) -> Iterator[_Near]:
    """Yield every pair of one energy within a distance."""
    places = _places(right)
    energies = np.array([str(row.energy) for row in right])
    for one, row in enumerate(left):
        apart = np.abs(places - (row.geometry.x, row.geometry.y))
        width = np.cos(np.radians(min(abs(row.geometry.y) + 1, 89.0)))
        near = (apart[:, 1] <= limit_m / METRES_PER_DEGREE) & (
            apart[:, 0] <= limit_m / (METRES_PER_DEGREE * width)
        )
        for two in np.flatnonzero(near & (energies == str(row.energy))):
            metres = _metres(row, right[two])
            if metres <= limit_m:
                ids = sorted((_by_id(row), _by_id(right[two])))
                yield _Near((metres, ids), one, int(two))


def _places(rows: Rows) -> NDArray[np.float64]:
    return np.array([(row.geometry.x, row.geometry.y) for row in rows]).reshape(-1, 2)


def _metres(one: Record, two: Record) -> float:
    """Return the geodesic distance of two stations, to the millimetre."""
    return round(float(geodesic_length_m([line_between(one, two)])[0]), 3)


def line_between(one: Record, two: Record) -> Any:  # noqa: ANN401 - a line of shapely
    """Return the straight line between two rows of points."""
    places = [(row.geometry.x, row.geometry.y) for row in (one, two)]
    return shapely.LineString(places)


def _change(before: Record, after: Record) -> Change:
    aspects = tuple(name for name, read in ASPECTS.items() if read(before) != read(after))
    metres = _metres(before, after)
    if metres > SAME_PLACE_M:
        return Change("moved", aspects, before, after, metres)
    return Change("changed" if aspects else "same", aspects, before, after)


def _order(change: Change) -> tuple[int, str, str, str]:
    row = change.either
    return KINDS.index(change.kind), str(row.county_id), str(row.name), str(row.station_id)
