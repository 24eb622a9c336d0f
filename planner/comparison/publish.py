"""Publishes a comparison as a folder of its own: map page, workbook and record, in one step."""

from __future__ import annotations

from pathlib import Path

from planner.comparison.comparison import Comparison
from planner.comparison.page import render_comparison
from planner.comparison.record import record
from planner.comparison.sheets import write_workbook
from planner.outputs import canonical_json, staged

COMPARISON_FILE = "compare.json"


def folder_for(one: Path, two: Path) -> Path:
    """Return where the comparison of two plan folders goes unless told: beside plan A."""
    one, two = one.resolve(), two.resolve()
    return one.parent / f"{one.name}-vs-{two.name}"


def write_comparison(comparison: Comparison, out: str | Path, *, lang: str = "zh") -> None:
    """Write ``compare.html``, ``compare.xlsx`` and ``compare.json``, all of them or none.

    Equal plans give equal files, to the byte.

    Parameters
    ----------
    comparison
        What :func:`planner.comparison.compare` returned.
    out
        Folder to make: absent, empty, or an earlier comparison, which is replaced.
    lang
        Leading language: ``"zh"`` or ``"en"``; both are in the files.

    Raises
    ------
    OutputError
        If the folder cannot be written, or holds something else.
    """
    with staged(Path(out), mark=COMPARISON_FILE) as folder:
        _put(folder / COMPARISON_FILE, canonical_json(record(comparison)))
        _put(folder / "compare.html", render_comparison(comparison, lang=lang))
        write_workbook(comparison, folder / "compare.xlsx", lang=lang)


def _put(file: Path, content: str) -> None:
    file.write_text(content, encoding="utf-8", newline="\n")
