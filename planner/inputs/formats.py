"""Opens a file by its kind; the one place that knows which formats are read."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from planner.errors import Problem
from planner.inputs.findings import Findings
from planner.inputs.geojson import read_geojson
from planner.inputs.raw import RawLayer
from planner.inputs.tables import check_zip, place_points, read_csv, read_xlsx
from planner.inputs.vector import read_flatgeobuf, read_geopackage, read_shapefile

SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".zip", ".fgb", ".csv", ".xlsx")
SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def open_file(
    path: Path,
    findings: Findings,
    *,
    layer: str = "",
    columns: dict[str, str] | None = None,
    points: bool = False,
) -> RawLayer:
    """Read a file of any supported format as it is written.

    Parameters
    ----------
    path
        An existing file.
    findings
        Receives rejected rows and notes.
    layer
        Layer or sheet, where the file holds several.
    columns
        Column of the schema -> column of the file; here only ``lon`` and ``lat`` matter.
    points
        Whether a table's rows are places, to be made from its columns lon and lat.

    Raises
    ------
    InputError
        If the file is not what its name says, or damaged.
    """
    suffix = path.suffix.lower()
    if suffix in {".geojson", ".json"}:
        return read_geojson(path, findings)
    if suffix == ".gpkg":
        return read_geopackage(path, layer, findings)
    if suffix == ".fgb":
        return read_flatgeobuf(path, findings)
    if suffix == ".shp":
        return read_shapefile(path, findings)
    if suffix == ".zip":
        return _zipped_shapefile(path, layer, findings)
    if suffix not in SUFFIXES:
        raise findings.stop(
            Problem(
                "E-FMT-001",
                f"files named *{suffix} are not read",
                f"use one of {', '.join(SUFFIXES)}",
            )
        )
    raw = read_csv(path, findings) if suffix == ".csv" else read_xlsx(path, layer, findings)
    return place_points(raw, findings, columns=columns or {}) if points else raw


def _zipped_shapefile(path: Path, layer: str, findings: Findings) -> RawLayer:
    members = check_zip(path, findings)
    shapes = sorted(name for name in members if name.lower().endswith(".shp"))
    named = [name for name in shapes if PurePosixPath(name).stem == layer] if layer else shapes
    if len(named) != 1:
        listed = ", ".join(PurePosixPath(name).stem for name in shapes) or "no Shapefile"
        raise findings.stop(
            Problem(
                "E-FMT-008",
                f"one Shapefile is needed in the archive; it holds: {listed}",
                'name one: layer = "..."',
            )
        )
    stem = named[0][:-4]
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as archive:
        for name in members:
            suffix = name[len(stem) :].lower()
            if name.startswith(stem) and suffix in SHAPE_PARTS:
                (Path(folder) / f"layer{suffix}").write_bytes(archive.read(name))
        return read_shapefile(Path(folder) / "layer.shp", findings)
