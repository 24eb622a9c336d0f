"""Poses the test-road problem of a case and chooses its network, once for all of a study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.scenario import Scenario
from planner.solver import Deadline, Outcome
from planner.studies.posed import lay_ground
from planner.testroads.choice import choose_network
from planner.testroads.frames import test_road_frame
from planner.testroads.instance import METRES_PER_KM, Bools, Instance
from planner.testroads.prepare import Prepared, prepare
from planner.testroads.quick import Quick, worth_of


@dataclass(frozen=True)
class RoadCase:
    """The test-road problem of a case, with the metres its network may have."""

    scenario: Scenario
    prepared: Prepared
    window_m: tuple[float, float]

    @property
    def instance(self) -> Instance:
        """The problem as arrays."""
        return self.prepared.instance

    def deadline(self) -> Deadline:
        """Return the moment by which one more choice has ended."""
        return Deadline.after(self.scenario.run.time_limit_s)

    def km(self, rows: Bools) -> float:
        """Return the counted km of some rows."""
        return round(float(self.instance.counted_m[rows].sum()) / METRES_PER_KM, 6) + 0.0

    def frame(self, rows: Bools) -> pd.DataFrame:
        """Return some rows as test roads of the last year, with their corridors."""
        years = np.where(rows, self.scenario.years()[-1], 0)
        return pd.DataFrame(test_road_frame(self.prepared, years).drop(columns="geometry"))


def road_case(scenario: Scenario) -> RoadCase:
    """Read the layers of a case and pose its test-road problem.

    Raises
    ------
    InputError
        If a layer is refused.
    """
    ground, settings = lay_ground(scenario), scenario.test_roads
    targets = [settings.target_km_by_year[year] for year in scenario.years()]
    high_m = max(settings.most_km(km) for km in targets) * METRES_PER_KM
    window_m = max(targets) * METRES_PER_KM, high_m
    return RoadCase(scenario, prepare(ground.inputs, ground.network, scenario), window_m)


def first_network(case: RoadCase) -> tuple[Quick, Outcome]:
    """Return the network of the plan, with its proof."""
    low_m, high_m = case.window_m
    found = choose_network(
        case.instance, low_m=low_m, high_m=high_m, run=case.scenario.run, deadline=case.deadline()
    )
    km = case.km(found.chosen)
    holds = km * METRES_PER_KM >= low_m
    return Quick(found.chosen, km, worth_of(case.instance, found.chosen), holds), found.outcome
