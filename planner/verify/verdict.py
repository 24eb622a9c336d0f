"""Proves what the plan says of itself: solver outcomes, the status of every rule, the verdict."""

from __future__ import annotations

from planner.verify.closures import target_years
from planner.verify.faults import Fault, Faults, unequal
from planner.verify.files import PlanFiles, Row
from planner.verify.milestones import RULE, milestone_status
from planner.verify.roadlimits import RULE as LIMITS
from planner.verify.roadlimits import limit_status
from planner.verify.roadnet import network_worth
from planner.verify.stationstatus import STATUSES, UNKNOWN
from planner.verify.testroads import counted_km
from planner.verify.years import in_force

TERMINATIONS = (
    "proven_optimal", "within_gap", "feasible_limit", "infeasible", "unbounded",
    "no_solution_limit", "error",
)  # fmt: skip
WITHOUT_SOLUTION = ("infeasible", "unbounded", "no_solution_limit", "error")
PROVEN_GAP = 1e-6
REPORTED = ("hydrogen_encouraged", "no_station_subsidy", "fleet_charging")


def rules_follow(plan: PlanFiles) -> Faults:
    """Prove that rule statuses follow from the layers, and the verdict from the statuses."""
    policy = plan.table("policy_rules")
    stated = {str(row.get("rule_id")): row.get("status") for row in plan.rows("rules")}
    together = {RULE: milestone_status(plan), LIMITS: limit_status(plan)}
    own = {rule_id: status for rule_id, status in together.items() if status}
    listed = policy.keys() | own.keys()
    for rule_id in sorted(listed ^ stated.keys()):
        yield Fault("the rules listed are not those of the policy", rule_id)
    year = plan.whole("settings", "siting", "target_year")
    for rule_id, rule in policy.items():
        proven = "not_in_force"
        if in_force(rule, year):
            proven = _status(plan, rule_id)
            if rule["kind"] == "reported" and proven != UNKNOWN:
                proven = "reported"
        yield from unequal(stated.get(rule_id), proven, f"status of {rule_id}")
    for rule_id, status in own.items():
        yield from unequal(stated.get(rule_id), status, f"status of {rule_id}")
    verdict = "short" if "short" in stated.values() else "met"
    yield from unequal(plan.text("verdict"), verdict, "verdict")


def _status(plan: PlanFiles, rule_id: str) -> str:
    """Return what the layers say of a rule, whether it decides anything or not."""
    if rule_id == "test_roads_target":
        last = target_years(plan)[-1]
        target = float(plan.figure("settings", "test_roads", "target_km_by_year", str(last)))
        return "met" if counted_km(plan.layer("test_roads")) >= target - 1e-9 else "short"
    if rule_id == "subsidy" and not plan.whole("settings", "subsidy", "cap_cny"):
        return "reported"
    if rule_id in REPORTED:
        return "reported"
    return STATUSES[rule_id](plan) if rule_id in STATUSES else "met"


def outcomes_consistent(plan: PlanFiles) -> Faults:
    """Prove that objective, bound and gap bear out how each solve says it ended."""
    goals = {str(row.get("name")): row for row in plan.rows("siting", "goals")}
    if not goals:
        yield Fault("no goal of the siting is reported", "siting.goals")
    solves = goals | {"test_roads": plan.mapping("test_roads", "outcome")}
    for name, row in solves.items():
        for what in _outcome_faults(row):
            yield Fault(what, name)
    objective, bound = (plan.figure("test_roads", "outcome", key) for key in ("objective", "bound"))
    worth = network_worth(plan)
    yield from unequal(objective, round(worth, 9), "objective of the test roads")
    if isinstance(bound, float | int) and bound < worth - PROVEN_GAP * max(1.0, worth):
        yield Fault(f"bound {bound} is below what was found, {worth}", "test_roads")


def _outcome_faults(row: Row) -> list[str]:
    ended, objective, bound, gap = (
        row.get(k) for k in ("termination", "objective", "bound", "gap")
    )
    faults = []
    if ended not in TERMINATIONS:
        faults.append(f"termination {ended!r} is not one of a solve")
    if ended in WITHOUT_SOLUTION:
        faults.append(f"the plan rests on a solve that ended as {ended}")
    if gap is not None and not gap >= 0:
        faults.append(f"gap {gap} is below zero")
    if ended == "proven_optimal" and (gap is None or gap > PROVEN_GAP):
        faults.append(f"it is called proven, with a gap of {gap}")
    if objective is not None and bound is not None and gap is not None:
        proven = abs(objective - bound) / (abs(objective) or 1.0)
        if abs(proven - gap) > PROVEN_GAP + 0.01 * proven:
            faults.append(f"gap is stated as {gap}, objective and bound give {proven:.6g}")
    return faults
