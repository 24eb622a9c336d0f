"""Reads the toy case once for all tests of candidate sites."""

import pytest
from toy_case_files import write_toy_case

from planner.demand import make_demand_points
from planner.inputs import read_inputs
from planner.network import build_network
from planner.scenario import load_scenario


@pytest.fixture(scope="session")
def scenario(tmp_path_factory):
    return load_scenario(write_toy_case(tmp_path_factory.mktemp("candidates") / "toy"))


@pytest.fixture(scope="session")
def toy(scenario):
    """Return inputs, network and demand points of the toy case."""
    inputs = read_inputs(scenario)
    network = build_network(inputs)
    return inputs, network, make_demand_points(inputs, network, scenario)
