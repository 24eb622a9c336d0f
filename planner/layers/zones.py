"""Owns the zones and the road features: places that attract, forbid or stand at the roads."""

from __future__ import annotations

from planner.layers.schema import Column, Layer
from planner.layers.words import NAME, SOURCE, TRUST

FORBIDDING_KINDS = ("exclusion", "school", "hospital", "construction")
"""Zones whose surroundings are no test roads, always or in their hours and years."""

ZONE_KINDS = (
    "cluster",
    "test_zone",
    "mandated",
    "logistics",
    "bus",
    "taxi",
    "sanitation",
    "network_5g",
    "setback",
    "building",
    *FORBIDDING_KINDS,
)
ZONES = Layer(
    "zones",
    "区域",
    "Clusters and mandated zones to reach, exclusions and set-backs to keep clear of.",
    "Place",
    (
        Column("zone_id", "text", "编号", "id", unique=True),
        NAME,
        Column("name_en", "text", "英文名", "name in English", required=False, nullable=True),
        Column(
            "kind",
            "text",
            "类别",
            "cluster to network_5g attract; setback, exclusion, school, hospital and construction "
            "forbid; a building blocks the line of sight",
            choices=ZONE_KINDS,
        ),
        Column(
            "applies_to",
            "text",
            "适用",
            "what it concerns",
            choices=("all", "stations", "hydrogen", "test_roads"),
        ),
        Column(
            "radius_m",
            "number",
            "半径",
            "distance around the point or polygon that belongs to it",
            "m",
            minimum=0,
        ),
        Column("mandated", "boolean", "必达", "true: the test network must reach it"),
        Column(
            "closed_hours",
            "text",
            "禁行时段",
            "when it forbids, such as 07:00-09:00,16:30-18:00; empty: at all hours",
            required=False,
            nullable=True,
        ),
        Column(
            "closed_from",
            "integer",
            "禁行起始年",
            "first year in which it forbids; empty: from the start",
            "year",
            required=False,
            nullable=True,
        ),
        Column(
            "closed_to",
            "integer",
            "禁行结束年",
            "last year in which it forbids; empty: without end",
            "year",
            required=False,
            nullable=True,
        ),
        SOURCE,
        TRUST,
    ),
)

FEATURE_KINDS = ("signal", "crossing", "pole", "base_station", "bus_stop")
ROAD_FEATURES = Layer(
    "road_features",
    "道路设施",
    "Signals, crossings, stops and mounting places at the roads.",
    "Point",
    (
        Column("feature_id", "text", "编号", "id", unique=True),
        Column("kind", "text", "类别", "what it is", choices=FEATURE_KINDS),
        SOURCE,
        TRUST,
    ),
)
