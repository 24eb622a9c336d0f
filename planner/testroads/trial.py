"""Chooses test roads once more under other reviews, only to see what changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from planner.inputs import Inputs
from planner.network import RoadNetwork
from planner.scenario import Scenario
from planner.solver import Deadline
from planner.testroads.instance import METRES_PER_KM, Bools, Instance
from planner.testroads.merit import TOLERANCE_KM
from planner.testroads.prepare import Prepared, prepare
from planner.testroads.quick import quick_network
from planner.testroads.search import Effort
from planner.testroads.task import usable_rows

EFFORT = Effort(rounds=60, idle_rounds=25)
NO_WAY, LENGTH, LIMIT = "no_way", "length", "limit"
"""Why a segment that is permitted cannot be asked for."""


@dataclass(frozen=True)
class RoadTrial:
    """A network as another choice would have it: its segments, counted km and worth."""

    segment_ids: frozenset[str]
    km: float
    worth: float


@dataclass(frozen=True)
class RoadGround:
    """What the roads allow, by segment.

    Parameters
    ----------
    opened
        Segments opened before.
    reasons
        What is said against segments; none where nothing is.
    """

    prepared: Prepared
    opened: frozenset[str]
    reasons: dict[str, str]


def road_ground(inputs: Inputs, network: RoadNetwork, scenario: Scenario) -> RoadGround:
    """Return what the roads allow under the reviews of the inputs."""
    prepared = prepare(inputs, network, scenario)
    ids = np.array(prepared.instance.segment_id, dtype=object)
    excluded = np.flatnonzero(prepared.instance.excluded).tolist()
    reasons = {str(ids[row]): prepared.reasons[row] for row in excluded}
    opened = frozenset(str(name) for name in ids[prepared.instance.opened])
    return RoadGround(prepared, opened, reasons)


def barred_segments(
    ground: RoadGround, scenario: Scenario, asked: Mapping[str, frozenset[str]]
) -> dict[str, tuple[str, str]]:
    """Return which of several sets of segments cannot be asked for, why, and by which limit.

    A set is barred where no permitted way joins it to the network (``"no_way"``), or where it
    is too long beside opened roads and the sets before it, for the targets (``"length"``) or
    for a limit of the mix of roads (``"limit"``).

    Parameters
    ----------
    ground
        From :func:`road_ground`, with refused segments among the excluded ones.
    asked
        Permitted segments by name, in the order in which they are admitted.
    """
    instance = ground.prepared.instance
    at = {name: row for row, name in enumerate(instance.segment_id)}
    usable, held = usable_rows(instance).rows, instance.opened.copy()
    found: dict[str, tuple[str, str]] = {}
    for name, segments in asked.items():
        mine = np.zeros(len(held), dtype=bool)
        mine[[at[segment] for segment in segments]] = True
        if not usable[mine & ~instance.opened].all():
            found[name] = (NO_WAY, "")
            continue
        why = _too_long(instance, held | mine, held, _high_m(scenario))
        if why is None:
            held |= mine
        else:
            found[name] = why
    return found


def _high_m(scenario: Scenario) -> float:
    settings = scenario.test_roads
    return max(settings.most_km(km) for km in settings.target_km_by_year.values()) * METRES_PER_KM


def _too_long(
    instance: Instance, rows: Bools, before: Bools, high_m: float
) -> tuple[str, str] | None:
    km = np.where(rows, instance.counted_m, 0.0) / METRES_PER_KM
    if float(km.sum()) * METRES_PER_KM > high_m and (rows & ~before).any():
        return LENGTH, ""
    for limit in instance.limits:
        # A least km or share is reached by other roads, so that it stands against none.
        if limit.name.endswith(" most") and limit.high_km > 0:
            was_km = float(limit.share[before] @ instance.counted_m[before]) / METRES_PER_KM
            now_km = float(limit.share @ km)
            if now_km > max(limit.high_km, was_km) + TOLERANCE_KM:
                return LIMIT, limit.name.removesuffix(" most")
    return None


def try_roads(ground: RoadGround, scenario: Scenario, likely: frozenset[str]) -> RoadTrial:
    """Choose a network in a short search that favours segments of a good one.

    Parameters
    ----------
    ground
        From :func:`road_ground` under the reviews to be tried.
    likely
        Segments of a network that is known to be good without them.
    """
    instance = ground.prepared.instance
    ids = np.array(instance.segment_id, dtype=object)
    window = max(scenario.test_roads.target_km_by_year.values()) * METRES_PER_KM, _high_m(scenario)
    deadline = Deadline.after(scenario.run.time_limit_s)
    hint = np.array([name in likely for name in ids], dtype=bool)
    found = quick_network(instance, window, scenario.run.seed, deadline, hint, EFFORT)
    return RoadTrial(frozenset(str(name) for name in ids[found.chosen]), found.km, found.worth)
