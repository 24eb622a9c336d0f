"""Puts the layers of the toy city together."""

import pandas as pd
import toy_equipment
import toy_ledger
import toy_marks
import toy_milestones
import toy_network
import toy_road_repairs
import toy_scores
import toy_siting
import toy_ways
import toy_wishes
from toy_city import (
    county_layers,
    demand_layer,
    other_layers,
    road_layers,
    segment_layer,
)
from toy_reasons import reason_layer


def toy_layers():
    """Return every layer of the toy plan by its name."""
    made = decided_layers()
    milestones = toy_milestones.milestone_layer(made["county_gaps"], made["township_access"])
    return made | {"milestones": milestones}


def decided_layers():
    """Return the layers but for the milestones, which are counted from the others."""
    counties, townships, jurisdictions = county_layers()
    zones, supply, opened = other_layers()
    zones = toy_scores.with_zones(zones)
    segments = segment_layer(townships)
    points = demand_layer(townships, segments)
    sites, years = toy_siting.site_layer(townships), toy_siting.year_layer()
    stations = toy_siting.station_layer(sites, years)
    assignments, covered = toy_siting.served(points, stations, years, segments, counties)
    stations, years = toy_siting.with_service(stations, years, assignments)
    roads, rejected = road_layers(segments)
    roads = toy_scores.scored(roads)
    closed = toy_ledger.closed_layer(segments)
    units = toy_equipment.unit_layer(roads)
    materials = toy_equipment.material_layer(roads, units)
    subsidy_years = toy_equipment.year_layer(materials, jurisdictions)
    parts = (points, counties, assignments, covered)
    located = sorted(points["township_id"].unique())
    made = {
        "counties": counties, "townships": townships, "jurisdictions": jurisdictions,
        "zones": zones, "supply_nodes": supply, "opened_roads": opened, "segments": segments,
        "reviews": pd.concat([toy_ways.review_layer(), toy_marks.site_rows()], ignore_index=True),
        "road_reviews": toy_marks.road_rows(), "review_log": toy_marks.log_layer(),
        "trips": toy_ways.trip_layer(),
        "fleet_stock": toy_siting.stock_layer(),
        "fleet_demand": toy_siting.fleet_layer(points, counties),
        "demand_points": points, "candidate_sites": sites, "stations": stations,
        "station_years": years, "supply_upgrades": pd.DataFrame([toy_siting.UPGRADE]),
        "assignments": assignments,
        "county_gaps": toy_siting.gap_layer("county_id", list(counties["county_id"]), *parts),
        "township_gaps": toy_siting.gap_layer("township_id", located, *parts),
        "township_access": toy_siting.access_layer(townships, stations, years, segments),
        "highway_access": toy_ways.highway_layer(segments, stations, years),
        "repairs": repair_layer(),
        "road_repairs": toy_road_repairs.no_repairs(),
        "trip_access": toy_ways.trip_access_layer(segments, stations, years),
        "fleet_wishes": toy_wishes.wish_layer(roads, stations, segments),
        "road_features": toy_scores.feature_layer(),
        "segment_terms": toy_scores.terms_of(roads),
        "road_limits": toy_network.limit_layer(roads),
        "centrelines": toy_ledger.centreline_layer(segments),
        "closed_roads": closed, "ledger": toy_ledger.ledger_layer(roads, closed),
        "test_roads": roads, "rejected_segments": rejected, "rsus": units,
        "materials": materials, "subsidy_years": subsidy_years,
        "subsidies": toy_equipment.subsidy_layer(roads, units, subsidy_years, jurisdictions),
        "rejected_rows": pd.DataFrame(
            [("townships", "townships.csv", "7", "E-VAL-001", "no code")],
            columns=["layer", "file", "row", "code", "reason"],
        ),
    }  # fmt: skip
    return made | {"site_reasons": reason_layer(made)}


def repair_layer():
    """Return one priced repair, confirmed."""
    row = ("township_charging", "", "", "增加一座站点", "one site more", 800000.0, True)
    names = ["rule_id", "where_id", "where_name", "text_zh", "text_en", "cost_cny", "confirmed"]
    return pd.DataFrame([row], columns=names)
