"""Knows the names that other people's files give to the columns a case needs."""

from __future__ import annotations

import difflib

import pandas as pd

ROAD_NAMES = {
    "road_id": ("road_id", "osm_id", "osmid", "link_id", "linkid", "edge_id", "id", "道路编号"),
    "name": ("name", "road_name", "roadname", "名称", "道路名称", "路名"),
    "ref": ("ref", "route", "route_no", "路线编号"),
    "road_class": (
        "road_class", "highway", "fclass", "class", "roadclass", "road_type", "roadtype", "type",
        "道路等级", "等级",
    ),
    "speed_kph": (
        "speed_kph", "speed_kmh", "maxspeed", "speed_limit", "speedlimit", "speed", "限速",
    ),
    "oneway": ("oneway", "one_way", "单行"),
    "lanes": ("lanes", "n_lanes", "lane_count", "车道数"),
    "lanes_forward": ("lanes_forward", "lanes:forward"),
    "lanes_backward": ("lanes_backward", "lanes:backward"),
    "bridge": ("bridge", "桥梁"),
    "tunnel": ("tunnel", "隧道"),
    "junction": ("junction",),
}  # fmt: skip
COUNTY_NAMES = {
    "county_id": (
        "county_id", "adcode", "ad_code", "adm3_pcode", "gb_code", "xzqdm", "code", "pac",
        "district_code", "gid", "osm_id", "id", "区县代码", "行政区划代码",
    ),
    "name": (
        "name", "county", "county_name", "district", "name_zh", "adm3_zh", "xzqmc", "名称",
        "区县", "区县名称",
    ),
    "name_en": ("name_en", "name:en", "adm3_en", "英文名"),
    "population": ("population", "pop", "residents", "人口", "常住人口"),
    "population_trust": ("population_trust",),
    "population_source": ("population_source",),
}  # fmt: skip


def resolved(frame: pd.DataFrame, names: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Return column wanted -> column of the file, for those that are there.

    Upper and lower case do not matter; earlier synonyms win.
    """
    present = {str(name).strip().lower(): name for name in frame.columns if name != "geometry"}
    found = {}
    for wanted, synonyms in names.items():
        hit = next((present[word] for word in synonyms if word in present), None)
        if hit is not None:
            found[wanted] = hit
    return found


def looked_for(wanted: str, names: dict[str, tuple[str, ...]], frame: pd.DataFrame) -> str:
    """Say which names were tried for a column and what the file has instead."""
    columns = [str(name) for name in frame.columns if name != "geometry"]
    near = difflib.get_close_matches(wanted, columns, n=1)
    hint = f"; the nearest is {near[0]!r}" if near else ""
    return (
        f"no column for {wanted}: looked for {', '.join(names[wanted])}; "
        f"the file has {', '.join(columns) or 'none'}{hint}"
    )
