"""Tables of a plan in PostgreSQL: their types, keys, indexes and comments, and their rows."""

from __future__ import annotations

from typing import Any

import geoalchemy2
import geopandas as gpd
import pandas as pd
import shapely
import sqlalchemy as sa
from psycopg import sql

from planner.layers import Column
from planner.outputs.export.tables import Table, is_missing
from planner.outputs.export.writing import declared
from planner.outputs.gpkg_descriptions import layer_note

GEOMETRY, ROW = "geom", "row_no"
TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "integer": sa.BigInteger(),
    "number": sa.Double(),
    "boolean": sa.Boolean(),
}


def table_of(table: Table, metadata: sa.MetaData, figures: dict[str, Any]) -> sa.Table:
    """Return the table for a layer: commented, keyed by its id, its geometry indexed (GiST).

    Parameters
    ----------
    table
        The layer. One without a unique first column is keyed by ``row_no``, its order.
    metadata
        Names the schema.
    figures
        Content of ``plan.json``: says which layers are schematic.
    """
    keyed = table.layer.columns[0].unique
    columns = [] if keyed else [sa.Column(ROW, sa.BigInteger(), primary_key=True,
                                          autoincrement=False, comment="行号 | row")]  # fmt: skip
    columns += [
        _column(column, key=keyed and column.name == table.key)
        for column in table.layer.columns
        if column.name in table.frame
    ]
    if table.spatial:
        kind = declared(table).upper().replace("UNKNOWN", "GEOMETRY")
        shape = geoalchemy2.Geometry(
            kind, srid=table.frame.crs.to_epsg(20), dimension=2, spatial_index=True
        )
        said = "几何 | geometry"
        columns.append(sa.Column(GEOMETRY, shape, nullable=True, comment=said))
    about = f"{table.layer.zh} | {table.layer.en}"
    note = layer_note(table.layer.name, figures)
    about += f" | {note.zh} | {note.en}" if note else ""
    return sa.Table(table.name, metadata, *columns, comment=about)


def _column(column: Column, *, key: bool) -> sa.Column[Any]:
    unit = f" [{column.unit}]" if column.unit else ""
    return sa.Column(
        column.name,
        TYPES.get(column.kind, sa.Text()),
        primary_key=key,
        autoincrement=False,
        comment=f"{column.zh} | {column.en}{unit}",
    )


def copy_rows(connection: sa.Connection, stored: sa.Table, table: Table) -> None:
    """Send the rows of a layer by ``COPY``, which quotes nothing and runs nothing.

    Parameters
    ----------
    connection
        In the transaction.
    stored
        The empty table.
    table
        The layer.
    """
    names = [column.name for column in stored.columns]
    frame = table.frame
    values = {str(name): _values(frame[name]) for name in frame.columns if name in names}
    values[ROW] = list(range(1, len(frame) + 1))
    if table.spatial:
        with_srid = shapely.set_srid(frame.geometry.to_numpy(), frame.crs.to_epsg(20))
        values[GEOMETRY] = list(shapely.to_wkb(with_srid, hex=True, include_srid=True))
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(str(stored.schema), stored.name),
        sql.SQL(", ").join(sql.Identifier(name) for name in names),
    )
    cursor = connection.connection.cursor()
    with cursor.copy(command) as copy:
        for row in zip(*(values[name] for name in names), strict=True):
            copy.write_row(row)
    cursor.close()


def _values(values: pd.Series) -> list[Any]:
    plain = values.astype(object)
    return list(plain.where(~is_missing(values), None))


def read_rows(connection: sa.Connection, stored: sa.Table, table: Table) -> Any:  # noqa: ANN401
    """Return the rows of a stored layer in the order in which they were sent.

    Parameters
    ----------
    connection
        In the transaction.
    stored
        The table.
    table
        The layer: gives the order, and the CRS.
    """
    wanted = [column for column in stored.columns if column.name not in (GEOMETRY, ROW)]
    places = [sa.func.ST_AsBinary(stored.c[GEOMETRY]).label("wkb")] if table.spatial else []
    query = sa.select(*wanted, *places)
    query = query.order_by(stored.c[ROW]) if ROW in stored.c else query
    rows = connection.execute(query).all()
    read = pd.DataFrame(
        rows, columns=[*(column.name for column in wanted), *["wkb"][: len(places)]]
    )
    if ROW not in stored.c:
        read = read.set_index(table.key, drop=False).reindex(table.frame[table.key])
        read = read.reset_index(drop=True)
    if not table.spatial:
        return read
    shapes = shapely.from_wkb([None if cell is None else bytes(cell) for cell in read["wkb"]])
    return gpd.GeoDataFrame(read.drop(columns="wkb"), geometry=shapes, crs=table.frame.crs)
