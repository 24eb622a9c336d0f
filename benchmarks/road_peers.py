"""Chooses test roads the other ways: flow model and cut loop through HiGHS, and pcst_fast."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp
from numpy.typing import NDArray
from road_instances import Streets

from planner.solver import Deadline, Outcome, solve
from planner.testroads.instance import Bools, pieces

MIP_GAP = 1e-4
BISECTIONS = 30


@dataclass(frozen=True)
class Answer:
    """The rows chosen (none where no network was found) and a bound where there is one."""

    chosen: Bools | None
    bound: float | None
    note: str = ""


def flow_model(made: Streets, limit_s: float) -> Answer:
    """Solve the single-commodity flow model: every node used draws one unit from the root.

    As in Dilkina and Gomes (2010), "Solving connected subgraph problems in wildlife
    conservation", CPAIOR.
    """
    problem, x = _band_model(made)
    i, root = made.instance, _root(made)
    y = [pulp.LpVariable(f"y{node}", 0, 1) for node in range(i.n_nodes)]
    balance: list[list[tuple[Any, float]]] = [[(use, -1.0)] for use in y]
    most = i.n_nodes - 1
    for row, (tail, head) in enumerate(zip(i.from_node.tolist(), i.to_node.tolist(), strict=True)):
        for name, one, other in (("f", tail, head), ("b", head, tail)):
            flow = pulp.LpVariable(f"{name}{row}", 0)
            balance[one].append((flow, -1.0))
            balance[other].append((flow, 1.0))
            problem += flow <= most * x[row]
            problem += x[row] <= y[one]
    for node, terms in enumerate(balance):
        if node != root:
            problem += pulp.LpAffineExpression(terms) == 0
    outcome = _solved(problem, limit_s)
    return Answer(_whole(x) if outcome.has_solution else None, outcome.bound)


def cut_loop(made: Streets, limit_s: float) -> Answer:
    """Solve, cut off the pieces away from the root, and solve again until there are none."""
    problem, x = _band_model(made)
    i, deadline, rounds, bound = made.instance, Deadline.after(limit_s), 0, None
    while deadline.left_s() > 0:
        outcome = _solved(problem, deadline.left_s())
        rounds += 1
        if outcome.bound is not None:
            bound = outcome.bound if bound is None else min(bound, outcome.bound)
        if not outcome.has_solution:
            break
        chosen = _whole(x)
        labels = pieces(i.from_node, i.to_node, i.n_nodes, chosen)
        apart = set(labels[i.from_node[chosen]].tolist()) - {int(labels[_root(made)])}
        if not apart:
            return Answer(chosen, bound, f"{rounds} rounds")
        for piece in sorted(apart):
            inside = labels == piece
            tail, head = inside[i.from_node], inside[i.to_node]
            within = np.flatnonzero(chosen & tail & head)
            best = within[np.argmax(i.worth[within])]
            border = np.flatnonzero(tail != head).tolist()
            problem += pulp.lpSum(x[row] for row in border) >= x[best]
    return Answer(None, bound, f"{rounds} rounds, never one piece")


def pcst(made: Streets, limit_s: float) -> Answer:
    """Take the best network of pcst_fast over prices per metre that fits below the limit.

    Goemans and Williamson (1995) as implemented by Hegde, Indyk and Schmidt (2014). A segment
    that earns its price is a node with that prize between two free edges, any other an edge
    at what it lacks. The price is bisected until the length is just below the limit. Build the
    package from source (``pip install --no-binary pcst_fast pcst_fast==1.0.10``): beside NumPy 2
    its wheel returns garbled arrays.
    """
    import pcst_fast  # type: ignore[import-not-found]  # noqa: PLC0415 - not a dependency

    i, end = made.instance, time.monotonic() + limit_s
    low, high = 0.0, float((i.worth / i.counted_m).max())
    best: Bools | None = None
    for _ in range(BISECTIONS):
        price = (low + high) / 2.0
        chosen = _at_price(made, price, pcst_fast.pcst_fast)
        if float(i.counted_m[chosen].sum()) > made.high_m:
            low = price
        else:
            high = price
            if best is None or i.worth[chosen].sum() > i.worth[best].sum():
                best = chosen
        if time.monotonic() > end:
            break
    return Answer(best, None)


def _at_price(made: Streets, price: float, run: Any) -> Bools:  # noqa: ANN401 - untyped peer
    i = made.instance
    net = i.worth - price * i.counted_m
    net[i.opened] = np.maximum(net[i.opened], 0.0)
    earns = np.flatnonzero(net >= 0.0)
    costs = np.flatnonzero(net < 0.0)
    middle = i.n_nodes + np.arange(len(earns))
    ends: list[NDArray[np.int64]] = [
        np.column_stack([i.from_node[costs], i.to_node[costs]]),
        np.column_stack([i.from_node[earns], middle]),
        np.column_stack([middle, i.to_node[earns]]),
    ]
    cost = np.concatenate([-net[costs], np.zeros(2 * len(earns))])
    prizes = np.concatenate([np.zeros(i.n_nodes), net[earns]])
    nodes, edges = run(np.concatenate(ends), prizes, cost, _root(made), 1, "strong", 0)
    used = np.zeros(i.n_nodes + len(earns), dtype=bool)
    used[nodes] = True
    chosen = i.opened.copy()
    chosen[costs[edges[edges < len(costs)]]] = True
    chosen[earns[used[middle]]] = True
    chosen[earns[used[i.from_node[earns]] & used[i.to_node[earns]]]] = True
    return chosen


def _root(made: Streets) -> int:
    return int(made.instance.from_node[made.instance.opened][0])


def _band_model(made: Streets) -> tuple[pulp.LpProblem, list[Any]]:
    i = made.instance
    problem = pulp.LpProblem("roads", pulp.LpMaximize)
    x = [pulp.LpVariable(f"x{row}", cat="Binary") for row in range(len(i.worth))]
    problem.setObjective(pulp.LpAffineExpression(list(zip(x, i.worth.tolist(), strict=True))))
    km = list(zip(x, (i.counted_m / 1000.0).tolist(), strict=True))
    problem += pulp.LpAffineExpression(km) <= made.high_m / 1000.0
    problem += pulp.LpAffineExpression(km) >= made.low_m / 1000.0
    for row in np.flatnonzero(i.opened).tolist():
        problem += x[row] == 1
    return problem, x


def _solved(problem: pulp.LpProblem, limit_s: float) -> Outcome:
    return solve(problem, time_limit_s=limit_s, mip_gap=MIP_GAP, threads=1, seed=0)


def _whole(x: list[Any]) -> Bools:
    return np.array([variable.varValue > 0.5 for variable in x])
