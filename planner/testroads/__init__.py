"""Chooses the test roads: one contiguous network, its stages, its equipment, its proof."""

from planner.testroads.answer import TestRoadAnswer, choose_test_roads
from planner.testroads.grades import load_grades
from planner.testroads.instance import Instance, ZoneGoal
from planner.testroads.wishes import FleetWishes
from planner.testroads.worth import load_weights

__all__ = [
    "FleetWishes",
    "Instance",
    "TestRoadAnswer",
    "ZoneGoal",
    "choose_test_roads",
    "load_grades",
    "load_weights",
]
