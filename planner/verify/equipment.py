"""Proves the roadside units: where they stand, when, and what carries them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from planner.verify.closures import target_years
from planner.verify.faults import Faults, rows_where
from planner.verify.files import PlanFiles
from planner.verify.graph import JUNCTION_SEGMENTS, graph_of, incident_counts
from planner.verify.ground import NEAR_M, NEAR_SHARE, apart_m, ground_of, lonlat_of

ON_LINE_M = 1.0
AT_NODE_M = 1.0
CARRIERS = ("pole", "signal")


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
    late = known["stage_year"].to_numpy() != road["equipped_year"].to_numpy()
    yield from rows_where(known, late, "rsu_id", "its year is not that of its segment")
    yield from _years_hold(plan)
    yield from _junctions_hold(plan, known, road)


def _years_hold(plan: PlanFiles) -> Faults:
    """Prove that roads are equipped in a year of the plan, not before they are opened."""
    roads = plan.layer("test_roads")
    year = roads["equipped_year"].to_numpy(float)
    fitted = roads["equipped"].to_numpy(bool)
    unsaid = fitted == np.isnan(year)
    yield from rows_where(roads, unsaid, "segment_id", "equipped, but no year, or a year for none")
    other = fitted & ~np.isin(year, target_years(plan))
    yield from rows_where(roads, other, "segment_id", "it is equipped in no year of the plan")
    planned = ~roads["opened_before"].to_numpy(bool)
    early = fitted & planned & (year < roads["stage_year"].to_numpy(float))
    yield from rows_where(roads, early, "segment_id", "it is equipped before it is opened")


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


def supports_hold(plan: PlanFiles) -> Faults:
    """Prove that existing poles are there and near, and every cabinet stands within reach."""
    units, ground = plan.layer("rsus"), plan.once(ground_of)
    features = plan.layer("road_features")
    carriers = features[features["kind"].isin(CARRIERS)].set_index("feature_id")
    named = units["feature_id"].notna().to_numpy()
    mixed = named != (units["support"] == "existing").to_numpy()
    yield from rows_where(units, mixed, "rsu_id", "support and feature do not agree")
    lost = named & ~units["feature_id"].isin(carriers.index).to_numpy()
    yield from rows_where(units, lost, "rsu_id", "no pole or signal of that id is there")
    carried = units[named & ~lost]
    reach = plan.number("settings", "test_roads", "feature_reach_m")
    masts = carriers.loc[carried["feature_id"]].geometry
    away = shapely.distance(ground.metres(carried.geometry), ground.metres(masts))
    far = away > reach * (1 + NEAR_SHARE) + NEAR_M
    yield from rows_where(carried, far, "rsu_id", "the pole that carries it is too far away")
    yield from _cabinets_hold(plan)


def _cabinets_hold(plan: PlanFiles) -> Faults:
    units, ground = plan.layer("rsus"), plan.once(ground_of)
    by_id = units.set_index("rsu_id")
    lost = ~units["cabinet_id"].isin(by_id.index).to_numpy()
    yield from rows_where(units, lost, "rsu_id", "its cabinet stands at no unit")
    known = units[~lost]
    holder = by_id.loc[known["cabinet_id"]]
    other = (holder["cabinet_id"].to_numpy(object) != known["cabinet_id"].to_numpy(object)) | (
        holder["stage_year"].to_numpy() > known["stage_year"].to_numpy()
    )
    yield from rows_where(known, other, "rsu_id", "its cabinet is not there by its year")
    reach = plan.number("settings", "test_roads", "cabinet_reach_m")
    away = shapely.distance(ground.metres(known.geometry), ground.metres(holder.geometry))
    far = away > reach * (1 + NEAR_SHARE) + NEAR_M
    yield from rows_where(known, far, "rsu_id", "its cabinet is out of reach")
