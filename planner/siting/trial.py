"""Plans stations once more under other reviews, only to see what changes."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from planner.inputs import Inputs
from planner.network import RoadNetwork
from planner.scenario import Scenario
from planner.siting.goals import Goal, measured_goals, pursue
from planner.siting.made_layers import Answered, make_stations, make_supply_upgrades
from planner.siting.reasons.why import site_reasons
from planner.siting.site import pose, served_by_phase
from planner.solver import Deadline


@dataclass(frozen=True)
class SitingTrial:
    """Stations as another choice would have them; the frames satisfy the layers of their names."""

    stations: gpd.GeoDataFrame
    supply_upgrades: pd.DataFrame
    site_reasons: pd.DataFrame
    goals: tuple[Goal, ...]


def try_stations(
    inputs: Inputs,
    network: RoadNetwork,
    demand_points: gpd.GeoDataFrame,
    candidate_sites: gpd.GeoDataFrame,
    scenario: Scenario,
) -> SitingTrial:
    """Decide which stations to build, without the proofs and layers of a plan.

    Raises
    ------
    InfeasibleError
        If locks, bans, power and money contradict each other.
    LimitError
        If time ran out before there was a plan.
    """
    place, instance = pose(inputs, network, demand_points, candidate_sites, scenario)
    deadline = Deadline.after(scenario.run.time_limit_s)
    tolerance = scenario.siting.gap_tolerance
    build, reached = pursue(instance, scenario.run, tolerance, deadline)
    build, service = served_by_phase(instance, build, scenario, deadline)
    answered = Answered(instance, build, service, place.sites, inputs, scenario)
    return SitingTrial(
        make_stations(answered),
        make_supply_upgrades(answered),
        site_reasons(answered),
        measured_goals(instance, build, service, reached, tolerance),
    )
