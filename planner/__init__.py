"""Plan charging, swap and hydrogen stations and connected-vehicle test roads, with proof."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.outputs import explore
    from planner.pipeline import make_plan, write_plan
    from planner.plan import Plan
    from planner.scenario import Scenario, load_scenario
    from planner.verify import verify_plan

__version__ = "0.1.0"

__all__ = ["Plan", "Scenario", "explore", "load_scenario", "make_plan", "verify_plan", "write_plan"]

_ROOMS = {
    "Plan": "planner.plan",
    "Scenario": "planner.scenario",
    "explore": "planner.outputs",
    "load_scenario": "planner.scenario",
    "make_plan": "planner.pipeline",
    "verify_plan": "planner.verify",
    "write_plan": "planner.pipeline",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use, so that ``planner --help`` stays fast."""
    if name in _ROOMS:
        return getattr(import_module(_ROOMS[name]), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
