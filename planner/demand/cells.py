"""Sorts the usable nodes of the network into H3 cells and tells urban cells from rural."""

from __future__ import annotations

from dataclasses import dataclass

import h3
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.network import RoadNetwork, incident_counts, usable_nodes
from planner.scenario import Scenario

JUNCTION_SEGMENTS = 3


@dataclass(frozen=True)
class Cells:
    """Usable nodes by cell, and the urban cells.

    ``nodes`` has a row for each usable node: ``row`` (of ``network.nodes``), ``county_id``
    (missing outside every county), ``cell`` (H3 index), ``is_junction``.
    """

    resolution: int
    nodes: pd.DataFrame
    urban: frozenset[str]

    def area_class(self, lon: float, lat: float) -> str:
        """Return "urban" or "rural" for a place in degrees."""
        cell = h3.latlng_to_cell(lat, lon, self.resolution)
        return "urban" if cell in self.urban else "rural"


def cells_of(network: RoadNetwork, scenario: Scenario) -> Cells:
    """Return the usable nodes by H3 cell.

    A cell is urban where it has at least ``urban_junctions_per_km2`` junctions to the
    square kilometre of its whole area; a junction is a node where three or more segments
    meet.
    """
    settings = scenario.demand
    rows = np.flatnonzero(usable_nodes(network))
    points = network.nodes.geometry.iloc[rows]
    cells = _cell_ids(points.x.to_numpy(), points.y.to_numpy(), settings.h3_resolution)
    nodes = pd.DataFrame(
        {
            "row": rows,
            "county_id": network.nodes["county_id"].iloc[rows].to_numpy(),
            "cell": cells,
            "is_junction": incident_counts(network)[rows] >= JUNCTION_SEGMENTS,
        }
    )
    junctions = nodes.groupby("cell", sort=True)["is_junction"].sum()
    urban = frozenset(
        cell
        for cell, count in junctions.items()
        if count >= settings.urban_junctions_per_km2 * h3.cell_area(cell, unit="km^2")
    )
    return Cells(settings.h3_resolution, nodes, urban)


def _cell_ids(lon: NDArray[np.float64], lat: NDArray[np.float64], resolution: int) -> list[str]:
    return [
        str(h3.latlng_to_cell(y, x, resolution))
        for x, y in zip(lon.tolist(), lat.tolist(), strict=True)
    ]
