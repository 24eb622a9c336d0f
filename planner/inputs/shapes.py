"""Judges each row's geometry: mends what can be mended, rejects rows that have no place."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from planner.crs import geodesic_length_m
from planner.crs.metric import GEOD
from planner.errors import Problem
from planner.inputs.findings import Findings
from planner.layers import Layer
from planner.layers.schema import GEOMETRY_TYPES

SHORTEST_M = 0.001


def cleaned(frame: gpd.GeoDataFrame, layer: Layer, findings: Findings) -> gpd.GeoDataFrame:
    """Return the rows with a usable geometry of the layer's kind.

    Empty geometries and zero-length lines are rejected, invalid polygons are mended with
    their area before and after noted, collections of one part become that part.
    """
    frame = frame.set_geometry(_single_parts(frame.geometry))
    empty = frame.geometry.isna() | frame.geometry.is_empty
    if layer.place_nullable:
        frame.loc[frame.geometry.is_empty, frame.geometry.name] = None
    else:
        findings.reject(frame.index[empty], "E-GEO-002", "the geometry is empty")
        frame = frame[~empty]
    if not _kinds_fit(frame, layer, findings):
        return frame
    if layer.geometry == "LineString":
        return _without_points(frame, findings)
    if layer.geometry in {"Polygon", "Place"}:
        return _mended(frame, findings)
    return frame


def area_m2(geometry: Any) -> float:  # noqa: ANN401 - shapely is untyped
    """Return the geodesic area of a WGS84 polygon, in square metres."""
    return float(abs(GEOD.geometry_area_perimeter(shapely.normalize(geometry))[0]))


def _single_parts(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    values = shapes.to_numpy().copy()
    multi = np.isin(shapely.get_type_id(values), (4, 5)) & (shapely.get_num_geometries(values) == 1)
    values[multi] = shapely.get_geometry(values[multi], 0)
    return gpd.GeoSeries(values, index=shapes.index, crs=shapes.crs)


def _kinds_fit(frame: gpd.GeoDataFrame, layer: Layer, findings: Findings) -> bool:
    allowed = GEOMETRY_TYPES[layer.geometry]
    kinds = frame.geometry.geom_type
    wrong = kinds.notna() & ~kinds.isin(allowed)
    if not wrong.any():
        return True
    found = ", ".join(sorted(set(kinds[wrong])))
    findings.add(
        Problem(
            "E-GEO-001",
            f"geometry must be {' or '.join(allowed)}, found {found}",
            "export the layer with one geometry type, or name another layer of the file",
            row=str(frame.index[wrong][0]),
            column="geometry",
            count=int(wrong.sum()),
        )
    )
    return False


def _without_points(frame: gpd.GeoDataFrame, findings: Findings) -> gpd.GeoDataFrame:
    lengths = geodesic_length_m(frame.geometry.to_numpy())
    short = lengths < SHORTEST_M
    findings.reject(frame.index[short], "E-GEO-004", "the line has no length")
    return frame[~short]


def _mended(frame: gpd.GeoDataFrame, findings: Findings) -> gpd.GeoDataFrame:
    invalid = frame.index[~frame.geometry.is_valid]
    lost = []
    for row in invalid:
        before = frame.geometry.loc[row]
        after = _polygons_of(shapely.make_valid(before, method="structure", keep_collapsed=False))
        if after.is_empty:
            lost.append(row)
            continue
        frame.loc[row, frame.geometry.name] = after
        findings.repair(
            [row],
            f"row {row}: {shapely.is_valid_reason(before)}; mended, area "
            f"{area_m2(before) / 1e6:.6f} km2 before and {area_m2(after) / 1e6:.6f} km2 after",
        )
    findings.reject(lost, "E-GEO-007", "the polygon has no area")
    return frame.drop(index=lost)


def _polygons_of(geometry: Any) -> Any:  # noqa: ANN401
    parts = [part for part in shapely.get_parts([geometry]) if part.geom_type == "Polygon"]
    if len(parts) == 1:
        return parts[0]
    return shapely.MultiPolygon(parts)
