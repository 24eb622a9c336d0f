"""Solves siting instances to the end and tells what the plan is worth."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from planner.scenario.models import RunSettings
from planner.siting import stages
from planner.siting.audit import audit
from planner.siting.goals import measured_goals, pursue
from planner.siting.measure import measured
from planner.siting.site import served_by_phase
from planner.solver import Deadline

RUN = RunSettings(time_limit_s=60, mip_gap=0, seed=1, threads=1, effort=0)
SCENARIO = SimpleNamespace(run=RUN)


@dataclass(frozen=True)
class Solved:
    """A plan that passed the audit, its goals as measured, and the bounds on them."""

    case: object
    build: object
    service: dict
    values: dict
    bounds: dict
    goals: tuple
    reached: tuple

    @property
    def units(self):
        """Return (T, S) units that stand."""
        chosen = self.build.chosen
        return np.where(chosen >= 0, self.case.options.units[chosen], 0).tolist()

    @property
    def chosen(self):
        """Return (T, S) options that stand."""
        return self.build.chosen.tolist()


def solved(case, tolerance=0.0):
    """Pursue every goal to its very optimum, the cost included."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stages, "COST_GAP", 0.0)
        build, reached = pursue(case, RUN, tolerance, Deadline.after(60))
    return told(case, build, reached, tolerance)


def told(case, build, reached, tolerance=0.0):
    """Deal out, audit and measure a plan."""
    build, service = served_by_phase(case, build, SCENARIO, Deadline.after(60))
    audit(case, build, service)
    values = measured(case, build, service, [row.stage for row in reached])
    bounds = {row.stage.name: None if row.bound is None else row.bound * row.stage.unit
              for row in reached}  # fmt: skip
    goals = measured_goals(case, build, service, reached, tolerance)
    return Solved(case, build, service, values, bounds, goals, reached)
