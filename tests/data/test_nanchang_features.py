"""Checks the made-up schools, hospitals, works and road features of the case that ships."""

import importlib.util
import json
import shutil
from collections import Counter
from pathlib import Path

import geopandas as gpd
import pandas as pd

from planner.inputs.hours import hours_a_day

ROOT = Path(__file__).parents[2]
CASE = ROOT / "data" / "nanchang"


def script():
    path = ROOT / "data" / "make_nanchang_features.py"
    spec = importlib.util.spec_from_file_location("make_nanchang_features", path)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_they_say_that_they_are_made_up():
    features = pd.read_csv(CASE / "road_features.csv")
    zones = gpd.read_file(CASE / "zones.geojson")
    made = zones[zones["zone_id"].str.startswith("i-")]
    assert Counter(made["kind"]) == {"school": 8, "hospital": 4, "construction": 1}
    for table in (features, made):
        assert set(table["trust"]) == {"illustrative"}
        assert table["source"].str.contains("made up").all()
    assert made["name"].str.startswith("示例").all()
    assert {hours_a_day(text) for text in made["closed_hours"].dropna()} == {3.5, 7.5}
    assert not made["mandated"].astype(bool).any()
    assert {"signal", "crossing", "bus_stop", "pole", "base_station"} == set(features["kind"])


def test_the_script_makes_the_files_that_ship_again(tmp_path, monkeypatch):
    made = script()
    for name in ("roads.geojson", "zones.geojson"):
        shutil.copyfile(CASE / name, tmp_path / name)
    monkeypatch.setattr(made, "CASE", tmp_path)
    made.main()
    for name in ("zones.geojson", "road_features.csv"):
        assert (tmp_path / name).read_bytes() == (CASE / name).read_bytes()


def test_zones_kept_by_hand_stay(tmp_path, monkeypatch):
    made = script()
    shutil.copyfile(CASE / "zones.geojson", tmp_path / "zones.geojson")
    monkeypatch.setattr(made, "CASE", tmp_path)
    made.write_zones([])
    left = json.loads((tmp_path / "zones.geojson").read_text("utf-8"))["features"]
    ids = [row["properties"]["zone_id"] for row in left]
    assert "z-xiaolan" in ids
    assert not [name for name in ids if name.startswith("i-")]
