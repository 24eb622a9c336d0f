"""Sites the toy case with few sizes on offer, so that one answer takes a second or two."""

from toy_case_files import write_toy_case

from planner.candidates import make_candidate_sites
from planner.demand import make_demand_points
from planner.inputs import read_inputs
from planner.network import build_network
from planner.scenario import load_scenario
from planner.siting import site_stations
from planner.solver import Deadline

SIZES = {
    "dc60": {"min_units": 4, "max_units": 12, "unit_step": 4, "upgrade_to": "dc120"},
    "dc120": {"min_units": 4, "max_units": 8, "unit_step": 4, "upgrade_to": ""},
    "swap": {"max_units": 1, "upgrade_to": ""},
    "hydrogen500": {"max_units": 1, "upgrade_to": ""},
}


def light_scenario(folder):
    """Return the toy scenario with four technologies of few sizes and a wide gap."""
    scenario = load_scenario(write_toy_case(folder / "toy"))
    rows = {name: scenario.technologies[name].model_copy(update=values)
            for name, values in SIZES.items()}  # fmt: skip
    return with_setting(scenario.model_copy(update={"technologies": rows}), "run", mip_gap=0.03)


def with_setting(scenario, section, **values):
    changed = getattr(scenario, section).model_copy(update=values)
    return scenario.model_copy(update={section: changed})


def sited(scenario, inputs=None, *, no_site=False):
    """Return inputs, demand points, candidate sites and the answer of a scenario."""
    inputs = inputs or read_inputs(scenario)
    network = build_network(inputs)
    demand = make_demand_points(inputs, network, scenario)
    sites = make_candidate_sites(inputs, network, demand, scenario)
    if no_site:
        sites = sites.assign(status="rejected")
    answer = site_stations(inputs, network, demand, sites, scenario, Deadline.after(60))
    return inputs, demand, sites, answer
