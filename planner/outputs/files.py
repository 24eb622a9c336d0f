"""Writes the files of a plan folder: what people read, what GIS reads, what programs read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pyogrio.errors
import xlsxwriter.exceptions

from planner.errors import OutputError, Problem
from planner.outputs.atomic import PLAN_FILE, cannot_write
from planner.outputs.canonical import canonical_json
from planner.outputs.geopackage import write_geopackage
from planner.outputs.lists import write_lists
from planner.outputs.map.page import render_map
from planner.outputs.report import render_report

if TYPE_CHECKING:
    from planner.plan import Plan

GDAL_FAILURES = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
)


def write_files(plan: Plan, folder: Path, *, lang: str = "zh") -> None:
    """Write ``plan.json``, ``plan.gpkg``, ``map.html``, ``lists.xlsx`` and ``report.html``.

    Equal plans give equal files, to the byte. Write into a folder of
    :func:`planner.outputs.staged`, so that a failure leaves the earlier plan alone.

    Parameters
    ----------
    plan
        The plan; its layers are WGS84 (EPSG:4326).
    folder
        An existing folder without these files.
    lang
        Leading language of map, lists and report: ``"zh"`` or ``"en"``; both are in them.

    Raises
    ------
    OutputError
        Naming the file that cannot be written and what to do about it.
    """
    written = canonical_json(plan.figures)
    frames, figures = plan.layers, json.loads(written)  # what is drawn is what the file says
    _write(folder / PLAN_FILE, lambda file: _put(file, written))
    _write(folder / "plan.gpkg", lambda file: write_geopackage(frames, figures, file))
    _write(folder / "map.html", lambda file: _put(file, render_map(frames, figures, lang=lang)))
    _write(folder / "lists.xlsx", lambda file: write_lists(frames, figures, file, lang=lang))
    _write(
        folder / "report.html", lambda file: _put(file, render_report(frames, figures, lang=lang))
    )


def _put(file: Path, content: str) -> None:
    file.write_text(content, encoding="utf-8", newline="\n")


def _write(file: Path, write: Callable[[Path], None]) -> None:
    try:
        write(file)
    except OutputError:
        raise
    except OSError as error:
        raise cannot_write(error, file) from error
    except (*GDAL_FAILURES, xlsxwriter.exceptions.XlsxWriterException) as error:
        raise OutputError(
            Problem(
                "E-OUT-003",
                f"cannot be written: {error}",
                "check free space and permissions there, or choose another folder with --out",
                file=str(file),
            )
        ) from error
