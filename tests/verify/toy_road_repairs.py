"""Repairs of the toy city's test roads for a target it misses, worked out by hand."""

import sqlite3
from contextlib import closing

import pandas as pd
from tampering import both, figure, sql

from planner.layers import ROAD_REPAIRS

TARGET_KM = 60.0
MOTORWAY = [f"{way}-{column}" for way in ("me", "mw") for column in range(-1, 5)]
YIELDS = {
    # what is lifted: what joins the network then; i0 hangs on nothing and yields nothing
    ("speed", None): [*(f"h4-{column}" for column in range(5)), *MOTORWAY],
    ("service road", None): ["v0-0"],
    ("tunnel", None): ["v5-0"],
    ("zone z2", None): ["v0-3"],
    ("no test road from 2026 on", None): ["h0-0"],
}
NAMES = ", ".join(ROAD_REPAIRS.column_names())
HOLES = ", ".join("?" * len(ROAD_REPAIRS.columns))
INSERT = f"INSERT INTO road_repairs ({NAMES}) VALUES ({HOLES})"  # noqa: S608 - of the schema


def no_repairs():
    """Return the layer of a plan that reaches its targets."""
    frame = pd.DataFrame([], columns=ROAD_REPAIRS.column_names())
    return frame.astype({column.name: column.dtype for column in ROAD_REPAIRS.columns})


def missed(*more):
    """Return an edit that asks for more km, lists every repair of it, and then edits on."""
    settings = ("settings", "test_roads", "target_km_by_year", "2027")
    return both(figure(*settings, value=TARGET_KM), listed, *more)


def listed(folder):
    """List what each reason yields, the most first."""
    with closing(sqlite3.connect(folder / "plan.gpkg")) as db:
        metres = dict(db.execute("SELECT segment_id, length_m FROM segments"))
        oneway = dict(db.execute("SELECT segment_id, oneway FROM segments"))
        opened, fitted = (
            db.execute(f"SELECT sum(counted_m) FROM test_roads WHERE {which}").fetchone()[0] / 1000  # noqa: S608
            for which in ("1", "equipped")
        )
        cost = db.execute("SELECT sum(cost_cny) FROM materials").fetchone()[0]
    rows = []
    for (rule, value), names in YIELDS.items():
        carriageway = sum(metres[name] for name in names) / 1000
        counted = sum(metres[name] / (2 if oneway[name] else 1) for name in names) / 1000
        money = round(cost / fitted * min(counted, TARGET_KM - opened))
        rows.append((rule, value, counted, carriageway, money))
    rows.sort(key=lambda row: -row[2])
    for number, (rule, value, counted, carriageway, money) in enumerate(rows, start=1):
        words = (f"取消{rule}", f"lift {rule}")
        sql(INSERT, f"rr-{number}", 2027, rule, value, *words, counted, carriageway, money, 1)(
            folder
        )
