"""Owns what a network as a whole is worth, and how far it is from what the rules ask."""

from __future__ import annotations

import networkx as nx
import numpy as np

from planner.testroads.instance import METRES_PER_KM, Bools, Floats, Ints
from planner.testroads.task import Task

TOLERANCE_KM = 1e-6

Score = tuple[float, float, float, float]


def score(task: Task, chosen: Bools) -> Score:
    """Return what orders networks, the larger the better.

    Km by which limits are passed (negative), metres toward the target, km missing on cycles
    (negative), worth.
    """
    return *_missed(task, chosen), total_worth(task, chosen)


def best_case(task: Task, chosen: Bools) -> Score:
    """Return the score that a network would have if it had no short spurs."""
    worth = float(task.worth[chosen].sum()) + variety_worth(task, chosen)
    return *_missed(task, chosen), worth


def _missed(task: Task, chosen: Bools) -> tuple[float, float, float]:
    metres = round(min(float(task.counted_m[chosen].sum()), task.low_m), 3)
    return -round(passed_km(task, chosen), 6), metres, -round(missing_cycle_km(task, chosen), 6)


def rules_met(task: Task, found: Score) -> bool:
    """Return whether a network of this score meets the limits, the target and the cycles."""
    return found[0] >= 0 and found[1] >= round(task.low_m, 3) and found[2] >= 0


def total_worth(task: Task, chosen: Bools) -> float:
    """Return the worth of a network: of its edges, of its scenes, less what short spurs lose."""
    worth = float(task.worth[chosen].sum()) + variety_worth(task, chosen)
    if task.shape.least_spur_m > 0:
        worth -= spur_loss(task, short_spurs(task, chosen))
    return worth


def spur_loss(task: Task, spurs: Bools) -> float:
    """Return the worth that these short spurs lose."""
    return (1.0 - task.shape.spur_factor) * float(task.worth[spurs].sum())


def passed_km(task: Task, chosen: Bools) -> float:
    """Return the km by which limits are passed, all together."""
    room = room_km(task, chosen)
    return float(-room[room < -TOLERANCE_KM].sum())


def room_km(task: Task, chosen: Bools) -> Floats:
    """Return the km that are left below each limit, negative where it is passed."""
    km = task.counted_m[chosen] / METRES_PER_KM
    return np.array([limit.high_km - float(limit.share[chosen] @ km) for limit in task.limits])


def missing_cycle_km(task: Task, chosen: Bools) -> float:
    """Return the km that are missing on cycles."""
    if not task.shape.least_cycle_share:
        return 0.0
    least = task.shape.least_cycle_share * float(task.counted_m[chosen].sum())
    on_cycles = float(task.counted_m[on_cycle(task, chosen)].sum())
    return max(0.0, (least - on_cycles) / METRES_PER_KM - TOLERANCE_KM)


def limits_kept(task: Task, chosen: Bools) -> list[bool]:
    """Return for each limit whether a network keeps it."""
    return [bool(left >= -TOLERANCE_KM) for left in room_km(task, chosen)]


def scene_km(task: Task, chosen: Bools) -> Floats:
    """Return the counted km of each scene."""
    if task.variety is None or not len(task.variety.scene):
        return np.zeros(0)
    size = int(task.variety.scene.max()) + 1
    km = np.where(chosen, task.counted_m, 0.0) / METRES_PER_KM
    return np.bincount(task.variety.scene, weights=km, minlength=size).astype(np.float64)


def variety_worth(task: Task, chosen: Bools) -> float:
    """Return what the scenes of a network add to its worth."""
    return float(scene_worth(task, chosen).sum())


def scene_worth(task: Task, chosen: Bools) -> Floats:
    """Return what each scene of a network adds to its worth."""
    left = scene_km(task, chosen)
    worth = np.zeros(len(left))
    for step_km, per_km in task.variety.steps if task.variety is not None else ():
        worth += per_km * np.minimum(left, step_km)
        left = np.maximum(left - step_km, 0.0)
    return worth


def edge_worth(task: Task, chosen: Bools, rising: Bools | None = None) -> Floats:
    """Return the worth of each edge beside a network, its scene at the km it has there.

    Parameters
    ----------
    rising
        Per scene, whether a further km is looked at rather than the last one.
    """
    if task.variety is None or not len(task.worth):
        return task.worth
    km = scene_km(task, chosen)
    more = np.ones(len(km), dtype=bool) if rising is None else rising
    slope, begin = np.zeros(len(km)), 0.0
    for step_km, per_km in task.variety.steps:
        end = begin + step_km
        at = np.where(more, (km >= begin) & (km < end), (km > begin) & (km <= end))
        slope[at] = per_km
        begin = end
    first = task.variety.steps[0][1] if task.variety.steps else 0.0
    slope[km <= 0.0] = first
    return np.asarray(task.worth + slope[task.variety.scene] * task.counted_m / METRES_PER_KM)


def short_spurs(task: Task, chosen: Bools) -> Bools:
    """Return the edges of dead ends that are too short and have no place to turn at the end.

    A dead end is the chain from a node with one edge of the network to where it branches;
    opened roads are never part of one.
    """
    degree = np.bincount(task.tail[chosen], minlength=task.n_nodes)
    degree += np.bincount(task.head[chosen], minlength=task.n_nodes)
    turn = task.shape.turnaround
    ends = np.flatnonzero((degree == 1) if turn is None else (degree == 1) & ~turn)
    found = np.zeros(len(chosen), dtype=bool)
    if not len(ends):
        return found
    at_node = _edges_at(task, chosen)
    for node in ends.tolist():
        chain = _chain(task, at_node, degree, node)
        if _length_m(task, chain) < task.shape.least_spur_m:
            found[chain] = True
    return found & ~task.forced


def _length_m(task: Task, chain: list[int]) -> float:
    """Return the counted metres of a chain, to the millimetre: its order must not matter."""
    return round(float(task.counted_m[chain].sum()), 3)


def _edges_at(task: Task, chosen: Bools) -> dict[int, list[int]]:
    at_node: dict[int, list[int]] = {}
    for edge in np.flatnonzero(chosen).tolist():
        for node in (int(task.tail[edge]), int(task.head[edge])):
            at_node.setdefault(node, []).append(edge)
    return at_node


def _chain(task: Task, at_node: dict[int, list[int]], degree: Ints, node: int) -> list[int]:
    """Return the edges from a dead end up to the first branching or opened road."""
    chain: list[int] = []
    while True:
        ahead = [edge for edge in at_node[node] if not chain or edge != chain[-1]]
        if not ahead or task.forced[ahead[0]] or (chain and degree[node] != 2):
            return chain
        chain.append(ahead[0])
        node = int(task.tail[ahead[0]] + task.head[ahead[0]]) - node
        if _length_m(task, chain) >= task.shape.least_spur_m:
            return chain


def on_cycle(task: Task, chosen: Bools) -> Bools:
    """Return the edges of a network that lie on a cycle of it: those that are no bridges."""
    edges = np.flatnonzero(chosen)
    tail, head = task.tail[edges], task.head[edges]
    key = np.minimum(tail, head) * task.n_nodes + np.maximum(tail, head)
    _, first, inverse, counts = np.unique(
        key, return_index=True, return_inverse=True, return_counts=True
    )
    graph = nx.Graph(zip(tail[first].tolist(), head[first].tolist(), strict=True))
    graph.remove_edges_from(nx.selfloop_edges(graph))
    bridge = {min(pair) * task.n_nodes + max(pair) for pair in nx.bridges(graph)}
    single = np.array([int(value) not in bridge for value in key[first]], dtype=bool)
    result = np.zeros(len(chosen), dtype=bool)
    result[edges] = (single | (counts > 1))[inverse]
    return result
