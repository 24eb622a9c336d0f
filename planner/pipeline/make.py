"""Makes a plan from a scenario and publishes it with its proof: the story of one run."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from planner import outputs, verify
from planner.candidates import make_candidate_sites
from planner.demand import make_demand_points
from planner.errors import Problem, VerificationError
from planner.inputs import read_inputs, read_review_files
from planner.network import build_network
from planner.pipeline.review_costs import find_costs, without_marks
from planner.pipeline.review_log import reviewed
from planner.pipeline.review_settle import Ground, settle
from planner.plan import Decisions, Plan, assemble
from planner.plan.reviewed import Reviewed
from planner.scenario import Scenario
from planner.siting import SitingAnswer, site_stations
from planner.solver import Deadline
from planner.testroads import TestRoadAnswer, choose_test_roads

STEPS = ("read", "network", "demand", "sites", "test roads", "stations", "figures")
LIBRARIES = ("geopandas", "shapely", "pyproj", "pyogrio", "pulp", "highspy", "folium", "numpy")
Tell = Callable[[str], None]


def make_plan(
    scenario: Scenario, *, reviews: Sequence[Path | str] = (), tell: Tell = lambda _step: None
) -> Plan:
    """Plan stations and test roads of one case.

    Parameters
    ----------
    scenario
        The frozen assumptions; see :func:`planner.load_scenario`.
    reviews
        Files that reviewers saved on the map of a plan of this case. With them the stations and
        test roads are chosen a second time without, so that the cost of the marks is known.
    tell
        Called with the name of each step of :func:`steps_of` as it begins.

    Raises
    ------
    InputError
        If a layer of the case or a review file is refused.
    LimitError
        If time ran out before there was any plan.
    """
    marks = read_review_files(reviews, scenario) if reviews else None
    tell("read")
    inputs = read_inputs(scenario)
    tell("network")
    network = build_network(inputs)
    tell("demand")
    demand_points = make_demand_points(inputs, network, scenario)
    tell("sites")
    sites = make_candidate_sites(inputs, network, demand_points, scenario)
    ground = Ground(scenario, inputs, network, demand_points, sites)
    if marks is None:
        return _plan_of(ground, *_decide(ground, tell), Reviewed(), tell)
    tell("reviews")
    settled = settle(ground, marks)
    siting, roads = _decide(settled.asked, tell)
    tell("cost of the marks")
    costs = find_costs(settled, without_marks(settled), siting, roads)
    log = reviewed(settled, siting, roads, costs)
    return _plan_of(settled.asked, siting, roads, log, tell)


def steps_of(*, reviews: bool) -> tuple[str, ...]:
    """Return the names of the steps of a run, with or without review files."""
    if not reviews:
        return STEPS
    first, last = STEPS[: STEPS.index("sites") + 1], STEPS[STEPS.index("sites") + 1 : -1]
    return (*first, "reviews", *last, "cost of the marks", STEPS[-1])


def _decide(ground: Ground, tell: Tell) -> tuple[SitingAnswer, TestRoadAnswer]:
    scenario = ground.scenario
    deadline = Deadline.after(scenario.run.time_limit_s)
    tell("test roads")
    roads = choose_test_roads(ground.inputs, ground.network, scenario, deadline)
    tell("stations")
    siting = site_stations(
        ground.inputs, ground.network, ground.demand_points, ground.sites, scenario, deadline
    )
    return siting, roads


def _plan_of(
    ground: Ground, siting: SitingAnswer, roads: TestRoadAnswer, log: Reviewed, tell: Tell
) -> Plan:
    tell("figures")
    decisions = Decisions(ground.network, ground.demand_points, ground.sites, siting, roads, log)
    plan = assemble(ground.scenario, ground.inputs, decisions)
    return replace(plan, explorer=outputs.explore)


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
