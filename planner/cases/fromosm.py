"""Makes a case from one OpenStreetMap extract: counties, roads, stations, sites and towns."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from planner.cases.amenities import candidate_points, existing_stations
from planner.cases.countyfile import counties_from_areas
from planner.cases.draft import OSM_LICENCE, OSM_SOURCE, CaseOptions, Draft, Origin, as_layer
from planner.cases.extract import (
    PLACE_KINDS,
    Thing,
    extract_date,
    read_amenities,
    read_areas,
    read_places,
    read_roads,
)
from planner.cases.finish import finished
from planner.cases.folder import MadeCase, refuse_occupied
from planner.cases.highways import DEFAULTS_NOTE
from planner.cases.roadside import put_roadside
from planner.crs import metric_crs
from planner.inputs.places import county_of

DEFAULTS = CaseOptions()


def case_from_osm(
    folder: str | Path,
    *,
    osm: str | Path,
    admin_level: int,
    options: CaseOptions = DEFAULTS,
) -> MadeCase:
    """Make a case from one OpenStreetMap extract: counties, roads, stations, sites, towns.

    Substations are not taken over: their free capacity is nowhere in OpenStreetMap, and
    without a figure each site has its own limit of power.

    Raises
    ------
    InputError
        If the extract cannot be read or has no area of that level.
    OutputError
        If the folder is occupied or cannot be written.
    """
    refuse_occupied(Path(folder))
    path = Path(osm)
    areas, places = read_areas(path, admin_level), read_places(path)
    origin = Origin(OSM_SOURCE, OSM_LICENCE, options.date or extract_date(path))
    draft = Draft()
    counties = counties_from_areas(areas, places)
    draft.put("counties", counties, origin)
    draft.put("townships", _townships(places, counties), origin)
    draft.put("roads", read_roads(path), origin)
    things = _inside(read_amenities(path), counties)
    stations, station_notes = existing_stations(things)
    draft.put("existing_stations", stations, origin)
    crs = metric_crs(tuple(counties.total_bounds), china=False)
    sites, site_notes = candidate_points(things, crs)
    draft.put("candidate_sites", sites, origin)
    draft.notes += [
        *station_notes,
        *site_notes,
        DEFAULTS_NOTE,
        "substations left out: OpenStreetMap does not know their free capacity",
    ]
    put_roadside(draft, path, origin)
    return finished(Path(folder), draft, options)


def _inside(things: list[Thing], counties: gpd.GeoDataFrame) -> list[Thing]:
    points = gpd.GeoSeries([thing.geometry for thing in things], crs=counties.crs)
    found = county_of(points, counties).notna()
    return [thing for thing, inside in zip(things, found, strict=True) if inside]


def _townships(places: list[Thing], counties: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return towns and villages as townships; hamlets only where a county has neither."""
    points = gpd.GeoSeries([place.geometry for place in places], crs=counties.crs)
    county = county_of(points, counties)
    major = [place.tags["place"] != "hamlet" for place in places]
    served = set(county[major].dropna())
    rows, shapes = [], []
    for place, is_major, county_id in zip(places, major, county, strict=True):
        if pd.isna(county_id) or not (is_major or county_id not in served):
            continue
        rows.append(
            {
                "township_id": place.thing_id,
                "name": place.tags["name"],
                "name_en": place.tags.get("name:en"),
                "county_id": county_id,
                "kind": PLACE_KINDS[place.tags["place"]],
                "source": f"OpenStreetMap, place={place.tags['place']}",
                "trust": "X",
            }
        )
        shapes.append(place.geometry)
    return as_layer("townships", rows, shapes)
