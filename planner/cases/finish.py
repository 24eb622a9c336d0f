"""Completes a draft with what follows from its counties and roads, and writes it."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import shapely

from planner.cases.draft import CaseOptions, Draft, Origin, as_layer
from planner.cases.folder import MadeCase, write_case
from planner.cases.residents import with_residents
from planner.errors import InputError, Problem


def finished(folder: Path, draft: Draft, options: CaseOptions, hint: str = "") -> MadeCase:
    """Complete a draft and write the case."""
    completed(draft, options)
    return write_case(folder, draft, options, hint)


def completed(draft: Draft, options: CaseOptions) -> None:
    """Leave out roads elsewhere, fill in residents, and jurisdictions where there are none."""
    counties, roads = draft.layers["counties"].frame, draft.layers["roads"].frame
    kept = _touching(roads, counties, draft)
    draft.replace_frame("roads", kept)
    counties, warnings = with_residents(counties, kept, options.population)
    draft.warnings += warnings
    draft.replace_frame("counties", counties.sort_values("county_id"))
    if "jurisdictions" in draft.layers:
        return
    rows = [
        {
            "jurisdiction_id": row.county_id,
            "name": row.name,
            "name_en": row.name_en,
            "kind": "county",
            "county_id": row.county_id,
            "source": "one jurisdiction per county, as planner init makes them",
            "trust": "U",
        }
        for row in draft.layers["counties"].frame.itertuples(index=False)
    ]
    origin = Origin("one jurisdiction per county", "CC0-1.0", "not applicable", trust="U")
    draft.put("jurisdictions", as_layer("jurisdictions", rows), origin)


def _touching(
    roads: gpd.GeoDataFrame, counties: gpd.GeoDataFrame, draft: Draft
) -> gpd.GeoDataFrame:
    tree = shapely.STRtree(counties.geometry.to_numpy())
    inside = sorted(set(tree.query(roads.geometry.to_numpy(), predicate="intersects")[0].tolist()))
    if not inside:
        raise InputError(
            Problem(
                "E-POS-001",
                "no road lies in any county",
                "check that both files show the same city, and their datum and CRS",
                layer="roads",
            )
        )
    if len(inside) < len(roads):
        draft.notes.append(f"{len(roads) - len(inside)} roads outside every county left out")
    return roads.iloc[inside]
