"""Owns the limits of the mix of test roads: km and shares by jurisdiction, county, class, grade."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.layers import ROAD_LIMITS
from planner.scenario import RoadLimit
from planner.testroads.instance import METRES_PER_KM, Bools, Ints, Limit
from planner.testroads.merit import TOLERANCE_KM

DECIMALS = 9
Row = dict[str, object]


def limits_of(
    segments: gpd.GeoDataFrame, grade: Ints, rows: dict[str, RoadLimit]
) -> tuple[Limit, ...]:
    """Return the limits of a scenario as linear rows over the segments.

    Parameters
    ----------
    segments
        Satisfies ``layers.SEGMENTS``, in any row order.
    grade
        Complexity grade of each.
    rows
        Road limits by name. A limit with least and most makes two, "NAME least" and
        "NAME most".
    """
    found = []
    for name, row in sorted(rows.items()):
        inside = counted(segments, grade, row).astype(float)
        for side, sign, figure in (("least", -1.0, row.least), ("most", 1.0, row.most)):
            if figure is None:
                continue
            share = sign * (inside - figure if row.measure == "share" else inside)
            high_km = 0.0 if row.measure == "share" else sign * figure
            found.append(Limit(f"{name} {side}", share, high_km))
    return tuple(found)


def counted(segments: gpd.GeoDataFrame, grade: Ints, row: RoadLimit) -> Bools:
    """Return the segments that a limit counts."""
    if row.of == "complexity_grade":
        return np.asarray(np.isin(grade.astype(str), list(row.values)))
    return np.asarray(segments[row.of].isin(list(row.values)), dtype=bool)


def limit_frame(test_roads: pd.DataFrame, rows: dict[str, RoadLimit]) -> pd.DataFrame:
    """Return ``layers.ROAD_LIMITS``: what each limit asks and the test roads have, RangeIndex.

    A limit may be missed by a millimetre of road before it is called missed; a share of no
    road at all is 0 and missed by nothing, as in the rows of :func:`limits_of`.

    Parameters
    ----------
    test_roads
        Satisfies ``layers.TEST_ROADS``.
    """
    km = test_roads["counted_m"].to_numpy(dtype=float) / METRES_PER_KM
    grade = test_roads["complexity_grade"].to_numpy()
    total_km = float(km.sum())
    found = []
    for name, row in sorted(rows.items()):
        mine_km = float(km[counted(test_roads, grade, row)].sum())
        whole_km = max(total_km, TOLERANCE_KM) if row.measure == "share" else 1.0
        found.append({"limit_id": name} | _told(row, mine_km / whole_km, TOLERANCE_KM / whole_km))
    frame = pd.DataFrame(found, columns=ROAD_LIMITS.column_names())
    return frame.astype({column.name: column.dtype for column in ROAD_LIMITS.columns})


def _told(row: RoadLimit, reached: float, tolerance: float) -> Row:
    """Return a limit with what is reached and by how much it is missed, beyond a tolerance."""
    off = max(0.0 if row.least is None else row.least - reached,
              0.0 if row.most is None else reached - row.most)  # fmt: skip
    met = off <= tolerance
    return row.model_dump() | {
        "values": ",".join(row.values),
        "reached": round(reached, DECIMALS),
        "shortfall": 0.0 if met else round(off, DECIMALS),
        "met": met,
    }
