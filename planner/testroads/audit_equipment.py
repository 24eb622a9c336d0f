"""Owns the second look at the equipment: units, cover, bill of materials, budgets and subsidy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.scenario import Scenario
from planner.testroads.equipment import Equipment
from planner.testroads.subsidy import granted


@dataclass(frozen=True)
class Bought:
    """The equipment and its money: ``layers.SUBSIDIES`` and ``layers.SUBSIDY_YEARS``."""

    equipment: Equipment
    subsidies: pd.DataFrame
    subsidy_years: pd.DataFrame


def units_stand(test_roads: gpd.GeoDataFrame, bought: Bought) -> Iterator[str]:
    """Yield what is wrong with where and when the units stand."""
    rsus = bought.equipment.rsus
    equipped = test_roads[test_roads["equipped"]].set_index("segment_id")
    if not set(rsus["segment_id"]) <= set(equipped.index):
        yield "a roadside unit stands on a road that is not equipped"
        return
    if rsus["rsu_id"].duplicated().any():
        yield "two roadside units share an id"
    years = equipped.loc[rsus["segment_id"].to_numpy(), "equipped_year"].to_numpy()
    if (years != rsus["stage_year"].to_numpy()).any():
        yield "a unit is bought in another year than its road is equipped"
    before = equipped["opened_before"].to_numpy(dtype=bool)
    early = ~before & (equipped["equipped_year"] < equipped["stage_year"]).to_numpy()
    if early.any():
        yield "a road is equipped before it is opened"


def roads_covered(test_roads: gpd.GeoDataFrame, bought: Bought) -> Iterator[str]:
    """Yield the equipped roads and junctions that no unit sees."""
    places, rsus = bought.equipment.places, bought.equipment.rsus
    lines = places.sight.lines
    if [line.from_node for line in lines] != test_roads["from_node"].tolist():
        yield "the units were chosen for other roads"
        return
    seen = {line.row: np.zeros(len(line.points) - 1, dtype=bool) for line in lines}
    nodes: set[str] = set()
    for node in rsus["node_id"].dropna():
        view = places.view(str(node))
        nodes |= view.nodes
        for row, first, last in view.stretches:
            seen[row][first:last] = True
    number = {str(name): row for row, name in enumerate(test_roads["segment_id"])}
    apart = rsus[rsus["node_id"].isna()]
    at = np.column_stack([point.ravel() for point in _metres(apart, bought)])
    for name, place in zip(apart["segment_id"], at, strict=True):
        row = number[str(name)]
        point = int(np.argmin(np.hypot(*(lines[row].points - place).T)))
        begins, ends = places.reach(row)
        seen[row][begins[point] : ends[point]] = True
    for row in np.flatnonzero(test_roads["equipped"].to_numpy(dtype=bool)).tolist():
        if not seen[row].all():
            yield f"a part of segment {test_roads['segment_id'].iloc[row]} is seen by no unit"
        if set(places.ends(row)) - nodes:
            yield f"a junction of segment {test_roads['segment_id'].iloc[row]} is seen by no unit"


def _metres(apart: gpd.GeoDataFrame, bought: Bought) -> tuple[np.ndarray, np.ndarray]:
    points = apart.geometry.to_crs(bought.equipment.metric_crs)
    return points.x.to_numpy(), points.y.to_numpy()


def bill_adds_up(bought: Bought, scenario: Scenario) -> Iterator[str]:
    """Yield what is wrong with prices, eligibility and the cost of units."""
    materials, rsus = bought.equipment.materials, bought.equipment.rsus
    for row in materials.itertuples():
        item = scenario.equipment[row.item]
        right = (item.unit_cost_cny, row.n * item.unit_cost_cny, item.eligible, item.kind)
        if right != (row.unit_cost_cny, row.cost_cny, row.eligible, row.kind):
            yield f"line {row.material_id} is not priced as its item"
    if (materials["eligible"] & (materials["kind"] == "works")).any():
        yield "works are called eligible"
    own = materials[materials["item"].map(lambda name: scenario.equipment[name].per).isin(
        ["unit", "new_pole"])]  # fmt: skip
    sums = own.groupby("rsu_id")["cost_cny"].sum()
    if (rsus["rsu_id"].map(sums).fillna(0).astype(int) != rsus["cost_cny"]).any():
        yield "a unit does not cost what its materials do"


def money_holds(bought: Bought, scenario: Scenario) -> Iterator[str]:
    """Yield what is wrong with the subsidy of each jurisdiction and the budgets."""
    materials, years = bought.equipment.materials, bought.subsidy_years
    valid = materials["stage_year"].between(
        scenario.subsidy.valid_from.year, scenario.subsidy.valid_to.year
    )
    eligible = materials[materials["eligible"] & valid]
    for row in bought.subsidies.itertuples():
        mine = eligible[eligible["jurisdiction_id"] == row.jurisdiction_id]
        by_year = mine.groupby("stage_year")["cost_cny"].sum()
        paid = granted({int(year): int(cny) for year, cny in by_year.items()}, scenario.subsidy)
        cost = int(
            materials.loc[materials["jurisdiction_id"] == row.jurisdiction_id, "cost_cny"].sum()
        )
        subsidy = sum(paid.values())
        expected = (cost, int(by_year.sum()), subsidy, cost - subsidy)
        if expected != (row.cost_cny, row.eligible_cny, row.subsidy_cny, row.own_cny):
            yield f"the subsidy of jurisdiction {row.jurisdiction_id} is wrong"
    if int(years["cost_cny"].sum()) != int(materials["cost_cny"].sum()):
        yield "the years do not hold all spending"
    budget = 0
    for year, money in scenario.test_roads.equipment_budgets().items():
        budget += money
        if int(years.loc[years["year"] <= year, "own_cny"].sum()) > budget:
            yield f"the equipment budget up to {year} is exceeded"
