"""Says everything about a case that can be said without solving."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from planner.candidates import make_candidate_sites
from planner.demand import make_demand_points
from planner.errors import Problem
from planner.inputs import Inputs, LayerProvenance, read_inputs
from planner.network import RoadNetwork, build_network, nearest_m, snap
from planner.scenario import Scenario
from planner.siting import presolve


@dataclass(frozen=True)
class CaseReport:
    """What a case holds and what a planner should know before the solve.

    ``warnings`` lists everything that is odd but not refused; ``figures`` are counts in
    plain words; ``rejected_rows`` satisfies :data:`planner.layers.REJECTED_ROWS`.
    """

    provenance: tuple[LayerProvenance, ...]
    warnings: tuple[Problem, ...]
    figures: dict[str, int | float]
    rejected_rows: pd.DataFrame


def check_case(scenario: Scenario) -> CaseReport:
    """Read a case, build its network, demand and candidate sites, and report.

    Raises
    ------
    InputError
        If a layer is refused: every problem of every layer at once.
    InfeasibleError
        If reviews lock what cannot be built.
    """
    inputs = read_inputs(scenario)
    network = build_network(inputs)
    demand = make_demand_points(inputs, network, scenario)
    sites = make_candidate_sites(inputs, network, demand, scenario)
    accepted = sites[sites["status"] == "accepted"]
    warnings = [*inputs.warnings, *network.warnings]
    warnings += _townships(inputs, network, accepted, scenario)
    warnings += _budget(scenario)
    told = presolve(inputs, network, demand, sites, scenario)
    # Townships without a candidate are told above, with how far they are from their road.
    warnings += [problem for problem in told if problem.code != "W-PRE-001"]
    segments = network.segments
    main = network.nodes["component"].to_numpy()[network.from_index] == 0
    figures: dict[str, int | float] = {
        "counties": len(inputs.counties),
        "townships": len(inputs.townships),
        "townships_without_place": int(inputs.townships.geometry.isna().sum()),
        "road_segments": len(segments),
        "road_km": round(float(segments["length_m"].sum()) / 1000, 3),
        "road_km_in_one_piece": round(float(segments["length_m"][main].sum()) / 1000, 3),
        "demand_points": len(demand),
        "residents": round(float(demand["population"].sum())),
        "candidate_sites": len(accepted),
        "rejected_candidate_sites": len(sites) - len(accepted),
        "existing_stations": len(inputs.existing_stations),
        "rejected_rows": len(inputs.rejected_rows),
    }
    return CaseReport(inputs.provenance, tuple(warnings), figures, inputs.rejected_rows)


def _townships(
    inputs: Inputs, network: RoadNetwork, accepted: gpd.GeoDataFrame, scenario: Scenario
) -> list[Problem]:
    located = inputs.townships[~inputs.townships.geometry.isna()]
    found = []
    without = len(inputs.townships) - len(located)
    if without:
        found.append(
            Problem(
                "W-TWN-001",
                f"{without} of {len(inputs.townships)} townships have no place: the plan keeps "
                "them and reports that they cannot be checked",
                "give their lon and lat in the townships layer",
                layer="townships",
                count=without,
            )
        )
    if located.empty:
        return found
    nodes, metres = snap(network, located.geometry, max_snap_m=scenario.candidates.max_snap_m)
    charging = accepted[accepted["energies"].str.contains("charging", na=False)]
    nearest = nearest_m(network, charging["node_id"], limit_m=scenario.rules.township_radius_m)
    for township_id, name, node, away in zip(
        located["township_id"], located["name"], nodes, metres, strict=True
    ):
        if node < 0:
            reason = f"{name} has no road within {scenario.candidates.max_snap_m:g} m"
            fix = "bring the missing roads or correct its place; the plan cannot check it"
        elif nearest[node] > scenario.rules.township_radius_m:
            reason = (
                f"{name} ({away:.0f} m from its road) has no candidate site within "
                f"{scenario.rules.township_radius_m:g} m by road: it will be short"
            )
            fix = "offer a candidate site there, or raise rules.township_radius_m"
        else:
            continue
        found.append(Problem("W-TWN-002", reason, fix, layer="townships", row=str(township_id)))
    return found


def _budget(scenario: Scenario) -> list[Problem]:
    public = [row for row in scenario.technologies.values() if row.owner == "public"]
    cheapest = min(
        (row.fixed_cost_cny + row.min_units * row.unit_cost_cny for row in public), default=0
    )
    if scenario.siting.budget_cny >= cheapest:
        return []
    return [
        Problem(
            "W-BUD-001",
            f"the budget of {scenario.siting.budget_cny:,} CNY is below the cheapest station "
            f"({cheapest:,} CNY): nothing can be built",
            "raise siting.budget_cny",
            column="siting.budget_cny",
        )
    ]
