"""The transaction that brings a plan into PostGIS, and what a database may answer to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
import sqlalchemy.exc
from psycopg import sql

from planner.errors import ConfigError, OutputError, Problem
from planner.outputs.canonical import plan_id
from planner.outputs.export.matching import Match, refuse_mismatch
from planner.outputs.export.postgis_refusals import refusal
from planner.outputs.export.postgis_tables import copy_rows, read_rows, table_of
from planner.outputs.export.tables import Table

SCHEMES = frozenset({"postgresql", "postgres", "postgresql+psycopg"})
MARK = "planner-export-1"
"""How the comment of a schema of ours begins."""

LONGEST_NAME = 63
NEW = "__new"
TIMEOUT_S = 10


@dataclass(frozen=True)
class Target:
    """A schema of a database.

    Parameters
    ----------
    url
        Where the database is and who asks.
    schema
        Schema that the plan takes the place of.
    """

    url: sa.URL
    schema: str

    @classmethod
    def of(cls, address: str, case_id: str) -> Target:
        """Return the target that an address names.

        Raises
        ------
        ConfigError
            ``E-OUT-041`` if it names no PostgreSQL database, or a schema that is not ours to
            replace.
        """
        try:
            url = sa.make_url(address)
        except sqlalchemy.exc.ArgumentError as error:
            raise ConfigError(_wrong("is no address of a database", "")) from error
        if url.drivername not in SCHEMES or not url.database:
            raise ConfigError(_wrong("names no PostgreSQL database", ""))
        named = url.query.get("schema")
        made = f"planner_{re.sub(r'[^0-9a-z_]', '_', case_id.lower())}"
        schema = made if named is None else str(named)
        _refuse_name(schema)
        asked = url.query.get("password")
        password = url.password if asked is None else str(asked)
        rest = url.difference_update_query(["schema", "password"])
        return cls(rest.set(drivername="postgresql+psycopg", password=password), schema)

    @property
    def place(self) -> str:
        """Return the database as people may see it: without the password."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=True)


def _refuse_name(schema: str) -> None:
    taken = schema.lower() in {"public", "information_schema", "topology", "tiger"}
    if taken or schema.lower().startswith("pg_"):
        raise ConfigError(_wrong("is a schema of the database itself and is not replaced", schema))
    if not schema or "\x00" in schema or len((schema + NEW).encode()) > LONGEST_NAME:
        raise ConfigError(_wrong("is no name of a schema: 1 to 58 bytes of UTF-8", schema))


def _wrong(reason: str, value: str) -> Problem:
    remedy = "write --to postgresql://user@host/database?schema=NAME"
    return Problem("E-OUT-041", reason, remedy, file="--to", value=value)


def store(target: Target, tables: Sequence[Table], figures: dict[str, Any]) -> None:
    """Write tables into a new schema, compare them, and put it in place of the old one.

    Parameters
    ----------
    target
        Where.
    tables
        What.
    figures
        Content of ``plan.json``: described in the comment of the schema.

    Raises
    ------
    OutputError
        If the database refuses or gives back something else; it is then as it was.
    """
    settings = {"connect_timeout": TIMEOUT_S, "application_name": "planner"}
    engine = sa.create_engine(target.url, connect_args=settings, poolclass=sa.NullPool)
    try:
        with engine.begin() as connection:
            _prepare(connection, target, tables)
            _write(connection, target, tables, figures)
            _swap(connection, target, figures)
    except (sqlalchemy.exc.SQLAlchemyError, psycopg.Error, UnicodeError) as error:
        raise refusal(error, target.place, target.url.password) from None
    finally:
        engine.dispose()


def _prepare(connection: sa.Connection, target: Target, tables: Sequence[Table]) -> None:
    """Refuse a database that cannot hold the plan, and a schema that is not ours."""
    if connection.scalar(sa.text("SELECT to_regtype('geometry')")) is None:
        raise OutputError(
            Problem(
                "E-OUT-046",
                "the database has no PostGIS (数据库未启用 PostGIS)",
                "let its owner run CREATE EXTENSION postgis; in it",
                file=target.place,
            )
        )
    # Two exports to one schema wait for each other.
    lock = sa.text("SELECT pg_advisory_xact_lock(hashtext(:name))")
    connection.execute(lock, {"name": target.schema})
    srid = next(table.frame.crs.to_epsg(20) for table in tables if table.spatial)
    known = sa.text("SELECT count(*) FROM spatial_ref_sys WHERE srid = :srid")
    if not connection.scalar(known, {"srid": srid}):
        raise OutputError(
            Problem(
                "E-OUT-044",
                f"its PostGIS does not know EPSG:{srid}",
                "use another --crs, or add the CRS to spatial_ref_sys",
                file=target.place,
            )
        )
    _refuse_foreign(connection, target)


def _refuse_foreign(connection: sa.Connection, target: Target) -> None:
    found = sa.text(
        "SELECT coalesce(obj_description(oid, 'pg_namespace'), ''), "
        "EXISTS (SELECT FROM pg_class WHERE relnamespace = n.oid) "
        "FROM pg_namespace n WHERE nspname = :name"
    )
    row = connection.execute(found, {"name": target.schema}).first()
    if row is not None and row[1] and not str(row[0]).startswith(MARK):
        raise OutputError(
            Problem(
                "E-OUT-042",
                f"schema {target.schema} holds something else and is not replaced "
                f"(该模式下有其他内容，不予覆盖)",
                "name a new schema with ?schema=NAME",
                file=target.place,
            )
        )


def _write(
    connection: sa.Connection, target: Target, tables: Sequence[Table], figures: dict[str, Any]
) -> None:
    fresh = target.schema + NEW
    connection.execute(sa.schema.CreateSchema(fresh))
    metadata = sa.MetaData(schema=fresh)
    made = [(table, table_of(table, metadata, figures)) for table in tables]
    metadata.create_all(connection, checkfirst=False)
    for table, stored in made:
        copy_rows(connection, stored, table)
        read = read_rows(connection, stored, table)
        match = Match(empty_is_missing=False)
        refuse_mismatch(table, read, Path(table.name), match)


def _swap(connection: sa.Connection, target: Target, figures: dict[str, Any]) -> None:
    """Drop what an earlier export stored, and nothing that others built on it."""
    old = sa.text("SELECT tablename FROM pg_tables WHERE schemaname = :name ORDER BY tablename")
    names = [str(row[0]) for row in connection.execute(old, {"name": target.schema})]
    mine, fresh = sql.Identifier(target.schema), sql.Identifier(target.schema + NEW)
    if names:
        listed = sql.SQL(", ").join(sql.Identifier(target.schema, name) for name in names)
        _run(connection, sql.SQL("DROP TABLE {} RESTRICT").format(listed))
    _run(connection, sql.SQL("DROP SCHEMA IF EXISTS {} RESTRICT").format(mine))
    _run(connection, sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(fresh, mine))
    case = figures["case"]
    said = (
        f"{MARK} plan {plan_id(figures)}: {case['title_zh']} | {case['title_en']}; "
        f"planner {figures['planner_version']}; "
        f"示意图层 synthetic layers: {', '.join(case['synthetic_layers']) or '—'}"
    )
    _run(connection, sql.SQL("COMMENT ON SCHEMA {} IS {}").format(mine, sql.Literal(said)))


def _run(connection: sa.Connection, command: sql.Composed) -> None:
    cursor = connection.connection.cursor()
    cursor.execute(command)
    cursor.close()
