"""Reads GeoPackage, Shapefile and FlatGeobuf through GDAL, after their first bytes are checked.

GDAL sniffs content, not names, and some of its drivers read other files, start programs or
call servers: a file reaches it only when it is by its own bytes one of these three formats.
"""

from __future__ import annotations

import os
import sqlite3
import struct
import warnings
from pathlib import Path

import pandas as pd
from pyproj import CRS
from pyproj.exceptions import CRSError

from planner.errors import InputError, Problem
from planner.inputs.findings import Findings
from planner.inputs.raw import RawLayer
from planner.inputs.text import refuse_lookalike

FOLLOWING_DRIVERS = (
    "OGR_VRT,WFS,OAPIF,CSW,HTTP,ESRIJSON,TopoJSON,Elasticsearch,Carto,AmigoCloud,NGW,PLSCENES,"
    "OGCAPI,EEDA,GPSBabel"
)
os.environ.setdefault("OGR_SKIP", FOLLOWING_DRIVERS)  # read once, when GDAL is first loaded

import pyogrio  # noqa: E402 - after the line above
from pyogrio import errors as pyogrio_errors  # noqa: E402

GPKG_MAGIC = b"SQLite format 3\x00"
FGB_MAGIC = b"fgb\x03"
SHP_MAGIC = b"\x00\x00\x27\x0a"
SIDE_FILES = ("-wal", "-journal")
READ_ERRORS = (
    pyogrio_errors.DataSourceError,
    pyogrio_errors.DataLayerError,
    pyogrio_errors.FeatureError,
    pyogrio_errors.GeometryError,
    pyogrio_errors.FieldError,
    CRSError,
    ValueError,
    struct.error,
)
LAYER_QUERY = """
SELECT c.table_name, g.geometry_type_name
FROM gpkg_contents c LEFT JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
WHERE c.data_type IN ('features', 'attributes') ORDER BY c.table_name
"""
AGAIN = "export the file again from its source"


def read_geopackage(path: Path, layer: str, findings: Findings) -> RawLayer:
    """Read one layer of a GeoPackage; its name may be left out where there is only one.

    Raises
    ------
    InputError
        If the file is no GeoPackage, in use, damaged, or the layer is not clear.
    """
    _check_magic(path, GPKG_MAGIC, "GeoPackage", findings)
    for side in SIDE_FILES:
        if path.with_name(path.name + side).exists():
            raise findings.stop(
                Problem(
                    "E-FIL-005",
                    f"the file is in use: {path.name}{side} stands beside it",
                    "close it in the other program and try again",
                )
            )
    names = list(geopackage_layers(path, findings))
    return _read(path, _chosen(layer, names, findings), "", findings)


def read_flatgeobuf(path: Path, findings: Findings) -> RawLayer:
    """Read a FlatGeobuf file.

    Raises
    ------
    InputError
        If it is not one, or damaged.
    """
    _check_magic(path, FGB_MAGIC, "FlatGeobuf", findings)
    return _read(path, "", "", findings)


def read_shapefile(path: Path, findings: Findings) -> RawLayer:
    """Read a Shapefile with its companions .shx, .dbf and, for the CRS, .prj.

    Raises
    ------
    InputError
        If a companion is missing, the text is in another encoding than the file says, or the
        file is damaged.
    """
    _check_magic(path, SHP_MAGIC, "Shapefile", findings)
    suffixes = _companions(path)
    missing = [suffix for suffix in (".shx", ".dbf") if suffix not in suffixes]
    if missing:
        raise findings.stop(
            Problem(
                "E-FIL-001",
                f"the Shapefile lacks its companion {' and '.join(missing)}",
                "copy all files of the Shapefile: .shp, .shx, .dbf, .prj, .cpg",
            )
        )
    _check_table(path, findings)
    if ".cpg" in suffixes:
        return _read(path, "", "", findings)
    try:
        return _read(path, "", "utf-8", findings)
    except InputError:
        findings.notes.append("no .cpg beside the Shapefile: its text was read as GB18030 (GBK)")
        return _read(path, "", "gb18030", findings)


def _companions(path: Path) -> dict[str, Path]:
    siblings = sorted(path.parent.iterdir())
    return {item.suffix.lower(): item for item in siblings if item.stem == path.stem}


def _check_table(path: Path, findings: Findings) -> None:
    table = _companions(path)[".dbf"]
    with table.open("rb") as stream:
        start = stream.read(12)
    rows, head, width = struct.unpack("<4xIHH", start) if len(start) == 12 else (1, 0, 0)
    if table.stat().st_size < max(head + rows * width, 33):
        raise findings.stop(
            Problem("E-FMT-007", "the .dbf of the Shapefile is cut short", "copy the files again")
        )


def _check_magic(path: Path, magic: bytes, kind: str, findings: Findings) -> None:
    with path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith(magic):
        return
    refuse_lookalike(start, findings)
    raise findings.stop(
        Problem("E-FMT-007", f"by its first bytes this is no {kind}", AGAIN, value=repr(start[:16]))
    )


def geopackage_layers(path: Path, findings: Findings) -> dict[str, str]:
    """Return the layers of a GeoPackage and their geometry types (upper case, "" for tables).

    Raises
    ------
    InputError
        If the file is damaged.
    """
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(uri, uri=True)
        try:
            verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            rows = connection.execute(LAYER_QUERY).fetchall()
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise findings.stop(
            Problem("E-FMT-007", f"the GeoPackage is damaged: {error}", AGAIN)
        ) from None
    if verdict != "ok":
        reason = "the GeoPackage is damaged: " + str(verdict).replace("\n", " ")[:200]
        raise findings.stop(Problem("E-FMT-007", reason, AGAIN))
    return {str(name): str(kind or "").upper() for name, kind in rows}


def _chosen(layer: str, names: list[str], findings: Findings) -> str:
    if layer in names:
        return layer
    if not layer and len(names) == 1:
        return names[0]
    listed = ", ".join(names) or "none with features"
    if layer:
        reason, code = f"there is no layer {layer!r} in the file", "E-FMT-009"
    else:
        reason, code = f"the file holds {len(names)} layers and none is named", "E-FMT-008"
    raise findings.stop(
        Problem(code, f"{reason}; it holds: {listed}", 'name one: layer = "..."', value=layer)
    )


def _read(path: Path, layer: str, encoding: str, findings: Findings) -> RawLayer:
    options = {"layer": layer} if layer else {}
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")  # they become notes, not lines on the terminal
            meta, frame = _arrays(path, encoding, options)
        findings.notes += sorted({str(item.message)[:200] for item in told})
    except UnicodeDecodeError as error:
        said = path.with_suffix(".cpg")
        name = said.read_text("ascii", "replace").strip()[:20] if said.exists() else "UTF-8"
        raise findings.stop(
            Problem(
                "E-FMT-006",
                f"the file says its text is {name}, but its bytes are not (perhaps GBK): {error}",
                "set the right encoding in the .cpg file, or export as GeoPackage",
            )
        ) from None
    except READ_ERRORS as error:
        reason = f"the file cannot be read: {str(error)[:200]}"
        raise findings.stop(Problem("E-FMT-007", reason, AGAIN)) from None
    return RawLayer(frame, _crs(meta["crs"]))


def _arrays(
    path: Path, encoding: str, options: dict[str, str]
) -> tuple[dict[str, str | None], pd.DataFrame]:
    import shapely  # noqa: PLC0415 - only needed where a binary file is read

    meta, _, shapes, columns = pyogrio.raw.read(
        str(path), encoding=encoding or None, force_2d=False, **options
    )
    length = len(shapes) if shapes is not None else len(columns[0]) if columns else 0
    index = pd.RangeIndex(1, length + 1)
    frame = pd.DataFrame(
        {str(name): values for name, values in zip(meta["fields"], columns, strict=True)},
        index=index,
    )
    if shapes is not None:
        frame["geometry"] = pd.Series(shapely.from_wkb(shapes), index=index, dtype=object)
    return meta, frame


def _crs(text: str | None) -> CRS | None:
    if not text:
        return None
    try:
        crs = CRS.from_user_input(text)
    except CRSError:
        return None
    return None if crs.is_engineering else crs
