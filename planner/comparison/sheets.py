"""Writes ``compare.xlsx``: what else differs, the figures, and every station, road and unit."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from planner.comparison.change import Change
from planner.comparison.comparison import Comparison
from planner.comparison.figures import FigureChange
from planner.comparison.words import (
    aspects,
    difference_title,
    headline,
    obstacle,
    plan_names,
    technology_names,
    warnings,
)
from planner.outputs.list_cells import cell, coded, in_one, names_of
from planner.outputs.lists import FIXED_DATE
from planner.outputs.sheets import Cell, Heading, Sheet, write_sheet
from planner.outputs.text_safety import visible
from planner.outputs.wording import Both, word_of, wording

UNITS = {"share": 100.0, "km": 1.0, "money": 1.0, "count": 1.0, "amount": 1.0}
"""What a figure is multiplied by in its cell: shares stand there in percent."""


def write_workbook(comparison: Comparison, file: Path, *, lang: str = "zh") -> None:
    """Write a comparison as one workbook; no cell from data is ever a formula.

    Parameters
    ----------
    comparison
        What to write.
    file
        Workbook to write.
    lang
        Language that stands first in headings and sheet names.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(file), options) as book:
        book.set_properties({"created": FIXED_DATE, "title": " vs ".join(plan_names(comparison))})
        for sheet in sheets(comparison):
            write_sheet(book, sheet, lang=lang)


def sheets(comparison: Comparison) -> list[Sheet]:
    """Return the sheets of the workbook: first what else differs, then the figures."""
    return [
        _summary(comparison),
        _assumptions(comparison),
        _figures(comparison.figures),
        _stations(comparison),
        _roads(comparison),
        _units(comparison.units),
    ]


def _summary(comparison: Comparison) -> Sheet:
    one, two = plan_names(comparison)
    about = wording("compare.about", one=one, two=two)
    rows = [[*row] for row in (about, *warnings(comparison), *headline(comparison))]
    headings = (Heading(Both("说明", "Chinese")), Heading(Both("英文", "English")))
    return _sheet("summary", headings, [[visible(text) for text in row] for row in rows])


def _assumptions(comparison: Comparison) -> Sheet:
    rows = [
        [
            visible(in_one(difference_title(row.key))),
            cell(row.key),
            cell(row.before),
            cell(row.after),
        ]
        for row in comparison.differing
    ]
    return _sheet("assumptions", _headings("head_key", "key", "head_a", "head_b"), rows)


def _figures(figures: list[FigureChange]) -> Sheet:
    """Return the figures with full digits; a share stands in percent, its change in points."""
    rows = [
        [
            visible(in_one(row.title)),
            coded("compare_style", row.style),
            *(_scaled(value, row.style) for value in (row.before, row.after, row.difference)),
            visible(in_one(obstacle(row))) if row.obstacles else None,
        ]
        for row in figures
    ]
    titles = [wording(f"compare.{key}") for key in ("head_figure", "unit")]
    numbers = [wording(f"compare.{key}") for key in ("head_a", "head_b", "head_difference")]
    headings = (
        *(Heading(title) for title in titles),
        *(Heading(title, "unit_cost") for title in numbers),
        Heading(wording("compare.why_not")),
    )
    return _sheet("figures", headings, rows)


def _scaled(value: float | None, style: str) -> Cell:
    return None if value is None else round(value * UNITS[style], 9)


def _stations(comparison: Comparison) -> Sheet:
    counties = names_of(comparison.two.layers["counties"], "county_id")
    technologies = technology_names(comparison)
    rows: list[list[Cell]] = []
    for change in comparison.stations:
        row = change.either
        sides = [
            [
                cell(side.station_id),
                in_one(
                    technologies.get(str(side.technology), Both(side.technology, side.technology))
                ),
                int(side.n_units),
                int(side.first_year),
                int(side.capital_cny),
                round(float(side.geometry.x), 6),
                round(float(side.geometry.y), 6),
            ]
            if side is not None
            else [None] * 7
            for side in (change.before, change.after)
        ]
        paid = [
            0 if side is None else int(side.capital_cny) for side in (change.before, change.after)
        ]
        rows.append(
            [
                coded("compare_kind_of_change", change.kind),
                cell(row.name),
                cell(counties.get(str(row.county_id), str(row.county_id))),
                coded("energy", row.energy),
                visible(in_one(aspects(change, technologies))),
                round(change.moved_m, 1),
                *sides[0],
                *sides[1],
                paid[1] - paid[0],
            ]
        )
    return _sheet("stations", _station_headings(), rows)


def _station_headings() -> tuple[Heading, ...]:
    side = [
        ("station_id", "text", False),
        ("technology", "text", False),
        ("units_word", "count", False),
        ("year", "code", False),
        ("money", "money", True),
        ("longitude", "text", False),
        ("latitude", "text", False),
    ]
    return (
        *_headings("what", "name", "county", "energy", "differs"),
        Heading(wording("compare.moved_m"), "amount"),
        *(_of_side("before", key, style, total=total) for key, style, total in side),
        *(_of_side("after", key, style, total=total) for key, style, total in side),
        Heading(wording("compare.capital_change"), "money", total=True),
    )


def _roads(comparison: Comparison) -> Sheet:
    rows: list[list[Cell]] = []
    for change in comparison.roads:
        row = change.either
        sides = [_road_side(side) for side in (change.before, change.after)]
        name = row.name if isinstance(row.name, str) else row.ref
        start = [coded("compare_kind_of_change", change.kind), cell(name), cell(row.segment_id)]
        said = visible(in_one(aspects(change, {})))
        rows.append([*start, coded("road_class", row.road_class), said, *sides[0], *sides[1]])
    side = [("km", "km", True), ("year", "code", False), ("equipped_year", "code", False)]
    headings = (
        *_headings("what", "name", "segment_id", "road_class", "differs"),
        *(_of_side("before", key, style, total=total) for key, style, total in side),
        *(_of_side("after", key, style, total=total) for key, style, total in side),
    )
    return _sheet("roads", headings, rows)


def _road_side(row: object) -> list[Cell]:
    if row is None:
        return [None] * 3
    fitted = getattr(row, "equipped_year", None)
    known = bool(getattr(row, "equipped", False)) and fitted is not None and fitted == fitted  # noqa: PLR0124 - NaN
    km = round(float(getattr(row, "counted_m", 0.0)) / 1000, 6)
    return [
        km,
        int(getattr(row, "stage_year", 0)),
        int(str(fitted).split(".")[0]) if known else None,
    ]


def _units(changes: list[Change]) -> Sheet:
    rows: list[list[Cell]] = []
    for change in changes:
        row = change.either
        sides = [
            [None, None] if side is None else [int(side.stage_year), int(side.cost_cny)]
            for side in (change.before, change.after)
        ]
        rows.append(
            [
                coded("compare_kind_of_change", change.kind),
                cell(row.rsu_id),
                cell(row.segment_id),
                visible(in_one(aspects(change, {}))),
                *sides[0],
                *sides[1],
            ]
        )
    headings = (
        *_headings("what", "rsu_id", "segment_id", "differs"),
        *(
            _of_side(which, key, style, total=key == "money")
            for which in ("before", "after")
            for key, style in (("year", "code"), ("money", "money"))
        ),
    )
    return _sheet("units", headings, rows)


def _headings(*keys: str) -> tuple[Heading, ...]:
    return tuple(Heading(wording(f"compare.{key}")) for key in keys)


def _of_side(side: str, key: str, style: str, *, total: bool) -> Heading:
    plan, what = wording(f"compare.{side}"), wording(f"compare.{key}")
    return Heading(Both(f"{plan.zh}{what.zh}", f"{plan.en}: {what.en}"), style, total)


def _sheet(key: str, headings: tuple[Heading, ...], rows: list[list[Cell]]) -> Sheet:
    return Sheet(word_of("compare_sheet", key), headings, rows)
