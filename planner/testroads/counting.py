"""Owns the two counting bases: what each segment adds by centreline and by carriageway."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.network import Centrelines
from planner.testroads.instance import Floats, Ints

CARRIAGEWAY = "carriageway_km"


@dataclass(frozen=True)
class Counting:
    """Per segment: its centreline, and metres by centreline and by carriageway.

    ``centreline_m`` is its part of the centreline, ``carriageway_m`` its own length; added up
    over the segments of a centreline they are what the centreline counts on either basis.
    """

    centreline_id: tuple[str, ...]
    centreline_m: Floats
    carriageway_m: Floats

    def counted_m(self, basis: str) -> Floats:
        """Return the metres of the basis that counts toward the target."""
        return (self.carriageway_m if basis == CARRIAGEWAY else self.centreline_m).copy()

    def taken(self, rows: Ints) -> Counting:
        """Return the same of these segments, in this order."""
        ids = tuple(self.centreline_id[row] for row in rows.tolist())
        return Counting(ids, self.centreline_m[rows], self.carriageway_m[rows])

    def columns(self, rows: np.ndarray) -> pd.DataFrame:
        """Return the columns that layers of roads hold of the given segments."""
        ids = [self.centreline_id[row] for row in rows.tolist()]
        return pd.DataFrame(
            {
                "centreline_id": pd.Series(ids, dtype="str"),
                "centreline_m": self.centreline_m[rows],
                "carriageway_m": self.carriageway_m[rows],
            }
        )


def counting(segments: gpd.GeoDataFrame, found: Centrelines) -> Counting:
    """Return what segments count on both bases.

    Parameters
    ----------
    segments
        ``layers.SEGMENTS``, in the order of ``found.of_segment``.
    """
    of = found.of_segment
    return Counting(
        tuple(found.centreline_id[row] for row in of.tolist()),
        np.round(found.counted_share * found.centreline_m[of], 3),
        segments["length_m"].to_numpy(dtype=float).copy(),
    )
