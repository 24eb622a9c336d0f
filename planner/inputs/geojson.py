"""Reads GeoJSON without GDAL, which would follow a disguised file to other files and servers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry import shape

from planner.errors import Problem
from planner.inputs.findings import Findings
from planner.inputs.raw import RawLayer
from planner.inputs.text import decode, refuse_lookalike

MAX_JSON_BYTES = 600_000_000
LON_LAT = CRS.from_epsg(4326)
GEOMETRIES = {
    "Point": shapely.Point,
    "MultiPoint": shapely.MultiPoint,
    "LineString": shapely.LineString,
    "MultiLineString": shapely.MultiLineString,
    "Polygon": shapely.Polygon,
    "MultiPolygon": shapely.MultiPolygon,
    "GeometryCollection": shapely.GeometryCollection,
}


def read_geojson(path: Path, findings: Findings) -> RawLayer:
    """Read a FeatureCollection or a Feature.

    Raises
    ------
    InputError
        If the file is anything else, with the offset of the first fault.
    """
    if path.stat().st_size > MAX_JSON_BYTES:
        raise findings.stop(
            Problem("E-FIL-003", "the GeoJSON file is too large", "convert it to GeoPackage")
        )
    content = path.read_bytes()
    refuse_lookalike(content, findings)
    data = _parse(decode(content, findings), findings)
    features = _features(data, findings)
    rows = [_attributes(feature) for feature in features]
    index = pd.RangeIndex(1, len(rows) + 1)
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    frame = pd.DataFrame(columns, index=index, dtype=object)
    shapes = np.empty(len(rows), dtype=object)
    for place, feature in enumerate(features):
        shapes[place] = _shape(feature.get("geometry"), place + 1, findings)
    frame["geometry"] = pd.Series(shapes, index=index, dtype=object)
    broken = frame.index.astype(str).isin(findings.rejected_rows())
    return RawLayer(frame[~broken], _crs(data, findings))


def _parse(text: str, findings: Findings) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"not valid JSON: {error.msg} (line {error.lineno}, offset {error.pos})"
        if error.pos >= len(text.rstrip()) - 1 or "Unterminated" in error.msg:
            reason += "; the file ends too early"
        raise findings.stop(
            Problem("E-FMT-002", reason, "export or download the file again", row="")
        ) from None
    except RecursionError:
        raise findings.stop(
            Problem("E-FMT-002", "the JSON is nested too deeply", "export the file again")
        ) from None
    if not isinstance(data, dict):
        raise findings.stop(
            Problem("E-FMT-005", "this is JSON, but not GeoJSON", "export the layer as GeoJSON")
        )
    return data


def _features(data: dict[str, Any], findings: Findings) -> list[dict[str, Any]]:
    kind = data.get("type")
    features = [data] if kind == "Feature" else data.get("features")
    if kind in {"FeatureCollection", "Feature"} and isinstance(features, list):
        wrong = [n for n, item in enumerate(features, 1) if not isinstance(item, dict)]
        if not wrong:
            return features
        raise findings.stop(
            Problem("E-FMT-005", "a feature is not an object", "export again", row=str(wrong[0]))
        )
    code, reason = "E-FMT-005", "this is JSON, but not a GeoJSON FeatureCollection"
    if "gdal" in str(kind):
        code, reason = "E-FMT-004", "the file holds no data, it points to other files or servers"
    elif kind == "Topology":
        reason = "this is TopoJSON"
    elif "geometryType" in data or "spatialReference" in data:
        reason = "this is Esri JSON"
    remedy = "export the layer as GeoJSON (RFC 7946) or GeoPackage"
    raise findings.stop(Problem(code, reason, remedy, column="type", value=str(kind)[:80]))


def _attributes(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    row = {} if not isinstance(properties, dict) else dict(properties)
    row.pop("geometry", None)
    if "id" in feature:
        row.setdefault("id", feature["id"])
    return {
        key: json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
        for key, value in row.items()
    }


def _shape(geometry: object, row: int, findings: Findings) -> Any:  # noqa: ANN401 - shapely
    if geometry is None:
        return None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in GEOMETRIES:
        findings.reject([row], "E-GEO-003", f"geometry type {str(kind)[:40]!r} is not known")
        return None
    if kind == "GeometryCollection" or not geometry.get("coordinates"):
        return GEOMETRIES[kind]()  # not read any deeper: it is refused by its type or as empty
    try:
        return _line(geometry["coordinates"]) if kind == "LineString" else shape(geometry)
    except (ValueError, TypeError, IndexError, AttributeError, shapely.errors.ShapelyError):
        findings.reject([row], "E-GEO-003", f"the coordinates do not make a {kind}")
        return None


def _line(coordinates: list[Any]) -> Any:  # noqa: ANN401
    """Make a line at once: cities have hundreds of thousands of them."""
    points = np.array(coordinates, dtype=float)
    if points.ndim != 2 or len(points) < 2 or points.shape[1] not in {2, 3}:
        raise ValueError(points.shape)
    return shapely.linestrings(points)


def _crs(data: dict[str, Any], findings: Findings) -> CRS:
    member = data.get("crs")
    if member is None:
        return LON_LAT
    properties = member.get("properties", {}) if isinstance(member, dict) else {}
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    try:
        crs = CRS.from_user_input(name)
    except CRSError:
        raise findings.stop(
            Problem(
                "E-CRS-008",
                "the file names a CRS that is not known",
                'remove the member "crs" and state crs in scenario.toml',
                column="crs",
                value=name[:80],
            )
        ) from None
    if crs.to_authority() == ("OGC", "CRS84") or crs == LON_LAT:
        return LON_LAT
    findings.notes.append(f"the file's own crs member was used: {name}")
    return crs
