"""Exports in other CRSs: the right place, x before y, refusals and cautions in plain words."""

import json
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from pyproj import Transformer
from toy_written_plan import toy_plan

from planner.errors import ConfigError, InputError, OutputError
from planner.outputs import read_certified, read_published
from planner.outputs.export import export_plan, target_crs
from planner.outputs.published import Published

NANCHANG = (115.44, 28.16, 116.58, 29.16)
INSIDE = (115.6, 28.16, 116.58, 29.16)


@pytest.fixture
def source(tmp_path):
    plan = toy_plan()
    return Published(tmp_path / "plan", plan.layers, plan.figures)


ZONES = [
    (4490, 110, 120),
    (4527, 39_300_000, 39_600_000),
    (32650, 300_000, 600_000),
]


def moved(source, code):
    """Return easting and northing of the stations by PROJ itself."""
    meant = source.layers["stations"]
    return Transformer.from_crs(4326, code, always_xy=True).transform(
        meant.geometry.x.to_numpy(), meant.geometry.y.to_numpy()
    )


def assert_there(read, source, code):
    x, y = moved(source, code)
    assert read.crs.to_epsg(min_confidence=20) == code
    read = read.set_index(read.columns[0]).loc[source.layers["stations"]["station_id"]]
    assert np.allclose(read.geometry.x, x, atol=1e-9, rtol=0)
    assert np.allclose(read.geometry.y, y, atol=1e-9, rtol=0)


@pytest.mark.parametrize(("code", "least", "most"), ZONES)
def test_coordinates_are_in_the_crs_with_east_first(source, tmp_path, code, least, most):
    made = export_plan(source, tmp_path / "out", formats=["geoparquet"], crs=f"EPSG:{code}")
    assert made.crs == {"geoparquet": f"EPSG:{code}"}
    x, _ = moved(source, code)
    assert (x > least).all()
    assert (x < most).all()
    assert_there(
        gpd.read_parquet(tmp_path / "out" / "geoparquet" / "stations.parquet"), source, code
    )


def test_every_format_and_the_styles_are_in_the_crs_but_for_those_of_wgs84(source, tmp_path):
    out = tmp_path / "out"
    made = export_plan(source, out, crs="4548")
    assert {name for name, crs in made.crs.items() if crs == "EPSG:4326"} == {"geojson", "kml"}
    assert set(made.crs.values()) == {"EPSG:4326", "EPSG:4548"}
    package = out / "gpkg" / "plan.gpkg"
    for read in (
        gpd.read_file(out / "shapefile" / "stations.shp"),
        gpd.read_file(out / "flatgeobuf" / "stations.fgb"),
        pyogrio.read_dataframe(package, layer="stations"),
    ):
        assert_there(read, source, 4548)
    styles = pyogrio.read_dataframe(package, layer="layer_styles")
    assert (styles["useAsDefault"].astype(bool) & (styles["f_table_name"] == "stations")).any()
    told = pyogrio.read_dataframe(package, sql="SELECT metadata FROM gpkg_metadata")
    assert any("EPSG:4548" in text for text in told["metadata"])
    degrees = gpd.read_file(out / "geojson" / "stations.geojson")
    assert degrees.geometry.x.between(100, 130).all()
    first = gpd.read_file(out / "csv" / "stations.csv", encoding="utf-8-sig")["wkt"][0]
    assert float(first.removeprefix("POINT (").split()[0]) > 300_000


def test_formats_of_wgs84_refuse_another_crs(source, tmp_path):
    with pytest.raises(ConfigError, match="E-OUT-034") as caught:
        export_plan(source, tmp_path / "out", formats=["geojson", "csv"], crs="4548")
    assert "geojson" in str(caught.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["", "EPSG:1", "4548; x", "+proj=merc", "WGS84", "EPSG:99999999"])
def test_what_epsg_does_not_know_is_refused(text):
    with pytest.raises(ConfigError, match="E-CRS-020"):
        target_crs(text, NANCHANG)


@pytest.mark.parametrize("code", ["5773", "4978", "7405", "4979"])
def test_heights_and_globes_are_refused(code):
    with pytest.raises(ConfigError, match="E-CRS-021"):
        target_crs(code, NANCHANG)


@pytest.mark.parametrize(
    ("code", "bounds", "warned"),
    [
        ("4326", NANCHANG, []),
        ("4490", NANCHANG, []),
        ("4548", INSIDE, []),
        ("4548", NANCHANG, ["W-CRS-022"]),
        ("4547", NANCHANG, ["W-CRS-022"]),
        ("4214", NANCHANG, ["W-CRS-023"]),
    ],
)
def test_a_crs_that_does_not_hold_there_is_cautioned(code, bounds, warned):
    problems = target_crs(code, bounds)[1]
    assert [problem.code for problem in problems] == warned


def test_unknown_formats_and_wrong_folders_are_refused(source, tmp_path):
    with pytest.raises(ConfigError, match="E-OUT-033"):
        export_plan(source, tmp_path / "out", formats=["dwg"])
    (tmp_path / "plan").mkdir()
    with pytest.raises(OutputError, match="E-OUT-035"):
        export_plan(source, tmp_path / "plan" / "export", formats=["csv"])
    foreign = tmp_path / "mine"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputError, match="E-OUT-002"):
        export_plan(source, foreign, formats=["csv"])
    assert [path.name for path in foreign.iterdir()] == ["thesis.txt"]


def test_the_command_writes_beside_the_plan_and_says_so(toy_plan_folder, tmp_path, capsys):
    from planner.cli.export import export  # noqa: PLC0415 - as the command line does

    before = {path: path.read_bytes() for path in toy_plan_folder.iterdir()}
    code = export(toy_plan_folder, formats=["geojson", "csv"], out=tmp_path / "out")
    told = capsys.readouterr()
    assert code == 0
    assert "geojson  EPSG:4326" in told.out
    assert {path: path.read_bytes() for path in toy_plan_folder.iterdir()} == before
    manifest = json.loads((tmp_path / "out" / "export.json").read_text("utf-8"))
    assert set(manifest["crs"]) == {"geojson", "csv"}
    assert export(toy_plan_folder, formats=["csv"], crs="4214", out=tmp_path / "out") == 0
    assert "W-CRS-023" in capsys.readouterr().err
    assert not (Path(tmp_path) / "out" / "geojson").exists()


@pytest.mark.parametrize("crs", ["32633", "2056", "4167"])
def test_a_crs_of_another_part_of_the_world_is_refused(crs):
    with pytest.raises(ConfigError, match="E-CRS-024"):
        target_crs(crs, NANCHANG)


def test_what_people_put_into_an_export_is_not_replaced(toy_plan_folder, tmp_path):
    published = read_published(toy_plan_folder)
    out = tmp_path / "out"
    export_plan(published, out, formats=["csv"])
    note = out / "csv" / "my_notes.txt"
    note.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="E-OUT-037"):
        export_plan(published, out, formats=["csv"])
    note.unlink()
    edited = next(path for path in sorted((out / "csv").glob("stations*.csv")))
    edited.write_bytes(edited.read_bytes() + b" ")
    with pytest.raises(OutputError, match=edited.name):
        export_plan(published, out, formats=["csv"])
    assert edited.read_bytes().endswith(b" ")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "certificate.json").unlink(),
        lambda folder: (folder / "certificate.json").write_text("[]", encoding="utf-8"),
        lambda folder: (folder / "plan.json").write_bytes(
            (folder / "plan.json").read_bytes() + b" "
        ),
    ],
)
def test_a_plan_that_was_changed_since_it_was_proved_is_not_handed_on(
    toy_plan_folder, tmp_path, spoil
):
    folder = shutil.copytree(toy_plan_folder, tmp_path / "plan")
    assert read_certified(folder).figures
    spoil(folder)
    with pytest.raises(InputError, match="E-OUT-023"):
        read_certified(folder)
