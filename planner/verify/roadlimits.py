"""Proves the limits of the mix of test roads: listed as asked, reached as stated, or missed."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from planner.verify.faults import Fault, Faults, differing, rows_where, unequal
from planner.verify.files import PlanFiles, Row

RULE = "road_limits"
"""The rule that all limits of a case are together."""
TOLERANCE = 2e-8
"""Figures are rounded to nine decimals."""
MILLIMETRE_KM = 1e-6
"""A limit may be missed by so much before it is called missed."""
ASKED = ("zh", "en", "of", "measure", "least", "most", "source", "trust")
NAMED = {"jurisdiction_id": "jurisdictions", "county_id": "counties"}


class Reached(NamedTuple):
    """What the test roads have of what a limit counts, and by how much it is missed."""

    reached: float
    shortfall: float
    met: bool


def limits_kept(plan: PlanFiles) -> Faults:
    """Prove that every limit of the case is listed as asked, and kept or missed as stated."""
    stated, asked = plan.layer("road_limits"), plan.table("road_limits")
    for name in sorted(asked.keys() ^ set(stated["limit_id"])):
        yield Fault("the limits listed are not those of the case", name)
    for row in stated.to_dict("records"):
        name = str(row["limit_id"])
        given = asked.get(name, {})
        for key in ASKED:
            told = None if pd.isna(row[key]) else row[key]
            yield from unequal(told, given.get(key), f"{key} of {name}")
        yield from unequal(row["values"], ",".join(given.get("values", ())), f"values of {name}")
        yield from _known_places(plan, name, given)
    proven = [_reached(plan, row) for row in stated.to_dict("records")]
    for column in ("reached", "shortfall"):
        right = [getattr(row, column) for row in proven]
        yield from differing(stated, "limit_id", stated[column], right, column, TOLERANCE)
    wrong = stated["met"].to_numpy(bool) != [row.met for row in proven]
    yield from rows_where(stated, wrong, "limit_id", "it is kept, or missed, contrary to this")


def _known_places(plan: PlanFiles, name: str, given: Row) -> Faults:
    layer = NAMED.get(str(given.get("of")))
    if layer:
        known = set(plan.layer(layer)[given["of"]])
        for value in given["values"]:
            if value not in known:
                yield Fault(f"limit {name} names {value}, which is none of the {layer}", name)


def _reached(plan: PlanFiles, row: Row) -> Reached:
    roads = plan.layer("test_roads")
    km = roads["counted_m"] / 1000
    inside = roads[row["of"]].astype("str").isin(row["values"].split(","))
    whole_km = max(float(km.sum()), MILLIMETRE_KM) if row["measure"] == "share" else 1.0
    reached = float(km[inside].sum()) / whole_km
    off = [0.0]
    if not pd.isna(row["least"]):
        off.append(row["least"] - reached)
    if not pd.isna(row["most"]):
        off.append(reached - row["most"])
    met = max(off) <= MILLIMETRE_KM / whole_km
    return Reached(reached, 0.0 if met else max(off), met)


def limit_status(plan: PlanFiles) -> str:
    """Return whether all limits of the case are kept; empty where it has none."""
    if not plan.table("road_limits"):
        return ""
    rows = plan.layer("road_limits").to_dict("records")
    return "met" if all(_reached(plan, row).met for row in rows) else "short"
