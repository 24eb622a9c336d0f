"""Owns where roadside units stand: jointly at junctions by set cover, then along each road."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from planner.testroads.instance import Bools, Ints
from planner.testroads.intervals import cover_line
from planner.testroads.setcover import best_cover, greedy_cover
from planner.testroads.sight import Sight, View, along, view_from


@dataclass(frozen=True)
class Places:
    """Where units may stand on the test roads and what one costs there.

    ``supports`` gives the feature that carries a unit at a node, or at a point of a road
    (row, point); ``new_cny`` is a unit with a new pole, ``carried_cny`` one on a feature.
    """

    sight: Sight
    junctions: frozenset[str]
    node_supports: dict[str, str]
    point_supports: dict[tuple[int, int], str]
    new_cny: int
    carried_cny: int
    views: dict[str, View] = field(default_factory=dict)
    reaches: dict[int, tuple[Ints, Ints]] = field(default_factory=dict)
    solved: dict[tuple[int, bytes], tuple[int, list[int]]] = field(default_factory=dict)

    def ends(self, row: int) -> tuple[str, ...]:
        """Return the junctions at the ends of a road, each once."""
        line = self.sight.lines[row]
        ends = dict.fromkeys((line.from_node, line.to_node))
        return tuple(node for node in ends if node in self.junctions)

    def view(self, node: str) -> View:
        """Return what a unit at a junction sees."""
        if node not in self.views:
            self.views[node] = view_from(self.sight, node)
        return self.views[node]

    def reach(self, row: int) -> tuple[Ints, Ints]:
        """Return what a unit at each point of a road sees of it."""
        if row not in self.reaches:
            self.reaches[row] = along(self.sight, row)
        return self.reaches[row]

    def node_cny(self, node: str) -> int:
        """Return what a unit at a junction costs."""
        return self.carried_cny if node in self.node_supports else self.new_cny

    def point_cny(self, row: int) -> Ints:
        """Return what a unit at each point of a road costs."""
        size = len(self.sight.lines[row].points)
        cost = [
            self.carried_cny if (row, point) in self.point_supports else self.new_cny
            for point in range(size)
        ]
        return np.array(cost, dtype=np.int64)


@dataclass(frozen=True)
class Cover:
    """What is seen already: pieces of each road between two points, and junctions."""

    pieces: dict[int, Bools]
    nodes: frozenset[str]

    @classmethod
    def of_nothing(cls, places: Places) -> Cover:
        """Return the cover before any unit stands."""
        lines = places.sight.lines
        return cls({line.row: np.zeros(len(line.points) - 1, dtype=bool) for line in lines},
                   frozenset())  # fmt: skip

    def with_nodes(self, places: Places, nodes: Iterable[str]) -> Cover:
        """Return the cover after units stand at some junctions, too."""
        pieces, seen = dict(self.pieces), set(self.nodes)
        for node in nodes:
            view = places.view(node)
            seen |= view.nodes
            for row, first, last in view.stretches:
                pieces[row] = pieces[row].copy()
                pieces[row][first:last] = True
        return Cover(pieces, frozenset(seen))

    def with_rows(self, rows: Iterable[int]) -> Cover:
        """Return the cover after some roads are covered whole."""
        return Cover(
            self.pieces | {row: np.ones_like(self.pieces[row]) for row in rows}, self.nodes
        )


@dataclass(frozen=True)
class Fit:
    """Units for some roads: junctions with a unit, points of each road, their cost, a proof."""

    nodes: tuple[str, ...]
    points: dict[int, list[int]]
    cost_cny: int
    proven: bool


def fit(places: Places, rows: list[int], cover: Cover, *, exact: bool) -> Fit:
    """Return the cheapest units found that cover some roads on top of what is covered.

    Junctions come first: each must be seen by a unit at a junction. What they leave of each
    road is covered along the road at least cost. Of a unit at every junction, the greedy
    and the exact set cover the one that is cheapest with the roads is kept.

    Parameters
    ----------
    rows
        Roads to equip, ascending.
    exact
        Whether the exact set cover is tried, too.
    """
    due = sorted({node for row in rows for node in places.ends(row)} - cover.nodes)
    plans: list[tuple[tuple[str, ...], bool]] = [(tuple(due), False)]
    spots = sorted({node for row in rows for node in places.ends(row)})
    covers, cost = _junction_cover(places, (rows, due, spots), cover)
    if covers.shape[0]:
        plans.append((_named(spots, greedy_cover(covers, cost)), False))
        if exact:
            taken, proven = best_cover(covers, cost)
            plans.append((_named(spots, taken), proven))
    fits = [_along(places, rows, cover, nodes, proven=proven) for nodes, proven in plans]
    best = min(fits, key=lambda found: found.cost_cny)
    certain = fits[-1].proven or not covers.shape[0]
    return Fit(best.nodes, best.points, best.cost_cny, certain)


def _named(spots: list[str], taken: Bools) -> tuple[str, ...]:
    return tuple(node for node, is_taken in zip(spots, taken, strict=False) if is_taken)


def _junction_cover(
    places: Places, asked: tuple[list[int], list[str], list[str]], cover: Cover
) -> tuple[csr_array, Ints]:
    """Return the set cover at the junctions: what has to be seen (rows), what sees it (columns).

    To be seen are the junctions, and each road that one unit at a junction sees whole; such
    a road may also be covered by units of its own, a column at their cost.
    """
    rows, due, spots = asked
    whole: dict[int, list[int]] = {}
    wanted = set(rows)
    entries: list[tuple[int, int]] = []
    number = {node: at for at, node in enumerate(due)}
    for column, spot in enumerate(spots):
        view = places.view(spot)
        entries += [(number[node], column) for node in sorted(view.nodes) if node in number]
        for row, first, last in view.stretches:
            if row in wanted and _sees_rest(cover.pieces[row], first, last):
                whole.setdefault(row, []).append(column)
    cost = [places.node_cny(spot) for spot in spots]
    for here, row in enumerate(sorted(whole), start=len(due)):
        entries += [(here, column) for column in dict.fromkeys(whole[row])]
        entries.append((here, len(cost)))
        cost.append(_cheapest(places, row, cover.pieces[row])[0])
    shape = (len(due) + len(whole), len(cost))
    at = np.array(sorted(set(entries)), dtype=np.int64).reshape(-1, 2)
    ones = np.ones(len(at), dtype=np.int64)
    return csr_array((ones, (at[:, 0], at[:, 1])), shape=shape), np.maximum(
        np.array(cost, dtype=np.int64), 1
    )


def _sees_rest(pieces: Bools, first: int, last: int) -> bool:
    rest = ~pieces
    rest[first:last] = False
    return not pieces.all() and not rest.any()


def _along(
    places: Places, rows: list[int], cover: Cover, nodes: tuple[str, ...], *, proven: bool
) -> Fit:
    seen = cover.with_nodes(places, nodes)
    cost = sum(places.node_cny(node) for node in nodes)
    points = {}
    for row in rows:
        price, points[row] = _cheapest(places, row, seen.pieces[row])
        cost += price
    return Fit(nodes, points, cost, proven)


def _cheapest(places: Places, row: int, pieces: Bools) -> tuple[int, list[int]]:
    if pieces.all():
        return 0, []
    key = row, pieces.tobytes()
    if key not in places.solved:
        places.solved[key] = cover_line(*places.reach(row), places.point_cny(row), pieces)
    return places.solved[key]
