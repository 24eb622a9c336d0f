"""Proves the roadside units: where they stand, how far apart, what they cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from planner.verify.faults import Fault, Faults, rows_where, unequal
from planner.verify.files import PlanFiles
from planner.verify.graph import JUNCTION_SEGMENTS, graph_of, incident_counts
from planner.verify.ground import apart_m, ground_of, lonlat_of
from planner.verify.testroads import target_years

ON_LINE_M = 1.0
AT_NODE_M = 1.0
SPACING_TOLERANCE_M, SPACING_SHARE = 1.0, 0.002


def units_placed(plan: PlanFiles) -> Faults:
    """Prove that every unit stands on its equipped segment, in its year and at its junction."""
    units = plan.layer("rsus")
    roads = plan.layer("test_roads").set_index("segment_id")
    known = units[units["segment_id"].isin(roads.index)]
    road = roads.loc[known["segment_id"]]
    bare = ~road["equipped"].to_numpy(bool)
    yield from rows_where(known, bare, "rsu_id", "its segment is not equipped")
    ground = plan.once(ground_of)
    off = shapely.distance(ground.metres(known.geometry), ground.metres(road.geometry)) > ON_LINE_M
    yield from rows_where(known, off, "rsu_id", "it does not stand on its segment")
    for column in ("county_id", "jurisdiction_id"):
        left, right = known[column].to_numpy(object), road[column].to_numpy(object)
        other = (left != right) & ~(pd.isna(left) & pd.isna(right))
        yield from rows_where(known, other, "rsu_id", f"{column} is not that of its segment")
    first = min(target_years(plan))
    year = np.where(road["opened_before"].to_numpy(bool), first, road["stage_year"].to_numpy())
    late = known["stage_year"].to_numpy() != year
    yield from rows_where(known, late, "rsu_id", "its year is not that of its segment")
    yield from _junctions_hold(plan, known, road)


def _junctions_hold(plan: PlanFiles, units: Any, road: pd.DataFrame) -> Faults:  # noqa: ANN401
    graph = plan.once(graph_of)
    at_junction = (units["placement"] == "junction").to_numpy()
    without = at_junction & units["node_id"].isna().to_numpy()
    yield from rows_where(units, without, "rsu_id", "it stands at a junction without a node")
    ends = (units["node_id"].to_numpy(object) == road["from_node"].to_numpy(object)) | (
        units["node_id"].to_numpy(object) == road["to_node"].to_numpy(object)
    )
    other = units["node_id"].notna().to_numpy() & ~ends
    yield from rows_where(units, other, "rsu_id", "its node is no end of its segment")
    rows = graph.rows_of(units["node_id"])
    there = rows >= 0
    far = np.zeros(len(units), dtype=bool)
    far[there] = apart_m(lonlat_of(units.geometry[there]), graph.lonlat[rows[there]]) > AT_NODE_M
    yield from rows_where(units, far, "rsu_id", "it does not stand at its node")
    incident = np.append(incident_counts(graph), 0)[rows]
    few = at_junction & there & (incident < JUNCTION_SEGMENTS)
    yield from rows_where(units, few, "rsu_id", "fewer than three segments meet at its junction")
    named = units.dropna(subset=["node_id"])
    twice = named["node_id"].duplicated()
    yield from rows_where(named, twice, "rsu_id", "its junction has another unit already")


def units_cover(plan: PlanFiles) -> Faults:
    """Prove that no stretch of an equipped segment is too long without a unit."""
    roads, units = plan.layer("test_roads"), plan.layer("rsus")
    spacing = plan.number("settings", "test_roads", "rsu_spacing_m")
    limit = spacing * (1 + SPACING_SHARE) + SPACING_TOLERANCE_M
    equipped = roads[roads["equipped"]]
    ground = plan.once(ground_of)
    lines = ground.metres(equipped.geometry)
    places = dict(zip(units["rsu_id"], ground.metres(units.geometry), strict=True))
    by_segment = units.groupby("segment_id")["rsu_id"].agg(list).to_dict()
    with_unit = set(units["node_id"].dropna())
    graph = plan.once(graph_of)
    junctions = set(graph.node_ids[incident_counts(graph) >= JUNCTION_SEGMENTS])
    columns = ("segment_id", "from_node", "to_node")
    for line, (segment_id, first, last) in zip(
        lines, equipped[list(columns)].itertuples(index=False), strict=True
    ):
        length = float(line.length)
        at = [float(line.project(places[unit])) for unit in by_segment.get(segment_id, [])]
        at += [0.0] * (first in with_unit) + [length] * (last in with_unit)
        bare = {first, last} & junctions - with_unit
        if bare:
            yield Fault(f"its junction {min(bare)} has no unit", str(segment_id))
        if not at:
            yield Fault("it is called equipped, but no unit is on it", str(segment_id))
            continue
        gap = float(np.diff(sorted([0.0, *at, length])).max())
        if gap > limit:
            yield Fault(f"{gap:.0f} m of it are without a unit", str(segment_id), gap)


def units_paid(plan: PlanFiles) -> Faults:
    """Prove number, unit cost and total cost of the units, to the yuan and within budget."""
    units = plan.layer("rsus")
    cost = plan.whole("settings", "test_roads", "rsu_cost_cny")
    other = (units["cost_cny"] != cost).to_numpy()
    yield from rows_where(units, other, "rsu_id", f"its cost is not {cost} CNY")
    total = sum(int(value) for value in units["cost_cny"])
    yield from unequal(plan.whole("test_roads", "n_rsus"), len(units), "n_rsus")
    yield from unequal(plan.whole("test_roads", "rsu_cost_cny"), total, "rsu_cost_cny")
    budget = plan.whole("settings", "test_roads", "equipment_budget_cny")
    if total > budget:
        yield Fault(f"{total} CNY are spent on units, {budget} are there", "", total - budget)
