"""Gaps of counties and townships as coloured areas: by measure, energy and phase."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from planner import layers
from planner.outputs.amounts import daily, share
from planner.outputs.map import shapes
from planner.outputs.map.feature_layers import Json, pair
from planner.outputs.map.ground import names_by
from planner.outputs.map.years import BEFORE, phase_of, plan_years
from planner.outputs.wording import column_title, same, word_of, wording

CLASSES = (0.005, 0.05, 0.2, 0.5, 0.8)
"""Upper limits of the share of demand that is not served, on the page, on paper and in QGIS;
a limit belongs to the class below it, and the last class is open."""

COLOURS = ("#e8f5e9", "#fff3c4", "#fdd49e", "#fc8d59", "#e34a33", "#b30000")
NO_DEMAND, NO_DATA = "#eeeeee", "#b0bec5"
WITHOUT_DEMAND, WITHOUT_DATA = -1, -2
MEASURES = ("served", "coverage", "capacity")
AMOUNTS = ("demand", "coverage_gap", "capacity_gap")
FIELDS = (*(f"{name}_per_day" for name in AMOUNTS), "covered_share", "served_share")


def gap_views(frames: dict[str, Any], figures: Json) -> Json:
    """Return counties and townships once each, and their cells by energy and phase.

    Parameters
    ----------
    frames
        The plan's layers by name: the shapes.
    figures
        Content of ``plan.json``: its gaps are what is coloured.
    """
    phases = _phases(figures)
    level = {
        "county": (frames["counties"], "areas"),
        "township": (frames["townships"], "points"),
    }
    return {
        "levels": [
            _level(key, *level[key], figures["gaps"][key], [phase for phase, _ in phases])
            for key in level
        ],
        "measures": [{"id": key, "title": pair(wording(f"map.gap_{key}"))} for key in MEASURES],
        "energies": [
            {"id": energy, "title": pair(word_of("energy", energy))} for energy in layers.ENERGIES
        ],
        "phases": [{"id": phase, "title": pair(title)} for phase, title in phases],
        "fields": [pair(column_title(layers.COUNTY_GAPS, name)) for name in FIELDS],
        "classes": _legend(),
        "none": {"colour": NO_DEMAND, "title": pair(wording("map.no_demand"))},
        "missing": {"colour": NO_DATA, "title": pair(wording("map.no_data"))},
        "start": {
            "level": "county",
            "measure": "served",
            "energy": _worst_energy(figures),
            "phase": phases[-1][0],
        },
    }


def _phases(figures: Json) -> list[tuple[str, Any]]:
    """Return the phases of the gaps in order with their names; the last year is *after*."""
    years = plan_years(figures)
    return [
        (phase, word_of("phase", phase) if phase in ("before", "after") else same(phase))
        for phase in (phase_of(year, years) for year in (BEFORE, *years))
    ]


def _worst_energy(figures: Json) -> str:
    worst = figures["siting"]["worst_county"]
    return str(worst["energy"].split("+")[0]) if worst else "charging"


def _legend() -> list[Json]:
    edges = [0.0, *CLASSES, 1.0]
    return [
        {"colour": colour, "title": f"{low * 100:g}–{high * 100:g}%"}
        for colour, low, high in zip(COLOURS, edges[:-1], edges[1:], strict=True)
    ]


def _level(
    key: str, frame: gpd.GeoDataFrame, kind: str, gaps: list[Json], phases: list[str]
) -> Json:
    rows = frame[shapes.drawn(frame.geometry)]
    name = names_by(f"{key}_id", frame)
    places = shapes.areas(rows.geometry) if kind == "areas" else shapes.points(rows.geometry)
    ids = [str(value) for value in rows[f"{key}_id"]]
    cells = {(str(row[f"{key}_id"]), row["energy"], row["phase"]): row for row in gaps}
    return {
        "id": key,
        "title": pair(wording(f"map.gap_{key}")),
        "kind": kind,
        "rows": [
            {"t": pair(name(row)), "i": at, "g": place}
            for row, at, place in zip(rows.itertuples(), ids, places, strict=True)
        ],
        "unplaced": len(frame) - len(rows),
        "views": {
            f"{energy}-{phase}": [_cell(cells.get((at, energy, phase)), energy) for at in ids]
            for energy in layers.ENERGIES
            for phase in phases
        },
    }


def _cell(row: Json | None, energy: str) -> Json:
    """Return the class in each measure and the values of the popup."""
    if row is None:
        return {"c": [WITHOUT_DATA] * len(MEASURES), "v": []}
    amounts = [daily(row[f"{name}_per_day"], energy) for name in AMOUNTS]
    shares = [same(share(row["covered_share"])), same(share(row["served_share"]))]
    return {"c": _classes(row), "v": [pair(value) for value in (*amounts, *shares)]}


def _classes(row: Json) -> list[int]:
    """Return the class of the share not served, out of reach, and beyond capacity."""
    demand = row["demand_per_day"]
    if row["served_share"] is None or not demand:
        return [WITHOUT_DEMAND] * len(MEASURES)
    missing = (
        1.0 - row["served_share"],
        row["coverage_gap_per_day"] / demand,
        row["capacity_gap_per_day"] / demand,
    )
    return [class_of(part) for part in missing]


def class_of(missing: float) -> int:
    """Return the class of a share of demand that is not met.

    Examples
    --------
    >>> class_of(0.0), class_of(0.05), class_of(0.051), class_of(1.0)
    (0, 1, 2, 5)
    """
    return sum(round(missing, 9) > limit for limit in CLASSES)
