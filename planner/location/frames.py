"""The front for GeoDataFrames: layers in, a cost matrix out, and choices back as layers."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist

from planner.crs import WGS84, metric_crs
from planner.crs.metric import CHINA
from planner.errors import InputError, Problem
from planner.location.choice import Choice, Ints
from planner.location.frlm import FlowChoice
from planner.location.reach import Floats, first_rows

Matrix = ArrayLike | Callable[[gpd.GeoDataFrame, gpd.GeoDataFrame], ArrayLike]
"""Costs of all pairs, or what makes them of the two layers."""


def cost_matrix(
    demand: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    *,
    by_road: Matrix | None = None,
    limit_m: float | None = None,
) -> Floats:
    """Return (n, m) metres from each demand point to each site.

    Straight lines in the metric CRS of the layers' extent (CGCS2000 3-degree zone in and
    around China, elsewhere UTM), or the distances by road that are given.

    Parameters
    ----------
    demand, sites
        Points, one a row, both in the same CRS, whichever it is.
    by_road
        (n, m) metres by road in the order of the rows, or a function of the two layers
        that returns them, such as one around ``planner.network.distance_table``.
    limit_m
        Longer distances become infinite: such a site does not serve the point.

    Raises
    ------
    InputError
        ``E-LOC-071`` for a layer without CRS, ``E-LOC-072`` for two CRSs, ``E-LOC-073``
        for what is no point, ``E-LOC-074`` for a matrix of another shape or with a
        negative distance.

    Examples
    --------
    Two of three sites for four villages, each within 1.5 km of its site:

    >>> from planner.location import mclp, within
    >>> villages = gpd.GeoDataFrame(
    ...     {"people": [300.0, 500.0, 200.0, 400.0]},
    ...     geometry=gpd.points_from_xy([115.80, 115.81, 115.90, 115.99], [28.6] * 4),
    ...     crs="EPSG:4326",
    ... )
    >>> places = gpd.GeoDataFrame(
    ...     geometry=gpd.points_from_xy([115.805, 115.90, 115.98], [28.6] * 3),
    ...     index=["A", "B", "C"],
    ...     crs="EPSG:4326",
    ... )
    >>> metres = cost_matrix(villages, places)
    >>> metres[0].round().tolist()
    [489.0, 9783.0, 17609.0]
    >>> choice = mclp(within(metres, 1500), villages["people"], p=2)
    >>> located(choice, places).index.tolist()
    ['A', 'C']
    >>> assigned(choice, villages, places)["site"].fillna("-").tolist()
    ['A', 'A', '-', 'C']
    """
    _check_layers(demand, sites)
    if by_road is None:
        metres = _straight(demand, sites)
    else:
        given = by_road(demand, sites) if callable(by_road) else by_road
        metres = _checked(np.array(given, dtype=np.float64), (len(demand), len(sites)))
    if limit_m is not None:
        metres[metres > limit_m] = np.inf
    return metres


def located(choice: Choice | FlowChoice, sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the chosen rows of the sites, with their columns, index and CRS.

    Raises
    ------
    InputError
        ``E-LOC-075`` if the choice was made among other sites.
    """
    _check_rows(choice.sites, len(sites))
    return sites.iloc[choice.sites].copy()


def assigned(
    choice: Choice, demand: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, *, column: str = "site"
) -> gpd.GeoDataFrame:
    """Return the demand points with the index label of the site that each is assigned to.

    Parameters
    ----------
    choice
        Made from these layers, in this order of rows.
    demand, sites
        The layers.
    column
        Name of the new column, missing where a point has no site; one that is there
        already is replaced.

    Raises
    ------
    InputError
        ``E-LOC-075`` if the choice was made of other layers.
    """
    _check_rows(choice.assigned, len(sites))
    if len(choice.assigned) != len(demand):
        raise InputError(_of_other_layers(f"{len(choice.assigned)} demand points"))
    labels = pd.Series(sites.index)
    whole = pd.api.types.is_integer_dtype(labels.dtype)
    labels = labels.astype("Int64") if whole else labels
    found = labels.reindex(choice.assigned)
    found.index = demand.index
    return demand.assign(**{column: found})


def _straight(demand: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> Floats:
    if demand.empty or sites.empty:
        return np.zeros((len(demand), len(sites)))
    both = [layer.geometry.to_crs(WGS84) for layer in (demand, sites)]
    bounds = np.array([part.total_bounds for part in both])
    west, south = bounds[:, :2].min(axis=0).tolist()
    east, north = bounds[:, 2:].max(axis=0).tolist()
    boxed = west >= CHINA[0] and south >= CHINA[1] and east <= CHINA[2] and north <= CHINA[3]
    crs = metric_crs((west, south, east, north), china=boxed)
    start, end = (shapely.get_coordinates(part.to_crs(crs).to_numpy()) for part in both)
    return np.asarray(cdist(start, end), dtype=np.float64)


def _check_layers(demand: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> None:
    problems = []
    for name, layer in (("demand", demand), ("sites", sites)):
        if layer.crs is None:
            problems.append(
                Problem(
                    "E-LOC-071",
                    "the layer has no coordinate reference system",
                    "state it with set_crs, such as EPSG:4326",
                    layer=name,
                )
            )
        shapes = layer.geometry
        wrong = np.flatnonzero(
            (shapes.isna() | shapes.is_empty | (shapes.geom_type != "Point")).to_numpy()
        )
        if wrong.size:
            problems.append(
                Problem(
                    "E-LOC-073",
                    "a row is no point",
                    "leave out rows without a place; take representative_point() of areas",
                    layer=name,
                    row=first_rows(wrong),
                    column="geometry",
                    count=wrong.size,
                )
            )
    if not problems and demand.crs != sites.crs:
        problems.append(
            Problem(
                "E-LOC-072",
                "the two layers have different coordinate reference systems",
                "bring one to the other's with to_crs",
                layer="sites",
                value=f"{demand.crs.to_string()}, {sites.crs.to_string()}",
            )
        )
    if problems:
        raise InputError(problems)


def _checked(metres: Floats, shape: tuple[int, int]) -> Floats:
    if metres.shape != shape or (metres < 0).any():
        raise InputError(
            Problem(
                "E-LOC-074",
                f"{shape[0]} x {shape[1]} distances of at least 0 are needed",
                "give one row for each demand point and one column for each site",
                column="by_road",
                value=str(metres.shape),
            )
        )
    metres[np.isnan(metres)] = np.inf
    return metres


def _check_rows(rows: Ints, n_sites: int) -> None:
    if len(rows) and not -1 <= rows.min() <= rows.max() < n_sites:
        raise InputError(_of_other_layers(f"site {rows.max()}"))


def _of_other_layers(value: str) -> Problem:
    return Problem(
        "E-LOC-075",
        "the choice was not made from these layers",
        "give the layers that the costs were made of, in the same order",
        column="choice",
        value=value,
    )
