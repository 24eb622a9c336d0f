"""Proves that every id names one row and every reference finds it."""

from __future__ import annotations

import pandas as pd

from planner.verify.faults import Fault, Faults, rows_where
from planner.verify.files import PlanFiles
from planner.verify.graph import graph_of

LIST_KEYS = {
    "assignments": ["phase", "demand_id", "station_id"],
    "county_gaps": ["county_id", "energy", "phase"],
    "township_gaps": ["township_id", "energy", "phase"],
    "fleet_demand": ["year", "county_id", "fleet", "energy"],
    "station_years": ["year", "station_id"],
    "ledger": [
        "year",
        "change",
        "county_id",
        "jurisdiction_id",
        "road_class",
        "complexity_grade",
    ],
}
"""Tables whose rows are named by several columns together."""
REFERENCES = (
    ("townships", "township_id", "county_id", "counties", "county_id"),
    ("townships", "township_id", "jurisdiction_id", "jurisdictions", "jurisdiction_id"),
    ("jurisdictions", "jurisdiction_id", "county_id", "counties", "county_id"),
    ("segments", "segment_id", "county_id", "counties", "county_id"),
    ("segments", "segment_id", "jurisdiction_id", "jurisdictions", "jurisdiction_id"),
    ("demand_points", "demand_id", "county_id", "counties", "county_id"),
    ("demand_points", "demand_id", "township_id", "townships", "township_id"),
    ("candidate_sites", "site_id", "county_id", "counties", "county_id"),
    ("candidate_sites", "site_id", "jurisdiction_id", "jurisdictions", "jurisdiction_id"),
    ("candidate_sites", "site_id", "supply_node_id", "supply_nodes", "supply_node_id"),
    ("stations", "station_id", "site_id", "candidate_sites", "site_id"),
    ("stations", "station_id", "county_id", "counties", "county_id"),
    ("stations", "station_id", "jurisdiction_id", "jurisdictions", "jurisdiction_id"),
    ("stations", "station_id", "supply_node_id", "supply_nodes", "supply_node_id"),
    ("fleet_demand", "fleet", "county_id", "counties", "county_id"),
    ("station_years", "station_id", "station_id", "stations", "station_id"),
    ("supply_upgrades", "supply_node_id", "supply_node_id", "supply_nodes", "supply_node_id"),
    ("trip_access", "trip_id", "trip_id", "trips", "trip_id"),
    ("assignments", "station_id", "station_id", "stations", "station_id"),
    ("assignments", "demand_id", "demand_id", "demand_points", "demand_id"),
    ("county_gaps", "county_id", "county_id", "counties", "county_id"),
    ("township_gaps", "township_id", "township_id", "townships", "township_id"),
    ("township_access", "township_id", "township_id", "townships", "township_id"),
    ("milestones", "milestone_id", "county_id", "counties", "county_id"),
    ("test_roads", "segment_id", "segment_id", "segments", "segment_id"),
    ("segment_terms", "segment_id", "segment_id", "test_roads", "segment_id"),
    ("closed_roads", "segment_id", "segment_id", "segments", "segment_id"),
    ("ledger", "year", "county_id", "counties", "county_id"),
    ("ledger", "year", "jurisdiction_id", "jurisdictions", "jurisdiction_id"),
    ("rejected_segments", "segment_id", "segment_id", "segments", "segment_id"),
    ("fleet_wishes", "wish_id", "station_id", "stations", "station_id"),
    ("rsus", "rsu_id", "segment_id", "test_roads", "segment_id"),
    ("rsus", "rsu_id", "jurisdiction_id", "jurisdictions", "jurisdiction_id"),
    ("materials", "material_id", "segment_id", "test_roads", "segment_id"),
    ("materials", "material_id", "rsu_id", "rsus", "rsu_id"),
    ("materials", "material_id", "jurisdiction_id", "jurisdictions", "jurisdiction_id"),
    ("subsidies", "jurisdiction_id", "jurisdiction_id", "jurisdictions", "jurisdiction_id"),
    ("subsidy_years", "jurisdiction_id", "jurisdiction_id", "jurisdictions", "jurisdiction_id"),
)
"""Layer, its id, the column that refers, and the layer and column it refers to."""
TABLE_REFERENCES = (
    ("materials", "material_id", "item", "equipment"),
    ("stations", "station_id", "technology", "technologies"),
    ("stations", "station_id", "technology_before", "technologies"),
    ("stations", "station_id", "scheme", "schemes"),
    ("station_years", "station_id", "technology", "technologies"),
    ("fleet_demand", "fleet", "fleet", "fleets"),
)
"""Layer, its id, the column that refers, and the table of plan.json it refers to."""
NO_ROAD_NEAR = ""
"""What a station is given for a node where none is near; it serves nobody by road."""
NODE_LAYERS = (
    ("demand_points", "demand_id"),
    ("candidate_sites", "site_id"),
    ("stations", "station_id"),
    ("township_access", "township_id"),
    ("rsus", "rsu_id"),
    ("materials", "material_id"),
    ("fleet_wishes", "wish_id"),
)


def references_resolve(plan: PlanFiles) -> Faults:
    """Prove that ids are unique and every reference finds its row."""
    for name, keys in LIST_KEYS.items():
        frame = plan.layer(name)
        repeated = frame.duplicated(keys).to_numpy()
        yield from rows_where(frame, repeated, keys[1], f"{name} repeats a row")
    for name, id_column, column, target, target_column in REFERENCES:
        frame = plan.layer(name)
        lost = frame[column].notna() & ~frame[column].isin(plan.layer(target)[target_column])
        yield from rows_where(frame, lost, id_column, f"{name}.{column} is not in {target}")
    yield from _names_resolve(plan)
    yield from _nodes_resolve(plan)
    yield from _same_townships(plan)


def _names_resolve(plan: PlanFiles) -> Faults:
    """Prove that technologies, fleets and schemes are rows of plan.json."""
    for name, id_column, column, table in TABLE_REFERENCES:
        frame = plan.layer(name)
        lost = frame[column].notna() & ~frame[column].isin(list(plan.table(table)))
        yield from rows_where(frame, lost, id_column, f"{name}.{column} is not in {table}")


def _nodes_resolve(plan: PlanFiles) -> Faults:
    graph = plan.once(graph_of)
    for name, id_column in NODE_LAYERS:
        frame = plan.layer(name)
        named = frame["node_id"].fillna("") != NO_ROAD_NEAR
        lost = named & ~frame["node_id"].isin(graph.node_ids)
        yield from rows_where(frame, lost, id_column, f"{name}.node_id is not on any segment")


def _same_townships(plan: PlanFiles) -> Faults:
    stated = plan.layer("township_access")[["township_id", "name", "county_id"]]
    given = plan.layer("townships")[["township_id", "name", "county_id"]]
    merged = given.merge(stated, on="township_id", how="left", suffixes=("", "_stated"))
    for row in merged.itertuples():
        if pd.isna(row.name_stated):
            yield Fault("township_access leaves out a township", str(row.township_id))
        elif (row.name, row.county_id) != (row.name_stated, row.county_id_stated):
            yield Fault("township_access has another name or county", str(row.township_id))
