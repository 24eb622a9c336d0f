"""A small plan made by hand: two counties, four townships, twelve segments, three sites."""

import itertools
from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString, Point, Polygon, box
from toy_figures import YEARS, toy_figures, toy_scheme

from planner import layers
from planner.plan.ledger import ledger_frame

HOSTILE = [
    "<img src=x onerror=window.ran=1>",
    "${window.ran=2}",
    "`+(window.ran=3)+`",
    "</script><script>window.ran=4</script>",
    "'\"><svg onload=window.ran=5>",
    "a\u2028b\u2029c\u202ed\u0007e",
    "长" * 5000,
    "=1+1",
    "{{7*7}}{% raw %}",
    "<!--<script>",
    "&lt;b&gt;\\u003cb\\u003e",
    "javascript:window.ran=6",
]
"""Names that run, hide or break something where a page trusts them."""


TEXT_KEYS = (
    "name", "file", "reason", "zh", "en", "detail_zh", "detail_en", "remedy", "sentence", "source"
)  # fmt: skip


def frame(layer, rows):
    """Return rows as a frame with every column of the layer, also when there are none."""
    names = layer.column_names()
    table = pd.DataFrame(rows, columns=[*names, "geometry"])
    for column in layer.columns:
        kind = {"integer": "int64", "number": "float64", "boolean": "bool"}.get(column.kind)
        kind = "float64" if kind == "int64" and column.nullable else kind
        table[column.name] = table[column.name].astype(kind) if kind else table[column.name]
    if layer.geometry == "none":
        return table[names]
    return gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326")


def joined(*parts):
    """Return one row from the pieces it was typed in."""
    return [value for part in parts for value in part]


def toy_plan(*, hostile=False, synthetic=("roads",), approval=""):
    """Return a plan like those of ``planner.plan``: layers by name, and the figures."""
    frames = _frames()
    figures = toy_figures(frames, synthetic, approval)
    if hostile:
        _spoil(frames, figures)
    return SimpleNamespace(layers=frames, figures=figures)


def _frames():
    made = {layer.name: frame(layer, []) for layer in layers.PLAN_LAYERS}
    rows = _ground_rows() | _road_rows() | _station_rows() | _need_rows()
    known = {layer.name: layer for layer in layers.PLAN_LAYERS}
    made |= {name: frame(known[name], content) for name, content in rows.items()}
    return made | {"ledger": ledger_frame(made["test_roads"], made["closed_roads"])}


def _ground_rows():
    west, east = box(115.8, 28.5, 116.0, 28.8), box(116.0, 28.5, 116.2, 28.8)
    counties = [
        ["360111", "青山湖区", "Qingshanhu", 300_000, "S", "census", west],
        ["360121", "南昌县", "Nanchang County", 200_000, "estimate", None, east],
    ]
    places = [Point(115.85, 28.6), Point(115.95, 28.7), Point(116.1, 28.65), None]
    townships = [
        ["t1", "罗家镇", "Luojia", "360111", "town", "j1", "list", "X", places[0]],
        ["t2", "湖坊镇", None, "360111", "town", "j1", "list", "X", places[1]],
        ["t3", "向塘镇", "Xiangtang", "360121", "town", "j2", "list", "X", places[2]],
        ["t4", "三江镇", None, "360121", "town", "j2", "list", "X", places[3]],
    ]
    jurisdictions = [
        ["j1", "青山湖区", None, "district", "360111", None, "U", None],
        ["j2", "南昌县", None, "county", "360121", None, "U", None],
    ]
    mill = Polygon([(115.9, 28.55), (115.93, 28.55), (115.93, 28.58), (115.9, 28.58)])
    zones = [
        [
            "z1",
            "小蓝集群",
            None,
            "cluster",
            "all",
            800.0,
            True,
            *[None] * 3,
            "policy",
            "S",
            Point(116.05, 28.6),
        ],
        ["z2", "水源地", None, "exclusion", "all", 100.0, False, *[None] * 4, "U", mill],
        joined(
            ["z3", "一小", "School One", "school", "test_roads", 50.0, False, "07:00-09:00", None],
            [None, "made", "U", Point(116.1, 28.65)],
        ),
    ]
    supply = [
        ["g1", "变电站一", 5000.0, 2000.0, 350_000, 1, None, "illustrative", Point(115.9, 28.65)],
        ["g2", "变电站二", 3000.0, None, None, None, None, "illustrative", Point(116.1, 28.6)],
    ]
    access = [
        ["t1", "罗家镇", "360111", "n1", 9100.0, 1200.5, "met", None, 2026, None, places[0]],
        ["t2", "湖坊镇", "360111", "n2", 800.0, 800.0, "met", None, 2025, None, places[1]],
        joined(
            ["t3", "向塘镇", "360121", "n3", 21000.0, 13000.0, "short", "站点过远", None],
            ["资金不足 / the budget", places[2]],
        ),
        joined(
            ["t4", "三江镇", "360121", None, None, None, "cannot_be_checked", "没有坐标", None],
            [None, None],
        ),
    ]
    return {
        "counties": counties,
        "townships": townships,
        "jurisdictions": jurisdictions,
        "zones": zones,
        "supply_nodes": supply,
        "township_access": access,
        "supply_upgrades": [["g1", 2025, 2026, 2000.0, 350_000, None]],
    }


EQUIPPED = {1: 2025, 2: 2025, 4: 2026}
EXCLUDED = {9: "school z3; sharp turn", 11: "speed"}


def _road_rows():
    segments, tests, rejected = [], [], []
    for index in range(12):
        west = 115.82 + 0.03 * index
        line = LineString([(west, 28.65), (west + 0.015, 28.652), (west + 0.03, 28.65)])
        county = "360111" if west + 0.015 < 116.0 else "360121"
        owner = "j1" if county == "360111" else "j2"
        length = 3000.125 + index
        road_class = "motorway" if index == 11 else "trunk" if index % 2 else "primary"
        key, ends = f"s{index}", [f"n{index}", f"n{index + 1}"]
        name = None if index == 5 else f"昌南大道{index // 4}"
        segments.append(
            joined(
                [key, *ends, name, "G316", road_class, False, 60.0, 4, index == 3, False, length],
                [county, owner, f"r{index}", "schematic", line],
            )
        )
        if index in EXCLUDED:
            rejected.append([key, name, EXCLUDED[index], line])
        if index < 9:
            year = 2024 if index == 0 else YEARS[(index - 1) // 3]
            tests.append(
                joined(
                    [key, f"c{index // 4}", name, "G316", road_class, *ends, year, index == 0],
                    [index in (1, 2, 4), EQUIPPED.get(index), 1 + index % 5, 2.5],
                    [length, length, f"c-{key}", length, 2 * length],
                    ["07:00-09:00,16:30-18:00" if index == 8 else None, county, owner],
                    ["schematic", line],
                )
            )
    rsus = [
        ["u1", "s1", "n1", "junction", "existing", "f1", "u1", 2025, 120_000, "360111", "j1"],
        ["u2", "s2", "n2", "junction", "new_pole", None, "u2", 2025, 120_000, "360111", "j1"],
        ["u3", "s4", None, "spacing", "new_pole", None, "u3", 2026, 120_000, "360111", "j1"],
    ]
    spots = (Point(115.85, 28.65), Point(115.88, 28.65), Point(115.955, 28.652))
    rsus = [joined(row, [spot]) for row, spot in zip(rsus, spots, strict=True)]
    materials = [
        joined([f"m{number}", segment, None, unit, year, "360111", "j1", "rsu", "hardware", 1],
               [120_000, 120_000, True, "U", "made", None])
        for number, (segment, unit, year) in enumerate(
            (("s1", "u1", 2025), ("s2", "u2", 2025), ("s4", "u3", 2026)), start=1
        )
    ]  # fmt: skip
    opened = [["o1", "已开放路", 2024, "2024-06-30", None, "notice", "P", segments[0][-1]]]
    gone = ["s10", "昌南大道2", "primary", 1, 2023, 2026, 1000.0, "c-s10", 1000.0, 2000.0]
    closed = [joined(gone, ["360121", "j2", "schematic", segments[10][-1]])]
    subsidies = [
        ["j1", "青山湖区", 18.015, 9.007, 3, 360_000, 360_000, 180_000, 180_000, False, None],
        ["j2", "南昌县", 9.0, 0.0, 0, 0, 0, 0, 0, False, None],
    ]
    subsidy_years = [
        ["j1", 2025, 240_000, 240_000, 120_000, 120_000, 0, 120_000, 0, None],
        ["j1", 2026, 120_000, 120_000, 60_000, 60_000, 0, 60_000, 0, None],
        ["j1", 2027, 0, 0, 0, 0, 0, 0, 0, None],
        *(["j2", year, 0, 0, 0, 0, 0, 0, 0, None] for year in YEARS),
    ]
    return {
        "segments": segments,
        "test_roads": tests,
        "segment_terms": _terms(),
        "road_features": [
            ["f1", "signal", "made", "illustrative", spots[0]],
            ["f2", "pole", "made", "illustrative", spots[2]],
        ],
        "rejected_segments": rejected,
        "rsus": rsus,
        "opened_roads": opened,
        "closed_roads": closed,
        "materials": materials,
        "subsidies": subsidies,
        "subsidy_years": subsidy_years,
        **_way_rows(segments[11][-1], segments[4][-1]),
    }


def _terms():
    """Return points of the test roads but the last: 3 for the class, 2 for signals at the first."""
    rows = [
        [f"s{index}", 3, 1, 0, 2 if index == 0 else 0, *[0] * 6, 6 if index == 0 else 4]
        for index in range(8)
    ]
    return [
        [*row, 1 + index % 5, "trunk, bridge" if index % 2 else "primary", None]
        for index, row in enumerate(rows)
    ]


def _way_rows(motorway, road):
    east = ["G60e", "G60", "沪昆高速", "东行", "eastbound", 60_000.0, "s11", 10_000.0, 0.0]
    west = ["G60w", "G60", "沪昆高速", "西行", "westbound", 60_000.0, "s11", 10_000.0, 4_000.0]
    far = "最大间距 54 公里 / largest gap 54 km"
    trip = ["v1", "过境客车", "charging", 120.0, 200_000.0, 150_000.0, "s11", False, True]
    truck = ["v2", "氢能重卡", "hydrogen", 15.0, 400_000.0, 300_000.0, "s4", False, False]
    return {
        "highway_access": [
            joined(east, [60_000.0, 45_000.0, "met", None, motorway]),
            joined(west, [60_000.0, 54_000.0, "short", far, motorway]),
        ],
        "trip_access": [joined(trip, [None, motorway]), joined(truck, ["途中无加氢站", road])],
    }


def _station_rows():
    places = [Point(115.9, 28.65), Point(116.03, 28.65), Point(115.92, 28.56), Point(115.86, 28.7)]
    site = dict(zip(("x-e1", "a1", "a2", "x-e2"), places, strict=True))
    sites = [
        joined(
            ["x-e1", "n3", "老站", "existing", "360111", "j1", "charging", "g1", 4000.0, None],
            ["accepted", None, 12.0, places[0]],
        ),
        joined(
            ["a1", "n7", "南昌县 a1", "junction", "360121", "j2", "charging,swap,hydrogen", "g1"],
            [4000.0, 60, "accepted", None, 8.5, places[1]],
        ),
        joined(
            ["a2", "n4", "水源地旁", "zone", "360111", "j1", "", None, 4000.0, None],
            ["rejected", "zone z2", 40.0, places[2]],
        ),
        joined(
            ["x-e2", "n1", "扩建站", "existing", "360111", "j1", "charging", "g1", 4000.0, None],
            ["accepted", None, 3.0, places[3]],
        ),
    ]
    return {
        "candidate_sites": sites,
        "stations": _stations(site),
        "station_years": _station_years(),
        "site_reasons": _site_reasons(),
        "repairs": [
            joined(
                ["township_charging", "t3", "向塘镇", "向塘镇：在候选站址 a1 建站，投资 57 万元"],
                ["向塘镇: build at candidate site a1, +0.57 M yuan", 570_000, True, None],
            ),
            joined(
                ["supply_nodes.headroom_kw", "g1", "g1", "供电节点 g1 需再增加 40 千瓦"],
                ["supply node g1 takes 40 kW more", None, False, None],
            ),
        ],
        "assignments": [
            ["before", "d1", "x-e1", "charging", 700.0, None],
            ["after", "d1", "x-e1", "charging", 700.0, None],
            ["after", "d2", "p-a1-dc120", "charging", 2000.0, None],
            ["after", "d2", "p-a1-swap", "swap", 30.0, None],
        ],
    }


def _stations(site):
    """Return an existing station, an extended one, and two that are built on one place."""
    first, second, new = ["g1", "360111", "j1"], ["g1", "360111", "j1"], ["g1", "360121", "j2"]
    return [
        joined(
            ["x-e1", "x-e1", "n3", "老站", "charging", "dc60", "dc60", "existing", "keep", 2025],
            [4, 4, 880.0, 700.0, 240.0, 216.0, 1.25, 0, 0, 0, None, 0, None, "existing"],
            [*first, "illustrative", site["x-e1"]],
        ),
        joined(
            ["p-a1-dc120", "a1", "n7", "南昌县 a1", "charging", "dc120", None, "planned", "build"],
            [2025, 6, 0, 2580.0, 2000.0, 720.0, 648.0, 4.5, 1_040_000, 96_000, 250_000],
            [0.342466, 0, None, "public", *new, "U", site["a1"]],
        ),
        joined(
            ["p-a1-swap", "a1", "n7", "南昌县 a1", "swap", "swap", None, "planned", "build", 2026],
            [1, 0, 60.0, 30.0, 500.0, 400.0, 2.0, 3_500_000, 300_000, 700_000, 63.926941],
            [0, None, "public", *new, "U", site["a1"]],
        ),
        joined(
            ["x-e2", "x-e2", "n1", "扩建站", "charging", "dc60", "dc60", "existing", "extend"],
            [2027, 4, 2, 880.0, 0.0, 240.0, 216.0, None, 110_000, 20_000, 32_000, None, 0, None],
            ["public", *second, "illustrative", site["x-e2"]],
        ),
    ]


def _site_reasons():
    """Return why each site has a station or none: a1 has two, and no hydrogen."""
    kept = (
        "an existing station, kept, nothing hangs on it alone / "
        "现有站，保留，无其他站点无法替代的作用"
    )
    built = (
        "built, 2,000 kWh a day is in reach of no other station / "
        "新建，每日 2,000 千瓦时的需求仅本站可达"
    )
    shared = (
        "built, others reach the same demand; it takes 30 swaps a day of it / "
        "新建，可达需求另有站点覆盖，本站分担每日 30 次换电"
    )
    poor = (
        "too little enterprises' money: the cheapest station costs 14 M yuan, 0 M yuan is left / "
        "企业资金不足：最便宜方案需 1,400 万元，剩余 0 万元"
    )
    return [
        ["a1", "charging", True, built, 2000.0, "x-e2", 110_000, None],
        ["a1", "swap", True, shared, 0.0, None, None, None],
        ["a1", "hydrogen", False, poor, None, None, None, None],
        ["x-e1", "charging", True, kept, 0.0, None, None, None],
        ["x-e2", "charging", True, kept, 0.0, None, None, None],
    ]


def _station_years():
    spent = {
        ("p-a1-dc120", 2025): 1_040_000,
        ("p-a1-swap", 2026): 3_500_000,
        ("x-e2", 2027): 110_000,
    }
    first = {"p-a1-dc120": 2025, "p-a1-swap": 2026, "x-e1": 2025, "x-e2": 2025}
    kind = {"p-a1-dc120": "dc120", "p-a1-swap": "swap", "x-e1": "dc60", "x-e2": "dc60"}
    units = {"p-a1-dc120": 6, "p-a1-swap": 1, "x-e1": 4}
    return [
        joined(
            [key, year, kind[key], units.get(key, 4 if year == 2027 else 2), 100.0, 0.0],
            [spent.get((key, year), 0), None],
        )
        for key, start in first.items()
        for year in YEARS
        if year >= start
    ]


def _need_rows():
    points = [
        ["d1", "n2", "360111", "t1", "urban", 2e5, 1000.0, 0.0, 0.0, 0.0, Point(115.88, 28.65)],
        ["d2", "n7", "360121", "t3", "rural", 2e5, 2500.0, 40.0, 0.0, 0.0, Point(116.03, 28.65)],
        ["d3", None, "360111", None, "rural", 1e5, 500.0, 0.0, 0.0, 0.0, Point(115.85, 28.75)],
    ]
    gaps = {
        ("360111", "charging"): (1500.0, (1000.0, 700.0), (1000.0, 700.0)),
        ("360121", "charging"): (2500.0, (0.0, 0.0), (2500.0, 2000.0)),
        ("360111", "swap"): (0.0, (0.0, 0.0), (0.0, 0.0)),
        ("360121", "swap"): (40.0, (0.0, 0.0), (40.0, 30.0)),
        ("360111", "truck_swap"): (0.0, (0.0, 0.0), (0.0, 0.0)),
        ("360121", "truck_swap"): (0.0, (0.0, 0.0), (0.0, 0.0)),
        ("360111", "hydrogen"): (0.0, (0.0, 0.0), (0.0, 0.0)),
        ("360121", "hydrogen"): (0.0, (0.0, 0.0), (0.0, 0.0)),
    }
    county_gaps = [
        [county, energy, phase, *_gap(demand, *sums), None]
        for (county, energy), (demand, before, after) in gaps.items()
        for phase, sums in (("before", before), ("2025", before), ("2026", after), ("after", after))
    ]
    town_gaps = [
        [town, "charging", phase, *_gap(demand, covered, served), None]
        for town, demand, phases in (
            ("t1", 1000.0, ((1000.0, 700.0), (1000.0, 700.0))),
            ("t3", 2500.0, ((0.0, 0.0), (2500.0, 2000.0))),
        )
        for phase, (covered, served) in zip(("before", "after"), phases, strict=True)
    ]
    return {
        "demand_points": points,
        "fleet_demand": [
            ["360111", 2027, "private", "charging", 12_000.0, 1500.0, None],
            ["360121", 2027, "private", "charging", 20_000.0, 2500.0, None],
            ["360121", 2027, "taxi", "swap", 100.0, 40.0, None],
        ],
        "county_gaps": county_gaps,
        "township_gaps": town_gaps,
        "rejected_rows": [["roads", "roads.gpkg", "17", "E-GEO-003", "zero length", None]],
    }


def _gap(demand, covered, served):
    shares = (round(covered / demand, 6), round(served / demand, 6)) if demand else (None, None)
    return [demand, demand - covered, covered - served, *shares]


def _spoil(frames, figures):
    """Put a hostile text into every name and reason of the plan."""
    names = itertools.cycle(HOSTILE)
    columns = ("name", "name_en", "reason", "ref", "source", "file", "corridor_id", "binding")
    columns += ("text_zh", "text_en", "where_name", "where_id")
    for table in frames.values():
        for column in (*columns, "direction_zh", "direction_en", "scheme", "comment"):
            if column in table:
                table[column] = [next(names) if pd.notna(cell) else cell for cell in table[column]]
    case, siting = figures["case"], figures["siting"]
    case["title_zh"], case["title_en"] = HOSTILE[3], HOSTILE[0]
    case["replace_roads_hint"] = HOSTILE[1]
    siting["worst_county"]["name"] = HOSTILE[0]
    rows = [*figures["gaps"]["county"], *figures["subsidy"]["rows"], *figures["inputs"]]
    rows += [*figures["test_roads"]["mandated"], *figures["rules"], *figures["warnings"]]
    rows += [*siting["units"], *figures["fleets"].values(), *figures["technologies"].values()]
    figures["schemes"] = {"s1": toy_scheme()}
    rows.append(figures["schemes"]["s1"])
    for row in rows:
        row.update({key: next(names) for key in TEXT_KEYS if key in row})
