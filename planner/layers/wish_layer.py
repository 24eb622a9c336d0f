"""The layer of places where test fleets should be able to charge: a wish, no demand."""

from __future__ import annotations

from planner.layers.schema import Column, Layer
from planner.layers.shared_columns import COUNTY_ID, JURISDICTION_ID

FLEET_WISHES = Layer(
    "fleet_wishes",
    "测试车队充电需求",
    "The fewest places from which all test roads are near a charger, and which station is there.",
    "Point",
    (
        Column("wish_id", "text", "编号", "id, the earliest year first", unique=True),
        Column("node_id", "text", "路网节点", "node of the test roads"),
        Column("year", "integer", "需要年份", "first stage with a road that it serves", "year"),
        Column("n_roads", "integer", "路段数", "test roads it serves", "segments", minimum=1),
        Column(
            "served_km",
            "number",
            "服务里程",
            "counted km of the test roads it serves; each counts at its nearest wish",
            "km",
            minimum=0,
        ),
        Column(
            "farthest_m",
            "number",
            "最远距离",
            "from the farthest point of these roads, by road to it",
            "m",
            minimum=0,
        ),
        Column(
            "can_stand",
            "boolean",
            "可设站",
            "true: not on a motorway, and in no zone that excludes stations",
        ),
        COUNTY_ID,
        JURISDICTION_ID,
        Column(
            "station_id",
            "text",
            "最近充电站",
            "nearest charging station of the target year by road; empty: none can be reached",
            nullable=True,
        ),
        Column("station_m", "number", "距离", "by road to it", "m", nullable=True, minimum=0),
        Column(
            "station_year",
            "integer",
            "建成年份",
            "year it is built; empty: it stands already",
            "year",
            nullable=True,
        ),
        Column(
            "met_year",
            "integer",
            "满足年份",
            "first year, from the one of the wish on, with a charging station near; empty: none",
            "year",
            nullable=True,
        ),
        Column("met", "boolean", "按期满足", "true: a charging station is near in its year"),
    ),
)
