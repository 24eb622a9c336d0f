"""Proves that the folder is whole: every file, every layer, and what plan.json declares."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

import shapely

from planner import layers
from planner.verify.certificate import (
    CERTIFICATE_FILE,
    LEFT_BY_FILE_BROWSERS,
    PROVEN_FILES,
    RUN_FILE,
)
from planner.verify.faults import Fault, Faults, unequal
from planner.verify.files import PlanFiles, Row, UnreadableError
from planner.verify.marks import owner

PLAN_FORMAT = "planner-plan-1"
SHA256 = re.compile(r"[0-9a-f]{64}")
SECTIONS = (
    "run",
    "demand",
    "service_radius",
    "candidates",
    "siting",
    "test_roads",
    "subsidy",
    "rules",
)
TRUSTED_TABLES = (
    "technologies", "fleets", "schemes", "milestones", "road_limits", "equipment", "policy_rules",
)  # fmt: skip
"""Tables of rows that each name their own source and trust mark."""
CARRIED_LAYERS = (
    "counties", "townships", "jurisdictions", "zones", "road_features", "supply_nodes",
    "opened_roads", "reviews", "trips", "fleet_stock",
)  # fmt: skip
"""Layers of a case that a plan repeats row by row."""
INSIDE_LAYERS = ("counties", "demand_points", "stations")
INSIDE_MARGIN_DEGREES, MARGIN_DEGREES = 0.02, 2.0
"""Roads and zones may reach beyond the counties, but not to another part of the country."""


def complete(plan: PlanFiles) -> Faults:
    """Prove that every file of a plan is there, and nothing else."""
    for name in PROVEN_FILES:
        path = plan.folder / name
        if path.is_symlink() or not path.is_file():
            yield Fault(f"{name} is missing", name)
    known = {*PROVEN_FILES, RUN_FILE, CERTIFICATE_FILE, *LEFT_BY_FILE_BROWSERS}
    for path in sorted(plan.folder.iterdir()):
        if path.name not in known:
            yield Fault(f"{path.name} is no file of a plan", path.name)


def readable(plan: PlanFiles) -> Faults:
    """plan.json and every layer of plan.gpkg can be read, in EPSG:4326 and as their schema says."""
    for layer in layers.PLAN_LAYERS:
        with contextlib.suppress(UnreadableError):
            plan.layer(layer.name)
    for name, why in sorted(plan.unreadable.items()):
        yield Fault(f"{name} could not be read: {why}", name)
    yield from unequal(plan.figure("format"), PLAN_FORMAT, "format")
    plan.text("planner_version")


def settings_agree(plan: PlanFiles) -> Faults:
    """Prove that the settings are all there and equal the assumptions that the report shows."""
    stated = {str(row.get("key")): row.get("value") for row in plan.rows("assumptions")}
    named = dict(_named_settings(plan))
    for name, value in named.items():
        yield from unequal(stated.get(name), value, f"assumption {name}")
    for name in sorted(stated.keys() - named.keys()):
        yield Fault("an assumption is no setting of the plan", name)
    for row in plan.rows("assumptions"):
        if row.get("trust") not in layers.TRUST_MARKS:
            yield Fault("an assumption has no trust mark", str(row.get("key")))
    for table in TRUSTED_TABLES:
        for name, row in plan.table(table).items():
            if row.get("trust") not in layers.TRUST_MARKS or not isinstance(row.get("source"), str):
                yield Fault(f"a row of {table} has no source or trust mark", name)


def _named_settings(plan: PlanFiles) -> Iterator[tuple[str, Any]]:
    """Yield every setting by its full key; tables by year give a key a year."""
    for section in SECTIONS:
        for key, value in plan.mapping("settings", section).items():
            if not isinstance(value, dict):
                yield f"{section}.{key}", value
                continue
            stem = key.removesuffix("_by_year")
            yield from ((f"{section}.{stem}_{year}", each) for year, each in value.items())


def inputs_declared(plan: PlanFiles) -> Faults:
    """Every layer that the plan was made from is declared with its hash, source and trust."""
    declared = {str(row.get("layer")): row for row in plan.rows("inputs")}
    for row in plan.rows("inputs"):
        yield from _provenance_faults(str(row.get("layer")), row)
    needed = {"counties", "roads"} | {
        name for name in CARRIED_LAYERS if len(plan.layer(name)) > _from_marks(plan, name)
    }
    for name in sorted(needed - declared.keys()):
        yield Fault(f"input layer {name} is not declared", name)
    for name in CARRIED_LAYERS:
        if name in declared:
            used, marked = declared[name].get("rows_used"), _from_marks(plan, name)
            yield from unequal(used, len(plan.layer(name)) - marked, f"rows used of {name}")
    synthetic = sorted(name for name, row in declared.items() if row.get("synthetic"))
    yield from unequal(
        sorted(plan.figure("case", "synthetic_layers")), synthetic, "synthetic layers"
    )
    counts = plan.layer("rejected_rows")["layer"].value_counts()
    for name, row in declared.items():
        yield from unequal(
            row.get("rows_rejected"), int(counts.get(name, 0)), f"{name} rows rejected"
        )


def _from_marks(plan: PlanFiles, name: str) -> int:
    """Return how many rows of a layer come from the marks of review files."""
    if name != "reviews":
        return 0
    logged = set(plan.layer("review_log")["log_id"])
    return sum(owner(review_id) in logged for review_id in plan.layer(name)["review_id"])


def _provenance_faults(name: str, row: Row) -> Faults:
    if not SHA256.fullmatch(str(row.get("sha256"))):
        yield Fault(f"input layer {name} has no SHA-256 of its file", name)
    for key in ("file", "source", "licence", "date", "datum"):
        if not isinstance(row.get(key), str):
            yield Fault(f"input layer {name} has no {key}", name)
    if row.get("trust") not in layers.TRUST_MARKS:
        yield Fault(f"input layer {name} has no trust mark", name)


def geometry_sound(plan: PlanFiles) -> Faults:
    """Prove that every geometry is valid, finite and in the study area."""
    west, south, east, north = (float(value) for value in plan.layer("counties").total_bounds)
    for layer in layers.PLAN_LAYERS:
        if layer.geometry == "none":
            continue
        frame = plan.layer(layer.name)
        ids = frame[layer.columns[0].name].to_numpy()
        margin = INSIDE_MARGIN_DEGREES if layer.name in INSIDE_LAYERS else MARGIN_DEGREES
        area = shapely.box(west - margin, south - margin, east + margin, north + margin)
        for row_id, shape in zip(ids, frame.geometry, strict=True):
            what = _geometry_fault(shape, area, nullable=layer.place_nullable)
            if what:
                yield Fault(f"{layer.name}: the geometry {what}", str(row_id))


def _geometry_fault(shape: Any, area: Any, *, nullable: bool) -> str:  # noqa: ANN401
    if shape is None or shape.is_empty:
        return "" if nullable else "is missing"
    if not shape.is_valid:
        return "is not valid"
    return "" if shapely.covers(area, shape) else "lies outside the study area"
