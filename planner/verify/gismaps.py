"""Proves that the layers made for GIS programs say what the layers they are made from say."""

from __future__ import annotations

import math
from typing import Any

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from planner.verify.faults import Fault, Faults
from planner.verify.files import GEOPACKAGE, PlanFiles

PHASES = ("before", "after")
MEASURES = (
    "demand_per_day",
    "coverage_gap_per_day",
    "capacity_gap_per_day",
    "covered_share",
    "served_share",
)
MAPS = (
    ("county_gaps_map", "county_gaps", "counties", "county_id"),
    ("township_gaps_map", "township_gaps", "townships", "township_id"),
)
CHORD_SHARE = 0.98
"""A circle drawn with straight sides reaches at least this share of its radius."""


def gis_maps_hold(plan: PlanFiles) -> Faults:
    """Prove the gaps on geometry and the areas of zones."""
    for name, source, places, key in MAPS:
        shown = _table(plan, name)
        if shown is None:
            yield Fault(f"layer {name} is missing", name)
        else:
            yield from _gap_faults(plan, shown.set_index(key), (name, source, places, key))
    areas = _table(plan, "zones_map")
    if areas is None:
        yield Fault("layer zones_map is missing", "zones_map")
    else:
        yield from _zone_faults(plan, areas)


def _table(plan: PlanFiles, name: str) -> Any:  # noqa: ANN401 - a frame
    try:
        return pyogrio.read_dataframe(plan.folder / GEOPACKAGE, layer=name)
    except (DataLayerError, DataSourceError):
        return None


def _gap_faults(plan: PlanFiles, shown: Any, about: tuple[str, str, str, str]) -> Faults:  # noqa: ANN401
    name, source, places, key = about
    gaps, ground = plan.layer(source), plan.layer(places).set_index(key)
    wanted = set(gaps[key]) if places == "townships" else set(ground.index)
    for missing in sorted(wanted ^ set(shown.index)):
        yield Fault(f"{name} has not the places of {source}", str(missing))
    cells = shown.drop(columns="geometry").to_dict("index")
    for row in gaps[gaps["phase"].isin(PHASES)].itertuples():
        place = getattr(row, key)
        for measure in MEASURES:
            said = float(getattr(row, measure))
            cell = f"{row.energy}_{row.phase}_{measure}"
            if place in cells and not _same(float(cells[place][cell]), said):
                yield Fault(f"{name}: {cell} is not that of {source}", str(place))
    for place in sorted(wanted & set(shown.index) & set(ground.index)):
        row, meant = shown.loc[place], ground.loc[place]
        if row["name"] != meant["name"] or not row.geometry.equals_exact(meant.geometry, 1e-9):
            yield Fault(f"{name} draws or names a place otherwise than {places}", str(place))


def _same(one: float, two: float) -> bool:
    return one == two or (math.isnan(one) and math.isnan(two))


def _zone_faults(plan: PlanFiles, areas: Any) -> Faults:  # noqa: ANN401
    """Prove that each area holds its zone and reaches as far around it as the zone does."""
    crs = plan.text("metric_crs")
    zones = plan.layer("zones").to_crs(crs).set_index("zone_id")
    drawn = areas.to_crs(crs).set_index("zone_id")
    for missing in sorted(set(zones.index) ^ set(drawn.index)):
        yield Fault("zones_map has not the zones of zones", str(missing))
    for zone_id in sorted(set(zones.index) & set(drawn.index)):
        zone, area = zones.loc[zone_id], drawn.loc[zone_id]
        edge = zone.geometry.distance(area.geometry.boundary)
        if zone["kind"] != area["kind"] or not area.geometry.buffer(0.01).covers(zone.geometry):
            yield Fault("zones_map draws another zone", str(zone_id))
        elif not CHORD_SHARE * zone["radius_m"] - 1 <= edge <= zone["radius_m"] + 2:
            yield Fault("zones_map draws another distance around the zone", str(zone_id))
