"""Proves the test roads as a network: cycles, short spurs, scenes, worth, simple to complex."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import numpy as np
import pandas as pd

from planner.verify.closures import target_years
from planner.verify.faults import Faults, unequal, unequal_rows
from planner.verify.files import PlanFiles, Row
from planner.verify.graph import Bools
from planner.verify.testroads import counted_km

NETWORK = ("test_roads", "network")
MILLIMETRE_KM = 1e-6
HARDEST = 5


def cycles_hold(plan: PlanFiles) -> Faults:
    """Prove how many km lie on cycles: what stays in one piece wherever one road is closed."""
    roads = plan.layer("test_roads")
    on_cycles, total = counted_km(roads[_on_cycle(roads)]), counted_km(roads)
    least = plan.number("settings", "test_roads", "least_cycle_share")
    proven = {
        "cycle_km": on_cycles,
        "cycle_share": on_cycles / total if total else 0.0,
        "least_cycle_share": least,
        "cycles_met": on_cycles + MILLIMETRE_KM >= least * total,
    }
    for key, value in proven.items():
        yield from unequal(plan.figure(*NETWORK, key), value, key)


def _on_cycle(roads: pd.DataFrame) -> Bools:
    """Mark the roads that are no bridge of the network; of two beside each other neither is."""
    pairs = [tuple(sorted(pair)) for pair in zip(roads["from_node"], roads["to_node"], strict=True)]
    graph: nx.Graph[str] = nx.Graph(pair for pair in pairs if pair[0] != pair[1])
    bridges = {tuple(sorted(pair)) for pair in nx.bridges(graph)}
    times = Counter(pairs)
    return np.array([pair not in bridges or times[pair] > 1 for pair in pairs], dtype=bool)


def spurs_hold(plan: PlanFiles) -> Faults:
    """Prove the km of dead ends that are too short, and the worth they lose."""
    short = plan.layer("test_roads")[plan.once(short_spurs)]
    yield from unequal(plan.figure(*NETWORK, "short_spur_km"), counted_km(short), "short_spur_km")
    yield from unequal(plan.figure(*NETWORK, "spur_loss"), plan.once(spur_loss), "spur_loss")


def short_spurs(plan: PlanFiles) -> Bools:
    """Mark the roads of dead ends, up to where the network branches, that are too short.

    Roads opened before are never part of one.
    """
    roads = plan.layer("test_roads")
    least_m = plan.number("settings", "test_roads", "least_spur_m")
    metres, opened = roads["counted_m"].to_numpy(float), roads["opened_before"].to_numpy(bool)
    ends = list(zip(roads["from_node"], roads["to_node"], strict=True))
    at_node: dict[str, list[int]] = {}
    for row, pair in enumerate(ends):
        for node in pair:
            at_node.setdefault(node, []).append(row)
    found = np.zeros(len(roads), dtype=bool)
    for start in (node for node, rows in at_node.items() if len(rows) == 1):
        chain: list[int] = []
        node, ahead = start, at_node[start]
        while len(ahead) == 1 and not opened[ahead[0]]:
            row = ahead[0]
            chain.append(row)
            node = ends[row][1] if ends[row][0] == node else ends[row][0]
            ahead = [other for other in at_node[node] if other != row]
        found[chain] |= round(float(metres[chain].sum()), 3) < least_m
    return found


def spur_loss(plan: PlanFiles) -> float:
    """Return the worth that the roads of short spurs lose."""
    kept = plan.number("settings", "test_roads", "spur_factor")
    values = plan.layer("test_roads")["test_value"][plan.once(short_spurs)]
    return (1 - kept) * float(values.sum())


def scenes_add_up(plan: PlanFiles) -> Faults:
    """Prove the km of every scene, what they add, and the worth of the test roads by itself."""
    proven = plan.once(_scenes)
    yield from unequal_rows(plan.rows(*NETWORK, "scenes"), proven, ("scene",), "scenes")
    base = float(plan.layer("test_roads")["test_value"].sum())
    yield from unequal(plan.figure(*NETWORK, "base_worth"), base, "base_worth")
    added = float(sum(row["worth"] for row in proven))
    yield from unequal(plan.figure(*NETWORK, "variety_worth"), added, "variety_worth")


def _scenes(plan: PlanFiles) -> list[Row]:
    """Return km and worth of every scene: each stretch of km adds less than the one before."""
    table = plan.mapping("settings", "worth", "variety")
    scene = plan.layer("segment_terms").set_index("segment_id")["scene"]
    roads = plan.layer("test_roads")
    km = (roads["counted_m"] / 1000).groupby(roads["segment_id"].map(scene)).sum()
    stretch = float(table["fade_km"])
    return [
        {
            "scene": str(name),
            "km": float(length),
            "worth": sum(
                float(table["weight"]) * share * min(max(length - number * stretch, 0.0), stretch)
                for number, share in enumerate(table["shares"])
            ),
        }
        for name, length in km.items()
    ]


def network_worth(plan: PlanFiles) -> float:
    """Return the objective: worth of the roads, of their scenes, less what short spurs lose."""
    base = float(plan.layer("test_roads")["test_value"].sum())
    added = float(sum(row["worth"] for row in plan.once(_scenes)))
    return base + added - plan.once(spur_loss)


def steps_hold(plan: PlanFiles) -> Faults:
    """Prove of every stage which of its roads are too hard for it, or stand alone."""
    settings = plan.mapping("settings", "test_roads")
    caps, free = settings["most_grade_by_year"], int(settings["free_grade"])
    proven = [_step(plan, year, _cap(caps, year), free) for year in target_years(plan)]
    yield from unequal_rows(plan.rows(*NETWORK, "steps"), proven, ("year",), "steps")


def _cap(caps: dict[str, int], year: int) -> int | None:
    """Return the hardest grade of a year: that of the last year given before it, else the first."""
    given = sorted((int(at), int(grade)) for at, grade in caps.items())
    before = [grade for at, grade in given if at <= year]
    return (before[-1] if before else given[0][1]) if given else None


def _step(plan: PlanFiles, year: int, most: int | None, free: int) -> Row:
    roads = plan.layer("test_roads")
    grade = roads["complexity_grade"].astype(int)
    there = roads[(roads["stage_year"] <= year) | roads["opened_before"]]
    ends = pd.concat([there.set_index(end)["complexity_grade"] for end in ("from_node", "to_node")])
    easiest = ends.groupby(level=0).min()
    near = pd.concat([roads[end].map(easiest) for end in ("from_node", "to_node")], axis=1)
    new = (roads["stage_year"] == year) & ~roads["opened_before"]
    above = roads[new & (grade > (HARDEST if most is None else most))]
    alone = roads[new & (grade > free) & ~(near.min(axis=1) < grade)]
    return {
        "year": year,
        "most_grade": most,
        "n_above": len(above),
        "n_alone": len(alone),
        "km_above": counted_km(above),
        "km_alone": counted_km(alone),
    }
