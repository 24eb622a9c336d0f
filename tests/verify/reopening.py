"""Opens plan folders for tests of the proof; of an edited copy only what was edited is read."""

import sqlite3
from contextlib import closing

from planner.layers import PLAN_LAYERS
from planner.verify.files import PlanFiles, read_plan_files


def whole(folder):
    """Open a folder and read all of its layers."""
    plan = read_plan_files(folder)
    for layer in PLAN_LAYERS:
        plan.layer(layer.name)
    return plan


def opened(folder, clean):
    """Open an edited folder; only the layers that were edited are read again."""
    plan = read_plan_files(folder)
    now, before = tables(folder), tables(clean.folder)
    same = {name for name in before if now.get(name) == before[name]}
    frames = {name: frame for name, frame in clean.frames.items() if name in same}
    return PlanFiles(plan.folder, plan.content, plan.unreadable, frames)


def tables(folder):
    """Return the rows of every layer, and what plan.gpkg says of it."""
    try:
        uri = (folder / "plan.gpkg").resolve().as_uri() + "?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            about = connection.execute("SELECT * FROM gpkg_geometry_columns").fetchall()
            found = connection.execute("SELECT table_name FROM gpkg_contents").fetchall()
            return {
                name: (about, connection.execute(f'SELECT * FROM "{name}"').fetchall())  # noqa: S608
                for (name,) in found
            }
    except sqlite3.Error:
        return {}
