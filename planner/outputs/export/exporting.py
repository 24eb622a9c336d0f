"""Exports a published plan: chosen formats in one folder, read back, and put in place at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyogrio.errors
import pyproj

from planner.errors import ConfigError, OutputError, Problem
from planner.outputs.atomic import cannot_write, staged
from planner.outputs.canonical import canonical_json, plan_id
from planner.outputs.export.formats import FORMATS
from planner.outputs.export.notes import write_notes
from planner.outputs.export.tables import plan_tables
from planner.outputs.export.target import WGS84, epsg, target_crs
from planner.outputs.published import Published

EXPORT_FILE, EXPORT_FORMAT = "export.json", "planner-export-1"
ALL = "all"
LEFT_BEHIND = (".DS_Store", "Thumbs.db", "desktop.ini")
"""What file browsers leave wherever they look; nobody misses it."""
FAILURES = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
    RuntimeWarning,
)


@dataclass(frozen=True)
class Exported:
    """What an export made.

    Parameters
    ----------
    folder
        Where it is.
    crs
        CRS of each format, by its name.
    files
        Bytes of every file, by its path in the folder.
    warnings
        What should be known before using it.
    """

    folder: Path
    crs: dict[str, str]
    files: dict[str, int]
    warnings: tuple[Problem, ...]


def export_plan(
    published: Published, out: Path, *, formats: Sequence[str] = (ALL,), crs: str = WGS84
) -> Exported:
    """Write a plan in other formats, each in a folder of its own, and compare every file.

    Parameters
    ----------
    published
        The plan, of :func:`planner.outputs.read_published`.
    out
        Folder of the export; an earlier export there is replaced as a whole, unless
        somebody has put or changed a file in it.
    formats
        Names of ``FORMATS``, or ``all``.
    crs
        CRS of the geometries, such as ``EPSG:4548``. With ``all``, formats that know WGS 84
        alone stay in it.

    Raises
    ------
    ConfigError
        ``E-OUT-033`` if a format is unknown, ``E-OUT-034`` if one asked for by name cannot
        have the CRS, ``E-CRS-020`` and ``E-CRS-021`` for the CRS.
    OutputError
        If a file cannot be written or reads back otherwise, or ``E-OUT-037`` if the folder
        holds files of somebody else; what stood there still stands.
    """
    names = _chosen(formats)
    west, south, east, north = published.layers["counties"].total_bounds
    wanted, warnings = target_crs(crs, (float(west), float(south), float(east), float(north)))
    if ALL not in formats:
        _refuse_wgs84_only(names, epsg(wanted))
    _refuse_inside(published.folder, out)
    _refuse_changed(Path(out))
    used = {name: WGS84 if FORMATS[name].wgs84_only else epsg(wanted) for name in names}
    with staged(out, mark=EXPORT_FILE) as folder:
        try:
            _write_formats(published, folder, used)
            write_notes(published, folder, used, warnings)
        except FAILURES as error:
            raise OutputError(
                Problem("E-OUT-003", f"cannot be written: {error}", _REMEDY, file=str(out))
            ) from error
        except OSError as error:
            raise _own(error, out) from error
        files = _files(folder)
        _write_manifest(published, folder, used)
    return Exported(Path(out), used, files, warnings)


_REMEDY = "check free space and permissions there, or choose another folder with --out"


def _own(error: OSError, out: Path) -> OSError:
    return error if isinstance(error, OutputError) else cannot_write(error, out)


def _write_formats(published: Published, folder: Path, used: dict[str, str]) -> None:
    for crs in sorted(set(used.values())):
        tables = plan_tables(published, pyproj.CRS(crs))
        for name in (name for name, its in used.items() if its == crs):
            (folder / name).mkdir()
            FORMATS[name].write(tables, folder / name, published)


def _chosen(formats: Sequence[str]) -> list[str]:
    unknown = sorted(set(formats) - FORMATS.keys() - {ALL})
    if unknown:
        raise ConfigError(
            Problem(
                "E-OUT-033",
                "is no format of an export",
                f"choose {', '.join(FORMATS)} or {ALL}",
                value=", ".join(unknown),
            )
        )
    return [name for name in FORMATS if name in formats or ALL in formats]


def _refuse_wgs84_only(names: Sequence[str], crs: str) -> None:
    bound = [name for name in names if FORMATS[name].wgs84_only]
    if bound and crs != WGS84:
        raise ConfigError(
            Problem(
                "E-OUT-034",
                f"{' and '.join(bound)} knows WGS 84 alone by its standard, not {crs} "
                f"(该格式的标准只允许 WGS 84)",
                "leave --crs out for it, or choose gpkg, geoparquet, flatgeobuf, shapefile or csv",
                value=", ".join(bound),
            )
        )


def _refuse_changed(out: Path) -> None:
    """Keep what people put into an earlier export: it would go with it."""
    try:
        known = json.loads((out / EXPORT_FILE).read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, LookupError, TypeError):
        return  # no export of ours: :func:`staged` knows what to do about it
    for path in sorted(path for path in out.rglob("*") if not path.is_dir()):
        name = path.relative_to(out).as_posix()
        if name == EXPORT_FILE or path.name in LEFT_BEHIND:
            continue
        if known.get(name) != hashlib.sha256(path.read_bytes()).hexdigest():
            raise OutputError(
                Problem(
                    "E-OUT-037",
                    "is not as the earlier export left it, and would go with it "
                    "(此文件不属于上次导出或已被修改，覆盖会丢失)",
                    "move it away, or choose another folder with --out",
                    file=str(path),
                )
            )


def _refuse_inside(plan: Path, out: Path) -> None:
    if Path(out).resolve().is_relative_to(Path(plan).resolve()):
        raise OutputError(
            Problem(
                "E-OUT-035",
                "lies in the plan's own folder, which holds its proven files and nothing else",
                "choose a folder beside the plan with --out",
                file=str(out),
            )
        )


def _files(folder: Path) -> dict[str, int]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in found}


def _write_manifest(published: Published, folder: Path, used: dict[str, str]) -> None:
    files = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in _files(folder)
    }
    content = {
        "format": EXPORT_FORMAT,
        "plan": {"id": plan_id(published.figures)}
        | {key: published.figures["case"][key] for key in ("case_id", "variant")},
        "planner_version": published.figures["planner_version"],
        "crs": used,
        "sha256": files,
    }
    (folder / EXPORT_FILE).write_text(canonical_json(content), encoding="utf-8", newline="\n")
