"""Field names of at most ten plain characters for shapefiles, the same in every export."""

from __future__ import annotations

import hashlib
import re

from planner import layers
from planner.layers import Layer
from planner.outputs.gis_layers import MEASURES, PHASES, gap_column

LONGEST = 10
SHORT = {
    "annual_cost_cny": "annual_cny",
    "capacity_per_day": "capac_day",
    "capital_cny": "capitl_cny",
    "carriageway_m": "carriage_m",
    "centreline_id": "centre_id",
    "centreline_m": "centre_m",
    "charging_per_day": "charge_day",
    "closed_from": "close_from",
    "closed_hours": "close_hrs",
    "closed_year": "close_year",
    "complexity_grade": "grade",
    "corridor_id": "corrid_id",
    "cost_per_unit_cny": "unitc_cny",
    "direction_en": "direct_en",
    "direction_zh": "direct_zh",
    "distance_after_m": "dist_aft_m",
    "distance_before_m": "dist_bef_m",
    "equipped_year": "equip_year",
    "first_year_met": "year_met",
    "headroom_kw": "headrm_kw",
    "hydrogen_per_day": "h2_day",
    "jurisdiction_id": "jurisd_id",
    "largest_gap_after_m": "gap_aft_m",
    "largest_gap_before_m": "gap_bef_m",
    "max_power_kw": "max_kw",
    "n_units_before": "units_bef",
    "opened_before": "open_befor",
    "opened_year": "open_year",
    "opex_cny_per_year": "opex_cny",
    "parking_places": "parking",
    "population_source": "pop_source",
    "population_trust": "pop_trust",
    "refuelled_after": "refuel_aft",
    "refuelled_before": "refuel_bef",
    "segment_ids": "segm_ids",
    "served_per_day": "served_day",
    "station_year": "stat_year",
    "supply_node_id": "supply_id",
    "swap_per_day": "swap_day",
    "technology_before": "techn_bef",
    "township_id": "townsh_id",
    "trips_per_day": "trips_day",
    "truck_swap_per_day": "tswap_day",
    "uncovered_after_m": "unc_aft_m",
    "uncovered_before_m": "unc_bef_m",
    "upgrade_cost_cny": "upgr_cny",
    "upgrade_lead_years": "upgr_lead",
    "waiting_min": "wait_min",
}
ENERGY = {"charging": "ch", "swap": "sw", "truck_swap": "ts", "hydrogen": "h2"}
PHASE = {"before": "b", "after": "a"}
MEASURE = dict(zip(MEASURES, ("dem", "covg", "capg", "covs", "srvs"), strict=True))
GAPS = {
    gap_column(energy, phase, measure): f"{ENERGY[energy]}_{PHASE[phase]}_{MEASURE[measure]}"
    for energy in layers.ENERGIES
    for phase in PHASES
    for measure in MEASURES
}


def short_name(column: str) -> str:
    """Return the field name of a column: its own if it fits, the fixed one, else a made one.

    A made name is the start of the column and three digits of its SHA-256, so that it is the
    same in every export.

    Examples
    --------
    >>> short_name("name"), short_name("jurisdiction_id"), short_name("charging_after_served_share")
    ('name', 'jurisd_id', 'ch_a_srvs')
    """
    known = SHORT.get(column) or GAPS.get(column)
    if known:
        return known
    if len(column) <= LONGEST and column.isascii():
        return column
    start = re.sub(r"\W", "", column.encode("ascii", "ignore").decode())[:6]
    return f"{start}_{hashlib.sha256(column.encode()).hexdigest()[:3]}"


def short_names(layer: Layer) -> dict[str, str]:
    """Return the field name of every column of a layer, all different.

    Raises
    ------
    ValueError
        If two columns would share a name: one of them needs a row in ``SHORT``.
    """
    names = {column.name: short_name(column.name) for column in layer.columns}
    if len({name.lower() for name in names.values()}) < len(names):
        message = f"two columns of {layer.name} share a short name"
        raise ValueError(message)
    return names
