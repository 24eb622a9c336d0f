"""Stores a published plan in PostGIS: every table or none, described, keyed and indexed."""

from __future__ import annotations

from dataclasses import dataclass

from planner.errors import ConfigError, Problem
from planner.outputs.export.tables import plan_tables
from planner.outputs.export.target import WGS84, target_crs
from planner.outputs.published import Published

EXTRA = ("geoalchemy2", "psycopg", "sqlalchemy")


@dataclass(frozen=True)
class Stored:
    """What was stored.

    Parameters
    ----------
    place
        The database, without its password.
    schema
        Schema that holds the tables.
    rows
        Rows of each table, by its name.
    warnings
        What should be known before using it.
    """

    place: str
    schema: str
    rows: dict[str, int]
    warnings: tuple[Problem, ...]


def to_postgis(published: Published, address: str, *, crs: str = WGS84) -> Stored:
    """Write every layer and table of a plan into a schema of a PostGIS database.

    All is written to a new schema, read back and compared, and takes the place of the
    schema of an earlier export in one transaction: readers see the old plan or the new one.

    Parameters
    ----------
    published
        The plan.
    address
        ``postgresql://user@host/database``; ``?schema=NAME`` names the schema, else it is
        ``planner_`` and the case. A password may stand in it, or in ``PGPASSWORD``, or in
        ``~/.pgpass``; it is never shown.
    crs
        CRS of the geometries, such as ``EPSG:4548``.

    Raises
    ------
    ConfigError
        ``E-OUT-040`` if the extra ``postgis`` is not installed, ``E-OUT-041`` if the address
        or the schema's name is wrong.
    OutputError
        ``E-OUT-042`` to ``E-OUT-049`` if the database refuses; it is then as it was.
    """
    try:
        from planner.outputs.export import postgis_store  # noqa: PLC0415 - an optional extra
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in EXTRA:
            raise
        raise ConfigError(
            Problem(
                "E-OUT-040",
                f"writing to PostGIS needs {error.name}, which is not installed (缺少可选组件)",
                "pip install 'planner[postgis]'",
            )
        ) from error
    west, south, east, north = published.layers["counties"].total_bounds
    wanted, warnings = target_crs(crs, (float(west), float(south), float(east), float(north)))
    target = postgis_store.Target.of(address, str(published.figures["case"]["case_id"]))
    tables = plan_tables(published, wanted)
    postgis_store.store(target, tables, published.figures)
    rows = {table.name: len(table.frame) for table in tables}
    return Stored(target.place, target.schema, rows, warnings)
