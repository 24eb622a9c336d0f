"""Owns what is told of the network as a whole: cycles, short spurs, scenes, steps by year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.testroads.instance import METRES_PER_KM, Bools, Instance, Ints
from planner.testroads.letting_go import why_let_go
from planner.testroads.merit import (
    missing_cycle_km,
    on_cycle,
    scene_km,
    scene_worth,
    short_spurs,
    spur_loss,
)
from planner.testroads.stages import HARDEST, Ladder, stage_rows
from planner.testroads.task import Task, make_task

Row = dict[str, Any]


def network_figures(instance: Instance, years: Ints, scenes: NDArray[np.object_]) -> Row:
    """Return what is told of the final network: its worth and what it is made of, its shape.

    Parameters
    ----------
    years
        Stage year of every row, 0 where it is no test road.
    scenes
        Name of the scene of every row.

    Returns
    -------
    dict
        Km are counted km. ``base_worth + variety_worth - spur_loss`` is the objective.
    """
    chosen = years > 0
    task = make_task(replace(instance, zones=()), chosen, low_m=0.0, high_m=0.0)
    everything = np.ones(len(task.rows), dtype=bool)
    cycles, spurs = on_cycle(task, everything), short_spurs(task, everything)
    total_km, cycle_km = _km(task, everything), _km(task, cycles)
    return {
        "cycle_km": cycle_km,
        "cycle_share": round(cycle_km / total_km, 9) if total_km else 0.0,
        "least_cycle_share": task.shape.least_cycle_share,
        "cycles_met": missing_cycle_km(task, everything) <= 0,
        "short_spur_km": _km(task, spurs),
        "base_worth": round(float(task.worth.sum()), 9),
        "variety_worth": round(float(scene_worth(task, everything).sum()), 9),
        "spur_loss": round(spur_loss(task, spurs), 9),
        "scenes": _scene_rows(task, scenes[task.rows]),
    }


def _km(task: Task, rows: Bools) -> float:
    return round(float(task.counted_m[rows].sum()) / METRES_PER_KM, 6)


def _scene_rows(task: Task, scenes: NDArray[np.object_]) -> list[Row]:
    """Return km and worth of each scene there is, the longest first."""
    if task.variety is None:
        return []
    everything = np.ones(len(task.rows), dtype=bool)
    km, worth = scene_km(task, everything), scene_worth(task, everything)
    names = dict(zip(task.variety.scene.tolist(), scenes.tolist(), strict=True))
    rows = [
        {"scene": name, "km": round(float(km[at]), 6), "worth": round(float(worth[at]), 9)}
        for at, name in names.items()
    ]
    return sorted(rows, key=lambda row: (-row["km"], row["scene"]))


def stage_steps(instance: Instance, years: Ints, stages: list[int], ladder: Ladder) -> list[Row]:
    """Return for each stage how far it keeps to the way from simple to complex.

    ``n_above`` of the segments it opens are above its hardest grade, ``n_alone`` are harder
    than the free grade and touch no easier segment that is open by then; both with their km.
    """
    rows: list[Row] = []
    for year in stages:
        opens = (years == year) & ~instance.opened
        most = ladder.most_grade.get(year)
        near = _easiest_beside(instance, stage_rows(instance, years, year))
        above = opens & (instance.grade > (HARDEST if most is None else most))
        alone = opens & (instance.grade > ladder.free_grade) & (near >= instance.grade)
        rows.append(
            {"year": year, "most_grade": most}
            | {f"n_{name}": int(mask.sum()) for name, mask in (("above", above), ("alone", alone))}
            | {
                f"km_{name}": round(float(instance.counted_m[mask].sum()) / METRES_PER_KM, 6)
                for name, mask in (("above", above), ("alone", alone))
            }
        )
    return rows


def _easiest_beside(instance: Instance, rows: Bools) -> Ints:
    """Return for every row the easiest grade among the given rows at its two ends."""
    easiest = np.full(instance.n_nodes, HARDEST + 1)
    for ends in (instance.from_node, instance.to_node):
        np.minimum.at(easiest, ends[rows], instance.grade[rows])
    nearest: Ints = np.minimum(easiest[instance.from_node], easiest[instance.to_node])
    return nearest


def network_notes(figures: Row, limits: pd.DataFrame, ladder: Ladder) -> Iterator[str]:
    """Yield what falls short of the rules of the network, in words."""
    for row in limits[~limits["met"].astype(bool)].itertuples():
        yield f"limit {row.limit_id} is missed by {row.shortfall:g} ({row.measure})"
    if not figures["cycles_met"]:
        share, least = figures["cycle_share"], figures["least_cycle_share"]
        yield f"{share:.1%} of the km are on cycles, {least:.1%} are asked for"
    for row in figures["steps"]:
        if row["n_above"] or row["n_alone"]:
            yield (
                f"stage of {row['year']}: {row['km_above']:.3f} km above its hardest grade, "
                f"{row['km_alone']:.3f} km harder than grade {ladder.free_grade} without an "
                f"easier test road beside them, {why_let_go(row)}"
            )
