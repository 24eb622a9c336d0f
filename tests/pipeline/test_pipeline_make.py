"""Whole runs: a plan is the same to the byte, is never published unproved, and real roads work."""

import copy
from dataclasses import replace

import pytest
from toy_case_files import needs_real, real_data, write_toy_case

from planner import load_scenario, make_plan, verify_plan, write_plan
from planner.cases import CaseOptions, case_from_base, case_from_osm
from planner.errors import VerificationError
from planner.pipeline import STEPS

CORE = ("data", "nanchang", "core_roads.gpkg")
EXTRACT = ("data", "osm", "liechtenstein-2024-03-04.osm.pbf")


@pytest.fixture(scope="module")
def again(tmp_path_factory):
    """The toy case planned a second time: the plan, and the steps that were told."""
    told = []
    case = write_toy_case(tmp_path_factory.mktemp("again") / "case")
    return make_plan(load_scenario(case), tell=told.append), told


def test_equal_inputs_make_equal_bytes(toy_plan_folder, again, tmp_path):
    write_plan(again[0], tmp_path / "plan")
    names = sorted(path.name for path in toy_plan_folder.iterdir())
    assert names == sorted(path.name for path in (tmp_path / "plan").iterdir())
    for name in set(names) - {"run.json"}:
        assert (tmp_path / "plan" / name).read_bytes() == (toy_plan_folder / name).read_bytes(), (
            name
        )


def test_a_plan_that_does_not_hold_is_withheld(again, tmp_path):
    plan = replace(again[0], figures=copy.deepcopy(again[0].figures))
    plan.figures["siting"]["spent_cny"] += 1
    with pytest.raises(VerificationError, match="spent"):
        write_plan(plan, tmp_path / "plan")
    assert not (tmp_path / "plan").exists()


def test_steps_are_told_in_their_order(again):
    assert tuple(again[1]) == STEPS


@needs_real(*EXTRACT)
def test_liechtenstein_from_its_extract_to_a_verified_plan(tmp_path):
    options = CaseOptions(targets={2025: 20.0, 2026: 40.0, 2027: 60.0})
    case_from_osm(
        tmp_path / "case", osm=real_data().joinpath(*EXTRACT), admin_level=8, options=options
    )
    plan = make_plan(load_scenario(tmp_path / "case"))
    write_plan(plan, tmp_path / "plan")
    assert verify_plan(tmp_path / "plan").passed
    assert len(plan.layers["counties"]) == 11
    assert [stage["met"] for stage in plan.figures["test_roads"]["stages"]] == [True] * 3
    assert plan.figures["siting"]["n_existing"] == 6


@needs_real(*CORE)
def test_nanchang_with_real_core_roads_to_a_verified_plan(tmp_path):
    roads = f"{real_data().joinpath(*CORE)}::edges"
    case_from_base(tmp_path / "case", base="nanchang", roads=roads, datum="wgs84")
    plan = make_plan(load_scenario(tmp_path / "case").with_run(effort=0))
    write_plan(plan, tmp_path / "plan")
    assert verify_plan(tmp_path / "plan").passed
    assert plan.figures["test_roads"]["opened_km"] >= 500.0
    assert plan.figures["case"]["synthetic_layers"] == []
