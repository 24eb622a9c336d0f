"""Writes ``lists.xlsx``: the lists a bureau works with, Chinese and English, no live cell."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from planner.outputs import (
    build_years,
    fleet_wishes,
    ledger_lists,
    list_rows,
    milestones,
    reviews,
    road_lists,
    road_network,
    road_repairs,
    roadside_lists,
    site_words,
    station_lists,
)
from planner.outputs.sheets import Sheet, write_sheet

FIXED_DATE = datetime(2000, 1, 1)  # noqa: DTZ001 - Excel knows no time zone
"""Written as the creation date, so that equal plans give equal files."""


def write_lists(
    frames: dict[str, Any], figures: dict[str, Any], file: Path, *, lang: str = "zh"
) -> None:
    """Write the lists of a plan as one workbook.

    Parameters
    ----------
    frames
        The plan's layers by name.
    figures
        Content of ``plan.json``.
    file
        Workbook to write.
    lang
        Language that stands first in headings and sheet names.

    Raises
    ------
    OSError, xlsxwriter.exceptions.XlsxWriterException
        If the file cannot be written.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(file), options) as book:
        book.set_properties({"created": FIXED_DATE, "title": figures["case"]["title_zh"][:255]})
        for sheet in sheets(frames, figures):
            write_sheet(book, sheet, lang=lang)


def sheets(frames: dict[str, Any], figures: dict[str, Any]) -> list[Sheet]:
    """Return the sheets of the workbook, in their order."""
    return [
        list_rows.read_me(figures),
        station_lists.stations(frames, figures),
        build_years.building_list(frames),
        station_lists.station_years(frames, figures),
        station_lists.supply_upgrades(frames),
        site_words.site_reasons(frames),
        site_words.repairs(frames),
        list_rows.county_gaps(frames, figures),
        station_lists.townships(frames, figures),
        station_lists.highways(frames),
        station_lists.trips(frames),
        *milestones.milestone_list(frames),
        *road_network.limit_list(frames),
        station_lists.fleets(frames, figures),
        ledger_lists.ledger(frames),
        *road_repairs.repair_list(frames),
        road_lists.corridors(frames),
        road_lists.segments(frames),
        road_lists.excluded(frames),
        *fleet_wishes.wish_list(frames),
        list_rows.roadside_units(frames),
        roadside_lists.materials(frames, figures),
        list_rows.subsidies(frames, figures),
        roadside_lists.subsidy_years(frames),
        *reviews.log_list(frames),
        list_rows.open_questions(frames, figures),
        list_rows.assumptions(figures),
    ]
