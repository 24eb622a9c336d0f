"""Proves township by township how far the nearest charging station is by road."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.verify.faults import Fault, Faults, differing, rows_where, unequal
from planner.verify.files import PlanFiles
from planner.verify.graph import Floats, graph_of, nearest_m
from planner.verify.ground import apart_m, lonlat_of
from planner.verify.siting import SNAP_TOLERANCE_M, nearest_usable_m
from planner.verify.years import BEFORE, phase_years, standing

DISTANCE_TOLERANCE_M = 0.0011
STATES = ("met", "short", "cannot_be_checked")


def townships_checked(plan: PlanFiles) -> Faults:
    """Prove every township's distance to charging, before and after, and its status."""
    access, graph = plan.layer("township_access"), plan.once(graph_of)
    rows = graph.rows_of(access["node_id"])
    distances = {}
    for phase, column in (("before", "distance_before_m"), ("after", "distance_after_m")):
        nearest = np.append(_nearest_charging_m(plan, phase), np.inf)
        proven = np.where(rows >= 0, nearest[rows], np.inf)
        distances[phase] = proven
        shown = np.where(np.isfinite(proven), proven, np.nan)
        yield from differing(
            access, "township_id", access[column], shown, column, DISTANCE_TOLERANCE_M
        )
    radius = plan.number("settings", "rules", "township_radius_m")
    status = np.where(distances["after"] <= radius, "met", "short")
    status = np.where(rows >= 0, status, "cannot_be_checked")
    for row_id, stated, proven in zip(access["township_id"], access["status"], status, strict=True):
        if stated != proven:
            yield Fault(f"status is stated as {stated}, proven {proven}", str(row_id))
    silent = (status != "met") & access["reason"].isna().to_numpy()
    yield from rows_where(access, silent, "township_id", "it is not met, without a reason")
    unsaid = (status == "short") & access["binding"].isna().to_numpy()
    yield from rows_where(access, unsaid, "township_id", "what keeps it short is not said")
    yield from _first_years_hold(plan, access)
    yield from _counts_hold(plan, access)


def _counts_hold(plan: PlanFiles, access: pd.DataFrame) -> Faults:
    yield from unequal(plan.whole("townships", "n"), len(plan.layer("townships")), "townships n")
    for state in STATES:
        count = int((access["status"] == state).sum())
        yield from unequal(plan.whole("townships", f"n_{state}"), count, f"townships n_{state}")


def _nearest_charging_m(plan: PlanFiles, phase: str) -> Floats:
    graph, table = plan.once(graph_of), plan.once(standing)
    mine = table[(table["energy"] == "charging") & (table["phase"] == phase)]
    sources = graph.rows_of(mine["node_id"])
    return nearest_m(graph, graph.arcs(toward=True), sources[sources >= 0])


def short_in(plan: PlanFiles, phase: str) -> frozenset[str]:
    """Return the townships that have a node, but no charging station near enough in a phase."""
    access, graph = plan.layer("township_access"), plan.once(graph_of)
    rows = graph.rows_of(access["node_id"])
    metres = np.append(_nearest_charging_m(plan, phase), np.inf)[rows]
    short = (rows >= 0) & (metres > plan.number("settings", "rules", "township_radius_m"))
    return frozenset(str(name) for name in access["township_id"][short])


def _first_years_hold(plan: PlanFiles, access: pd.DataFrame) -> Faults:
    """Prove the first year in which the rule holds for each township; none where it never does."""
    first = pd.Series(np.nan, index=access["township_id"])
    placed = plan.once(graph_of).rows_of(access["node_id"]) >= 0
    for phase, year in reversed(phase_years(plan).items()):
        if phase != BEFORE:
            met = placed & ~access["township_id"].isin(short_in(plan, phase)).to_numpy(bool)
            first[met] = year
    stated = access["first_year_met"].astype(float)
    yield from differing(access, "township_id", stated, first.to_numpy(), "first_year_met", 0)


def townships_placed(plan: PlanFiles) -> Faults:
    """Prove that every township is checked from the usable node nearest to it."""
    access, graph = plan.layer("township_access"), plan.once(graph_of)
    given = plan.layer("townships").set_index("township_id").geometry
    places = given.reindex(access["township_id"])
    empty = (places.isna() | places.is_empty).to_numpy()
    moved = (
        ~empty & ~access.geometry.geom_equals_exact(places.set_axis(access.index), 1e-9).to_numpy()
    )
    yield from rows_where(access, moved, "township_id", "it does not stand where its township is")
    rows = graph.rows_of(access["node_id"])
    yield from rows_where(access, empty & (rows >= 0), "township_id", "it has a node but no place")
    located = access[~empty]
    least = nearest_usable_m(plan, located)
    mine = rows[~empty]
    limit = plan.number("settings", "candidates", "max_snap_m")
    unplaced = (mine < 0) & (least < limit - SNAP_TOLERANCE_M)
    yield from rows_where(located, unplaced, "township_id", "a road is near, but it has no node")
    used = mine >= 0
    metres = apart_m(lonlat_of(located.geometry[used]), graph.lonlat[mine[used]])
    far = metres > np.minimum(least[used], limit) + SNAP_TOLERANCE_M
    yield from rows_where(
        located[used], far, "township_id", "its node is not the nearest usable one"
    )
