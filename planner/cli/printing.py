"""The command that puts a plan on paper: report as PDF, maps as PNG and SVG."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.lang import Lang
from planner.errors import ExitCode


class Paper(StrEnum):
    """Paper of the maps, across."""

    A3 = "A3"
    A4 = "A4"


def print_plan(
    plan: Annotated[Path, typer.Argument(help="Plan folder.", show_default=False)],
    *,
    out: Annotated[
        Path | None, typer.Option(help="Folder to make; <PLAN>-print if omitted.")
    ] = None,
    lang: Annotated[Lang, typer.Option(help="Language of report and maps.")] = Lang.ZH,
    paper: Annotated[
        Paper, typer.Option(help="Paper of the maps, across; the report is A4.")
    ] = Paper.A3,
) -> int:
    """Put a plan on paper: report.pdf, and maps as PNG and SVG."""
    from planner.outputs import read_certified  # noqa: PLC0415 - seconds that --help must not pay
    from planner.outputs.printing import write_print  # noqa: PLC0415

    plan = plan.absolute()
    folder = out or plan.with_name(f"{plan.name}-print")
    published = read_certified(plan)
    for file in write_print(published, folder, lang=lang.value, paper=paper.value):
        sys.stdout.write(f"{file}\n")
    return ExitCode.VERIFIED
