"""Asks of a case what one plan cannot say: trade-offs, alternatives and sensitivity."""

from planner.studies.alternatives import Alternatives, alternatives
from planner.studies.publish import write_study
from planner.studies.road_alternatives import RoadAlternatives, road_alternatives
from planner.studies.road_tradeoff import DEFAULT_TARGETS, RoadTradeOff, road_trade_off
from planner.studies.sensitivity import DEFAULT_KEYS, Sensitivity, sensitivity
from planner.studies.tradeoff import DEFAULT_FACTORS, TradeOff, trade_off

__all__ = [
    "DEFAULT_FACTORS",
    "DEFAULT_KEYS",
    "DEFAULT_TARGETS",
    "Alternatives",
    "RoadAlternatives",
    "RoadTradeOff",
    "Sensitivity",
    "TradeOff",
    "alternatives",
    "road_alternatives",
    "road_trade_off",
    "sensitivity",
    "trade_off",
    "write_study",
]
