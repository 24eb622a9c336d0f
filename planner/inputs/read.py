"""Reads every layer of a case, and says everything that is wrong with them at once."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
from pyproj import CRS

from planner.crs import metric_crs
from planner.errors import InputError, Problem
from planner.inputs.columns import named, typed
from planner.inputs.findings import Findings
from planner.inputs.formats import open_file
from planner.inputs.identity import identified
from planner.inputs.inputs import Inputs, LayerProvenance, empty_layer
from planner.inputs.paths import path_inside, sha256_of
from planner.inputs.positions import CHINA_LAT, CHINA_LON, in_wgs84
from planner.inputs.references import (
    as_rows,
    check_references,
    milestones_elsewhere,
    road_limits_elsewhere,
)
from planner.inputs.shapes import cleaned
from planner.inputs.tiling import check_tiling
from planner.layers import CASE_LAYERS, Layer, validate
from planner.scenario import LayerSource, Scenario

ATTRIBUTES = {"candidate_sites": "candidate_points"}
"""Name of a layer's attribute in :class:`Inputs`, where it is not the layer's own."""
CHINESE_CODE = r"\d{6}"


@dataclass(frozen=True)
class _Read:
    """One layer on its way: rows indexed as in the file, and what was found."""

    frame: gpd.GeoDataFrame
    path: Path
    crs: str
    rows_in: int


def read_inputs(scenario: Scenario) -> Inputs:
    """Read, check, convert and clean the layers of a case.

    Parameters
    ----------
    scenario
        Names the case folder and describes its layers.

    Returns
    -------
    Inputs
        Layers in WGS84 (EPSG:4326) that satisfy the data dictionary.

    Raises
    ------
    InputError
        With every problem of every layer, each naming file, layer, row and column.
    """
    problems = _layer_list_problems(scenario)
    findings: dict[str, Findings] = {}
    done: dict[str, _Read] = {}
    for layer in CASE_LAYERS:
        source = scenario.layers.get(layer.name)
        if source is None:
            continue
        findings[layer.name] = Findings(layer.name, source.file)
        try:
            item = _read_layer(layer, source, scenario.folder, findings[layer.name])
            if not findings[layer.name].problems:
                done[layer.name] = item
        except InputError as error:
            problems += error.problems
    frames = {name: item.frame for name, item in done.items()}
    if "counties" in frames:
        check_tiling(frames["counties"], findings["counties"])
    check_references(frames, findings, scenario)
    problems += milestones_elsewhere(frames, scenario)
    problems += road_limits_elsewhere(frames, scenario)
    problems += [problem for item in findings.values() for problem in item.problems]
    if problems:
        raise InputError(problems)
    return _inputs(scenario, done, findings)


def _layer_list_problems(scenario: Scenario) -> list[Problem]:
    known = [layer.name for layer in CASE_LAYERS]
    problems = []
    for name in scenario.layers:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"layers are: {', '.join(known)}"
            problems.append(
                Problem("E-LAY-001", f"unknown layer {name!r}", hint, "scenario.toml", name)
            )
    problems += [
        Problem(
            "E-LAY-002",
            f"the layer {layer.name} is needed and the case does not name it",
            f"add a table [layers.{layer.name}] with file, datum, source, licence and date",
            file="scenario.toml",
            layer=layer.name,
        )
        for layer in CASE_LAYERS
        if layer.required and layer.name not in scenario.layers
    ]
    return problems


def _read_layer(layer: Layer, source: LayerSource, folder: Path, findings: Findings) -> _Read:
    path = path_inside(folder, source.file, layer=layer.name)
    spatial = layer.geometry != "none"
    raw = open_file(path, findings, layer=source.layer, columns=source.columns, points=spatial)
    rows_in = len(raw.frame) + len(findings.rejected_rows())
    if spatial and "geometry" not in raw.frame.columns:
        raise findings.stop(
            Problem("E-GEO-001", "the layer has no geometry", "name the layer that has places")
        )
    if raw.frame.empty:
        return _empty(layer, path, findings)
    raw = replace(raw, frame=named(raw.frame, layer, source, findings))
    frame = typed(raw.frame, layer, source, findings)
    crs = ""
    if spatial:
        frame = in_wgs84(
            replace(raw, frame=frame), datum=source.datum, crs=source.crs, findings=findings
        )
        crs = source.crs or _crs_name(raw.crs)
        frame = cleaned(frame, layer, findings)
    frame = identified(frame, layer, findings)
    findings.check_limit(rows_in)
    _check_counties_whole(layer, findings)
    if not findings.problems:
        frame = validate(frame, layer, file=source.file)
    return _Read(frame, path, crs, rows_in)


def _crs_name(crs: CRS | None) -> str:
    epsg = crs.to_epsg() if crs is not None else None
    return f"EPSG:{epsg}" if epsg else "" if crs is None else str(crs.name)


def _empty(layer: Layer, path: Path, findings: Findings) -> _Read:
    if layer.required:
        raise findings.stop(
            Problem("E-LAY-003", f"the layer {layer.name} has no rows", "fill the layer")
        )
    findings.check_limit(len(findings.rejected_rows()))
    return _Read(empty_layer(layer), path, "", len(findings.rejected_rows()))


def _check_counties_whole(layer: Layer, findings: Findings) -> None:
    if layer.name == "counties" and findings.rejected:
        findings.add(
            Problem(
                "E-ROW-001",
                "a county cannot be used: " + findings.rejected[0]["reason"],
                "mend it; a city is planned with all of its counties",
                row=findings.rejected[0]["row"],
                count=len(findings.rejected),
            )
        )


def _inputs(scenario: Scenario, done: dict[str, _Read], findings: dict[str, Findings]) -> Inputs:
    frames = {
        ATTRIBUTES.get(layer.name, layer.name): (
            done[layer.name].frame.reset_index(drop=True)
            if layer.name in done
            else empty_layer(layer)
        )
        for layer in CASE_LAYERS
    }
    provenance = tuple(
        _provenance(name, item, scenario.layers[name], findings[name])
        for name, item in done.items()
    )
    return Inputs(
        **frames,
        provenance=provenance,
        rejected_rows=as_rows(findings.values()),
        warnings=tuple(warning for item in findings.values() for warning in item.warnings),
        metric_crs=_metric_crs(frames["counties"]),
    )


def _provenance(name: str, item: _Read, source: LayerSource, findings: Findings) -> LayerProvenance:
    used = set(item.frame.index.astype(str))
    return LayerProvenance(
        layer=name,
        file=source.file,
        sha256=sha256_of(item.path),
        source=source.source,
        licence=source.licence,
        date=source.date,
        datum=source.datum,
        crs=item.crs,
        synthetic=source.synthetic,
        trust=source.trust,
        rows_in=item.rows_in,
        rows_used=len(item.frame),
        rows_repaired=len(findings.repaired & used),
        rows_rejected=item.rows_in - len(item.frame),
        notes=tuple(findings.notes),
    )


def _metric_crs(counties: gpd.GeoDataFrame) -> CRS:
    west, south, east, north = (float(value) for value in counties.total_bounds)
    lon, lat = (west + east) / 2, (south + north) / 2
    boxed = CHINA_LON[0] < lon < CHINA_LON[1] and CHINA_LAT[0] < lat < CHINA_LAT[1]
    coded = bool(counties["county_id"].str.fullmatch(CHINESE_CODE).all())
    return metric_crs((west, south, east, north), china=boxed and coded)
