"""Poses the siting problem of a case and solves it, again and again over the same ground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.candidates import make_candidate_sites
from planner.demand import make_demand_points
from planner.inputs import Inputs, read_inputs
from planner.network import RoadNetwork, build_network
from planner.scenario import Scenario
from planner.siting import Goal, site
from planner.siting.audit import audit
from planner.siting.from_layers import Place
from planner.siting.goals import measured_goals, pursue
from planner.siting.instance import Instance
from planner.siting.made_layers import Answered
from planner.siting.search import Reached
from planner.solver import Deadline

Tell = Callable[[str], None]


def silent(_line: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Ground:
    """What a case stands on whatever its settings: its layers and its roads."""

    inputs: Inputs
    network: RoadNetwork


@dataclass(frozen=True)
class Posed:
    """A siting problem and the scenario and ground it was made from."""

    scenario: Scenario
    inputs: Inputs
    place: Place
    instance: Instance


@dataclass(frozen=True)
class Solved:
    """A siting problem with its plan; goals are measured on the plan, each with its bound."""

    posed: Posed
    answered: Answered
    reached: tuple[Reached, ...]
    goals: tuple[Goal, ...]

    def goal(self, name: str) -> Goal | None:
        """Return a goal by name, None where the case has none of it."""
        return next((goal for goal in self.goals if goal.name == name), None)

    def value(self, name: str) -> float | None:
        """Return what the plan measures for a goal, None where the case has none of it."""
        goal = self.goal(name)
        return None if goal is None else goal.outcome.objective

    def served_share(self) -> float:
        """Return the share of all demand of the target year that is served, in kWh."""
        whole = demand_kwh(self.posed.instance)
        return (self.value("demand_served") or 0.0) / whole if whole else 1.0


def lay_ground(scenario: Scenario) -> Ground:
    """Read the layers of a case and build its road network.

    Raises
    ------
    InputError
        If a layer is refused.
    """
    inputs = read_inputs(scenario)
    return Ground(inputs, build_network(inputs))


def pose(ground: Ground, scenario: Scenario) -> Posed:
    """Make the siting problem of a scenario on a ground.

    Raises
    ------
    InfeasibleError
        If reviews contradict each other.
    """
    inputs, network = ground.inputs, ground.network
    points = make_demand_points(inputs, network, scenario)
    candidates = make_candidate_sites(inputs, network, points, scenario)
    place, instance = site.pose(inputs, network, points, candidates, scenario)
    return Posed(scenario, inputs, place, instance)


def solve_posed(posed: Posed) -> Solved:
    """Plan a posed problem within its own time limit and re-prove the plan.

    Raises
    ------
    InfeasibleError
        If locks, power and money contradict each other.
    LimitError
        If time ran out before there was a plan.
    VerificationError
        If the plan breaks a constraint.
    """
    scenario, instance = posed.scenario, posed.instance
    deadline = Deadline.after(scenario.run.time_limit_s)
    tolerance = scenario.siting.gap_tolerance
    build, reached = pursue(instance, scenario.run, tolerance, deadline)
    build, service = site.served_by_phase(instance, build, scenario, deadline)
    audit(instance, build, service)
    answered = Answered(instance, build, service, posed.place.sites, posed.inputs, scenario)
    goals = measured_goals(instance, build, service, reached, tolerance)
    return Solved(posed, answered, reached, goals)


def demand_kwh(instance: Instance) -> float:
    """Return all demand a day of the target year in kWh equivalents."""
    return float((instance.demand[-1] @ instance.kwh_per_unit).sum())


def spent_cny(answered: Answered) -> int:
    """Return the capital that a plan spends, grid upgrades included."""
    instance = answered.instance
    chosen = answered.build.chosen[-1]
    upgrades = instance.supply.upgrade_cny[answered.build.upgraded[-1]]
    return int(instance.options.capital[chosen[chosen >= 0]].sum() + np.sum(upgrades))
