"""The proof of the layers made for GIS programs: it holds, and it bites on every kind of lie."""

import sqlite3
from contextlib import closing

import pytest
from toy_written_plan import toy_plan

from planner.outputs.canonical import canonical_json
from planner.outputs.geopackage import write_geopackage
from planner.verify.files import read_plan_files
from planner.verify.gismaps import gis_maps_hold


@pytest.fixture
def folder(tmp_path):
    plan = toy_plan()
    write_geopackage(plan.layers, plan.figures, tmp_path / "plan.gpkg")
    (tmp_path / "plan.json").write_text(canonical_json(plan.figures), encoding="utf-8")
    return tmp_path


def tamper(folder, *statements):
    with closing(sqlite3.connect(folder / "plan.gpkg")) as connection, connection:
        for trigger, name in connection.execute(
            "SELECT name, tbl_name FROM sqlite_master WHERE type='trigger'"
        ).fetchall():
            if name.endswith("_map") or name == "zones":
                connection.execute(f'DROP TRIGGER "{trigger}"')
        for statement in statements:
            connection.execute(statement)


def test_what_was_written_holds(folder):
    assert list(gis_maps_hold(read_plan_files(folder))) == []


def test_a_plan_without_such_layers_does_not_hold(folder):
    gone = ("county_gaps_map", "township_gaps_map", "zones_map")
    for name in gone:
        tamper(
            folder,
            f"DROP TABLE {name}",
            f"DELETE FROM gpkg_contents WHERE table_name='{name}'",  # noqa: S608
            f"DELETE FROM gpkg_geometry_columns WHERE table_name='{name}'",  # noqa: S608
        )
    faults = list(gis_maps_hold(read_plan_files(folder)))
    assert [fault.where for fault in faults] == list(gone)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE county_gaps_map SET charging_after_served_share = 0.999",
            "charging_after_served_share",
        ),
        ("UPDATE county_gaps_map SET name = 'x'", "names a place"),
        (
            "UPDATE county_gaps_map SET geom = (SELECT geom FROM county_gaps_map LIMIT 1)",
            "draws or names",
        ),
        ("DELETE FROM county_gaps_map WHERE fid = 1", "not the places"),
        ("DELETE FROM zones_map WHERE fid = 1", "not the zones"),
        ("UPDATE zones_map SET kind = 'bus'", "another zone"),
        ("UPDATE zones SET radius_m = radius_m + 50", "another distance"),
    ],
)
def test_a_lie_is_found(folder, statement, said):
    tamper(folder, statement)
    faults = list(gis_maps_hold(read_plan_files(folder)))
    assert any(said in fault.what for fault in faults)
