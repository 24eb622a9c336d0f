"""Owns the form of a review file: every field a reviewer's page saves, strict, with its limits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from planner.scenario.rows import Strict

REVIEW_FORMAT = "planner-review-1"
MAX_TEXT = 5000
"""Characters of a name or a comment at most."""
MAX_ID = 400
MAX_MARKS, MAX_SEGMENTS = 20_000, 20_000


def moment(text: str) -> datetime:
    """Return a moment in UTC.

    Raises
    ------
    ValueError
        If the text is no date and time with its offset from UTC.
    """
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        message = "the offset from UTC is missing: write such as 2026-11-22T09:00:00Z"
        raise ValueError(message)
    return found.astimezone(UTC)


def _checked_moment(text: str) -> str:
    moment(text)
    return text


def _named(text: str) -> str:
    if not text.strip():
        message = "must not be blank"
        raise ValueError(message)
    return text


Text = Annotated[str, StringConstraints(max_length=MAX_TEXT)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID)]
MarkId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,60}$")]
Reviewer = Annotated[Text, AfterValidator(_named)]
Moment = Annotated[str, StringConstraints(max_length=40), AfterValidator(_checked_moment)]
Degrees = Annotated[float, Field(ge=-180, le=180)]


class ReviewedPlan(Strict):
    """The plan that was reviewed."""

    id: Id
    case_id: Text
    variant: Text = ""


class Mark(Strict):
    """One mark on the map.

    ``site_id`` belongs to stations (sites are their own), ``segment_ids`` to segments and
    corridors, ``energy`` to stations and sites, ``place`` (degrees, longitude first) to a move.
    """

    mark_id: MarkId
    target: Literal["station", "site", "segment", "corridor"]
    target_id: Id
    site_id: Id | None = None
    segment_ids: Annotated[list[Id], Field(max_length=MAX_SEGMENTS)] | None = None
    name: Text | None = None
    energy: Literal["charging", "swap", "truck_swap", "hydrogen", "all"] | None = None
    opinion: Literal["accept", "refuse", "move", "include"]
    place: Annotated[list[Degrees], Field(min_length=2, max_length=2)] | None = None
    comment: Text | None = None
    reviewer: Reviewer
    marked_at: Moment

    @property
    def of_road(self) -> bool:
        """Whether it is about roads."""
        return self.target in {"segment", "corridor"}

    @property
    def site(self) -> str:
        """Site that it is about; empty for roads."""
        return "" if self.of_road else (self.site_id or self.target_id)

    @property
    def segments(self) -> tuple[str, ...]:
        """Segments that it is about, ascending; a segment is its own."""
        given = self.segment_ids or ([self.target_id] if self.target == "segment" else [])
        return tuple(sorted(set(given))) if self.of_road else ()

    @property
    def when(self) -> datetime:
        """When it was marked, in UTC."""
        return moment(self.marked_at)

    @property
    def point(self) -> tuple[float, float]:
        """Where a move leads to: longitude and latitude."""
        lon, lat = self.place or (0.0, 0.0)
        return lon, lat


class ReviewFile(Strict):
    """What one review file holds."""

    format: Literal["planner-review-1"]
    plan: ReviewedPlan
    reviewer: Text = ""
    saved_at: Moment
    marks: Annotated[list[Mark], Field(max_length=MAX_MARKS)]
