"""Refuses a datum nobody knows before any file is opened."""

from __future__ import annotations

from typing import get_args

from planner.errors import ConfigError, Problem
from planner.scenario.rows import Datum

DATUMS: tuple[str, ...] = get_args(Datum)


def check_datum(datum: str) -> None:
    """Raise ConfigError unless the datum is one of those the program converts."""
    if datum not in DATUMS:
        raise ConfigError(
            Problem(
                "E-CFG-022",
                f"the datum must be one of {', '.join(DATUMS)}",
                "say what the degrees of the files mean; web maps of China use gcj02 or bd09",
                column="--datum",
                value=datum,
            )
        )
