"""Puts decisions, layers and figures together into one plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from planner import __version__, layers
from planner.demand import demand_by_year, fleet_demand
from planner.errors import Problem
from planner.inputs import Inputs
from planner.network import RoadNetwork
from planner.plan import figures as made
from planner.plan.gaps import county_gaps, point_gaps, township_gaps
from planner.plan.ledger import ledger_frame
from planner.plan.reviewed import Reviewed
from planner.plan.roadside_money import subsidy_figures
from planner.plan.siting_figures import siting_figures
from planner.plan.verdict import milestone_rows, road_limit_rows, rule_rows, verdict
from planner.plan.wishes import wish_figures, wishes_met
from planner.scenario import Scenario
from planner.siting import SitingAnswer
from planner.testroads import TestRoadAnswer

FORMAT = "planner-plan-1"


@dataclass(frozen=True)
class Decisions:
    """What the rooms decided about one case, before it is put together."""

    network: RoadNetwork
    demand_points: gpd.GeoDataFrame
    candidate_sites: gpd.GeoDataFrame
    siting: SitingAnswer
    test_roads: TestRoadAnswer
    reviewed: Reviewed = field(default_factory=Reviewed)


@dataclass(frozen=True)
class Plan:
    """A plan: the scenario it answers, its layers by name, and its figures.

    ``layers`` holds a GeoDataFrame (EPSG:4326) or DataFrame for every layer of
    :data:`planner.layers.PLAN_LAYERS`; ``figures`` is the content of ``plan.json``.
    ``explorer`` draws it: the pipeline gives it, as drawing is a later room's work.
    """

    scenario: Scenario
    layers: dict[str, gpd.GeoDataFrame]
    figures: dict[str, Any]
    explorer: Callable[..., Any] | None = field(default=None, repr=False, compare=False)

    @property
    def stations(self) -> gpd.GeoDataFrame:
        """Existing and planned stations."""
        return self.layers["stations"]

    @property
    def test_roads(self) -> gpd.GeoDataFrame:
        """The chosen segments with their stage year."""
        return self.layers["test_roads"]

    @property
    def county_gaps(self) -> pd.DataFrame:
        """Coverage gap and capacity gap of each county, energy and phase."""
        return self.layers["county_gaps"]

    def explore(self, **options: Any) -> Any:  # noqa: ANN401 - another room's type
        """Return the map of the plan, which a notebook shows; see :func:`planner.explore`.

        Parameters
        ----------
        options
            ``lang``, ``height`` and ``tiles`` of :func:`planner.explore`.

        Raises
        ------
        TypeError
            If the plan was put together by hand, without anything that draws it.
        """
        if self.explorer is None:
            message = "this plan has no explorer: call planner.explore(plan)"
            raise TypeError(message)
        return self.explorer(self, **options)

    @property
    def folder_name(self) -> Path:
        """Where the command line writes the plan unless told otherwise."""
        parts = (self.scenario.case_id, self.scenario.variant)
        return Path("out") / "-".join(part for part in parts if part)


def assemble(scenario: Scenario, inputs: Inputs, decisions: Decisions) -> Plan:
    """Put the layers of a plan together and compute its figures.

    Raises
    ------
    InputError
        If a room broke the schema of its layer: a defect, caught here and not on the map.
    """
    demand = demand_by_year(decisions.demand_points, inputs, scenario)
    points = point_gaps(
        decisions.demand_points, demand, decisions.siting, decisions.network, scenario
    )
    frames = _given(inputs) | _decided(inputs, decisions, scenario)
    frames["county_gaps"] = county_gaps(points, inputs.counties)
    frames["township_gaps"] = township_gaps(points)
    frames["fleet_wishes"] = wishes_met(
        decisions.test_roads.fleet_wishes, decisions.siting.stations, decisions.network, scenario
    )
    checked = {
        layer.name: layers.validate(frames[layer.name], layer).reset_index(drop=True)
        for layer in layers.PLAN_LAYERS
    }
    warnings = (*inputs.warnings, *decisions.network.warnings, *decisions.siting.warnings)
    return Plan(scenario, checked, _figures(scenario, inputs, decisions, checked, points, warnings))


def _given(inputs: Inputs) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers that a plan repeats from its case."""
    return {
        "counties": inputs.counties,
        "townships": inputs.townships,
        "jurisdictions": inputs.jurisdictions,
        "zones": inputs.zones,
        "road_features": inputs.road_features,
        "supply_nodes": inputs.supply_nodes,
        "opened_roads": inputs.opened_roads,
        "reviews": inputs.reviews,
        "road_reviews": inputs.road_reviews,
        "trips": inputs.trips,
        "fleet_stock": inputs.fleet_stock,
        "rejected_rows": inputs.rejected_rows,
    }


def _decided(
    inputs: Inputs, decisions: Decisions, scenario: Scenario
) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers that the rooms made."""
    siting, roads, points = decisions.siting, decisions.test_roads, decisions.demand_points
    return {
        "review_log": decisions.reviewed.log,
        "segments": decisions.network.segments,
        "fleet_demand": fleet_demand(points, inputs, scenario),
        "demand_points": points,
        "candidate_sites": decisions.candidate_sites,
        "stations": siting.stations,
        "station_years": siting.station_years,
        "supply_upgrades": siting.supply_upgrades,
        "assignments": siting.assignments,
        "township_access": siting.township_access,
        "highway_access": siting.highway_access,
        "trip_access": siting.trip_access,
        "milestones": siting.milestones,
        "site_reasons": siting.site_reasons,
        "repairs": siting.repairs,
        "test_roads": roads.test_roads,
        "closed_roads": roads.closed_roads,
        "centrelines": roads.centrelines,
        "ledger": ledger_frame(roads.test_roads, roads.closed_roads),
        "segment_terms": roads.segment_terms,
        "road_limits": roads.road_limits,
        "rejected_segments": roads.rejected_segments,
        "rsus": roads.rsus,
        "materials": roads.materials,
        "subsidies": roads.subsidies,
        "subsidy_years": roads.subsidy_years,
        "road_repairs": roads.road_repairs,
    }


def _figures(
    scenario: Scenario,
    inputs: Inputs,
    decisions: Decisions,
    frames: dict[str, gpd.GeoDataFrame],
    points: pd.DataFrame,
    warnings: tuple[Problem, ...],
) -> dict[str, Any]:
    siting, roads = decisions.siting, decisions.test_roads
    goals = [{"name": goal.name} | made.outcome_row(goal.outcome) for goal in siting.goals]
    figures = {
        "format": FORMAT,
        "planner_version": __version__,
        **made.case_figures(scenario, inputs),
        "warnings": [asdict(problem) for problem in warnings],
        "siting": {"goals": goals} | siting_figures(frames, points, scenario),
        "gaps": {
            "county": made.gap_rows(frames["county_gaps"], "county_id", frames["counties"]),
            "township": made.gap_rows(frames["township_gaps"], "township_id", frames["townships"]),
        },
        "townships": made.township_counts(frames["township_access"]),
        "test_roads": {"outcome": made.outcome_row(roads.outcome), "notes": list(roads.notes)}
        | {"network": roads.network}
        | {
            "fleet_wishes": wish_figures(
                roads.fleet_wishes, frames["fleet_wishes"], frames["test_roads"], scenario
            )
        }
        | made.test_road_figures(frames, roads.stages, roads.mandated, scenario),
        "subsidy": subsidy_figures(frames, made.plain_rows(frames["subsidies"]), scenario),
        "reviews": decisions.reviewed.figures,
    }
    rules = [
        *rule_rows(figures, scenario),
        *milestone_rows(frames["milestones"]),
        *road_limit_rows(frames["road_limits"]),
    ]
    return figures | {"rules": rules, "verdict": verdict(rules)}
