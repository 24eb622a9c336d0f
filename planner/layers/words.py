"""Owns the words and columns that the layers of a case share: classes, energies, trust marks."""

from __future__ import annotations

from planner.layers.schema import Column

ROAD_CLASSES = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "residential",
    "service",
    "ramp",
)
"""Road classes from the highest to the lowest, in OpenStreetMap's words; links are ``ramp``."""

ENERGIES = ("charging", "swap", "truck_swap", "hydrogen")
"""``swap`` is the passenger swap, ``truck_swap`` that of heavy trucks; both count swaps."""

ENERGY_ZH = {"charging": "充电", "swap": "乘用车换电", "truck_swap": "重卡换电", "hydrogen": "加氢"}
"""The energies in Chinese, as layers say them."""

TRUST_MARKS = ("S", "D", "P", "X", "U", "estimate", "illustrative", "schematic")
"""S policy text, D official documentation, P press or repost, X secondary, U assumption."""

TRUST = Column(
    "trust", "text", "可信度", "trust mark of the row", choices=TRUST_MARKS, required=False
)
SOURCE = Column("source", "text", "来源", "where the row comes from", required=False, nullable=True)
NAME = Column("name", "text", "名称", "name as people read it", nullable=True)
