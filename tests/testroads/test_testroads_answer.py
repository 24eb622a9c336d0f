"""Proves the room end to end on hand-made roads: exclusions, zones, stages, units and money."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS

from planner import layers
from planner.errors import VerificationError
from planner.inputs import Inputs, empty_layer
from planner.network import build_network
from planner.scenario import load_scenario
from planner.solver import Deadline
from planner.testroads import choose_test_roads
from planner.testroads.audit import Claim, audit
from planner.testroads.prepare import prepare

WEST, SOUTH = 116.0, 28.6
COLUMN_DEG = 0.00512  # about 500 m eastward at this latitude
ROW_DEG = 0.00451  # about 500 m northward


def place(column, row):
    return WEST + column * COLUMN_DEG, SOUTH + row * ROW_DEG


def road(road_id, *stops, **values):
    row = {
        "road_id": road_id,
        "name": None,
        "ref": None,
        "road_class": "secondary",
        "oneway": False,
        "speed_kph": 50.0,
        "lanes": 4,
        "bridge": False,
        "tunnel": False,
        "trust": "U",
        "geometry": shapely.LineString([place(*stop) for stop in stops]),
    }
    return row | values


def grid(side=5):
    """A grid of side x side junctions, one named road per row, unnamed columns."""
    rows = [
        road(f"e{column}-{row}", (column, row), (column + 1, row), name=f"Row {row} Road")
        for row in range(side)
        for column in range(side - 1)
    ]
    return rows + [
        road(f"n{column}-{row}", (column, row), (column, row + 1), road_class="tertiary")
        for column in range(side)
        for row in range(side - 1)
    ]


def frame(layer, rows):
    if not rows:
        return empty_layer(layer)
    made = gpd.GeoDataFrame(rows, crs="EPSG:4326")
    for column in layer.columns:
        if column.kind in {"text", "date"} and column.name in made:
            made[column.name] = made[column.name].astype("str")
    return made


def square(west, east):
    return shapely.box(place(west, 0)[0], SOUTH - 1, place(east, 0)[0], SOUTH + 1)


def make_inputs(roads, *, opened=(), zones=()):
    counties = [
        {
            "county_id": f"{number}",
            "name": f"County {number}",
            "population": 1.0,
            "population_trust": "U",
            "population_source": None,
            "geometry": shape,
        }
        for number, shape in ((1, square(-50, 2.1)), (2, square(2.1, 60)))
    ]
    jurisdictions = pd.DataFrame(
        {
            "jurisdiction_id": ["j1", "j2", "j3"],
            "name": ["One", "Two", "Three"],
            "kind": ["county", "county", "development_zone"],
            "county_id": ["1", "2", "1"],
            "source": ["", "", ""],
            "trust": ["U", "U", "U"],
        }
    ).astype("str")
    return Inputs(
        counties=frame(layers.COUNTIES, counties),
        townships=empty_layer(layers.TOWNSHIPS),
        jurisdictions=jurisdictions,
        roads=frame(layers.ROADS, list(roads)),
        existing_stations=empty_layer(layers.EXISTING_STATIONS),
        opened_roads=frame(layers.OPENED_ROADS, list(opened)),
        zones=frame(layers.ZONES, list(zones)),
        candidate_points=empty_layer(layers.CANDIDATE_POINTS),
        supply_nodes=empty_layer(layers.SUPPLY_NODES),
        reviews=empty_layer(layers.REVIEWS),
        trips=empty_layer(layers.TRIPS),
        fleet_stock=empty_layer(layers.FLEET_STOCK),
        provenance=(),
        rejected_rows=pd.DataFrame(),
        warnings=(),
        metric_crs=CRS.from_epsg(4548),
    )


def zone(zone_id, column, row, **values):
    made = {
        "zone_id": zone_id,
        "name": f"Zone {zone_id}",
        "kind": "cluster",
        "applies_to": "all",
        "radius_m": 0.0,
        "mandated": False,
        "source": None,
        "trust": "U",
        "geometry": shapely.Point(*place(column, row)),
    }
    return made | values


def opened_road(opened_id, year, *stops):
    return {
        "opened_id": opened_id,
        "name": None,
        "opened_year": year,
        "source": None,
        "trust": "U",
        "geometry": shapely.LineString([place(*stop) for stop in stops]),
    }


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case")
    (folder / "scenario.toml").write_text('[case]\nid = "grid"\n', encoding="utf-8")
    return load_scenario(folder)


def with_roads(scenario, **values):
    base = {
        "target_km_by_year": {2025: 3.0, 2026: 5.0, 2027: 7.0},
        "over_target_share": 0.1,
        "over_target_km": 0.0,
    }
    test_roads = scenario.test_roads.model_copy(update=base | values)
    return scenario.model_copy(update={"test_roads": test_roads})


def choose(inputs, scenario):
    return choose_test_roads(inputs, build_network(inputs), scenario, Deadline.after(60))


def one_piece(roads):
    labels = {}

    def find(node):
        while labels.setdefault(node, node) != node:
            node = labels[node]
        return node

    for start, end in zip(roads["from_node"], roads["to_node"], strict=True):
        labels[find(start)] = find(end)
    return len({find(node) for node in list(labels)}) <= 1


def test_grid_is_planned_in_contiguous_nested_stages(scenario):
    answer = choose(make_inputs(grid(6)), with_roads(scenario))
    for row in answer.stages:
        stage = answer.test_roads[answer.test_roads["stage_year"] <= row["year"]]
        assert one_piece(stage)
        assert row["met"]
        assert row["target_km"] <= row["opened_km"] <= row["target_km"] * 1.1 + 1e-6
        assert row["opened_km"] == pytest.approx(stage["counted_m"].sum() / 1000, abs=1e-6)
    assert [row["year"] for row in answer.stages] == [2025, 2026, 2027]
    assert answer.outcome.objective == pytest.approx(answer.test_roads["test_value"].sum())
    assert answer.outcome.bound >= answer.outcome.objective - 1e-9
    assert answer.outcome.gap < 0.05


def test_each_exclusion_keeps_its_reason(scenario):
    roads = grid()
    roads[0] |= {"speed_kph": 100.0}
    roads[5] |= {"road_class": "service"}
    roads[10] |= {"tunnel": True}
    roads += [road("far", (40, 40), (41, 40))]
    school = zone("school", 4, 4, kind="exclusion", applies_to="test_roads", radius_m=60.0)
    other = zone("depot", 0, 4, kind="exclusion", applies_to="stations", radius_m=60.0)
    answer = choose(make_inputs(roads, zones=[school, other]), with_roads(scenario))
    reasons = sorted(answer.rejected_segments["reason"])
    assert reasons == ["island", "service road", "speed", "tunnel", "zone school", "zone school"]
    assert not set(answer.rejected_segments["segment_id"]) & set(answer.test_roads["segment_id"])


def test_two_reasons_are_both_kept(scenario):
    roads = [*grid(3), road("x", (2, 2), (3, 2), tunnel=True, speed_kph=90.0)]
    answer = choose(make_inputs(roads), with_roads(scenario))
    assert answer.rejected_segments["reason"].tolist() == ["speed; tunnel"]


def test_one_way_roads_count_half_on_the_centreline_basis(scenario):
    roads = [row | {"oneway": True} for row in grid(3)]
    inputs = make_inputs(roads)
    wide = with_roads(scenario, target_km_by_year={2025: 100.0})
    half = choose(inputs, wide)
    whole = choose(inputs, with_roads(scenario, target_km_by_year={2025: 100.0},
                                      counting_basis="carriageway_km"))  # fmt: skip
    assert half.test_roads["counted_m"].tolist() == (half.test_roads["length_m"] / 2).tolist()
    assert whole.stages[0]["opened_km"] == pytest.approx(2 * half.stages[0]["opened_km"])
    assert "target of 2025 not met" in half.notes[0]


def test_opened_roads_keep_their_year_and_override_exclusions(scenario):
    roads = grid()
    roads[0] |= {"tunnel": True}
    opened = [opened_road("o1", 2023, (0, 0), (1, 0)), opened_road("o2", 2022, (0, 0), (0, 2))]
    answer = choose(make_inputs(roads, opened=opened), with_roads(scenario))
    before = answer.test_roads[answer.test_roads["opened_before"]]
    assert sorted(before["stage_year"]) == [2022, 2022, 2023]
    assert before["length_m"].sum() == pytest.approx(1500, rel=0.01)
    assert len(answer.rejected_segments) == 0
    first = answer.test_roads[answer.test_roads["stage_year"] <= 2025]
    assert one_piece(first)


def test_a_road_that_is_opened_along_less_than_four_fifths_is_not_opened(scenario):
    short = opened_road("o", 2023, (0, 0), (0.7, 0))
    enough = opened_road("o", 2023, (0, 0), (0.9, 0))
    for piece, count in ((short, 0), (enough, 1)):
        answer = choose(make_inputs(grid(3), opened=[piece]), with_roads(scenario))
        assert answer.test_roads["opened_before"].sum() == count


def test_opened_roads_in_two_pieces_are_joined_in_the_first_stage(scenario):
    opened = [opened_road("o1", 2023, (0, 0), (1, 0)), opened_road("o2", 2024, (3, 4), (4, 4))]
    answer = choose(make_inputs(grid(), opened=opened), with_roads(scenario))
    assert one_piece(answer.test_roads[answer.test_roads["stage_year"] <= 2025])
    assert any("several pieces" in note for note in answer.notes)


def test_mandated_zone_is_reached_or_told_why_not(scenario):
    zones = [
        zone("near", 4.0, 4.2, mandated=True),
        zone("far", 30.0, 30.0, mandated=True),
        zone("deaf", 0.0, 4.0, mandated=True, applies_to="stations"),
    ]
    opened = [opened_road("o1", 2023, (0, 0), (1, 0))]
    answer = choose(make_inputs(grid(), zones=zones, opened=opened),
                    with_roads(scenario, mandated_reach_m=150.0))  # fmt: skip
    far, near = answer.mandated
    assert (near["zone_id"], near["reached"], near["reason"]) == ("near", True, None)
    assert near["distance_m"] == pytest.approx(100, rel=0.02)
    assert not far["reached"]
    assert "nearest permitted road is" in far["reason"]


def test_subsidy_is_listed_for_every_jurisdiction_and_adds_up(scenario):
    answer = choose(make_inputs(grid()), with_roads(scenario, equipment_budget_cny=1_000_000))
    rows = answer.subsidies.set_index("jurisdiction_id")
    assert rows.index.tolist() == ["j1", "j2", "j3"]
    assert rows.loc["j3"].drop("name").tolist() == [0.0, 0.0, 0, 0, 0, 0]
    assert int(rows["eligible_cny"].sum()) == 120_000 * len(answer.rsus) <= 1_000_000
    assert (rows["subsidy_cny"] + rows["own_cny"] == rows["eligible_cny"]).all()
    assert rows["opened_km"].sum() == pytest.approx(answer.stages[-1]["opened_km"])
    assert 0 < answer.test_roads["equipped"].sum() < len(answer.test_roads)


def test_no_budget_equips_nothing(scenario):
    answer = choose(make_inputs(grid(3)), with_roads(scenario, equipment_budget_cny=0))
    assert (len(answer.rsus), answer.test_roads["equipped"].sum()) == (0, 0)


def test_corridors_follow_the_road_name(scenario):
    answer = choose(make_inputs(grid(3)), with_roads(scenario, target_km_by_year={2025: 100.0}))
    named = answer.test_roads[answer.test_roads["name"].notna()]
    assert named.groupby("name")["corridor_id"].nunique().tolist() == [1, 1, 1]
    assert named["corridor_id"].nunique() == 3
    assert set(answer.test_roads["corridor_id"]) == {
        f"c{number}" for number in range(1, answer.test_roads["corridor_id"].nunique() + 1)
    }


def test_order_of_the_rows_changes_nothing(scenario):
    zones = [zone("a", 4, 4, mandated=True), zone("b", 0, 4)]
    opened = [opened_road("o1", 2023, (0, 0), (1, 0)), opened_road("o2", 2024, (2, 2), (2, 3))]
    first = choose(make_inputs(grid(), zones=zones, opened=opened), with_roads(scenario))
    network = build_network(make_inputs(grid()))
    order = np.random.default_rng(4).permutation(len(network.segments))
    mixed = replace(
        network,
        segments=network.segments.iloc[order].reset_index(drop=True),
        from_index=network.from_index[order],
        to_index=network.to_index[order],
    )
    inputs = make_inputs(grid(), zones=zones[::-1], opened=opened[::-1])
    second = choose_test_roads(inputs, mixed, with_roads(scenario), Deadline.after(60))
    for name in ("test_roads", "rejected_segments", "rsus", "subsidies"):
        assert getattr(first, name).to_csv() == getattr(second, name).to_csv()
    for name in ("outcome", "stages", "mandated"):
        assert getattr(first, name) == getattr(second, name)


def test_answer_holds_without_any_permitted_road(scenario):
    answer = choose(make_inputs([row | {"tunnel": True} for row in grid(3)]), with_roads(scenario))
    assert len(answer.test_roads) == len(answer.rsus) == 0
    assert [row["met"] for row in answer.stages] == [False, False, False]
    assert len(answer.rejected_segments) == 12


def claim_of(inputs, scenario, answer):
    prepared = prepare(inputs, build_network(inputs), scenario)
    instance = prepared.instance
    years = pd.Series(0, index=list(instance.segment_id))
    years.update(answer.test_roads.set_index("segment_id")["stage_year"])
    return Claim(
        instance, years.to_numpy(dtype=np.int64), (), 7700.0, prepared.meeting,
        np.zeros(len(instance.length_m), dtype=bool),
    )  # fmt: skip


DEFECTS = {
    "contiguity": lambda claim, roads, rsus, money: (
        replace(claim, years=apart(claim)), roads_of(roads, apart(claim), claim), rsus, money
    ),
    "exclusions": lambda claim, roads, rsus, money: (
        replace(claim, instance=replace(claim.instance, excluded=claim.years > 0)),
        roads, rsus, money,
    ),
    "limits": lambda claim, roads, rsus, money: (replace(claim, high_m=100.0), roads, rsus, money),
    "layers": lambda claim, roads, rsus, money: (
        claim, roads.assign(counted_m=roads["counted_m"] + 1), rsus, money
    ),
    "spacing": lambda claim, roads, rsus, money: (claim, roads, rsus.iloc[1:], money),
    "money": lambda claim, roads, rsus, money: (
        claim, roads, rsus, money.assign(subsidy_cny=money["subsidy_cny"] + 1)
    ),
}  # fmt: skip


def apart(claim):
    """Move one leaf of the first stage to the far corner: the stage falls apart."""
    years = claim.years.copy()
    free = np.flatnonzero(years == 0)
    touched = set(claim.instance.from_node[years > 0]) | set(claim.instance.to_node[years > 0])
    lonely = [
        row for row in free.tolist()
        if claim.instance.from_node[row] not in touched
        and claim.instance.to_node[row] not in touched
    ]  # fmt: skip
    if lonely:
        years[lonely[0]] = 2025
    else:
        inner = np.flatnonzero(years == 2025)
        years[inner[len(inner) // 2]] = 2027
    return years


def roads_of(roads, years, claim):
    """Return a layer that agrees with other years, so that only the graph can tell."""
    ids = [claim.instance.segment_id[row] for row in np.flatnonzero(years > 0)]
    made = roads.set_index("segment_id").reindex(ids).reset_index()
    rows = np.flatnonzero(years > 0)
    made["stage_year"] = years[rows]
    made["opened_before"] = claim.instance.opened[rows]
    made["equipped"] = made["equipped"].fillna(value=False).astype(bool)
    made["length_m"] = claim.instance.length_m[rows]
    made["counted_m"] = claim.instance.counted_m[rows]
    return made


@pytest.fixture(scope="module")
def clean(scenario):
    inputs, settings = make_inputs(grid(7)), with_roads(scenario)
    answer = choose(inputs, settings)
    return claim_of(inputs, settings, answer), answer, settings


def test_audit_passes_a_clean_answer(clean):
    claim, answer, settings = clean
    passed = audit(claim, answer.test_roads, answer.rsus, answer.subsidies, settings)
    assert passed == answer.audit
    assert set(DEFECTS) | {"zones"} == set(passed)


@pytest.mark.parametrize("check", sorted(DEFECTS))
def test_audit_catches_a_planted_defect(clean, check):
    claim, answer, settings = clean
    planted = DEFECTS[check](claim, answer.test_roads, answer.rsus, answer.subsidies)
    with pytest.raises(VerificationError, match=check):
        audit(*planted, settings)
