"""Says what a layer must hold, checks frames against it, and prints it as documentation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from planner.errors import InputError, Problem

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

Kind = Literal["text", "integer", "number", "boolean", "date"]
Geometry = Literal["Point", "LineString", "Polygon", "Place", "none"]

GEOMETRY_TYPES: dict[str, tuple[str, ...]] = {
    "Point": ("Point",),
    "LineString": ("LineString", "MultiLineString"),
    "Polygon": ("Polygon", "MultiPolygon"),
    "Place": ("Point", "Polygon", "MultiPolygon"),
}
DTYPES: dict[Kind, str] = {"integer": "int64", "number": "float64", "boolean": "bool"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a layer: its name, kind, unit and the values it may hold."""

    name: str
    kind: Kind
    zh: str
    en: str
    unit: str = ""
    required: bool = True
    nullable: bool = False
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def dtype(self) -> str:
        """Return the dtype in a frame: an integer that may be empty is a whole float64 or NaN."""
        if self.kind == "integer" and self.nullable:
            return "float64"
        return DTYPES.get(self.kind, "str")


@dataclass(frozen=True, slots=True)
class Layer:
    """A named layer: geometry kind, columns, and whether a case must have it.

    Geometries are WGS84 (EPSG:4326), longitude first. ``geometry`` is ``"none"`` for a
    plain table; ``place_nullable`` marks point layers whose rows may lack a place.
    """

    name: str
    zh: str
    en: str
    geometry: Geometry
    columns: tuple[Column, ...]
    required: bool = False
    place_nullable: bool = False

    def column_names(self) -> list[str]:
        """Return the names of the columns, in the order of the dictionary."""
        return [column.name for column in self.columns]


def _pandera_column(column: Column) -> Any:  # noqa: ANN401 - pandera is untyped
    import pandera.pandas as pa  # noqa: PLC0415 - two seconds that --help must not pay

    checks = []
    if column.choices:
        checks.append(pa.Check.isin(column.choices))
    if column.minimum is not None:
        checks.append(pa.Check.ge(column.minimum))
    if column.maximum is not None:
        checks.append(pa.Check.le(column.maximum))
    if column.kind == "integer" and column.nullable:
        checks.append(pa.Check(lambda cells: cells % 1 == 0, error="whole_number"))
    return pa.Column(
        column.dtype if column.kind in DTYPES else None,
        checks,
        nullable=column.nullable,
        unique=column.unique,
        required=column.required,
        coerce=column.dtype == "float64",
    )


def validate(frame: gpd.GeoDataFrame, layer: Layer, *, file: str = "") -> gpd.GeoDataFrame:
    """Check a frame against its layer and return it with the columns in order.

    Parameters
    ----------
    frame
        DataFrame or GeoDataFrame (EPSG:4326).
    layer
        What it must satisfy.
    file
        Name shown in the message.

    Raises
    ------
    InputError
        Naming file, layer, row and column of every violation at once.
    """
    import pandera.errors  # noqa: PLC0415
    import pandera.pandas as pa  # noqa: PLC0415

    schema = pa.DataFrameSchema(
        {column.name: _pandera_column(column) for column in layer.columns}, unique_column_names=True
    )
    problems = list(_geometry_problems(frame, layer, file))
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        problems += _problems(error.failure_cases, frame, layer, file)
    if problems:
        raise InputError(problems)
    present = [name for name in layer.column_names() if name in frame.columns]
    return frame[[*present, "geometry"]] if layer.geometry != "none" else frame[present]


def _geometry_problems(frame: gpd.GeoDataFrame, layer: Layer, file: str) -> Iterator[Problem]:
    if layer.geometry == "none":
        return
    crs = getattr(frame, "crs", None)
    if crs is None or crs.to_epsg() != 4326:
        yield Problem(
            "E-CRS-001",
            f"the layer's CRS is {crs}, but WGS84 (EPSG:4326) is needed here",
            "reproject the layer, or state its CRS in scenario.toml",
            file=file,
            layer=layer.name,
        )
        return
    allowed = GEOMETRY_TYPES[layer.geometry]
    kinds = frame.geometry.geom_type
    missing = kinds.isna()
    wrong = ~kinds.isin(allowed) & ~missing
    if not layer.place_nullable:
        wrong |= missing
    if wrong.any():
        found = sorted({str(kind) for kind in kinds[wrong]})
        yield Problem(
            "E-GEO-001",
            f"geometry must be {' or '.join(allowed)}, found {', '.join(found)}",
            "export the layer with one geometry type, or name another layer of the file",
            file=file,
            layer=layer.name,
            row=str(frame.index[wrong][0]),
            column="geometry",
            count=int(wrong.sum()),
        )


def _problems(
    failures: pd.DataFrame, frame: gpd.GeoDataFrame, layer: Layer, file: str
) -> Iterator[Problem]:
    by_name = {column.name: column for column in layer.columns}
    for (_, check), group in failures.groupby(["column", "check"], dropna=False, sort=True):
        first = group.iloc[0]
        missing = str(check) == "column_in_dataframe"
        name = str(first["failure_case"] if missing else first["column"])
        column = by_name.get(name)
        yield Problem(
            "E-COL-001" if missing else "E-VAL-001",
            f"column {name} is missing" if missing else f"{name} {_rule(str(check), column)}",
            _remedy(column),
            file=file,
            layer=layer.name,
            row=_rows(group["index"].dropna().head(5).tolist(), frame, layer),
            column=name,
            value="" if missing else str(first["failure_case"]),
            count=len(group),
        )


def _rows(labels: list[Any], frame: gpd.GeoDataFrame, layer: Layer) -> str:
    """Name rows as the file numbers them, with their ids where the layer has ids."""
    key = next((column.name for column in layer.columns if column.unique), "")
    if key not in frame.columns or not frame.index.is_unique:
        return ", ".join(str(label) for label in labels)
    return ", ".join(f"{label} ({key}={frame[key].loc[label]})" for label in labels)


def _rule(check: str, column: Column | None) -> str:
    """Say a failed check in plain words."""
    if column is None:
        return f"fails the rule {check}"
    rules = {
        "isin": f"must be one of {', '.join(column.choices)}",
        "greater_than_or_equal_to": f"must be >= {column.minimum} {column.unit}".rstrip(),
        "less_than_or_equal_to": f"must be <= {column.maximum} {column.unit}".rstrip(),
        "whole_number": "must be a whole number",
        "not_nullable": "must not be empty",
        "field_uniqueness": "must be unique",
        "dtype": f"must be of kind {column.kind}, with no cell empty",
        "coerce_dtype": f"must be of kind {column.kind}",
    }
    return rules.get(check.partition("(")[0], f"fails the rule {check}")


def _remedy(column: Column | None) -> str:
    if column is None:
        return "compare the file with the data dictionary"
    unit = f" in {column.unit}" if column.unit else ""
    choices = f", one of {', '.join(column.choices)}" if column.choices else ""
    empty = "may be empty" if column.nullable else "must not be empty"
    return f"{column.name} is {column.kind}{unit}{choices}; it {empty} ({column.en})"
