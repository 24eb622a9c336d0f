"""Each schema refuses each wrong thing, and says it in words a planner understands."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from planner.errors import ExitCode, InputError
from planner.inputs import empty_layer
from planner.layers import (
    CASE_LAYERS,
    DEMAND_POINTS,
    ENERGIES,
    JURISDICTIONS,
    PLAN_LAYERS,
    ROADS,
    STATIONS,
    TOWNSHIP_ACCESS,
    TOWNSHIPS,
    validate,
)

ALL = {f"{layer.name}-{kind}": layer for kind, layers in
       (("case", CASE_LAYERS), ("plan", PLAN_LAYERS)) for layer in layers}  # fmt: skip
SHAPES = {
    "Point": shapely.Point(115.9, 28.6),
    "Place": shapely.Point(115.9, 28.6),
    "LineString": shapely.LineString([(115.9, 28.6), (116.0, 28.6)]),
    "Polygon": shapely.box(115.9, 28.6, 116.0, 28.7),
}
VALUES = {"integer": 1, "number": 1.0, "boolean": True, "text": "x", "date": "2026-01-01"}


def cell(column):
    if column.choices:
        return column.choices[0]
    if column.minimum is not None and column.kind in {"integer", "number"}:
        return type(VALUES[column.kind])(column.minimum)
    return VALUES[column.kind]


def sound(layer):
    rows = [{column.name: cell(column) for column in layer.columns}]
    frame = pd.DataFrame(rows)
    if layer.geometry == "none":
        return frame
    return gpd.GeoDataFrame(frame, geometry=[SHAPES[layer.geometry]], crs=4326)


def problems(frame, layer):
    with pytest.raises(InputError) as caught:
        validate(frame, layer, file="f.geojson")
    assert caught.value.exit_code == ExitCode.INPUT
    assert all(problem.file == "f.geojson" for problem in caught.value.problems)
    assert all(problem.layer == layer.name for problem in caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize("name", ALL)
def test_a_sound_row_and_an_empty_layer_are_accepted(name):
    layer = ALL[name]
    assert len(validate(sound(layer), layer)) == 1
    assert validate(empty_layer(layer), layer).empty


@pytest.mark.parametrize("name", ALL)
def test_each_missing_column_is_named(name):
    layer = ALL[name]
    for column in layer.columns:
        if column.required:
            found = problems(sound(layer).drop(columns=column.name), layer)
            assert [(problem.code, problem.column) for problem in found] == [
                ("E-COL-001", column.name)
            ]


@pytest.mark.parametrize("name", ALL)
def test_each_rule_of_each_column_bites(name):
    layer = ALL[name]
    for column in layer.columns:
        wrong = {}
        if column.choices:
            wrong["must be one of"] = "?"
        if column.minimum is not None:
            wrong["must be >="] = type(VALUES[column.kind])(column.minimum - 1)
        if column.maximum is not None:
            wrong["must be <="] = type(VALUES[column.kind])(column.maximum + 1)
        for words, value in wrong.items():
            found = problems(sound(layer).assign(**{column.name: value}), layer)
            assert [problem.code for problem in found] == ["E-VAL-001"]
            assert words in found[0].reason
            assert found[0].column == column.name


@pytest.mark.parametrize("name", ALL)
def test_texts_that_must_not_be_empty(name):
    layer = ALL[name]
    for column in layer.columns:
        if column.kind == "text" and not column.nullable and not column.choices:
            empty = pd.Series([None], dtype="str")
            found = problems(sound(layer).assign(**{column.name: empty}), layer)
            assert "must not be empty" in found[0].reason


@pytest.mark.parametrize("name", ALL)
def test_whole_numbers_that_may_be_empty_are_whole(name):
    layer = ALL[name]
    for column in layer.columns:
        if column.kind == "integer" and column.nullable:
            assert empty_layer(layer)[column.name].dtype == "float64"
            for held in ([None], [float("nan")], [2.0], [2]):
                cells = pd.Series(held, dtype=None if held == [2] else "float64")
                validate(sound(layer).assign(**{column.name: cells}), layer)
            validate(sound(layer).assign(**{column.name: pd.array([pd.NA], "Int64")}), layer)
            found = problems(sound(layer).assign(**{column.name: 2.5}), layer)
            assert found[0].reason == f"{column.name} must be a whole number"


def test_some_whole_numbers_may_be_empty():
    columns = {column.name: column for column in TOWNSHIP_ACCESS.columns}
    assert columns["first_year_met"].dtype == "float64"
    assert {column.dtype for column in STATIONS.columns} == {"str", "int64", "float64"}


def test_the_energies_of_layers():
    assert ENERGIES == ("charging", "swap", "truck_swap", "hydrogen")
    wanted = [f"{energy}_per_day" for energy in ENERGIES]
    assert [name for name in DEMAND_POINTS.column_names() if name.endswith("_per_day")] == wanted


def test_each_layer_of_a_plan_comes_once_and_each_column_once():
    for layers in (CASE_LAYERS, PLAN_LAYERS):
        names = [layer.name for layer in layers]
        assert len(names) == len(set(names))
        for layer in layers:
            assert len(layer.column_names()) == len(set(layer.column_names()))


@pytest.mark.parametrize("name", ALL)
def test_repeated_ids_are_refused(name):
    layer = ALL[name]
    for column in layer.columns:
        if column.unique:
            frame = pd.concat([sound(layer)] * 2, ignore_index=True)
            assert "must be unique" in problems(frame, layer)[0].reason


def test_all_problems_at_once_with_row_and_id():
    frame = pd.concat([sound(ROADS)] * 2, ignore_index=True)
    frame = frame.assign(road_id=["a", "b"], speed_kph=[60.0, -5.0], road_class=["canal", "trunk"])
    frame.index = [7, 8]
    found = {problem.column: problem for problem in problems(frame, ROADS)}
    assert set(found) == {"speed_kph", "road_class"}
    assert found["speed_kph"].row == "8 (road_id=b)"
    assert found["speed_kph"].reason == "speed_kph must be >= 1 km/h"
    assert found["speed_kph"].value == "-5.0"
    assert found["road_class"].row == "7 (road_id=a)"
    assert "motorway" in found["road_class"].remedy


def test_wrong_geometry_and_missing_crs():
    frame = sound(ROADS).set_geometry([SHAPES["Point"]], crs=4326)
    assert "found Point" in problems(frame, ROADS)[0].reason
    assert problems(frame.set_crs(None, allow_override=True), ROADS)[0].code == "E-CRS-001"
    assert problems(frame.to_crs(4548), ROADS)[0].code == "E-CRS-001"
    assert problems(sound(ROADS).set_geometry([None], crs=4326), ROADS)[0].code == "E-GEO-001"


def test_a_township_may_lack_a_place():
    frame = sound(TOWNSHIPS).set_geometry([None], crs=4326)
    assert validate(frame, TOWNSHIPS).geometry.isna().all()


def test_other_columns_are_left_out_and_the_order_is_the_dictionarys():
    frame = sound(JURISDICTIONS).assign(extra=1)[::-1]
    frame = frame[sorted(frame.columns)]
    assert list(validate(frame, JURISDICTIONS).columns) == JURISDICTIONS.column_names()
