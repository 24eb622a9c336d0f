"""Asks of a case what one plan cannot say: trade-offs, alternatives and sensitivity."""

from planner.studies.alternatives import Alternatives, alternatives
from planner.studies.publish import write_study
from planner.studies.sensitivity import DEFAULT_KEYS, Sensitivity, sensitivity
from planner.studies.tradeoff import DEFAULT_FACTORS, TradeOff, trade_off

__all__ = [
    "DEFAULT_FACTORS",
    "DEFAULT_KEYS",
    "Alternatives",
    "Sensitivity",
    "TradeOff",
    "alternatives",
    "sensitivity",
    "trade_off",
    "write_study",
]
