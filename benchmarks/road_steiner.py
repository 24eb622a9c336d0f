"""Solves prize-collecting Steiner trees with the parts of the road choice: prizes less costs.

Run by hand: ``python benchmarks/road_steiner.py [seconds [name ...]]`` on the CRR files of
``bench/pcstp`` below the folder PLANNER_REAL_DATA names (default ``../shared``). A prize is a
segment of its own that leads nowhere, an edge a segment of negative worth; no length counts.
The tables of trees give the networks, the relaxation with its connectivity rows the bound.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.solver import Deadline
from planner.testroads.connect import Start
from planner.testroads.instance import Bools, Floats
from planner.testroads.model import Model
from planner.testroads.paths import cost_graph, shortest_path_tree, spanning_tree
from planner.testroads.separation import Seeker
from planner.testroads.task import Task
from planner.testroads.treeknapsack import Knapsack, branches, without

LIMIT_S = 60.0
TREES_PER_ROUND = 12
NOISE = 0.3
LAST_ROUNDS = 40
"""Rounds of trees after the relaxation has no row left to add."""


@dataclass(frozen=True)
class Prizes:
    """A prize-collecting instance; ``prize`` is per node, ``cost`` per edge."""

    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    cost: Floats
    prize: Floats


@dataclass(frozen=True)
class Solved:
    """Costs to pay (edges, and prizes missed), what they are at least, and whether for all.

    ``anchored`` is whether every optimal tree of two or more nodes has the anchor.
    """

    cost: float
    bound: float
    anchored: bool
    rounds: int


def read_stp(path: Path) -> Prizes:
    """Read a file of SteinLib's format with lines ``E``, ``TP`` and ``Nodes``."""
    words = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    edges = np.array([word[1:4] for word in words if word[:1] == ["E"]], dtype=float)
    n_nodes = next(int(word[1]) for word in words if word[:1] == ["Nodes"])
    prize = np.zeros(n_nodes)
    for word in words:
        if word[:1] == ["TP"]:
            prize[int(word[1]) - 1] = float(word[2])
    ends = edges[:, :2].astype(np.int64) - 1
    return Prizes(ends[:, 0], ends[:, 1], edges[:, 2], prize)


def without_detours(made: Prizes) -> Prizes:
    """Drop the edges between whose ends another way is cheaper: no best tree needs them."""
    n_nodes = len(made.prize)
    graph = csr_array((made.cost, (made.tail, made.head)), shape=(n_nodes, n_nodes))
    away = dijkstra(graph, directed=False)
    kept = made.cost <= away[made.tail, made.head]
    return replace(made, tail=made.tail[kept], head=made.head[kept], cost=made.cost[kept])


def road_task(made: Prizes) -> Task:
    """Return the task: the edges, then one segment per prize; that of the largest is forced."""
    paid = np.flatnonzero(made.prize > 0.0)
    n_nodes = len(made.prize)
    worth = np.concatenate([-made.cost, made.prize[paid]])
    forced = np.zeros(len(worth), dtype=bool)
    forced[len(made.cost) + int(np.argmax(made.prize[paid]))] = True
    return Task(
        rows=np.arange(len(worth)),
        tail=np.concatenate([made.tail, paid]),
        head=np.concatenate([made.head, n_nodes + np.arange(len(paid))]),
        n_nodes=n_nodes + len(paid),
        counted_m=np.zeros(len(worth)),
        worth=worth,
        forced=forced,
        groups=(),
        low_m=0.0,
        high_m=1.0,
    )


def every_optimum_has(made: Prizes, node: int) -> bool:
    """Return whether it pays to join the node to any other prize, so that none is without it."""
    task = road_task(made)
    graph = cost_graph(task, np.where(task.worth < 0.0, -task.worth, 0.0))
    away = dijkstra(graph.matrix, directed=False, indices=np.array([node]))[0]
    return bool(away[: len(made.prize)][made.prize > 0.0].max() <= made.prize[node])


def best_in_tree(task: Task, cost: Floats, root: int, *, spanning: bool) -> Bools:
    """Return the part of most worth, with the root, of a cheap tree."""
    graph = cost_graph(task, cost)
    tree = spanning_tree(graph) if spanning else shortest_path_tree(graph, root)
    walk = branches(task, tree, root, np.zeros(len(cost), dtype=bool))
    in_tree = np.zeros(len(cost), dtype=bool)
    in_tree[tree] = True
    walk = without(walk, in_tree[walk.edge], np.zeros(len(walk.edge), dtype=bool))
    worth = task.worth[walk.edge] + task.forced[walk.edge] * task.worth[task.worth > 0].sum()
    table = Knapsack(walk, worth, np.zeros(len(walk.edge), dtype=np.int64), 0)
    chosen = np.zeros(len(cost), dtype=bool)
    chosen[table.edges(0)] = True
    return chosen


def improved(start: Start, values: Floats, root: int, rng: np.random.Generator) -> Start:
    """Return the best of the tree at hand and those on cheap trees that the values favour."""
    task = start.task
    own_cost = np.maximum(-task.worth, 0.0)
    for number in range(TREES_PER_ROUND):
        noise = rng.lognormal(0.0, NOISE * (number > 0), len(own_cost))
        favoured = own_cost * noise * (1.02 - values * rng.choice([0.5, 0.9, 1.0]))
        favoured = favoured * np.where(start.chosen, rng.choice([0.3, 0.7, 1.0]), 1.0)
        chosen = best_in_tree(task, favoured, root, spanning=number % 2 == 0)
        if task.worth[chosen].sum() > task.worth[start.chosen].sum():
            start = replace(start, chosen=chosen)
    return start


def solve_prizes(made: Prizes, limit_s: float) -> Solved:
    """Add rows to the relaxation; look for a tree on what each round's values favour.

    Costs and prizes are whole numbers: bounds are rounded up.
    """
    task, rng, deadline = road_task(made), np.random.default_rng(0), Deadline.after(limit_s)
    root, total = int(task.tail[task.forced][0]), float(made.prize.sum())
    start = Start(task, task.forced.copy(), (), task.high_m)
    anchor = np.zeros(task.n_nodes, dtype=bool)
    anchor[root] = True
    model, seeker = Model(start, anchor, [], 0), Seeker(task, anchor, ())
    values, bound, rounds, last = np.zeros(len(task.worth)), 0.0, 0, LAST_ROUNDS
    cost = total
    while bound < cost and last and deadline.left_s() > 0:
        if last == LAST_ROUNDS:
            most, found = model.relax()
            values, rounds = found.x, rounds + 1
            bound = max(bound, float(np.ceil(total - most - 1e-6)))
            cuts = seeker.violated(found)
            model.add_cuts(cuts)
        last -= not cuts
        start = improved(start, values, root, rng)
        cost = total - float(task.worth[start.chosen].sum())
    return Solved(cost, min(bound, cost), every_optimum_has(made, root), rounds)


def main(limit_s: float, names: list[str]) -> None:
    """Print a row for each file beside its stated optimum."""
    folder = Path(os.environ.get("PLANNER_REAL_DATA", "../shared")) / "bench" / "pcstp"
    lines = (folder / "optima.txt").read_text(encoding="ascii").splitlines()[1:]
    print("| file | stated | ours | off | bound | own gap | CPU s | peak MB | rounds | note |")
    print("| " + " | ".join(["---"] * 10) + " |")
    for line in lines:
        name, stated = line.split()[0], float(line.split()[1])
        if names and name not in names:
            continue
        cpu, made = time.process_time(), without_detours(read_stp(folder / f"{name}.stp"))
        found = solve_prizes(made, limit_s)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        note = "" if found.anchored else "bound only for trees with the largest prize"
        print(
            f"| {name} | {stated:.0f} | {found.cost:.0f} | {found.cost / stated - 1:.2%} | "
            f"{found.bound:.0f} | {1 - found.bound / found.cost:.2%} | "
            f"{time.process_time() - cpu:.1f} | {peak:.0f} | {found.rounds} | {note} |",
            flush=True,
        )


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else LIMIT_S, sys.argv[2:])
