"""A toy city worked out here from scratch: its layers, with every figure that follows."""

import geopandas as gpd
import h3
import networkx as nx
import pandas as pd
import toy_ledger
from pyproj import Geod
from shapely.geometry import LineString, Point, box
from toy_fleets import demand_of

GEOD = Geod(ellps="WGS84")
WEST, SOUTH, STEP = 115.80, 28.60, 0.01
COLUMNS, ROWS = 6, 5
EAST, WEST_ROW = 4.6, 5.6
"""Rows of the two carriageways of the motorway; a ramp each joins them to the grid."""
CLASS_OF = {"h4": "trunk", "me": "motorway", "mw": "motorway", "re": "ramp", "rw": "ramp"}
CRS = "EPSG:4326"
ENERGIES = ("charging", "swap", "truck_swap", "hydrogen")
URBAN_JUNCTIONS_PER_KM2 = 0.7
STAGE_OF = {
    "h2-0": 2024, "h2-1": 2025, "h2-2": 2025, "h2-3": 2026, "v3-1": 2026, "h1-3": 2027,
    "h2-4": 2027,
}  # fmt: skip
EQUIPPED = ("h2-1", "h2-2", "v3-1")
COUNTY_OF = {"W": "990101", "E": "990102"}


def at(column, row):
    return (round(WEST + STEP * column, 7), round(SOUTH + STEP * row, 7))


def node_id(place):
    return f"n{round((place[0] - WEST) / STEP) * 10 + round((place[1] - SOUTH) / STEP)}"


def county_at(lon):
    return COUNTY_OF["W" if lon < WEST + 2.7 * STEP else "E"]


def metres(one, other):
    return GEOD.inv(*one, *other)[2]


def frame(rows, columns=None):
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=CRS)


def county_layers():
    counties = []
    for code, name, people, west, east in (
        ("990101", "西县", 60000.0, -1, 2.7), ("990102", "东县", 30000.0, 2.7, 9.5),
    ):  # fmt: skip
        shape = box(*at(west, -1), *at(east, ROWS + 2))
        counties.append(
            {"county_id": code, "name": name, "name_en": name, "population": people,
             "population_trust": "illustrative", "population_source": "made", "geometry": shape}
        )  # fmt: skip
    places = {
        "tw1": ("西一镇", "990101", None, (1, 1)), "tw2": ("西二镇", "990101", None, (1, 3)),
        "te1": ("东一镇", "990102", None, (3, 1)), "te2": ("东二镇", "990102", "J-Z", (5, 3)),
        "te3": ("东三乡", "990102", None, (3, 3)), "te9": ("无处乡", "990102", None, None),
    }  # fmt: skip
    townships = [
        {"township_id": key, "name": name, "county_id": county, "kind": "town",
         "jurisdiction_id": owner, "source": "made", "trust": "illustrative",
         "geometry": None if spot is None else Point(at(spot[0] + 0.03, spot[1] + 0.02))}
        for key, (name, county, owner, spot) in places.items()
    ]  # fmt: skip
    jurisdictions = pd.DataFrame(
        [
            ("J-E", "东县", "county", "990102"),
            ("J-W", "西县", "county", "990101"),
            ("J-Z", "东开发区", "development_zone", "990102"),
        ],
        columns=["jurisdiction_id", "name", "kind", "county_id"],
    ).assign(name_en=None, source="made", trust="illustrative")
    return frame(counties), frame(townships), jurisdictions


def jurisdiction_at(place, townships):
    mine = townships[(townships["county_id"] == county_at(place[0])) & ~townships.geometry.isna()]
    apart = [metres(place, (spot.x, spot.y)) for spot in mine.geometry]
    town = mine.iloc[apart.index(min(apart))]
    default = "J-W" if county_at(place[0]) == "990101" else "J-E"
    owner = town["jurisdiction_id"] if isinstance(town["jurisdiction_id"], str) else default
    return town["township_id"], owner


def other_layers():
    zones = [
        ("z1", "东产业集群", "cluster", "test_roads", 200.0, True, at(4, 2.05)),
        ("z2", "施工区", "exclusion", "all", 300.0, False, at(0, 4)),
        ("z3", "学校", "setback", "hydrogen", 20.0, False, at(2, 2.0001)),
        ("z4", "远集群", "mandated", "test_roads", 100.0, True, at(0, 0)),
    ]
    zones = frame(
        [
            {"zone_id": z, "name": n, "name_en": None, "kind": k, "applies_to": a, "radius_m": r,
             "mandated": m, "source": "made", "trust": "illustrative", "geometry": Point(p)}
            for z, n, k, a, r, m, p in zones
        ]
    )  # fmt: skip
    supply = frame(
        [
            {"supply_node_id": key, "name": key, "headroom_kw": kw, "upgrade_kw": upgrade[0],
             "upgrade_cost_cny": upgrade[1], "upgrade_lead_years": upgrade[2], "source": "made",
             "trust": "illustrative", "geometry": Point(at(*spot))}
            for key, kw, spot, upgrade in (
                ("g1", 500.0, (1, 2), (200.0, 300000, 1)), ("g2", 1300.0, (4, 2.1), (None,) * 3)
            )
        ]
    )  # fmt: skip
    opened = frame(
        [{"opened_id": "o1", "name": "首开路", "opened_year": 2024, "source": "made",
          "trust": "illustrative", "geometry": LineString([at(0, 2), at(1, 2)])}]
    )  # fmt: skip
    lines = {"h0-0": [at(0, 0), at(1, 0)], "h0-1": [at(1, 0), at(2, 0)]}
    return zones, supply, toy_ledger.opened_rows(opened, lambda key: LineString(lines[key]))


def segment_layer(townships):
    pieces = {}
    for row in range(ROWS):
        for column in range(COLUMNS - 1):
            pieces[f"h{row}-{column}"] = [
                at(column, row),
                at(column + 0.5, row),
                at(column + 1, row),
            ]
    for column in range(COLUMNS):
        for row in range(ROWS - 1):
            pieces[f"v{column}-{row}"] = [at(column, row), at(column, row + 1)]
    pieces["i0"] = [at(8, 0), at(8, 1)]
    for column in range(-1, COLUMNS - 1):
        pieces[f"me-{column}"] = [at(column, EAST), at(column + 1, EAST)]
        pieces[f"mw-{column}"] = [at(column + 1, WEST_ROW), at(column, WEST_ROW)]
    pieces["re-2"] = [at(2, EAST), at(2, 4)]
    pieces["rw-2"] = [at(2, WEST_ROW), at(2, 4)]
    rows = []
    for key, line in pieces.items():
        middle = LineString(line).interpolate(0.5, normalized=True)
        cls = CLASS_OF.get(key[:2], "service" if key == "v0-0" else "secondary")
        rows.append(
            {"segment_id": key, "from_node": node_id(line[0]), "to_node": node_id(line[-1]),
             "name": f"路{key[:2]}", "ref": "G1" if cls == "motorway" else None,
             "road_class": cls, "oneway": key.startswith(("h1-", "me-", "mw-")),
             "speed_kph": 100.0 if cls in {"trunk", "motorway"} else 50.0,
             "lanes": 4, "bridge": False, "tunnel": key == "v5-0",
             "length_m": round(GEOD.line_length(*zip(*line, strict=True)), 3),
             "county_id": county_at(middle.x),
             "jurisdiction_id": jurisdiction_at((middle.x, middle.y), townships)[1],
             "road_ids": key, "trust": "illustrative", "geometry": LineString(line)}
        )  # fmt: skip
    return frame(rows)


def road_graph(segments):
    graph = nx.MultiDiGraph()
    for row in segments.itertuples():
        graph.add_edge(row.from_node, row.to_node, metres=row.length_m)
        if not row.oneway:
            graph.add_edge(row.to_node, row.from_node, metres=row.length_m)
    return graph


def demand_layer(townships, segments):
    """Return the demand points; residents of the east county are 30 000."""
    places = [(c, r) for c in range(COLUMNS) for r in range(ROWS) if (c + r) % 2 == 0]
    west = [place for place in places if place[0] <= 2]
    junctions = {}
    counts = pd.concat([segments["from_node"], segments["to_node"]]).value_counts()
    for column in range(COLUMNS):
        for row in range(ROWS):
            if counts[node_id(at(column, row))] >= 3:
                cell = h3.latlng_to_cell(*reversed(at(column, row)), 7)
                junctions[cell] = junctions.get(cell, 0) + 1
    rows = []
    for column, row in places:
        place = at(column, row)
        cell = h3.latlng_to_cell(place[1], place[0], 7)
        dense = junctions.get(cell, 0) >= URBAN_JUNCTIONS_PER_KM2 * h3.cell_area(cell, unit="km^2")
        inside = (column, row) in west
        people = 60000.0 / len(west) if inside else 30000.0 / (len(places) - len(west))
        dense = "urban" if dense else "rural"
        taken = demand_of(people, dense, 2027, county_at(place[0]), 60000.0 if inside else 30000.0)
        rows.append(
            {"demand_id": f"d{column}{row}", "node_id": node_id(place),
             "county_id": county_at(place[0]), "township_id": jurisdiction_at(place, townships)[0],
             "area_class": dense, "population": round(people, 6),
             **{f"{energy}_per_day": round(taken[energy], 6) for energy in ENERGIES},
             "geometry": Point(place)}
        )  # fmt: skip
    return frame(rows)


def road_layers(segments):
    chosen = segments[segments["segment_id"].isin(STAGE_OF)].copy()
    chosen["corridor_id"] = "k-" + chosen["name"]
    chosen["stage_year"] = chosen["segment_id"].map(STAGE_OF)
    chosen["opened_before"] = chosen["stage_year"] == 2024
    chosen["equipped"] = chosen["segment_id"].isin(EQUIPPED)
    chosen["equipped_year"] = chosen["stage_year"].where(chosen["equipped"]).astype(float)
    chosen = toy_ledger.with_both_bases(chosen)
    reasons = toy_ledger.REASONS | {
        row.segment_id: reason
        for row in segments.itertuples()
        for wrong, reason in (
            (row.speed_kph > 80, "speed"),
            (row.road_class == "service", "service road"),
            (row.tunnel, "tunnel"),
            (row.segment_id == "v0-3", "zone z2"),
            (row.segment_id == "i0", "island"),
        )
        if wrong
    }
    rejected = segments[segments["segment_id"].isin(reasons)][["segment_id", "name", "geometry"]]
    rejected = rejected.assign(reason=rejected["segment_id"].map(reasons))
    return chosen.reset_index(drop=True), rejected.reset_index(drop=True)
