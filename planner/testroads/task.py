"""Owns the search task: the piece of the network a plan can use, with its limits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.testroads.instance import (
    ANY_SHAPE,
    Bools,
    Floats,
    Instance,
    Ints,
    Limit,
    Shape,
    Variety,
    pieces,
)


@dataclass(frozen=True)
class Task:
    """A connected graph, what must be in the answer and how long it may be.

    ``rows`` are the instance rows of the edges. ``forced`` edges (opened roads) are in every
    answer; of each group in ``groups`` at least one edge should be. ``low_m`` and ``high_m``
    bound the counted metres; ``low_m`` is a goal, ``high_m`` holds unless what is forced is
    longer; the last ``asked`` groups come after the others. Limits, variety and shape are
    those of the instance, by edge and node of the task.
    """

    rows: Ints
    tail: Ints
    head: Ints
    n_nodes: int
    counted_m: Floats
    worth: Floats
    forced: Bools
    groups: tuple[Ints, ...]
    low_m: float
    high_m: float
    limits: tuple[Limit, ...] = ()
    variety: Variety | None = None
    shape: Shape = ANY_SHAPE
    asked: int = 0


@dataclass(frozen=True)
class Usable:
    """Which rows one contiguous network can be made of, and what must stay outside it."""

    rows: Bools
    unjoined_opened: Bools


def usable_rows(instance: Instance) -> Usable:
    """Return the rows of the one piece of allowed segments that the plan is made in.

    It is the piece with the most opened kilometres; without opened roads the piece with the
    most allowed kilometres. Opened roads in other pieces cannot be joined to it.
    """
    allowed = ~instance.excluded
    if not allowed.any():
        return Usable(allowed, allowed)
    labels = pieces(instance.from_node, instance.to_node, instance.n_nodes, allowed)
    of_row = labels[instance.from_node]
    size = np.bincount(of_row[allowed], weights=instance.counted_m[allowed])
    opened = instance.opened
    if opened.any():
        kept = np.bincount(
            of_row[opened], weights=instance.counted_m[opened] + 1e-6, minlength=len(size)
        )
        size = np.where(kept > 0, size * 1e-9 + kept, 0.0)
    rows = allowed & (of_row == np.argmax(size))
    return Usable(rows, opened & ~rows)


def make_task(instance: Instance, usable: Bools, *, low_m: float, high_m: float) -> Task:
    """Cut the usable piece out of the instance and renumber its nodes."""
    rows = np.flatnonzero(usable)
    ends = np.concatenate([instance.from_node[rows], instance.to_node[rows]])
    nodes, dense = np.unique(ends, return_inverse=True)
    place = np.full(len(usable), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    groups = []
    for zone in instance.zones:
        inside = place[zone.rows]
        groups.append(inside[inside >= 0])
    return Task(
        rows=rows,
        tail=dense[: len(rows)].astype(np.int64),
        head=dense[len(rows) :].astype(np.int64),
        n_nodes=len(nodes),
        counted_m=instance.counted_m[rows],
        worth=instance.worth[rows],
        forced=instance.opened[rows],
        groups=tuple(groups),
        low_m=low_m,
        high_m=high_m,
        limits=tuple(replace(limit, share=limit.share[rows]) for limit in instance.limits),
        variety=_variety_of(instance, rows),
        shape=_shape_of(instance, nodes),
        asked=sum(zone.asked for zone in instance.zones),
    )


def _variety_of(instance: Instance, rows: Ints) -> Variety | None:
    variety = instance.variety
    return None if variety is None else replace(variety, scene=variety.scene[rows])


def _shape_of(instance: Instance, nodes: Ints) -> Shape:
    shape = instance.shape
    places = None if shape.turnaround is None else shape.turnaround[nodes]
    return replace(shape, turnaround=places)
