"""Turns wishes into what the rooms read: reviews of sites and segments, new candidate places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.crs import WGS84
from planner.errors import InputError, Problem
from planner.inputs.inputs import Inputs, LayerProvenance
from planner.inputs.review_files import LAYER, FileRead, Marked, Reviews
from planner.inputs.review_wishes import ALL, Wish
from planner.layers import CANDIDATE_POINTS, ENERGIES, REVIEWS, ROAD_REVIEWS, Layer

ANY_ENERGY = "charging,swap,hydrogen"
"""What a place offers that a station of any energy moves to."""
TRUST = "D"
MOVED = "评审移址 moved in review"


def check_targets(
    reviews: Reviews, inputs: Inputs, site_ids: Iterable[str], segment_ids: Iterable[str]
) -> None:
    """Refuse marks on what the case does not have, and moves out of it.

    Raises
    ------
    InputError
        ``E-REV-015`` for each unknown site or segment, ``E-REV-017`` for each place outside
        every county.
    """
    known = {"site": set(site_ids), "segment": set(segment_ids)}
    moves = [row for row in reviews.marks if row.mark.place is not None]
    area = shapely.union_all(inputs.counties.geometry.to_numpy())
    places = np.array([row.mark.point for row in moves], dtype=float).reshape(-1, 2)
    inside = shapely.covers(area, shapely.points(places))
    problems = [problem for row in reviews.marks for problem in _unknown(row, known)]
    problems += [
        Problem(
            "E-REV-017",
            "the place to move to lies outside every county",
            "move it to a place in one of the counties; lon comes first",
            row.file,
            LAYER,
            row.mark.mark_id,
            "place",
            f"{row.mark.point[0]:g}, {row.mark.point[1]:g}",
        )
        for row, covered in zip(moves, inside, strict=True)
        if not covered
    ]
    if problems:
        raise InputError(problems)


def _unknown(row: Marked, known: dict[str, set[str]]) -> Iterator[Problem]:
    asked = {"segment": row.mark.segments, "site": (row.mark.site,) if row.mark.site else ()}
    for kind, ids in asked.items():
        missing = [each for each in ids if each not in known[kind]]
        if missing:
            moved = missing[0].startswith("r-")
            yield Problem(
                "E-REV-015",
                f"the {kind} is not in this case",
                "give the earlier review file too, in which it was moved there"
                if moved
                else "review a plan of this case as it is now",
                row.file,
                LAYER,
                row.mark.mark_id,
                f"{kind}_id",
                missing[0][:80],
                len(missing),
            )


def with_wishes(inputs: Inputs, wishes: Iterable[Wish]) -> Inputs:
    """Return the inputs with what is wished: rows of reviews, and places to move to.

    The id of each row is that of its mark and a number.
    """
    given = sorted(wishes, key=lambda wish: wish.log_id)
    return replace(
        inputs,
        reviews=_added(inputs.reviews, _site_rows(given), REVIEWS),
        road_reviews=_added(inputs.road_reviews, _road_rows(given), ROAD_REVIEWS),
        candidate_points=_with_places(inputs.candidate_points, given),
    )


def owner(review_id: object) -> str:
    """Return the log id of the mark that a row of the reviews comes from, if it comes from one."""
    return str(review_id).rpartition(".")[0]


def _row(wish: Wish, number: int, mark: str) -> dict[str, object]:
    return {
        "review_id": f"{wish.log_id}.{number}",
        "mark": mark,
        "reviewer": wish.mark.reviewer,
        "comment": wish.mark.comment,
        "source": wish.marked.file,
        "trust": TRUST,
    }


def _site_rows(wishes: list[Wish]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for wish in wishes:
        asked = [("lock", wish.mark.site, wish.lock)] if wish.lock else []
        bans = [ALL] if wish.bans == frozenset(ENERGIES) else sorted(wish.bans)
        asked += [("ban", wish.mark.site, energy) for energy in bans]
        if wish.moves:
            asked.append(("lock", wish.new_site, wish.mark.energy or ALL))
        rows += [
            _row(wish, number, mark) | {"site_id": site, "energy": energy}
            for number, (mark, site, energy) in enumerate(asked, start=1)
        ]
    return rows


def _road_rows(wishes: list[Wish]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for wish in wishes:
        asked = [("lock", each) for each in sorted(wish.locked)]
        asked += [("ban", each) for each in sorted(wish.banned)]
        rows += [
            _row(wish, number, mark) | {"segment_id": segment}
            for number, (mark, segment) in enumerate(asked, start=1)
        ]
    return rows


def _added(frame: pd.DataFrame, rows: list[dict[str, object]], layer: Layer) -> pd.DataFrame:
    if not rows:
        return frame
    more = pd.DataFrame(rows, columns=layer.column_names()).astype("str")
    more = more.where(pd.DataFrame(rows, columns=layer.column_names()).notna())
    return pd.concat([frame, more], ignore_index=True)[layer.column_names()]


def _with_places(points: gpd.GeoDataFrame, wishes: list[Wish]) -> gpd.GeoDataFrame:
    moves = [wish for wish in wishes if wish.moves]
    if not moves:
        return points
    offered = [wish.mark.energy or ALL for wish in moves]
    more = gpd.GeoDataFrame(
        {
            "site_id": [wish.new_site for wish in moves],
            "name": [f"{wish.mark.name or wish.mark.site} ({MOVED})" for wish in moves],
            "energies": [ANY_ENERGY if energy == ALL else energy for energy in offered],
            "max_power_kw": float("nan"),
            "parking_places": float("nan"),
            "source": [wish.marked.file for wish in moves],
            "trust": TRUST,
        },
        geometry=[shapely.Point(*wish.mark.point) for wish in moves],
        crs=WGS84,
    )
    every = [*CANDIDATE_POINTS.column_names(), "geometry"]
    joined = pd.concat([points, more], ignore_index=True) if len(points) else more
    return gpd.GeoDataFrame(joined[every], geometry="geometry", crs=WGS84)


def provenance_of(file: FileRead) -> LayerProvenance:
    """Return a review file as one of the inputs of a plan."""
    return LayerProvenance(
        layer=LAYER,
        file=file.file,
        sha256=file.sha256,
        source=file.reviewer,
        licence="",
        date=file.saved_at[:10],
        datum="wgs84",
        crs="EPSG:4326",
        synthetic=False,
        trust=TRUST,
        rows_in=file.n_marks,
        rows_used=file.n_marks,
        rows_repaired=0,
        rows_rejected=0,
        notes=(),
    )
