"""The frozen assumptions of one run, each with unit, source and trust mark."""

from planner.scenario.load import RULES_FILE, SCENARIO_FILE, bundled_case, load_scenario
from planner.scenario.models import Scenario
from planner.scenario.rows import (
    Assumption,
    Fleet,
    Item,
    LayerSource,
    Milestone,
    RoadLimit,
    Rule,
    Scheme,
    Technology,
)

__all__ = [
    "RULES_FILE",
    "SCENARIO_FILE",
    "Assumption",
    "Fleet",
    "Item",
    "LayerSource",
    "Milestone",
    "RoadLimit",
    "Rule",
    "Scenario",
    "Scheme",
    "Technology",
    "bundled_case",
    "load_scenario",
]
