"""Owns the second look: re-proves the answer from the instance and its layers, in production."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.errors import Problem, VerificationError
from planner.scenario import Scenario
from planner.testroads.equipment import JUNCTION_ARMS
from planner.testroads.instance import Bools, Instance, Ints, is_contiguous
from planner.testroads.stages import stage_rows
from planner.testroads.subsidy import subsidy_cny

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
    meeting: Ints
    outside: Bools


def audit(
    claim: Claim,
    test_roads: gpd.GeoDataFrame,
    rsus: gpd.GeoDataFrame,
    subsidies: pd.DataFrame,
    scenario: Scenario,
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
        "spacing": _spacing(claim, test_roads, rsus, scenario),
        "money": _money(rsus, subsidies, scenario),
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


def _spacing(
    claim: Claim, test_roads: gpd.GeoDataFrame, rsus: gpd.GeoDataFrame, scenario: Scenario
) -> Iterator[str]:
    spacing_m = scenario.test_roads.rsu_spacing_m
    equipped = set(test_roads.loc[test_roads["equipped"], "segment_id"])
    if not set(rsus["segment_id"]) <= equipped:
        yield "a roadside unit stands on a road that is not equipped"
    if rsus["rsu_id"].duplicated().any():
        yield "two roadside units share an id"
    covered = set(rsus["node_id"].dropna())
    between = rsus.loc[rsus["placement"] == "spacing"].groupby("segment_id").size()
    for road in test_roads[test_roads["equipped"]].itertuples():
        row = claim.instance.segment_id.index(road.segment_id)
        ends = {
            str(road.from_node): int(claim.instance.from_node[row]),
            str(road.to_node): int(claim.instance.to_node[row]),
        }
        junctions = {name for name, node in ends.items() if claim.meeting[node] >= JUNCTION_ARMS}
        count = int(between.get(road.segment_id, 0))
        if junctions - covered:
            yield f"a junction of segment {road.segment_id} has no roadside unit"
        if float(road.length_m) / (count + 1) > spacing_m + TOLERANCE_M or not (junctions or count):
            yield f"units on segment {road.segment_id} are too far apart"


def _money(rsus: gpd.GeoDataFrame, subsidies: pd.DataFrame, scenario: Scenario) -> Iterator[str]:
    settings, roads = scenario.subsidy, scenario.test_roads
    if int(rsus["cost_cny"].sum()) != roads.rsu_cost_cny * len(rsus):
        yield "the units do not cost what the scenario says"
    if int(rsus["cost_cny"].sum()) > roads.equipment_budget_cny:
        yield "the equipment budget is exceeded"
    for row in subsidies.itertuples():
        own = rsus[rsus["jurisdiction_id"] == row.jurisdiction_id]
        valid = own["stage_year"].between(settings.valid_from.year, settings.valid_to.year)
        eligible = int(own.loc[valid, "cost_cny"].sum())
        granted = subsidy_cny(eligible, settings)
        expected = (len(own), eligible, granted, eligible - granted)
        if expected != (row.n_rsus, row.eligible_cny, row.subsidy_cny, row.own_cny):
            yield f"the subsidy of jurisdiction {row.jurisdiction_id} is wrong"
