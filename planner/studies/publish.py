"""Publishes a study as a small folder of its own: figures, tables, chart and page, in one step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from planner.outputs import staged
from planner.outputs.canonical import canonical_json
from planner.outputs.charts import in_one
from planner.outputs.text_safety import visible
from planner.scenario import Scenario
from planner.studies.alternatives import Alternatives
from planner.studies.reports import (
    alternatives_page,
    sensitivity_page,
    trade_off_chart,
    trade_off_page,
)
from planner.studies.road_alternatives import RoadAlternatives
from planner.studies.road_reports import (
    frames_of,
    road_alternatives_page,
    road_trade_off_chart,
    road_trade_off_page,
)
from planner.studies.road_tradeoff import RoadTradeOff
from planner.studies.sensitivity import Sensitivity
from planner.studies.tradeoff import TradeOff

Study = TradeOff | Alternatives | Sensitivity | RoadTradeOff | RoadAlternatives
Files = dict[str, str]
STUDY_FILE = "study.json"
FORMULA_STARTS = ("=", "+", "-", "@")
"""What a spreadsheet takes for the beginning of a formula."""


def write_study(study: Study, out: str | Path, *, lang: str = "zh") -> None:
    """Write a study into a folder that appears as a whole or not at all.

    ``study.json`` holds everything; each table is a CSV (UTF-8 with a mark for spreadsheets);
    ``report.html`` is for people, in Chinese and English; a trade-off adds ``chart.svg``.
    Equal studies give equal files, to the byte.

    Parameters
    ----------
    study
        What :func:`trade_off`, :func:`alternatives`, :func:`sensitivity`,
        :func:`road_trade_off` or :func:`road_alternatives` returned.
    out
        Folder to make: absent, empty, or an earlier study, which is replaced.
    lang
        Leading language: ``"zh"`` or ``"en"``.

    Raises
    ------
    OutputError
        If the folder cannot be written, or holds something else.
    """
    with staged(Path(out), mark=STUDY_FILE) as folder:
        for name, content in study_files(study, lang).items():
            mark = "utf-8-sig" if name.endswith(".csv") else "utf-8"
            (folder / name).write_text(content, encoding=mark, newline="\n")


def study_files(study: Study, lang: str) -> Files:
    """Return the content of each file of a study by name."""
    for kind, make in MAKERS.items():
        if isinstance(study, kind):
            return make(study, lang)
    raise TypeError(study)


def _trade_off(study: TradeOff, lang: str) -> Files:
    content = _points(study, "budget_factor")
    return {
        STUDY_FILE: _json("trade_off", study.scenario, content),
        "points.csv": _csv(study.points),
        "chart.svg": trade_off_chart(study, in_one(lang)),
        "report.html": trade_off_page(study, lang),
    }


def _alternatives(study: Alternatives, lang: str) -> Files:
    content = {
        "plans": _records(study.plans),
        "sites": _records(study.sites),
        "gap": study.gap,
        "tolerance": study.tolerance,
        "ended": study.ended,
    }
    return {
        STUDY_FILE: _json("alternatives", study.scenario, content),
        "plans.csv": _csv(study.plans),
        "sites.csv": _csv(study.sites),
        "report.html": alternatives_page(study, lang),
    }


def _sensitivity(study: Sensitivity, lang: str) -> Files:
    left_out = [
        {"key": key, "factor": factor, "reason": why} for key, factor, why in study.left_out
    ]
    content = {
        "effects": _records(study.effects),
        "goals": _records(study.goals),
        "stations": _records(study.stations),
        "share": study.share,
        "left_out": left_out,
    }
    return {
        STUDY_FILE: _json("sensitivity", study.scenario, content),
        "effects.csv": _csv(study.effects),
        "goals.csv": _csv(study.goals),
        "stations.csv": _csv(study.stations),
        "report.html": sensitivity_page(study, lang),
    }


def _road_trade_off(study: RoadTradeOff, lang: str) -> Files:
    content = _points(study, "target_factor")
    return {
        STUDY_FILE: _json("road_trade_off", study.scenario, content),
        "points.csv": _csv(study.points),
        "chart.svg": road_trade_off_chart(study, in_one(lang)),
        "report.html": road_trade_off_page(study, lang),
    }


def _road_alternatives(study: RoadAlternatives, lang: str) -> Files:
    tables = frames_of(study)
    content = {name: _records(frame) for name, frame in tables.items()} | {
        "gap": study.gap,
        "first_bound": study.outcome.bound,
        "first_gap": study.outcome.gap,
        "common_km": study.common_km,
        "ended": study.ended,
    }
    return {
        STUDY_FILE: _json("road_alternatives", study.scenario, content),
        **{f"{name}.csv": _csv(frame) for name, frame in tables.items()},
        "report.html": road_alternatives_page(study, lang),
    }


MAKERS: dict[type, Callable[[Any, str], Files]] = {
    TradeOff: _trade_off,
    Alternatives: _alternatives,
    Sensitivity: _sensitivity,
    RoadTradeOff: _road_trade_off,
    RoadAlternatives: _road_alternatives,
}


def _points(study: TradeOff | RoadTradeOff, factor: str) -> dict[str, Any]:
    """Return the points of a curve, and those left out by their factor."""
    left_out = [{factor: at, "reason": why} for at, why in study.left_out]
    return {"points": _records(study.points), "left_out": left_out}


def _json(kind: str, scenario: Scenario, content: dict[str, Any]) -> str:
    case = {
        "case_id": scenario.case_id,
        "variant": scenario.variant,
        "title_zh": scenario.title_zh,
        "title_en": scenario.title_en,
    }
    return canonical_json({"study": kind, "case": case} | content)


def _csv(frame: pd.DataFrame) -> str:
    """Return a table as CSV in which no text is a formula or hides what it says."""
    texts = {name: frame[name].map(_plain) for name in frame.columns if frame[name].dtype == "str"}
    return str(frame.assign(**texts).to_csv(index=False, lineterminator="\n"))


def _plain(cell: object) -> str:
    shown = visible(cell)
    return f"'{shown}" if shown.startswith(FORMULA_STARTS) else shown


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain values, with None where a cell is empty."""
    rows = frame.astype(object).to_dict("records")
    return [{key: None if pd.isna(value) else value for key, value in row.items()} for row in rows]
