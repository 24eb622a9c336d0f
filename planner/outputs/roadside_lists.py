"""Decides what stands in the lists of roadside equipment: bill of materials, subsidy by year."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.outputs.list_cells import both_names, cell, coded, column_heading, list_heading
from planner.outputs.sheets import Sheet
from planner.outputs.text_safety import visible
from planner.outputs.wording import wording

Row = dict[str, Any]
MONEY = ("cost_cny", "eligible_cny", "subsidy_cny", "own_cny")
PAYERS = ("city_cny", "county_cny", "enterprise_cny")


def materials(frames: dict[str, Any], figures: Row) -> Sheet:
    """Return the bill of materials: a row per road, junction or unit and item."""
    schema = layers.MATERIALS
    owners = both_names(frames["jurisdictions"], "jurisdiction_id")
    rows = [
        [
            int(row.stage_year),
            cell(owners.get(row.jurisdiction_id, row.jurisdiction_id)),
            cell(row.segment_id),
            cell(row.node_id),
            cell(row.rsu_id),
            item_name(str(row.item), figures),
            coded("item_kind", row.kind),
            int(row.n),
            int(row.unit_cost_cny),
            int(row.cost_cny),
            coded("yes", bool(row.eligible)),
            coded("trust", row.trust),
            visible(str(row.source)),
            cell(row.material_id),
        ]
        for row in frames["materials"].itertuples()
    ]
    ids = ("jurisdiction_id", "segment_id", "node_id", "rsu_id", "item")
    headings = (
        list_heading("bought", "code"),
        *(column_heading(schema, name) for name in ids),
        list_heading("item_kind"),
        column_heading(schema, "n", "count"),
        column_heading(schema, "unit_cost_cny", "money"),
        column_heading(schema, "cost_cny", "money", total=True),
        *(column_heading(schema, name) for name in ("eligible", "trust", "source", "material_id")),
    )
    return Sheet(wording("list.sheet_materials"), headings, rows)


def item_name(item: str, figures: Row) -> str:
    """Return both names of an item of the catalogue, in one cell."""
    row = figures["equipment"].get(item, {})
    return visible(" ".join(str(row[key]) for key in ("zh", "en") if key in row) or item)


def subsidy_years(frames: dict[str, Any]) -> Sheet:
    """Return spending, subsidy and who bears the rest, by year and jurisdiction."""
    schema = layers.SUBSIDY_YEARS
    owners = both_names(frames["jurisdictions"], "jurisdiction_id")
    columns = (*MONEY, *PAYERS)
    rows = [
        [
            int(row.year),
            None if pd.isna(row.jurisdiction_id) else cell(owners.get(row.jurisdiction_id)),
            *(int(getattr(row, name)) for name in columns),
        ]
        for row in frames["subsidy_years"].sort_values("year", kind="stable").itertuples()
    ]
    headings = (
        column_heading(schema, "year", "code"),
        column_heading(schema, "jurisdiction_id"),
        *(column_heading(schema, name, "money", total=True) for name in columns),
    )
    return Sheet(wording("list.sheet_subsidy_years"), headings, rows)
