"""Turns GCJ-02 and BD-09 coordinates into WGS84, vectorised, to well under a centimetre.

The offset formula is the one in public use since 2010; it is a property of the datum, not
of a library. The inverse is a fixed-point iteration on the forward formula.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Array = NDArray[np.float64]

KRASOVSKY_A_M = 6378245.0
KRASOVSKY_E2 = 0.00669342162296594323
BD09_STEP = np.pi * 3000.0 / 180.0
BD09_LON, BD09_LAT = 0.0065, 0.006
ROUNDS = 4
"""Fixed-point rounds: 3 leave 0.03 mm, the fourth costs nothing."""


def to_wgs84(geometries: Any, datum: str) -> Any:  # noqa: ANN401 - shapely arrays are untyped
    """Return the geometries with their longitudes and latitudes moved to WGS84.

    Parameters
    ----------
    geometries
        Array-like of shapely geometries in degrees.
    datum
        ``"wgs84"``, ``"cgcs2000"`` (equal to WGS84 within centimetres: left as they are),
        ``"gcj02"`` or ``"bd09"``.
    """
    if datum in {"wgs84", "cgcs2000"}:
        return geometries
    if datum not in {"gcj02", "bd09"}:
        raise KeyError(datum)
    return shapely.transform(geometries, gcj02_to_wgs84 if datum == "gcj02" else bd09_to_wgs84)


def wgs84_to_gcj02(lonlat: Array) -> Array:
    """Return GCJ-02 degrees for WGS84 degrees, both of shape (n, 2), longitude first."""
    return lonlat + _offset(lonlat)


def gcj02_to_wgs84(lonlat: Array) -> Array:
    """Return WGS84 degrees for GCJ-02 degrees, both of shape (n, 2), longitude first."""
    guess = lonlat - _offset(lonlat)
    for _ in range(ROUNDS):
        guess = lonlat - _offset(guess)
    return guess


def bd09_to_wgs84(lonlat: Array) -> Array:
    """Return WGS84 degrees for BD-09 degrees, both of shape (n, 2), longitude first."""
    guess = lonlat - (BD09_LON, BD09_LAT)
    for _ in range(ROUNDS + 4):
        guess = guess + (lonlat - gcj02_to_bd09(guess))
    return gcj02_to_wgs84(guess)


def gcj02_to_bd09(lonlat: Array) -> Array:
    """Return BD-09 degrees for GCJ-02 degrees, both of shape (n, 2), longitude first."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BD09_STEP)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BD09_STEP)
    return np.column_stack([radius * np.cos(angle) + BD09_LON, radius * np.sin(angle) + BD09_LAT])


def _offset(lonlat: Array) -> Array:
    x, y = lonlat[:, 0] - 105.0, lonlat[:, 1] - 35.0
    wave = (20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3
    root = np.sqrt(np.abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
    north += (20 * np.sin(y * np.pi) + 40 * np.sin(y / 3 * np.pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * np.pi) + 320 * np.sin(y * np.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
    east += (20 * np.sin(x * np.pi) + 40 * np.sin(x / 3 * np.pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * np.pi) + 300 * np.sin(x / 30 * np.pi)) * 2 / 3
    latitude = np.radians(lonlat[:, 1])
    factor = 1 - KRASOVSKY_E2 * np.sin(latitude) ** 2
    meridian_m = KRASOVSKY_A_M * (1 - KRASOVSKY_E2) / factor**1.5
    parallel_m = KRASOVSKY_A_M / np.sqrt(factor) * np.cos(latitude)
    shift = np.degrees(np.column_stack([east / parallel_m, north / meridian_m]))
    inside = (
        (lonlat[:, 0] > 72.004) & (lonlat[:, 0] < 137.8347)
        & (lonlat[:, 1] > 0.8293) & (lonlat[:, 1] < 55.8271)
    )  # fmt: skip
    return np.where(inside[:, None], shift, 0.0)
