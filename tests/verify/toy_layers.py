"""Puts the layers of the toy city together."""

import numpy as np
import pandas as pd
import toy_siting
import toy_ways
from toy_city import (
    county_layers,
    demand_layer,
    other_layers,
    road_layers,
    segment_layer,
    subsidy_layer,
    unit_layer,
)


def toy_layers():
    """Return every layer of the toy plan by its name."""
    counties, townships, jurisdictions = county_layers()
    zones, supply, opened = other_layers()
    segments = segment_layer(townships)
    points = demand_layer(townships, segments)
    sites, years = toy_siting.site_layer(townships), toy_siting.year_layer()
    stations = toy_siting.station_layer(sites, years)
    assignments, covered = toy_siting.served(points, stations, years, segments, counties)
    stations, years = toy_siting.with_service(stations, years, assignments)
    roads, rejected = road_layers(segments)
    units = unit_layer(roads)
    parts = (points, counties, assignments, covered)
    located = sorted(points["township_id"].unique())
    return {
        "counties": counties, "townships": townships, "jurisdictions": jurisdictions,
        "zones": zones, "supply_nodes": supply, "opened_roads": opened, "segments": segments,
        "reviews": toy_ways.review_layer(), "trips": toy_ways.trip_layer(),
        "fleet_stock": toy_siting.stock_layer(),
        "fleet_demand": toy_siting.fleet_layer(points, counties),
        "demand_points": points, "candidate_sites": sites, "stations": stations,
        "station_years": years, "supply_upgrades": pd.DataFrame([toy_siting.UPGRADE]),
        "assignments": assignments,
        "county_gaps": toy_siting.gap_layer("county_id", list(counties["county_id"]), *parts),
        "township_gaps": toy_siting.gap_layer("township_id", located, *parts),
        "township_access": toy_siting.access_layer(townships, stations, years, segments),
        "highway_access": toy_ways.highway_layer(segments, stations, years),
        "site_reasons": reason_layer(sites, stations), "repairs": repair_layer(),
        "trip_access": toy_ways.trip_access_layer(segments, stations, years),
        "test_roads": roads, "rejected_segments": rejected, "rsus": units,
        "subsidies": subsidy_layer(roads, units, jurisdictions),
        "rejected_rows": pd.DataFrame(
            [("townships", "townships.csv", "7", "E-VAL-001", "no code")],
            columns=["layer", "file", "row", "code", "reason"],
        ),
    }  # fmt: skip


def reason_layer(sites, stations):
    """Return a reason for each energy of each accepted site."""
    stands = set(zip(stations["site_id"], stations["energy"], strict=True))
    rows = [
        (site.site_id, energy, (site.site_id, energy) in stands, "why / 理由")
        for site in sites[sites["status"] == "accepted"].itertuples()
        for energy in site.energies.split(",")
    ]
    frame = pd.DataFrame(rows, columns=["site_id", "energy", "chosen", "reason"])
    return frame.assign(lost_per_day=np.nan, rival_site_id=None, replacement_cny=np.nan)


def repair_layer():
    """Return one priced repair, confirmed."""
    row = ("township_charging", "", "", "增加一座站点", "one site more", 800000.0, True)
    names = ["rule_id", "where_id", "where_name", "text_zh", "text_en", "cost_cny", "confirmed"]
    return pd.DataFrame([row], columns=names)
