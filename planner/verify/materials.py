"""Proves the bill of materials: what units, junctions, cabinets and roads take, to the yuan."""

from __future__ import annotations

from collections import Counter
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

from planner.verify.faults import Fault, Faults, rows_where, unequal, unequal_rows
from planner.verify.files import PlanFiles, Row
from planner.verify.graph import JUNCTION_SEGMENTS, graph_of, incident_counts

BEGUN_M, DUST = 100.0, 1e-6
Key = tuple[str, str, str]
"""What a line is for (unit, junction or segment), its id, and the item."""


def items_priced(plan: PlanFiles) -> Faults:
    """Prove price, cost, kind, eligibility and trust of every line, and the sums by item."""
    lines, items = plan.layer("materials"), plan.table("equipment")
    for row in lines.itertuples():
        item = items.get(str(row.item))
        if item is None:
            yield Fault(f"item {row.item} is not in equipment", str(row.material_id))
            continue
        price = item["unit_cost_cny"]
        proven = (price, row.n * price, item["kind"], item["eligible"], item["trust"])
        stated = (row.unit_cost_cny, row.cost_cny, row.kind, bool(row.eligible), row.trust)
        if proven != stated:
            yield Fault(f"it is stated as {stated}, its item gives {proven}", str(row.material_id))
        if item["kind"] == "works" and row.eligible:
            yield Fault("works are called eligible", str(row.material_id))
    yield from _sums_hold(plan, lines, items)


def _sums_hold(plan: PlanFiles, lines: pd.DataFrame, items: dict[str, Row]) -> Faults:
    rows = [
        {
            "item": name,
            "n": sum(int(n) for n in lines.loc[lines["item"] == name, "n"]),
            "cost_cny": sum(int(cny) for cny in lines.loc[lines["item"] == name, "cost_cny"]),
            "eligible": item["eligible"],
        }
        for name, item in items.items()
    ]
    yield from unequal_rows(plan.rows("test_roads", "materials"), rows, ("item",), "materials")
    total = sum(int(cny) for cny in lines["cost_cny"])
    yield from unequal(plan.whole("test_roads", "equipment_cost_cny"), total, "equipment_cost_cny")


def bill_complete(plan: PlanFiles) -> Faults:
    """Prove that the bill holds what units, junctions, cabinets and roads take, and no more."""
    lines = plan.layer("materials")
    stated: Counter[Key] = Counter()
    for row in lines.itertuples():
        stated[_key(plan, row)] += int(row.n)
    proven = _needed(plan)
    for key in sorted(stated.keys() | proven.keys()):
        if stated[key] != proven[key]:
            what = f"the bill has {stated[key]} of {key[2]} for a {key[0]}, needed {proven[key]}"
            yield Fault(what, key[1], abs(stated[key] - proven[key]))
    yield from _booked_rightly(plan, lines)


def _key(plan: PlanFiles, row: Any) -> Key:  # noqa: ANN401 - a row of the layer
    per = plan.table("equipment").get(str(row.item), {}).get("per")
    if per in ("unit", "new_pole", "cabinet"):
        return "unit", str(row.rsu_id), str(row.item)
    if per == "junction":
        return "junction", str(row.node_id), str(row.item)
    return "segment", str(row.segment_id), str(row.item)


def _needed(plan: PlanFiles) -> Counter[Key]:
    """Return how many of each item every unit, junction and segment needs."""
    units, roads = plan.layer("rsus"), plan.layer("test_roads")
    grades = _junction_grades(plan)
    holders = set(units["cabinet_id"])
    found: Counter[Key] = Counter()
    for name, item in plan.table("equipment").items():
        count = int(item["count"])
        for unit in units.itertuples():
            needs = {
                "unit": True,
                "new_pole": unit.support == "new_pole",
                "cabinet": unit.rsu_id in holders,
            }
            if needs.get(item["per"]):
                found["unit", str(unit.rsu_id), name] += count
        for node, grade in grades.items():
            if item["per"] == "junction" and item["min_grade"] <= grade <= item["max_grade"]:
                found["junction", node, name] += count
        if item["per"] == "hectometre":
            for road in roads[roads["equipped"]].itertuples():
                begun = max(ceil(float(road.length_m) / BEGUN_M - DUST), 1)
                found["segment", str(road.segment_id), name] += count * begun
    return found


def _junction_grades(plan: PlanFiles) -> dict[str, int]:
    """Return the junctions of equipped roads with the highest grade of the test roads there."""
    graph, roads = plan.once(graph_of), plan.layer("test_roads")
    junctions = set(graph.node_ids[incident_counts(graph) >= JUNCTION_SEGMENTS])
    ends = pd.concat(
        [roads[["complexity_grade", "equipped"]].assign(node=roads[key])
         for key in ("from_node", "to_node")]
    )  # fmt: skip
    highest = ends.groupby("node")["complexity_grade"].max()
    fitted = set(ends.loc[ends["equipped"], "node"]) & junctions
    return {str(node): int(highest[node]) for node in sorted(fitted)}


def _booked_rightly(plan: PlanFiles, lines: pd.DataFrame) -> Faults:
    """Prove that every line is booked on an equipped segment, in its year and jurisdiction."""
    roads = plan.layer("test_roads").set_index("segment_id")
    known = lines[lines["segment_id"].isin(roads.index)]
    lost = ~lines["segment_id"].isin(roads.index)
    yield from rows_where(lines, lost, "material_id", "its segment is no test road")
    road = roads.loc[known["segment_id"]]
    late = known["stage_year"].to_numpy() != road["equipped_year"].to_numpy()
    yield from rows_where(known, late, "material_id", "its year is not that of its segment")
    for column in ("county_id", "jurisdiction_id"):
        left, right = known[column].to_numpy(object), road[column].to_numpy(object)
        other = (left != right) & ~(pd.isna(left) & pd.isna(right))
        what = f"{column} is not that of its segment"
        yield from rows_where(known, other, "material_id", what)
    at_node = known["node_id"].notna().to_numpy()
    node = known["node_id"].to_numpy(object)
    ends = np.array(
        [one in pair for one, *pair in zip(node, road["from_node"], road["to_node"], strict=True)],
        dtype=bool,
    )
    yield from rows_where(
        known, at_node & ~ends, "material_id", "its node is no end of its segment"
    )


def units_paid(plan: PlanFiles) -> Faults:
    """Prove number and cost of the units, to the yuan: each costs what its materials do."""
    units, items = plan.layer("rsus"), plan.table("equipment")
    price = {
        per: sum(row["count"] * row["unit_cost_cny"] for row in items.values() if row["per"] == per)
        for per in ("unit", "new_pole")
    }
    new = (units["support"] == "new_pole").to_numpy()
    cost = price["unit"] + np.where(new, price["new_pole"], 0)
    other = units["cost_cny"].to_numpy() != cost
    yield from rows_where(units, other, "rsu_id", "its cost is not that of its materials")
    total = sum(int(value) for value in units["cost_cny"])
    yield from unequal(plan.whole("test_roads", "n_rsus"), len(units), "n_rsus")
    yield from unequal(plan.whole("test_roads", "rsu_cost_cny"), total, "rsu_cost_cny")
