"""Turns the options of ``planner init`` into the one call they mean, or says why they clash."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from planner.cases import (
    CaseOptions,
    MadeCase,
    case_from_base,
    case_from_city,
    case_from_files,
    case_from_osm,
)
from planner.errors import ConfigError, Problem

WAYS = (
    "give one of: --counties FILE --roads FILE --datum D; --osm FILE --admin-level N; "
    "--city NAME (with --roads FILE --datum D, with --schematic, or online); "
    "--from CASE (with --roads FILE --datum D, or alone to copy it)"
)


@dataclass(frozen=True)
class Source:
    """What the new case shall be made from, as typed."""

    counties: str | None
    roads: str | None
    osm: Path | None
    admin_level: int
    city: str | None
    base: str | None
    datum: str
    schematic: bool


def make_case(folder: Path, source: Source, options: CaseOptions) -> MadeCase:
    """Make the case that the options name.

    Raises
    ------
    ConfigError
        If they name no source, more than one, or files without their datum.
    """
    given = [
        way for way in (source.counties, source.osm, source.city, source.base) if way is not None
    ]
    if len(given) != 1 or (source.counties is not None and source.roads is None):
        raise ConfigError(
            Problem("E-CFG-010", "the source of the case is not clear", WAYS, column="init")
        )
    if source.osm is not None:
        return case_from_osm(
            folder, osm=source.osm, admin_level=source.admin_level, options=options
        )
    if source.roads is not None and not source.datum:
        raise ConfigError(
            Problem(
                "E-CFG-011",
                "the datum of the files is not given, and it cannot be seen in the numbers: "
                "GCJ-02 looks like WGS84 and lies 300-700 m off",
                "say --datum wgs84, gcj02, bd09 or cgcs2000",
                column="--datum",
            )
        )
    if source.city is not None:
        return case_from_city(
            folder,
            city=source.city,
            roads=source.roads,
            datum=source.datum or "wgs84",
            schematic=source.schematic,
            options=options,
        )
    if source.base is not None:
        return case_from_base(
            folder,
            base=source.base,
            roads=source.roads,
            datum=source.datum or "wgs84",
            options=options,
        )
    return case_from_files(
        folder,
        counties=str(source.counties),
        roads=str(source.roads),
        datum=source.datum,
        options=options,
    )


def read_targets(texts: list[str]) -> dict[int, float] | None:
    """Read targets such as ``2027=60`` into year -> km; ``None`` where none is given.

    Raises
    ------
    ConfigError
        If one is not of that form.
    """
    targets = {}
    for text in texts:
        match = re.fullmatch(r"(20\d\d)=(\d+(?:\.\d+)?)", text.strip())
        if match is None:
            raise ConfigError(
                Problem(
                    "E-CFG-012",
                    "a target must be a year and its km",
                    "write --target 2027=60",
                    column="--target",
                    value=text,
                )
            )
        targets[int(match[1])] = float(match[2])
    return targets or None
