"""Proves fast charging along motorways: the stretches, stations beside them, and the gaps."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
import pandas as pd
import shapely

from planner.verify.alongside import nodes_for, places_along
from planner.verify.faults import Fault, Faults, unequal
from planner.verify.files import PlanFiles
from planner.verify.graph import Floats, graph_of
from planner.verify.stretches import (
    Arc,
    Chain,
    Route,
    chain_of,
    followers,
    line_of,
    routes_named,
    routes_of,
)
from planner.verify.years import AFTER, BEFORE

LEAST_STRETCH_M = 5000.0
"""Shorter pieces of a route are spurs or doubled carriageways, and no stretch."""
LENGTH_TOLERANCE_M = 0.0011
GAP_TOLERANCE_M = 0.01
SAME_PLACE_DEGREES = 1e-7


def chains(plan: PlanFiles) -> dict[str, Chain | str]:
    """Return the chain of every stretch by its id, or what is wrong with it."""
    access = plan.layer("highway_access")
    rows = zip(access["stretch_id"], access["segment_ids"], access.geometry, strict=True)
    return {str(name): chain_of(plan, ids, line) for name, ids, line in rows}


def stretches_chained(plan: PlanFiles) -> Faults:
    """Prove that every stretch is a chain of motorway segments of its route, driven as allowed."""
    segments = plan.layer("segments")
    used: set[tuple[Route, Arc]] = set()
    for row in plan.layer("highway_access").itertuples():
        name, chain = str(row.stretch_id), plan.once(chains)[str(row.stretch_id)]
        if isinstance(chain, str):
            yield Fault(chain, name)
            continue
        mine = segments.iloc[[arc[0] for arc in chain.arcs]]
        if (mine["road_class"] != "motorway").any():
            yield Fault("a segment of it is no motorway", name)
        route = _route_of(row, mine)
        own = zip(mine["ref"].fillna(""), mine["name"].fillna(""), strict=True)
        if any(route not in routes_named(str(ref), str(title)) for ref, title in own):
            yield Fault("a segment of it is of another route", name)
        again = used & {(route, arc) for arc in chain.arcs}
        if again:
            yield Fault("a segment of it is in another stretch of its route", name)
        used |= {(route, arc) for arc in chain.arcs}
        off = abs(float(row.length_m) - chain.position_m[-1])
        if off > LENGTH_TOLERANCE_M:
            what = f"length_m is stated as {row.length_m}, proven {chain.position_m[-1]:.3f}"
            yield Fault(what, name, off)
        if not shapely.equals_exact(row.geometry, line_of(plan, chain), SAME_PLACE_DEGREES):
            yield Fault("its line is not that of its segments", name)


def _route_of(row: Any, segments: pd.DataFrame) -> Route:  # noqa: ANN401
    """Return the route of a stretch: its number, or the name that its segments share."""
    ref = row.ref if isinstance(row.ref, str) else ""
    return (ref, "") if ref else ("", str(segments["name"].fillna("").iloc[0]).strip())


def motorways_complete(plan: PlanFiles) -> Faults:
    """Prove that no motorway of 5 km or more is left out, and no stretch ends before its route.

    What is left of a route may be shorter pieces; none of them may lead into the first or
    out of the last segment of a stretch.
    """
    taken: dict[Route, list[Chain]] = {}
    for row in plan.layer("highway_access").itertuples():
        chain = plan.once(chains)[str(row.stretch_id)]
        if isinstance(chain, Chain):
            mine = plan.layer("segments").iloc[[arc[0] for arc in chain.arcs]]
            taken.setdefault(_route_of(row, mine), []).append(chain)
    metres = plan.once(graph_of).millimetres / 1000
    for route, arcs in plan.once(routes_of).items():
        follow = followers(plan, arcs)
        used = {arc for chain in taken.get(route, []) for arc in chain.arcs}
        left = [arc for arc in arcs if arc not in used]
        name = route[0] or route[1] or "unnamed"
        longest = _longest_way(left, follow, metres)
        if longest >= LEAST_STRETCH_M + LENGTH_TOLERANCE_M:
            yield Fault(f"{longest / 1000:.1f} km of motorway are in no stretch", name, longest)
        for chain in taken.get(route, []):
            if chain.position_m[-1] < LEAST_STRETCH_M - LENGTH_TOLERANCE_M:
                yield Fault("a stretch is shorter than 5 km", name)
            goes_on = set(follow[chain.arcs[-1]]) & set(left)
            comes = any(chain.arcs[0] in follow[arc] for arc in left)
            if goes_on or comes:
                yield Fault("a stretch ends although its motorway goes on", name)


def _longest_way(arcs: list[Arc], follow: dict[Arc, list[Arc]], metres: Floats) -> float:
    """Return the longest of the shortest ways from an arc that none leads into to one's end."""
    inside = set(arcs)
    entered = {after for arc in arcs for after in follow[arc] if after in inside}
    longest = 0.0
    for start in sorted(inside - entered):
        best = {start: float(metres[start[0]])}
        heap = [(best[start], start)]
        while heap:
            length, arc = heapq.heappop(heap)
            onward = [after for after in follow[arc] if after in inside]
            if length > best[arc]:
                continue
            if not onward:
                longest = max(longest, length)
            for after in onward:
                reached = length + float(metres[after[0]])
                if reached < best.get(after, np.inf):
                    best[after] = reached
                    heapq.heappush(heap, (reached, after))
    return longest


def gaps_proven(plan: PlanFiles) -> Faults:
    """Prove how much of every stretch is uncovered, its largest gaps, and its status."""
    gap = plan.number("settings", "rules", "highway_gap_m")
    access = plan.layer("highway_access")
    nodes = {phase: nodes_for(plan, "charging", phase) for phase in (BEFORE, AFTER)}
    own = {name: chain for name, chain in plan.once(chains).items() if isinstance(chain, Chain)}
    along = places_along(plan, own, nodes[BEFORE] | nodes[AFTER])
    for row in access[access["stretch_id"].isin(list(own))].itertuples():
        name, proven = str(row.stretch_id), {}
        length = own[name].position_m[-1]
        for phase, there in nodes.items():
            at = sorted(where for node, where in along[name].items() if node in there)
            proven[f"uncovered_{phase}_m"] = uncovered_m(at, length, gap)
            proven[f"largest_gap_{phase}_m"] = float(np.diff([0.0, *at, length]).max())
        for column, value in proven.items():
            stated = float(getattr(row, column))
            if abs(stated - value) > GAP_TOLERANCE_M:
                what = f"{column} is stated as {stated}, proven {value:.3f}"
                yield Fault(what, name, abs(stated - value))
        status = "short" if proven["uncovered_after_m"] > GAP_TOLERANCE_M else "met"
        yield from unequal(row.status, status, f"status of {name}")
        if status == "short" and not (isinstance(row.reason, str) and row.reason):
            yield Fault("it is short, without a reason", name)
    yield from _sums_told(plan, access)


def uncovered_m(at: list[float], length_m: float, gap_m: float) -> float:
    """Return the metres of starts from which no station lies within the gap ahead.

    Examples
    --------
    Of 100 km with a station at 60 km, only starts before 10 km have it more than 50 km ahead.

    >>> uncovered_m([60_000.0], 100_000.0, 50_000.0)
    10000.0
    """
    end, uncovered, covered = length_m - gap_m, 0.0, 0.0
    if end <= 0:
        return 0.0
    for place in sorted(at):
        uncovered += max(0.0, min(place - gap_m, end) - covered)
        covered = max(covered, min(place, end))
    return uncovered + max(0.0, end - covered)


def _sums_told(plan: PlanFiles, access: pd.DataFrame) -> Faults:
    stated = plan.mapping("siting", "highways")
    proven: dict[str, int | float] = {
        "n_stretches": len(access),
        "n_met": int((access["status"] == "met").sum()),
        "n_short": int((access["status"] == "short").sum()),
        "uncovered_before_m": float(access["uncovered_before_m"].sum()),
        "uncovered_after_m": float(access["uncovered_after_m"].sum()),
    }
    for key, value in proven.items():
        yield from unequal(stated.get(key), value, f"highways {key}")
