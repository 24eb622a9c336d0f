"""Checks what layers say about each other: ids that must exist, places that must be inside."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import pandas as pd
import shapely

from planner.errors import Problem
from planner.inputs.findings import Findings
from planner.inputs.opened_references import check_opened
from planner.inputs.places import county_of
from planner.inputs.siting_references import check_siting_layers
from planner.inputs.zone_references import check_zones
from planner.layers import ENERGIES
from planner.scenario import Scenario

Frames = dict[str, gpd.GeoDataFrame]
LOWEST_POPULATION = 1000


def check_references(frames: Frames, findings: dict[str, Findings], scenario: Scenario) -> None:
    """Add to each layer's findings what it says wrongly about another layer."""
    ids = {
        name: set(frames[layer][name])
        for layer, name in (("counties", "county_id"), ("jurisdictions", "jurisdiction_id"))
        if layer in frames
    }
    _check_known(frames, findings, "townships", "county_id", ids.get("county_id"))
    _check_known(frames, findings, "jurisdictions", "county_id", ids.get("county_id"))
    _check_known(frames, findings, "townships", "jurisdiction_id", ids.get("jurisdiction_id", ()))
    _check_known(frames, findings, "existing_stations", "technology", scenario.technologies)
    _check_known(frames, findings, "fleet_stock", "county_id", ids.get("county_id"))
    _check_known(frames, findings, "fleet_stock", "fleet", scenario.fleets)
    check_siting_layers(frames, findings)
    if "zones" in frames:
        check_zones(frames["zones"], findings["zones"])
    if "opened_roads" in frames:
        check_opened(frames["opened_roads"], findings["opened_roads"])
    if "candidate_sites" in frames:
        _check_energies(frames["candidate_sites"], findings["candidate_sites"])
    if "counties" in frames:
        _check_population(frames["counties"], findings["counties"])
        spatial = [name for name in frames if "geometry" in frames[name].columns]
        for name in sorted(set(spatial) - {"counties"}):
            _check_inside(name, frames[name], frames["counties"], findings[name])


def milestones_elsewhere(frames: Frames, scenario: Scenario) -> list[Problem]:
    """Return the milestones that name a county which the case does not have."""
    if "counties" not in frames:
        return []
    known = sorted(frames["counties"]["county_id"])
    return [
        Problem(
            "E-REF-001",
            f"county_id {row.county_id!r} is not known; known are: {', '.join(known[:20])}",
            "mend the id, or leave county_id out for the whole city",
            file="scenario.toml",
            column=f"milestones.{name}.county_id",
            value=row.county_id,
        )
        for name, row in scenario.milestones.items()
        if row.county_id and row.county_id not in known
    ]


def road_limits_elsewhere(frames: Frames, scenario: Scenario) -> list[Problem]:
    """Return the limits of test roads that name a jurisdiction or county the case does not have.

    A layer of the case that could not be read says nothing of them.
    """
    layers = {"county_id": "counties", "jurisdiction_id": "jurisdictions"}
    found = []
    for name, row in scenario.road_limits.items():
        layer = layers.get(row.of, "")
        if not layer or (layer not in frames and layer in scenario.layers):
            continue
        known = sorted(frames[layer][row.of]) if layer in frames else []
        found += [
            Problem(
                "E-REF-001",
                f"{row.of} {value!r} is not known; known are: {', '.join(known[:20]) or 'none'}",
                f"mend the id, or add it to the layer {layer}",
                file="scenario.toml",
                column=f"road_limits.{name}.values",
                value=value,
            )
            for value in sorted(set(row.values) - set(known))
        ]
    return found


def _check_known(
    frames: Frames,
    findings: dict[str, Findings],
    layer: str,
    column: str,
    known: Iterable[str] | None,
) -> None:
    if known is None or layer not in frames:
        return
    cells = frames[layer][column]
    unknown = cells[cells.notna() & ~cells.isin(list(known))]
    for value, rows in unknown.groupby(unknown, sort=True):
        listed = ", ".join(sorted(known)[:20]) or "none"
        findings[layer].add(
            Problem(
                "E-REF-001",
                f"{column} {value!r} is not known; known are: {listed}",
                "mend the id, or add what it names",
                row=", ".join(str(row) for row in rows.index[:5]),
                column=column,
                value=str(value),
                count=len(rows),
            )
        )


def _check_energies(sites: gpd.GeoDataFrame, findings: Findings) -> None:
    words = sites["energies"].str.split(",").explode().str.strip()
    bad = words[~words.isin(ENERGIES)]
    if len(bad):
        findings.add(
            Problem(
                "E-VAL-001",
                f"energies must be of {', '.join(ENERGIES)}, separated by commas",
                "write such as charging,swap",
                row=", ".join(str(row) for row in bad.index[:5]),
                column="energies",
                value=str(bad.iloc[0]),
                count=len(bad),
            )
        )


def _check_population(counties: gpd.GeoDataFrame, findings: Findings) -> None:
    top = float(counties["population"].max())
    if top == 0:
        reason = "no county has any residents, so there is no demand to plan for"
        findings.add(Problem("E-VAL-006", reason, "fill in population", column="population"))
    elif top < LOWEST_POPULATION and len(counties) > 1:
        reason = f"the largest county has {top:g} residents: are these thousands or 万?"
        remedy = "population is in persons; check the unit"
        findings.add(Problem("W-VAL-001", reason, remedy, column="population", value=f"{top:g}"))


def _check_inside(
    layer: str, frame: gpd.GeoDataFrame, counties: gpd.GeoDataFrame, findings: Findings
) -> None:
    placed = frame[frame.geometry.notna()]
    if placed.empty:
        return
    tree = shapely.STRtree(counties.geometry.to_numpy())
    hits = set(tree.query(placed.geometry.to_numpy(), predicate="intersects")[0].tolist())
    outside = [row for place, row in enumerate(placed.index) if place not in hits]
    if len(outside) == len(placed):
        findings.add(
            Problem(
                "E-POS-001",
                "no row of the layer lies in any county",
                "check CRS, datum and the order of longitude and latitude, or take another file",
                column="geometry",
                count=len(outside),
            )
        )
    elif outside:
        findings.add(
            Problem(
                "W-POS-001",
                f"{len(outside)} of {len(placed)} rows lie outside every county",
                "they belong to no county; cut the layer at the border if this is not meant",
                row=", ".join(str(row) for row in outside[:5]),
                column="geometry",
                count=len(outside),
            )
        )
    if layer == "townships":
        _check_own_county(placed, counties, findings)


def _check_own_county(
    townships: gpd.GeoDataFrame, counties: gpd.GeoDataFrame, findings: Findings
) -> None:
    county = county_of(townships.geometry, counties)
    strayed = townships.index[county.notna() & (county != townships["county_id"])]
    if len(strayed):
        findings.add(
            Problem(
                "W-POS-002",
                f"{len(strayed)} of {len(townships)} places lie in another county than their "
                "county_id says",
                "check the places; points of gazetteers are often 1 km off",
                row=", ".join(str(row) for row in strayed[:5]),
                column="geometry",
                count=len(strayed),
            )
        )


def as_rows(findings: Iterable[Findings]) -> pd.DataFrame:
    """Return every row that was left out, in the columns of the layer ``rejected_rows``."""
    rows = [row for item in findings for row in (*item.rejected, *item.dropped)]
    return pd.DataFrame(rows, columns=["layer", "file", "row", "code", "reason"], dtype="str")
