"""Decides what stands in the lists of test roads: corridors, segments, and what is excluded."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.outputs.list_cells import both_names, cell, coded, column_heading, in_one, list_heading
from planner.outputs.road_ends import RoadEnds
from planner.outputs.road_words import KINDS, reason_kind, reason_words, zone_names
from planner.outputs.sheets import Cell, Sheet
from planner.outputs.wording import wording

METRES_PER_KM = 1000.0


def corridors(frames: dict[str, Any]) -> Sheet:
    """Return the test-road corridors by stage year: from where to where, grades and km."""
    table, ends = named_roads(frames), RoadEnds(frames["segments"])
    table["equipped_m"] = table["counted_m"].where(table["equipped"].astype(bool), 0.0)
    counties = both_names(frames["counties"], "county_id")
    rows = []
    for key, group in table.groupby(["corridor_id", "stage_year", "opened_before"], sort=True):
        corridor, year, opened = key
        name = str(group["called"].min())
        begin, end = ends.ends(zip(group["from_node"], group["to_node"], strict=True))
        rows.append(
            [
                cell(name),
                cell(corridor),
                int(year),
                coded("yes", bool(opened)),
                *(cell(ends.called(node, name)) for node in (begin, end)),
                cell("、".join(_names(group, counties))),
                _span(group["complexity_grade"]),
                len(group),
                *(_km(float(group[column].sum())) for column in ("counted_m", "equipped_m")),
            ]
        )
    schema = layers.TEST_ROADS
    headings = (
        *(column_heading(schema, name) for name in ("name", "corridor_id")),
        column_heading(schema, "stage_year", "code"),
        column_heading(schema, "opened_before"),
        *(list_heading(key) for key in ("from", "to", "county")),
        column_heading(schema, "complexity_grade"),
        list_heading("n_segments", "count", total=True),
        list_heading("opened_km", "km", total=True),
        list_heading("equipped_km", "km", total=True),
    )
    return Sheet(wording("list.sheet_corridors"), headings, rows)


def named_roads(frames: dict[str, Any]) -> pd.DataFrame:
    """Return the test roads with ``called``: name, else route number, else the corridor's id.

    A corridor is called alike along its whole length: by the first of its names.
    """
    roads = frames["test_roads"]
    own = roads["name"].fillna(roads["ref"])
    whole = own.groupby(roads["corridor_id"]).transform("min")
    return roads.assign(called=own.fillna(whole).fillna(roads["corridor_id"]))


def _names(group: pd.DataFrame, counties: dict[str, str]) -> list[str]:
    """Return the counties of a corridor, the one with the most km first."""
    metres = group.groupby("county_id", sort=True)["counted_m"].sum()
    ids = sorted(metres.index, key=lambda key: (-metres[key], str(key)))
    return [counties.get(key, str(key)) for key in ids]


def _span(grades: pd.Series) -> str:
    low, high = int(grades.min()), int(grades.max())
    return str(low) if low == high else f"{low}–{high}"


def _km(metres: float) -> float:
    return round(metres / METRES_PER_KM, 6)


def segments(frames: dict[str, Any]) -> Sheet:
    """Return every test-road segment."""
    schema, ends = layers.TEST_ROADS, RoadEnds(frames["segments"])
    counties = both_names(frames["counties"], "county_id")
    owners = both_names(frames["jurisdictions"], "jurisdiction_id")
    rows = [
        [
            cell(row.called),
            cell(row.ref),
            cell(row.segment_id),
            cell(row.corridor_id),
            *(cell(ends.called(str(node), row.called)) for node in (row.from_node, row.to_node)),
            coded("road_class", row.road_class),
            int(row.stage_year),
            coded("yes", bool(row.opened_before)),
            coded("yes", bool(row.equipped)),
            int(row.complexity_grade),
            float(row.test_value),
            float(row.length_m) / METRES_PER_KM,
            float(row.counted_m) / METRES_PER_KM,
            cell(counties.get(row.county_id, row.county_id)),
            cell(owners.get(row.jurisdiction_id, row.jurisdiction_id)),
            coded("trust", row.trust),
        ]
        for row in named_roads(frames).itertuples()
    ]
    headings = (
        *(column_heading(schema, name) for name in ("name", "ref", "segment_id", "corridor_id")),
        *(list_heading(key) for key in ("from", "to")),
        column_heading(schema, "road_class"),
        column_heading(schema, "stage_year", "code"),
        column_heading(schema, "opened_before"),
        column_heading(schema, "equipped"),
        column_heading(schema, "complexity_grade", "code"),
        column_heading(schema, "test_value", "amount"),
        list_heading("length_km", "km", total=True),
        list_heading("counted_km", "km", total=True),
        *(column_heading(schema, name) for name in ("county_id", "jurisdiction_id", "trust")),
    )
    return Sheet(wording("list.sheet_segments"), headings, rows)


def excluded_segments(frames: dict[str, Any]) -> pd.DataFrame:
    """Return the segments that may not be test roads, by the kind of the first reason.

    Columns: ``segment_id``, ``name``, ``reason``, ``kind`` (one of ``KINDS``, in their order),
    ``road_class``, ``county_id``, ``jurisdiction_id``, ``length_m``, ``trust``.
    """
    own = ["segment_id", "road_class", "ref", "county_id", "jurisdiction_id", "length_m", "trust"]
    rejected = frames["rejected_segments"][["segment_id", "name", "reason"]]
    table = pd.DataFrame(rejected).merge(
        pd.DataFrame(frames["segments"][own]), on="segment_id", how="left"
    )
    kinds = [reason_kind(reason) if isinstance(reason, str) else "other" for reason in
             table["reason"]]  # fmt: skip
    table = table.assign(kind=kinds, rank=[KINDS.index(kind) for kind in kinds])
    return table.sort_values(["rank", "county_id", "segment_id"]).reset_index(drop=True)


def excluded(frames: dict[str, Any]) -> Sheet:
    """Return the segments that may not be test roads: why, of what class, how long, where."""
    counties = both_names(frames["counties"], "county_id")
    owners = both_names(frames["jurisdictions"], "jurisdiction_id")
    zones, schema = zone_names(frames["zones"]), layers.SEGMENTS
    rows = [
        [
            coded("exclusion_kind", row.kind),
            cell(row.name if isinstance(row.name, str) else row.ref),
            cell(row.segment_id),
            _or_none("road_class", row.road_class),
            cell(counties.get(row.county_id, row.county_id)),
            cell(owners.get(row.jurisdiction_id, row.jurisdiction_id)),
            None if pd.isna(row.length_m) else float(row.length_m) / METRES_PER_KM,
            cell(in_one(reason_words(str(row.reason), zones))),
            _or_none("trust", row.trust),
        ]
        for row in excluded_segments(frames).itertuples()
    ]
    headings = (
        list_heading("first_reason"),
        *(column_heading(schema, name) for name in ("name", "segment_id", "road_class")),
        *(column_heading(schema, name) for name in ("county_id", "jurisdiction_id")),
        list_heading("length_km", "km", total=True),
        list_heading("reason"),
        column_heading(schema, "trust"),
    )
    return Sheet(wording("list.sheet_excluded"), headings, rows)


def _or_none(section: str, value: object) -> Cell:
    return coded(section, value) if isinstance(value, str) else None
