"""The frozen assumptions of one run, each with unit, source and trust mark."""

from planner.scenario.load import RULES_FILE, SCENARIO_FILE, bundled_case, load_scenario
from planner.scenario.models import (
    Assumption,
    LayerSource,
    Rule,
    Scenario,
    Technology,
)

__all__ = [
    "RULES_FILE",
    "SCENARIO_FILE",
    "Assumption",
    "LayerSource",
    "Rule",
    "Scenario",
    "Technology",
    "bundled_case",
    "load_scenario",
]
