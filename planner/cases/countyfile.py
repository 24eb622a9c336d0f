"""Reads the counties of a case from a boundary file or from an OpenStreetMap extract."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from planner.cases.draft import as_layer
from planner.cases.extract import Thing
from planner.cases.synonyms import COUNTY_NAMES, looked_for, resolved
from planner.errors import InputError, Problem
from planner.inputs import read_foreign
from planner.inputs.numbers import number_of, text_of
from planner.inputs.places import county_of
from planner.layers import COUNTIES, TRUST_MARKS

OSM_POPULATION = "OpenStreetMap tag population"


def counties_from_file(
    path: Path, *, datum: str, layer: str = ""
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Read counties from a vector file; population stays empty where the file has none.

    Raises
    ------
    InputError
        If the file cannot be used or has no column for ids or names; the message says which
        names were looked for.
    """
    frame, findings = read_foreign(path, COUNTIES, datum=datum, name=layer)
    columns = resolved(frame, COUNTY_NAMES)
    problems = [
        Problem(
            "E-COL-001",
            looked_for(wanted, COUNTY_NAMES, frame),
            "rename a column of the file to one of these",
            file=path.name,
            layer="counties",
            column=wanted,
        )
        for wanted in ("county_id", "name")
        if wanted not in columns
    ]
    if problems:
        raise InputError(problems)
    rows = [
        _row({name: frame[column].loc[row] for name, column in columns.items()}, path.name)
        for row in frame.index
    ]
    return as_layer("counties", rows, frame.geometry), findings.notes


def _row(cells: dict[str, object], file: str) -> dict[str, object]:
    texts = {
        name: text_of(cell).strip()
        for name, cell in cells.items()
        if name != "population" and not pd.isna(cell)
    }
    population = cells.get("population")
    known = population is not None and not pd.isna(population)
    trust = texts.get("population_trust", "U")
    return {
        "county_id": texts.get("county_id"),
        "name": texts.get("name"),
        "name_en": texts.get("name_en"),
        "population": number_of(population) if known else None,
        "population_trust": trust if known and trust in TRUST_MARKS else "U",
        "population_source": texts.get("population_source", f"column of {file}") if known else None,
    }


def counties_from_areas(areas: Sequence[Thing], places: Sequence[Thing]) -> gpd.GeoDataFrame:
    """Make counties of administrative areas; population from their tag or their places'."""
    rows = []
    for area in areas:
        population = _population(area.tags)
        rows.append(
            {
                "county_id": area.thing_id,
                "name": area.tags.get("name", area.thing_id),
                "name_en": area.tags.get("name:en"),
                "population": population,
                "population_trust": "X" if population is not None else "U",
                "population_source": OSM_POPULATION if population is not None else None,
            }
        )
    counties = as_layer("counties", rows, [area.geometry for area in areas])
    return _with_population_of_places(counties, places)


def _with_population_of_places(
    counties: gpd.GeoDataFrame, places: Sequence[Thing]
) -> gpd.GeoDataFrame:
    counted = [place for place in places if _population(place.tags) is not None]
    points = gpd.GeoSeries([place.geometry for place in counted], crs=counties.crs)
    sums = (
        pd.Series([_population(place.tags) for place in counted], index=points.index, dtype=float)
        .groupby(county_of(points, counties))
        .sum()
    )
    missing = counties["population"].isna() & counties["county_id"].isin(sums.index)
    filled = counties["county_id"].map(sums)
    counties.loc[missing, "population"] = filled[missing]
    counties.loc[missing, "population_trust"] = "X"
    counties.loc[missing, "population_source"] = f"{OSM_POPULATION} of its places"
    return counties


def _population(tags: dict[str, str]) -> float | None:
    digits = tags.get("population", "").replace(" ", "").replace(",", "").replace("'", "")
    return float(digits) if digits.isdigit() else None
