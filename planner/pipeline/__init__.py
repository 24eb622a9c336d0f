"""Runs the rooms in order: a plan from a scenario, its proof, and the check of a case."""

from planner.pipeline.check import CaseReport, check_case
from planner.pipeline.make import STEPS, make_plan, steps_of, write_plan

__all__ = ["STEPS", "CaseReport", "check_case", "make_plan", "steps_of", "write_plan"]
