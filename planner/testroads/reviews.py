"""Owns what reviewers ask of segments: refused ones are excluded, those asked for are goals."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.testroads.instance import Bools, ZoneGoal

REFUSED = "refused in review"
"""The reason against a segment that a reviewer refused."""


def with_refused(reasons: tuple[str, ...], refused: Bools) -> tuple[str, ...]:
    """Return the reasons against segments with those that reviewers refused, said last."""
    return tuple(
        "; ".join(part for part in (reason, REFUSED * banned) if part)
        for reason, banned in zip(reasons, refused.tolist(), strict=True)
    )


def asked_goals(
    segments: gpd.GeoDataFrame, road_reviews: pd.DataFrame, excluded: Bools
) -> tuple[ZoneGoal, ...]:
    """Return a goal for each segment that reviewers ask for, by row.

    A segment that may not be a test road is a goal without any row: it cannot be reached.
    """
    goals = []
    for row in np.flatnonzero(of_mark(segments, road_reviews, "lock")).tolist():
        rows = np.array([] if excluded[row] else [row], dtype=np.int64)
        name = f"segment {segments['segment_id'].iloc[row]}"
        goals.append(ZoneGoal(name, rows, np.inf if excluded[row] else 0.0, asked=True))
    return tuple(goals)


def of_mark(segments: gpd.GeoDataFrame, road_reviews: pd.DataFrame, mark: str) -> Bools:
    """Return the segments with a lock or a ban."""
    ids = set(road_reviews.loc[road_reviews["mark"] == mark, "segment_id"])
    return np.asarray(segments["segment_id"].isin(ids), dtype=bool)
