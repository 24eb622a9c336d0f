"""Sites stations for one case: arrays, goals, service, audit, and the layers they become."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.errors import InfeasibleError, Problem
from planner.inputs import Inputs
from planner.network import RoadNetwork
from planner.scenario import Scenario
from planner.siting import audit as siting_audit
from planner.siting.access import township_access
from planner.siting.from_layers import Place, make_instance, township_nodes, usable_sites
from planner.siting.goals import Goal, measured_goals, pursue
from planner.siting.instance import Instance
from planner.siting.made_layers import (
    Answered,
    make_assignments,
    make_station_years,
    make_stations,
    make_supply_upgrades,
)
from planner.siting.milestone_layer import make_milestones
from planner.siting.presolve import presolve_warnings, refuse_contradictions
from planner.siting.reasons.explain import explained
from planner.siting.reasons.repairs import repairs
from planner.siting.reasons.why import site_reasons
from planner.siting.search import Build
from planner.siting.service import Service, deal_out, idle
from planner.siting.way_access import highway_access, trip_access
from planner.siting.ways import make_ways
from planner.solver import Deadline


@dataclass(frozen=True)
class SitingAnswer:
    """Which stations to build and when, whom they serve, and how sure that is.

    The frames satisfy the layers of their names; ``goals`` are in lexicographic order;
    ``warnings`` say before any solve what cannot be met; ``audit`` names the checks that
    passed.
    """

    stations: gpd.GeoDataFrame
    station_years: pd.DataFrame
    supply_upgrades: pd.DataFrame
    assignments: pd.DataFrame
    township_access: gpd.GeoDataFrame
    highway_access: gpd.GeoDataFrame
    trip_access: gpd.GeoDataFrame
    milestones: pd.DataFrame
    site_reasons: pd.DataFrame
    repairs: pd.DataFrame
    warnings: tuple[Problem, ...]
    goals: tuple[Goal, ...]
    audit: tuple[str, ...]


def site_stations(
    inputs: Inputs,
    network: RoadNetwork,
    demand_points: gpd.GeoDataFrame,
    candidate_sites: gpd.GeoDataFrame,
    scenario: Scenario,
    deadline: Deadline,
) -> SitingAnswer:
    """Decide which stations to build and re-prove the answer without the solver.

    Raises
    ------
    InfeasibleError
        If locks, bans, power and money contradict each other.
    LimitError
        If time ran out before there was a plan.
    VerificationError
        If the answer breaks a constraint: it is withheld.
    """
    place, instance = pose(inputs, network, demand_points, candidate_sites, scenario)
    sites, townships, ways = place.sites, place.townships, place.ways
    tolerance = scenario.siting.gap_tolerance
    try:
        build, reached = pursue(instance, scenario.run, tolerance, deadline)
    except InfeasibleError as error:
        raise explained(instance, scenario.run, deadline) from error
    build, service = served_by_phase(instance, build, scenario, deadline)
    passed = siting_audit.audit(instance, build, service)
    answered = Answered(instance, build, service, sites, inputs, scenario)
    stations = make_stations(answered)
    return SitingAnswer(
        stations,
        make_station_years(answered, stations),
        make_supply_upgrades(answered),
        make_assignments(answered, stations),
        township_access(inputs, network, townships, stations, scenario),
        highway_access(network, sites, ways, stations, scenario),
        trip_access(inputs, network, sites, ways, stations, scenario),
        make_milestones(answered),
        site_reasons(answered),
        repairs(answered, place, deadline, candidate_sites),
        tuple(presolve_warnings(instance, inputs, place, scenario)),
        measured_goals(instance, build, service, reached, tolerance),
        passed,
    )


def presolve(
    inputs: Inputs,
    network: RoadNetwork,
    demand_points: gpd.GeoDataFrame,
    candidate_sites: gpd.GeoDataFrame,
    scenario: Scenario,
) -> list[Problem]:
    """Return what no plan can meet, as far as it can be told without solving.

    Raises
    ------
    InfeasibleError
        If locks cannot hold: there is no plan at all.
    """
    place, instance = pose(inputs, network, demand_points, candidate_sites, scenario)
    return presolve_warnings(instance, inputs, place, scenario)


def pose(
    inputs: Inputs,
    network: RoadNetwork,
    demand_points: gpd.GeoDataFrame,
    candidate_sites: gpd.GeoDataFrame,
    scenario: Scenario,
) -> tuple[Place, Instance]:
    """Return the siting problem of a case and the ground it was made from.

    Raises
    ------
    InfeasibleError
        If reviews contradict each other, power or money.
    """
    place, instance = lay(inputs, network, demand_points, candidate_sites, scenario)
    refuse_contradictions(instance, inputs, candidate_sites)
    return place, instance


def lay(
    inputs: Inputs,
    network: RoadNetwork,
    demand_points: gpd.GeoDataFrame,
    candidate_sites: gpd.GeoDataFrame,
    scenario: Scenario,
) -> tuple[Place, Instance]:
    """Return the siting problem of a case as it is, with locks that may not hold."""
    sites = usable_sites(candidate_sites)
    townships = township_nodes(inputs.townships, network, scenario)
    ways = make_ways(inputs, network, sites, scenario)
    place = Place(network, demand_points, sites, townships, ways)
    return place, make_instance(inputs, place, scenario)


def served_by_phase(
    instance: Instance, build: Build, scenario: Scenario, deadline: Deadline
) -> tuple[Build, dict[str, Service]]:
    """Return the plan without idle stations, and who serves whom in every phase."""
    last = instance.n_years - 1
    after = deal_out(instance, build.chosen[last], last, scenario.run, deadline)
    useless = idle(instance, build.chosen[last], after)
    build = Build(np.where(useless[None, :], -1, build.chosen), build.upgraded)
    service = {"after": after}
    service["before"] = deal_out(instance, instance.standing(), last, scenario.run, deadline)
    for t in range(last):
        year = str(instance.years[t])
        service[year] = deal_out(instance, build.chosen[t], t, scenario.run, deadline)
    return build, service
