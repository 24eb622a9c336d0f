"""Owns the answer of the room: the verb that chooses test roads, and what it returns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.inputs import Inputs
from planner.layers import (
    CLOSED_ROADS,
    MATERIALS,
    REJECTED_SEGMENTS,
    ROAD_LIMITS,
    ROAD_REPAIRS,
    RSUS,
    SEGMENT_TERMS,
    SUBSIDIES,
    SUBSIDY_YEARS,
    TEST_ROADS,
    validate,
)
from planner.network import RoadNetwork
from planner.scenario import Scenario
from planner.solver import Deadline, Outcome
from planner.testroads.audit import Claim, audit
from planner.testroads.audit_equipment import Bought
from planner.testroads.choice import Network, choose_network
from planner.testroads.equipment import equip
from planner.testroads.frames import closed_road_frame, rejected_frame, terms_frame, test_road_frame
from planner.testroads.grades import JUNCTION_ARMS
from planner.testroads.instance import METRES_PER_KM, Instance, Ints, ZoneGoal, is_contiguous
from planner.testroads.limits import limit_frame
from planner.testroads.places import Roadside
from planner.testroads.prepare import Prepared, prepare
from planner.testroads.repairs import Missed, equipped_km_cny, road_repairs
from planner.testroads.stages import Ladder, Target, opened_m, stage_years
from planner.testroads.structure import network_figures, network_notes, stage_steps
from planner.testroads.subsidy import subsidy_rows, subsidy_years

Row = dict[str, object]


@dataclass(frozen=True)
class TestRoadAnswer:
    """The chosen test roads with stages, equipment, money and proof.

    Parameters
    ----------
    test_roads, closed_roads, segment_terms, road_limits, rejected_segments, rsus, materials,
    subsidies, subsidy_years, road_repairs
        Satisfy their layers (EPSG:4326).
    outcome
        Objective is the worth: sum of ``test_value`` and what scenes add, less what short
        spurs lose. Bound is what no network can exceed.
    stages
        Rows ``year, target_km, opened_km, met``.
    mandated
        Rows ``zone_id, name, reached, distance_m, reason``.
    network
        Worth and shape of the network as a whole, and its steps from simple to complex.
    notes
        What a reader should know: stages not met and why, opened roads left outside, money
        without a jurisdiction.
    audit
        Names of the checks that were passed.
    """

    test_roads: gpd.GeoDataFrame
    closed_roads: gpd.GeoDataFrame
    segment_terms: pd.DataFrame
    road_limits: pd.DataFrame
    rejected_segments: gpd.GeoDataFrame
    rsus: gpd.GeoDataFrame
    materials: pd.DataFrame
    subsidies: pd.DataFrame
    subsidy_years: pd.DataFrame
    road_repairs: pd.DataFrame
    outcome: Outcome
    stages: list[Row]
    mandated: list[Row]
    network: Row
    notes: tuple[str, ...]
    audit: tuple[str, ...]


def choose_test_roads(
    inputs: Inputs, network: RoadNetwork, scenario: Scenario, deadline: Deadline
) -> TestRoadAnswer:
    """Choose the test roads, their years, their equipment and the subsidy.

    One contiguous network that holds the opened roads, reaches the mandated zones and has the
    most worth within the target of the last year and its tolerance. A target that cannot be
    met is reported, never an error.

    Raises
    ------
    VerificationError
        If the answer does not hold when it is re-proved; it is withheld.
    """
    prepared = prepare(inputs, network, scenario)
    targets = _targets(scenario)
    final_m = max(target.low_m for target in targets)
    chosen = choose_network(
        prepared.instance,
        low_m=final_m,
        high_m=max(target.high_m for target in targets),
        run=scenario.run,
        deadline=deadline,
    )
    opened_year = prepared.history.year
    years = stage_years(prepared.instance, chosen.chosen, opened_year, targets, _ladder(scenario))
    return _answer(inputs, scenario, prepared, chosen, years, deadline)


def _ladder(scenario: Scenario) -> Ladder:
    return Ladder(scenario.test_roads.free_grade, scenario.test_roads.most_grades())


def _targets(scenario: Scenario) -> list[Target]:
    settings = scenario.test_roads
    km = {year: settings.target_km_by_year[year] for year in scenario.years()}
    return [
        Target(year, low * METRES_PER_KM, settings.most_km(low) * METRES_PER_KM)
        for year, low in km.items()
    ]


def _answer(
    inputs: Inputs,
    scenario: Scenario,
    prepared: Prepared,
    chosen: Network,
    years: Ints,
    deadline: Deadline,
) -> TestRoadAnswer:
    instance = prepared.instance
    roads = test_road_frame(prepared, years)
    roads, bought = _equip(inputs, scenario, prepared, roads)
    claim = Claim(instance, years, chosen.in_reach, chosen.high_m, chosen.unjoined_opened)
    passed = audit(claim, roads, bought, scenario)
    stages = _stage_figures(instance, years, _targets(scenario))
    km_cny = equipped_km_cny(roads, bought.equipment.materials)
    missed = Missed(prepared, years, tuple(_targets(scenario)), km_cny, inputs.zones, scenario)
    limits = limit_frame(roads, scenario.road_limits)
    network = _network(scenario, prepared, years)
    notes = [
        *_notes(instance, chosen, stages, bought),
        *network_notes(network, limits, _ladder(scenario)),
    ]
    return TestRoadAnswer(
        test_roads=validate(roads, TEST_ROADS),
        closed_roads=validate(closed_road_frame(prepared), CLOSED_ROADS),
        segment_terms=validate(terms_frame(prepared, years), SEGMENT_TERMS),
        road_limits=validate(limits, ROAD_LIMITS),
        rejected_segments=validate(rejected_frame(prepared), REJECTED_SEGMENTS),
        rsus=validate(bought.equipment.rsus, RSUS),
        materials=validate(bought.equipment.materials, MATERIALS),
        subsidies=validate(bought.subsidies, SUBSIDIES),
        subsidy_years=validate(bought.subsidy_years, SUBSIDY_YEARS),
        road_repairs=validate(road_repairs(missed, deadline), ROAD_REPAIRS),
        outcome=chosen.outcome,
        stages=stages,
        mandated=_mandated_rows(inputs, scenario, prepared, chosen),
        network=network,
        notes=tuple(notes),
        audit=passed,
    )


def _network(scenario: Scenario, prepared: Prepared, years: Ints) -> Row:
    figures = network_figures(prepared.instance, years, prepared.scenes)
    steps = stage_steps(prepared.instance, years, scenario.years(), _ladder(scenario))
    return figures | {"steps": steps}


def _equip(
    inputs: Inputs, scenario: Scenario, prepared: Prepared, roads: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, Bought]:
    """Return the test roads with what is equipped when, and what is bought for it."""
    names = prepared.nodes["node_id"].to_numpy()[prepared.meeting >= JUNCTION_ARMS]
    around = Roadside(
        prepared.segments,
        inputs.zones,
        inputs.road_features,
        frozenset(str(name) for name in names),
        inputs.metric_crs,
    )
    # Where jurisdictions are listed, a road outside all of them has nobody who pays for it.
    owned = roads["jurisdiction_id"].notna().to_numpy(dtype=bool)
    bought = equip(roads, around, owned | (len(inputs.jurisdictions) == 0), scenario)
    roads = roads.assign(equipped=bought.equipped, equipped_year=bought.equipped_year)
    years = subsidy_years(
        inputs.jurisdictions, bought.materials, scenario.years(), scenario.subsidy
    )
    money = subsidy_rows(inputs.jurisdictions, roads, bought.rsus, years, scenario.subsidy)
    return roads, Bought(bought, money, years)


def _stage_figures(instance: Instance, years: Ints, targets: list[Target]) -> list[Row]:
    """Return one row per year: cumulative target and counted km, and whether it is met."""
    rows: list[Row] = []
    for target in targets:
        opened_km = round(opened_m(instance, years, target.year) / METRES_PER_KM, 6)
        target_km = round(target.low_m / METRES_PER_KM, 6)
        rows.append(
            {
                "year": target.year,
                "target_km": target_km,
                "opened_km": opened_km,
                "met": opened_km >= target_km,
            }
        )
    return rows


def _mandated_rows(
    inputs: Inputs, scenario: Scenario, prepared: Prepared, chosen: Network
) -> list[Row]:
    zones, instance = prepared.mandated, prepared.instance
    lines = prepared.segments.geometry[chosen.chosen].to_crs(inputs.metric_crs).to_numpy()
    places = zones.geometry.to_crs(inputs.metric_crs).to_numpy()
    rows: list[Row] = []
    for number, goal in enumerate(instance.zones):
        nearest = float(shapely.distance(lines, places[number]).min()) if len(lines) else np.inf
        radius_m = float(zones["radius_m"].iloc[number])
        reached = nearest <= scenario.test_roads.mandated_reach_m + radius_m
        name = zones["name"].iloc[number]
        rows.append(
            {
                "zone_id": goal.zone_id,
                "name": name if isinstance(name, str) else goal.zone_id,
                "reached": reached,
                "distance_m": round(nearest, 3) if np.isfinite(nearest) else None,
                "reason": None if reached else _why_not(goal, chosen),
            }
        )
    return rows


def _why_not(goal: ZoneGoal, chosen: Network) -> str:
    if not len(goal.rows):
        if not np.isfinite(goal.distance_m):
            return "there is no permitted road"
        return f"the nearest permitted road is {goal.distance_m:.0f} m away"
    if not chosen.usable[goal.rows].any():
        return "no permitted way joins the roads near it to the network"
    return "joining it would make the network longer than its limit"


def _notes(instance: Instance, chosen: Network, stages: list[Row], bought: Bought) -> Iterator[str]:
    usable_km = float(instance.counted_m[chosen.usable].sum()) / METRES_PER_KM
    for row in stages:
        if not row["met"]:
            yield (
                f"target of {row['year']} not met: {row['opened_km']} of {row['target_km']} km; "
                f"{usable_km:.3f} km are permitted and joined, the limit of the network is "
                f"{chosen.high_m / METRES_PER_KM:.3f} km"
            )
    if not is_contiguous(instance, instance.opened):
        yield "the opened roads are in several pieces; the first stage joins them"
    outside_km = float(instance.counted_m[chosen.unjoined_opened].sum()) / METRES_PER_KM
    if outside_km:
        yield f"{outside_km:.3f} km of opened roads cannot be joined and are not counted"
    if bought.equipment.rsus["jurisdiction_id"].isna().any():
        yield "the case lists no jurisdictions: equipment is planned without any subsidy"
    if not bought.equipment.proven:
        yield "the units at junctions are the cheapest found, not proven the cheapest"
    if chosen.cut_short:
        yield "the time limit ended the search or the proof early"
