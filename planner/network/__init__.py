"""The road network of a case: nodes, segments, distances along them, and snapping to them."""

from planner.network.build import build_network
from planner.network.centrelines import Centrelines, centrelines, centrelines_layer
from planner.network.distances import Distances, distances_m
from planner.network.facing import with_facing_nodes
from planner.network.highways import Alongside, Stretch, highway_stretches, positions_on
from planner.network.nearest import nearest_m, node_rows
from planner.network.road_network import RoadNetwork, incident_counts, usable_nodes
from planner.network.snapping import snap
from planner.network.table import DistancePairs, distance_pairs, distance_table
from planner.network.ways import shortest_way

__all__ = [
    "Alongside",
    "Centrelines",
    "DistancePairs",
    "Distances",
    "RoadNetwork",
    "Stretch",
    "build_network",
    "centrelines",
    "centrelines_layer",
    "distance_pairs",
    "distance_table",
    "distances_m",
    "highway_stretches",
    "incident_counts",
    "nearest_m",
    "node_rows",
    "positions_on",
    "shortest_way",
    "snap",
    "usable_nodes",
    "with_facing_nodes",
]
