"""The table of export formats: what each is for, what it can hold, and what writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.outputs.export.csv_wkt import write_csv_wkt
from planner.outputs.export.flatgeobuf import write_flatgeobuf
from planner.outputs.export.geojson import write_geojson
from planner.outputs.export.geopackage_crs import write_gpkg
from planner.outputs.export.geoparquet import write_geoparquet
from planner.outputs.export.kml import write_kml
from planner.outputs.export.shapefile import write_shapefile
from planner.outputs.export.tables import Table
from planner.outputs.published import Published
from planner.outputs.wording import Both

Writer = Callable[[Sequence[Table], Path, Published], None]


@dataclass(frozen=True)
class Format:
    """A format of exports.

    Parameters
    ----------
    write
        Writes the layers into a folder and compares what it reads back.
    about
        What is in the folder and for whom.
    wgs84_only
        Whether the format's standard knows WGS 84 alone.
    """

    write: Writer
    about: Both
    wgs84_only: bool = False


def _layers_only(write: Callable[[Sequence[Table], Path], None]) -> Writer:
    return lambda tables, folder, _published: write(tables, folder)


FORMATS: dict[str, Format] = {
    "gpkg": Format(
        write_gpkg,
        Both(
            "GeoPackage：全部图层与表，含 QGIS 样式、字段别名、元数据、数据字典",
            "GeoPackage: every layer and table with QGIS styles, aliases, metadata, dictionary",
        ),
    ),
    "geoparquet": Format(
        _layers_only(write_geoparquet),
        Both(
            "GeoParquet 1.1：全部图层与表，供 Python、DuckDB、R 分析",
            "GeoParquet 1.1: every layer and table, for Python, DuckDB and R",
        ),
    ),
    "geojson": Format(
        _layers_only(write_geojson),
        Both(
            "GeoJSON（RFC 7946）：有几何的图层，WGS 84，小数七位",
            "GeoJSON (RFC 7946): layers with geometry, WGS 84, seven decimals",
        ),
        wgs84_only=True,
    ),
    "flatgeobuf": Format(
        _layers_only(write_flatgeobuf),
        Both(
            "FlatGeobuf：有几何的图层，带空间索引（行序不同）",
            "FlatGeobuf: layers with geometry, spatially indexed (rows in another order)",
        ),
    ),
    "shapefile": Format(
        _layers_only(write_shapefile),
        Both(
            "Shapefile（UTF-8）：有几何的图层；短字段名对照见 fields.csv，"
            "放不下的全文见 <图层>_texts.csv",
            "Shapefile (UTF-8): layers with geometry; short field names in fields.csv, texts "
            "that do not fit whole in <layer>_texts.csv",
        ),
    ),
    "kml": Format(
        _layers_only(write_kml),
        Both(
            "KML：有几何的图层，供奥维、Google Earth；XML 不容的字符见 <图层>_texts.csv",
            "KML: layers with geometry, for Ovital and Google Earth; characters that XML cannot "
            "hold in <layer>_texts.csv",
        ),
        wgs84_only=True,
    ),
    "csv": Format(
        _layers_only(write_csv_wkt),
        Both(
            "CSV（UTF-8，带 BOM）：全部图层与表，wkt 列为几何；以 = + - @ 开头的文字前加一个 '，"
            "以免被当作公式，读回时去掉",
            "CSV (UTF-8 with BOM): every layer and table, geometry in wkt; a text that begins "
            "with = + - @ has one ' in front so that it is no formula; take it off on reading",
        ),
    ),
}
"""Formats by the name that ``--format`` takes."""
