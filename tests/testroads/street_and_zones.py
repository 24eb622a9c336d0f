"""Makes a street of equal segments on the equator, and zones and features beside it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from toy_roads import inputs_of, road

from planner.crs import WGS84
from planner.inputs import empty_layer
from planner.layers import ROAD_FEATURES, ZONES
from planner.network import build_network, incident_counts
from planner.testroads.surroundings import surroundings

METRE = 1 / 111.319491
"""A metre in the unit of these roads, thousandths of a degree of the equator."""


def zone(zone_id, east, north, **values):
    """Return a zone at a place in thousandths of a degree."""
    row = {
        "zone_id": zone_id, "name": None, "name_en": None, "kind": "school", "applies_to": "all",
        "radius_m": 50.0, "mandated": False, "closed_hours": None, "closed_from": np.nan,
        "closed_to": np.nan, "source": None, "trust": "U",
        "geometry": shapely.Point(east / 1000, north / 1000),
    }  # fmt: skip
    return row | values


def feature(feature_id, kind, east, north):
    """Return a road feature at a place in thousandths of a degree."""
    place = shapely.Point(east / 1000, north / 1000)
    return {"feature_id": feature_id, "kind": kind, "source": None, "trust": "U",
            "geometry": place}  # fmt: skip


def framed(rows, layer):
    if not rows:
        return empty_layer(layer)
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=WGS84)
    text = [column.name for column in layer.columns if column.kind == "text"]
    return frame.astype(dict.fromkeys(text, "str"))


def street(zones=(), features=(), roads=None):
    """Return inputs and network: four segments of 1.1 km in a row unless roads are given.

    Their lanes differ, so that they stay four.
    """
    rows = roads or [
        road(f"r{k}", (10 * k, 0), (10 * k + 10, 0), lanes=2 + k % 2) for k in range(4)
    ]
    inputs = inputs_of(
        rows,
        zones=framed(list(zones), ZONES),
        road_features=framed(list(features), ROAD_FEATURES),
    )
    return inputs, build_network(inputs)


def around_of(inputs, network):
    meeting = incident_counts(network)
    arms = meeting[network.from_index], meeting[network.to_index]
    return surroundings(network.segments, arms, inputs)


def segments(**columns):
    """Return one segment of a km, two lanes and 50 km/h of the class primary."""
    base = {
        "road_class": ["primary"],
        "name": [None],
        "ref": [None],
        "oneway": [False],
        "speed_kph": [50.0],
        "lanes": [2],
        "bridge": [False],
        "tunnel": [False],
        "length_m": [1000.0],
    }
    return pd.DataFrame(base | {key: [value] for key, value in columns.items()})
