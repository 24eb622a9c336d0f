"""The command ``planner export``: a published plan in other formats, or into PostGIS."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.errors import ConfigError, ExitCode, Problem

if TYPE_CHECKING:
    from planner.outputs.export import Exported, Stored

FORMATS = "gpkg, geoparquet, geojson, flatgeobuf, shapefile, kml, csv or all"


def export(
    plan: Annotated[Path, typer.Argument(help="Folder of a plan.", show_default=False)],
    *,
    formats: Annotated[
        list[str] | None, typer.Option("--format", help=f"{FORMATS}; may be repeated.")
    ] = None,
    crs: Annotated[str, typer.Option(help="CRS, such as EPSG:4490 or EPSG:4548.")] = "EPSG:4326",
    out: Annotated[
        Path | None, typer.Option(help="Export folder; PLAN-export if omitted.", show_default=False)
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            help="PostGIS: postgresql://user@host/db?schema=NAME; the password in PGPASSWORD."
        ),
    ] = None,
) -> int:
    """Write a plan's layers for GIS programs and databases. 导出图层到 GIS 格式或 PostGIS."""
    if to is not None and out is not None and not formats:
        raise ConfigError(
            Problem("E-OUT-036", "--out needs --format beside --to", "leave --out out")
        )
    from planner.outputs import read_certified  # noqa: PLC0415 - seconds that --help must not pay
    from planner.outputs.export import export_plan, to_postgis  # noqa: PLC0415

    published = read_certified(plan)
    if formats or to is None:
        folder = out or plan.resolve().with_name(f"{plan.resolve().name}-export")
        _tell(export_plan(published, folder, formats=formats or ["all"], crs=crs))
    if to is not None:
        _tell_stored(to_postgis(published, to, crs=crs))
    return ExitCode.VERIFIED


def _tell(made: Exported) -> None:
    _warn(made.warnings)
    lines = [f"{made.folder}"]
    for name, crs in made.crs.items():
        mine = [size for file, size in made.files.items() if file.startswith(f"{name}/")]
        lines.append(f"  {name}  {crs}  {len(mine)} files 个文件  {sum(mine) / 1e6:.1f} MB")
    lines.append("  every file was read back and equals the plan 已逐一读回比对，与方案一致")
    sys.stdout.write("\n".join(lines) + "\n")


def _tell_stored(made: Stored) -> None:
    _warn(made.warnings)
    sys.stdout.write(
        f"{made.place} schema {made.schema}: {len(made.rows)} tables, "
        f"{sum(made.rows.values())} rows, read back and equal 已写入并读回比对\n"
    )


def _warn(warnings: tuple[Problem, ...]) -> None:
    for problem in warnings:
        sys.stderr.write(f"{problem}\n")
