"""Proves a plan folder again from its files alone, with no code of the rooms that made it."""

from planner.verify.certificate import Certificate, Check
from planner.verify.examine import certify, verify_plan

__all__ = ["Certificate", "Check", "certify", "verify_plan"]
