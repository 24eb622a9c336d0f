"""A toy case whose every text field holds a name that runs, hides or breaks something elsewhere."""

import csv
import io
import itertools
import json
import tomllib

import tomli_w
from toy_case_files import collection, feature, node, write_toy_case

PWN = "window.__pwned=1"
NAMES = [
    f"<script>{PWN}</script>",
    f"</script><script>{PWN}</script>",
    f"<img src=x onerror={PWN}>",
    f"'\"><svg onload={PWN}>",
    f"${{{PWN}}}",
    f"`+({PWN})+`",
    f"\\');{PWN}//",
    "&lt;b&gt;&amp;&#60;i&#62;",
    "\"double\" and 'single' quotes",
    "{{7*7}}{% raw %}{#",
    "<!-- comment --><!--<script>",
    "]]><![CDATA[<x/>]]>",
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "e">]>&e;',
    f"javascript:{PWN}",
    f"<a href='javascript:{PWN}'>链接</a>",
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    '=HYPERLINK("http://example.invalid/","x")',
    "=cmd|'/c calc'!A1",
    "＝1＋1",
    "'=already quoted",
    'comma, semicolon; tab\tquote" end',
    "first line\nsecond line",
    "第一行\r\n第二行",
    "bidi \u202eabc\u202c \u2066def\u2069",
    "zero\u200bwidth\ufeff and soft\u00adhyphen",
    "line\u2028and\u2029paragraph",
    "bell\u0007 escape\u001b delete\u007f",
    "充电站🔋👨‍👩‍👧 🇨🇳",
    "e\u0301 Z͑ͫ̓a̴l̷g̸o 各\u0300",
    "محطة شحن السيارات",
    "../../../../etc/passwd",
    "C:\\temp\\new\\\\share",
    "Robert'); DROP TABLE stations;--",
    "$math$ \\frac{1}{2} x_1^2 %d %s %(name)s {0} {name}",
    "100 % # ~ & _ ^ {} \\",
    "NULL",
    "nan",
    "𠮷野家 𝒳 ﷽",
    "长" * 5000,
]
"""Names of the input; where a layer has fewer rows, other layers carry the rest."""

IDS = [
    "<b>id</b>", "${id}", "`id`", "=1+2", "../id", "id' OR '1'='1", "id%s", "编号🔋", "\\id\\",
    '"id"', "{{id}}", "مرحبا",
]  # fmt: skip
"""Ids: short, for a Shapefile holds no long one, and without characters that XML forbids."""

TOML_IN_CASE = {
    "technologies": {
        "dc60": {"zh": NAMES[0], "en": NAMES[4]},
        "dc120": {"zh": NAMES[9], "en": NAMES[15]},
    },
}


def rows_of(text):
    """Return the rows of a CSV text as mappings."""
    return list(csv.DictReader(io.StringIO(text)))


def csv_of(rows):
    """Return rows as CSV text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


class Givers:
    """Hands out names, all of them in turn to each kind of field, and remembers who has which."""

    def __init__(self):
        self.given = {}
        self._next = itertools.cycle(NAMES)
        self._ids = (f"{text} {number}" for number in itertools.count() for text in IDS)

    def name(self, layer, column):
        """Return the next name for a cell of a column."""
        text = next(self._next)
        self.given.setdefault((layer, column), []).append(text)
        return text

    def id(self, layer, column):
        """Return an id that no other row has."""
        text = next(self._ids)
        self.given.setdefault((layer, column), []).append(text)
        return text


def write_hostile_case(folder):
    """Write the case and return its folder and who was given which names.

    Returns
    -------
    tuple
        Path of the case, and the texts by layer and column.
    """
    case = write_toy_case(folder)
    give = Givers()
    _spoil_areas(case, give)
    _spoil_roads(case, give)
    _add_points(case, give)
    _spoil_scenario(case, give)
    return case, give.given


def _spoil_areas(case, give):
    for layer, texts in (
        ("counties", ("name", "name_en", "population_source")),
        ("zones", ("name", "name_en", "source")),
        ("opened_roads", ("name", "source")),
        ("trips", ("name", "source")),
    ):
        path = case / f"{layer}.geojson"
        content = json.loads(path.read_text(encoding="utf-8"))
        for row in content["features"]:
            for column in texts:
                row["properties"][column] = give.name(layer, column)
        if layer == "zones":
            content["features"] += [_zone(give, number) for number in range(12)]
        _put(path, content)
    for layer, texts in (("townships", ("name", "name_en", "source")),
                         ("jurisdictions", ("name", "name_en", "source"))):  # fmt: skip
        path = case / f"{layer}.csv"
        rows = rows_of(path.read_text(encoding="utf-8"))
        for row in rows:
            row |= {column: give.name(layer, column) for column in texts}
        path.write_text(csv_of(rows), encoding="utf-8", newline="")


def _zone(give, number):
    kind = ("cluster", "school", "building", "logistics", "bus", "network_5g")[number % 6]
    return feature(
        "Point", node(number % 12, 5 + number % 2), zone_id=give.id("zones", "zone_id"),
        name=give.name("zones", "name"), name_en=give.name("zones", "name_en"), kind=kind,
        applies_to="test_roads", radius_m=20.0, mandated=False,
        source=give.name("zones", "source"), trust="illustrative",
    )  # fmt: skip


def _spoil_roads(case, give):
    path = case / "roads.geojson"
    content = json.loads(path.read_text(encoding="utf-8"))
    for row in content["features"]:
        row["properties"] |= {
            "name": give.name("roads", "name"),
            "ref": give.name("roads", "ref"),
            "road_id": give.id("roads", "road_id"),
        }
    _put(path, content)


def _add_points(case, give):
    stations = [
        {"station_id": give.id("existing_stations", "station_id"),
         "name": give.name("existing_stations", "name"), "technology": "dc60", "n_units": 2,
         "lon": node(column, row)[0], "lat": node(column, row)[1],
         "source": give.name("existing_stations", "source"), "trust": "illustrative"}
        for column, row in itertools.product((1, 5, 9), (1, 3, 4, 6))
    ]  # fmt: skip
    sites = [
        {"site_id": give.id("candidate_sites", "site_id"),
         "name": give.name("candidate_sites", "name"), "energies": "charging",
         "max_power_kw": "", "lon": node(column, row)[0], "lat": node(column, row)[1],
         "source": give.name("candidate_sites", "source"), "trust": "illustrative"}
        for column, row in itertools.product((0, 3, 7, 11), (0, 2, 5))
    ]  # fmt: skip
    supply = [
        {"supply_node_id": give.id("supply_nodes", "supply_node_id"),
         "name": give.name("supply_nodes", "name"), "headroom_kw": 3000, "lon": node(*at)[0],
         "lat": node(*at)[1], "source": give.name("supply_nodes", "source"),
         "trust": "illustrative"}
        for at in ((2, 4), (10, 4), (6, 1))
    ]  # fmt: skip
    features = [
        {"feature_id": give.id("road_features", "feature_id"), "kind": "pole",
         "lon": node(*at)[0], "lat": node(*at)[1],
         "source": give.name("road_features", "source"), "trust": "illustrative"}
        for at in ((3, 3), (4, 3), (5, 3))
    ]  # fmt: skip
    reviews = [
        {"review_id": give.id("reviews", "review_id"), "site_id": row["site_id"], "mark": mark,
         "energy": "charging", "reviewer": give.name("reviews", "reviewer"),
         "comment": give.name("reviews", "comment"), "source": give.name("reviews", "source"),
         "trust": "illustrative"}
        for row, mark in zip(sites, ("lock", "ban", "ban", "ban"), strict=False)
    ]  # fmt: skip
    stock = [
        {"county_id": county, "fleet": "private", "vehicles": 20_000,
         "source": give.name("fleet_stock", "source"), "trust": "illustrative"}
        for county in ("990101", "990102")
    ]  # fmt: skip
    for name, rows in (("existing_stations", stations), ("candidate_sites", sites),
                       ("supply_nodes", supply), ("road_features", features),
                       ("reviews", reviews), ("fleet_stock", stock)):  # fmt: skip
        (case / f"{name}.csv").write_text(csv_of(rows), encoding="utf-8", newline="")


def _spoil_scenario(case, give):
    path = case / "scenario.toml"
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    content["case"] |= {
        "title_zh": give.name("case", "title_zh"),
        "title_en": give.name("case", "title_en"),
    }
    files = {path.stem: path.name for path in case.iterdir() if path.suffix in (".csv", ".geojson")}
    origin = content["layers"]["counties"]
    for layer, file in files.items():
        texts = {key: give.name(f"layers.{layer}", key) for key in ("source", "licence")}
        content["layers"][layer] = origin | {"file": file} | texts
    content["siting"] = {"budget_cny_2027": 3_000_000, "hydrogen_budget_cny_2027": 0}
    off = ("ac7", "dc180", "ultra480", "solar_storage", "swap", "truck_swap", "hydrogen500",
           "hydrogen1000")  # fmt: skip
    content["technologies"] = {
        "dc60": {"max_units": 6, "unit_step": 2},
        "dc120": {"max_units": 8, "unit_step": 4},
    } | {name: {"enabled": False} for name in off}
    for name, texts in TOML_IN_CASE["technologies"].items():
        content["technologies"][name] |= texts
    path.write_text(tomli_w.dumps(content), encoding="utf-8")


def _put(path, content):
    text = collection(content["features"])
    path.write_text(text, encoding="utf-8")
