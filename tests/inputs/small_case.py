"""A small sound case of two counties, which each test spoils in one way."""

import json
from pathlib import Path

from planner.inputs import read_inputs
from planner.scenario import load_scenario

WEST, MIDDLE, EAST, SOUTH, NORTH = 115.8, 115.9, 116.0, 28.6, 28.7


def square(west, south, east, north):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def county(county_id, geometry, **changes):
    row = {
        "county_id": county_id,
        "name": f"区{county_id}",
        "population": 200000,
        "population_trust": "U",
        "population_source": "test",
    }
    return feature(geometry, **{**row, **changes})


def road(road_id, coordinates, **changes):
    row = {
        "road_id": road_id,
        "name": "路",
        "ref": None,
        "road_class": "primary",
        "oneway": False,
        "speed_kph": 60,
        "lanes": 4,
    }
    return feature({"type": "LineString", "coordinates": coordinates}, **{**row, **changes})


def collection(features):
    return {"type": "FeatureCollection", "features": features}


class Case:
    """A case folder whose layers a test may replace."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.layers = {}
        self.write(
            "counties",
            "counties.geojson",
            collection(
                [
                    county("360101", square(WEST, SOUTH, MIDDLE, NORTH)),
                    county("360102", square(MIDDLE, SOUTH, EAST, NORTH)),
                ]
            ),
        )
        self.write(
            "roads",
            "roads.geojson",
            collection(
                [
                    road("a", [[115.82, 28.65], [115.9, 28.65]]),
                    road("b", [[115.9, 28.65], [115.98, 28.65]]),
                ]
            ),
        )

    def describe(self, layer, file, **keys):
        row = {"file": file, "datum": "wgs84", "source": "t", "licence": "t", "date": "2026"}
        self.layers[layer] = {**row, **keys}

    def write(self, layer, file, content, **keys):
        self.describe(layer, file, **keys)
        path = self.folder / file
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_text(content, "utf-8")
        else:
            path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        return path

    def read(self):
        text = ""
        for name, row in self.layers.items():
            text += f"[layers.{name}]\n"
            for key, value in row.items():
                if isinstance(value, dict):
                    pairs = ", ".join(f"{k} = {json.dumps(v)}" for k, v in value.items())
                    text += f"{key} = {{{pairs}}}\n"
                else:
                    text += f"{key} = {json.dumps(value, ensure_ascii=False)}\n"
        (self.folder / "scenario.toml").write_text(text, "utf-8")
        return read_inputs(load_scenario(self.folder))
