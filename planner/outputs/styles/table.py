"""The rows of ``layer_styles``: which styles a layer has, and which QGIS takes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pandas as pd

from planner import layers
from planner.layers import Layer
from planner.outputs.gis_layers import GIS_LAYERS, PHASES, gap_column
from planner.outputs.map.roads import STAGE_COLOURS
from planner.outputs.map.stations import COLOURS
from planner.outputs.styles.filling import Entry, Fillings, fill, table_style
from planner.outputs.summary import technologies
from planner.outputs.wording import Both, schematic_layers, word_of, wording

GEOMETRY_COLUMN = "geom"
SHORT_NOTE = "（示意 schematic）"
FIXED_TIME = "1970-01-01T00:00:00.000Z"
FROM_ROADS = (
    "closed_roads", "highway_access", "trip_access", "demand_points", "centrelines", "fleet_wishes",
)  # fmt: skip
"""Layers cut from or placed on roads: made up where the roads are."""

NAMES = {
    "counties": Both("区县界", "counties"),
    "townships": Both("乡镇街道", "townships"),
    "township_access": Both("乡镇充电达标", "township access"),
    "zones_map": Both("区域类别", "zones by kind"),
    "road_features": Both("道路设施", "road features"),
    "supply_nodes": Both("供电节点", "supply nodes"),
    "opened_roads": Both("已开放道路", "opened roads"),
    "trips": Both("长途出行", "long trips"),
    "segments": Both("道路等级", "roads by class"),
    "test_roads": Both("按开放年份", "by stage year"),
    "test_roads_grade": Both("按复杂度", "by complexity"),
    "test_roads_equipped": Both("是否装备", "equipped or not"),
    "closed_roads": Both("已关闭", "closed"),
    "rejected_segments": Both("排除原因", "by reason"),
    "highway_access": Both("高速充电覆盖", "motorway access"),
    "trip_access": Both("长途补能", "trip access"),
    "rsus": Both("路侧单元", "roadside units"),
    "demand_points": Both("充电需求", "charging demand"),
    "candidate_sites": Both("候选站址", "candidate sites"),
    "centrelines": Both("道路中心线", "centrelines"),
    "fleet_wishes": Both("测试车队充电", "test fleet charging"),
    "stations": Both("能源与技术", "energy and technology"),
}
"""Drawn styles by the name of their file, with the name that QGIS lists."""

LAYER_OF = {"test_roads_grade": "test_roads", "test_roads_equipped": "test_roads"}
"""Layer of a style that is a further choice beside the layer's own."""

GAP_STYLES = ("county_gaps_map", "township_gaps_map")


@dataclass(frozen=True)
class _Style:
    layer: str
    name: str
    qml: str
    default: bool
    geometry: str = GEOMETRY_COLUMN


def style_table(frames: dict[str, Any], figures: dict[str, Any]) -> pd.DataFrame:
    """Return table ``layer_styles`` of a plan, as QGIS reads it.

    Parameters
    ----------
    frames
        The plan's layers by name: only technologies with a planned station are in a legend.
    figures
        Content of ``plan.json``: technologies, years, and which layers are made up.

    Returns
    -------
    pandas.DataFrame
        One row a style; each layer has one with ``useAsDefault``.
    """
    styles = [*_drawn_styles(frames, figures), *_gap_styles(figures), *_table_styles()]
    return pd.DataFrame(
        {
            "f_table_catalog": [""] * len(styles),
            "f_table_schema": "",
            "f_table_name": [style.layer for style in styles],
            "f_geometry_column": [style.geometry for style in styles],
            "styleName": [style.name for style in styles],
            "styleQML": [style.qml for style in styles],
            "styleSLD": "",
            "useAsDefault": [style.default for style in styles],
            "description": "planner",
            "owner": "",
            "ui": None,
            "update_time": pd.to_datetime([FIXED_TIME] * len(styles)),
        }
    )


def made_up(figures: dict[str, Any]) -> frozenset[str]:
    """Return the layers whose geometry is made up, those placed on made-up roads as well."""
    known = schematic_layers(figures)
    return known | frozenset(FROM_ROADS) if "roads" in known else known


def technology_entries(frames: dict[str, Any], figures: dict[str, Any]) -> dict[str, list[Entry]]:
    """Return the technologies of planned stations by energy, in the colours of the map page."""
    stations = frames["stations"]
    used = set(stations["technology"][stations["status"] == "planned"])
    made: dict[str, list[Entry]] = {energy: [] for energy in layers.ENERGIES}
    place = dict.fromkeys(COLOURS, 0)
    for key, row in technologies(figures).items():
        energy = row["energy"]
        palette = COLOURS[energy]
        colour = palette[place[energy] % len(palette)]
        place[energy] += 1
        if key in used:
            said = wording("map.planned", name=Both(row["zh"], row["en"]))
            made[energy].append(Entry(key, f"{said.zh} {said.en}", colour))
    return made


def _year_entries(figures: dict[str, Any]) -> list[Entry]:
    made = []
    for index, stage in enumerate(figures["test_roads"]["stages"]):
        said = wording("map.stage", year=stage["year"])
        colour = STAGE_COLOURS[index % len(STAGE_COLOURS)]
        made.append(Entry(str(int(stage["year"])), f"{said.zh} {said.en}", colour))
    return made


def _drawn_styles(frames: dict[str, Any], figures: dict[str, Any]) -> Iterator[_Style]:
    entries = technology_entries(frames, figures) | {"year": _year_entries(figures)}
    unreal = made_up(figures)
    for file, said in NAMES.items():
        layer = LAYER_OF.get(file, file)
        noted = _noted(layer, unreal)
        note = "" if noted is None else SHORT_NOTE
        yield _Style(
            layer,
            f"{said.zh} {said.en}{note}",
            fill(
                _drawn(file),
                layer,
                _schema(layer).columns,
                Fillings(entries, note, noted or ""),
            ),
            default=file == layer,
        )


def _noted(layer: str, unreal: frozenset[str]) -> str | None:
    """Return which rules of a layer draw made-up data, all with an empty text; None for none."""
    if layer == "stations" and layer not in unreal and "existing_stations" in unreal:
        return "'existing'"
    return "" if layer.removesuffix("_map") in unreal else None


def _gap_styles(figures: dict[str, Any]) -> Iterator[_Style]:
    """Yield a style an energy and phase; the page's first view is the layer's own style."""
    worst = figures["siting"]["worst_county"]
    first = worst["energy"].split("+")[0] if worst else layers.ENERGIES[0]
    for layer in GAP_STYLES:
        drawn = _drawn(layer)
        for energy in layers.ENERGIES:
            for phase in PHASES:
                said = word_of("energy", energy), word_of("phase", phase)
                title = f"{said[0].zh} {said[1].zh} 未满足"
                field = gap_column(energy, phase, "served_share")
                qml = drawn.replace("%%gap.field%%", field).replace("%%gap.title%%", title)
                yield _Style(
                    layer,
                    f"{title} {said[0].en} {said[1].en}",
                    fill(qml, layer, _schema(layer).columns, Fillings({})),
                    default=(energy, phase) == (first, "before"),
                )


def _table_styles() -> Iterator[_Style]:
    """Yield the names of fields of every table: QGIS before 3.30 reads them from here alone."""
    for layer in layers.PLAN_LAYERS:
        if layer.geometry == "none":
            qml = table_style(layer.name, layer.columns)
            yield _Style(layer.name, "字段名称 field names", qml, default=True, geometry="")


def _schema(name: str) -> Layer:
    return next(layer for layer in (*layers.PLAN_LAYERS, *GIS_LAYERS) if layer.name == name)


def _drawn(file: str) -> str:
    return files("planner.outputs.styles").joinpath(f"{file}.qml").read_text("utf-8")
