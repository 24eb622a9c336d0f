"""Counts the milestones again: what stands and is served in their years, by the layers alone."""

from __future__ import annotations

import pandas as pd

from planner.verify.coverage import point_sums
from planner.verify.faults import Fault, Faults, differing, rows_where, unequal
from planner.verify.figures import kwh_equivalents
from planner.verify.files import PlanFiles
from planner.verify.graph import graph_of
from planner.verify.townships import short_in
from planner.verify.years import AFTER, BEFORE, phase_years, siting_years, standing

RULE = "milestones"
"""The rule that all milestones of a case are together."""
TOLERANCE = 2e-6
"""Figures are rounded to six decimals."""
MET_SHARE = 1e-6
"""Share of what is asked for by which rounding alone may leave it short."""
ASKED = ("zh", "en", "year", "measure", "energy", "county_id", "least", "source", "trust")


def milestones_counted(plan: PlanFiles) -> Faults:
    """Prove that every milestone of the case is listed as asked, and reaches what is stated."""
    stated, asked = plan.layer("milestones"), plan.table("milestones")
    for name in sorted(asked.keys() ^ set(stated["milestone_id"])):
        yield Fault("the milestones listed are not those of the case", name)
    for row in stated.to_dict("records"):
        name = str(row["milestone_id"])
        for key in ASKED:
            told = "" if pd.isna(row[key]) else row[key]
            yield from unequal(told, asked.get(name, {}).get(key), f"{key} of {name}")
    late = ~stated["year"].isin(siting_years(plan)).to_numpy(bool)
    yield from rows_where(stated, late, "milestone_id", "its year is none of the plan's")
    proven = plan.once(proven_milestones)
    for column in ("reached", "shortfall"):
        yield from differing(
            stated, "milestone_id", stated[column], proven[column], column, TOLERANCE
        )
    wrong = stated["met"].to_numpy(bool) != proven["met"].to_numpy(bool)
    yield from rows_where(stated, wrong, "milestone_id", "it is met, or short, contrary to this")


def proven_milestones(plan: PlanFiles) -> pd.DataFrame:
    """Return the layer with ``reached``, ``shortfall`` and ``met`` as they are proven here."""
    given = plan.layer("milestones")
    values = [
        _reached(plan, str(row.measure), int(row.year), _named(row.energy), _named(row.county_id))
        for row in given.itertuples()
    ]
    found = given.assign(reached=pd.Series(values, index=given.index, dtype=float))
    met = found["reached"] >= found["least"] * (1 - MET_SHARE)
    short = (found["least"] - found["reached"]).where(~met, 0.0)
    return found.assign(met=met, shortfall=short)


def milestone_status(plan: PlanFiles) -> str:
    """Return whether all milestones of the case are met; empty where it has none."""
    if not plan.table("milestones"):
        return ""
    return "met" if bool(plan.once(proven_milestones)["met"].all()) else "short"


def missing_shares(plan: PlanFiles, years: list[int]) -> float:
    """Return what the milestones of some years are short of, in shares of what each asks for."""
    rows = plan.once(proven_milestones)
    rows = rows[rows["year"].isin(years)]
    return float((rows["shortfall"] / rows["least"]).sum())


def _named(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def _reached(plan: PlanFiles, measure: str, year: int, energy: str, county: str) -> float:
    phases = {of: phase for phase, of in phase_years(plan).items() if phase != BEFORE}
    phase = phases.get(year, AFTER)
    if measure == "townships_covered":
        return float(len(_townships(plan, phase, county)))
    if measure == "served_share":
        return _served_share(plan, phase, energy, county)
    table = plan.once(standing)
    mine = _chosen(table[table["phase"] == phase], energy, county)
    return float(len(mine) if measure == "stations" else mine["n_units"].sum())


def _townships(plan: PlanFiles, phase: str, county: str) -> frozenset[str]:
    access, graph = plan.layer("township_access"), plan.once(graph_of)
    checked = access[graph.rows_of(access["node_id"]) >= 0]
    if county:
        checked = checked[checked["county_id"] == county]
    return frozenset(str(name) for name in checked["township_id"]) - short_in(plan, phase)


def _served_share(plan: PlanFiles, phase: str, energy: str, county: str) -> float:
    sums = plan.once(point_sums)
    mine = _chosen(sums[sums["phase"] == phase], energy, county)
    kwh = mine["energy"].map(kwh_equivalents(plan)).astype(float)
    demand = float((mine["demand"] * kwh).sum())
    return float((mine["served"] * kwh).sum()) / demand if demand else 1.0


def _chosen(table: pd.DataFrame, energy: str, county: str) -> pd.DataFrame:
    """Return the rows of an energy and a county; an empty word stands for all."""
    kept = table[table["energy"] == energy] if energy else table
    return kept[kept["county_id"] == county] if county else kept
