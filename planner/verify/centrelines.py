"""Proves the centrelines: every segment is in one, and none counts more than once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.verify.faults import Fault, Faults, differing, rows_where
from planner.verify.files import PlanFiles

MILLIMETRE = 0.0011
ALONE = "single"


def centrelines_hold(plan: PlanFiles) -> Faults:
    """Prove the members and the metres of the centrelines, and what test roads count of them."""
    lines, segments = plan.layer("centrelines"), plan.layer("segments")
    of = _members(plan)
    yield from _partition(of, segments)
    length = segments.set_index("segment_id")["length_m"].groupby(of).sum()
    sizes = of.value_counts()
    ids = lines["centreline_id"]
    yield from differing(
        lines, "centreline_id", lines["n_segments"], ids.map(sizes).fillna(0), "n_segments", 0
    )
    room = MILLIMETRE * lines["n_segments"].to_numpy(float)
    whole = ids.map(length).fillna(0.0).to_numpy(float)
    once, sum_m = lines["centreline_m"].to_numpy(float), lines["carriageway_m"].to_numpy(float)
    for wrong, what in (
        (np.abs(sum_m - whole) > room, "carriageway_m is not the length of its segments"),
        (once > whole + room, "centreline_m is longer than its segments"),
        (once < whole / 2 - room, "centreline_m is less than half of its segments"),
        (
            (lines["kind"] == ALONE).to_numpy() & (np.abs(once - whole) > room),
            "it counts not whole",
        ),
    ):
        yield from rows_where(lines, wrong, "centreline_id", what)
    yield from _counted(plan, of)


def _members(plan: PlanFiles) -> pd.Series:
    """Return the centreline of every segment that a centreline names, by segment."""
    lines = plan.layer("centrelines").set_index("centreline_id")["segment_ids"]
    named = lines.fillna("").str.split(",").explode()
    return pd.Series(named.index.to_numpy(), index=named.to_numpy())


def _partition(of: pd.Series, segments: pd.DataFrame) -> Faults:
    for segment_id in sorted(set(of.index[of.index.duplicated()])):
        yield Fault("a segment is in several centrelines", str(segment_id))
    for segment_id in sorted(set(segments["segment_id"]) - set(of.index)):
        yield Fault("a segment is in no centreline", str(segment_id))
    for segment_id in sorted(set(of.index) - set(segments["segment_id"])):
        yield Fault("a centreline names a segment that is not there", str(segment_id))


def _counted(plan: PlanFiles, of: pd.Series) -> Faults:
    """Prove that test roads name their centreline, and count it once where all of it is one."""
    lines = plan.layer("centrelines").set_index("centreline_id")
    for name in ("test_roads", "closed_roads"):
        roads = plan.layer(name)
        mine = roads["segment_id"].map(of[~of.index.duplicated()])
        wrong = (mine != roads["centreline_id"]).to_numpy()
        yield from rows_where(roads, wrong, "segment_id", f"{name} names another centreline")
    roads = plan.layer("test_roads").groupby("centreline_id")["centreline_m"].agg(["sum", "size"])
    known = lines.reindex(roads.index)
    room = MILLIMETRE * roads["size"]
    over = (roads["sum"] > known["centreline_m"] + room).to_numpy()
    all_of_it = roads["size"] == known["n_segments"]
    short = (all_of_it & (roads["sum"] < known["centreline_m"] - room)).to_numpy()
    frame = roads.reset_index()
    yield from rows_where(frame, over, "centreline_id", "test roads count it more than once")
    yield from rows_where(frame, short, "centreline_id", "it is all test road, but counts less")
