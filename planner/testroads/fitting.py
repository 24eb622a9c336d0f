"""Owns one purchase of equipment: units, cabinets and materials for some roads at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from planner.scenario import Item
from planner.testroads.instance import Floats
from planner.testroads.materials import (
    Line,
    Unit,
    cabinet_lines,
    cabinets_of,
    junction_lines,
    road_lines,
    unit_lines,
)
from planner.testroads.rsus import Cover, Fit, Places, fit


@dataclass(frozen=True)
class Batch:
    """What is bought for some roads (ascending rows).

    ``cabinet_of`` names for each unit the unit whose cabinet it uses; ``junctions`` are the
    nodes that get perception, with the road it is booked on.
    """

    rows: tuple[int, ...]
    units: tuple[Unit, ...]
    cabinet_of: dict[str, str]
    junctions: dict[str, int]
    lines: tuple[Line, ...]
    nodes: tuple[str, ...]
    proven: bool


@dataclass(frozen=True)
class Work:
    """The test roads, and what stands on them so far."""

    places: Places
    segment_id: list[str]
    length_m: Floats
    grade: dict[str, int]
    catalogue: dict[str, Item]
    cabinet_reach_m: float
    cover: Cover | None = None
    cabinets: dict[str, Unit] = field(default_factory=dict)
    perceived: frozenset[str] = frozenset()

    @property
    def seen(self) -> Cover:
        """What is covered so far."""
        return self.cover if self.cover is not None else Cover.of_nothing(self.places)

    def after(self, batch: Batch) -> Work:
        """Return the work after a batch was built."""
        cover = self.seen.with_nodes(self.places, batch.nodes).with_rows(batch.rows)
        holders = set(batch.cabinet_of.values())
        opened = {unit.rsu_id: unit for unit in batch.units if unit.rsu_id in holders}
        return replace(
            self,
            cover=cover,
            cabinets=self.cabinets | opened,
            perceived=self.perceived | set(batch.junctions),
        )


def batch_of(work: Work, rows: list[int], *, exact: bool) -> Batch:
    """Return what equipping some roads (ascending rows) takes."""
    found = fit(work.places, rows, work.seen, exact=exact)
    units = tuple(_units(work, rows, found))
    cabinet_of = cabinets_of(list(units), work.cabinets, work.cabinet_reach_m)
    junctions = _junctions(work, rows)
    opened = [unit for unit in units if cabinet_of[unit.rsu_id] == unit.rsu_id]
    lengths = {row: float(work.length_m[row]) for row in rows}
    lines = (
        *unit_lines(units, work.catalogue),
        *junction_lines(junctions, work.grade, work.catalogue),
        *cabinet_lines(opened, work.catalogue),
        *road_lines(lengths, work.catalogue),
    )
    return Batch(tuple(rows), units, cabinet_of, junctions, lines, found.nodes, found.proven)


def _junctions(work: Work, rows: list[int]) -> dict[str, int]:
    """Return the junctions that get perception now, each with its first road."""
    fresh: dict[str, int] = {}
    for row in rows:
        for node in work.places.ends(row):
            if node not in work.perceived:
                fresh.setdefault(node, row)
    return fresh


def _units(work: Work, rows: list[int], found: Fit) -> Iterator[Unit]:
    places = work.places
    lines = places.sight.lines
    first_row = {node: row for row in reversed(rows) for node in places.ends(row)}
    for node in found.nodes:
        row = first_row[node]
        point = 0 if lines[row].from_node == node else len(lines[row].points) - 1
        x, y = lines[row].points[point].tolist()
        yield Unit(f"r-{node}", row, node, point, places.node_supports.get(node), (x, y))
    for row in rows:
        for number, point in enumerate(found.points[row], start=1):
            x, y = lines[row].points[point].tolist()
            carrier = places.point_supports.get((row, point))
            yield Unit(f"r-{work.segment_id[row]}-{number}", row, None, point, carrier, (x, y))
