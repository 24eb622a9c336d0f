"""Compares two published plans of the same counties: the one value that everything else shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from planner.comparison.change import Change
from planner.comparison.differing import Difference, differences, grounds
from planner.comparison.figures import FigureChange, figure_changes
from planner.comparison.roads import road_changes, unit_changes
from planner.comparison.stations import MOVED_WITHIN_M, station_changes
from planner.errors import InputError, Problem
from planner.outputs import Published


@dataclass(frozen=True)
class Comparison:
    """What happened between plan A and plan B.

    Parameters
    ----------
    one, two
        Plan A and plan B.
    moved_within_m
        The farthest that a station dropped here and added there counts as moved.
    differing
        What the plans do not share beside their answer, the case first.
    grounds
        What figures are measured with that differs, each with the keys that make it differ.
    stations, roads, units
        Every station, test-road segment and roadside unit of either plan.
    figures
        The headline figures side by side.
    """

    one: Published
    two: Published
    moved_within_m: float
    differing: list[Difference]
    grounds: dict[str, list[str]]
    stations: list[Change]
    roads: list[Change]
    units: list[Change]
    figures: list[FigureChange]

    @property
    def same(self) -> bool:
        """Return whether the plans differ in nothing that is compared."""
        changes = (*self.stations, *self.roads, *self.units)
        return (
            not self.differing
            and all(change.kind == "same" for change in changes)
            and all(figure.before == figure.after for figure in self.figures)
        )


def compare(one: Published, two: Published, moved_within_m: float = MOVED_WITHIN_M) -> Comparison:
    """Compare two plans of the same counties.

    Parameters
    ----------
    one, two
        Plan A and plan B, as :func:`planner.outputs.read_published` reads them.
    moved_within_m
        The farthest, in metres, that a station dropped here and added there counts as moved.

    Raises
    ------
    InputError
        ``E-CMP-001`` if the plans are of other counties: nothing of them can be matched.
    """
    _refuse_other_counties(one, two)
    differing = differences(one, two)
    blocked = grounds(differing)
    left, right = one.layers, two.layers
    return Comparison(
        one,
        two,
        moved_within_m,
        differing,
        blocked,
        station_changes(left["stations"], right["stations"], moved_within_m),
        road_changes(left["test_roads"], right["test_roads"]),
        unit_changes(left["rsus"], right["rsus"]),
        figure_changes(one.figures, two.figures, blocked),
    )


def _refuse_other_counties(one: Published, two: Published) -> None:
    left, right = (_counties(plan.layers["counties"]) for plan in (one, two))
    if left == right:
        return
    only = [
        f"only in {plan.folder.name}: {_listed(mine - other)}"
        for plan, mine, other in ((one, left, right), (two, right, left))
        if mine - other
    ]
    raise InputError(
        Problem(
            "E-CMP-001",
            f"the plans are of other counties, nothing of them can be matched ({'; '.join(only)})",
            "compare two plans of the same city; for other cities read their reports side by side",
            file=f"{one.folder}, {two.folder}",
        )
    )


def _counties(frame: Any) -> frozenset[str]:  # noqa: ANN401 - a GeoDataFrame
    return frozenset(str(code) for code in frame["county_id"])


def _listed(codes: frozenset[str]) -> str:
    shown = sorted(codes)
    return ", ".join(shown[:5]) + (f" and {len(shown) - 5} more" if len(shown) > 5 else "")
