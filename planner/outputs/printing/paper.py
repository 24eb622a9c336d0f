"""Lays the report out on pages: a PDF that embeds its fonts, fetches nothing and runs nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import OutputError, Problem
from planner.outputs.report import render_report
from planner.outputs.text_safety import visible

if TYPE_CHECKING:
    from weasyprint import Document

DENSITIES = ("roomy", "snug", "close", "closer")
"""Classes of the page, from roomy type to close: the first that keeps the summary short wins."""

SUMMARY_PAGES = 2
NO_EXTRA = Problem(
    "E-OUT-060",
    "printing needs the optional extra 'print': matplotlib and WeasyPrint / 打印需要可选组件 print",
    "pip install 'planner[print]'",
)
NO_PANGO = Problem(
    "E-OUT-061",
    "WeasyPrint finds no Pango on this system, so no PDF can be made / "
    "系统缺少 Pango，无法生成 PDF",
    "on Debian and Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0",
)


class RefusedError(ValueError):
    """A page on paper asked for something from outside."""


def require_extra() -> None:
    """Refuse where matplotlib, WeasyPrint or Pango are missing, before anything is drawn.

    Raises
    ------
    OutputError
        ``E-OUT-060`` if the extra is not installed, ``E-OUT-061`` if Pango is missing.
    """
    try:
        import matplotlib as mpl  # noqa: F401, PLC0415
        import weasyprint  # noqa: F401, PLC0415
    except ImportError as error:
        raise OutputError(NO_EXTRA) from error
    except OSError as error:  # what cffi raises where a shared library is missing
        raise OutputError(NO_PANGO) from error


def write_report(
    frames: dict[str, Any], figures: dict[str, Any], file: Path, *, lang: str, mark: str
) -> int:
    """Write the report as an A4 PDF, the same for the same plan, and return its pages.

    The summary stays on two pages: where it would not, its type is set closer.

    Parameters
    ----------
    frames
        The plan's layers by name, names of a length that paper has room for.
    figures
        Content of ``plan.json``.
    file
        PDF to write.
    lang
        ``"zh"`` or ``"en"``.
    mark
        Text of 16 characters that tells plans apart: the identifier of the PDF.
    """
    density = _density(frames, figures, lang)
    document = _laid_out(render_report(frames, figures, lang=lang, printed=density))
    title = figures["case"]["title_en" if lang == "en" else "title_zh"]
    document.metadata.title = visible(title)
    document.metadata.created = document.metadata.modified = None
    document.write_pdf(file, pdf_identifier=mark.encode())
    return len(document.pages)


def _density(frames: dict[str, Any], figures: dict[str, Any], lang: str) -> str:
    """Return the roomiest class of the page with which the summary stays short."""
    for density in DENSITIES[:-1]:
        summary = render_report(frames, figures, lang=lang, printed=density, annex=False)
        if len(_laid_out(summary).pages) <= SUMMARY_PAGES:
            return density
    return DENSITIES[-1]


def _laid_out(page: str) -> Document:
    from weasyprint import HTML  # noqa: PLC0415 - seconds that only printing pays

    return HTML(string=page, base_url=None, url_fetcher=_refuse).render()


def _refuse(url: str, *_: object, **__: object) -> dict[str, Any]:
    raise RefusedError(re.sub(r"\s+", " ", url)[:80])
