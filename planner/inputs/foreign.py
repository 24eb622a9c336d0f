"""Reads one layer of a file that is not yet part of a case, with its columns as they are."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from planner.errors import InputError, Problem
from planner.inputs.findings import Findings
from planner.inputs.formats import open_file
from planner.inputs.paths import checked_file
from planner.inputs.positions import in_wgs84
from planner.inputs.shapes import cleaned
from planner.inputs.vector import GPKG_MAGIC, geopackage_layers
from planner.layers import Layer
from planner.layers.schema import GEOMETRY_TYPES


def read_foreign(
    path: Path, layer: Layer, *, datum: str, name: str = ""
) -> tuple[gpd.GeoDataFrame, Findings]:
    """Read a file in any supported format for what it can give to a layer of a case.

    Parameters
    ----------
    path
        The file, anywhere.
    layer
        What it shall become: says which geometries are wanted.
    datum
        What its degrees mean: ``wgs84``, ``gcj02``, ``bd09`` or ``cgcs2000``.
    name
        Layer of the file; a GeoPackage's only layer of the right geometry is found alone.

    Returns
    -------
    tuple
        Rows in EPSG:4326 with the file's own columns, and what was noted and rejected.

    Raises
    ------
    InputError
        If the file cannot be read, has no CRS, or is not what the layer needs.
    """
    checked_file(path, shown=path.name, layer=layer.name)
    findings = Findings(layer.name, path.name)
    if path.suffix.lower() == ".gpkg" and not name:
        name = _fitting_layer(path, layer, findings)
    raw = open_file(path, findings, layer=name, points=layer.geometry == "Point")
    rows_in = len(raw.frame) + len(findings.rejected_rows())
    if "geometry" not in raw.frame.columns or raw.frame.empty:
        raise findings.stop(
            Problem("E-LAY-003", "the file holds no places", "name the layer that has places")
        )
    frame = in_wgs84(raw, datum=datum, crs="", findings=findings)
    frame = cleaned(frame, layer, findings)
    findings.check_limit(rows_in)
    if findings.problems:
        raise InputError(findings.problems)
    return frame, findings


def _fitting_layer(path: Path, layer: Layer, findings: Findings) -> str:
    with path.open("rb") as stream:
        if stream.read(len(GPKG_MAGIC)) != GPKG_MAGIC:
            return ""
    wanted = {kind.upper() for kind in GEOMETRY_TYPES[layer.geometry]} | {"GEOMETRY"}
    layers = geopackage_layers(path, findings)
    fitting = [name for name, kind in layers.items() if kind in wanted]
    return fitting[0] if len(fitting) == 1 else ""
