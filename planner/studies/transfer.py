"""Tries a plan on a changed problem: whether it still holds and is still as good."""

from __future__ import annotations

import numpy as np

from planner.errors import LimitError, VerificationError
from planner.siting.audit import audit
from planner.siting.instance import Instance
from planner.siting.measure import measured
from planner.siting.search import Build
from planner.siting.site import served_by_phase
from planner.solver import Deadline
from planner.studies.posed import Solved

Key = tuple[str, int, str, int, int]
SLIGHT = 1e-6
WORSE = "worse in "
"""How the reason begins that names goals; what follows are their names and commas."""


def no_longer_good(plan: Solved, changed: Solved) -> str:
    """Return why a plan will not do for a changed problem; empty where it still does.

    It will do if every station of it is still on offer, every rule of the audit holds, and
    no goal is worse than that of the changed problem's own plan by more than the gap at which
    that goal's solve stopped and the tolerance.
    """
    instance, scenario = changed.posed.instance, changed.posed.scenario
    build = _carried_over(plan, instance)
    if build is None:
        return "a station of it is no longer on offer"
    try:
        deadline = Deadline.after(scenario.run.time_limit_s)
        build, service = served_by_phase(instance, build, scenario, deadline)
        audit(instance, build, service)
    except (VerificationError, LimitError) as error:
        return error.problems[0].reason
    stages = [row.stage for row in changed.reached]
    found = measured(instance, build, service, stages)
    tolerance = scenario.siting.gap_tolerance
    worse = []
    for row in changed.reached:
        stage, best = row.stage, changed.value(row.stage.name)
        if best is None:
            continue
        lost = best - found[stage.name] if stage.maximise else found[stage.name] - best
        if lost > (stage.gap + tolerance) * abs(best) + SLIGHT:
            worse.append(stage.name)
    return f"{WORSE}{', '.join(worse)}" if worse else ""


def _carried_over(plan: Solved, instance: Instance) -> Build | None:
    """Return the plan in the rows of another instance, None where it does not fit into it."""
    old, build = plan.posed.instance, plan.answered.build
    known = {_key(instance, o): o for o in range(len(instance.options))}
    if instance.years != old.years or instance.supply_node_id != old.supply_node_id:
        return None
    chosen = np.repeat(instance.standing()[None, :], instance.n_years, axis=0)
    for t, s in np.argwhere(build.chosen >= 0).tolist():
        o = known.get(_key(old, int(build.chosen[t, s])))
        if o is None:
            return None
        chosen[t, instance.options.group[o]] = o
    return Build(chosen, build.upgraded.copy())


def _key(instance: Instance, o: int) -> Key:
    """Return what an option is, in words that hold in every instance of a case."""
    options = instance.options
    s = int(options.group[o])
    return (
        instance.site_id[instance.group_site[s]],
        int(instance.group_energy[s]),
        instance.technology[options.technology[o]],
        int(options.units[o]),
        int(options.action[o]),
    )
