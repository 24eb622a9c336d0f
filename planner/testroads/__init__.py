"""Chooses the test roads: one contiguous network, its stages, its equipment, its proof."""

from planner.testroads.answer import TestRoadAnswer, choose_test_roads
from planner.testroads.instance import Instance, ZoneGoal

__all__ = ["Instance", "TestRoadAnswer", "ZoneGoal", "choose_test_roads"]
