"""Checks that the counties tile the city: no overlap, no gap."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from planner.errors import Problem
from planner.inputs.findings import Findings
from planner.inputs.shapes import area_m2

REFUSED_SHARE = 0.001
"""An overlap of more than this share of the smaller county, or a gap of this share of the
city, is refused; a smaller one of at least 1 ha is a warning."""
MENTIONED_M2 = 10_000.0


def check_tiling(counties: gpd.GeoDataFrame, findings: Findings) -> None:
    """Report overlaps between counties and gaps enclosed by them."""
    counties = counties.sort_values("county_id")
    shapes, ids = counties.geometry.to_numpy(), counties["county_id"].to_numpy()
    areas = np.array([area_m2(shape) for shape in shapes])
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for a, b in sorted(zip(left.tolist(), right.tolist(), strict=True)):
        if a < b:
            common = shapely.intersection(shapes[a], shapes[b])
            share = _area(common) / min(areas[a], areas[b])
            what = f"counties {ids[a]} and {ids[b]} overlap"
            _report(findings, "TIL-001", what, _area(common), share)
    whole = shapely.union_all(shapes)
    for part in shapely.get_parts([whole]):
        for ring in part.interiors:
            gap = shapely.Polygon(ring)
            lon, lat = gap.representative_point().coords[0]
            what = f"the counties leave a gap near {lon:.5f}, {lat:.5f}"
            _report(findings, "TIL-002", what, area_m2(gap), area_m2(gap) / areas.sum())


def _area(geometry: object) -> float:
    parts = shapely.get_parts([geometry])
    return sum(area_m2(part) for part in parts if part.geom_type == "Polygon")


def _report(findings: Findings, code: str, what: str, area: float, share: float) -> None:
    if area < MENTIONED_M2 and share <= REFUSED_SHARE:
        return
    kind = "E" if share > REFUSED_SHARE else "W"
    findings.add(
        Problem(
            f"{kind}-{code}",
            f"{what}: {area / 1e6:.4f} km2",
            "mend the boundaries so that each place lies in exactly one county",
            column="geometry",
        )
    )
