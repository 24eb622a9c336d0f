"""Brings a layer's coordinates to WGS84, and refuses those that cannot be what they claim."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from planner.crs import WGS84, to_wgs84
from planner.errors import Problem
from planner.inputs.findings import Findings
from planner.inputs.raw import RawLayer

SHIFTED = ("gcj02", "bd09")
MOST = 0.5
CHINA_LON, CHINA_LAT = (73.0, 136.0), (3.0, 54.0)


def in_wgs84(raw: RawLayer, *, datum: str, crs: str, findings: Findings) -> gpd.GeoDataFrame:
    """Return the rows as a GeoDataFrame in EPSG:4326, two-dimensional.

    Parameters
    ----------
    raw
        Rows with a ``geometry`` column, in the CRS the file names.
    datum
        ``wgs84``, ``cgcs2000``, ``gcj02`` or ``bd09``: what the degrees mean.
    crs
        CRS stated in the scenario; empty where the file names its own.
    findings
        Receives rejected rows and notes.

    Raises
    ------
    InputError
        If there is no CRS, two that differ, or the numbers contradict it.
    """
    source = _one_crs(raw.crs, crs, findings)
    shapes = raw.frame["geometry"].to_numpy(dtype=object)
    _refuse_not_finite(shapes, raw, findings)
    if shapely.has_z(shapes).any():
        findings.notes.append("heights (Z) were dropped")
    shapes = shapely.force_2d(shapes)
    if source.is_geographic:
        _refuse_metres(shapes, findings)
        _refuse_swapped(shapes, findings)
    elif datum in SHIFTED:
        raise findings.stop(
            Problem(
                "E-CRS-005",
                f"datum {datum} goes with degrees, but the CRS is {_name(source)}",
                "state the datum of the projected coordinates, or export in degrees",
            )
        )
    frame = gpd.GeoDataFrame(raw.frame.drop(columns="geometry"), geometry=shapes, crs=source)
    if source != CRS.from_epsg(4326):
        frame = frame.to_crs(WGS84)
        findings.notes.append(f"reprojected from {_name(source)} to {WGS84}")
    if datum in SHIFTED:
        frame = frame.set_geometry(
            gpd.GeoSeries(to_wgs84(frame.geometry.to_numpy(), datum), frame.index, crs=WGS84)
        )
        findings.notes.append(f"shifted from {datum} to wgs84")
    return _within_the_world(frame, findings)


def _one_crs(found: CRS | None, stated: str, findings: Findings) -> CRS:
    if stated:
        return _stated_crs(found, stated, findings)
    if found is None:
        raise findings.stop(
            Problem(
                "E-CRS-002",
                "the file names no CRS (a Shapefile without .prj, a layer without srs)",
                'state it in scenario.toml, such as crs = "EPSG:4326", or export with its CRS',
            )
        )
    return found


def _stated_crs(found: CRS | None, stated: str, findings: Findings) -> CRS:
    try:
        crs = CRS.from_user_input(stated)
    except CRSError:
        reason = "the CRS stated in scenario.toml is not known"
        raise findings.stop(
            Problem("E-CRS-008", reason, 'write it as crs = "EPSG:4547"', value=stated)
        ) from None
    if found is not None and not found.equals(crs, ignore_axis_order=True):
        raise findings.stop(
            Problem(
                "E-CRS-003",
                f"the file says {_name(found)}, scenario.toml says {_name(crs)}",
                "remove the wrong one of the two",
            )
        )
    return crs


def _name(crs: CRS) -> str:
    epsg = crs.to_epsg()
    return f"EPSG:{epsg}" if epsg else str(crs.name)


def _bounds(shapes: NDArray[Any]) -> NDArray[np.float64]:
    bounds: NDArray[np.float64] = shapely.bounds(shapes)
    return bounds[np.isfinite(bounds).all(axis=1)]


def _refuse_not_finite(shapes: NDArray[Any], raw: RawLayer, findings: Findings) -> None:
    coords, owner = shapely.get_coordinates(shapes, return_index=True)
    bad = np.unique(owner[~np.isfinite(coords).all(axis=1)])
    if len(bad):
        raise findings.stop(
            Problem(
                "E-GEO-006",
                "a coordinate is not a finite number",
                "mend the coordinate in the file",
                row=str(raw.frame.index[bad[0]]),
                column="geometry",
                count=len(bad),
            )
        )


def _refuse_metres(shapes: NDArray[Any], findings: Findings) -> None:
    bounds = _bounds(shapes)
    beyond = (np.abs(bounds[:, ::2]).max(axis=1) > 400) | (
        np.abs(bounds[:, 1::2]).max(axis=1) > 400
    )
    if len(bounds) and beyond.mean() > MOST:
        first = bounds[beyond][0]
        raise findings.stop(
            Problem(
                "E-CRS-004",
                f"x={first[0]:.1f} is not a longitude (-180..180): the numbers look like metres "
                "(CGCS2000 / 3-degree Gauss-Kruger?), but the CRS means degrees",
                'state the projected CRS: crs = "EPSG:4548" or the like, or export in EPSG:4326',
                column="geometry",
                count=int(beyond.sum()),
            )
        )


def _refuse_swapped(shapes: NDArray[Any], findings: Findings) -> None:
    bounds = _bounds(shapes)
    x, y = bounds[:, 0], bounds[:, 1]
    swapped = (x > CHINA_LAT[0]) & (x < CHINA_LAT[1]) & (y > CHINA_LON[0]) & (y < CHINA_LON[1])
    if len(bounds) and swapped.mean() > MOST:
        raise findings.stop(
            Problem(
                "E-CRS-006",
                f"longitude and latitude are swapped: x={x[swapped][0]:.5f}, "
                f"y={y[swapped][0]:.5f} lies in China only the other way round",
                "write longitude first, latitude second",
                column="geometry",
                count=int(swapped.sum()),
            )
        )


def _within_the_world(frame: gpd.GeoDataFrame, findings: Findings) -> gpd.GeoDataFrame:
    bounds = frame.geometry.bounds.to_numpy()
    placed = ~(frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    finite = np.isfinite(bounds).all(axis=1)
    if (placed & ~finite).any():
        raise findings.stop(
            Problem(
                "E-CRS-007",
                "a coordinate has no place in WGS84: it is far outside its CRS's zone",
                "check the CRS that is stated for the file",
                row=str(frame.index[placed & ~finite][0]),
                column="geometry",
            )
        )
    limits = np.array([180, 90, 180, 90])
    outside = placed & (np.abs(np.nan_to_num(bounds)) > limits).any(axis=1)
    findings.reject(frame.index[outside], "E-GEO-005", "a coordinate is outside -180..180, -90..90")
    return frame[~outside]
