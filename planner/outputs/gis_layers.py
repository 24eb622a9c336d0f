"""Layers made for maps in GIS programs: gaps on geometry, zones with the ground they concern."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from planner import layers
from planner.layers import Column, Layer
from planner.outputs.wording import word_of

PHASES = ("before", "after")
MEASURES = (
    "demand_per_day",
    "coverage_gap_per_day",
    "capacity_gap_per_day",
    "covered_share",
    "served_share",
)
LEAST_RADIUS_M = 1.0
"""Drawn around a point zone without a radius, so that it is an area at all."""

PER_DAY = {"charging": "kWh/day", "hydrogen": "kg/day"}


def gap_column(energy: str, phase: str, measure: str) -> str:
    """Return the name of a column of a gap map.

    Examples
    --------
    >>> gap_column("swap", "after", "served_share")
    'swap_after_served_share'
    """
    return f"{energy}_{phase}_{measure}"


def _gap_columns() -> tuple[Column, ...]:
    rows = {column.name: column for column in layers.COUNTY_GAPS.columns}
    made = []
    for energy in layers.ENERGIES:
        for phase in PHASES:
            said = word_of("energy", energy), word_of("phase", phase)
            for measure in MEASURES:
                row = rows[measure]
                made.append(
                    Column(
                        gap_column(energy, phase, measure),
                        "number",
                        f"{said[0].zh}·{said[1].zh}·{row.zh}",
                        f"{said[0].en}, {said[1].en}: {row.en}",
                        "" if measure.endswith("share") else PER_DAY.get(energy, "swaps/day"),
                        nullable=True,
                    )
                )
    return tuple(made)


GAP_COLUMNS = _gap_columns()
COUNTY_GAPS_MAP = Layer(
    "county_gaps_map",
    "区县缺口图",
    "Counties with their gaps of every energy, before and after the plan, one row a county.",
    "Polygon",
    (
        Column("county_id", "text", "区县代码", "administrative code (adcode)", unique=True),
        Column("name", "text", "名称", "name"),
        *GAP_COLUMNS,
    ),
)
TOWNSHIP_GAPS_MAP = Layer(
    "township_gaps_map",
    "乡镇缺口图",
    "Located townships with their gaps of every energy, before and after, one row a township.",
    "Point",
    (
        Column("township_id", "text", "统计代码", "statistics code", unique=True),
        Column("name", "text", "名称", "name"),
        Column("county_id", "text", "区县代码", "code of its county"),
        *GAP_COLUMNS,
    ),
)
ZONES_MAP = Layer(
    "zones_map",
    "区域范围图",
    "Zones as areas: each point or polygon with the distance around it that belongs to it.",
    "Polygon",
    layers.ZONES.columns,
)
GIS_LAYERS = (COUNTY_GAPS_MAP, TOWNSHIP_GAPS_MAP, ZONES_MAP)
"""Layers of ``plan.gpkg`` that only show what other layers of it say, on geometry."""


def gis_frames(frames: dict[str, Any], figures: dict[str, Any]) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of ``GIS_LAYERS`` by name.

    Parameters
    ----------
    frames
        The plan's layers by name, in EPSG:4326.
    figures
        Content of ``plan.json``: its metric CRS measures the distance around zones.

    Returns
    -------
    dict[str, geopandas.GeoDataFrame]
        In EPSG:4326, rows in the order of counties, townships and zones.
    """
    townships = frames["townships"]
    located = townships["township_id"].isin(frames["township_gaps"]["township_id"])
    return {
        "county_gaps_map": _gap_map(frames["counties"], frames["county_gaps"], COUNTY_GAPS_MAP),
        "township_gaps_map": _gap_map(
            townships[located], frames["township_gaps"], TOWNSHIP_GAPS_MAP
        ),
        "zones_map": _zone_areas(frames["zones"], str(figures["metric_crs"])),
    }


def _gap_map(places: gpd.GeoDataFrame, gaps: pd.DataFrame, layer: Layer) -> gpd.GeoDataFrame:
    key = layer.columns[0].name
    own = [column.name for column in layer.columns if column not in GAP_COLUMNS]
    table = places[[*own, "geometry"]].reset_index(drop=True)
    for (energy, phase), rows in gaps.groupby(["energy", "phase"], sort=True):
        if phase in PHASES:
            cells = rows.set_index(key)
            for measure in MEASURES:
                table[gap_column(energy, phase, measure)] = table[key].map(cells[measure])
    names = layer.column_names()
    return gpd.GeoDataFrame(
        table.reindex(columns=names), geometry=table.geometry, crs=places.crs
    ).astype({column.name: "float64" for column in GAP_COLUMNS})


def _zone_areas(zones: gpd.GeoDataFrame, metric_crs: str) -> gpd.GeoDataFrame:
    placed = zones[~(zones.geometry.isna() | zones.geometry.is_empty)].reset_index(drop=True)
    radius = placed["radius_m"].astype("float64")
    point = placed.geometry.geom_type == "Point"
    radius = radius.mask(point & (radius <= 0), LEAST_RADIUS_M)
    areas = placed.geometry.to_crs(metric_crs).buffer(radius).to_crs(placed.crs)
    return placed.set_geometry(areas)
