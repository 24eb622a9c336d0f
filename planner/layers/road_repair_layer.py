"""The layer of what would bring test roads to a target that they miss."""

from __future__ import annotations

from planner.layers.schema import Column, Layer

ROAD_REPAIRS = Layer(
    "road_repairs",
    "测试道路补救",
    "Which rule stands in the way of a target of the test roads, and what easing it yields.",
    "none",
    (
        Column("repair_id", "text", "编号", "id, the largest gain first", unique=True),
        Column("year", "integer", "年份", "year whose target is missed", "year"),
        Column(
            "rule",
            "text",
            "规则",
            "what is lifted or eased: reasons of rejected segments joined by '; ', 'every school' "
            "for all of a kind, 'open hours', 'limit NAME', or 'over target'",
        ),
        Column(
            "value",
            "number",
            "放宽至",
            "what it is eased to: km/h, hours a day, or km over the target; empty: lifted",
            nullable=True,
            minimum=0,
        ),
        Column("text_zh", "text", "中文说明", "what to do, in Chinese"),
        Column("text_en", "text", "英文说明", "what to do, in English"),
        Column(
            "gain_km",
            "number",
            "增加里程",
            "km counted that become permitted and joined to the network; for a limit or the "
            "target, by which the network grows",
            "km",
            minimum=0,
        ),
        Column(
            "gain_carriageway_km",
            "number",
            "增加里程(车行道)",
            "the same by carriageway",
            "km",
            minimum=0,
        ),
        Column(
            "equipment_cny",
            "integer",
            "装备费用",
            "equipping what of it the target misses, at what a km costs in this plan; empty "
            "where nothing is equipped",
            "CNY",
            nullable=True,
            minimum=0,
        ),
        Column(
            "confirmed",
            "boolean",
            "已验证",
            "true: a second choice reaches the target with it, or uses all of it",
        ),
    ),
)
