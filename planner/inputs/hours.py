"""Owns the hours of a day as text: reads them, joins them and adds them up."""

from __future__ import annotations

import re
from collections.abc import Iterable

SPAN = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
DAY_MIN = 24 * 60
Spans = tuple[tuple[int, int], ...]
"""Disjoint ascending spans of minutes from midnight, as [start, end) within one day."""


def spans_of(text: str) -> Spans:
    """Return the hours of a text such as ``07:00-09:00,16:30-18:00``.

    A span that ends before it starts goes on past midnight.

    Raises
    ------
    ValueError
        If the text is not written so, or a span has no length.

    Examples
    --------
    >>> spans_of("22:00-06:00")
    ((0, 360), (1320, 1440))
    """
    found: list[tuple[int, int]] = []
    for part in text.split(","):
        match = SPAN.fullmatch(part.strip())
        if match is None:
            message = f"{part.strip()!r} is not written as 07:00-09:00"
            raise ValueError(message)
        hours = [int(group) for group in match.groups()]
        start, end = 60 * hours[0] + hours[1], 60 * hours[2] + hours[3]
        if max(start, end) > DAY_MIN or start in {end, DAY_MIN}:
            message = f"{part.strip()!r} is no span of a day"
            raise ValueError(message)
        found += [(start, end)] if start < end else [(start, DAY_MIN), (0, end)]
    return _joined(found)


def _joined(spans: Iterable[tuple[int, int]]) -> Spans:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if start == end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def merged_hours(texts: Iterable[str]) -> str:
    """Return the hours of several texts as one, ascending, joined where they touch.

    Examples
    --------
    >>> merged_hours(["16:30-18:00", "07:00-08:30,08:00-09:00"])
    '07:00-09:00,16:30-18:00'
    """
    spans = _joined(span for text in texts for span in spans_of(text))
    return ",".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans)


def hours_a_day(text: str) -> float:
    """Return how many hours of a day a text of hours holds; none if it is empty."""
    return sum(end - start for start, end in spans_of(text)) / 60 if text else 0.0


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
