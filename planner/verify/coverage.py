"""Proves who is served: distances by road, assignments, coverage gaps and capacity gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planner import layers
from planner.verify.faults import Fault, Faults, differing, rows_where, unequal, unequal_rows
from planner.verify.files import PlanFiles, Row
from planner.verify.graph import Bools, Floats, graph_of, metres_toward

PHASES = ("before", "after")
CHUNK = 50
AMOUNT_TOLERANCE = 2e-6
"""Amounts are rounded to six decimals."""
GAP_COLUMNS = (
    "demand_per_day", "coverage_gap_per_day", "capacity_gap_per_day",
    "covered_share", "served_share",
)  # fmt: skip
SHARES = (
    "covered_share_before",
    "covered_share_after",
    "served_share_before",
    "served_share_after",
)


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
    covered = {(e, phase): np.zeros(len(points), bool) for e in layers.ENERGIES for phase in PHASES}
    too_far = np.ones(len(assignments), dtype=bool)
    for energy in layers.ENERGIES:
        radius = radii_m(plan, energy)
        mine = stations[(stations["energy"] == energy) & (graph.rows_of(stations["node_id"]) >= 0)]
        for start in range(0, len(mine), CHUNK):
            chunk = mine.iloc[start : start + CHUNK]
            sources = graph.rows_of(chunk["node_id"])
            metres = metres_toward(graph, arcs, sources, float(radius.max(initial=0)))
            within = (metres[:, at] <= radius) & (at >= 0)
            covered[energy, "after"] |= within.any(axis=0)
            standing = (chunk["status"] == "existing").to_numpy()
            covered[energy, "before"] |= within[standing].any(axis=0)
            rows = pd.Index(chunk["station_id"]).get_indexer(pd.Index(assignments["station_id"]))
            near = np.flatnonzero((rows >= 0) & (point_row >= 0))
            too_far[near] = ~within[rows[near], point_row[near]]
    return Reach(covered, too_far)


def assignments_hold(plan: PlanFiles) -> Faults:
    """Prove that nobody is served from too far, beyond the demand or beyond a capacity."""
    given, stations = plan.layer("assignments"), plan.layer("stations").set_index("station_id")
    yield from rows_where(given, plan.once(reach_of).too_far, "demand_id", "served from too far")
    of = stations.reindex(given["station_id"])
    other = of["energy"].to_numpy() != given["energy"].to_numpy()
    yield from rows_where(given, other, "demand_id", "served by a station of another energy")
    early = (given["phase"] == "before").to_numpy() & (of["status"] == "planned").to_numpy()
    yield from rows_where(given, early, "demand_id", "served before by a station not yet built")
    points = plan.layer("demand_points").set_index("demand_id")
    sums = given.groupby(["phase", "energy", "demand_id"])["served_per_day"].sum()
    for (phase, energy, demand_id), served in sums.items():
        demand = float(points[f"{energy}_per_day"].get(demand_id, 0.0))
        if served > demand + AMOUNT_TOLERANCE:
            yield Fault(
                f"{phase}: {energy} served is more than its demand", demand_id, served - demand
            )
    yield from _capacity_holds(given, stations)


def _capacity_holds(given: pd.DataFrame, stations: pd.DataFrame) -> Faults:
    for phase in PHASES:
        mine = given[given["phase"] == phase]
        load = mine.groupby("station_id")["served_per_day"].sum()
        load = load.reindex(stations.index, fill_value=0.0)
        frame = stations.reset_index()
        over = (load - stations["capacity_per_day"]).to_numpy() > AMOUNT_TOLERANCE
        yield from rows_where(frame, over, "station_id", f"{phase}: serves more than its capacity")
        if phase == "after":
            stated, tolerance = stations["served_per_day"], AMOUNT_TOLERANCE * 10
            yield from differing(frame, "station_id", stated, load, "served_per_day", tolerance)


def point_sums(plan: PlanFiles) -> pd.DataFrame:
    """Return demand, covered and served of every demand point, energy and phase."""
    points, given = plan.layer("demand_points"), plan.layer("assignments")
    covered = plan.once(reach_of).covered
    parts = []
    for (energy, phase), within in covered.items():
        mine = given[(given["energy"] == energy) & (given["phase"] == phase)]
        served = mine.groupby("demand_id")["served_per_day"].sum()
        demand = points[f"{energy}_per_day"].to_numpy(float)
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
    index = pd.MultiIndex.from_product(
        [ids, layers.ENERGIES, PHASES], names=[key, "energy", "phase"]
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
        tolerance = AMOUNT_TOLERANCE * max(1.0, len(plan.layer("demand_points")) / 100)
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


def siting_figures(plan: PlanFiles) -> Faults:
    """Prove that counts, shares and the worst county in plan.json are those of the layers."""
    stations, sites = plan.layer("stations"), plan.layer("candidate_sites")
    counts = {
        "n_demand_points": len(plan.layer("demand_points")),
        "n_candidates": int((sites["status"] == "accepted").sum()),
        "n_rejected": int((sites["status"] == "rejected").sum()),
        "n_existing": int((stations["status"] == "existing").sum()),
        "n_planned": int((stations["status"] == "planned").sum()),
    }
    for key, value in counts.items():
        yield from unequal(plan.whole("siting", key), value, key)
    groups = stations.groupby(["technology", "energy", "status"])
    rows = [
        dict(zip(("technology", "energy", "status"), key, strict=True))
        | {"n_stations": len(group)}
        | {name: sum(int(v) for v in group[name]) for name in ("n_units", "capital_cny")}
        for key, group in groups
    ]
    keys = ("technology", "energy", "status")
    yield from unequal_rows(plan.rows("siting", "by_technology"), rows, keys, "by_technology")
    energies = [_energy_row(plan, energy) for energy in layers.ENERGIES]
    yield from unequal_rows(plan.rows("siting", "energies"), energies, ("energy",), "energies")
    yield from _worst_county_holds(plan)


def _energy_row(plan: PlanFiles, energy: str) -> Row:
    sums = plan.once(point_sums)
    row: Row = {"energy": energy}
    for phase in PHASES:
        mine = sums[(sums["energy"] == energy) & (sums["phase"] == phase)]
        demand = float(mine["demand"].sum())
        row["demand_per_day"] = demand
        for what in ("covered", "served"):
            share = round(float(mine[what].sum()) / demand, 6) if demand else None
            row[f"{what}_share_{phase}"] = share
    return row


def _worst_county_holds(plan: PlanFiles) -> Faults:
    """Prove that the worst county has the least share served today in charging and swap, in kWh."""
    swap_kwh = plan.number("settings", "siting", "swap_kwh")
    sums = plan.once(point_sums)
    weight = sums["energy"].map({"charging": 1.0, "swap": swap_kwh, "hydrogen": 0.0})
    weighted = sums.assign(demand=sums["demand"] * weight, served=sums["served"] * weight)
    totals = weighted.groupby(["phase", "county_id"])[["demand", "served"]].sum()
    totals = totals[totals["demand"] > 0]
    share = (totals["served"] / totals["demand"]).round(6)
    if not len(share):
        yield from unequal(plan.figure("siting", "worst_county"), None, "worst_county")
        return
    stated = plan.mapping("siting", "worst_county")
    before, after = share.loc["before"], share.loc["after"]
    worst = min(before.index, key=lambda county: (before[county], after[county], county))
    proven = {
        "county_id": worst,
        "name": plan.layer("counties").set_index("county_id")["name"].get(worst),
        "energy": "charging+swap",
        "served_share_before": float(before[worst]),
        "served_share_after": float(after[worst]),
    }
    yield from unequal_rows([stated], [proven], ("county_id",), "worst_county")
