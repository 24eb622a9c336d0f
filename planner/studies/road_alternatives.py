"""Finds test-road networks nearly as good that differ as they can, and what each corridor is worth.

A network found before makes its roads count less; the search is short, and every network is
measured by the worth of the case before it counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planner.scenario import Scenario
from planner.solver import Outcome
from planner.studies.alternatives import NEARLY_ALL
from planner.studies.posed import Tell, silent
from planner.studies.road_posed import RoadCase, first_network, road_case
from planner.testroads.instance import Bools
from planner.testroads.quick import Quick, quick_network, worth_of
from planner.testroads.search import Effort

MOST_CORRIDORS = 10
TRIES = ((1.0, False), (1.0, True), (0.7, True), (0.45, True), (0.25, True), (0.1, True))
"""Share of their worth that roads of earlier networks lose, and whether scenes still count."""
EFFORT = Effort(rounds=40, idle_rounds=15)
LEAST_NEW_KM = 1e-3
PLAN_COLUMNS = {
    "plan": "int64",
    "km": "float64",
    "worth": "float64",
    "worth_below_first": "float64",
    "target_met": "bool",
    "km_as_first": "float64",
    "km_only_here": "float64",
}
ROAD_COLUMNS = {
    "segment_id": "str",
    "name": "str",
    "road_class": "str",
    "km": "float64",
    "opened_before": "bool",
    "share_of_plans": "float64",
    "common": "bool",
    "plans": "str",
}
CORRIDOR_COLUMNS = {
    "corridor_id": "str",
    "name": "str",
    "km": "float64",
    "worth": "float64",
    "worth_lost": "float64",
    "worth_lost_share": "float64",
    "km_lost": "float64",
    "km_instead": "float64",
    "target_met": "bool",
    "zones_lost": "int64",
}


@dataclass(frozen=True)
class RoadAlternatives:
    """Networks of test roads whose worth is within a gap of the first.

    Parameters
    ----------
    plans
        A row a network, the first one first: counted km, worth and by which share it is below
        the first's, whether it reaches the target and its limits, and the km that the first has
        too and that none before it has.
    roads
        A row a segment that some network has: the share of the networks that do, and whether
        that is nearly all of them.
    corridors
        The longest corridors of the first network, each dropped in turn: the worth and km that
        the best network found without it loses, and the km it takes instead. A longer search
        could only lose less.
    gap
        The stated share of the worth.
    outcome
        How the choice of the first network ended, with bound and gap.
    ended
        Why the search for further networks ended; empty where all were found.
    """

    scenario: Scenario
    plans: pd.DataFrame
    roads: pd.DataFrame
    corridors: pd.DataFrame
    gap: float
    outcome: Outcome
    ended: str

    @property
    def common_km(self) -> float:
        """The counted km of the roads that nearly all networks have."""
        return float(self.roads["km"][self.roads["common"]].sum())


def road_alternatives(
    scenario: Scenario, n: int = 4, gap: float = 0.05, *, tell: Tell = silent
) -> RoadAlternatives:
    """Return up to ``n`` networks within ``gap`` of the first's worth, and corridors' values.

    Parameters
    ----------
    scenario
        The assumptions; each choice has its whole ``run.time_limit_s``.
    n
        How many networks, the first among them.
    gap
        Share by which the worth of a network may be below the first's.
    tell
        Called with one line a network and a corridor.

    Raises
    ------
    InputError
        If a layer of the case is refused.
    """
    case = road_case(scenario)
    first, outcome = first_network(case)
    plans, ended = [first], ""
    tell(f"network 1: {first.km:.1f} km, worth {first.worth:.1f}")
    while len(plans) < n:
        found = _further(case, plans, gap)
        if found is None:
            ended = "no other network within the gap was found"
            break
        plans.append(found)
        shared = case.km(found.chosen & first.chosen)
        tell(f"network {len(plans)}: shares {shared:.1f} of {first.km:.1f} km with the first")
    return RoadAlternatives(
        scenario,
        _plan_rows(case, plans),
        _road_rows(case, plans),
        _corridor_rows(case, first, tell),
        gap,
        outcome,
        ended,
    )


def _further(case: RoadCase, plans: list[Quick], gap: float) -> Quick | None:
    """Return one network more, of those within the gap the least like any before, or none."""
    first, instance = plans[0], case.instance
    used = np.any([plan.chosen for plan in plans], axis=0)
    best: tuple[float, Quick] | None = None
    for discount, scenes in TRIES:
        worth = np.where(used, 1.0 - discount, 1.0) * instance.worth
        posed = replace(instance, worth=worth, variety=instance.variety if scenes else None)
        seed = case.scenario.run.seed + len(plans)
        tried = quick_network(posed, case.window_m, seed, case.deadline(), effort=EFFORT)
        found = replace(tried, worth=worth_of(instance, tried.chosen))
        as_good = found.worth >= (1.0 - gap) * first.worth and found.holds >= first.holds
        apart = min(case.km(found.chosen & ~plan.chosen) for plan in plans)
        if as_good and apart > (best[0] if best else LEAST_NEW_KM):
            best = apart, found
    return best[1] if best else None


def _plan_rows(case: RoadCase, plans: list[Quick]) -> pd.DataFrame:
    first, rows = plans[0], []
    before = np.zeros_like(first.chosen)
    for number, plan in enumerate(plans, start=1):
        rows.append(
            {
                "plan": number,
                "km": plan.km,
                "worth": plan.worth,
                "worth_below_first": 1.0 - plan.worth / first.worth if first.worth else 0.0,
                "target_met": plan.holds,
                "km_as_first": case.km(plan.chosen & first.chosen),
                "km_only_here": case.km(plan.chosen & ~before),
            }
        )
        before |= plan.chosen
    return pd.DataFrame(rows, columns=list(PLAN_COLUMNS)).astype(PLAN_COLUMNS)


def _road_rows(case: RoadCase, plans: list[Quick]) -> pd.DataFrame:
    held = np.array([plan.chosen for plan in plans])
    any_of: Bools = np.asarray(held.any(axis=0), dtype=bool)
    frame = case.frame(any_of)
    share = held[:, any_of].mean(axis=0)
    numbers = [
        " ".join(str(number + 1) for number in np.flatnonzero(column)) for column in held.T[any_of]
    ]
    made = frame.assign(
        km=frame["counted_m"] / 1000,
        name=frame["name"].fillna(frame["ref"]).fillna(""),
        share_of_plans=share,
        common=share >= NEARLY_ALL,
        plans=numbers,
    )
    made = made[list(ROAD_COLUMNS)].astype(ROAD_COLUMNS)
    return made.sort_values(
        ["share_of_plans", "segment_id"], ascending=[False, True], ignore_index=True
    )


def _corridor_rows(case: RoadCase, first: Quick, tell: Tell) -> pd.DataFrame:
    """Return what dropping each of the longest corridors loses; opened roads stay."""
    frame = case.frame(first.chosen)
    rows_of = np.flatnonzero(first.chosen)
    planned = ~case.instance.opened[rows_of]
    mine = frame[planned]
    longest = mine.groupby("corridor_id")["counted_m"].sum()
    order = sorted(longest.index, key=lambda key: (-round(float(longest[key]), 3), str(key)))
    rows = []
    for corridor in order[:MOST_CORRIDORS]:
        of = np.zeros_like(first.chosen)
        of[rows_of[planned & (frame["corridor_id"] == corridor).to_numpy(dtype=bool)]] = True
        names = mine["name"].fillna(mine["ref"])[mine["corridor_id"] == corridor].dropna()
        name = str(names.min()) if len(names) else ""
        row = _without(case, first, of)
        rows.append({"corridor_id": str(corridor), "name": name} | row)
        tell(f"without {corridor} {name}: {row['worth_lost']:.1f} of worth is lost")
    return pd.DataFrame(rows, columns=list(CORRIDOR_COLUMNS)).astype(CORRIDOR_COLUMNS)


def _without(case: RoadCase, first: Quick, of: Bools) -> dict[str, float | bool]:
    """Return what the best network found without some rows loses against the first."""
    instance = case.instance
    rest = first.chosen & ~of
    barred = replace(instance, excluded=instance.excluded | of)
    seed = case.scenario.run.seed
    found = quick_network(barred, case.window_m, seed, case.deadline(), likely=rest)
    lost = max(0.0, first.worth - found.worth)
    reached = [
        (bool(first.chosen[zone.rows].any()), bool(found.chosen[zone.rows].any()))
        for zone in instance.zones
    ]
    return {
        "km": case.km(of),
        "worth": first.worth - worth_of(instance, rest) if rest.any() else first.worth,
        "worth_lost": lost,
        "worth_lost_share": lost / first.worth if first.worth else 0.0,
        "km_lost": max(0.0, first.km - found.km),
        "km_instead": case.km(found.chosen & ~first.chosen),
        "target_met": found.holds,
        "zones_lost": sum(was and not now for was, now in reached),
    }
