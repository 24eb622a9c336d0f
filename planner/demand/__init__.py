"""Demand: where residents live on the road network and how much energy they need a day."""

from planner.demand.cells import Cells, cells_of
from planner.demand.points import make_demand_points

__all__ = ["Cells", "cells_of", "make_demand_points"]
