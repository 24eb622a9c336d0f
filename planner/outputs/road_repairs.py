"""Decides what people read of the repairs of test roads, in the report and in the lists."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.outputs.amounts import NOTHING, money
from planner.outputs.list_cells import cell, coded, column_heading
from planner.outputs.sheets import Sheet
from planner.outputs.wording import Both, same, word_of, wording

Row = dict[str, Any]
STYLES = {
    "year": "code",
    "value": "amount",
    "gain_km": "km",
    "gain_carriageway_km": "km",
    "equipment_cny": "money",
}


def repair_cards(frames: dict[str, Any]) -> list[Row]:
    """Return the repairs of test roads as the report shows them; none where no target is missed."""
    return [
        {
            "year": int(row.year),
            "what": Both(row.text_zh, row.text_en),
            "gain_km": float(row.gain_km),
            "money": same(NOTHING) if pd.isna(row.equipment_cny) else money(int(row.equipment_cny)),
            "confirmed": word_of("yes", bool(row.confirmed)),
        }
        for row in frames["road_repairs"].itertuples()
    ]


def repair_list(frames: dict[str, Any]) -> list[Sheet]:
    """Return the sheet of the repairs of test roads, none where no target is missed."""
    schema = layers.ROAD_REPAIRS
    rows = [
        [
            int(row.year),
            cell(row.rule),
            None if pd.isna(row.value) else float(row.value),
            cell(row.text_zh),
            cell(row.text_en),
            float(row.gain_km),
            float(row.gain_carriageway_km),
            None if pd.isna(row.equipment_cny) else int(row.equipment_cny),
            coded("yes", bool(row.confirmed)),
            cell(row.repair_id),
        ]
        for row in frames["road_repairs"].itertuples()
    ]
    names = [column.name for column in schema.columns if column.name != "repair_id"]
    headings = tuple(
        column_heading(schema, name, STYLES.get(name, "text")) for name in (*names, "repair_id")
    )
    return [Sheet(wording("list.sheet_road_repairs"), headings, rows)] if rows else []
