"""County gaps before and after as one coloured layer with a view an energy and phase."""

from __future__ import annotations

from typing import Any

from planner import layers
from planner.outputs.amounts import daily, share
from planner.outputs.map import shapes
from planner.outputs.map.feature_layers import Json, pair
from planner.outputs.summary import gaps_by_county
from planner.outputs.wording import column_title, word_of, wording

CLASSES = (0.1, 0.3, 0.6, 0.85)
"""Upper limits of the share of demand that is not served; the last class is open."""

COLOURS = ("#fff8e7", "#fdd9a0", "#fbb168", "#ea7f3f", "#b8411f")
NO_DEMAND = "#eeeeee"


def gap_views(frames: dict[str, Any], figures: Json) -> Json:
    """Return the counties' shapes once and one colouring for each energy and phase.

    Parameters
    ----------
    frames
        The plan's layers by name.
    figures
        Content of ``plan.json``: its county gaps are what is coloured.
    """
    counties = frames["counties"]
    rows = {row["county_id"]: row["cells"] for row in gaps_by_county(figures)}
    ids = [str(county) for county in counties["county_id"]]
    shown = ("demand", "coverage_gap", "capacity_gap")
    fields = [f"{name}_per_day" for name in shown] + ["covered_share", "served_share"]
    return {
        "areas": [
            {"t": pair(str(name)), "g": shapes.rings(geometry)}
            for name, geometry in zip(counties["name"], counties.geometry, strict=True)
        ],
        "fields": [pair(column_title(layers.COUNTY_GAPS, name)) for name in fields],
        "classes": _legend(),
        "none": {"colour": NO_DEMAND, "title": pair(wording("map.no_demand"))},
        "views": [
            _view(energy, phase, [rows.get(county, {}) for county in ids])
            for energy in layers.ENERGIES
            for phase in ("before", "after")
        ],
        "start": _start(figures),
    }


def _start(figures: Json) -> str:
    worst = figures["siting"]["worst_county"]
    energy = worst["energy"].split("+")[0] if worst else "charging"
    return f"{energy}-before"


def _legend() -> list[Json]:
    edges = [0.0, *CLASSES, 1.0]
    return [
        {"colour": colour, "title": f"{low * 100:.0f}–{high:.0%}"}
        for colour, low, high in zip(COLOURS, edges[:-1], edges[1:], strict=True)
    ]


def _view(energy: str, phase: str, counties: list[Json]) -> Json:
    cells = [county.get(energy, {}).get(phase) for county in counties]
    return {
        "id": f"{energy}-{phase}",
        "energy": pair(word_of("energy", energy)),
        "phase": pair(word_of("phase", phase)),
        "classes": [_class_of(cell) for cell in cells],
        "values": [_values(cell, energy) for cell in cells],
    }


def _class_of(cell: Json | None) -> int:
    """Return the class of the share not served; -1 where there is no demand."""
    if cell is None or cell["served_share"] is None:
        return -1
    missing = 1.0 - cell["served_share"]
    return sum(missing > limit for limit in CLASSES)


def _values(cell: Json | None, energy: str) -> list[list[str] | str]:
    if cell is None:
        return []
    amounts = [
        daily(cell[f"{name}_per_day"], energy)
        for name in ("demand", "coverage_gap", "capacity_gap")
    ]
    return [
        *(pair(amount) for amount in amounts),
        share(cell["covered_share"]),
        share(cell["served_share"]),
    ]
