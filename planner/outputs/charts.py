"""Draws the report's charts as small SVG: no script, no request, no style from outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from planner.outputs.text_safety import text
from planner.outputs.wording import Both

Say = Callable[[Both], str]
"""Turns a bilingual text into the inside of a ``<text>`` element, made inert."""

INK, MUTED, LINE = "#3d4754", "#5f6b7a", "#9aa5b1"
FONTS = (
    "'Microsoft YaHei','PingFang SC','Noto Sans CJK SC','Source Han Sans SC',"
    "'DejaVu Sans',sans-serif"
)
WIDTH = 720.0
LABELS, VALUES = 172.0, 156.0
"""Room for the names on the left and the figures on the right of lying bars."""

ROW, THICK, HEAD = 21.0, 8.0, 22.0
COLUMN_WIDTH = 400.0
COLUMN_TOP, COLUMN_HEIGHT, COLUMN_FOOT = 52.0, 104.0, 20.0


class Part(NamedTuple):
    """One part of a bar: how long it is, and the colour that the legend explains."""

    value: float
    colour: str


class Bar(NamedTuple):
    """One lying bar, its parts end to end, and the figure told beside it."""

    parts: Sequence[Part]
    told: Both


class Row(NamedTuple):
    """One named row of lying bars, one below the other."""

    title: Both
    bars: Sequence[Bar]


class Column(NamedTuple):
    """One named group of standing bars side by side, with a mark to reach where there is one."""

    title: Both
    bars: Sequence[Bar]
    target: float | None = None


Legend = Sequence[tuple[Both, str]]


def in_both(value: Both) -> str:
    """Return a text in both languages, of which the style of the page shows one."""
    if value.zh == value.en:
        return text(value.zh)
    return f'<tspan class="zh">{text(value.zh)}</tspan><tspan class="en">{text(value.en)}</tspan>'


def in_one(lang: str) -> Say:
    """Return what writes one language only, for a chart that stands alone or on paper."""
    return lambda value: text(value.en if lang == "en" else value.zh)


def lying_bars(
    rows: Sequence[Row], legend: Legend, say: Say, *, top: float, mark: float | None = None
) -> str:
    """Return rows of lying bars, the name on the left and the figure at the end of each.

    Parameters
    ----------
    rows
        At least one.
    legend
        What each colour means.
    say
        How texts are written.
    top
        The value that fills the whole width, above 0.
    mark
        A limit, drawn as a line down the chart; None for none.
    """
    scale = (WIDTH - LABELS - VALUES) / top
    parts = _legend(legend, LABELS, WIDTH, say)
    y = HEAD
    for row in rows:
        height = len(row.bars) * (THICK + 1)
        parts.append(_text(LABELS - 8, y + height / 2 + 3.5, say(row.title), "end"))
        for index, bar in enumerate(row.bars):
            at, level = LABELS, y + index * (THICK + 1)
            for part in bar.parts:
                parts.append(_rect(at, level, part.value * scale, THICK, part.colour))
                at += part.value * scale
            at = _clear_of(at + 5, None if mark is None else LABELS + mark * scale)
            parts.append(_text(at, level + THICK - 0.5, say(bar.told), size=9.5))
        y += max(ROW, height + 5)
    if mark is not None:
        parts.append(_line(LABELS + mark * scale, HEAD - 4, LABELS + mark * scale, y, "#c62828"))
    parts.append(_line(LABELS, HEAD - 4, LABELS, y, LINE))
    return _svg(parts, (WIDTH, y + 4))


def _clear_of(x: float, mark: float | None) -> float:
    """Return where a figure may begin so that the line of the mark does not strike it out."""
    return mark + 5 if mark is not None and x - 8 < mark < x + VALUES else x


def standing_bars(columns: Sequence[Column], legend: Legend, say: Say, *, top: float) -> str:
    """Return groups of standing bars with the figure above each, and targets as red marks.

    Parameters
    ----------
    columns
        At least one.
    legend
        What each colour means.
    say
        How texts are written.
    top
        The value that fills the whole height, above 0.
    """
    scale, floor = COLUMN_HEIGHT / top, COLUMN_TOP + COLUMN_HEIGHT
    room = (COLUMN_WIDTH - 24) / len(columns)
    parts = _legend(legend, 16.0, COLUMN_WIDTH, say)
    parts.append(_line(8, floor, COLUMN_WIDTH - 4, floor, LINE))
    for number, column in enumerate(columns):
        wide = min(room * 0.8 / max(1, len(column.bars)), 72.0)
        begin = 16 + number * room
        for index, bar in enumerate(column.bars):
            left, level = begin + index * (wide + 4), floor
            for part in bar.parts:
                level -= part.value * scale
                parts.append(_rect(left, level, wide, part.value * scale, part.colour))
            parts.append(_text(left + wide / 2, level - 4, say(bar.told), "middle", size=9))
        if column.target is not None:
            reach = floor - column.target * scale
            parts.append(_line(begin - 5, reach, begin + wide + 5, reach, "#c62828", 2.2))
        middle = begin + (wide * len(column.bars) + 4 * (len(column.bars) - 1)) / 2
        parts.append(_text(middle, floor + 15, say(column.title), "middle"))
    return _svg(parts, (COLUMN_WIDTH, floor + COLUMN_FOOT))


def _legend(legend: Legend, left: float, width: float, say: Say) -> list[str]:
    """Return what the colours mean, in as many lines as the width needs."""
    parts: list[str] = []
    x, y = left, 0.0
    for title, colour in legend:
        room = 26 + 5.2 * max(_wide(title.zh), _wide(title.en))
        if x > left and x + room > width:
            x, y = left, y + 15
        parts.append(_rect(x, y + 3, 11, 9, colour))
        parts.append(_text(x + 15, y + 11, say(title), size=10, colour=MUTED))
        x += room
    return parts


def _wide(text: str) -> float:
    return sum(2.0 if ord(letter) > 0x2E7F else 1.1 for letter in text)


def _svg(parts: Sequence[str], size: tuple[float, float]) -> str:
    inside, (width, height) = "\n".join(parts), size
    return (
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {width:g} {height:g}" font-family="{FONTS}">\n{inside}\n</svg>'
    )


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" '
        f'height="{max(height, 0):.1f}" fill="{colour}"/>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1.0) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{colour}" stroke-width="{width:g}"/>'
    )


def _text(
    x: float, y: float, inside: str, anchor: str = "start", *, size: float = 11, colour: str = INK
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}" '
        f'fill="{colour}">{inside}</text>'
    )
