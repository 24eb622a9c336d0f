"""Owns the second look: re-proves the answer from the instance and its layers, in production."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from planner.errors import Problem, VerificationError
from planner.scenario import Scenario
from planner.testroads.audit_equipment import (
    Bought,
    bill_adds_up,
    money_holds,
    roads_covered,
    units_stand,
)
from planner.testroads.instance import Bools, Instance, Ints, is_contiguous
from planner.testroads.stages import stage_rows

TOLERANCE_M = 0.01


@dataclass(frozen=True)
class Claim:
    """What the answer claims, beside its layers, in instance order.

    ``years`` is 0 where a segment is no test road; ``in_reach`` per zone whether it had to
    be reached; ``high_m`` the limit of the counted metres.
    """

    instance: Instance
    years: Ints
    in_reach: tuple[bool, ...]
    high_m: float
    outside: Bools


def audit(
    claim: Claim, test_roads: gpd.GeoDataFrame, bought: Bought, scenario: Scenario
) -> tuple[str, ...]:
    """Re-prove the answer without the solver and return the names of the checks passed.

    Raises
    ------
    VerificationError
        Naming every check that failed.
    """
    checks = {
        "layers": _layers(claim, test_roads),
        "exclusions": _exclusions(claim),
        "contiguity": _contiguity(claim, scenario),
        "limits": _limits(claim),
        "zones": _zones(claim),
        "units": units_stand(test_roads, bought),
        "cover": roads_covered(test_roads, bought),
        "materials": bill_adds_up(bought, scenario),
        "money": money_holds(bought, scenario),
    }
    problems = [
        Problem("E-TST-001", f"{name}: {what}", "report this as a defect", layer="test_roads")
        for name, found in checks.items()
        for what in found
    ]
    if problems:
        raise VerificationError(problems)
    return tuple(checks)


def _layers(claim: Claim, test_roads: gpd.GeoDataFrame) -> Iterator[str]:
    instance = claim.instance
    rows = np.flatnonzero(claim.years > 0)
    if [instance.segment_id[row] for row in rows.tolist()] != test_roads["segment_id"].tolist():
        yield "the layer does not hold the chosen segments"
        return
    if not np.array_equal(claim.years[rows], test_roads["stage_year"].to_numpy()):
        yield "stage years differ"
    if not np.array_equal(instance.opened[rows], test_roads["opened_before"].to_numpy()):
        yield "opened roads differ"
    for column, values in (("length_m", instance.length_m), ("counted_m", instance.counted_m)):
        if np.abs(test_roads[column].to_numpy() - values[rows]).sum() > TOLERANCE_M:
            yield f"{column} differs from the segments"


def _exclusions(claim: Claim) -> Iterator[str]:
    chosen = claim.years > 0
    for row in np.flatnonzero(chosen & claim.instance.excluded).tolist():
        yield f"excluded segment {claim.instance.segment_id[row]} is a test road"
    missing = claim.instance.opened & ~claim.outside & ~chosen
    for row in np.flatnonzero(missing).tolist():
        yield f"opened segment {claim.instance.segment_id[row]} is left out"


def _contiguity(claim: Claim, scenario: Scenario) -> Iterator[str]:
    instance, years = claim.instance, claim.years
    for year in scenario.years():
        if not is_contiguous(instance, stage_rows(instance, years, year)):
            yield f"the stage of {year} is in several pieces"
    planned = years[(years > 0) & ~instance.opened]
    if not np.isin(planned, scenario.years()).all():
        yield "a segment is opened in a year that is no stage"


def _limits(claim: Claim) -> Iterator[str]:
    total_m = float(claim.instance.counted_m[claim.years > 0].sum())
    if total_m > claim.high_m + TOLERANCE_M:
        yield f"{total_m:.1f} m are longer than the limit of {claim.high_m:.1f} m"


def _zones(claim: Claim) -> Iterator[str]:
    for zone, due in zip(claim.instance.zones, claim.in_reach, strict=True):
        if due and not (claim.years[zone.rows] > 0).any():
            yield f"mandated zone {zone.zone_id} is not reached"
