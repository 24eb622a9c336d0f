"""Pairs the chains of carriageways that run there and back between the same two junctions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from planner.network.beside import BESIDE_M, headings
from planner.network.merging import OFFSET_M, Ends

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

APART_M = float(np.hypot(BESIDE_M, OFFSET_M))
"""Farthest that any place of one chain may be from the other, unless they run side by side."""
MOSTLY = 0.75


@dataclass(frozen=True)
class Chain:
    """Segments in driving order from one junction to the next."""

    rows: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Dual:
    """Two chains, there and back; ``there`` holds the smallest row."""

    there: Chain
    back: Chain


def duals(ends: Ends, label: Ints, usable: Bools, share: Floats) -> list[Dual]:
    """Return the pairs of chains between the same two junctions, sorted.

    Chains run on where nothing but one carriageway comes in and one goes on. A chain is
    paired with the nearest that leads back: either the two are nowhere farther apart than
    50 m, as round a traffic island, or they run side by side for three quarters.

    Parameters
    ----------
    ends, label
        Node rows of the segments, and the junction of every node.
    usable
        Segments that may be one of two carriageways and lie in no junction.
    share
        Part of each segment that has an opposite carriageway beside it.
    """
    found: dict[tuple[int, int], list[Chain]] = defaultdict(list)
    for chain in _chains(ends, label, usable & (label[ends.start] != label[ends.end])):
        found[chain.start, chain.end].append(chain)
    beside_m = share * shapely.length(ends.lines)
    pairs = []
    for (start, end), chains in found.items():
        if start < end:
            pairs += _nearest_pairs(ends.lines, beside_m, chains, found.get((end, start), []))
    return sorted(pairs, key=lambda pair: pair.there.rows)


def _chains(ends: Ends, label: Ints, usable: Bools) -> list[Chain]:
    size = len(label)
    at_all = np.bincount(label[ends.start], minlength=size)
    at_all += np.bincount(label[ends.end], minlength=size)
    comes = np.bincount(label[ends.end[usable]], minlength=size)
    goes = np.bincount(label[ends.start[usable]], minlength=size)
    through = (at_all == 2) & (comes == 1) & (goes == 1)
    rows = np.flatnonzero(usable)
    following = {int(label[ends.start[row]]): int(row) for row in rows}
    through[_turning_back(ends, label, rows, following)] = False
    chains = []
    for row in rows.tolist():
        start, node = int(label[ends.start[row]]), int(label[ends.end[row]])
        if through[start]:
            continue
        chain = [row]
        while through[node]:
            chain.append(following[node])
            node = int(label[ends.end[chain[-1]]])
        if node != start:
            chains.append(Chain(tuple(chain), start, node))
    return chains


def _turning_back(ends: Ends, label: Ints, rows: Ints, following: dict[int, int]) -> Ints:
    """Return the junctions where the way on leads back, as at the end of a dual carriageway."""
    rows = rows[[int(node) in following for node in label[ends.end[rows]]]]
    node = label[ends.end[rows]]
    onward = np.array([following[int(row)] for row in node], dtype=np.int64)
    arriving = headings(ends.lines[rows], np.full(len(rows), np.inf))
    leaving = headings(ends.lines[onward], np.zeros(len(rows)))
    back = (arriving * leaving).sum(axis=1) < 0
    return np.asarray(node[back], dtype=np.int64)


def _nearest_pairs(
    lines: NDArray[np.object_], beside_m: Floats, one: list[Chain], other: list[Chain]
) -> list[Dual]:
    near: list[tuple[float, tuple[int, ...], tuple[int, ...], Dual]] = []
    for a in one:
        for b in other:
            line, back = (shapely.multilinestrings(lines[list(x.rows)]) for x in (a, b))
            apart_m = round(float(shapely.hausdorff_distance(line, back)), 3)
            along_m = min(
                beside_m[list(x.rows)].sum() / m.length for x, m in ((a, line), (b, back))
            )
            if apart_m <= APART_M or along_m >= MOSTLY:
                pair = Dual(a, b) if min(a.rows) < min(b.rows) else Dual(b, a)
                near.append((apart_m, pair.there.rows, pair.back.rows, pair))
    pairs: list[Dual] = []
    taken: set[tuple[int, ...]] = set()
    for _, one_way, other_way, pair in sorted(near, key=lambda item: item[:3]):
        if not taken.intersection((one_way, other_way)):
            taken.update((one_way, other_way))
            pairs.append(pair)
    return pairs
