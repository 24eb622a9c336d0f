"""The five files of a plan: written, equal to the byte, and honest when the disk is full."""

import hashlib
import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pyogrio
import pytest
from toy_written_plan import toy_plan

from planner import layers
from planner.errors import OutputError
from planner.outputs import write_files
from planner.outputs.canonical import canonical_json
from planner.outputs.geopackage import DATE_OPTION, FIXED_DATE, WRITTEN_LAYERS, write_geopackage

NAMES = {"plan.json", "plan.gpkg", "map.html", "lists.xlsx", "report.html"}


def hashes(folder):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    write_files(toy_plan(), folder)
    return folder


def test_two_writes_are_equal_to_the_byte(plan, written, tmp_path):
    write_files(plan, tmp_path)
    assert hashes(tmp_path) == hashes(written)
    assert set(hashes(tmp_path)) == NAMES


def test_plan_json_is_canonical(plan, written):
    raw = (written / "plan.json").read_bytes()
    assert json.loads(raw) == plan.figures
    assert raw == canonical_json(json.loads(raw)).encode()
    assert b"\r" not in raw
    assert raw.endswith(b"}\n")


def test_canonical_json_sorts_keeps_chinese_and_refuses_nan():
    assert canonical_json({"b": 0.1, "a": "南昌", "c": None}) == (
        '{\n "a": "南昌",\n "b": 0.1,\n "c": null\n}\n'
    )
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"gap": float("nan")})


@pytest.fixture
def package(written):
    return written / "plan.gpkg"


def test_every_layer_reads_back_with_its_columns_rows_and_kinds(plan, package):
    kinds = {"integer": "int", "number": "float", "boolean": "bool"}
    for layer in layers.PLAN_LAYERS:
        info = pyogrio.read_info(package, layer=layer.name)
        assert info["features"] == len(plan.layers[layer.name])
        assert list(info["fields"]) == layer.column_names()
        for column, dtype in zip(layer.columns, info["dtypes"], strict=True):
            assert str(dtype).startswith(kinds.get(column.kind, "object")), column.name
        assert (info["geometry_type"] is None) == (layer.geometry == "none")
        if layer.geometry != "none":
            assert info["crs"] == "EPSG:4326"


def test_empty_layers_keep_their_columns(plan, tmp_path):
    for name in plan.layers:
        plan.layers[name] = plan.layers[name].iloc[:0]
    write_geopackage(plan.layers, plan.figures, tmp_path / "plan.gpkg")
    for layer in layers.PLAN_LAYERS:
        info = pyogrio.read_info(tmp_path / "plan.gpkg", layer=layer.name)
        assert info["features"] == 0
        assert list(info["fields"]) == layer.column_names()


def test_values_and_places_survive(plan, package):
    read = pyogrio.read_dataframe(package, layer="townships")
    assert list(read["name"]) == ["罗家镇", "湖坊镇", "向塘镇", "三江镇"]
    assert read["name_en"].isna().tolist() == [False, True, False, True]
    assert read.geometry.isna().tolist() == [False, False, False, True]
    roads = pyogrio.read_dataframe(package, layer="test_roads")
    assert roads.geometry.to_wkb().tolist() == plan.layers["test_roads"].geometry.to_wkb().tolist()
    assert roads["length_m"].tolist() == plan.layers["test_roads"]["length_m"].tolist()


def test_hostile_names_read_back_unchanged(hostile_plan, tmp_path):
    write_geopackage(hostile_plan.layers, hostile_plan.figures, tmp_path / "plan.gpkg")
    for name in ("segments", "stations", "counties"):
        read = pyogrio.read_dataframe(tmp_path / "plan.gpkg", layer=name)
        written = hostile_plan.layers[name]["name"]
        assert read["name"].fillna("").tolist() == written.fillna("").tolist()


def test_layers_say_what_they_are_and_that_roads_are_schematic(package):
    description = pyogrio.read_dataframe(
        package,
        sql="select table_name, description from gpkg_contents",
    ).set_index("table_name")["description"]
    assert description["stations"] == (
        "站点 | Existing and planned stations as they stand in the target year."
        " | 依据示意数据计算 | computed from schematic data"
    )
    assert description["zones"].count("|") == 1, "given, not computed"
    assert "示意数据，非实测" in description["segments"]
    assert "schematic, not surveyed" in description["test_roads"]


def test_the_data_dictionary_lists_every_column(package):
    table = pyogrio.read_dataframe(package, layer="data_dictionary")
    assert len(table) == sum(len(layer.columns) for layer in WRITTEN_LAYERS)
    row = table[(table["layer"] == "segments") & (table["column"] == "length_m")].iloc[0]
    assert (row["zh"], row["unit"], row["kind"]) == ("长度", "m", "number")


def test_the_date_of_gdal_is_put_back(plan, tmp_path):
    for before in ("2001-02-03T00:00:00.000Z", None):
        pyogrio.set_gdal_config_options({DATE_OPTION: before})
        file = tmp_path / f"{before}.gpkg"
        write_geopackage(plan.layers, plan.figures, file)
        assert pyogrio.get_gdal_config_option(DATE_OPTION) == before
        changed = pyogrio.read_dataframe(file, sql="select last_change from gpkg_contents")
        assert set(changed["last_change"].astype(str).str[:10]) == {FIXED_DATE[:10]}


FULL = textwrap.dedent(
    """
    import resource, sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    from toy_written_plan import toy_plan
    from planner.errors import OutputError
    from planner.outputs import staged, write_files

    plan, out = toy_plan(), Path(sys.argv[2])
    for limit in (2_000, 60_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        try:
            with staged(out) as folder:
                write_files(plan, folder)
        except OutputError as error:
            problem = error.problems[0]
            print(int(error.exit_code), Path(problem.file).name, "folder" in problem.remedy)
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on file sizes")
def test_a_disk_that_takes_no_more_leaves_the_old_plan(tmp_path):
    out = tmp_path / "plan"
    out.mkdir()
    (out / "plan.json").write_text("old", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(Path(__file__).parent), str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == ["8 plan.json True", "8 plan.gpkg True"], done.stderr
    assert (out / "plan.json").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_file_that_cannot_be_made_is_named(plan, tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(OutputError) as caught:
        write_files(plan, tmp_path)
    assert caught.value.problems[0].file.endswith(name)
    assert caught.value.exit_code == 8
