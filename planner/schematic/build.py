"""Puts a schematic network together, from main roads down to village lanes."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from planner.crs import WGS84, metric_crs
from planner.layers import ROADS, validate
from planner.schematic.interchanges import ramps
from planner.schematic.lines import LANES, SPEED_KPH, Line, Points
from planner.schematic.mainroads import drawn_main_roads, main_roads
from planner.schematic.noding import noded
from planner.schematic.rural import town_ground, town_roads, village_roads
from planner.schematic.terrain import BANK_M, Ground, read_ground
from planner.schematic.trimming import trimmed
from planner.schematic.urban import UrbanArea, aligned, edge_streets, streets

STUB_M = 180.0
DECIMALS = 6
"""Of a degree: 0.1 m; ends that are one place stay one place when rounded."""
SWAY_M, SWAY_WAVE_M = 28.0, 1900.0
FRAY_M, FRAY_WAVE_M = 110.0, 2600.0
BRIDGE_OVER_M = 25.0


def schematic_roads(
    counties: gpd.GeoDataFrame,
    places: pd.DataFrame,
    *,
    trunk_roads: gpd.GeoDataFrame | None = None,
    barriers: gpd.GeoDataFrame | None = None,
    urban_areas: gpd.GeoDataFrame | None = None,
    seed: int = 1,
) -> gpd.GeoDataFrame:
    """Draw a plausible road network for a city: no real road, every row ``schematic``.

    Parameters
    ----------
    counties
        County polygons (EPSG:4326) that tile the city.
    places
        Columns name, lon, lat (degrees) and rank: 1 the city, 2 a county seat, 3 a town.
    trunk_roads
        Named main roads as lines (EPSG:4326) through a few via points; drawn between the
        county seats where there are none.
    barriers
        Rough rivers (``width_m``), lakes and hills (``kind``) that streets keep off.
    urban_areas
        Polygons with ``block_m``, the usual block side in metres; places outside them get
        a small grid of their own.
    seed
        The same seed and input give the same network.

    Returns
    -------
    geopandas.GeoDataFrame
        The roads layer: one row between two junctions, in one drivable piece.
    """
    rng = np.random.default_rng(seed)
    crs = metric_crs(tuple(counties.total_bounds), china=False)
    ground = read_ground(counties, barriers, crs)
    towns = _placed(places, ground)
    lines = (
        drawn_main_roads(towns, ground, rng)
        if trunk_roads is None
        else main_roads(trunk_roads, ground)
    )
    areas = _given_areas(urban_areas, ground)
    built_up = shapely.union_all([area.ground for area in areas])
    outside = towns[~shapely.covers(built_up, shapely.points(towns["x"], towns["y"]))]
    lines += town_roads(outside, lines, ground, rng)
    for _, place in outside.iterrows():
        area, sides = town_ground(place, lines, ground, rng)
        areas.append(area)
        lines += sides
    lines += _all_streets(areas, lines, ground, rng)
    built_up = shapely.buffer(shapely.union_all([area.ground for area in areas]), 500.0)
    lines += village_roads(lines, built_up, ground, rng)
    lines += ramps(lines)
    return _frame(trimmed(noded(lines), stub_m=STUB_M), ground)


def _placed(places: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    x, y = Transformer.from_crs(WGS84, ground.crs, always_xy=True).transform(
        places["lon"].to_numpy(dtype=float), places["lat"].to_numpy(dtype=float)
    )
    placed = places.assign(x=x, y=y).sort_values(["rank", "name"], kind="stable")
    inside = shapely.covers(ground.city, shapely.points(placed["x"], placed["y"]))
    return placed[inside].reset_index(drop=True)


def _given_areas(urban_areas: gpd.GeoDataFrame | None, ground: Ground) -> list[UrbanArea]:
    if urban_areas is None:
        return []
    rows = urban_areas.to_crs(ground.crs)
    outlines = shapely.transform(shapely.segmentize(rows.geometry.to_numpy(), 250.0), _frayed)
    return [
        UrbanArea(shapely.intersection(shape, ground.city), float(block), edged=True)
        for shape, block in zip(outlines, rows["block_m"], strict=True)
    ]


def _all_streets(
    areas: Sequence[UrbanArea], lines: Sequence[Line], ground: Ground, rng: np.random.Generator
) -> list[Line]:
    kept_clear = shapely.buffer(ground.water, BANK_M)
    dividing = [line for line in lines if line.road_class not in {"motorway", "ramp"}]
    edges = edge_streets([area for area in areas if area.edged], dividing, kept_clear)
    dividing += edges
    shapes = np.array([line.shape() for line in dividing], dtype=object)
    found: list[Line] = []
    for area in areas:
        near = np.flatnonzero(shapely.intersects(shapes, area.ground))
        found += streets(area, [dividing[k] for k in near], kept_clear, rng)
    return edges + aligned(found)


def _frame(pieces: Sequence[Line], ground: Ground) -> gpd.GeoDataFrame:
    shapes = np.array([line.shape() for line in pieces], dtype=object)
    over_water = shapely.length(shapely.intersection(shapes, ground.water)) > BRIDGE_OVER_M
    dense = shapely.segmentize(shapes, 350.0)
    back = Transformer.from_crs(ground.crs, WGS84, always_xy=True)
    lonlat = shapely.transform(dense, lambda xy: _degrees(xy, back))
    order = np.lexsort(shapely.bounds(lonlat).T)
    frame = gpd.GeoDataFrame(
        {
            "road_id": [f"r{number:05d}" for number in range(1, len(pieces) + 1)],
            "name": [pieces[k].name for k in order],
            "ref": [pieces[k].ref for k in order],
            "road_class": [pieces[k].road_class for k in order],
            "oneway": [pieces[k].oneway for k in order],
            "speed_kph": [pieces[k].speed_kph or SPEED_KPH[pieces[k].road_class] for k in order],
            "lanes": [pieces[k].lanes or LANES[pieces[k].road_class] for k in order],
            "bridge": [
                (pieces[k].bridge or bool(over_water[k])) and not pieces[k].tunnel for k in order
            ],
            "tunnel": [pieces[k].tunnel for k in order],
            "trust": "schematic",
        },
        geometry=lonlat[order],
        crs=WGS84,
    )
    return validate(frame, ROADS)


def _frayed(points: Points) -> Points:
    """Move outlines a little by place, so that neighbours keep their common edge."""
    x, y = points.T
    wave = 2 * np.pi / FRAY_WAVE_M
    shift_x = np.sin(wave * y + 1.3 * np.sin(wave * x / 2)) + 0.5 * np.sin(wave * 2.3 * y + 1)
    shift_y = np.sin(wave * x + 1.3 * np.sin(wave * y / 2)) + 0.5 * np.sin(wave * 2.3 * x + 2)
    return points + FRAY_M * np.column_stack([shift_x, shift_y])


def _degrees(points: Points, back: Transformer) -> Points:
    """Sway points a little, so that no street is ruled straight, and turn them to degrees."""
    x, y = points.T
    wave = 2 * np.pi / SWAY_WAVE_M
    swayed_x = x + SWAY_M * np.sin(wave * y + np.sin(wave * x / 3))
    swayed_y = y + SWAY_M * np.sin(wave * 0.83 * x + np.sin(wave * y / 2.7))
    return np.round(np.column_stack(back.transform(swayed_x, swayed_y)), DECIMALS)
