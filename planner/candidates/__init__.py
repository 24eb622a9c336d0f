"""Candidate sites: where a station may open, and why elsewhere it may not."""

from planner.candidates.sites import make_candidate_sites

__all__ = ["make_candidate_sites"]
