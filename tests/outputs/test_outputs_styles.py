"""plan.gpkg opened in a GIS program: styles, names of fields, metadata, maps of the gaps."""

import json
import math
import os
import re
import sqlite3
import subprocess
import xml.etree.ElementTree as ET
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import pyogrio
import pytest
from toy_written_plan import toy_plan

from planner.layers import ENERGIES
from planner.outputs.geopackage import WRITTEN_LAYERS, write_geopackage
from planner.outputs.gis_layers import COUNTY_GAPS_MAP, gap_column, gis_frames
from planner.outputs.map import background, exclusions, gaps, ground, roads, roadside, stations
from planner.outputs.styles.filling import Entry, Fillings, fill
from planner.outputs.styles.table import NAMES, style_table, technology_entries

QGIS_PYTHON = Path("/usr/bin/python3")
RAW_LAYERS = {"zones"}
"""Layers that are shown by another one: points and areas cannot share a style."""


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    plan = toy_plan()
    file = tmp_path_factory.mktemp("styled") / "plan.gpkg"
    write_geopackage(plan.layers, plan.figures, file)
    return file


def rows(file, query):
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


def drawn(name):
    return files("planner.outputs.styles").joinpath(f"{name}.qml").read_text("utf-8")


def spoken(colour):
    """Return a colour as a drawn style has it."""
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))


def test_every_layer_that_people_look_at_has_one_style_of_its_own(package):
    found = rows(package, "SELECT f_table_name, sum(useAsDefault) FROM layer_styles GROUP BY 1")
    assert dict(found) == dict.fromkeys({layer.name for layer in WRITTEN_LAYERS} - RAW_LAYERS, 1)
    places = dict(rows(package, "SELECT f_table_name, f_geometry_column FROM layer_styles"))
    tables = {layer.name for layer in WRITTEN_LAYERS if layer.geometry == "none"}
    assert {name for name, column in places.items() if column == ""} == tables
    assert set(places.values()) == {"", "geom"}
    info = pyogrio.read_info(package, layer="layer_styles")
    assert info["fid_column"] == "id"
    assert rows(package, "SELECT data_type FROM gpkg_contents WHERE table_name='layer_styles'") == [
        ("attributes",)
    ]


@pytest.mark.parametrize(
    ("style", "colours"),
    [
        ("segments", [colour for colour, _ in background.ROAD_STYLES.values()]),
        ("test_roads", [roads.OPENED_COLOUR]),
        ("test_roads_grade", roads.GRADE_COLOURS),
        ("test_roads_equipped", roads.FITTED_COLOURS.values()),
        ("closed_roads", [roads.CLOSED_COLOUR]),
        ("rejected_segments", exclusions.COLOURS.values()),
        ("township_access", [style["fillColor"] for style in ground.STATUS_STYLES.values()]),
        ("zones_map", ground.ZONE_COLOURS.values()),
        ("road_features", roadside.FEATURE_COLOURS.values()),
        ("rsus", roadside.SUPPORTS.values()),
        ("candidate_sites", [stations.UNUSED["fillColor"], stations.REJECTED["fillColor"]]),
        ("stations", [palette[0] for palette in stations.COLOURS.values()]),
        ("county_gaps_map", [*gaps.COLOURS, gaps.NO_DEMAND]),
        ("township_gaps_map", [*gaps.COLOURS, gaps.NO_DEMAND]),
    ],
)
def test_colours_are_those_of_the_map_page(style, colours):
    text = drawn(style)
    assert [colour for colour in colours if f'"{spoken(colour)},' not in text] == []


def test_technologies_and_years_have_the_colours_of_the_map_page(package):
    plan = toy_plan()
    page = {
        layer["id"].removeprefix("planned-"): layer["style"]["fillColor"]
        for layer in stations.station_layers(plan.layers, plan.figures)
        if layer["id"].startswith("planned-")
    }
    entries = technology_entries(plan.layers, plan.figures)
    assert {row.key: row.colour for found in entries.values() for row in found} == page
    query = "SELECT styleQML FROM layer_styles WHERE useAsDefault AND f_table_name='{}'"
    shown = ET.fromstring(rows(package, query.format("stations"))[0][0])  # noqa: S314
    filters = [rule.get("filter") for rule in shown.iter("rule")]
    assert [key for key in page if f"\"technology\" = '{key}'" not in " ".join(filters)] == []
    qml = rows(package, query.format("test_roads"))[0][0]
    years = [stage["year"] for stage in plan.figures["test_roads"]["stages"]]
    for year, colour in zip(years, roads.STAGE_COLOURS, strict=False):
        assert f"= {year}" in qml
        assert f'"{spoken(colour)},255"' in qml
    assert "%%" not in qml


def test_a_hostile_technology_is_text_in_filter_and_legend():
    key, title = "x' OR 1=1 --", '<b>&"[% layer_name %]\u202e'
    entries = {"charging": [Entry(key, title, "#102030")]}
    made = fill(drawn("stations"), "stations", (), Fillings(entries))
    rules = list(ET.fromstring(made).iter("rule"))  # noqa: S314
    planned = next(rule for rule in rules if "planned" in rule.get("filter"))
    assert planned.get("filter").endswith("\"technology\" = 'x'' OR 1=1 --'")
    assert planned.get("label") == '<b>&"[ % layer_name %]⟦U+202E⟧'
    assert 'value="16,32,48,255"' in made
    assert "1,2,3,255" not in made


def test_made_up_layers_say_so_in_style_and_legend(package):
    names = dict(
        rows(package, "SELECT f_table_name, styleName FROM layer_styles WHERE useAsDefault")
    )
    assert "示意" in names["test_roads"]
    assert "示意" in names["highway_access"]
    assert "示意" not in names["counties"]
    qml = rows(package, "SELECT styleQML FROM layer_styles WHERE f_table_name='segments'")[0][0]
    labels = re.findall(r'label="([^"]*)"', qml)
    assert labels
    assert [label for label in labels if "示意" not in label] == []


def test_only_existing_stations_are_noted_when_only_they_are_made_up():
    plan = toy_plan(synthetic=("existing_stations",))
    table = style_table(plan.layers, plan.figures).set_index("f_table_name")
    rules = list(ET.fromstring(table.loc["stations", "styleQML"]).iter("rule"))  # noqa: S314
    noted = {"示意" in rule.get("label"): rule.get("filter") for rule in rules}
    assert "'existing'" in noted[True]
    assert "'planned'" in noted[False]
    assert "示意" not in table.loc["segments", "styleName"]


def test_drawn_styles_name_no_machine_and_no_author():
    for name in (*NAMES, "county_gaps_map", "township_gaps_map"):
        text = drawn(name)
        assert re.search(r"/home/|/usr/|/tmp/|[A-Z]:\\\\|file:|https?://(?!mrcc)", text) is None
        assert text.count("<prop ") == 0


def test_fields_have_names_with_units_and_coded_values_have_words(package):
    found = rows(
        package,
        "SELECT name, title, description, constraint_name FROM gpkg_data_columns "
        "WHERE table_name='test_roads' AND column_name IN ('length_m', 'road_class') "
        "ORDER BY column_name DESC",
    )
    assert found == [
        ("道路等级", "road class", "road class", "test_roads_road_class"),
        ("长度 (m)", "length m", "geodesic length (WGS84) [m]", None),
    ]
    words = dict(
        rows(
            package,
            "SELECT value, description FROM gpkg_data_column_constraints "
            "WHERE constraint_name='stations_status'",
        )
    )
    assert words == {"existing": "现有 existing", "planned": "规划 planned"}
    count = rows(package, "SELECT count(*) FROM gpkg_data_columns")[0][0]
    assert count == sum(len(layer.columns) for layer in WRITTEN_LAYERS)


def test_layers_have_metadata_with_source_licence_and_trust(package):
    text = rows(
        package,
        "SELECT m.metadata FROM gpkg_metadata m JOIN gpkg_metadata_reference r "
        "ON m.id = r.md_file_id WHERE r.table_name='segments'",
    )[0][0]
    root = ET.fromstring(text)  # noqa: S314
    assert root.findtext("title") == "路段 segments"
    assert "示意数据，非实测" in root.findtext("abstract")
    assert "EPSG:4326" in root.findtext("abstract")
    assert "roads: " in "".join(line.text for line in root.iter("history"))
    whole = rows(package, "SELECT metadata FROM gpkg_metadata WHERE mime_type LIKE '%json'")[0][0]
    assert json.loads(whole)["synthetic_layers"] == ["roads"]


def test_the_geopackage_is_sound_and_of_a_version_that_old_programs_read(package):
    assert rows(package, "PRAGMA integrity_check") == [("ok",)]
    assert rows(package, "PRAGMA foreign_key_check") == []
    assert rows(package, "PRAGMA user_version") == [(10300,)]
    extensions = {row[0] for row in rows(package, "SELECT extension_name FROM gpkg_extensions")}
    assert {"gpkg_schema", "gpkg_metadata", "gpkg_rtree_index"} <= extensions


def test_the_gap_map_says_what_the_gap_table_says():
    plan = toy_plan()
    made = gis_frames(plan.layers, plan.figures)["county_gaps_map"].set_index("county_id")
    gap = plan.layers["county_gaps"]
    gap = gap[gap["phase"].isin(["before", "after"])]
    assert len(gap) > 0
    for row in gap.itertuples():
        for measure in ("demand_per_day", "coverage_gap_per_day", "served_share"):
            shown = made.loc[row.county_id, gap_column(row.energy, row.phase, measure)]
            said = getattr(row, measure)
            assert shown == said or (math.isnan(shown) and math.isnan(said))
    assert list(made.columns[:-1]) == COUNTY_GAPS_MAP.column_names()[1:]


def test_a_zone_is_drawn_with_the_distance_that_belongs_to_it():
    plan = toy_plan()
    areas = gis_frames(plan.layers, plan.figures)["zones_map"]
    zones = plan.layers["zones"]
    points = zones.geometry.geom_type == "Point"
    assert points.any()
    crs = plan.figures["metric_crs"]
    found = areas.to_crs(crs).geometry.area[points.to_numpy()]
    meant = [math.pi * max(radius, 1.0) ** 2 for radius in zones["radius_m"][points]]
    assert found.tolist() == pytest.approx(meant, rel=0.02)
    assert set(areas.geometry.geom_type) == {"Polygon"}


def test_qgis_applies_the_styles_by_itself_and_draws(package, tmp_path):
    shown = ["stations", "test_roads", "county_gaps_map", "segments", "station_years"]
    told = _in_qgis(package, tmp_path / "map.png", shown)
    layers = told["layers"]
    assert {name: row["inner"] for name, row in layers.items() if name != "station_years"} == (
        dict.fromkeys(shown[:-1], "RuleRenderer")
    )
    assert layers["stations"]["renderer"] == "pointDisplacement"
    assert all(row["crs"] == "EPSG:4326" for name, row in layers.items() if name != shown[-1])
    assert layers["test_roads"]["aliases"]["length_m"] == "长度 (m)"
    assert layers["station_years"]["aliases"]["n_units"] == "设备数 (units)"
    assert layers["stations"]["widgets"]["status"] == "ValueMap"
    assert layers["segments"]["title"] == "路段 segments"
    assert "示意数据，非实测" in layers["segments"]["abstract"]
    assert len(layers["county_gaps_map"]["styles"]) >= 2 * len(ENERGIES)
    assert len(told["colours"]) > 20
    assert (tmp_path / "map.png").stat().st_size > 5000


def _in_qgis(package, picture, shown):
    ready = (
        QGIS_PYTHON.exists()
        and not subprocess.run(
            [QGIS_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False
        ).returncode
    )
    if not ready:
        if os.environ.get("PLANNER_REQUIRE_QGIS") == "1":
            pytest.fail("QGIS is absent, but PLANNER_REQUIRE_QGIS=1")
        pytest.skip("QGIS (python3-qgis) is absent: the styles cannot be tried")
    script = Path(__file__).with_name("render_in_qgis.py")
    source = f"{package}|layername={{name}}"
    done = subprocess.run(
        [QGIS_PYTHON, script, source, picture, "EPSG:4548", *shown],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": ""},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
