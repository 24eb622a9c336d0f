"""Finds the locks of reviewers that no plan can keep, each with the rules that stand against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd

from planner.inputs import Inputs
from planner.network import RoadNetwork
from planner.scenario import Scenario
from planner.siting.instance import Instance
from planner.siting.reasons.confirm import Asked, cheapest
from planner.siting.reasons.conflicts import RULES, smallest_conflict
from planner.siting.reasons.locks import CLAUSES, why_closed
from planner.siting.reasons.phrases import Phrase
from planner.siting.site import lay
from planner.solver import Deadline, Termination

SLASH = " / "


def barred_locks(
    inputs: Inputs,
    network: RoadNetwork,
    demand_points: gpd.GeoDataFrame,
    candidate_sites: gpd.GeoDataFrame,
    scenario: Scenario,
    order: Sequence[str],
) -> dict[str, Phrase]:
    """Return the locks that cannot be kept, by review id, each with what stands against it.

    A lock is barred where nothing may stand at its site, or where it cannot hold beside those
    before it within power and money, as a small solve says.

    Parameters
    ----------
    inputs
        The layers of the case; ``reviews`` hold the locks.
    order
        Ids of the reviews that may be set aside, in the order in which they are admitted; the
        locks of the case itself come before them.
    """
    _, instance = lay(inputs, network, demand_points, candidate_sites, scenario)
    locks = inputs.reviews[inputs.reviews["mark"] == "lock"].reset_index(drop=True)
    at = {str(name): row for row, name in enumerate(locks["review_id"])}
    barred = {
        name: phrase
        for name in order
        if name in at and (phrase := _closed(instance, locks, candidate_sites, at[name]))
    }
    left = [at[name] for name in order if name in at and name not in barred]
    given = [row for name, row in at.items() if name not in set(order)]
    deadline = Deadline.after(scenario.run.time_limit_s)
    if not left or _fit(instance, [*given, *left], scenario, deadline):
        return barred
    names = {row: name for name, row in at.items()}
    for row in left:
        if _fit(instance, [*given, row], scenario, deadline):
            given.append(row)
        else:
            barred[names[row]] = _conflict(_only(instance, [*given, row]), scenario, deadline)
    return barred


def _closed(
    instance: Instance, locks: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, row: int
) -> Phrase | None:
    open_groups = set(instance.options.group[instance.possible()].tolist())
    groups = instance.locked[row]
    if open_groups.intersection(groups):
        return None
    site_id, energy = str(locks["site_id"].iloc[row]), str(locks["energy"].iloc[row])
    reason = sites.set_index("site_id")["reason"].get(site_id)
    return _phrase(why_closed(instance, site_id, energy, groups, reason))


def _phrase(text: str) -> Phrase:
    """Return a reason of a site, held as English, a slash and Chinese, clause by clause."""
    halves = [clause.partition(SLASH) for clause in text.split(CLAUSES)]
    return Phrase(
        "；".join(zh or en for en, _, zh in halves), CLAUSES.join(en for en, _, _ in halves)
    )


def _only(instance: Instance, rows: list[int]) -> Instance:
    return replace(instance, locked=tuple(instance.locked[row] for row in rows))


def _fit(instance: Instance, rows: list[int], scenario: Scenario, deadline: Deadline) -> bool:
    """Return whether these locks can hold together; true where no solve could tell."""
    found = cheapest(_only(instance, rows), Asked(), scenario.run, deadline)
    return found.outcome.termination is not Termination.INFEASIBLE


def _conflict(instance: Instance, scenario: Scenario, deadline: Deadline) -> Phrase:
    """Name the rules that leave no room for the last lock beside those admitted before it."""
    found = smallest_conflict(instance, instance, Asked(), scenario.run, deadline)
    words = [RULES[rule] for rule in found.rules if rule != "reviews.lock"]
    zh, en = "、".join(word.zh for word in words), ", ".join(word.en for word in words)
    return Phrase(
        f"与先前采纳的评审建站要求合计，超出{zh or '现有条件'}",
        f"together with the stations asked for before, it is beyond {en or 'what there is'}",
    )
