"""Proves which roads are equipped, when and for how much, on a chain worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS

from planner.inputs import empty_layer
from planner.layers import MATERIALS, ROAD_FEATURES, RSUS, ZONES, validate
from planner.scenario import Item, load_scenario
from planner.testroads.audit_equipment import (
    Bought,
    bill_adds_up,
    money_holds,
    roads_covered,
    units_stand,
)
from planner.testroads.equipment import equip
from planner.testroads.places import Roadside
from planner.testroads.subsidy import subsidy_rows, subsidy_years

METRIC = CRS.from_epsg(4548)
STEP_M = 400.0


def item(per, price, *, eligible=True, **more):
    kind = "hardware" if eligible else "works"
    return Item(zh=per, en=per, per=per, count=1, unit_cost_cny=price, kind=kind,
                eligible=eligible, trust="U", source="made", **more)  # fmt: skip


ITEMS = {
    "rsu": item("unit", 100),
    "pole": item("new_pole", 20),
    "eyes": item("junction", 10),
    "laser": item("junction", 1000, min_grade=4),
    "box": item("cabinet", 7),
    "dig": item("hectometre", 1, eligible=False),
}
"""A unit with pole and cabinet costs 127, a junction 137, a road of 400 m 4 for its ducts."""


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case")
    (folder / "scenario.toml").write_text('[case]\nid = "chain"\n', encoding="utf-8")
    return load_scenario(folder)


def scenario_of(base, budgets, *, rate=0.0, cap=0, **roads):
    subsidy = base.subsidy.model_copy(
        update={"rate": rate, "cap_cny": cap, "valid_from": date(2025, 1, 1),
                "valid_to": date(2027, 12, 31)}
    )  # fmt: skip
    settings = {
        "target_km_by_year": dict.fromkeys((2025, 2026, 2027), 1.0),
        "equipment_budget_cny": None, "equipment_budget_cny_by_year": budgets,
        "rsu_range_urban_m": 250.0,
    }  # fmt: skip
    test_roads = base.test_roads.model_copy(update=settings | roads)
    return base.model_copy(
        update={"test_roads": test_roads, "subsidy": subsidy, "equipment": ITEMS}
    )


def chain(years, worth, owners=None, grade=1):
    """Roads of 400 m one after the other, eastward, with a junction at every end."""
    size = len(years)
    lines = [
        shapely.LineString([(500_000 + STEP_M * k, 3_160_000), (500_000 + STEP_M * (k + 1),
                                                                3_160_000)])
        for k in range(size)
    ]  # fmt: skip
    return gpd.GeoDataFrame(
        {
            "segment_id": [f"s{k}" for k in range(size)],
            "from_node": [f"n{k}" for k in range(size)],
            "to_node": [f"n{k + 1}" for k in range(size)],
            "road_class": "secondary",
            "speed_kph": 50.0,
            "tunnel": False,
            "stage_year": years,
            "opened_before": [year < 2025 for year in years],
            "complexity_grade": grade,
            "test_value": worth,
            "length_m": STEP_M,
            "counted_m": STEP_M,
            "county_id": "c",
            "jurisdiction_id": owners or ["a"] * size,
        },
        geometry=lines,
        crs=METRIC,
    ).to_crs(4326)


def roadside(roads, features=()):
    marks = empty_layer(ROAD_FEATURES)
    if features:
        marks = gpd.GeoDataFrame(
            {"feature_id": [f"f{k}" for k in range(len(features))],
             "kind": [kind for kind, _ in features]},
            geometry=[shapely.Point(place) for _, place in features], crs=METRIC,
        ).to_crs(4326)  # fmt: skip
    nodes = frozenset([*roads["from_node"], *roads["to_node"]])
    return Roadside(roads, empty_layer(ZONES), marks, nodes, METRIC)


def cost(found):
    return int(found.materials["cost_cny"].sum())


def test_one_road_takes_a_unit_at_each_end_and_its_ducts(base):
    roads = chain([2025], [1.0])
    found = equip(roads, roadside(roads), np.ones(1, bool), scenario_of(base, {2025: 10_000}))
    # 400 m within 2 x 250 m: nothing in between. Two junctions of 137 and ducts of 4.
    assert found.rsus["placement"].tolist() == ["junction", "junction"]
    assert (cost(found), found.proven) == (278, True)
    assert found.materials["item"].value_counts().to_dict() == {
        "rsu": 2, "pole": 2, "eyes": 2, "box": 2, "dig": 1,
    }  # fmt: skip
    assert found.materials.loc[found.materials["item"] == "dig", "n"].tolist() == [4]
    validate(found.rsus, RSUS)
    validate(found.materials, MATERIALS)


def test_a_short_range_needs_a_unit_between(base):
    roads = chain([2025], [1.0])
    settings = scenario_of(base, {2025: 10_000}, rsu_range_urban_m=150.0)
    found = equip(roads, roadside(roads), np.ones(1, bool), settings)
    assert sorted(found.rsus["placement"]) == ["junction", "junction", "spacing"]


def test_a_junction_seen_along_the_road_needs_no_unit_of_its_own(base):
    # 800 m of range: the middle junction sees all three junctions and both roads.
    roads = chain([2025, 2025], [1.0, 1.0])
    settings = scenario_of(base, {2025: 10_000}, rsu_range_urban_m=800.0)
    found = equip(roads, roadside(roads), np.ones(2, bool), settings)
    assert len(found.rsus) == 1
    assert cost(found) == 127 + 3 * 10 + 2 * 4


def test_the_order_of_the_rows_changes_nothing(base):
    roads = chain([2025] * 5, [1.0, 5.0, 2.0, 4.0, 3.0], ["a", "b", "a", "b", "a"])
    features = [("pole", (500_420, 3_160_000)), ("signal", (501_990, 3_160_000))]
    settings = scenario_of(base, {2025: 450, 2026: 120}, rate=0.5, cap=200)
    first = equip(roads, roadside(roads, features), np.ones(5, bool), settings)
    mixed = roadside(roads.sample(frac=1, random_state=3), features[::-1])
    mixed.features["feature_id"] = ["f1", "f0"]
    second = equip(roads, mixed, np.ones(5, bool), settings)
    assert first.rsus.to_csv() == second.rsus.to_csv()
    assert first.materials.to_csv() == second.materials.to_csv()


def test_an_existing_signal_saves_the_pole(base):
    roads = chain([2025], [1.0])
    around = roadside(roads, [("signal", (500_010, 3_160_010)), ("crossing", (500_400, 3_160_000))])
    found = equip(roads, around, np.ones(1, bool), scenario_of(base, {2025: 10_000}))
    assert found.rsus.set_index("node_id")["feature_id"].dropna().to_dict() == {"n0": "f0"}
    assert cost(found) == 278 - 20


def test_the_grade_of_a_junction_decides_what_it_takes(base):
    roads = chain([2025, 2025], [1.0, 1.0], grade=[1, 4])
    found = equip(roads, roadside(roads), np.ones(2, bool), scenario_of(base, {2025: 10_000}))
    lasers = found.materials[found.materials["item"] == "laser"]
    assert sorted(lasers["node_id"]) == ["n1", "n2"]


def test_money_that_a_year_leaves_over_equips_older_roads_later(base):
    # The first road costs 278, each one beside it 141.
    roads = chain([2024, 2025, 2026], [3.0, 2.0, 1.0])
    budgets = {2025: 300, 2026: 119, 2027: 141}
    found = equip(roads, roadside(roads), np.ones(3, bool), scenario_of(base, budgets))
    assert found.equipped_year.tolist() == [2025.0, 2026.0, 2027.0]
    assert cost(found) == 278 + 141 + 141
    less = equip(roads, roadside(roads), np.ones(3, bool), scenario_of(base, {2025: 277}))
    assert np.isnan(less.equipped_year).all()
    assert len(less.rsus) == len(less.materials) == 0


def test_no_road_is_equipped_before_it_is_opened_nor_without_a_payer(base):
    roads = chain([2027, 2025], [9.0, 1.0])
    found = equip(roads, roadside(roads), np.array([True, False]), scenario_of(base, {2025: 9999}))
    assert found.equipped_year[0] == 2027.0
    assert not found.equipped[1]


def test_most_worth_per_yuan_after_subsidy_comes_first(base):
    # Apart from each other, each road costs 278, of which 274 are eligible. The first one uses
    # up the cap of its jurisdiction, so that in the second year the road of b is the cheaper.
    roads = chain([2025, 0, 2026, 0, 2026], [12.0, 0, 11.0, 0, 10.0], ["a", "a", "a", "b", "b"])
    roads = roads.drop(index=[1, 3]).reset_index(drop=True)
    around, every = roadside(roads), np.ones(3, bool)
    plain = equip(roads, around, every, scenario_of(base, {2025: 278, 2026: 278}))
    assert plain.equipped.tolist() == [True, True, False]
    budgets = {2025: 141, 2026: 141}
    helped = equip(roads, around, every, scenario_of(base, budgets, rate=0.5, cap=137))
    assert helped.equipped.tolist() == [True, False, True]
    assert cost(helped) == 2 * 278


@pytest.mark.parametrize("seed", range(8))
def test_more_money_never_equips_less_worth_in_one_year(base, seed):
    rng = np.random.default_rng(seed)
    roads = chain([2025] * 8, rng.uniform(0.1, 3.0, 8).tolist())
    around, worth = roadside(roads), roads["test_value"].to_numpy()
    found = [
        worth[equip(roads, around, np.ones(8, bool), scenario_of(base, {2025: money})).equipped]
        for money in (0, 300, 500, 700, 900, 2000)
    ]
    sums = [float(part.sum()) for part in found]
    assert sums == sorted(sums)
    assert sums[-1] == pytest.approx(worth.sum())


@pytest.fixture(scope="module")
def planned(base):
    roads = chain([2024, 2025, 2026, 2027], [1.0, 4.0, 2.0, 3.0], ["a", "a", "b", None])
    roads["jurisdiction_id"] = roads["jurisdiction_id"].astype("str")
    settings = scenario_of(base, {2025: 400, 2026: 300, 2027: 300}, rate=0.5, cap=150)
    payable = roads["jurisdiction_id"].notna().to_numpy()
    found = equip(roads, roadside(roads), payable, settings)
    roads = roads.assign(equipped=found.equipped, equipped_year=found.equipped_year)
    owners = pd.DataFrame({"jurisdiction_id": ["a", "b"], "name": ["A", "B"]})
    years = subsidy_years(owners, found.materials, [2025, 2026, 2027], settings.subsidy)
    money = subsidy_rows(owners, roads, found.rsus, years, settings.subsidy)
    return roads, Bought(found, money, years), settings


def faults(roads, bought, settings):
    return {
        "units": list(units_stand(roads, bought)),
        "cover": list(roads_covered(roads, bought)),
        "bill": list(bill_adds_up(bought, settings)),
        "money": list(money_holds(bought, settings)),
    }


def test_what_is_planned_holds_when_it_is_looked_at_again(planned):
    assert planned[0]["equipped"].tolist() == [True, True, True, False]
    assert not any(faults(*planned).values())


def edited(bought, **frames):
    parts = {key: frames.pop(key) for key in list(frames) if key in ("rsus", "materials")}
    return replace(bought, equipment=replace(bought.equipment, **parts), **frames)


def test_the_second_look_sees_planted_defects(planned):
    roads, bought, settings = planned
    rsus, bill = bought.equipment.rsus, bought.equipment.materials
    money, years = bought.subsidies, bought.subsidy_years
    planted = {
        "units": edited(bought, rsus=rsus.assign(stage_year=2030)),
        "cover": edited(bought, rsus=rsus.iloc[1:]),
        "bill": edited(bought, materials=bill.assign(cost_cny=bill["cost_cny"] + 1)),
        "money": edited(bought, subsidies=money.assign(own_cny=money["own_cny"] + 1)),
    }
    for name, wrong in planted.items():
        assert faults(roads, wrong, settings)[name], name
    dear = edited(bought, subsidy_years=years.assign(own_cny=years["own_cny"] + 1000))
    assert any("budget" in what for what in faults(roads, dear, settings)["money"])
