"""Owns the way from layers to the instance: exclusions, opened roads, worth and zones."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from planner.inputs import Inputs
from planner.network import RoadNetwork, centrelines, centrelines_layer, incident_counts
from planner.scenario import Scenario
from planner.testroads.counting import Counting, counting
from planner.testroads.grades import grade_terms, grades_of
from planner.testroads.instance import Bools, Instance, Ints, Shape, Variety, ZoneGoal
from planner.testroads.limits import limits_of
from planner.testroads.opened import Opened, opened_history
from planner.testroads.reviews import asked_goals, of_mark, with_refused
from planner.testroads.safety import Safety, safety
from planner.testroads.surroundings import concerning, metric_lines, surroundings
from planner.testroads.worth import base_value, scene_of, variety_pieces

REACH_MARGIN = 0.999
"""A zone must be reached with this margin, so that metric and geodesic metres agree."""


@dataclass(frozen=True)
class Prepared:
    """The instance and what it was made of, in its row order.

    ``segments`` satisfies ``layers.SEGMENTS`` (EPSG:4326); ``history`` is what was opened
    before, ``counting`` what each segment adds on either basis; ``reasons`` hold every
    exclusion; ``meeting`` says how many segments meet at each node; ``mandated`` are the rows
    of the zones that must be reached; ``terms`` are the points of the grade and ``scenes`` the
    scene of each segment; ``centrelines`` satisfy ``layers.CENTRELINES``.
    """

    instance: Instance
    segments: gpd.GeoDataFrame
    history: Opened
    counting: Counting
    reasons: tuple[str, ...]
    meeting: Ints
    nodes: gpd.GeoDataFrame
    mandated: gpd.GeoDataFrame
    closed_hours: tuple[str, ...]
    terms: pd.DataFrame
    scenes: NDArray[np.object_]
    centrelines: gpd.GeoDataFrame


def prepare(
    inputs: Inputs, network: RoadNetwork, scenario: Scenario, *, late: bool = True
) -> Prepared:
    """Turn inputs and road network into the instance.

    Rows are sorted by segment id, so that the order of the network cannot matter.

    Parameters
    ----------
    late
        Whether a segment that works close at first may open in a later stage; else it is
        excluded.
    """
    order = np.argsort(network.segments["segment_id"].to_numpy(dtype=str), kind="stable")
    segments = network.segments.iloc[order].reset_index(drop=True)
    from_node, to_node = network.from_index[order], network.to_index[order]
    meeting = incident_counts(network)
    in_plan = scenario.years()
    history = opened_history(segments, inputs.opened_roads, inputs.metric_crs, in_plan[-1])
    around = surroundings(segments, (meeting[from_node], meeting[to_node]), inputs)
    island = network.nodes["component"].to_numpy()[from_node] != 0
    safe = safety(segments, island, around, inputs, scenario)
    refused = of_mark(segments, inputs.road_reviews, "ban")
    reasons = with_refused(_reasons(safe, history, in_plan[0], late=late), refused)
    opened = history.year > 0
    excluded = _excluded(reasons, opened)
    merged = centrelines(network, inputs.metric_crs)
    metres = counting(network.segments, merged).taken(order)
    counted_m = metres.counted_m(scenario.test_roads.counting_basis)
    mandated = _mandated(inputs)
    terms, scenes = grade_terms(segments, around), scene_of(segments, around)
    grade = grades_of(terms)
    instance = Instance(
        segment_id=tuple(str(name) for name in segments["segment_id"]),
        from_node=from_node,
        to_node=to_node,
        n_nodes=len(network.nodes),
        length_m=segments["length_m"].to_numpy(dtype=float),
        counted_m=counted_m,
        worth=base_value(segments, counted_m, around),
        grade=grade,
        excluded=excluded,
        opened=opened,
        zones=_goals(mandated, segments, excluded, inputs, scenario),
        limits=limits_of(segments, grade, scenario.road_limits),
        variety=_variety(scenes),
        shape=_shape(scenario),
        open_from=np.where(opened, in_plan[0], safe.open_from),
    )
    return Prepared(
        instance=instance,
        segments=segments,
        history=history,
        counting=metres,
        reasons=reasons,
        meeting=meeting,
        nodes=network.nodes,
        mandated=mandated,
        closed_hours=safe.closed_hours,
        terms=terms,
        scenes=scenes,
        centrelines=centrelines_layer(merged, network),
    )


def _mandated(inputs: Inputs) -> gpd.GeoDataFrame:
    """Return the zones that must be reached, RangeIndex."""
    zones = concerning(inputs.zones)
    return zones[zones["mandated"].to_numpy(dtype=bool)].reset_index(drop=True)


def _excluded(reasons: tuple[str, ...], opened: Bools) -> Bools:
    return np.array([bool(reason) for reason in reasons], dtype=bool) & ~opened


def _variety(scenes: NDArray[np.object_]) -> Variety:
    number = np.unique(scenes.astype(str), return_inverse=True)[1]
    return Variety(number.astype(np.int64), tuple(variety_pieces()))


def _shape(scenario: Scenario) -> Shape:
    settings = scenario.test_roads
    return Shape(
        least_spur_m=settings.least_spur_m,
        spur_factor=settings.spur_factor,
        least_cycle_share=settings.least_cycle_share,
    )


def _reasons(safe: Safety, history: Opened, first_year: int, *, late: bool) -> tuple[str, ...]:
    """Return the reasons as text.

    A road that may open only after the first stage is left out unless ``late``; one that is
    opened to tests but closes before the plan ends always is.
    """
    from_year = safe.open_from.tolist()
    waits = [(f"closed until {year - 1}",) * (year > first_year and not late) for year in from_year]
    closing = history.closed_year.tolist()
    ends = [(f"no test road from {year} on",) * (year >= first_year) for year in closing]
    rows = zip(safe.reasons, waits, ends, strict=True)
    return tuple("; ".join((*found, *later, *gone)) for found, later, gone in rows)


def _goals(
    mandated: gpd.GeoDataFrame,
    segments: gpd.GeoDataFrame,
    excluded: Bools,
    inputs: Inputs,
    scenario: Scenario,
) -> tuple[ZoneGoal, ...]:
    goals = []
    lines = metric_lines(segments, inputs.metric_crs)
    places = mandated.geometry.to_crs(inputs.metric_crs).to_numpy()
    rows = zip(mandated["zone_id"], places, mandated["radius_m"], strict=True)
    for zone_id, place, radius_m in rows:
        metres = np.where(excluded, np.inf, shapely.distance(lines, place))
        reach_m = scenario.test_roads.mandated_reach_m + float(radius_m)
        near = np.flatnonzero(metres <= reach_m * REACH_MARGIN)
        nearest = float(metres.min()) if len(metres) else float("inf")
        goals.append(ZoneGoal(str(zone_id), near, nearest))
    return (*goals, *asked_goals(segments, inputs.road_reviews, excluded))
