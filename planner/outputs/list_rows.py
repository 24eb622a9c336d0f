"""Decides what stands in each list: columns and rows from the plan's layers and figures."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from planner import layers
from planner.layers import Layer
from planner.outputs.sheets import Cell, Heading, Sheet
from planner.outputs.summary import tiles, warnings_of_trust
from planner.outputs.text_safety import visible
from planner.outputs.wording import Both, column_title, word_of, wording, words_of

Row = dict[str, Any]


def _of(layer: Layer, name: str, style: str = "text", *, total: bool = False) -> Heading:
    """Return a heading whose words are a column's names in the data dictionary."""
    column = next(column for column in layer.columns if column.name == name)
    title = column_title(layer, name)
    shows_unit = column.unit and column.unit not in ("units", "year", "per day")
    unit = f" ({column.unit})" if shows_unit else ""
    return Heading(Both(title.zh + unit, title.en + unit), style, total)


def _list(key: str, style: str = "text", *, total: bool = False) -> Heading:
    return Heading(wording(f"list.{key}"), style, total)


def _cell(value: Cell) -> Cell:
    """Return a value for a cell: empty where missing, numbers as they are, text made visible."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, bool | int | float):
        return value
    return visible(value)


def _coded(section: str, value: object) -> str:
    """Return the Chinese and the English word for a code, in one cell."""
    word = word_of(section, value)
    return word.zh if word.zh == word.en else f"{word.zh} {word.en}"


def _names(frame: gpd.GeoDataFrame, key: str) -> dict[str, str]:
    return dict(zip(frame[key], frame["name"], strict=True))


def read_me(figures: Row) -> Sheet:
    """Return the first sheet: case, verdict, headline figures and what to trust."""
    case = figures["case"]
    rows: list[list[Any]] = [
        [*wording("list.case"), visible(case["title_zh"]), visible(case["title_en"])],
        [*wording("list.verdict"), *word_of("verdict", figures["verdict"])],
    ]
    rows += [[*wording("list.attention"), row.zh, row.en] for row in warnings_of_trust(figures)]
    if "roads" in case["synthetic_layers"]:
        rows.append([*wording("page.hint"), visible(case["replace_roads_hint"]), None])
    rows += [
        [
            tile.label.zh,
            tile.label.en,
            visible(f"{tile.value.zh}({tile.note.zh})"),
            visible(f"{tile.value.en} ({tile.note.en})"),
        ]
        for tile in tiles(figures)
    ]
    marks = words_of("trust")
    rows += [
        [*wording("list.trust_mark", mark=mark), marks[mark].zh, marks[mark].en]
        for mark in layers.TRUST_MARKS
    ]
    rows.append([*wording("list.version"), figures["planner_version"], figures["metric_crs"]])
    headings = tuple(_list(key) for key in ("item", "item_en", "content", "content_en"))
    return Sheet(wording("list.sheet_read_me"), headings, rows)


def stations(frames: dict[str, Any], figures: Row) -> Sheet:
    """Return the stations to build, county by county, and below them the existing ones."""
    schema, frame = layers.STATIONS, frames["stations"]
    counties = _names(frames["counties"], "county_id")
    owners = _names(frames["jurisdictions"], "jurisdiction_id")
    technologies = figures["technologies"]
    ordered = frame.sort_values(
        ["status", "county_id", "station_id"], ascending=[False, True, True]
    )
    rows = []
    for row in ordered.itertuples():
        technology = technologies.get(row.technology)
        rows.append(
            [
                _cell(row.name),
                _coded("status", row.status),
                _cell(counties.get(row.county_id, row.county_id)),
                _cell(owners.get(row.jurisdiction_id, row.jurisdiction_id)),
                _coded("energy", row.energy),
                f"{technology['zh']} {technology['en']}" if technology else _cell(row.technology),
                int(row.n_units),
                float(row.capacity_per_day),
                float(row.served_per_day),
                float(row.power_kw),
                int(row.capital_cny),
                _coded("owner", row.owner),
                round(float(row.geometry.x), 6),
                round(float(row.geometry.y), 6),
                _coded("trust", row.trust),
                _cell(row.station_id),
            ]
        )
    headings = (
        *(_of(schema, name) for name in ("name", "status", "county_id", "jurisdiction_id")),
        *(_of(schema, name) for name in ("energy", "technology")),
        _of(schema, "n_units", "count"),
        _of(schema, "capacity_per_day", "amount"),
        _of(schema, "served_per_day", "amount"),
        _of(schema, "power_kw", "amount"),
        _of(schema, "capital_cny", "money", total=True),
        _of(schema, "owner"),
        _list("longitude"),
        _list("latitude"),
        _of(schema, "trust"),
        _of(schema, "station_id"),
    )
    return Sheet(wording("list.sheet_stations"), headings, rows)


def county_gaps(figures: Row) -> Sheet:
    """Return the gaps of every county and energy, before and after side by side."""
    schema = layers.COUNTY_GAPS
    measures = ("coverage_gap_per_day", "capacity_gap_per_day", "covered_share", "served_share")
    pairs: dict[tuple[str, str], dict[str, Row]] = {}
    for row in figures["gaps"]["county"]:
        pairs.setdefault((row["county_id"], row["energy"]), {})[row["phase"]] = row
    rows = []
    for (county, energy), phases in pairs.items():
        after = phases["after"]
        cells = [phases[phase][name] for name in measures for phase in ("before", "after")]
        start = [_cell(after["name"]), county, _coded("energy", energy)]
        unit = word_of("energy_unit", energy)
        rows.append([*start, f"{unit.zh} {unit.en}", after["demand_per_day"], *cells])
    headings = [_list("county"), _of(schema, "county_id"), _of(schema, "energy"), _list("unit")]
    headings.append(_of(schema, "demand_per_day", "amount"))
    for name in measures:
        column = _of(schema, name).title
        for phase in ("before", "after"):
            word = word_of("phase", phase)
            title = Both(f"{word.zh}{column.zh}", f"{column.en}, {word.en}")
            headings.append(Heading(title, "share" if name.endswith("share") else "amount"))
    return Sheet(wording("list.sheet_gaps"), tuple(headings), rows)


def townships(frames: dict[str, Any]) -> Sheet:
    """Return every township with its distance to a charging station, before and after."""
    schema, frame = layers.TOWNSHIP_ACCESS, frames["township_access"]
    counties = _names(frames["counties"], "county_id")
    rows = [
        [
            _cell(row.name),
            _cell(row.township_id),
            _cell(counties.get(row.county_id, row.county_id)),
            _cell(row.distance_before_m),
            _cell(row.distance_after_m),
            _coded("status", row.status),
            _cell(row.reason),
        ]
        for row in frame.itertuples()
    ]
    headings = (
        *(_of(schema, name) for name in ("name", "township_id", "county_id")),
        _of(schema, "distance_before_m", "count"),
        _of(schema, "distance_after_m", "count"),
        _of(schema, "status"),
        _of(schema, "reason"),
    )
    return Sheet(wording("list.sheet_townships"), headings, rows)


def corridors(frames: dict[str, Any]) -> Sheet:
    """Return the test-road corridors: km opened and equipped by stage year."""
    roads = frames["test_roads"]
    table = roads.assign(
        equipped_m=roads["counted_m"].where(roads["equipped"].astype(bool), 0.0),
        label=roads["name"].fillna(roads["ref"]),
    )
    keys = ["corridor_id", "stage_year", "opened_before"]
    rows = [
        [
            _cell(group["label"].dropna().min()),
            _cell(corridor),
            int(year),
            _coded("yes", bool(opened)),
            len(group),
            round(float(group["counted_m"].sum()) / 1000, 6),
            round(float(group["equipped_m"].sum()) / 1000, 6),
        ]
        for (corridor, year, opened), group in table.groupby(keys, sort=True)
    ]
    schema = layers.TEST_ROADS
    headings = (
        *(_of(schema, name) for name in ("name", "corridor_id")),
        _of(schema, "stage_year", "code"),
        _of(schema, "opened_before"),
        _list("n_segments", "count", total=True),
        _list("opened_km", "km", total=True),
        _list("equipped_km", "km", total=True),
    )
    return Sheet(wording("list.sheet_corridors"), headings, rows)


def segments(frames: dict[str, Any]) -> Sheet:
    """Return every test-road segment."""
    schema, frame = layers.TEST_ROADS, frames["test_roads"]
    counties = _names(frames["counties"], "county_id")
    owners = _names(frames["jurisdictions"], "jurisdiction_id")
    rows = [
        [
            _cell(row.name),
            _cell(row.ref),
            _cell(row.segment_id),
            _cell(row.corridor_id),
            _cell(row.from_node),
            _cell(row.to_node),
            _coded("road_class", row.road_class),
            int(row.stage_year),
            _coded("yes", bool(row.opened_before)),
            _coded("yes", bool(row.equipped)),
            int(row.complexity_grade),
            float(row.test_value),
            float(row.length_m) / 1000,
            float(row.counted_m) / 1000,
            _cell(counties.get(row.county_id, row.county_id)),
            _cell(owners.get(row.jurisdiction_id, row.jurisdiction_id)),
            _coded("trust", row.trust),
        ]
        for row in frame.itertuples()
    ]
    names = ("name", "ref", "segment_id", "corridor_id", "from_node", "to_node", "road_class")
    headings = (
        *(_of(schema, name) for name in names),
        _of(schema, "stage_year", "code"),
        _of(schema, "opened_before"),
        _of(schema, "equipped"),
        _of(schema, "complexity_grade", "code"),
        _of(schema, "test_value", "amount"),
        _list("length_km", "km", total=True),
        _list("counted_km", "km", total=True),
        *(_of(schema, name) for name in ("county_id", "jurisdiction_id", "trust")),
    )
    return Sheet(wording("list.sheet_segments"), headings, rows)


def roadside_units(frames: dict[str, Any]) -> Sheet:
    """Return every roadside unit with its place and cost."""
    schema, frame = layers.RSUS, frames["rsus"]
    owners = _names(frames["jurisdictions"], "jurisdiction_id")
    rows = [
        [
            _cell(owners.get(row.jurisdiction_id, row.jurisdiction_id)),
            _cell(row.segment_id),
            _coded("placement", row.placement),
            _cell(row.node_id),
            int(row.stage_year),
            round(float(row.geometry.x), 6),
            round(float(row.geometry.y), 6),
            int(row.cost_cny),
            _cell(row.rsu_id),
        ]
        for row in frame.itertuples()
    ]
    headings = (
        *(_of(schema, name) for name in ("jurisdiction_id", "segment_id", "placement", "node_id")),
        _of(schema, "stage_year", "code"),
        _list("longitude"),
        _list("latitude"),
        _of(schema, "cost_cny", "money", total=True),
        _of(schema, "rsu_id"),
    )
    return Sheet(wording("list.sheet_rsus"), headings, rows)


def subsidies(figures: Row) -> Sheet:
    """Return roadside spending and subsidy of each jurisdiction."""
    schema = layers.SUBSIDIES
    names = [column.name for column in schema.columns if column.name != "jurisdiction_id"]
    styles = {"name": "text", "opened_km": "km", "equipped_km": "km", "n_rsus": "count"}
    headings = tuple(
        _of(schema, name, styles.get(name, "money"), total=name != "name") for name in names
    )
    rows = [[_cell(row[name]) for name in names] for row in figures["subsidy"]["rows"]]
    return Sheet(wording("list.sheet_subsidy"), headings, rows)


def open_questions(frames: dict[str, Any], figures: Row) -> Sheet:
    """Return what could not be checked, what was warned of, and what was not used."""
    access, sites = frames["township_access"], frames["candidate_sites"]
    unchecked = [
        (layers.TOWNSHIPS.name, row.name, row.reason, None)
        for row in access[access["status"] == "cannot_be_checked"].itertuples()
    ]
    warned = [
        (row["layer"], _place(row["code"], row["file"], row["row"]), row["reason"], row["remedy"])
        for row in figures["warnings"]
    ]
    unused = [
        (row.layer, _place(row.code, row.file, row.row), row.reason, None)
        for row in frames["rejected_rows"].itertuples()
    ]
    rejected = [
        (layers.CANDIDATE_SITES.name, _place(row.site_id, row.name), row.reason, None)
        for row in sites[sites["status"] == "rejected"].itertuples()
    ]
    parts = {
        "unchecked": unchecked,
        "warning": warned,
        "not_used": unused,
        "site_rejected": rejected,
    }
    rows = [
        [_coded("list", kind), *(_cell(value) for value in row)]
        for kind, part in parts.items()
        for row in part
    ]
    keys = ("question", "layer", "where", "reason", "remedy")
    return Sheet(wording("list.sheet_questions"), tuple(_list(key) for key in keys), rows)


def _place(*parts: str | float | None) -> str:
    return " ".join(str(part) for part in parts if part and not pd.isna(part))


def assumptions(figures: Row) -> Sheet:
    """Return every value the plan rests on, with unit, source and trust mark."""
    rows = [
        [
            row["key"],
            row["value"],
            row["unit"],
            visible(row["source"]),
            _coded("trust", row["trust"]),
        ]
        for row in figures["assumptions"]
    ]
    keys = ("key", "value", "unit", "source", "trust")
    return Sheet(wording("list.sheet_assumptions"), tuple(_list(key) for key in keys), rows)
