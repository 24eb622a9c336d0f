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
    CENTRELINES,
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
from planner.testroads.letting_go import with_reasons
from planner.testroads.limits import limit_frame
from planner.testroads.places import Roadside
from planner.testroads.prepare import Prepared, prepare
from planner.testroads.repairs import Missed, equipped_km_cny, road_repairs
from planner.testroads.stages import Ladder, Target, opened_m, stage_years, stages_hold
from planner.testroads.structure import network_figures, network_notes, stage_steps
from planner.testroads.subsidy import subsidy_rows, subsidy_years
from planner.testroads.wishes import FleetWishes, wish_chargers, wish_notes

Row = dict[str, object]


@dataclass(frozen=True)
class TestRoadAnswer:
    """The chosen test roads with stages, equipment, money and proof.

    Parameters
    ----------
    test_roads, closed_roads, centrelines, segment_terms, road_limits, rejected_segments, rsus,
    materials, subsidies, subsidy_years, road_repairs
        Satisfy their layers (EPSG:4326).
    fleet_wishes
        Where test fleets should be able to charge: a layer for the stations, and its proof.
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
    centrelines: gpd.GeoDataFrame
    segment_terms: pd.DataFrame
    road_limits: pd.DataFrame
    rejected_segments: gpd.GeoDataFrame
    rsus: gpd.GeoDataFrame
    materials: pd.DataFrame
    subsidies: pd.DataFrame
    subsidy_years: pd.DataFrame
    road_repairs: pd.DataFrame
    fleet_wishes: FleetWishes
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
    staged = _staged(inputs, network, scenario, deadline)
    return _answer(inputs, network, scenario, staged, deadline)


def _staged(
    inputs: Inputs, network: RoadNetwork, scenario: Scenario, deadline: Deadline
) -> tuple[Prepared, Network, Ints]:
    """Return the network and its stages.

    Roads that works close at first join a later stage; where the stages do not hold with
    them, or one misses its target, the network is chosen without them too, and the one that
    misses less is taken.
    """
    prepared = prepare(inputs, network, scenario)
    chosen, years = _chosen(prepared, scenario, deadline)
    late = np.asarray(prepared.instance.open_from) > scenario.years()[0]
    held = stages_hold(prepared.instance, years, scenario.years())
    missed_m = _missed_m(prepared.instance, years, scenario)
    if not (late & (years > 0)).any() or (held and not missed_m):
        return prepared, chosen, years
    without = prepare(inputs, network, scenario, late=False)
    other, other_years = _chosen(without, scenario, deadline)
    if held and missed_m <= _missed_m(without.instance, other_years, scenario):
        return prepared, chosen, years
    return without, other, other_years


def _chosen(prepared: Prepared, scenario: Scenario, deadline: Deadline) -> tuple[Network, Ints]:
    targets = _targets(scenario)
    chosen = choose_network(
        prepared.instance,
        low_m=max(target.low_m for target in targets),
        high_m=max(target.high_m for target in targets),
        run=scenario.run,
        deadline=deadline,
    )
    instance, opened_year = prepared.instance, prepared.history.year
    return chosen, stage_years(instance, chosen.chosen, opened_year, targets, _ladder(scenario))


def _missed_m(instance: Instance, years: Ints, scenario: Scenario) -> float:
    """Return by how many metres the stages miss their targets, all years together."""
    short = (target.low_m - opened_m(instance, years, target.year) for target in _targets(scenario))
    return round(sum(max(0.0, metres) for metres in short), 3)


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
    network: RoadNetwork,
    scenario: Scenario,
    staged: tuple[Prepared, Network, Ints],
    deadline: Deadline,
) -> TestRoadAnswer:
    prepared, chosen, years = staged
    instance = prepared.instance
    roads = test_road_frame(prepared, years)
    roads, bought = _equip(inputs, scenario, prepared, roads)
    claim = Claim(instance, years, chosen.in_reach, chosen.high_m, chosen.unjoined_opened)
    passed = audit(claim, roads, bought, scenario)
    stages = _stage_figures(instance, years, _targets(scenario))
    km_cny = equipped_km_cny(roads, bought.equipment.materials)
    missed = Missed(prepared, years, tuple(_targets(scenario)), km_cny, inputs.zones, scenario)
    limits = limit_frame(roads, scenario.road_limits)
    told = _network(scenario, prepared, years)
    wishes = wish_chargers(inputs, network, roads, scenario)
    notes = [
        *_notes(instance, chosen, stages, bought),
        *network_notes(told, limits, _ladder(scenario)),
        *wish_notes(wishes),
    ]
    return TestRoadAnswer(
        test_roads=validate(roads, TEST_ROADS),
        closed_roads=validate(closed_road_frame(prepared), CLOSED_ROADS),
        centrelines=validate(prepared.centrelines, CENTRELINES),
        segment_terms=validate(terms_frame(prepared, years), SEGMENT_TERMS),
        road_limits=validate(limits, ROAD_LIMITS),
        rejected_segments=validate(rejected_frame(prepared), REJECTED_SEGMENTS),
        rsus=validate(bought.equipment.rsus, RSUS),
        materials=validate(bought.equipment.materials, MATERIALS),
        subsidies=validate(bought.subsidies, SUBSIDIES),
        subsidy_years=validate(bought.subsidy_years, SUBSIDY_YEARS),
        road_repairs=validate(road_repairs(missed, deadline), ROAD_REPAIRS),
        fleet_wishes=wishes,
        outcome=chosen.outcome,
        stages=stages,
        mandated=_mandated_rows(inputs, scenario, prepared, chosen),
        network=told,
        notes=tuple(notes),
        audit=passed,
    )


def _network(scenario: Scenario, prepared: Prepared, years: Ints) -> Row:
    figures = network_figures(prepared.instance, years, prepared.scenes)
    instance, ladder = prepared.instance, _ladder(scenario)
    steps = stage_steps(instance, years, scenario.years(), ladder)
    return figures | {"steps": with_reasons(steps, instance, years, _targets(scenario), ladder)}


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
    for number, goal in enumerate(instance.zones[: len(zones)]):
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
