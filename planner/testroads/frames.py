"""Owns the layers of the answer: test roads, rejected segments and roadside units."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.layers import CLOSED_ROADS, REJECTED_SEGMENTS, SEGMENT_TERMS, TEST_ROADS
from planner.testroads.corridors import corridor_ids
from planner.testroads.instance import Ints
from planner.testroads.prepare import Prepared


def test_road_frame(prepared: Prepared, years: Ints) -> gpd.GeoDataFrame:
    """Return ``layers.TEST_ROADS`` (EPSG:4326), none equipped yet, by segment id, RangeIndex."""
    instance = prepared.instance
    rows = np.flatnonzero(years > 0)
    frame = prepared.segments.iloc[rows].reset_index(drop=True)
    frame["stage_year"] = years[rows]
    frame["opened_before"] = instance.opened[rows]
    frame["equipped"] = False
    frame["equipped_year"] = np.nan
    frame["complexity_grade"] = instance.grade[rows]
    frame["test_value"] = instance.worth[rows]
    frame["counted_m"] = instance.counted_m[rows]
    frame = frame.join(prepared.counting.columns(rows))
    hours = [prepared.closed_hours[row] or None for row in rows.tolist()]
    frame["closed_hours"] = pd.Series(hours, dtype="str")
    frame["corridor_id"] = pd.Series(corridor_ids(frame), dtype="str")
    return frame[[*TEST_ROADS.column_names(), "geometry"]]


def closed_road_frame(prepared: Prepared) -> gpd.GeoDataFrame:
    """Return ``layers.CLOSED_ROADS`` (EPSG:4326), sorted by segment id, RangeIndex."""
    history = prepared.history
    rows = np.flatnonzero(history.closed_year > 0)
    frame = prepared.segments.iloc[rows].reset_index(drop=True)
    frame["complexity_grade"] = prepared.instance.grade[rows]
    frame["opened_year"] = history.past_year[rows]
    frame["closed_year"] = history.closed_year[rows]
    frame["counted_m"] = prepared.instance.counted_m[rows]
    frame = frame.join(prepared.counting.columns(rows))
    return frame[[*CLOSED_ROADS.column_names(), "geometry"]]


def terms_frame(prepared: Prepared, years: Ints) -> pd.DataFrame:
    """Return ``layers.SEGMENT_TERMS`` of the test roads, sorted by segment id, RangeIndex."""
    rows = np.flatnonzero(years > 0)
    frame = prepared.terms.iloc[rows].reset_index(drop=True)
    frame["points"] = frame.sum(axis=1)
    frame["complexity_grade"] = prepared.instance.grade[rows]
    frame["segment_id"] = pd.Series(
        [prepared.instance.segment_id[row] for row in rows.tolist()], dtype="str"
    )
    frame["scene"] = pd.Series(prepared.scenes[rows], dtype="str")
    return frame[SEGMENT_TERMS.column_names()]


def rejected_frame(prepared: Prepared) -> gpd.GeoDataFrame:
    """Return ``layers.REJECTED_SEGMENTS`` (EPSG:4326), sorted by segment id, RangeIndex."""
    excluded = prepared.instance.excluded
    frame = prepared.segments[excluded].reset_index(drop=True)
    reasons = [prepared.reasons[row] for row in np.flatnonzero(excluded).tolist()]
    frame["reason"] = pd.Series(reasons, dtype="str")
    return frame[[*REJECTED_SEGMENTS.column_names(), "geometry"]]
