"""Exports read back by other means than the exporter's own: rows, ids, hostile names, places."""

import csv
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet
import pyogrio
import pytest
import shapely
from toy_written_plan import HOSTILE, toy_plan

from planner.errors import OutputError
from planner.outputs.export import FORMATS, export_plan, guarded, plain_text, read_csv
from planner.outputs.export import geojson as geojson_format
from planner.outputs.export.short_names import LONGEST, short_names
from planner.outputs.geopackage import WRITTEN_LAYERS
from planner.outputs.published import Published

HAS_PLACES = [layer for layer in WRITTEN_LAYERS if layer.geometry != "none"]
MORE_NAMES = [
    "+86 791", "-1", "@SUM(A1)", "'=1", "''=2", "\t=3", "＝1+1", "a\nb", 'say "x", y;z',
    "&amp;", "]]>", "青云谱 ", "  lead", "%n%s", "a\\b", "\u200b零宽", "👩‍🚒", "e\u0301",
]  # fmt: skip
"""Beside those of the toy plan: what spreadsheets, XML, DBF and C programs stumble over."""


def spoiled():
    """Return the toy plan with hostile names, and more of them on its stations."""
    plan = toy_plan(hostile=True)
    segments = plan.layers["segments"]
    names = [*HOSTILE, *MORE_NAMES]
    picked = [0, 3, 5, 6, 7, 9, 12, 13, 17, 20, 23, 24]
    segments["name"] = [names[at] for at in picked]
    sites = plan.layers["candidate_sites"]
    more = [MORE_NAMES[at % len(MORE_NAMES)] for at in range(len(sites))]
    plan.layers["candidate_sites"] = sites.assign(name=more)
    return plan


def published(plan, folder):
    return Published(Path(folder), plan.layers, plan.figures)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    plan = spoiled()
    made = export_plan(published(plan, folder / "plan"), folder / "out")
    return plan, folder / "out", made


def names_of(frame):
    return [None if pd.isna(cell) else str(cell) for cell in frame["name"]]


@pytest.mark.parametrize("layer", ["segments", "candidate_sites", "stations", "zones", "counties"])
@pytest.mark.parametrize(
    ("form", "ending"), [("geoparquet", "parquet"), ("flatgeobuf", "fgb"), ("geojson", "geojson")]
)
def test_names_ids_and_places_read_back_unchanged(exported, layer, form, ending):
    plan, out, _ = exported
    file = out / form / f"{layer}.{ending}"
    read = gpd.read_parquet(file) if ending == "parquet" else gpd.read_file(file)
    meant = plan.layers[layer]
    key = meant.columns[0]
    read = read.set_index(key).loc[meant[key]]
    assert names_of(read) == names_of(meant)
    assert read.crs.to_epsg() == 4326
    assert len(read) == len(meant)
    off = shapely.hausdorff_distance(read.geometry.to_numpy(), meant.geometry.to_numpy())
    assert np.nanmax(off) <= 1e-7


def test_csv_is_text_for_spreadsheets_and_reads_back_unchanged(exported):
    plan, out, _ = exported
    meant = plan.layers["segments"]
    file = out / "csv" / "segments.csv"
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        cells = list(csv.DictReader(stream))
    assert [row["segment_id"] for row in cells] == meant["segment_id"].tolist()
    assert [plain_text(row["name"]) for row in cells] == names_of(meant)
    assert not any(row["name"].startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for row in cells)
    assert shapely.from_wkt([row["wkt"] for row in cells]).tolist() == meant.geometry.tolist()
    lengths = [float(row["length_m"]) for row in cells]
    assert lengths == meant["length_m"].tolist()
    assert read_csv(file)["name"].tolist() == names_of(meant)


@pytest.mark.parametrize("text", [*HOSTILE, *MORE_NAMES, "", "'", "''", "'a", "'+'"])
def test_a_guarded_text_is_no_formula_and_comes_back(text):
    cell = guarded(text)
    assert plain_text(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def test_kml_has_names_and_ids_and_its_side_file_the_rest(exported):
    plan, out, _ = exported
    meant = plan.layers["segments"]
    read = pyogrio.read_dataframe(out / "kml" / "segments.kml")
    assert read["segment_id"].tolist() == meant["segment_id"].tolist()
    whole = read_csv(out / "kml" / "segments_texts.csv")
    whole = whole[whole["column"] == "name"].set_index("segment_id")["text"].to_dict()
    bell = [name for name in names_of(meant) if "\x07" in name]
    assert bell
    assert set(bell) == set(whole.values())
    shown = zip(read["segment_id"], read["Name"], strict=True)
    assert [whole.get(key, name) for key, name in shown] == names_of(meant)
    assert "⟦U+0007⟧" in "".join(read["Name"])


def test_shapefile_cuts_no_name_unsaid(exported):
    plan, out, _ = exported
    folder = out / "shapefile"
    meant = plan.layers["segments"]
    read = gpd.read_file(folder / "segments.shp")
    fields = pd.read_csv(folder / "fields.csv", encoding="utf-8-sig")
    fields = fields[fields["file"] == "segments"].set_index("column")["field"]
    assert (folder / "segments.cpg").read_text() == "UTF-8"
    assert read[fields["segment_id"]].tolist() == meant["segment_id"].tolist()
    assert read[fields["jurisdiction_id"]].tolist() == meant["jurisdiction_id"].tolist()
    whole = read_csv(folder / "segments_texts.csv")
    whole = whole[whole["column"] == "name"].set_index("segment_id")["text"].to_dict()
    long = "长" * 5000
    assert long in whole.values()
    cells = dict(zip(read[fields["segment_id"]], read[fields["name"]], strict=True))
    assert [whole.get(key, name) for key, name in cells.items()] == names_of(meant)
    cut = [cells[key] for key, text in whole.items() if text == long]
    assert cut == ["长" * 83 + "…"]
    for shape, line in zip(read.geometry, meant.geometry, strict=True):
        assert shape.equals_exact(line, 0)


def test_points_and_areas_of_a_layer_are_shapefiles_apart(exported):
    plan, out, _ = exported
    kinds = plan.layers["zones"].geometry.geom_type.str.removeprefix("Multi").value_counts()
    assert len(kinds) == 2
    for kind, count in kinds.items():
        read = gpd.read_file(out / "shapefile" / f"zones_{kind.lower()}.shp")
        assert len(read) == count
    assert not (out / "shapefile" / "zones.shp").exists()


@pytest.mark.parametrize("layer", HAS_PLACES, ids=lambda layer: layer.name)
def test_short_names_are_ten_plain_characters_and_all_different(layer):
    names = list(short_names(layer).values())
    assert len({name.lower() for name in names}) == len(names)
    assert [name for name in names if len(name) > LONGEST or not name.isascii()] == []


def test_geoparquet_is_version_1_1_with_a_box_for_each_row(exported):
    plan, out, _ = exported
    file = out / "geoparquet" / "stations.parquet"
    told = json.loads(pyarrow.parquet.read_schema(file).metadata[b"geo"])
    assert told["version"] == "1.1.0"
    assert told["columns"]["geometry"]["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert told["columns"]["geometry"]["crs"]["id"] == {"authority": "EPSG", "code": 4326}
    tables = {layer.name for layer in WRITTEN_LAYERS}
    assert {path.stem for path in (out / "geoparquet").iterdir()} == tables
    read = pd.read_parquet(out / "geoparquet" / "station_years.parquet")
    assert read["n_units"].tolist() == plan.layers["station_years"]["n_units"].tolist()


def test_geojson_is_rfc_7946(exported):
    _, out, _ = exported
    content = json.loads((out / "geojson" / "counties.geojson").read_text("utf-8"))
    assert "crs" not in content
    polygon = content["features"][0]["geometry"]
    ring = polygon["coordinates"][0]
    ring = ring if polygon["type"] == "Polygon" else ring[0]
    assert shapely.LinearRing(ring).is_ccw
    assert max(len(repr(number).partition(".")[2]) for place in ring for number in place) <= 7


def test_two_exports_are_equal_and_every_file_is_listed(exported, tmp_path):
    _, out, made = exported
    first = json.loads((out / "export.json").read_text("utf-8"))
    again = ("gpkg", "shapefile", "geoparquet", "flatgeobuf")
    export_plan(published(spoiled(), tmp_path / "plan"), tmp_path / "again", formats=again)
    second = json.loads((tmp_path / "again" / "export.json").read_text("utf-8"))
    written = {name: digest for name, digest in second["sha256"].items() if "/" in name}
    assert len(written) > 100
    assert written.items() <= first["sha256"].items()
    found = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert found == {*first["sha256"], "export.json"}
    assert set(made.files) == set(first["sha256"])
    assert {path.split("/")[0] for path in found if "/" in path} == set(FORMATS)


def test_the_readme_says_what_it_is_and_that_roads_are_made_up(exported):
    _, out, _ = exported
    text = (out / "README.txt").read_text("utf-8-sig")
    assert "示意路网" in text
    assert "segments (12)  路段  【示意数据，非实测" in text
    assert "geojson/  EPSG:4326 WGS 84" in text
    assert "\u202e" not in text
    listed = read_csv(out / "dictionary.csv")
    assert len(listed) == sum(len(layer.columns) for layer in WRITTEN_LAYERS)


@pytest.mark.parametrize(
    ("spoil", "column"),
    [
        (lambda read: read.assign(name=read["name"].str[:3]), "name"),
        (lambda read: read.drop(columns="length_m"), "length_m"),
        (lambda read: read.assign(length_m=read["length_m"] + 1e-6), "length_m"),
        (lambda read: read.assign(oneway=~read["oneway"].astype(bool)), "oneway"),
        (lambda read: read.set_geometry(read.geometry.translate(2e-7)), "geometry"),
        (lambda read: read.iloc[1:], ""),
        (lambda read: read.iloc[::-1].reset_index(drop=True), "segment_id"),
    ],
)
def test_a_file_that_says_something_else_is_not_published(monkeypatch, tmp_path, spoil, column):
    read_layer = geojson_format.read_layer

    def lying(file, **options):
        read = read_layer(file, **options)
        return spoil(read) if file.stem == "segments" else read

    monkeypatch.setattr(geojson_format, "read_layer", lying)
    plan = toy_plan()
    plan.layers["segments"]["name"] = [f"Long road {at}" for at in range(12)]
    with pytest.raises(OutputError) as caught:
        export_plan(published(plan, tmp_path / "plan"), tmp_path / "out", formats=["geojson"])
    problem = caught.value.problems[0]
    assert (problem.code, problem.layer, problem.column) == ("E-OUT-031", "segments", column)
    assert list(tmp_path.iterdir()) == []


def test_an_id_is_never_cut(tmp_path):
    plan = toy_plan()
    sites = plan.layers["candidate_sites"]
    sites.loc[0, "site_id"] = "s" * 300
    with pytest.raises(OutputError) as caught:
        export_plan(published(plan, tmp_path / "plan"), tmp_path / "out", formats=["shapefile"])
    problem = caught.value.problems[0]
    assert (problem.code, problem.column) == ("E-OUT-032", "site_id")
    assert list(tmp_path.iterdir()) == []
