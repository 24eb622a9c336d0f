"""Files that are accepted, mended, or used without some of their rows: what is kept and told."""

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from small_case import EAST, MIDDLE, NORTH, SOUTH, WEST, Case, collection, county, feature, road
from small_case import square as box

from planner.crs.datum import wgs84_to_gcj02
from planner.inputs.findings import Findings
from planner.inputs.shapes import area_m2
from planner.inputs.tiling import check_tiling
from planner.layers import CASE_LAYERS, validate

LINE = [[115.82, 28.65], [115.9, 28.65]]
STATIONS = "station_id,name,technology,n_units,lon,lat\n"
GOOD = "s{n},站{n},dc60,2,115.85,28.65\n"


@pytest.fixture
def case(tmp_path):
    return Case(tmp_path)


def provenance(inputs, layer):
    return next(item for item in inputs.provenance if item.layer == layer)


def codes(inputs):
    return [warning.code for warning in inputs.warnings]


def test_sound_case_is_read_whole(case):
    inputs = case.read()
    assert inputs.counties["county_id"].tolist() == ["360101", "360102"]
    assert inputs.roads["road_id"].tolist() == ["a", "b"]
    assert inputs.roads["trust"].tolist() == ["U", "U"]
    assert inputs.roads["bridge"].tolist() == [False, False]
    assert inputs.roads.index.tolist() == [0, 1]
    assert inputs.metric_crs.to_epsg() == 4548
    assert inputs.warnings == ()
    assert inputs.rejected_rows.empty
    roads = provenance(inputs, "roads")
    assert (roads.rows_in, roads.rows_used, roads.rows_rejected) == (2, 2, 0)
    assert roads.crs == "EPSG:4326"
    assert len(roads.sha256) == 64


def test_absent_layers_are_empty_and_satisfy_their_schema(case):
    inputs = case.read()
    for layer in CASE_LAYERS:
        frame = getattr(inputs, layer.name.replace("candidate_sites", "candidate_points"))
        assert set(layer.column_names()) <= set(frame.columns)
        validate(frame, layer)
    assert inputs.townships.empty


def test_empty_optional_layer(case):
    case.write("existing_stations", "s.geojson", collection([]))
    case.write("townships", "t.csv", "township_id,name,county_id,kind,jurisdiction_id,lon,lat\n")
    inputs = case.read()
    assert inputs.existing_stations.empty
    assert inputs.townships.empty


def test_bow_tie_county_is_mended_with_its_area(case):
    tie = {
        "type": "Polygon",
        "coordinates": [
            [[WEST, SOUTH], [MIDDLE, NORTH], [MIDDLE, SOUTH], [WEST, NORTH], [WEST, SOUTH]]
        ],
    }
    rows = [county("360101", tie), county("360102", box(MIDDLE, SOUTH, EAST, NORTH))]
    case.write("counties", "c.geojson", collection(rows))
    inputs = case.read()
    note = provenance(inputs, "counties").notes[0]
    assert "Self-intersection" in note
    assert "0.000000 km2 before and 54.17667" in note
    assert provenance(inputs, "counties").rows_repaired == 1
    half = area_m2(shapely.box(WEST, SOUTH, MIDDLE, NORTH)) / 2
    assert area_m2(inputs.counties.geometry[0]) == pytest.approx(half, rel=1e-3)


def test_overlapping_parts_count_once(case):
    parts = [
        box(WEST, SOUTH, MIDDLE, NORTH)["coordinates"],
        box(WEST, SOUTH, 115.85, NORTH)["coordinates"],
    ]
    shape = {"type": "MultiPolygon", "coordinates": parts}
    rows = [county("360101", shape), county("360102", box(MIDDLE, SOUTH, EAST, NORTH))]
    case.write("counties", "c.geojson", collection(rows))
    west = case.read().counties.geometry[0]
    assert area_m2(west) == pytest.approx(
        area_m2(shapely.box(WEST, SOUTH, MIDDLE, NORTH)), rel=1e-6
    )


BAD_ROADS = {
    "empty": (feature({"type": "LineString", "coordinates": []}, **road("x", LINE)["properties"]),
              "E-GEO-002", "empty"),
    "null": (feature(None, **road("x", LINE)["properties"]), "E-GEO-002", "empty"),
    "zero length": (road("x", [LINE[0], LINE[0]]), "E-GEO-004", "no length"),
    "out of range": (road("x", [[191.0, 28.65], LINE[1]]), "E-GEO-005", "outside"),
    "latitude": (road("x", [[115.8, 131.0], LINE[1]]), "E-GEO-005", "outside"),
    "one vertex": (road("x", [LINE[0]]), "E-GEO-003", "do not make a LineString"),
    "words": (road("x", [["a", "b"], LINE[1]]), "E-GEO-003", "do not make"),
    "type": (feature({"type": "Circle"}, **road("x", LINE)["properties"]), "E-GEO-003", "Circle"),
    "infinite": (road("x", LINE, speed_kph="1e400"), "E-VAL-003", "speed_kph is not a finite"),
    "nan": (road("x", LINE, speed_kph=float("nan")), "E-VAL-003", "speed_kph is not a finite"),
    "no number": (road("x", LINE, speed_kph="fast"), "E-VAL-002", "speed_kph is not a number"),
    "half a lane": (road("x", LINE, lanes=2.5), "E-VAL-005", "lanes is not a whole number"),
    "perhaps": (road("x", LINE, oneway="perhaps"), "E-VAL-004", "oneway is not true or false"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_ROADS)
def test_one_bad_row_is_left_out_and_listed(case, name):
    row, code, words = BAD_ROADS[name]
    case.write("roads", "roads.geojson", collection([road("a", LINE), row, road("b", LINE)]))
    inputs = case.read()
    assert inputs.roads["road_id"].tolist() == ["a", "b"]
    assert inputs.rejected_rows[["layer", "file", "row", "code"]].to_numpy().tolist() == [
        ["roads", "roads.geojson", "2", code]
    ]
    assert words in inputs.rejected_rows["reason"][0]
    roads = provenance(inputs, "roads")
    assert (roads.rows_in, roads.rows_used, roads.rows_rejected) == (3, 2, 1)


def test_gcj02_is_converted(case):
    shifted = wgs84_to_gcj02(np.array(LINE)).tolist()
    assert np.abs(np.array(shifted) - LINE).max() > 0.002
    case.write("roads", "r.geojson", collection([road("a", shifted)]), datum="gcj02")
    inputs = case.read()
    assert np.abs(shapely.get_coordinates(inputs.roads.geometry[0]) - LINE).max() < 1e-8
    assert "shifted from gcj02 to wgs84" in provenance(inputs, "roads").notes


def test_projected_layer_is_reprojected_with_a_note(case):
    flat = gpd.GeoSeries([shapely.LineString(LINE)], crs=4326).to_crs(4548)
    rows = {
        **collection([road("a", shapely.get_coordinates(flat[0]).tolist())]),
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4548"}},
    }
    case.write("roads", "r.geojson", rows, datum="cgcs2000")
    inputs = case.read()
    assert np.abs(shapely.get_coordinates(inputs.roads.geometry[0]) - LINE).max() < 1e-8
    assert "reprojected from EPSG:4548 to EPSG:4326" in provenance(inputs, "roads").notes
    assert provenance(inputs, "roads").crs == "EPSG:4548"


def test_heights_are_dropped(case):
    case.write("roads", "r.geojson", collection([road("a", [[*p, 12.0] for p in LINE])]))
    inputs = case.read()
    assert not inputs.roads.geometry.has_z.any()
    assert "heights (Z) were dropped" in provenance(inputs, "roads").notes


def test_gbk_csv_is_read_and_reported(case):
    text = STATIONS + GOOD.format(n=1).replace("站", "南昌西站")
    case.write("existing_stations", "s.csv", text.encode("gb18030"))
    inputs = case.read()
    assert inputs.existing_stations["name"].tolist() == ["南昌西站1"]
    assert "GB18030" in provenance(inputs, "existing_stations").notes[0]


def test_byte_order_mark_and_words_that_look_missing(case):
    rows = "NA,null,dc60,2,115.85,28.65\nNone,NaN,dc60,2,115.86,28.65\n"
    case.write("existing_stations", "s.csv", ("\ufeff" + STATIONS + rows).encode())
    stations = case.read().existing_stations
    assert stations["station_id"].tolist() == ["NA", "None"]
    assert stations["name"].tolist() == ["null", "NaN"]


def test_columns_are_mapped_also_lon_and_lat(case):
    text = "编号,名称,类型,枪数,经度,纬度\n1,站,dc60,4,115.85,28.65\n"
    mapping = {
        "station_id": "编号", "name": "名称", "technology": "类型", "n_units": "枪数",
        "lon": "经度", "lat": "纬度",
    }  # fmt: skip
    case.write("existing_stations", "s.csv", text, columns=mapping)
    stations = case.read().existing_stations
    assert stations["n_units"].tolist() == [4]
    assert stations.geometry[0].equals(shapely.Point(115.85, 28.65))
    assert stations["source"].tolist() == ["t"]


def test_point_without_number_and_without_place(case):
    lines = "".join(GOOD.format(n=n) for n in range(3))
    case.write("existing_stations", "s.csv", STATIONS + lines + "s9,坏,dc60,2,north,28.65\n")
    inputs = case.read()
    assert len(inputs.existing_stations) == 3
    assert inputs.rejected_rows["row"].tolist() == ["5"]


def test_townships_without_a_place_are_kept(case):
    text = "township_id,name,county_id,kind,jurisdiction_id,lon,lat\n"
    text += "t1,甲镇,360101,town,,115.85,28.65\nt2,乙镇,360101,town,,,\n"
    case.write("townships", "t.csv", text)
    inputs = case.read()
    assert inputs.townships["township_id"].tolist() == ["t1", "t2"]
    assert inputs.townships.geometry.isna().tolist() == [False, True]
    assert inputs.townships["jurisdiction_id"].isna().all()


def test_formula_errors_reject_the_row(case):
    book = openpyxl.Workbook()
    for row in [STATIONS.strip().split(","), [1, "甲", "dc60", 2, 115.85, 28.65],
                [2, "乙", "dc60", "#REF!", 115.85, 28.65]]:  # fmt: skip
        book.active.append(row)
    book.save(case.folder / "s.xlsx")
    case.describe("existing_stations", "s.xlsx")
    inputs = case.read()
    assert inputs.existing_stations["station_id"].tolist() == ["1"]
    assert inputs.rejected_rows["row"].tolist() == ["3"]
    assert "#REF!" in inputs.rejected_rows["reason"][0]


def test_identical_rows_are_used_once(case):
    case.write("existing_stations", "s.csv", STATIONS + GOOD.format(n=1) * 3)
    inputs = case.read()
    assert len(inputs.existing_stations) == 1
    assert inputs.rejected_rows["code"].tolist() == ["W-ID-001", "W-ID-001"]
    assert codes(inputs) == ["W-ID-001"]
    assert provenance(inputs, "existing_stations").rows_rejected == 2


def test_blanks_around_ids_are_removed(case):
    case.write("existing_stations", "s.csv", STATIONS + GOOD.format(n=1).replace("s1", " s1 "))
    inputs = case.read()
    assert inputs.existing_stations["station_id"].tolist() == ["s1"]
    assert provenance(inputs, "existing_stations").rows_repaired == 1


def test_places_outside_every_county_are_counted(case):
    far = GOOD.format(n=2).replace("115.85", "116.85")
    case.write("existing_stations", "s.csv", STATIONS + GOOD.format(n=1) + far)
    inputs = case.read()
    assert len(inputs.existing_stations) == 2
    assert "1 of 2 rows lie outside" in inputs.warnings[0].reason
    assert inputs.warnings[0].row == "3"


def test_township_in_another_county_and_small_population(case):
    text = "township_id,name,county_id,kind,jurisdiction_id,lon,lat\n"
    case.write("townships", "t.csv", text + "t1,甲镇,360102,town,,115.85,28.65\n")
    rows = [
        county("360101", box(WEST, SOUTH, MIDDLE, NORTH), population=52),
        county("360102", box(MIDDLE, SOUTH, EAST, NORTH), population=61),
    ]
    case.write("counties", "c.geojson", collection(rows))
    assert sorted(codes(case.read())) == ["W-POS-002", "W-VAL-001"]


def test_absent_column_that_may_be_empty_is_told(case):
    row = road("a", LINE)
    del row["properties"]["ref"]
    case.write("roads", "r.geojson", collection([row]))
    inputs = case.read()
    assert inputs.roads["ref"].isna().all()
    assert codes(inputs) == ["W-COL-001"]


def test_small_overlap_is_only_a_warning():
    east = 115.9 + 0.00002
    frame = gpd.GeoDataFrame(
        {"county_id": ["a", "b"]},
        geometry=[shapely.box(115.8, 28.6, east, 28.7), shapely.box(115.9, 28.6, 116.0, 28.7)],
        crs=4326,
    )
    findings = Findings("counties", "c")
    check_tiling(frame, findings)
    assert not findings.problems
    assert [warning.code for warning in findings.warnings] == ["W-TIL-001"]
    assert "0.0217 km2" in findings.warnings[0].reason


@pytest.mark.parametrize("suffix", ["gpkg", "fgb", "shp", "zip"])
def test_binary_formats_hold_the_same_roads(case, suffix):
    frame = gpd.GeoDataFrame(
        {"road_id": [101, 102], "name": ["赣江路", None], "ref": ["G1", None],
         "road_class": ["primary", "ramp"], "oneway": [True, False], "speed_kph": [60, 40],
         "lanes": [4, 1]},
        geometry=[shapely.LineString(LINE), shapely.LineString([LINE[1], [115.95, 28.66]])],
        crs=4326,
    )  # fmt: skip
    name = f"roads.{suffix}" if suffix != "zip" else "roads.shp.zip"
    if suffix in {"shp", "zip"}:
        frame["oneway"] = frame["oneway"].astype(int)
    frame.to_file(case.folder / name, encoding="utf-8" if suffix == "shp" else None)
    case.describe("roads", name)
    inputs = case.read()
    roads = inputs.roads.sort_values("road_id", ignore_index=True)  # FlatGeobuf sorts by place
    assert roads["road_id"].tolist() == ["101", "102"]
    assert roads["name"][0] == "赣江路"
    assert roads["oneway"].tolist() == [True, False]
    assert roads["lanes"].tolist() == [4, 1]
    assert roads.geometry.geom_equals_exact(frame.geometry, 1e-12).all()


def test_shapefile_text_without_cpg_is_tried_as_gbk(case):
    frame = gpd.GeoDataFrame(
        {"road_id": ["1"], "name": ["洪城路"], "ref": ["x"], "road_class": ["primary"],
         "oneway": ["0"], "speed_kph": [60], "lanes": [4]},
        geometry=[shapely.LineString(LINE)], crs=4326,
    )  # fmt: skip
    frame.to_file(case.folder / "roads.shp", encoding="gb18030")
    (case.folder / "roads.cpg").unlink()
    case.describe("roads", "roads.shp")
    inputs = case.read()
    assert inputs.roads["name"].tolist() == ["洪城路"]
    assert "GB18030" in provenance(inputs, "roads").notes[0]
