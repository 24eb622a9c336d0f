"""The CRS an export is written in: what EPSG knows, and whether the plan lies where it holds."""

from __future__ import annotations

import re
from typing import Any

import pyproj
import pyproj.exceptions
from pyproj.aoi import AreaOfInterest
from pyproj.transformer import TransformerGroup

from planner.errors import ConfigError, Problem

WGS84 = "EPSG:4326"
CODE = re.compile(r"(?:EPSG:)?(\d{1,6})", re.IGNORECASE)
ACCURATE_M = 1.5
"""Metres up to which a change of datum is not worth a warning."""

AS_WGS84 = frozenset({4326, 4490, 4258, 4269, 4283, 4171, 4167, 4612, 6668, 6706, 7844})
"""Geographic CRSs that differ from WGS 84 by a metre or so at most."""

Bounds = tuple[float, float, float, float]


def target_crs(text: str, bounds: Bounds) -> tuple[pyproj.CRS, tuple[Problem, ...]]:
    """Return the CRS that a text names, with what should be known before using it.

    Parameters
    ----------
    text
        ``EPSG:4548`` or ``4548``.
    bounds
        West, south, east, north of the plan in degrees.

    Raises
    ------
    ConfigError
        ``E-CRS-020`` if EPSG has no such CRS, ``E-CRS-021`` if it is no map CRS of two axes,
        ``E-CRS-024`` if no part of the plan lies where it holds.

    Examples
    --------
    >>> target_crs("4548", (115.6, 28.2, 116.5, 29.0))[0].to_epsg()
    4548
    """
    named = CODE.fullmatch(text.strip())
    try:
        if named is None:
            raise _unknown(text)
        crs = pyproj.CRS.from_epsg(int(named[1]))
    except pyproj.exceptions.CRSError as error:
        raise _unknown(text) from error
    if not (crs.is_projected or crs.is_geographic) or len(crs.axis_info) != 2 or crs.is_compound:
        raise ConfigError(
            Problem(
                "E-CRS-021",
                f"{crs.name} is no CRS of longitude and latitude or of a map",
                "name a geographic or projected CRS, such as EPSG:4490 or EPSG:4548",
                value=text,
            )
        )
    area = crs.area_of_use
    if area is not None and not _touches(area, bounds):
        raise ConfigError(
            Problem(
                "E-CRS-024",
                f"{crs.name} is made for {area.west:.1f} to {area.east:.1f} E, {area.south:.1f} to "
                f"{area.north:.1f} N, and no part of the plan lies there "
                f"(方案完全不在该坐标系的适用范围内)",
                "choose the zone whose meridian is nearest, or EPSG:4490 without projection",
                value=text,
            )
        )
    return crs, tuple(_cautions(crs, bounds))


def epsg(crs: pyproj.CRS) -> str:
    """Return a CRS by its code, such as ``EPSG:4548``."""
    return f"EPSG:{crs.to_epsg(min_confidence=20)}"


def _unknown(text: str) -> ConfigError:
    return ConfigError(
        Problem(
            "E-CRS-020",
            "is no CRS that EPSG knows",
            "write --crs EPSG:CODE, such as EPSG:4326 (WGS 84), EPSG:4490 (CGCS2000), "
            "EPSG:4548 (CGCS2000, 3 degrees, 117 E)",
            value=text,
        )
    )


def _cautions(crs: pyproj.CRS, bounds: Bounds) -> list[Problem]:
    made = []
    area = crs.area_of_use
    west, south, east, north = bounds
    if area is not None and not _holds(area, bounds):
        made.append(
            Problem(
                "W-CRS-022",
                f"{epsg(crs)} {crs.name} holds for {area.west:.2f} to {area.east:.2f} E, "
                f"{area.south:.2f} to {area.north:.2f} N, the plan lies in {west:.2f} to "
                f"{east:.2f} E, {south:.2f} to {north:.2f} N: lengths are stretched outside "
                f"(方案超出该坐标系的适用范围，范围外长度变形)",
                "choose the zone whose meridian is nearest, or EPSG:4490 without projection",
            )
        )
    return [*made, *_datum_cautions(crs, bounds)]


def _datum_cautions(crs: pyproj.CRS, bounds: Bounds) -> list[Problem]:
    """Say where EPSG has no way from WGS 84, so that PROJ takes the datums for the same."""
    geographic = crs.geodetic_crs
    if geographic is None or geographic.to_epsg(min_confidence=20) in AS_WGS84:
        return []
    area: Any = AreaOfInterest(*bounds)
    ways = TransformerGroup(WGS84, crs, always_xy=True, area_of_interest=area)
    accuracy = ways.transformers[0].accuracy
    if 0 <= accuracy <= ACCURATE_M:
        return []
    how = f"{accuracy:g} m" if accuracy >= 0 else "100 m or more, for no public parameters exist"
    return [
        Problem(
            "W-CRS-023",
            f"the change of datum to {epsg(crs)} {crs.name} may be off by {how} "
            f"(该基准与 WGS 84 之间没有足够精确的公开转换参数)",
            "use CGCS2000 (EPSG:4490, 4548) or have the surveying office convert it",
        )
    ]


def _touches(area: Any, bounds: Bounds) -> bool:  # noqa: ANN401 - of pyproj's private module
    west, south, east, north = bounds
    apart = west > area.east or east < area.west
    if area.west > area.east:
        apart = area.east < west and east < area.west
    return not apart and south <= area.north and north >= area.south


def _holds(area: Any, bounds: Bounds) -> bool:  # noqa: ANN401 - of pyproj's private module
    west, south, east, north = bounds
    across = area.west > area.east
    inside = (
        (west >= area.west or east <= area.east)
        if across
        else (west >= area.west and east <= area.east)
    )
    return bool(inside and south >= area.south and north <= area.north)
