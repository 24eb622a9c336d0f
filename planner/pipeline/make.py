"""Makes a plan from a scenario and publishes it with its proof: the story of one run."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from planner import outputs, verify
from planner.candidates import make_candidate_sites
from planner.demand import make_demand_points
from planner.errors import Problem, VerificationError
from planner.inputs import read_inputs
from planner.network import build_network
from planner.plan import Decisions, Plan, assemble
from planner.scenario import Scenario
from planner.siting import site_stations
from planner.solver import Deadline
from planner.testroads import choose_test_roads

STEPS = ("read", "network", "demand", "sites", "test roads", "stations", "figures")
LIBRARIES = ("geopandas", "shapely", "pyproj", "pyogrio", "pulp", "highspy", "folium", "numpy")
Tell = Callable[[str], None]


def make_plan(scenario: Scenario, *, tell: Tell = lambda _step: None) -> Plan:
    """Plan stations and test roads of one case.

    Parameters
    ----------
    scenario
        The frozen assumptions; see :func:`planner.load_scenario`.
    tell
        Called with the name of each step of :data:`STEPS` as it begins.

    Raises
    ------
    InputError
        If a layer of the case is refused.
    LimitError
        If time ran out before there was any plan.
    """
    tell("read")
    inputs = read_inputs(scenario)
    tell("network")
    network = build_network(inputs)
    tell("demand")
    demand_points = make_demand_points(inputs, network, scenario)
    tell("sites")
    sites = make_candidate_sites(inputs, network, demand_points, scenario)
    deadline = Deadline.after(scenario.run.time_limit_s)
    tell("test roads")
    roads = choose_test_roads(inputs, network, scenario, deadline)
    tell("stations")
    siting = site_stations(inputs, network, demand_points, sites, scenario, deadline)
    tell("figures")
    return assemble(scenario, inputs, Decisions(network, demand_points, sites, siting, roads))


def write_plan(plan: Plan, out: str | Path, *, lang: str = "zh") -> verify.Certificate:
    """Write a plan folder, prove it from its files, and only then publish it.

    Parameters
    ----------
    plan
        The plan.
    out
        Folder to make or to replace; it is always the old plan or the new one.
    lang
        Leading language of map, lists and report: ``"zh"`` or ``"en"``.

    Raises
    ------
    VerificationError
        If the written files do not prove the plan; nothing is published then.
    OutputError
        If the folder cannot be written; what stood there still stands.
    """
    started = time.time()
    with outputs.staged(Path(out)) as folder:
        outputs.write_files(plan, folder, lang=lang)
        certificate = verify.certify(folder)
        if not certificate.passed:
            raise VerificationError(
                Problem("E-VER-001", check.detail, "report this as a defect", column=check.check_id)
                for check in certificate.checks
                if not check.passed
            )
        (folder / "certificate.json").write_text(certificate.as_json(), encoding="utf-8")
        (folder / "run.json").write_text(_run_record(plan, started), encoding="utf-8")
    return certificate


def _run_record(plan: Plan, started: float) -> str:
    content = {
        "written_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "writing_s": round(time.time() - started, 3),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "case_folder": plan.scenario.folder.name,
    }
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
