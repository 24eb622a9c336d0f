"""The answer with its figures: the plan's layers and everything ``plan.json`` says."""

from planner.plan.gaps import county_gaps, township_gaps
from planner.plan.plan import Decisions, Plan, assemble

__all__ = ["Decisions", "Plan", "assemble", "county_gaps", "township_gaps"]
