"""Proves who is served: distances by road, assignments, coverage gaps and capacity gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planner import layers
from planner.verify.faults import Fault, Faults, differing, rows_where, unequal_rows
from planner.verify.files import PlanFiles
from planner.verify.fleets import demand_in
from planner.verify.graph import Bools, Floats, graph_of, metres_toward
from planner.verify.waiting import CUT_TOLERANCE
from planner.verify.years import (
    AFTER,
    AMOUNT_TOLERANCE,
    BEFORE,
    phase_years,
    siting_years,
    standing,
)

CHUNK = 50
CAPACITY_TOLERANCE = 2 * CUT_TOLERANCE
GAP_COLUMNS = (
    "demand_per_day", "coverage_gap_per_day", "capacity_gap_per_day",
    "covered_share", "served_share",
)  # fmt: skip


@dataclass(frozen=True)
class Reach:
    """Which demand points a station of each energy and phase reaches, and wrong assignments.

    ``covered`` is keyed by energy and phase, in the order of the demand points;
    ``too_far`` marks the rows of the assignments whose station is out of reach.
    """

    covered: dict[tuple[str, str], Bools]
    too_far: Bools


def radii_m(plan: PlanFiles, energy: str) -> Floats:
    """Return the service radius of every demand point for an energy, in metres by road."""
    areas = plan.layer("demand_points")["area_class"]
    by_area = {
        area: plan.number("settings", "service_radius", f"{energy}_{area}_m")
        for area in ("urban", "rural")
    }
    return np.asarray(areas.map(by_area).to_numpy(float))


def reach_of(plan: PlanFiles) -> Reach:
    """Measure every station against every demand point by road, one-way streets respected."""
    graph, points = plan.once(graph_of), plan.layer("demand_points")
    stations, assignments = plan.layer("stations"), plan.layer("assignments")
    at = graph.rows_of(points["node_id"])
    arcs = graph.arcs(toward=True)
    point_row = pd.Index(points["demand_id"]).get_indexer(pd.Index(assignments["demand_id"]))
    phases = list(phase_years(plan))
    covered = {(e, phase): np.zeros(len(points), bool) for e in layers.ENERGIES for phase in phases}
    too_far = np.ones(len(assignments), dtype=bool)
    in_phase = plan.once(standing).groupby("phase")["station_id"].agg(set).to_dict()
    for energy in layers.ENERGIES:
        radius = radii_m(plan, energy)
        mine = stations[(stations["energy"] == energy) & (graph.rows_of(stations["node_id"]) >= 0)]
        for start in range(0, len(mine), CHUNK):
            chunk = mine.iloc[start : start + CHUNK]
            sources = graph.rows_of(chunk["node_id"])
            metres = metres_toward(graph, arcs, sources, float(radius.max(initial=0)))
            within = (metres[:, at] <= radius) & (at >= 0)
            for phase in phases:
                stands = chunk["station_id"].isin(in_phase.get(phase, ())).to_numpy(bool)
                covered[energy, phase] |= within[stands].any(axis=0)
            rows = pd.Index(chunk["station_id"]).get_indexer(pd.Index(assignments["station_id"]))
            near = np.flatnonzero((rows >= 0) & (point_row >= 0))
            too_far[near] = ~within[rows[near], point_row[near]]
    return Reach(covered, too_far)


def demand_of(plan: PlanFiles) -> dict[tuple[str, str], Floats]:
    """Return what every demand point takes a day, by energy and phase.

    The target year has its columns, proven elsewhere; other years are worked out.
    """
    points, by_year = plan.layer("demand_points"), plan.once(demand_in)
    last = siting_years(plan)[-1]
    return {
        (energy, phase): points[f"{energy}_per_day"].to_numpy(float)
        if year == last
        else by_year[year][:, column]
        for column, energy in enumerate(layers.ENERGIES)
        for phase, year in phase_years(plan).items()
    }


def assignments_hold(plan: PlanFiles) -> Faults:
    """Prove that nobody is served from too far, beyond the demand or beyond a capacity."""
    given = plan.layer("assignments")
    known = given["phase"].isin(list(phase_years(plan)))
    yield from rows_where(given, ~known, "demand_id", "served in a phase that the plan has not")
    given = given[known]
    too_far = plan.once(reach_of).too_far[known.to_numpy(bool)]
    yield from rows_where(given, too_far, "demand_id", "served from too far")
    table = plan.once(standing).drop_duplicates(["phase", "station_id"])
    table = table.set_index(["phase", "station_id"])
    of = table.reindex(pd.MultiIndex.from_frame(given[["phase", "station_id"]]))
    absent = of["energy"].isna().to_numpy()
    yield from rows_where(given, absent, "demand_id", "served by a station that does not stand yet")
    other = ~absent & (of["energy"].to_numpy(object) != given["energy"].to_numpy(object))
    yield from rows_where(given, other, "demand_id", "served by a station of another energy")
    ids, demand = plan.layer("demand_points")["demand_id"], plan.once(demand_of)
    sums = given.groupby(["energy", "phase", "demand_id"])["served_per_day"].sum()
    for (energy, phase), served in sums.groupby(level=["energy", "phase"]):
        wanted = pd.Series(demand[energy, phase], index=ids)
        amount = served.droplevel(["energy", "phase"])
        over = amount - wanted.reindex(amount.index).fillna(0.0)
        for demand_id, excess in over[over > AMOUNT_TOLERANCE].items():
            yield Fault(f"{phase}: {energy} served is more than its demand", demand_id, excess)
    yield from _capacity_holds(plan, given, table.reset_index())


def _capacity_holds(plan: PlanFiles, given: pd.DataFrame, table: pd.DataFrame) -> Faults:
    sums = given.groupby(["phase", "station_id"])["served_per_day"].sum()
    load = sums.reindex(pd.MultiIndex.from_frame(table[["phase", "station_id"]]), fill_value=0.0)
    over = load.to_numpy(float) > table["capacity_per_day"].to_numpy(float) + CAPACITY_TOLERANCE
    for row in table[over].itertuples():
        yield Fault(f"{row.phase}: serves more than its capacity", str(row.station_id))
    phases = {year: phase for phase, year in phase_years(plan).items() if phase != BEFORE}
    for name in ("station_years", "stations"):
        frame = plan.layer(name)
        phase = frame["year"].map(phases) if name == "station_years" else AFTER
        keys = pd.MultiIndex.from_frame(
            frame[["station_id"]].assign(phase=phase)[["phase", "station_id"]]
        )
        proven = sums.reindex(keys).fillna(0.0)
        what = f"{name}: served_per_day"
        yield from differing(
            frame, "station_id", frame["served_per_day"], proven, what, AMOUNT_TOLERANCE * 10
        )


def point_sums(plan: PlanFiles) -> pd.DataFrame:
    """Return demand, covered and served of every demand point, energy and phase."""
    points, given = plan.layer("demand_points"), plan.layer("assignments")
    covered, wanted = plan.once(reach_of).covered, plan.once(demand_of)
    parts = []
    for (energy, phase), within in covered.items():
        mine = given[(given["energy"] == energy) & (given["phase"] == phase)]
        served = mine.groupby("demand_id")["served_per_day"].sum()
        demand = wanted[energy, phase]
        columns = {
            "energy": energy,
            "phase": phase,
            "demand": demand,
            "covered": np.where(within, demand, 0.0),
            "served": points["demand_id"].map(served).fillna(0.0).to_numpy(float),
        }
        parts.append(points[["county_id", "township_id"]].assign(**columns))
    return pd.concat(parts, ignore_index=True)


def gaps_by(plan: PlanFiles, key: str, ids: list[str]) -> pd.DataFrame:
    """Return coverage and capacity gap by county or township, energy and phase."""
    phases = list(phase_years(plan))
    index = pd.MultiIndex.from_product(
        [ids, layers.ENERGIES, phases], names=[key, "energy", "phase"]
    )
    amounts = plan.once(point_sums).groupby([key, "energy", "phase"])[
        ["demand", "covered", "served"]
    ]
    sums = amounts.sum().reindex(index, fill_value=0.0)
    whole = sums["demand"].where(sums["demand"] > 0)
    gaps = pd.DataFrame(index=index)
    gaps["demand_per_day"] = sums["demand"]
    gaps["coverage_gap_per_day"] = sums["demand"] - sums["covered"]
    gaps["capacity_gap_per_day"] = sums["covered"] - sums["served"]
    gaps["covered_share"] = sums["covered"] / whole
    gaps["served_share"] = sums["served"] / whole
    return gaps


def county_gaps_hold(plan: PlanFiles) -> Faults:
    """Prove that the gaps of every county are what roads and demand give."""
    ids = sorted(plan.layer("counties")["county_id"])
    yield from _gaps_hold(plan, "county", ids)


def township_gaps_hold(plan: PlanFiles) -> Faults:
    """Prove that the gaps of every township with demand are what the roads give."""
    ids = sorted(plan.layer("demand_points")["township_id"].dropna().unique())
    yield from _gaps_hold(plan, "township", ids)


def _gaps_hold(plan: PlanFiles, what: str, ids: list[str]) -> Faults:
    key = f"{what}_id"
    proven = gaps_by(plan, key, ids)
    stated = plan.layer(f"{what}_gaps").set_index([key, "energy", "phase"])
    for row in stated.index.symmetric_difference(proven.index):
        yield Fault(f"{what}_gaps has a row too many or too few", "/".join(row))
    both = stated.reindex(proven.index)
    named = both.assign(row=["/".join(row) for row in proven.index])
    for column in GAP_COLUMNS:
        tolerance = AMOUNT_TOLERANCE * max(1.0, len(plan.layer("demand_points")) / 4)
        yield from differing(named, "row", both[column], proven[column], column, tolerance)
    names = plan.layer("counties" if what == "county" else "townships").set_index(key)["name"]
    rows = [
        {key: row[0], "energy": row[1], "phase": row[2], "name": names.get(row[0])}
        | {column: _plain(value) for column, value in zip(GAP_COLUMNS, values, strict=True)}
        for row, values in zip(
            stated.index, stated[list(GAP_COLUMNS)].itertuples(index=False), strict=True
        )
    ]
    listed = plan.rows("gaps", what)
    yield from unequal_rows(listed, rows, (key, "energy", "phase"), f"gaps.{what}")


def _plain(value: Any) -> float | None:  # noqa: ANN401 - a cell
    return None if pd.isna(value) else float(value)
