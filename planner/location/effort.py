"""Holds how long and how hard a location model may try."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """Limits of one call; the same limits give the same answer unless the clock stops it.

    Parameters
    ----------
    time_limit_s
        Seconds for all solves of the call together.
    mip_gap
        Relative gap between objective and bound at which the search stops.
    threads, seed
        Handed to the solver; the seed also drives the local search.
    rounds
        Kicks of the local search on problems too large for an exact solve.
    """

    time_limit_s: float = 60.0
    mip_gap: float = 1e-4
    threads: int = 1
    seed: int = 0
    rounds: int = 3000


DEFAULT = Effort()
"""What a model gets when nobody says otherwise."""
