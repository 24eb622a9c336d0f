"""The road network of a case: nodes, segments, distances along them, and snapping to them."""

from planner.network.build import build_network
from planner.network.distances import Distances, distances_m
from planner.network.nearest import nearest_m, node_rows
from planner.network.road_network import RoadNetwork, incident_counts, usable_nodes
from planner.network.snapping import snap

__all__ = [
    "Distances",
    "RoadNetwork",
    "build_network",
    "distances_m",
    "incident_counts",
    "nearest_m",
    "node_rows",
    "snap",
    "usable_nodes",
]
