"""Decides what people read of the reviews: which site, by whom, why, and whether it is honoured."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.outputs.amounts import NOTHING
from planner.outputs.list_cells import names_of
from planner.outputs.wording import Both, word_of

Row = dict[str, Any]


def review_cards(frames: dict[str, Any]) -> list[Row]:
    """Return every review as the report shows it, in the order of the layer.

    A lock is honoured where a station of its energy stands at the site in the end, a ban where
    the plan builds none there. What reviewers wrote is data: the page makes it inert.
    """
    stations = frames["stations"]
    planned = stations[stations["status"] == "planned"]
    names = names_of(frames["candidate_sites"], "site_id")
    counties = names_of(frames["counties"], "county_id")
    county = dict(
        zip(
            frames["candidate_sites"]["site_id"],
            frames["candidate_sites"]["county_id"],
            strict=True,
        )
    )
    return [
        {
            "review_id": str(row.review_id),
            "site_id": str(row.site_id),
            "site": _text(names.get(row.site_id)),
            "county": _text(counties.get(str(county.get(row.site_id)))),
            "mark": word_of("review", row.mark),
            "energy": word_of("review_energy", row.energy)
            if row.energy == "all"
            else word_of("energy", row.energy),
            "reviewer": _text(row.reviewer),
            "comment": _text(row.comment),
            "honoured": _honoured(row, stations if row.mark == "lock" else planned),
        }
        for row in frames["reviews"].itertuples()
    ]


def _honoured(review: Any, stations: pd.DataFrame) -> Both:  # noqa: ANN401 - a row of itertuples
    at = stations[stations["site_id"] == review.site_id]
    there = bool(len(at) if review.energy == "all" else (at["energy"] == review.energy).any())
    return word_of("yes", there == (review.mark == "lock"))


def _text(value: object) -> str:
    return value if isinstance(value, str) and value else NOTHING
