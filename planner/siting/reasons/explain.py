"""Explains why no plan can hold: the smallest set of rules in conflict and what would mend it."""

from __future__ import annotations

from planner.errors import InfeasibleError, Problem
from planner.scenario.models import RunSettings
from planner.siting.instance import Instance
from planner.siting.reasons.confirm import Asked
from planner.siting.reasons.conflicts import smallest_conflict
from planner.siting.reasons.power_repairs import Wanted, power_repairs
from planner.siting.reasons.repairs import budget_repairs, conflict_text
from planner.solver import Deadline

MENDS = {
    "candidates.max_power_kw": "raise the power limit of the locked sites",
    "supply_nodes.headroom_kw": "raise the headroom of the supply nodes of the locked sites",
    "reviews.lock": "take back one of the locks",
    "siting.hydrogen_budget_cny": "raise siting.hydrogen_budget_cny",
    "siting.budget_cny": "raise siting.budget_cny",
}


def explained(instance: Instance, run: RunSettings, deadline: Deadline) -> InfeasibleError:
    """Return the refusal of a problem without a plan: what conflicts, and priced repairs.

    Only what is hard can leave no plan: locks, power and money; the other rules are softened
    and reported as short.

    Parameters
    ----------
    instance
        A problem of which a solve said that it has no plan.
    run, deadline
        Seed and threads; moment by which the small solves behind the words have ended.
    """
    found = smallest_conflict(instance, instance, Asked(), run, deadline)
    told = conflict_text(found.rules).en if found.rules else "locks, power and money conflict"
    problems = [
        Problem("E-SIT-004", told, MENDS.get(rule, "take back one of the locks"), column=rule)
        for rule in found.rules or ("reviews.lock",)
    ]
    problems += [
        Problem(
            "E-SIT-005",
            repair.text.en,
            "a second solve confirms that this is enough"
            if repair.confirmed
            else "no second solve has confirmed that this is enough",
            column=repair.rule_id,
        )
        for repair in (
            *power_repairs(instance, found.rules, Wanted(Asked(), run, deadline)),
            *budget_repairs(instance, Asked(), run, deadline),
        )
    ]
    return InfeasibleError(problems)
