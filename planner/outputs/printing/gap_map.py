"""Draws the printed map of the gaps: counties and townships, before and after side by side."""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.outputs.amounts import lack
from planner.outputs.map.gaps import CLASSES, COLOURS, NO_DEMAND, class_of
from planner.outputs.printing.fonts import drawn
from planner.outputs.printing.ground import Ground
from planner.outputs.printing.panel import INK
from planner.outputs.printing.sheet import Page
from planner.outputs.wording import word_of, wording

Row = dict[str, Any]
PHASES = ("before", "after")
BAR_COLOURS = ("#b0bec5", "#1565c0")
MOST_BARS = 24


def draw_gaps(page: Page, ground: Ground, frames: dict[str, Any], figures: Row) -> None:
    """Draw the share of demand not met of counties and townships, before and after.

    Parameters
    ----------
    page
        A page with title and foot.
    ground
        What lies under the map.
    frames
        The plan's layers by name.
    figures
        Content of ``plan.json``.
    """
    for index, phase in enumerate(PHASES):
        axes = page.map_axes(ground.bounds, (index, len(PHASES)))
        gaps = _county_gaps(figures, phase)
        ground.draw(page, axes, {county: colour_of(gap) for county, gap in gaps.items()})
        ground.name_counties(page, axes, {county: lack(gap) for county, gap in gaps.items()})
        _townships(page, ground, axes, frames, phase)
        axes.text(
            0.02, 0.975, page.say(word_of("phase", phase)), transform=axes.transAxes,
            fontsize=page.points(16), weight="bold", color=INK, va="top", zorder=92,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 3},
        )  # fmt: skip
    _explain(page, figures)
    _bars(page, ground, figures)


def _bars(page: Page, ground: Ground, figures: Row) -> None:
    """Draw the gaps of the counties as bars under the maps, where there is room."""
    box = page.below(ground.bounds, len(PHASES))
    gaps = [_county_gaps(figures, phase) for phase in PHASES]
    shown = [county for county in gaps[0] if gaps[0][county] is not None]
    shown.sort(key=lambda county: (gaps[0][county] or 0.0, county))
    if box is None or not 0 < len(shown) <= MOST_BARS:
        return
    axes = page.figure.add_axes(box)
    rows = np.arange(len(shown), dtype=float)
    for phase, shift, colour, values in zip(PHASES, (0.2, -0.2), BAR_COLOURS, gaps, strict=True):
        lengths = [values[county] or 0.0 for county in shown]
        words = page.say(word_of("phase", phase))
        axes.barh(rows + shift, lengths, height=0.36, color=colour, label=words)
        for row, length in zip(rows, lengths, strict=True):
            axes.text(length + 0.006, row + shift, lack(length), fontsize=page.points(9),
                      va="center", color=INK)  # fmt: skip
    names = [drawn(page.say(ground.names[county])) for county in shown]
    axes.set_yticks(rows, names, fontsize=page.points(10.5))
    axes.set_xticks([])
    axes.set_xlim(0, 1.06)
    axes.tick_params(length=0)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_title(page.say(wording("print.gap")), fontsize=page.points(12), loc="left", color=INK)
    axes.legend(fontsize=page.points(10), loc="lower right", frameon=False)


def _county_gaps(figures: Row, phase: str) -> dict[str, float | None]:
    rows = figures["siting"]["county_shares"]
    served = {str(row["county_id"]): row[f"served_share_{phase}"] for row in rows}
    return {county: None if value is None else 1 - value for county, value in served.items()}


def colour_of(gap: float | None) -> str:
    """Return the colour of a share of demand not met; grey where there is no demand."""
    if gap is None or np.isnan(gap):
        return NO_DEMAND
    return COLOURS[class_of(gap)]


def _townships(page: Page, ground: Ground, axes: Any, frames: dict[str, Any], phase: str) -> None:  # noqa: ANN401
    """Draw each township with a place as a dot of the class of its charging gap."""
    table = frames["township_gaps"]
    mine = table[(table["energy"] == "charging") & (table["phase"] == phase)]
    served = dict(zip(mine["township_id"], mine["served_share"], strict=True))
    towns, places = ground.points(frames["townships"])
    colours = [
        colour_of(1 - float(served[key]))
        if key in served and served[key] is not None
        else NO_DEMAND
        for key in towns["township_id"]
    ]
    for order, (area, colour) in enumerate(((92.0, INK), (70.0, "white"), (40.0, colours))):
        if len(places):
            axes.scatter(
                places[:, 0], places[:, 1], s=area * page.scale**2, c=colour, linewidth=0,
                zorder=40 + order,
            )  # fmt: skip


def _explain(page: Page, figures: Row) -> None:
    panel, edges = page.panel, (0.0, *CLASSES, 1.0)
    panel.heading(page.say(wording("print.gap")))
    for low, most, colour in zip(edges[:-1], edges[1:], COLOURS, strict=True):
        key = "print.gap_last" if most == edges[-1] else "print.gap_range"
        words = wording(key, low=f"{low:.1%}", high=f"{most:.1%}")
        panel.patch(page.say(words), facecolor=colour, edgecolor="#7b8794", linewidth=0.6)
    panel.patch(
        page.say(wording("map.no_demand")), facecolor=NO_DEMAND, edgecolor="#7b8794", linewidth=0.6
    )
    panel.heading(page.say(wording("print.townships")))
    panel.marker(
        page.say(wording("print.township_dot")), s=46 * page.scale**2, facecolor="#fc8d59",
        edgecolor=INK, linewidth=page.points(0.7),
    )  # fmt: skip
    towns = figures["townships"]
    panel.note(
        page.say(
            wording(
                "print.f_towns",
                met=towns["n_met"],
                n=towns["n"],
                short=towns["n_short"],
                unknown=towns["n_cannot_be_checked"],
            )
        )
    )
    panel.note(page.say(wording("print.gap_note")))
