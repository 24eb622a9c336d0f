"""Makes the demand points: the residents of each county, spread over its roads."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from planner.crs import WGS84
from planner.demand.cells import Cells, cells_of
from planner.demand.years import DECIMALS, demand_by_year
from planner.inputs import Inputs, locate
from planner.layers import DEMAND_POINTS, ENERGIES
from planner.network import RoadNetwork
from planner.scenario import Scenario


def make_demand_points(
    inputs: Inputs, network: RoadNetwork, scenario: Scenario
) -> gpd.GeoDataFrame:
    """Return one demand point for each H3 cell and county where usable roads meet.

    The point stands on the usable node nearest to the mean of those of its cell and
    county. The residents of a county are spread over its cells by their junctions (by
    their nodes in a county without any junction): an assumption, as good as the road data
    are complete. A county with residents but no usable node keeps one point without a
    node, so that its demand is not lost, only never covered. The demand is that of the
    target year.

    Returns
    -------
    geopandas.GeoDataFrame
        Satisfies ``layers.DEMAND_POINTS``, EPSG:4326, sorted by ``demand_id``, RangeIndex.

    Raises
    ------
    InputError
        As :func:`planner.demand.demand_rates`.
    """
    cells = cells_of(network, scenario)
    on_road = _on_road(cells, network, inputs)
    off_road = _off_road(on_road["county_id"], cells, inputs)
    points = pd.concat([on_road, off_road], ignore_index=True) if len(off_road) else on_road
    points = points.sort_values("demand_id", ignore_index=True)
    points["population"] = _population(points, inputs.counties)
    target = demand_by_year(points, inputs, scenario)[-1]
    points[[f"{energy}_per_day" for energy in ENERGIES]] = target
    frame = gpd.GeoDataFrame(points, geometry="geometry", crs=WGS84)
    return frame[[*DEMAND_POINTS.column_names(), "geometry"]]


def _on_road(cells: Cells, network: RoadNetwork, inputs: Inputs) -> pd.DataFrame:
    members = cells.nodes[cells.nodes["county_id"].notna()]
    has_junction = members.groupby("county_id")["is_junction"].transform("any")
    weight = members["is_junction"].where(has_junction, other=True).astype("int64")
    members = members.assign(weight=weight, off_m=_off_mean_m(members, network, inputs))
    members = members.sort_values(["county_id", "cell", "off_m", "row"])
    groups = members.groupby(["county_id", "cell"], sort=True)
    points = groups.agg(weight=("weight", "sum"), row=("row", "first")).reset_index()
    points = points[points["weight"] > 0]
    nodes = network.nodes.iloc[points["row"].to_numpy()]
    points["node_id"] = nodes["node_id"].to_numpy()
    points["township_id"] = nodes["township_id"].to_numpy()
    points["geometry"] = nodes.geometry.to_numpy()
    points["area_class"] = np.where(points["cell"].isin(cells.urban), "urban", "rural")
    # Trailing f's of an H3 index only pad it.
    points["demand_id"] = "d-" + points["cell"].str.rstrip("f") + "-" + points["county_id"]
    return points


def _off_mean_m(members: pd.DataFrame, network: RoadNetwork, inputs: Inputs) -> NDArray[np.float64]:
    """Return how far each node lies from the mean of its cell and county, to the millimetre."""
    places = network.nodes.geometry.iloc[members["row"].to_numpy()].to_crs(inputs.metric_crs)
    xy = pd.DataFrame(shapely.get_coordinates(places.to_numpy()), index=members.index)
    mean = xy.groupby([members["county_id"], members["cell"]]).transform("mean")
    return np.asarray(np.hypot(xy[0] - mean[0], xy[1] - mean[1]).round(3), dtype=np.float64)


def _off_road(reached: pd.Series, cells: Cells, inputs: Inputs) -> pd.DataFrame:
    """Return a point without a node for each county with residents that has none on a road."""
    counties = inputs.counties
    lost = counties[(counties["population"] > 0) & ~counties["county_id"].isin(reached)]
    places = gpd.GeoSeries(lost.geometry.representative_point(), crs=WGS84)
    return pd.DataFrame(
        {
            "county_id": lost["county_id"],
            "weight": 1,
            "node_id": None,
            "township_id": locate(places, inputs)["township_id"],
            "geometry": places,
            "area_class": [cells.area_class(place.x, place.y) for place in places],
            "demand_id": "d-offroad-" + lost["county_id"],
        }
    )


def _population(points: pd.DataFrame, counties: gpd.GeoDataFrame) -> pd.Series:
    residents = points["county_id"].map(counties.set_index("county_id")["population"])
    share = points["weight"] / points.groupby("county_id")["weight"].transform("sum")
    return (residents * share).round(DECIMALS)
