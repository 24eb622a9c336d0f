"""Makes a case from another one: with real roads, without what was made up, or as a copy."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd

from planner.cases.copied import copy_case
from planner.cases.datum import check_datum
from planner.cases.draft import CaseOptions, Draft, Origin
from planner.cases.finish import completed
from planner.cases.folder import MadeCase, refuse_occupied, write_case
from planner.cases.fromfiles import put_roads
from planner.inputs import read_inputs
from planner.layers import CASE_LAYERS
from planner.scenario import Scenario, load_scenario

DEFAULTS = CaseOptions()
REMARK = re.compile(r"[((][^()()]*[))]$")
"""What a title says of its roads, as in 南昌市(示意路网): no longer true of real ones."""
SITES_OF = {
    "candidate_sites": ("", "site_id"),
    "existing_stations": ("x-", "station_id"),
    "townships": ("t-", "township_id"),
    "zones": ("z-", "zone_id"),
}
"""How the ids of candidate sites follow from the rows of a case."""
ATTRIBUTES = {"candidate_sites": "candidate_points"}
"""Layers whose name among the inputs is another."""


def case_from_base(
    folder: str | Path,
    *,
    base: str | Path,
    roads: str | Path | None = None,
    datum: str = "wgs84",
    options: CaseOptions = DEFAULTS,
) -> MadeCase:
    """Make a case with the layers and settings of another, but with real roads.

    Without roads it is a copy (:func:`planner.cases.copied.copy_case`). Layers that the base
    case marks as synthetic are left out, for a real network shall not be planned around made-up
    stations: bring your own.

    Parameters
    ----------
    folder
        Where the case shall be.
    base
        Case folder, or the name of one that ships, such as ``nanchang``.
    roads
        A road file; where omitted, the case is copied as it is.
    datum
        Of the road file.
    options
        Names, targets, population.

    Raises
    ------
    ConfigError
        If there is no such base case.
    InputError
        If roads cannot be read.
    OutputError
        If the folder is occupied or cannot be written.
    """
    check_datum(datum)
    refuse_occupied(Path(folder))
    if roads is None:
        return copy_case(folder, base, options)
    scenario = load_scenario(base)
    draft = _draft_of(scenario)
    put_roads(draft, roads, datum, options)
    completed(draft, options)
    if not options.title_zh:
        zh, en = (REMARK.sub("", t).strip() for t in (scenario.title_zh, scenario.title_en))
        options = replace(options, title_zh=zh, title_en=en)
    return write_case(Path(folder), draft, options, settings_from=scenario.folder)


def _draft_of(scenario: Scenario) -> Draft:
    inputs, draft = read_inputs(scenario), Draft()
    for layer in CASE_LAYERS:
        source = scenario.layers.get(layer.name)
        if source is None or layer.name == "roads":
            continue
        if source.synthetic:
            draft.notes.append(f"{layer.name} of the base case are made up and left out")
            continue
        frame = getattr(inputs, ATTRIBUTES.get(layer.name, layer.name))
        if "trust" in frame.columns:
            frame = frame[frame["trust"] != "illustrative"]
        if layer.name == "reviews":
            frame = _of_kept_sites(frame, draft)
        draft.put(
            layer.name,
            pd.DataFrame(frame) if layer.geometry == "none" else frame,
            Origin(source.source, source.licence, source.date, source.trust),
        )
    return draft


def _of_kept_sites(reviews: pd.DataFrame, draft: Draft) -> pd.DataFrame:
    """Leave out reviews of sites that the new case does not have, as junctions of other roads."""
    kept = {
        prefix + place
        for layer, (prefix, column) in SITES_OF.items()
        if layer in draft.layers
        for place in draft.layers[layer].frame[column]
    }
    known = reviews["site_id"].isin(kept)
    if not known.all():
        draft.notes.append(f"{(~known).sum()} reviews of sites of the base case left out")
    return reviews[known]
