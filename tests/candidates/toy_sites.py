"""Makes the candidate sites of the toy case with layers that a test replaces."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import shapely

from planner.candidates import make_candidate_sites
from planner.layers import CANDIDATE_SITES, validate

ALL = "charging,swap,hydrogen"


def points_layer(template, rows):
    """Return a point layer with the columns of an empty one; rows are (lon, lat, values)."""
    frame = pd.DataFrame([values for *_, values in rows]).reindex(columns=template.columns)
    places = [shapely.Point(lon, lat) for lon, lat, _ in rows]
    frame = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=places, crs=template.crs)
    for column in frame.columns.drop("geometry"):
        if frame[column].dtype == object:
            frame[column] = frame[column].astype("str")
    return frame


def zone(place, zone_id="z9", kind="exclusion", applies_to="all", radius_m=300.0):
    values = {
        "zone_id": zone_id, "name": zone_id, "kind": kind, "applies_to": applies_to,
        "radius_m": radius_m, "mandated": False, "source": "made", "trust": "illustrative",
    }  # fmt: skip
    return (*place, values)


def sites_of(toy, scenario, **layers):
    inputs, network, demand_points = toy
    made = {
        name: points_layer(getattr(inputs, name), rows) if rows else getattr(inputs, name).iloc[:0]
        for name, rows in layers.items()
    }
    sites = make_candidate_sites(replace(inputs, **made), network, demand_points, scenario)
    validate(sites, CANDIDATE_SITES)
    return sites.set_index("site_id")


def with_setting(scenario, section, **values):
    return scenario.model_copy(
        update={section: getattr(scenario, section).model_copy(update=values)}
    )


def case_point(place, site_id="A", energies=ALL, **values):
    return (*place, {"site_id": site_id, "name": site_id, "energies": energies} | values)


def existing(place, station_id="e", technology="swap"):
    values = {"station_id": station_id, "name": "e", "technology": technology, "n_units": 1}
    return (*place, values)
