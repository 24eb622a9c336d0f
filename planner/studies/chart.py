"""Draws shares over money as a small SVG: no script, no request, text made inert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from planner.outputs.charts import Say
from planner.outputs.wording import Both

WIDTH, HEIGHT = 720.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 20.0, 16.0, 64.0
TICKS = 5
STYLE = (
    "text{font:11px sans-serif;fill:#3d4754}polyline{fill:none;stroke-width:2}"
    ".axis{stroke:#9aa5b1}.grid{stroke:#e3e8ee}.s0{stroke:#1565c0;fill:#1565c0}"
    ".s1{stroke:#c62828;fill:#c62828}polyline.s0,polyline.s1{fill:none}"
    "polyline.s1{stroke-dasharray:5 3}.bound{stroke-width:2}"
)


@dataclass(frozen=True)
class Series:
    """One curve: its name, its values and the bound on each, as shares of 1; None leaves out."""

    name: Both
    values: Sequence[float | None]
    bounds: Sequence[float | None]


def share_chart(x: Sequence[float], x_title: Both, series: Sequence[Series], say: Say) -> str:
    """Return a chart of shares of 1 over an amount from 0 on, as one ``<svg>`` element.

    A short bar above a point is the bound on it: no plan of that budget lies higher.

    Parameters
    ----------
    x
        Amounts, ascending.
    x_title
        What they are.
    series
        At most two curves over them.
    say
        Turns a bilingual text into the inside of a ``<text>`` element.
    """
    step = _step(max([*x, 1.0]))
    top = step * max(1, -int(-max([*x, 1.0]) // step))
    parts = [*_axes(top, step), _text(WIDTH / 2, HEIGHT - 26, "middle", say(x_title))]
    for number, row in enumerate(series):
        parts += _curve(x, row, top, f"s{number}")
        begin = LEFT + number * 300
        parts.append(
            f'<line class="s{number} bound" x1="{begin:.1f}" x2="{begin + 18:.1f}" '
            f'y1="{HEIGHT - 8:.1f}" y2="{HEIGHT - 8:.1f}"/>'
        )
        parts.append(_text(begin + 24, HEIGHT - 4, "start", say(row.name)))
    inner = "\n".join(parts)
    return (
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}">\n<style>{STYLE}</style>\n{inner}\n</svg>\n'
    )


def _step(most: float) -> float:
    """Return a round step that cuts 0 to the largest amount into about five.

    Examples
    --------
    >>> _step(450.0)
    100.0
    """
    rough = most / TICKS
    power = 10.0 ** floor(log10(rough))
    return float(next(m for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9)) * power)


def _at_x(value: float, top: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * value / top


def _at_y(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)


def _axes(top: float, step: float) -> list[str]:
    bottom, right = _at_y(0), WIDTH - RIGHT
    parts = []
    for tick in range(TICKS + 1):
        share = tick / TICKS
        y = _at_y(share)
        parts.append(f'<line class="grid" x1="{LEFT:g}" x2="{right:g}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_text(LEFT - 6, y + 4, "end", f"{share:.0%}"))
    for tick in range(round(top / step) + 1):
        x = _at_x(tick * step, top)
        parts.append(_text(x, bottom + 16, "middle", f"{tick * step:,.6g}"))
    parts.append(
        f'<line class="axis" x1="{LEFT:g}" x2="{right:g}" y1="{bottom:.1f}" y2="{bottom:.1f}"/>'
    )
    return parts


def _curve(x: Sequence[float], row: Series, top: float, name: str) -> list[str]:
    points = [
        (_at_x(at, top), value, bound)
        for at, value, bound in zip(x, row.values, row.bounds, strict=True)
        if value is not None and value == value  # noqa: PLR0124 - NaN differs from itself
    ]
    path = " ".join(f"{at:.1f},{_at_y(value):.1f}" for at, value, _ in points)
    parts = [f'<polyline class="{name}" points="{path}"/>']
    for at, value, bound in points:
        parts.append(f'<circle class="{name}" cx="{at:.1f}" cy="{_at_y(value):.1f}" r="3"/>')
        if bound is not None and bound == bound:  # noqa: PLR0124
            y = _at_y(min(1.0, bound))
            parts.append(
                f'<line class="{name} bound" x1="{at - 5:.1f}" x2="{at + 5:.1f}" '
                f'y1="{y:.1f}" y2="{y:.1f}"/>'
            )
    return parts


def _text(x: float, y: float, anchor: str, inside: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{inside}</text>'
