"""Owns the exact choice on a tree: the connected part of most worth for a given length.

The tree is walked in preorder, so that leaving a branch out is a jump over its rows:
``f[i, b] = max(f[i + size_i, b], worth_i + f[i + 1, b - length_i])`` (Cho and Shaw, 1997).
Edges outside the tree hang on it as leaves of their own, so that loops can close.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import depth_first_order

from planner.testroads.instance import Bools, Floats, Ints
from planner.testroads.task import Task

IMPOSSIBLE = -1e18


@dataclass(frozen=True)
class Branches:
    """Edges in preorder from the root; ``parent`` is the row above, -1 at the root."""

    edge: Ints
    parent: list[int]


def branches(task: Task, tree: Ints, root: int, side: Bools) -> Branches:
    """Hang every edge on the tree and walk it.

    Parameters
    ----------
    tree
        Edges of a spanning tree.
    side
        Per edge, whether it hangs at its head rather than its tail when not in the tree.
    """
    in_tree = np.zeros(len(task.tail), dtype=bool)
    in_tree[tree] = True
    hung = np.flatnonzero(~in_tree)
    leaf = task.n_nodes + np.arange(len(hung))
    near = np.where(side[hung], task.head[hung], task.tail[hung])
    one = np.concatenate([task.tail[tree], near])
    other = np.concatenate([task.head[tree], leaf])
    total = task.n_nodes + len(hung)
    graph = csr_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(total, total))
    order, before = depth_first_order(graph, root, directed=False)
    edge_of = np.full(total, -1, dtype=np.int64)
    edge_of[leaf] = hung
    downward = before[task.head[tree]] == task.tail[tree]
    edge_of[np.where(downward, task.head[tree], task.tail[tree])] = tree
    place = np.empty(total, dtype=np.int64)
    place[order] = np.arange(len(order))
    return Branches(edge_of[order[1:]], (place[before[order[1:]]] - 1).tolist())


def without(walk: Branches, kept: Bools, fixed: Bools) -> Branches:
    """Return the walk over the kept rows that are not fixed.

    ``kept`` and ``fixed`` hold with a row also its parent; fixed rows become the root.
    """
    free = kept & ~fixed
    place = np.where(free, np.cumsum(free) - 1, -1).tolist()
    rows = np.flatnonzero(free).tolist()
    above = (walk.parent[row] for row in rows)
    return Branches(walk.edge[free], [place[row] if row >= 0 else -1 for row in above])


def _branch_sizes(parent: list[int]) -> list[int]:
    """Return the rows of each branch, itself included."""
    size = [1] * len(parent)
    for row in range(len(parent) - 1, -1, -1):
        if parent[row] >= 0:
            size[parent[row]] += size[row]
    return size


def chunks(metres: Floats, step_m: float, offset: float) -> Ints:
    """Round lengths to whole steps so that the error does not add up along the rows."""
    ends = np.floor(np.cumsum(metres) / step_m + offset)
    return np.diff(ends, prepend=np.floor(offset)).astype(np.int64)


class Knapsack:
    """The table of one tree: most worth for every exact length in steps."""

    def __init__(self, walk: Branches, worth: Floats, length: Ints, n_steps: int) -> None:
        self._walk = walk
        self._length = length.tolist()
        self._worth = worth.tolist()
        self._size = _branch_sizes(walk.parent)
        rows = len(self._length)
        self._table = np.full((rows + 1, n_steps + 1), IMPOSSIBLE)
        self._table[rows, 0] = 0.0
        for row in range(rows - 1, -1, -1):
            self._fill(row)

    def _fill(self, row: int) -> None:
        table, length = self._table, self._length[row]
        width = table.shape[1]
        here = table[row]
        if length < width:
            np.add(table[row + 1, : width - length], self._worth[row], out=here[length:])
        np.maximum(here, table[row + self._size[row]], out=here)

    def lengths_by_worth(self, low: int) -> Iterator[int]:
        """Yield attainable lengths in steps: first from ``low`` up by worth, then the longest."""
        top = self._table[0]
        inside = np.flatnonzero(top[low:] > IMPOSSIBLE / 2) + low
        yield from inside[np.lexsort((inside, -top[inside]))].tolist()
        yield from np.flatnonzero(top[:low] > IMPOSSIBLE / 2)[::-1].tolist()

    def edges(self, length: int) -> Ints:
        """Return the edges of a best choice of exactly that length in steps."""
        table, row, left, taken = self._table, 0, length, []
        while row < len(self._length):
            skipped = row + self._size[row]
            if table[row, left] == table[skipped, left]:
                row = skipped
            else:
                taken.append(row)
                left -= self._length[row]
                row += 1
        return self._walk.edge[taken]
