"""Decides what people read of the test roads as a network: its shape, its steps, its limits."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.outputs import amounts
from planner.outputs.list_cells import cell, coded, column_heading, names_of
from planner.outputs.road_words import scene_words
from planner.outputs.sheets import Sheet
from planner.outputs.wording import Both, same, word_of, wording

Row = dict[str, Any]
FIGURES = ("least", "most", "reached", "shortfall")
NAMED = {"county_id": "counties", "jurisdiction_id": "jurisdictions"}


def network_rows(figures: Row) -> list[Row]:
    """Return what is told of the network as a whole: what, how much, what was asked, status."""
    network, settings = figures["test_roads"]["network"], figures["settings"]["test_roads"]
    asked = network["least_cycle_share"]
    km, cycles = amounts.kilometres, network["cycle_km"]
    worth = f"{network['spur_loss']:,.2f}"
    return [
        {
            "title": wording("report.on_cycles"),
            "got": same(f"{km(cycles)} ({amounts.share(network['cycle_share'])})"),
            "asked": _at_least(amounts.share(asked)) if asked else same(amounts.NOTHING),
            "status": ("met" if network["cycles_met"] else "short") if asked else "",
        },
        {
            "title": wording("report.short_spurs", m=f"{settings['least_spur_m']:,.0f}"),
            "got": wording("report.spur_loss", km=km(network["short_spur_km"]), worth=worth),
            "asked": same(amounts.NOTHING),
            "status": "",
        },
        *(_step(row, settings["free_grade"]) for row in network["steps"]),
        {
            "title": wording("report.scenes", n=len(network["scenes"])),
            "got": wording("report.scenes_add", worth=f"{network['variety_worth']:,.2f}"),
            "asked": same(amounts.NOTHING),
            "status": "",
        },
    ]


def _at_least(figure: str) -> Both:
    return wording("report.asked_least", least=figure)


def _step(row: Row, free_grade: int) -> Row:
    """Return how far a stage keeps to the way from simple to complex."""
    most = row["most_grade"]
    words = {"above": amounts.kilometres(row["km_above"]), "n_above": row["n_above"]}
    words |= {"alone": amounts.kilometres(row["km_alone"]), "n_alone": row["n_alone"]}
    ends = "report.step_capped" if most else "report.step_free"
    return {
        "title": wording("report.step", year=row["year"]),
        "got": _with_reason(wording("report.step_got", **words), row),
        "asked": wording(ends, most=most or "", free=free_grade),
        "status": "let_go" if row["let_go"] else "met",
    }


def _with_reason(got: Both, row: Row) -> Both:
    """Add why a stage lets the steps go, and how far it would have come with them."""
    if not row["let_go"]:
        return got
    kept, target = (amounts.kilometres(row[name]) for name in ("kept_km", "target_km"))
    why = wording(f"report.let_go_{row['let_go']}", kept=kept, target=target)
    return Both(got.zh + why.zh, got.en + why.en)


def scene_list(figures: Row) -> list[Row]:
    """Return the scenes of the test roads, the longest first, in words."""
    return [
        {
            "title": scene_words(row["scene"]),
            "km": amounts.kilometres(row["km"]),
            "worth": f"{row['worth']:,.2f}",
        }
        for row in figures["test_roads"]["network"]["scenes"]
    ]


def limit_cards(frames: dict[str, Any]) -> list[Row]:
    """Return the limits of the mix of test roads as the report shows them; none without any."""
    return [
        {
            "title": Both(row["zh"], row["en"]),
            "of": _roads(row, frames),
            "measure": word_of("measure", row["measure"]),
            **{name: _figure(row[name], row["measure"]) for name in FIGURES},
            "status": "met" if row["met"] else "short",
            "source": row["source"],
            "trust": row["trust"],
        }
        for row in _ordered(frames)
    ]


def limit_list(frames: dict[str, Any]) -> list[Sheet]:
    """Return the sheet of the limits, none where there are none."""
    schema = layers.ROAD_LIMITS
    rows = [
        [
            cell(row["zh"]),
            cell(row["en"]),
            _in_one(_roads(row, frames)),
            coded("measure", row["measure"]),
            *(cell(row[name]) for name in FIGURES),
            coded("yes", bool(row["met"])),
            cell(row["source"]),
            coded("trust", row["trust"]),
            cell(row["limit_id"]),
        ]
        for row in _ordered(frames)
    ]
    names = ("zh", "en", "values", "measure", *FIGURES, "met", "source", "trust", "limit_id")
    headings = tuple(
        column_heading(schema, name, "unit_cost" if name in FIGURES else "text") for name in names
    )
    return [Sheet(wording("list.sheet_road_limits"), headings, rows)] if rows else []


def _ordered(frames: dict[str, Any]) -> list[Row]:
    table: pd.DataFrame = frames["road_limits"].sort_values("limit_id")
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _roads(row: Row, frames: dict[str, Any]) -> Both:
    """Return which roads a limit counts, by the names of their places and classes."""
    layer = NAMED.get(row["of"])
    names = names_of(frames[layer], row["of"]) if layer else {}
    words = [
        same(names[value]) if value in names else word_of(row["of"], value)
        for value in row["values"].split(",")
    ]
    by = word_of("limit_of", row["of"])
    zh, en = "、".join(word.zh for word in words), ", ".join(word.en for word in words)
    return Both(f"{by.zh}：{zh}", f"{by.en}: {en}")


def _figure(value: float | None, measure: str) -> str:
    if value is None or pd.isna(value):
        return amounts.NOTHING
    return amounts.share(float(value)) if measure == "share" else amounts.kilometres(float(value))


def _in_one(words: Both) -> str:
    return str(cell(words.zh if words.zh == words.en else f"{words.zh} {words.en}"))
