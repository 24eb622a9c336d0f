"""A plan in a real PostGIS: all or nothing, described, keyed, indexed, and clear refusals."""

# ruff: noqa: S105, S106, S608 - secrets and statements of a database that lives for a test

import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import sqlalchemy as sa
from private_postgres import running_server
from toy_written_plan import toy_plan

from planner.errors import ConfigError, OutputError
from planner.layers import PLAN_LAYERS
from planner.outputs.export import postgis, postgis_store, to_postgis
from planner.outputs.export.postgis_refusals import refusal
from planner.outputs.export.postgis_store import Target
from planner.outputs.geopackage import WRITTEN_LAYERS
from planner.outputs.published import Published

QUOTED = '"规划""x%y"'
ASKED = "?schema=规划%22x%25y"


def published(*, hostile=False):
    plan = toy_plan(hostile=hostile)
    return Published(Path("plan"), plan.layers, plan.figures)


@pytest.fixture(scope="module")
def server():
    with running_server() as running:
        yield running


@pytest.fixture
def few(monkeypatch):
    """Store the layers with stations alone: for what does not depend on how many there are."""
    whole = postgis.plan_tables
    kept = {"stations", "station_years"}
    monkeypatch.setattr(
        postgis,
        "plan_tables",
        lambda *given: [table for table in whole(*given) if table.name in kept],
    )


@pytest.fixture(scope="module")
def stored(server):
    """Store the hostile plan where the toy plan was."""
    plan = published(hostile=True)
    to_postgis(published(), server.address(query=ASKED))
    return plan, to_postgis(plan, server.address(query=ASKED))


def test_rows_names_and_places_read_back_unchanged(server, stored):
    plan, made = stored
    engine = sa.create_engine(server.address().replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        for name in ("segments", "stations", "counties"):
            read = gpd.read_postgis(
                sa.text(f'SELECT * FROM {QUOTED}."{name}"'),
                connection,
                geom_col="geom",
            )
            meant = plan.layers[name]
            read = read.set_index(read.columns[0]).loc[meant[meant.columns[0]]]
            assert read["name"].fillna("").tolist() == meant["name"].fillna("").tolist()
            assert read.geometry.to_wkb().tolist() == meant.geometry.to_wkb().tolist()
            assert read.crs.to_epsg() == 4326
        years = pd.read_sql(sa.text(f"SELECT * FROM {QUOTED}.station_years"), connection)
    engine.dispose()
    meant = plan.layers["station_years"]
    pd.testing.assert_frame_equal(years[meant.columns.tolist()], meant, check_dtype=False)
    assert made.rows == {
        layer.name: int(server.sql(f'SELECT count(*) FROM {QUOTED}."{layer.name}"'))
        for layer in WRITTEN_LAYERS
    }


def test_tables_have_keys_indexes_and_comments(server, stored):  # noqa: ARG001
    where = "n.nspname = '规划\"x%y'"
    keyed = server.sql(
        "SELECT count(*) FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace "
        f"WHERE contype = 'p' AND {where}"
    )
    assert int(keyed) == len(WRITTEN_LAYERS)
    gist = server.sql(
        "SELECT count(*) FROM pg_class c JOIN pg_am a ON a.oid = c.relam "
        f"JOIN pg_namespace n ON n.oid = c.relnamespace WHERE amname = 'gist' AND {where}"
    )
    assert int(gist) == sum(layer.geometry != "none" for layer in WRITTEN_LAYERS)
    comments = server.sql(
        "SELECT count(*) FROM pg_description d JOIN pg_class c ON c.oid = d.objoid "
        f"JOIN pg_namespace n ON n.oid = c.relnamespace WHERE objsubid > 0 AND {where}"
    )
    assert int(comments) >= sum(len(layer.columns) for layer in PLAN_LAYERS)
    told = server.sql(f"SELECT col_description('{QUOTED}.segments'::regclass, 12)").strip()
    assert told == "长度 | geodesic length (WGS84) [m]"
    schema = server.sql(f"SELECT obj_description('{QUOTED}'::regnamespace)")
    assert schema.startswith("planner-export-1 plan ")
    assert "roads" in schema


def test_another_crs_and_the_schema_named_after_the_case(server, few):  # noqa: ARG001
    made = to_postgis(published(), server.address(), crs="EPSG:4548")
    assert made.schema == "planner_toy"
    found = server.sql("SELECT DISTINCT st_srid(geom) FROM planner_toy.stations")
    assert found.strip() == "4548"
    assert float(server.sql("SELECT min(st_x(geom)) FROM planner_toy.stations")) > 300_000


def test_a_failure_leaves_the_earlier_plan(server, few, monkeypatch):  # noqa: ARG001
    address = server.address(query="?schema=kept")
    to_postgis(published(), address)
    before = server.sql("SELECT count(*), min(xmin::text) FROM kept.stations")
    monkeypatch.setattr(
        postgis_store, "read_rows", lambda _connection, _stored, table: table.frame.iloc[1:]
    )
    with pytest.raises(OutputError, match="E-OUT-031"):
        to_postgis(published(), address)
    assert server.sql("SELECT count(*), min(xmin::text) FROM kept.stations") == before
    names = server.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'kept%'")
    assert names.split() == ["kept"]


def test_what_others_own_is_not_replaced(server, few):  # noqa: ARG001
    server.sql("CREATE SCHEMA theirs; CREATE TABLE theirs.life (work text)")
    with pytest.raises(OutputError, match="E-OUT-042"):
        to_postgis(published(), server.address(query="?schema=theirs"))
    address = server.address(query="?schema=seen")
    to_postgis(published(), address)
    server.sql("CREATE VIEW public.mine AS SELECT station_id FROM seen.stations")
    with pytest.raises(OutputError, match="E-OUT-048"):
        to_postgis(published(), address)
    assert int(server.sql("SELECT count(*) FROM public.mine")) > 0


def test_each_refusal_is_one_clear_message_without_the_password(server, few):  # noqa: ARG001
    server.sql("CREATE USER clerk PASSWORD 'clerk-secret'")
    plan = published()
    wrong = {
        server.address(password="wrong-secret"): "E-OUT-043",
        server.address(database="nowhere"): "E-OUT-045",
        server.address(database="postgres"): "E-OUT-046",
        server.address(user="clerk", password="clerk-secret"): "E-OUT-047",
        "postgresql://boss:some-secret@127.0.0.1:1/gis": "E-OUT-045",
    }
    for address, code in wrong.items():
        with pytest.raises(OutputError) as caught:
            to_postgis(plan, address)
        assert [problem.code for problem in caught.value.problems] == [code]
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "mysql://a@b/c",
        "postgresql://a@b",
        "postgresql://a@b/c?schema=public",
        "postgresql://a@b/c?schema=pg_catalog",
        "postgresql://a@b/c?schema=" + "长" * 20,
    ],
)
def test_an_address_that_cannot_be_is_refused_at_once(address):
    with pytest.raises(ConfigError, match="E-OUT-041"):
        Target.of(address, "toy")


def test_a_password_in_the_query_is_hidden_as_well():
    target = Target.of("postgresql://a@b/c?password=hush&sslmode=require", "南昌 1")
    assert "hush" not in target.place
    assert target.url.password == "hush"
    assert dict(target.url.query) == {"sslmode": "require"}
    assert target.schema == "planner____1"
    said = str(refusal(RuntimeError("password hush is wrong\nhush"), target.place, "hush"))
    assert "hush" not in said


def test_without_the_extra_it_says_what_to_install():
    code = (
        "import sys; sys.modules['geoalchemy2'] = None\n"
        "from pathlib import Path\n"
        "from planner.errors import ConfigError\n"
        "from planner.outputs.export import to_postgis\n"
        "from planner.outputs.published import Published\n"
        "try:\n"
        "    to_postgis(Published(Path(), {}, {}), 'postgresql://a@b/c')\n"
        "except ConfigError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "E-OUT-040" in done.stdout
    assert "planner[postgis]" in done.stdout
