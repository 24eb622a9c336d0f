"""What became of the marks of review files, as a plan tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from planner.inputs import empty_layer
from planner.layers import OUTCOMES, REVIEW_LOG

Row = dict[str, Any]


def review_figures(log: pd.DataFrame, files: list[Row], totals: Row) -> Row:
    """Return what ``plan.json`` says of reviews: files, counts by outcome, what all cost.

    Parameters
    ----------
    log
        The layer REVIEW_LOG.
    files
        One row a review file: name, SHA-256, reviewer, when saved, plan, number of marks.
    totals
        ``stations`` and ``test_roads``: figures without any mark and with all of them, or None
        where no mark is about them; ``n_solves``: how often the choice was made again.
    """
    counts = log["outcome"].value_counts()
    return {
        "files": files,
        "n_marks": len(log),
        "by_outcome": {outcome: int(counts.get(outcome, 0)) for outcome in OUTCOMES},
        **totals,
    }


def _no_log() -> pd.DataFrame:
    return pd.DataFrame(empty_layer(REVIEW_LOG))


def _no_figures() -> Row:
    return review_figures(_no_log(), [], {"stations": None, "test_roads": None, "n_solves": 0})


@dataclass(frozen=True)
class Reviewed:
    """The review log (layer REVIEW_LOG) and its figures; by default of no review at all."""

    log: pd.DataFrame = field(default_factory=_no_log)
    figures: Row = field(default_factory=_no_figures)
