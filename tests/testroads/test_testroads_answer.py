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
from planner.scenario import RoadLimit, load_scenario
from planner.solver import Deadline
from planner.testroads import choose_test_roads
from planner.testroads.answer import _equip
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
        road_features=empty_layer(layers.ROAD_FEATURES),
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
        "closed_hours": None,
        "closed_from": np.nan,
        "closed_to": np.nan,
        "source": None,
        "trust": "U",
        "geometry": shapely.Point(*place(column, row)),
    }
    return made | values


def opened_road(opened_id, year, *stops, **values):
    made = {
        "opened_id": opened_id,
        "name": None,
        "opened_year": year,
        "opened_on": None,
        "closed_year": np.nan,
        "source": None,
        "trust": "U",
        "geometry": shapely.LineString([place(*stop) for stop in stops]),
    }
    return made | values


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
    told = answer.network
    assert told["base_worth"] == pytest.approx(answer.test_roads["test_value"].sum())
    worth = told["base_worth"] + told["variety_worth"] - told["spur_loss"]
    assert answer.outcome.objective == pytest.approx(worth)
    assert sum(row["km"] for row in told["scenes"]) == pytest.approx(row["opened_km"])
    assert [step["year"] for step in told["steps"]] == [2025, 2026, 2027]
    assert (len(answer.road_limits), told["least_cycle_share"]) == (0, 0.0)
    assert answer.outcome.bound >= answer.outcome.objective - 1e-9
    assert answer.outcome.gap < 0.05


def limited(scenario, **rows):
    named = {"zh": "限", "en": "limit", "source": "made", "trust": "U"}
    limits = {name: RoadLimit(**(named | row)) for name, row in rows.items()}
    return scenario.model_copy(update={"road_limits": limits})


def test_limits_of_the_mix_change_the_choice_and_are_told(scenario):
    roads = make_inputs(grid(6))
    east = {"of": "county_id", "values": ["2"], "measure": "share"}
    free = choose(roads, limited(with_roads(scenario), east=east | {"least": 0.0}))
    [row] = free.road_limits.to_dict("records")
    mine = free.test_roads[free.test_roads["county_id"] == "2"]["counted_m"].sum()
    assert row["reached"] == pytest.approx(mine / free.test_roads["counted_m"].sum())
    # The east has three of five columns: it can hold nearly all of the 7 km, or a little.
    for bounds in ({"least": 0.9}, {"most": 0.2}):
        found = choose(roads, limited(with_roads(scenario), east=east | bounds))
        [row] = found.road_limits.to_dict("records")
        assert (row["met"], row["shortfall"]) == (True, 0.0)
        assert (row["reached"] >= 0.9) if "least" in bounds else (row["reached"] <= 0.2)
        assert found.stages[-1]["met"]
        assert found.outcome.bound >= found.outcome.objective - 1e-9
        assert not [note for note in found.notes if "limit east" in note]


def test_a_limit_that_opened_roads_pass_is_missed_and_noted(scenario):
    opened = [opened_road("o1", 2023, (0, 0), (2, 0))]
    west = {"of": "county_id", "values": ["1"], "measure": "km", "most": 0.5}
    found = choose(make_inputs(grid(6), opened=opened), limited(with_roads(scenario), west=west))
    [row] = found.road_limits.to_dict("records")
    assert not row["met"]
    assert row["shortfall"] == pytest.approx(row["reached"] - 0.5)
    assert row["reached"] == pytest.approx(1.0, rel=0.02), "no more of the west than is opened"
    assert [note for note in found.notes if note.startswith("limit west is missed by 0.5")]


def test_a_share_on_cycles_is_reached_and_told(scenario):
    found = choose(make_inputs(grid(6)), with_roads(scenario, least_cycle_share=0.95))
    assert found.network["cycles_met"]
    assert found.network["cycle_share"] >= 0.95


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


def test_a_dual_carriageway_counts_once_and_a_lone_one_way_street_whole(scenario):
    apart = 0.04  # 20 m
    roads = [
        road("r-there", (0, 0), (1, 0), oneway=True, name="大道"),
        road("r-back", (1, apart), (0, apart), oneway=True, name="大道"),
        road("r-one", (0, 0), (0, apart)),
        road("r-two", (1, 0), (1, apart)),
        road("r-alone", (1, apart), (1, 2), oneway=True, name="小路"),
    ]
    wide = {"target_km_by_year": {2025: 100.0}}
    once = choose(make_inputs(roads), with_roads(scenario, **wide))
    twice = choose(
        make_inputs(roads), with_roads(scenario, counting_basis="carriageway_km", **wide)
    )
    made = once.test_roads
    share = made["counted_m"] / made["length_m"]
    assert share[made["name"] == "大道"].tolist() == pytest.approx([0.5, 0.5], abs=0.01)
    assert share[made["name"] == "小路"].tolist() == pytest.approx([1.0])
    assert twice.test_roads["counted_m"].tolist() == twice.test_roads["length_m"].tolist()


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


def test_an_opened_road_that_closes_leaves_the_choice_and_is_told(scenario):
    roads = [road | {"oneway": True} for road in grid(3)]
    opened = [
        opened_road("stays", 2022, (0, 0), (1, 0), closed_year=2030),
        opened_road("closes", 2023, (1, 0), (2, 0), closed_year=2026),
        opened_road("was", 2020, (0, 1), (1, 1), closed_year=2023),
        opened_road("again", 2024, (0, 1), (1, 1)),
        opened_road("gone", 2019, (1, 1), (2, 1), closed_year=2021),
    ]
    answer = choose(make_inputs(roads, opened=opened), with_roads(scenario))
    before = answer.test_roads[answer.test_roads["opened_before"]]
    assert sorted(before["stage_year"]) == [2022, 2024]
    closed = answer.closed_roads
    assert sorted(zip(closed["opened_year"], closed["closed_year"], strict=True)) == [
        (2019, 2021), (2023, 2026)
    ]  # fmt: skip
    assert np.allclose(closed["centreline_m"], closed["carriageway_m"])
    rejected = answer.rejected_segments
    assert rejected["reason"].tolist() == ["no test road from 2026 on"]
    gone = closed.loc[closed["closed_year"] == 2021, "segment_id"].item()
    assert gone not in set(rejected["segment_id"]), "a road closed long ago may open anew"


def test_every_road_counts_on_both_bases(scenario):
    roads = grid(3)
    roads[0] |= {"oneway": True}
    for basis in ("centreline", "carriageway"):
        settings = with_roads(scenario, counting_basis=f"{basis}_km")
        made = choose(make_inputs(roads), settings).test_roads
        assert np.allclose(made["carriageway_m"], made["length_m"])
        assert np.allclose(made["counted_m"], made[f"{basis}_m"])
        assert np.allclose(made["centreline_m"], made["length_m"]), "nothing is drawn twice"


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
    assert rows.loc["j3"].drop("name").tolist() == [0.0, 0.0, 0, 0, 0, 0, 0, False]
    assert 0 < int(rows["own_cny"].sum()) <= 1_000_000
    assert int(rows["cost_cny"].sum()) == int(answer.materials["cost_cny"].sum())
    assert (rows["subsidy_cny"] + rows["own_cny"] == rows["cost_cny"]).all()
    assert answer.subsidy_years["cost_cny"].sum() == rows["cost_cny"].sum()
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
    for name in ("test_roads", "rejected_segments", "rsus", "materials", "subsidies"):
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
    claim = Claim(
        instance, years.to_numpy(dtype=np.int64), (), 7700.0,
        np.zeros(len(instance.length_m), dtype=bool),
    )  # fmt: skip
    return claim, _equip(inputs, scenario, prepared, answer.test_roads)[1]


DEFECTS = {
    "contiguity": lambda claim, roads, bought: (
        replace(claim, years=apart(claim)), roads_of(roads, apart(claim), claim), bought
    ),
    "exclusions": lambda claim, roads, bought: (
        replace(claim, instance=replace(claim.instance, excluded=claim.years > 0)), roads, bought
    ),
    "limits": lambda claim, roads, bought: (replace(claim, high_m=100.0), roads, bought),
    "layers": lambda claim, roads, bought: (
        claim, roads.assign(counted_m=roads["counted_m"] + 1), bought
    ),
    "units": lambda claim, roads, bought: (
        claim, roads, buying(bought, rsus=bought.equipment.rsus.assign(stage_year=2030))
    ),
    "cover": lambda claim, roads, bought: (
        claim, roads, buying(bought, rsus=bought.equipment.rsus.iloc[1:])
    ),
    "materials": lambda claim, roads, bought: (
        claim, roads, buying(bought, materials=bought.equipment.materials.assign(cost_cny=1))
    ),
    "money": lambda claim, roads, bought: (
        claim, roads,
        replace(bought, subsidies=bought.subsidies.assign(subsidy_cny=1)),
    ),
}  # fmt: skip


def buying(bought, **frames):
    return replace(bought, equipment=replace(bought.equipment, **frames))


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
    made["equipped"] = False
    made["length_m"] = claim.instance.length_m[rows]
    made["counted_m"] = claim.instance.counted_m[rows]
    return made


@pytest.fixture(scope="module")
def clean(scenario):
    inputs, settings = make_inputs(grid(7)), with_roads(scenario)
    answer = choose(inputs, settings)
    return *claim_of(inputs, settings, answer), answer, settings


def test_audit_passes_a_clean_answer(clean):
    claim, bought, answer, settings = clean
    passed = audit(claim, answer.test_roads, bought, settings)
    assert passed == answer.audit
    assert set(DEFECTS) | {"zones"} == set(passed)


@pytest.mark.parametrize("check", sorted(DEFECTS))
def test_audit_catches_a_planted_defect(clean, check):
    claim, bought, answer, settings = clean
    planted = DEFECTS[check](claim, answer.test_roads, bought)
    with pytest.raises(VerificationError, match=check):
        audit(*planted, settings)


def street(length=14):
    """A street of equal roads of about 500 m; their lanes differ, so that they stay apart."""
    return [
        road(f"s{at:02d}", (at, 0), (at + 1, 0), lanes=2 + at % 2, name=f"Street {at}")
        for at in range(length)
    ]


def works(zone_id, column, last, *, row=0, reach_m=100.0):
    values = {"kind": "construction", "radius_m": reach_m, "closed_from": 2024}
    return zone(zone_id, column, row, closed_to=last, **values)


def test_a_road_under_works_opens_in_a_stage_after_them(scenario):
    # All 7 km of the street are wanted; its east end is closed until 2026.
    wanted = with_roads(scenario, target_km_by_year={2025: 3.0, 2026: 5.0, 2027: 7.0})
    answer = choose(make_inputs(street(), zones=[works("w", 13.5, 2026)]), wanted)
    stage = dict(
        zip(answer.test_roads.geometry.bounds["maxx"], answer.test_roads["stage_year"], strict=True)
    )
    assert len(stage) == 14
    assert stage[max(stage)] == 2027
    assert not len(answer.rejected_segments)
    assert all(row["met"] for row in answer.stages)


def test_works_that_cut_the_first_stage_in_two_keep_their_road_out(scenario):
    # Two opened roads meet only where works last until 2026: no stage of 2025 can hold both
    # and the road between, so it stays closed for good and the plan says why.
    opened = [opened_road("a", 2023, (0, 0), (2, 0)), opened_road("b", 2023, (5, 0), (9, 0))]
    inputs = make_inputs(street(10), opened=opened, zones=[works("w", 3.5, 2026)])
    wanted = with_roads(scenario, target_km_by_year={2025: 2.5, 2026: 2.6, 2027: 3.0})
    answer = choose(inputs, wanted)
    for year in (2025, 2026, 2027):
        assert one_piece(answer.test_roads[answer.test_roads["stage_year"] <= year])
    assert answer.rejected_segments["reason"].tolist() == ["closed until 2026"]


def test_works_on_the_way_to_an_early_target_are_gone_round(scenario):
    # 4 km are due at once: the middle of the straight street is closed until 2026, a way
    # round it is open. The network with the middle would miss 2025, so it is left out.
    round_way = [road("r1", (3, 0), (3, 1), (4, 1), lanes=3), road("r2", (4, 1), (4, 0), lanes=4)]
    inputs = make_inputs([*street(8), *round_way], zones=[works("w", 3.5, 2026)])
    wanted = with_roads(scenario, target_km_by_year={2025: 4.0, 2026: 4.0, 2027: 4.0})
    answer = choose(inputs, wanted)
    assert answer.stages[0]["met"]
    assert (answer.test_roads["stage_year"] == 2025).all()
