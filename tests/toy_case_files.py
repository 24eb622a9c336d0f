"""Makes the toy case: two square counties on a street grid, small enough to check by hand."""

import json
import os
from pathlib import Path

import pytest

WEST, SOUTH, STEP, COLUMNS, ROWS = 115.80, 28.60, 0.01, 12, 6
"""The grid: 13 x 7 junctions, about 0.98 km apart east-west and 1.11 km north-south."""

SCENARIO = """
[case]
id = "toy"
title_zh = "玩具县"
title_en = "Toy county"

[layers.counties]
file = "counties.geojson"
{origin}

[layers.townships]
file = "townships.csv"
{origin}

[layers.jurisdictions]
file = "jurisdictions.csv"
{origin}

[layers.roads]
file = "roads.geojson"
{origin}

[layers.existing_stations]
file = "existing_stations.csv"
{origin}

[layers.zones]
file = "zones.geojson"
{origin}

[layers.opened_roads]
file = "opened_roads.geojson"
{origin}

[layers.supply_nodes]
file = "supply_nodes.csv"
{origin}

[layers.trips]
file = "trips.geojson"
{origin}

[siting]
budget_cny_2025 = 3000000
budget_cny_2026 = 4000000
budget_cny_2027 = 5000000
hydrogen_budget_cny_2025 = 5000000
hydrogen_budget_cny_2026 = 5000000
hydrogen_budget_cny_2027 = 5000000

[test_roads]
target_km_2025 = 15.0
target_km_2026 = 25.0
target_km_2027 = 40.0
equipment_budget_cny = 2400000
"""
ORIGIN = """datum = "wgs84"
source = "made for tests"
licence = "CC0-1.0"
date = "2026-01-01"
synthetic = true
trust = "illustrative"
"""


def real_data() -> Path:
    """Return the folder of real data, which may be absent."""
    return Path(os.environ.get("PLANNER_REAL_DATA", "../shared"))


def needs_real(*parts: str) -> pytest.MarkDecorator:
    """Skip a test with a reason where a file of the real data is absent."""
    path = real_data().joinpath(*parts)
    return pytest.mark.skipif(not path.exists(), reason=f"real data absent: {'/'.join(parts)}")


def node(column: int, row: int) -> list[float]:
    return [round(WEST + STEP * column, 6), round(SOUTH + STEP * row, 6)]


def feature(geometry_type: str, coordinates: list, **properties: object) -> dict:
    geometry = {"type": geometry_type, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(features: list[dict]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def box(west: int, east: int) -> list:
    low, high = -0.5, ROWS + 0.5
    corners = [(west, low), (east, low), (east, high), (west, high), (west, low)]
    return [[[round(WEST + STEP * x, 6), round(SOUTH + STEP * y, 6)] for x, y in corners]]


def roads() -> list[dict]:
    """Return one road a grid line, each with a vertex at every junction."""
    rows = []
    for row in range(ROWS + 1):
        cls = "primary" if row == 3 else "tertiary"
        line = [node(column, row) for column in range(COLUMNS + 1)]
        rows.append(_road(f"h{row}", f"东西{row}路", cls, line))
    for column in range(COLUMNS + 1):
        cls = "secondary" if column in {3, 9} else "residential"
        line = [node(column, row) for row in range(ROWS + 1)]
        rows.append(_road(f"v{column}", f"南北{column}路", cls, line))
    return rows


def _road(road_id: str, name: str, cls: str, line: list) -> dict:
    speed = {"primary": 60, "secondary": 50, "tertiary": 40, "residential": 30}[cls]
    lanes = {"primary": 4, "secondary": 4, "tertiary": 2, "residential": 2}[cls]
    return feature(
        "LineString", line, road_id=road_id, name=name, ref=None, road_class=cls, oneway=False,
        speed_kph=speed, lanes=lanes, trust="illustrative",
    )  # fmt: skip


def write_toy_case(folder: Path) -> Path:
    """Write the toy case into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    counties = [
        feature("Polygon", box(*span), county_id=code, name=name, name_en=english,
                population=people, population_trust="illustrative", population_source="made")
        for code, name, english, people, span in (
            ("990101", "西县", "West", 60000, (-1, 6)), ("990102", "东县", "East", 30000, (6, 13)),
        )
    ]  # fmt: skip
    townships = [
        "township_id,name,county_id,kind,jurisdiction_id,lon,lat,source,trust",
        "990101100,西一镇,990101,town,,{},{},made,illustrative".format(*node(1, 1)),
        "990101101,西二镇,990101,town,,{},{},made,illustrative".format(*node(4, 5)),
        "990102100,东一镇,990102,town,zone-e,{},{},made,illustrative".format(*node(10, 2)),
        "990102200,无处乡,990102,township,,,,made,illustrative",
    ]
    jurisdictions = [
        "jurisdiction_id,name,kind,county_id,source,trust",
        "990101,西县,county,990101,made,illustrative",
        "990102,东县,county,990102,made,illustrative",
        "zone-e,东开发区,development_zone,990102,made,illustrative",
    ]
    stations = [
        "station_id,name,technology,n_units,lon,lat,source,trust",
        "old1,老站,dc60,4,{},{},made,illustrative".format(*node(2, 2)),
    ]
    supply = [
        (
            "supply_node_id,name,headroom_kw,upgrade_kw,upgrade_cost_cny,upgrade_lead_years,"
            "lon,lat,source,trust"
        ),
        "west,西站,900,2000,1000000,1,{},{},made,illustrative".format(*node(2, 4)),
        "east,东站,6000,,,,{},{},made,illustrative".format(*node(10, 4)),
    ]
    trips = [
        feature("LineString", [node(0, 3), node(COLUMNS, 3)], trip_id="p1", name="过境",
                energy="charging", trips_per_day=50, range_m=20000, source="made",
                trust="illustrative")
    ]  # fmt: skip
    zones = [
        feature("Point", node(10, 4), zone_id="z1", name="东产业集群", kind="cluster",
                applies_to="test_roads", radius_m=500.0, mandated=True, source="made",
                trust="illustrative"),
        feature("Point", node(6, 0), zone_id="z2", name="施工区", kind="exclusion",
                applies_to="all", radius_m=300.0, mandated=False, source="made",
                trust="illustrative"),
    ]  # fmt: skip
    opened = [
        feature("LineString", [node(3, 3), node(4, 3), node(5, 3)], opened_id="o1", name="首开路",
                opened_year=2024, source="made", trust="illustrative")
    ]  # fmt: skip
    texts = {
        "scenario.toml": SCENARIO.format(origin=ORIGIN),
        "counties.geojson": collection(counties),
        "townships.csv": "\n".join(townships) + "\n",
        "jurisdictions.csv": "\n".join(jurisdictions) + "\n",
        "roads.geojson": collection(roads()),
        "existing_stations.csv": "\n".join(stations) + "\n",
        "supply_nodes.csv": "\n".join(supply) + "\n",
        "trips.geojson": collection(trips),
        "zones.geojson": collection(zones),
        "opened_roads.geojson": collection(opened),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
