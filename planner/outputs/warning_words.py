"""Says warnings in Chinese and English: from their own two halves, else by their code."""

from __future__ import annotations

from typing import Any

from planner.outputs.station_rows import bilingual
from planner.outputs.wording import Both, words_of

Row = dict[str, Any]


def warning_words(row: Row) -> tuple[Both, Both]:
    """Return what a warning says and what to do about it.

    Figures and names are in the warning's own text; where that is English only, Chinese says
    what kind it is, and the row beside it says where.

    Parameters
    ----------
    row
        A row of ``warnings`` in ``plan.json``.
    """
    said, mended = bilingual(str(row["reason"])), bilingual(str(row["remedy"]))
    return _by_code("warning", row["code"], said), _by_code("warning_remedy", row["code"], mended)


def _by_code(section: str, code: str, own: Both) -> Both:
    known = words_of(section).get(code)
    return Both(known.zh, own.en) if known and own.zh == own.en else own
