"""Makes small road layers and networks by hand."""

import geopandas as gpd
import numpy as np
import shapely

from planner.crs import WGS84, metric_crs
from planner.inputs import Inputs, empty_layer
from planner.layers import (
    CANDIDATE_POINTS,
    EXISTING_STATIONS,
    FLEET_STOCK,
    JURISDICTIONS,
    OPENED_ROADS,
    REJECTED_ROWS,
    REVIEWS,
    ROAD_FEATURES,
    SUPPLY_NODES,
    TOWNSHIPS,
    TRIPS,
    ZONES,
)
from planner.network import RoadNetwork

DEGREE_M = 111319.491
"""A degree of the equator in metres: 6378137 * pi / 180, rounded."""


def road(road_id, *places, **other):
    """Return a two-way tertiary road through places in thousandths of a degree."""
    lines = [np.array(places, dtype=float) / 1000]
    row = {
        "road_id": road_id, "name": None, "ref": None, "road_class": "tertiary",
        "oneway": False, "speed_kph": 40.0, "lanes": 2, "bridge": False, "tunnel": False,
        "trust": "illustrative", "geometry": shapely.LineString(lines[0]),
    }  # fmt: skip
    return row | other


def layer(rows):
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=WGS84)
    for name in ("name", "ref"):
        frame[name] = frame[name].astype("str")
    return frame


def inputs_of(rows, **other):
    """Return inputs with two square counties, west and east of 0.5 degrees, and the roads."""
    counties = gpd.GeoDataFrame(
        {
            "county_id": ["1", "2"],
            "name": ["West", "East"],
            "population": [6000.0, 3000.0],
            "population_trust": "illustrative",
            "population_source": "made",
        },
        geometry=[shapely.box(-0.5, -0.5, 0.5, 0.5), shapely.box(0.5, -0.5, 1.5, 0.5)],
        crs=WGS84,
    )
    layers = {
        "counties": counties,
        "townships": empty_layer(TOWNSHIPS),
        "jurisdictions": empty_layer(JURISDICTIONS),
        "roads": layer(rows),
        "existing_stations": empty_layer(EXISTING_STATIONS),
        "opened_roads": empty_layer(OPENED_ROADS),
        "zones": empty_layer(ZONES),
        "road_features": empty_layer(ROAD_FEATURES),
        "candidate_points": empty_layer(CANDIDATE_POINTS),
        "supply_nodes": empty_layer(SUPPLY_NODES),
        "reviews": empty_layer(REVIEWS),
        "trips": empty_layer(TRIPS),
        "fleet_stock": empty_layer(FLEET_STOCK),
        "rejected_rows": empty_layer(REJECTED_ROWS),
    }
    crs = metric_crs((-0.5, -0.5, 1.5, 0.5), china=False)
    return Inputs(**(layers | other), provenance=(), warnings=(), metric_crs=crs)


def network_of(n_nodes, arcs):
    """Return a network of nodes on the equator, 0.01 degrees apart.

    ``arcs`` are (from, to, metres, one-way) by node row.
    """
    points = shapely.points(np.arange(n_nodes) / 100, np.zeros(n_nodes))
    nodes = gpd.GeoDataFrame(
        {
            "node_id": [f"n{row + 1}" for row in range(n_nodes)],
            "county_id": "1",
            "township_id": None,
            "jurisdiction_id": None,
            "component": 0,
        },
        geometry=points,
        crs=WGS84,
    )
    start = np.array([arc[0] for arc in arcs], dtype=np.int64)
    end = np.array([arc[1] for arc in arcs], dtype=np.int64)
    segments = gpd.GeoDataFrame(
        {
            "segment_id": [f"s{row + 1}" for row in range(len(arcs))],
            "road_class": "tertiary",
            "oneway": np.array([arc[3] for arc in arcs], dtype=bool),
            "length_m": [float(arc[2]) for arc in arcs],
        },
        geometry=[shapely.LineString([points[a], points[b]]) for a, b, *_ in arcs],
        crs=WGS84,
    )
    return RoadNetwork(nodes, segments, start, end, ())
