"""Finds a plan as good as another, within a stated gap, that shares as few sites as it can."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pulp

from planner.scenario.models import RunSettings
from planner.siting.goals import pursue
from planner.siting.instance import Instance
from planner.siting.options import KEEP, Bools, Ints
from planner.siting.program import Model
from planner.siting.search import Build, Reached, advance, begin
from planner.siting.stages import Stage
from planner.solver import Deadline

SMALL_PAIRS = 8000
"""Up to so many pairs of the target year, the most different plan is one solve."""


@dataclass(frozen=True)
class Levels:
    """What an alternative must reach, and how it may be sought.

    Parameters
    ----------
    reached
        The goals of the first plan up to the cost, with their bounds.
    measures
        What that plan measures for each goal, by name, in the goal's own unit.
    gap
        Share of its cost that an alternative may cost more.
    tolerance
        Share of a goal's value that the cost may give back.
    """

    reached: tuple[Reached, ...]
    measures: dict[str, float]
    gap: float
    tolerance: float

    def carried(self) -> list[tuple[Stage, float]]:
        """Return the goals as constraints, the cost among them with its gap."""
        found = []
        for row in self.reached:
            stage = row.stage
            stage = replace(stage, slack=self.gap) if stage.name == "cost" else stage
            found.append((stage, self.measures[stage.name] / stage.unit))
        return found


def changed_groups(instance: Instance, build: Build) -> Bools:
    """Return (S,) the groups at which a plan builds, extends or upgrades a station."""
    chosen = build.chosen[-1]
    action = np.where(chosen >= 0, instance.options.action[chosen], KEEP)
    return np.asarray(action != KEEP)


def different_plan(
    instance: Instance,
    first: Build,
    times_used: Ints,
    levels: Levels,
    run: RunSettings,
    deadline: Deadline,
) -> Build:
    """Return a plan of the target year at these levels that changes few of the used groups.

    ``times_used`` (S,) says how many of the plans so far change each group. On a small
    instance one solve makes the groups shared with these plans, summed over the plans, as
    few as they can be, and a second makes that plan cheap, so that nothing is built for show
    (hop, skip and jump: Brill, Chang and Hopkins, 1982). On a larger one the goals are
    pursued again with the used groups dearer, by the gap at most: whatever wins then costs
    within the gap of the first plan. What is found is to be measured by the caller.
    """
    usable = instance.usable(instance.possible())
    if int(usable[instance.pair_site, instance.pair_energy].sum()) > SMALL_PAIRS:
        dearer = _dearer(instance, times_used, levels.gap)
        return pursue(dearer, run, levels.tolerance, deadline)[0]
    search = begin(instance, run, levels.tolerance, deadline)
    search.years = (instance.n_years - 1,)
    search.allowed &= _in_time(instance)
    search.build = Build(first.chosen.copy(), first.upgraded.copy())
    search.reached.extend(levels.reached)
    search.carried.extend(levels.carried())
    advance(search, Stage("sites_kept", False, run.mip_gap, _kept_terms(times_used)))  # noqa: FBT003
    cost = next((row.stage for row in levels.reached if row.stage.name == "cost"), None)
    if cost is not None:
        search.carried = [pair for pair in search.carried if pair[0].name != "cost"]
        advance(search, cost)
    return search.build


def _in_time(instance: Instance) -> Bools:
    """Return the options that may still be built in the target year, and what stands."""
    options = instance.options
    return np.asarray((options.last >= instance.n_years - 1) | (options.action == KEEP))


def _kept_terms(times_used: Ints) -> Callable[[Model], pulp.LpAffineExpression]:
    """Return the terms of a goal: the groups that change again, as often as they did."""

    def terms(model: Model) -> pulp.LpAffineExpression:
        options = model.instance.options
        times = np.where(options.action != KEEP, times_used[options.group], 0)
        found = {z: float(times[o]) for (o, t), z in model.z.items() if t == model.last}
        return pulp.LpAffineExpression({z: n for z, n in found.items() if n})

    return terms


def _dearer(instance: Instance, times_used: Ints, gap: float) -> Instance:
    """Return the problem with what used groups cost a year raised, the most used by the gap."""
    options = instance.options
    raised = 1 + gap * times_used / max(1, int(times_used.max(initial=0)))
    annual = np.rint(options.annual * raised[options.group]).astype(options.annual.dtype)
    return replace(instance, options=replace(options, annual=annual))
