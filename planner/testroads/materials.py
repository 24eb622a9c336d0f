"""Owns the bill of materials: which items units, junctions, cabinets and roads take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array

from planner.layers import MATERIALS
from planner.scenario import Item
from planner.testroads.instance import Floats
from planner.testroads.setcover import greedy_cover

Catalogue = dict[str, Item]


@dataclass(frozen=True)
class Unit:
    """One roadside unit: its road, its place on it, and what carries it.

    ``row`` is its road and ``point`` one of the road's points; ``node`` is None away from
    junctions; ``feature_id`` names the pole or signal it hangs on; ``place`` is in metres.
    """

    rsu_id: str
    row: int
    node: str | None
    point: int
    feature_id: str | None
    place: tuple[float, float]


class Line(NamedTuple):
    """One line of the bill: a road, perhaps a junction or a unit, an item and how many."""

    row: int
    node: str | None
    rsu_id: str | None
    item: str
    n: int


def unit_lines(units: Iterable[Unit], catalogue: Catalogue) -> Iterator[Line]:
    """Yield what each unit takes, with a new pole where nothing carries it."""
    for unit in units:
        kinds = ("unit",) if unit.feature_id else ("unit", "new_pole")
        for name, item in catalogue.items():
            if item.per in kinds:
                yield Line(unit.row, unit.node, unit.rsu_id, name, item.count)


def junction_lines(
    junctions: dict[str, int], grade: dict[str, int], catalogue: Catalogue
) -> Iterator[Line]:
    """Yield perception and computing of each junction (node -> its road) by its grade."""
    for node, row in sorted(junctions.items()):
        for name, item in catalogue.items():
            if item.per == "junction" and item.min_grade <= grade[node] <= item.max_grade:
                yield Line(row, node, None, name, item.count)


def cabinet_lines(cabinets: Iterable[Unit], catalogue: Catalogue) -> Iterator[Line]:
    """Yield a cabinet with its power for each unit that holds one."""
    for unit in cabinets:
        for name, item in catalogue.items():
            if item.per == "cabinet":
                yield Line(unit.row, unit.node, unit.rsu_id, name, item.count)


def road_lines(length_m: dict[int, float], catalogue: Catalogue) -> Iterator[Line]:
    """Yield what a road takes for every begun 100 m."""
    for row, metres in sorted(length_m.items()):
        for name, item in catalogue.items():
            if item.per == "hectometre":
                yield Line(row, None, None, name, item.count * hectometres(metres))


def hectometres(length_m: float) -> int:
    """Return the begun 100 m of a length, at least one.

    Examples
    --------
    >>> hectometres(100.0), hectometres(100.1)
    (1, 2)
    """
    return max(ceil(length_m / 100.0 - 1e-9), 1)


def cabinets_of(units: list[Unit], standing: dict[str, Unit], reach_m: float) -> dict[str, str]:
    """Return for each unit the unit whose cabinet it uses, itself where it holds one.

    A unit uses the nearest cabinet that stands within reach, else one of the fewest new ones
    a greedy start finds.
    """
    chosen = _nearest(units, list(standing.values()), reach_m)
    alone = [unit for unit in units if unit.rsu_id not in chosen]
    if alone:
        points = shapely.points(_xy(alone))
        rows, columns = shapely.STRtree(points).query(points, predicate="dwithin", distance=reach_m)
        shape = (len(alone), len(alone))
        near = csr_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=shape)
        holds = greedy_cover(near, np.ones(len(alone), dtype=np.int64))
        opened = [unit for unit, held in zip(alone, holds, strict=True) if held]
        chosen |= _nearest(alone, opened, reach_m)
    return chosen


def _nearest(units: list[Unit], cabinets: list[Unit], reach_m: float) -> dict[str, str]:
    if not units or not cabinets:
        return {}
    here, there = _xy(units), _xy(cabinets)
    found = {}
    for unit, place in zip(units, here, strict=True):
        away = np.hypot(*(there - place).T)
        at = int(np.argmin(away))
        if away[at] <= reach_m:
            found[unit.rsu_id] = cabinets[at].rsu_id
    return found


def _xy(units: list[Unit]) -> Floats:
    return np.array([unit.place for unit in units], dtype=np.float64)


def materials_frame(
    lines: list[tuple[int, Line]], test_roads: pd.DataFrame, catalogue: Catalogue
) -> pd.DataFrame:
    """Return ``layers.MATERIALS`` from lines with their year, in the order of road and item."""
    order = {name: at for at, name in enumerate(catalogue)}
    ranked = sorted(
        lines, key=lambda pair: (pair[1].row, pair[1].node or "", pair[1].rsu_id or "",
                                 order[pair[1].item])
    )  # fmt: skip
    roads = test_roads.iloc[[line.row for _, line in ranked]]
    items = [catalogue[line.item] for _, line in ranked]
    frame = pd.DataFrame(
        {
            "material_id": [f"m{number}" for number in range(1, len(ranked) + 1)],
            "segment_id": roads["segment_id"].to_numpy(),
            "node_id": [line.node for _, line in ranked],
            "rsu_id": [line.rsu_id for _, line in ranked],
            "stage_year": [year for year, _ in ranked],
            "county_id": roads["county_id"].to_numpy(),
            "jurisdiction_id": roads["jurisdiction_id"].to_numpy(),
            "item": [line.item for _, line in ranked],
            "kind": [item.kind for item in items],
            "n": [line.n for _, line in ranked],
            "unit_cost_cny": [item.unit_cost_cny for item in items],
            "cost_cny": [
                line.n * item.unit_cost_cny for (_, line), item in zip(ranked, items, strict=True)
            ],
            "eligible": [item.eligible for item in items],
            "trust": [item.trust for item in items],
            "source": [item.source for item in items],
        }
    )
    return frame.astype({column.name: column.dtype for column in MATERIALS.columns})
