"""Owns the reduction of the choice at a range of prices: far fewer edges, the same best network.

At a price per km an edge gains its worth less what its km cost. Whatever the price in a range,
some edges are in a best network if either end is, some are never: joined and dropped edge by
edge as in the prize-collecting Steiner tree (Duin and Volgenant, 1989; Ljubić et al., 2006;
Rehfeldt and Koch, 2022). Each test below is linear in the price, so it holds in between where
it holds at both ends of the range.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from planner.testroads.instance import ANY_SHAPE, METRES_PER_KM, Bools, Floats, Ints
from planner.testroads.task import Task

Pair = tuple[float, float]


@dataclass
class _Piece:
    """What is taken or left as one: worth, km and the edges it is made of."""

    worth: float = 0.0
    km: float = 0.0
    edges: list[int] = field(default_factory=list)

    def add(self, other: _Piece) -> None:
        """Take in another piece."""
        self.worth += other.worth
        self.km += other.km
        self.edges += other.edges


@dataclass(frozen=True)
class Reduced:
    """What is left to choose; node 0 is the anchor, in every network.

    ``task`` has the edges left, its worth and metres those of all they stand for. ``free``
    edges may be left out although both ends are in the network; the others are only taken as
    ways. A node brings ``node_worth`` and ``node_m``, and where ``passed`` no best network ends
    at it. ``part`` lists, for edges and then nodes, which original edges come with each.
    """

    task: Task
    free: Bools
    node_worth: Floats
    node_m: Floats
    passed: Bools
    part: tuple[Ints, Ints]

    def expanded(self, edge: Floats, node: Floats, size: int) -> Floats:
        """Return the values of the original edges from those of edges and nodes."""
        found = np.zeros(size)
        found[self.part[0]] = np.concatenate([edge, node])[self.part[1]]
        return found


def reduced(task: Task, anchor: Bools, low: float, high: float) -> Reduced:
    """Reduce a task at prices of a km from ``low`` to ``high``.

    Parameters
    ----------
    task
        Its worth is that of its edges alone: no limits, no variety, no groups; what short
        spurs lose is left out.
    anchor
        Nodes of one of which every network has one; has the ends of every forced edge.
    """
    graph = _Graph(task, anchor, low, high)
    graph.join_gaining()
    graph.settle()
    return graph.result()


class _Graph:
    """The graph while it shrinks: nodes and edges are pieces, joined nodes keep one number."""

    def __init__(self, task: Task, anchor: Bools, low: float, high: float) -> None:
        self.task, self.low, self.high = task, low, high
        nodes = np.flatnonzero(anchor)
        self.root = int(nodes[0])
        name = np.arange(task.n_nodes)
        name[nodes] = self.root
        self.ends = list(zip(name[task.tail].tolist(), name[task.head].tolist(), strict=True))
        km = (task.counted_m / METRES_PER_KM).tolist()
        self.edge = {
            e: _Piece(worth, far, [e])
            for e, (worth, far) in enumerate(zip(task.worth.tolist(), km, strict=True))
        }
        self.node = [_Piece() for _ in range(task.n_nodes)]
        self.at: list[dict[int, int]] = [{} for _ in range(task.n_nodes)]
        self.loops: list[dict[int, None]] = [{} for _ in range(task.n_nodes)]
        self.waiting: dict[int, None] = {}
        for e, (one, other) in enumerate(self.ends):
            self._place(e, one, other)
        for e in np.flatnonzero(task.forced & (name[task.tail] == name[task.head])).tolist():
            if e in self.edge and e not in self.node[self.root].edges:
                self.loops[self.root].pop(e, None)
                self.node[self.root].add(self.edge.pop(e))

    def _place(self, e: int, one: int, other: int) -> None:
        """Lay an edge between two nodes; one that leads back is taken, dropped or left open."""
        self.ends[e] = one, other
        if one != other:
            self.at[one][e], self.at[other][e] = other, one
            return
        loss = self._loss(self.edge[e])
        forced = self.task.forced[self.edge[e].edges].any()
        if max(loss) <= 0.0 or forced:
            self.node[one].add(self.edge.pop(e))
        elif min(loss) >= 0.0:
            del self.edge[e]
        else:
            self.loops[one][e] = None

    def _loss(self, piece: _Piece) -> Pair:
        """Return what a piece loses at the two ends of the range."""
        return self.low * piece.km - piece.worth, self.high * piece.km - piece.worth

    def _gain(self, node: int) -> Pair:
        if node == self.root:
            return np.inf, np.inf
        low, high = self._loss(self.node[node])
        return -low, -high

    def _remove(self, e: int) -> _Piece:
        for node in self.ends[e]:
            self.at[node].pop(e, None)
            self.waiting[node] = None
        return self.edge.pop(e)

    def _join(self, e: int) -> None:
        """Take an edge whenever one of its ends is in the network: its ends become one."""
        kept, gone = self.ends[e]
        if gone == self.root:
            kept, gone = gone, kept
        self.node[kept].add(self._remove(e))
        self.node[kept].add(self.node[gone])
        self.node[gone] = _Piece()
        for loop in self.loops[gone]:
            self._place(loop, kept, kept)
        moved, self.at[gone], self.loops[gone] = self.at[gone], {}, {}
        for other_edge, other in moved.items():
            del self.at[other][other_edge]
            self.waiting[other] = None
            self._place(other_edge, kept, other)
        self.waiting[kept] = None

    def join_gaining(self) -> None:
        """Join the ends of the edges that gain at any price."""
        for e in range(len(self.ends)):
            apart = e in self.edge and self.ends[e][0] != self.ends[e][1]
            if apart and max(self._loss(self.edge[e])) <= 0.0:
                self._join(e)

    def settle(self) -> None:
        """Apply the tests to every node, and again where something changed."""
        self.waiting = dict.fromkeys(range(self.task.n_nodes))
        while self.waiting:
            node = self.waiting.popitem()[0]
            self._drop_parallel(node)
            if node != self.root and not self.loops[node]:
                self._drop_end(node)
                self._straighten(node)
            self._join_nearest(node)

    def _drop_parallel(self, node: int) -> None:
        """Of two ways to one neighbour that gain nothing, drop the one that loses more."""
        best: dict[int, int] = {}
        for e, other in list(self.at[node].items()):
            rival = best.setdefault(other, e)
            mine, its = self._loss(self.edge[e]), self._loss(self.edge[rival])
            if rival == e or min(*mine, *its) < 0.0:
                continue
            if mine[0] >= its[0] and mine[1] >= its[1]:
                self._remove(e)
            elif mine[0] <= its[0] and mine[1] <= its[1]:
                self._remove(rival)
                best[other] = e

    def _drop_end(self, node: int) -> None:
        """Drop a dead end that gains no more than the way to it loses."""
        if len(self.at[node]) == 1:
            e = next(iter(self.at[node]))
            gain, loss = self._gain(node), self._loss(self.edge[e])
            if min(loss) >= 0.0 and gain[0] <= loss[0] and gain[1] <= loss[1]:
                self._remove(e)
                self.node[node] = _Piece()

    def _straighten(self, node: int) -> None:
        """Make two edges one at a node that is worth neither: it is only passed."""
        if len(self.at[node]) != 2:
            return
        (e, one), (gone, other) = sorted(self.at[node].items())
        gain, first, second = (
            self._gain(node),
            self._loss(self.edge[e]),
            self._loss(self.edge[gone]),
        )
        least = min(first[0], second[0]), min(first[1], second[1])
        if one != other and min(least) >= 0.0 and gain[0] <= least[0] and gain[1] <= least[1]:
            piece, added = self._remove(e), self._remove(gone)
            piece.add(added)
            piece.add(self.node[node])
            self.node[node], self.edge[e] = _Piece(), piece
            self._place(e, one, other)

    def _join_nearest(self, node: int) -> None:
        """Join a neighbour along the edge that loses least if both gain more than it loses.

        If only one of the two is in a network, adding the other loses nothing; if both are
        without this edge, it can replace the one by which the network leaves the node.
        """
        gain = self._gain(node)
        if min(gain) <= 0.0 or not self.at[node]:
            return
        losses = {e: self._loss(self.edge[e]) for e in self.at[node]}
        least = min(loss[0] for loss in losses.values()), min(loss[1] for loss in losses.values())
        for e, other in self.at[node].items():
            its = self._gain(other)
            most = min(least[0], gain[0], its[0]), min(least[1], gain[1], its[1])
            if losses[e][0] <= most[0] and losses[e][1] <= most[1]:
                self._join(e)
                return

    def result(self) -> Reduced:
        """Return what is left, numbered anew."""
        others = [v for v in range(self.task.n_nodes) if v != self.root and self.at[v]]
        nodes = [self.root, *others]
        place = {node: number for number, node in enumerate(nodes)}
        left = [e for e in sorted(self.edge) if self.ends[e][0] in place]
        rows = [(*self.ends[e], self.edge[e]) for e in left]
        ends = np.array([(place[a], place[b]) for a, b, _ in rows], dtype=np.int64).reshape(-1, 2)
        pieces = [piece for *_, piece in rows] + [self.node[node] for node in nodes]
        worth = np.array([piece.worth for piece in pieces])
        metres = np.array([piece.km for piece in pieces]) * METRES_PER_KM
        size = len(rows)
        free = np.array([min(self._loss(piece)) < 0.0 for *_, piece in rows], dtype=bool)
        gaining = np.array([max(self._gain(node)) > 0.0 for node in nodes])
        gaining[ends[free]] = True
        counts = [len(piece.edges) for piece in pieces]
        part = (
            np.array([e for piece in pieces for e in piece.edges], dtype=np.int64),
            np.repeat(np.arange(len(pieces)), counts),
        )
        task = replace(
            self.task,
            rows=np.array(left, dtype=np.int64),
            tail=ends[:, 0],
            head=ends[:, 1],
            n_nodes=len(nodes),
            counted_m=metres[:size],
            worth=worth[:size],
            forced=np.zeros(size, dtype=bool),
            shape=ANY_SHAPE,
        )
        return Reduced(task, free, worth[size:], metres[size:], ~gaining, part)
