"""Makes case folders from real input: what ``planner init`` does."""

from planner.cases.draft import CaseOptions
from planner.cases.folder import MadeCase
from planner.cases.frombase import case_from_base
from planner.cases.fromcity import case_from_city
from planner.cases.fromfiles import case_from_files
from planner.cases.fromosm import case_from_osm

__all__ = [
    "CaseOptions",
    "MadeCase",
    "case_from_base",
    "case_from_city",
    "case_from_files",
    "case_from_osm",
]
