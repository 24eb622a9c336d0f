"""Bad files are refused with a code, a place and a remedy, and all of them at once."""

import json
import sqlite3
import subprocess
import sys
import zipfile

import geopandas as gpd
import openpyxl
import pytest
import shapely
from small_case import (
    EAST,
    MIDDLE,
    NORTH,
    SOUTH,
    WEST,
    Case,
    collection,
    county,
    feature,
    road,
    square,
)

from planner.errors import ExitCode, InputError

LINE = [[115.82, 28.65], [115.9, 28.65]]
POINT = {"type": "Point", "coordinates": [115.85, 28.65]}
STATIONS = "station_id,name,technology,n_units,lon,lat\n"


@pytest.fixture
def case(tmp_path):
    return Case(tmp_path)


def roads(**changes):
    return collection([road("a", LINE, **changes)])


def refused(case, code, *words):
    with pytest.raises(InputError) as caught:
        case.read()
    assert caught.value.exit_code == ExitCode.INPUT
    found = [problem for problem in caught.value.problems if problem.code == code]
    assert found, [problem.code for problem in caught.value.problems]
    text = str(found[0])
    for word in words:
        assert word in text, text
    assert found[0].remedy
    assert found[0].file
    return found[0]


TEXT_FILES = {
    "truncated": ('{"type": "FeatureCollection", "feat', "E-FMT-002", ("not valid JSON", "ends")),
    "list": ("[1, 2]", "E-FMT-005", ("not GeoJSON",)),
    "page": ("<!DOCTYPE html><html><body>404</body></html>", "E-FMT-003", ("web page",)),
    "vrt": (
        "<OGRVRTDataSource><SrcDataSource>secret.csv</SrcDataSource></OGRVRTDataSource>",
        "E-FMT-004",
        ("other files",),
    ),
    "vrt after comment": (
        '<?xml version="1.0"?><!-- hi --><OGRVRTDataSource/>',
        "E-FMT-004",
        ("other files",),
    ),
    "wfs": ("<OGRWFSDataSource><URL>http://127.0.0.1/</URL></OGRWFSDataSource>", "E-FMT-004", ()),
    "gdalg": (
        '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline read x.csv"}',
        "E-FMT-004",
        ("other files",),
    ),
    "esri": (
        '{"geometryType": "esriGeometryPolyline", "features": []}',
        "E-FMT-005",
        ("Esri JSON", "GeoPackage"),
    ),
    "topology": ('{"type": "Topology", "objects": {}}', "E-FMT-005", ("TopoJSON",)),
    "deep": ("[" * 100_000, "E-FMT-002", ()),
    "kml": ("<kml></kml>", "E-FMT-005", ("XML",)),
    "utf16": ("\ufeff{}".encode("utf-16-le"), "E-FMT-006", ("UTF-16",)),
    "gbk": ('{"type": "FeatureCollection",\n"name": "南昌"}'.encode("gbk"), "E-FMT-006", ("GBK",)),
    "empty": ("", "E-FIL-004", ("empty",)),
    "nothing in it": (collection([]), "E-LAY-003", ("no rows",)),
    "scalar feature": ({"type": "FeatureCollection", "features": [3]}, "E-FMT-005", ()),
}


@pytest.mark.parametrize("name", TEXT_FILES)
def test_disguised_and_broken_geojson_is_refused(case, name):
    content, code, words = TEXT_FILES[name]
    case.write("roads", "roads.geojson", content)
    refused(case, code, "roads.geojson", *words)


def test_missing_file(case):
    case.describe("roads", "gone.geojson")
    refused(case, "E-FIL-001", "gone.geojson", "no such file")


@pytest.mark.parametrize("name", ["../roads.geojson", "/etc/hosts", "a/../../x.gpkg", "C:\\x.shp"])
def test_paths_out_of_the_case_folder(case, name):
    case.describe("roads", name)
    refused(case, "E-FIL-002", "outside the case folder")


def test_link_out_of_the_case_folder(case, tmp_path_factory):
    target = tmp_path_factory.mktemp("elsewhere") / "roads.geojson"
    target.write_text(json.dumps(roads()))
    (case.folder / "roads.geojson").unlink()
    (case.folder / "roads.geojson").symlink_to(target)
    refused(case, "E-FIL-002", "link")


def test_unknown_format_and_folder(case):
    case.write("roads", "roads.vrt", "<OGRVRTDataSource/>")
    refused(case, "E-FMT-001", ".gpkg")
    (case.folder / "dir.gpkg").mkdir()
    case.describe("roads", "dir.gpkg")
    refused(case, "E-FIL-001", "not a file")


def test_unknown_and_missing_layers_are_named_together(case):
    case.layers["road"] = case.layers.pop("roads")
    refused(case, "E-LAY-001", "did you mean 'roads'?")
    refused(case, "E-LAY-002", "roads")


VALUES = {
    "class": (roads(road_class="highway"), "E-VAL-001", ("road_class", "must be one of motorway")),
    "negative speed": (roads(speed_kph=-5), "E-VAL-001", ("speed_kph must be >= 1", "road_id=a")),
    "no lanes": (roads(lanes=None), "E-VAL-001", ("lanes must not be empty",)),
    "no class": (roads(road_class=None), "E-VAL-001", ("road_class must not be empty",)),
    "points": (
        collection([feature(POINT, **road("a", LINE)["properties"])]),
        "E-GEO-001",
        ("LineString", "found Point"),
    ),
    "duplicate id": (
        collection([road("a", LINE), road("a", LINE, lanes=2)]),
        "E-ID-001",
        ("'a'", "row 1, 2"),
    ),
    "trimmed id": (
        collection([road("a", LINE), road(" Ａ", LINE)]),
        "E-ID-002",
        ("blanks", "full-width"),
    ),
    "infinite place": (
        """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},
        "geometry":{"type":"LineString","coordinates":[[1e999,1],[2,2]]}}]}""",
        "E-GEO-006",
        ("row 1", "finite"),
    ),
    "metres": (
        collection([road("a", [[352000.0, 3170000.0], [353000.0, 3170000.0]])]),
        "E-CRS-004",
        ("x=352000.0", "look like metres", "EPSG:4548"),
    ),
    "swapped": (
        collection([road("a", [[28.65, 115.82], [28.65, 115.9]])]),
        "E-CRS-006",
        ("swapped", "longitude first"),
    ),
    "elsewhere": (
        collection([road("a", [[9.5, 47.1], [9.6, 47.1]])]),
        "E-POS-001",
        ("no row of the layer lies in any county",),
    ),
    "unknown crs": (
        {**roads(), "crs": {"type": "name", "properties": {"name": "EPSG:999999"}}},
        "E-CRS-008",
        ("not known",),
    ),
}


@pytest.mark.parametrize("name", VALUES)
def test_wrong_values_are_refused(case, name):
    content, code, words = VALUES[name]
    case.write("roads", "roads.geojson", content)
    refused(case, code, 'layer "roads"', *words)


def test_missing_column_names_the_nearest_and_the_map(case):
    rows = roads()
    rows["features"][0]["properties"]["road_clas"] = rows["features"][0]["properties"].pop(
        "road_class"
    )
    case.write("roads", "roads.geojson", rows)
    refused(case, "E-COL-001", "road_class is missing", 'columns = {road_class = "road_clas"}')


def test_mapping_to_what_is_not_there(case):
    case.write("roads", "r.geojson", roads(), columns={"speed_kph": "v", "sped": "x"})
    problem = refused(case, "E-COL-002", "no column 'v'", "speed_kph")
    assert "its columns are: road_id" in problem.remedy


def test_stated_crs_must_not_contradict_the_file(case):
    case.write("roads", "r.geojson", roads(), crs="EPSG:4548")
    refused(case, "E-CRS-003", "EPSG:4326", "EPSG:4548")
    case.write("roads", "r.geojson", roads(), crs="EPSG:nonsense")
    refused(case, "E-CRS-008", "EPSG:nonsense")


def test_shifted_datum_goes_with_degrees(case):
    member = {"type": "name", "properties": {"name": "EPSG:4548"}}
    rows = collection([road("a", [[400000, 3170000], [401000, 3170000]])])
    case.write("roads", "r.geojson", {**rows, "crs": member}, datum="gcj02")
    refused(case, "E-CRS-005", "gcj02")


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"station_id,name\x00", "E-TAB-001", ("NUL", "line 1")),
        ("station_id,name,name,technology,n_units,lon,lat\n", "E-TAB-002", ("more than once",)),
        ("station_id;name;lon;lat\n1;a;115,85;28,65\n", "E-TAB-003", ("not separated by commas",)),
        (STATIONS + 's1,a,dc60,"2,5",115.85,28.65\n', "E-TAB-004", ("decimal comma", "row 2")),
        (STATIONS + "s1,a,dc60,2\n", "E-TAB-005", ("line 2", "header (6)")),
        (STATIONS + "s1,a,nuclear,2,115.85,28.65\n", "E-REF-001", ("'nuclear'", "dc60")),
        (STATIONS + "s1,a,dc60,0,115.85,28.65\n", "E-VAL-001", ("n_units must be >= 1",)),
        ("station_id,name,technology,n_units,x,y\n1,a,dc60,1,2,3\n", "E-COL-001", ("lon and lat",)),
        ("\xff\xfe".encode("latin-1") + "a".encode("utf-16-le"), "E-FMT-006", ("UTF-16",)),
        (b"station_id,\xff\xff\xff\n", "E-FMT-006", ("neither UTF-8 nor GB18030",)),
        ('station_id\n"a', "E-TAB-005", ("not a valid CSV",)),
    ],
)
def test_bad_tables_are_refused(case, content, code, words):
    case.write("existing_stations", "stations.csv", content)
    refused(case, code, "stations.csv", *words)


def test_rows_beyond_the_limit_refuse_the_layer(case):
    lines = "".join(f"s{n},a,dc60,x{n},115.85,28.65\n" for n in range(2))
    case.write("existing_stations", "stations.csv", STATIONS + lines)
    refused(case, "E-ROW-001", "2 of 2 rows", "n_units is not a number", "row 2, 3")


def test_overlap_and_gap_of_counties(case):
    west = square(WEST, SOUTH, MIDDLE + 0.02, NORTH)
    east = square(MIDDLE, SOUTH, EAST, NORTH)
    case.write(
        "counties", "c.geojson", collection([county("360101", west), county("360102", east)])
    )
    refused(case, "E-TIL-001", "360101 and 360102 overlap", "km2")
    holed = square(MIDDLE, SOUTH, EAST, NORTH)
    hole = [[115.94, 28.64], [115.94, 28.66], [115.96, 28.66], [115.96, 28.64], [115.94, 28.64]]
    holed["coordinates"].append(hole)
    rows = [county("360101", square(WEST, SOUTH, MIDDLE, NORTH)), county("360102", holed)]
    case.write("counties", "c.geojson", collection(rows))
    refused(case, "E-TIL-002", "gap near 115.95000, 28.65000")


def test_a_county_that_cannot_be_used_refuses_the_case(case):
    rows = [
        county("360101", square(WEST, SOUTH, MIDDLE, NORTH)),
        county("360102", square(MIDDLE, SOUTH, EAST, NORTH), population="1e400"),
    ]
    case.write("counties", "c.geojson", collection(rows))
    refused(case, "E-ROW-001", "population is not a finite number", "row 2")


def test_no_residents_at_all(case):
    rows = [county("360101", square(WEST, SOUTH, EAST, NORTH), population=0)]
    case.write("counties", "c.geojson", collection(rows))
    refused(case, "E-VAL-006", "no demand")


def test_township_of_an_unknown_county_and_jurisdiction(case):
    header = "township_id,name,county_id,kind,jurisdiction_id,lon,lat\n"
    case.write("townships", "t.csv", header + "t1,镇,999999,town,nobody,115.85,28.65\n")
    with pytest.raises(InputError) as caught:
        case.read()
    assert sorted(p.column for p in caught.value.problems) == ["county_id", "jurisdiction_id"]
    assert {p.code for p in caught.value.problems} == {"E-REF-001"}


def test_energies_of_a_site(case):
    header = "site_id,name,energies,max_power_kw,lon,lat\n"
    case.write("candidate_sites", "c.csv", header + 's1,a,"charging,petrol",,115.85,28.65\n')
    refused(case, "E-VAL-001", "energies must be of charging, swap, truck_swap, hydrogen", "petrol")


def test_all_problems_of_all_layers_come_together(case):
    case.write("roads", "roads.geojson", roads(speed_kph=-5, road_class="highway"))
    case.describe("zones", "gone.csv")
    case.write("existing_stations", "s.csv", STATIONS + "s1,a,nuclear,1,115.85,28.65\n")
    with pytest.raises(InputError) as caught:
        case.read()
    kinds = sorted((p.layer, p.code) for p in caught.value.problems)
    assert kinds == [
        ("existing_stations", "E-REF-001"),
        ("roads", "E-VAL-001"),
        ("roads", "E-VAL-001"),
        ("zones", "E-FIL-001"),
    ]


def geopackage(case, *names):
    frame = gpd.GeoDataFrame(
        {"road_id": ["a"], "name": ["路"], "ref": [None], "road_class": ["primary"],
         "oneway": [False], "speed_kph": [60.0], "lanes": [4]},
        geometry=[shapely.LineString(LINE)], crs=4326,
    )  # fmt: skip
    path = case.folder / "roads.gpkg"
    for name in names:
        frame.to_file(path, layer=name, driver="GPKG")
    case.describe("roads", "roads.gpkg")
    return path


def test_geopackage_with_two_layers_must_name_one(case):
    geopackage(case, "streets", "paths")
    refused(case, "E-FMT-008", "paths, streets", "layer =")
    case.layers["roads"]["layer"] = "rails"
    refused(case, "E-FMT-009", "rails", "paths, streets")
    case.layers["roads"]["layer"] = "streets"
    assert len(case.read().roads) == 1


def test_damaged_geopackage(case):
    path = geopackage(case, "streets")
    content = bytearray(path.read_bytes())
    content[8192:20480] = b"\x5a" * 12288
    path.write_bytes(bytes(content))
    refused(case, "E-FMT-007", "damaged")
    path.write_bytes(b"SQLite format 3\x00" + b"\x00" * 2000)
    refused(case, "E-FMT-007", "damaged")


def test_other_things_named_geopackage(case):
    case.write("roads", "roads.gpkg", "<OGRVRTDataSource/>")
    refused(case, "E-FMT-004", "other files")
    case.write("roads", "roads.gpkg", "hello")
    refused(case, "E-FMT-007", "no GeoPackage")
    connection = sqlite3.connect(case.folder / "plain.gpkg")
    connection.execute("CREATE TABLE roads (a)")
    connection.close()
    case.describe("roads", "plain.gpkg")
    refused(case, "E-FMT-007", "gpkg_contents")


def test_geopackage_in_use(case):
    path = geopackage(case, "streets")
    path.with_name("roads.gpkg-wal").write_bytes(b"x")
    refused(case, "E-FIL-005", "in use")


def shapefile(case, crs="EPSG:4326", **keys):
    frame = gpd.GeoDataFrame(
        {"road_id": ["a"], "name": ["南昌路"], "ref": [None], "road_class": ["primary"],
         "oneway": ["false"], "speed_kph": [60.0], "lanes": [4]},
        geometry=[shapely.LineString(LINE)], crs=crs,
    )  # fmt: skip
    frame.to_file(case.folder / "roads.shp", encoding="utf-8")
    case.describe("roads", "roads.shp", **keys)
    return case.folder / "roads.shp"


def test_shapefile_without_prj_asks_for_the_crs(case):
    shapefile(case)
    (case.folder / "roads.prj").unlink()
    refused(case, "E-CRS-002", "without .prj", 'crs = "EPSG:4326"')
    case.layers["roads"]["crs"] = "EPSG:4326"
    assert len(case.read().roads) == 1


def test_shapefile_without_companions(case):
    path = shapefile(case)
    path.with_suffix(".dbf").unlink()
    path.with_suffix(".shx").unlink()
    refused(case, "E-FIL-001", ".shx and .dbf")


def test_short_dbf(case):
    path = shapefile(case).with_suffix(".dbf")
    path.write_bytes(path.read_bytes()[:20])
    refused(case, "E-FMT-007", "cut short")


def test_cpg_says_another_encoding(case):
    path = shapefile(case).with_suffix(".dbf")
    path.write_bytes(
        path.read_bytes().replace("南昌路   ".encode(), "南昌路".encode("gbk") + b" " * 6)
    )
    refused(case, "E-FMT-006", "UTF-8", "GBK")


def test_zip_of_two_shapefiles_and_oversized_zip(case):
    with zipfile.ZipFile(case.folder / "two.zip", "w") as archive:
        archive.writestr("a.shp", "")
        archive.writestr("b.shp", "")
    case.describe("roads", "two.zip")
    refused(case, "E-FMT-008", "a, b")
    with zipfile.ZipFile(case.folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\x00" * 60_000_000)
    case.describe("roads", "bomb.zip")
    refused(case, "E-FIL-003", "would unpack to 60 MB")
    case.write("roads", "no.zip", "PK nothing")
    refused(case, "E-FMT-010", "not a sound zip")


def test_workbook_with_two_sheets_or_none(case):
    book = openpyxl.Workbook()
    book.create_sheet("second")
    book.save(case.folder / "s.xlsx")
    case.describe("existing_stations", "s.xlsx")
    refused(case, "E-FMT-008", "Sheet, second")
    case.layers["existing_stations"]["layer"] = "third"
    refused(case, "E-FMT-009", "third")
    case.write("existing_stations", "s.xlsx", "not a workbook")
    refused(case, "E-FMT-010", "zip")


def test_fgb_that_is_none(case):
    case.write("roads", "roads.fgb", "fgb no")
    refused(case, "E-FMT-007", "no FlatGeobuf")


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "fgb", "csv", "json"])
def test_a_virtual_source_is_refused_under_every_name(case, suffix):
    (case.folder / "secret.csv").write_text("id,lon,lat\n1,115.85,28.65\n")
    body = "<OGRVRTDataSource><SrcDataSource>secret.csv</SrcDataSource></OGRVRTDataSource>"
    case.write("roads", f"roads.{suffix}", body)
    refused(case, "E-FMT-004", "other files or servers")


def test_drivers_that_follow_other_sources_are_not_even_loaded():
    code = "import planner.inputs, pyogrio; print(sorted(pyogrio.list_drivers()))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert "'GPKG'" in done.stdout
    for driver in ("'OGR_VRT'", "'WFS'", "'HTTP'", "'GPSBabel'", "'ESRIJSON'"):
        assert driver not in done.stdout
    assert done.stderr == ""
