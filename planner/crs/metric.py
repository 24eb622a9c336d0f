"""The one metric CRS of a run and the one length: geodesic on WGS84."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info

WGS84 = "EPSG:4326"
GEOD = Geod(ellps="WGS84")
CHINA = (73.0, 3.0, 136.0, 54.0)
FIRST_ZONE_EPSG, FIRST_MERIDIAN, LAST_MERIDIAN = 4534, 75, 135


def metric_crs(bounds: tuple[float, float, float, float], *, china: bool) -> CRS:
    """Choose the metric CRS of a study area.

    In China this is the CGCS2000 3-degree zone of the centre, elsewhere its UTM zone.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees.
    china
        Whether the area is Chinese, so that national practice applies.

    Examples
    --------
    >>> metric_crs((115.4, 28.1, 116.6, 29.2), china=True).to_epsg()
    4548
    >>> metric_crs((9.47, 47.05, 9.64, 47.27), china=False).to_epsg()
    32632
    """
    lon, lat = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    if china:
        meridian = min(max(3 * round(lon / 3), FIRST_MERIDIAN), LAST_MERIDIAN)
        return CRS.from_epsg(FIRST_ZONE_EPSG + (meridian - FIRST_MERIDIAN) // 3)
    area = AreaOfInterest(lon, lat, lon, lat)
    zones = query_utm_crs_info(datum_name="WGS 84", area_of_interest=area)
    return CRS.from_epsg(int(zones[0].code))


def geodesic_length_m(lines: Sequence[Any] | NDArray[Any]) -> NDArray[np.float64]:
    """Return the geodesic length in metres of each WGS84 line.

    Multi-part lines count the sum of their parts; the gaps between parts do not count.
    """
    parts, owner = shapely.get_parts(np.asarray(lines, dtype=object), return_index=True)
    coords, part = shapely.get_coordinates(parts, return_index=True)
    lengths = np.zeros(len(lines))
    if len(coords):
        steps = GEOD.inv(coords[:-1, 0], coords[:-1, 1], coords[1:, 0], coords[1:, 1])[2]
        inside = part[:-1] == part[1:]
        np.add.at(lengths, owner[part[:-1][inside]], np.asarray(steps)[inside])
    return lengths
