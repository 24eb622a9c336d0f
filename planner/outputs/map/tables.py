"""The lists of the page: what each column holds, and a row for each object that can be flown to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner import layers
from planner.outputs.amounts import NOTHING
from planner.outputs.map.feature_layers import Json, Reader, Record, pair, plain, title_by
from planner.outputs.map.ground import names_by
from planner.outputs.map.roads import METRES_PER_KM, corridor_names
from planner.outputs.reviews import log_cards
from planner.outputs.site_words import both_of
from planner.outputs.station_rows import bilingual
from planner.outputs.summary import technology_name
from planner.outputs.wording import Both, column_title, same, word_of, wording

Numbers = Callable[[Record], float | None]
CNY_OF_HEAD = 10_000
"""CNY in the unit of the heads of money: 万元."""


@dataclass(frozen=True)
class Column:
    """A column of a list: its head, how a cell is read, and how wide it is in pixels.

    ``digits`` is ``None`` for text; ``plain`` leaves a number without separators, as a year is.
    """

    title: Both
    read: Reader | Numbers
    width: int = 90
    digits: int | None = None
    plain: bool = False

    def head(self) -> Json:
        """Return the column as the page takes it."""
        made: Json = {"title": pair(self.title), "width": self.width}
        if self.digits is not None:
            made |= {"number": True, "digits": self.digits}
        return made | ({"plain": True} if self.plain else {})

    def cell(self, row: Record) -> Any:  # noqa: ANN401 - a text, a number or nothing
        """Return a cell: a pair of texts, a number, or ``None`` where it is empty."""
        value = self.read(row)
        if isinstance(value, Both | str):
            return None if value in ("", NOTHING, same(NOTHING)) else pair(value)
        if value is None or pd.isna(value):
            return None
        return round(float(value), self.digits) if self.digits else round(float(value))


def page_lists(frames: dict[str, Any], figures: Json) -> list[Json]:
    """Return the lists of the page; a list without rows is left out.

    Parameters
    ----------
    frames
        The plan's layers by name.
    figures
        Content of ``plan.json``.
    """
    counties = names_by("county_id", frames["counties"])
    made = [
        _stations(frames, figures, counties),
        _corridors(frames),
        _counties(frames, figures),
        _townships(frames, counties),
        _unserved(frames, figures),
        _stretches(frames),
        _sites(frames, counties),
        _marks(frames),
    ]
    return [one for one in made if one["rows"]]


def _list(key: str, kind: str, columns: list[Column], rows: Iterable[tuple[Any, Record]]) -> Json:
    """Return a list whose rows begin with an id, or with a kind and an id where they differ."""
    return {
        "id": key,
        "kind": kind,
        "title": pair(wording(f"map.list_{key}")),
        "columns": [column.head() for column in columns],
        "rows": [[key, *(column.cell(row) for column in columns)] for key, row in rows],
    }


def _rows(frame: pd.DataFrame, key: str) -> Iterable[tuple[str, Record]]:
    return ((str(getattr(row, key)), row) for row in frame.itertuples())


def _stations(frames: dict[str, Any], figures: Json, counties: Reader) -> Json:
    schema, known = layers.STATIONS, figures["technologies"]
    columns = [
        Column(column_title(schema, "name"), title_by("name", "site_id"), 120),
        Column(wording("list.county"), counties, 84),
        Column(
            column_title(schema, "technology"),
            lambda row: technology_name(row.technology, known),
            130,
        ),
        Column(column_title(schema, "action"), lambda row: word_of("action", row.action), 76),
        _year(schema, "first_year"),
        _number(schema, "n_units", 66),
        _number(schema, "served_per_day", 90),
        Column(wording("map.list_unit"), lambda row: word_of("energy_unit", row.energy), 76),
        _money(schema, "capital_cny"),
        Column(column_title(schema, "station_id"), lambda row: row.station_id, 150),
    ]
    frame = frames["stations"].sort_values(
        ["county_id", "capital_cny", "station_id"], ascending=[True, False, True]
    )
    return _list("stations", "station", columns, _rows(frame, "station_id"))


def _number(schema: layers.Layer, name: str, width: int = 90, digits: int = 0) -> Column:
    return Column(column_title(schema, name), lambda row: getattr(row, name), width, digits)


def _money(schema: layers.Layer, name: str) -> Column:
    title = wording("map.in_10k_cny", name=column_title(schema, name))
    return Column(title, lambda row: getattr(row, name) / CNY_OF_HEAD, 100, 1)


def _km(schema: layers.Layer, name: str, digits: int = 1) -> Column:
    title = wording("map.in_km", name=column_title(schema, name))
    return Column(title, lambda row: getattr(row, name) / METRES_PER_KM, 92, digits)


def _year(schema: layers.Layer, name: str) -> Column:
    return Column(column_title(schema, name), lambda row: getattr(row, name), 76, 0, plain=True)


def _corridors(frames: dict[str, Any]) -> Json:
    roads = frames["test_roads"]
    names = corridor_names(roads)
    km = roads["counted_m"] / METRES_PER_KM
    summed = (
        roads[["corridor_id", "stage_year", "complexity_grade"]]
        .assign(km=km, fitted_km=km.where(roads["equipped"].astype(bool), 0.0))
        .groupby("corridor_id", as_index=False, sort=True)
        .agg(
            km=("km", "sum"),
            fitted_km=("fitted_km", "sum"),
            n=("km", "size"),
            first=("stage_year", "min"),
            last=("stage_year", "max"),
            grade=("complexity_grade", "max"),
        )
        .sort_values(["km", "corridor_id"], ascending=[False, True])
    )
    columns = [
        Column(wording("map.corridor"), lambda row: names[str(row.corridor_id)], 120),
        Column(wording("list.opened_km"), lambda row: row.km, 84, 2),
        Column(wording("list.equipped_km"), lambda row: row.fitted_km, 84, 2),
        Column(wording("list.n_segments"), lambda row: row.n, 66, 0),
        Column(wording("map.from_year"), lambda row: row.first, 70, 0, plain=True),
        Column(wording("map.to_year"), lambda row: row.last, 70, 0, plain=True),
        Column(wording("map.hardest_grade"), lambda row: row.grade, 70, 0),
        Column(column_title(layers.TEST_ROADS, "corridor_id"), lambda row: row.corridor_id, 80),
    ]
    return _list("corridors", "corridor", columns, _rows(summed, "corridor_id"))


Cells = dict[tuple[str, str, str], Json]


def _cells(figures: Json, level: str) -> Cells:
    key = f"{level}_id"
    return {(row[key], row["energy"], row["phase"]): row for row in figures["gaps"][level]}


def _percent(cell: Json | None) -> float | None:
    known = cell is not None and cell["served_share"] is not None
    return float(cell["served_share"]) * 100 if cell and known else None


def _gap_columns() -> list[Column]:
    """Return demand and both gaps, before and after, of a pair of cells."""

    def amount(phase: int, name: str) -> Numbers:
        return lambda row: None if row[2 + phase] is None else row[2 + phase][name]

    made = [
        Column(wording("map.energy"), lambda row: word_of("energy", row[1]), 90),
        Column(wording("map.list_unit"), lambda row: word_of("energy_unit", row[1]), 84),
        Column(wording("map.list_demand"), amount(1, "demand_per_day"), 84, 0),
    ]
    for name in ("coverage", "capacity"):
        for phase, word in enumerate(("before", "after")):
            title = wording(f"map.list_{name}_{word}")
            made.append(Column(title, amount(phase, f"{name}_gap_per_day"), 98, 0))
    for phase, word in enumerate(("before", "after")):
        title = wording(f"map.list_served_{word}")
        made.append(Column(title, lambda row, phase=phase: _percent(row[2 + phase]), 84, 1))
    return made


def _counties(frames: dict[str, Any], figures: Json) -> Json:
    """Return a row for each county and energy in demand: gaps before and after."""
    cells = _cells(figures, "county")
    rows = []
    for row in frames["counties"].itertuples():
        for energy in layers.ENERGIES:
            key = str(row.county_id)
            before, after = (cells.get((key, energy, phase)) for phase in ("before", "after"))
            if any(cell and cell["demand_per_day"] for cell in (before, after)):
                rows.append((key, (row, energy, before, after)))
    name = names_by("county_id", frames["counties"])
    columns = [
        Column(wording("list.county"), lambda row: name(row[0]), 100),
        *_gap_columns(),
    ]
    return _list("counties", "county", columns, rows)


def _townships(frames: dict[str, Any], counties: Reader) -> Json:
    schema = layers.TOWNSHIP_ACCESS
    columns = [
        Column(column_title(schema, "name"), names_by("township_id", frames["townships"]), 110),
        Column(wording("list.county"), counties, 84),
        Column(column_title(schema, "status"), lambda row: word_of("status", row.status), 84),
        _km(schema, "distance_before_m", 2),
        _km(schema, "distance_after_m", 2),
        _year(schema, "first_year_met"),
        Column(column_title(schema, "reason"), lambda row: bilingual(plain(row.reason)), 180),
        Column(column_title(schema, "township_id"), lambda row: str(row.township_id), 100),
    ]
    frame = frames["township_access"]
    return _list("townships", "township", columns, _rows(frame, "township_id"))


def _unserved(frames: dict[str, Any], figures: Json) -> Json:
    """Return what the plan leaves without service: townships by energy, stretches, trips."""
    towns = {str(row.township_id): row for row in frames["townships"].itertuples()}
    name = names_by("township_id", frames["townships"])
    rows: list[tuple[Any, tuple[Both | str, Both, Both | str, float | None, float | None]]] = []
    for (key, energy, phase), row in sorted(_cells(figures, "township").items()):
        gaps = float(row["coverage_gap_per_day"]), float(row["capacity_gap_per_day"])
        if phase == "after" and sum(gaps) > 0 and key in towns:
            unit = word_of("energy_unit", energy)
            kind = Both(
                *(f"{a} · {b}" for a, b in zip(word_of("energy", energy), unit, strict=True))
            )
            rows.append((["township", key], (name(towns[key]), kind, "", *gaps)))
    for row in frames["township_access"][
        frames["township_access"]["status"] == "short"
    ].itertuples():
        said = (name(row), wording("map.list_township_short"), bilingual(plain(row.reason)))
        rows.append((["township", str(row.township_id)], (*said, None, None)))
    ways = frames["highway_access"]
    for row in ways[ways["status"] == "short"].itertuples():
        called = title_by("name", "ref", "stretch_id")(row)
        said = (called, wording("map.highway_short"), bilingual(plain(row.reason)))
        rows.append((["stretch", str(row.stretch_id)], (*said, None, None)))
    trips = frames["trip_access"]
    for row in trips[~trips["refuelled_after"].astype(bool)].itertuples():
        called = title_by("name", "trip_id")(row)
        said = (called, wording("map.trip_not_refuelled"), bilingual(plain(row.reason)))
        rows.append((["trip", str(row.trip_id)], (*said, None, None)))
    columns = [
        Column(column_title(layers.TOWNSHIP_ACCESS, "name"), lambda row: row[0], 120),
        Column(wording("map.list_what"), lambda row: row[1], 190),
        Column(wording("map.list_coverage_after"), lambda row: row[3], 92, 0),
        Column(wording("map.list_capacity_after"), lambda row: row[4], 92, 0),
        Column(wording("list.reason"), lambda row: row[2], 220),
    ]
    return _list("unserved", "", columns, rows)


def _stretches(frames: dict[str, Any]) -> Json:
    schema = layers.HIGHWAY_ACCESS
    columns = [
        Column(column_title(schema, "name"), title_by("name", "ref", "stretch_id"), 130),
        Column(
            column_title(schema, "direction_zh"),
            lambda row: Both(str(row.direction_zh), str(row.direction_en)),
            70,
        ),
        Column(column_title(schema, "status"), lambda row: word_of("status", row.status), 70),
        *(
            _km(schema, name)
            for name in ("length_m", "largest_gap_before_m", "largest_gap_after_m")
        ),
        *(_km(schema, name) for name in ("uncovered_before_m", "uncovered_after_m")),
    ]
    return _list("stretches", "stretch", columns, _rows(frames["highway_access"], "stretch_id"))


def _sites(frames: dict[str, Any], counties: Reader) -> Json:
    """Return the sites without a station: rejected with the reason, and usable ones."""
    schema, sites = layers.CANDIDATE_SITES, frames["candidate_sites"]
    empty = sites[~sites["site_id"].isin(frames["stations"]["site_id"])]
    empty = empty.sort_values(["status", "site_id"], ascending=[False, True])
    columns = [
        Column(column_title(schema, "name"), title_by("name", "site_id"), 120),
        Column(column_title(schema, "status"), lambda row: word_of("status", row.status), 70),
        Column(column_title(schema, "reason"), lambda row: both_of(plain(row.reason)), 220),
        Column(wording("list.county"), counties, 84),
        Column(column_title(schema, "origin"), lambda row: word_of("origin", row.origin), 90),
        Column(column_title(schema, "site_id"), lambda row: str(row.site_id), 150),
    ]
    return _list("sites", "site", columns, _rows(empty, "site_id"))


def _marks(frames: dict[str, Any]) -> Json:
    """Return what became of each mark of the review files; a click shows what stands there now."""
    log, known = frames["review_log"], set(frames["candidate_sites"]["site_id"])
    stations = frames["stations"].drop_duplicates("site_id").set_index("site_id")["station_id"]
    rows = []
    for row, card in zip(log.itertuples(), log_cards(frames), strict=True):
        if isinstance(row.site_id, str):
            new = f"r-{row.mark_id}"
            site = new if new in known else row.site_id
            found = stations.get(site)
            there = ["station", found] if found is not None else ["site", site]
        else:
            there = ["segment", str(row.segment_ids).split(",")[0]]
        rows.append((there, card))
    columns = [
        Column(wording("list.mark_name"), lambda card: card["name"], 120),
        Column(wording("list.opinion"), lambda card: card["opinion"], 70),
        Column(wording("list.reviewer"), lambda card: card["who"], 70),
        Column(wording("list.outcome"), lambda card: card["outcome"], 80),
        Column(wording("list.reason"), lambda card: card["reason"], 260),
        Column(wording("list.mark_cost"), lambda card: card["cost"], 200),
    ]
    return _list("marks", "", columns, rows)
