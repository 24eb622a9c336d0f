"""Decides where stations stand: chargers, battery swap and hydrogen in one model."""

from planner.siting.goals import Goal
from planner.siting.site import SitingAnswer, presolve, site_stations

__all__ = ["Goal", "SitingAnswer", "presolve", "site_stations"]
