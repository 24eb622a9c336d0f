"""Demand: where residents live on the road network and how much energy they need a day."""

from planner.demand.cells import Cells, cells_of
from planner.demand.points import make_demand_points
from planner.demand.rates import demand_rates
from planner.demand.years import demand_by_year, electric_vehicles, fleet_demand

__all__ = [
    "Cells",
    "cells_of",
    "demand_by_year",
    "demand_rates",
    "electric_vehicles",
    "fleet_demand",
    "make_demand_points",
]
