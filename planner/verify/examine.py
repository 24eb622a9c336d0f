"""Runs every check on a plan folder and gives the certificate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pyproj.exceptions
import shapely.errors

from planner.verify import (
    actions,
    centrelines,
    closures,
    counting,
    coverage,
    demand,
    elsewhere,
    equipment,
    figures,
    fleets,
    folder,
    gismaps,
    goals,
    highways,
    keptout,
    ledger,
    letting_go,
    lists,
    markcosts,
    markrows,
    marks,
    materials,
    milestones,
    money,
    pages,
    power,
    reasons,
    references,
    rejections,
    report,
    rivals,
    roadlimits,
    roadnet,
    roadrepairs,
    roads,
    scores,
    sight,
    siterules,
    siting,
    standreasons,
    stationstatus,
    subsidy,
    testroads,
    townships,
    trips,
    verdict,
    waiting,
    wishes,
    years,
)
from planner.verify.certificate import (
    CERTIFICATE_FILE,
    FORMAT,
    RUN_FILE,
    Certificate,
    Check,
    file_hashes,
)
from planner.verify.faults import Fault, Faults, Proof
from planner.verify.files import PlanFiles, read_plan_files

UNREADABLE = (
    LookupError,
    ValueError,
    TypeError,
    ArithmeticError,
    OSError,
    shapely.errors.ShapelyError,
    pyproj.exceptions.ProjError,
)
"""What a check meets where a file is not what it should be; anything else is our defect."""
HASH_CHECK = "V00"


class Examination(NamedTuple):
    """One check: its id, what holds if it passes, and what looks for faults."""

    check_id: str
    holds: str
    proof: Proof


EXAMINATIONS = (
    Examination("V01", "the folder holds every file of a plan and no other", folder.complete),
    Examination(
        "V02", "every file and layer is read, in EPSG:4326, as its schema says", folder.readable
    ),
    Examination("V03", "settings and the assumptions shown are the same", folder.settings_agree),
    Examination(
        "V04", "every input is declared with hash, source and trust", folder.inputs_declared
    ),
    Examination("V05", "ids are unique and references resolve", references.references_resolve),
    Examination("V06", "geometries are valid, finite and in the study area", folder.geometry_sound),
    Examination("V07", "segment lengths are geodesic", roads.lengths_geodesic),
    Examination("V08", "segments meet at their nodes", roads.ends_at_nodes),
    Examination(
        "V09", "county, township and jurisdiction are those of the place", roads.places_named
    ),
    Examination("V10", "demand follows from residents and fleets", demand.demand_follows),
    Examination(
        "V11", "demand stands on usable nodes, urban or rural as built", demand.demand_placed
    ),
    Examination("V12", "no candidate site is where it may not be", siting.candidates_allowed),
    Examination("V13", "candidate sites use their nearest node", siting.snapped),
    Examination(
        "V14", "candidate sites draw on their nearest supply", siting.supplied_from_nearest
    ),
    Examination("V15", "stations stand on sites that allow them", siting.stations_on_sites),
    Examination("V16", "existing stations are kept", siting.existing_kept),
    Examination(
        "V17", "owner, power and capital follow from the technology", actions.technology_figures
    ),
    Examination("V18", "sites and supply nodes are overdrawn in no year", power.power_available),
    Examination("V19", "budgets are kept up to every year, to the yuan", money.budgets_kept),
    Examination("V20", "assignments are in reach and within capacity", coverage.assignments_hold),
    Examination("V21", "county gaps are proven from the roads", coverage.county_gaps_hold),
    Examination("V22", "township gaps are proven from the roads", coverage.township_gaps_hold),
    Examination("V23", "siting figures are those of the layers", figures.siting_figures),
    Examination("V24", "townships are checked from their nearest node", townships.townships_placed),
    Examination("V25", "township distances and statuses are proven", townships.townships_checked),
    Examination("V26", "test roads are segments, unchanged", testroads.taken_from_segments),
    Examination("V27", "every stage of the test roads is one piece", testroads.one_piece),
    Examination("V28", "stage kilometres and targets are proven", testroads.targets_met),
    Examination("V29", "no test road is excluded for safety", testroads.exclusions_kept),
    Examination("V30", "mandated zones are reached as stated", testroads.mandated_reached),
    Examination("V31", "roads opened before are matched", testroads.opened_matched),
    Examination("V32", "every cut of the ledgers adds up to the metre", ledger.cuts_reconcile),
    Examination("V33", "roadside units stand on their segments", equipment.units_placed),
    Examination("V34", "roadside units cover equipped segments", sight.units_cover),
    Examination("V35", "roadside units cost what their materials do", materials.units_paid),
    Examination("V36", "the subsidy is exact, to the yuan", subsidy.subsidy_exact),
    Examination("V37", "solver outcomes are consistent", verdict.outcomes_consistent),
    Examination("V38", "rule statuses and the verdict follow", verdict.rules_follow),
    Examination("V39", "the lists say what the layers say", lists.lists_equal_layers),
    Examination("V40", "the lists hold nothing active", lists.lists_inert),
    Examination("V41", "map and report ask for nothing", pages.pages_self_contained),
    Examination("V42", "the report shows the proven headline figures", report.headlines_shown),
    Examination("V43", "no key or token is in the folder", pages.no_secret),
    Examination("V44", "years of stations lead to what stands in the end", years.years_reconcile),
    Examination("V45", "actions, sizes and dates are allowed", actions.actions_allowed),
    Examination("V46", "capacities are those within the waiting rule", waiting.capacities_hold),
    Examination("V47", "nobody waits longer than the rule allows", waiting.waits_hold),
    Examination("V48", "supply upgrades are as their nodes offer", power.upgrades_offered),
    Examination("V49", "running and annual costs follow, to the yuan", money.costs_follow),
    Examination("V50", "grants are the best single one in force", money.grants_best),
    Examination("V51", "payers and unit costs are those of the layers", money.payers_follow),
    Examination("V52", "the years told are those of the layers", figures.years_told),
    Examination("V53", "demand of fleets follows from their vehicles", fleets.fleets_follow),
    Examination("V54", "highway stretches are directed chains", highways.stretches_chained),
    Examination("V55", "no motorway is left out of the stretches", highways.motorways_complete),
    Examination("V56", "fast charging along highways is proven", highways.gaps_proven),
    Examination("V57", "paths of trips lead from end to end", trips.paths_lead),
    Examination("V58", "trips refuel as stated", trips.refuelling_proven),
    Examination("V59", "reviews are honoured", siterules.reviews_honoured),
    Examination("V60", "candidate sites keep apart", siterules.sites_apart),
    Examination("V61", "planned charging fits the parking places", siterules.parking_kept),
    Examination("V62", "units and vehicles of counties are counted", siterules.units_counted),
    Examination("V63", "counts behind the rules are proven", stationstatus.counts_told),
    Examination("V64", "goals are in order, bounds on their side", goals.goals_in_order),
    Examination("V65", "the plan is as good as its goals say", goals.goals_reached),
    Examination("V66", "every choice of a site has its reason", reasons.reasons_told),
    Examination("V68", "what is lost, the best rival and its price hold", rivals.rivals_hold),
    Examination("V69", "what keeps candidate sites out is so", rejections.rejections_are_facts),
    Examination("V70", "what keeps usable sites empty is so", keptout.kept_out),
    Examination("V71", "what hangs on each station is told", standreasons.stations_explained),
    Examination("V72", "counties beyond the worst are proven", elsewhere.counties_beyond),
    Examination("V73", "milestones are counted from the layers", milestones.milestones_counted),
    Examination("V75", "poles and cabinets of roadside units hold", equipment.supports_hold),
    Examination("V76", "the bill of materials is complete", materials.bill_complete),
    Examination("V77", "prices and eligibility are those of the items", materials.items_priced),
    Examination(
        "V78", "spending, subsidy and payers of each year follow", subsidy.years_and_payers
    ),
    Examination("V79", "equipment keeps to its budget up to every year", subsidy.budgets_kept),
    Examination("V80", "roads count what they are long, either way", counting.both_bases_hold),
    Examination("V81", "opened roads that close are removed", counting.removals_hold),
    Examination("V82", "the ledger reconciles year by year", ledger.ledger_reconciles),
    Examination("V84", "closed hours and years of test roads are kept", closures.closures_hold),
    Examination("V85", "complexity grades follow, term by term", scores.grades_follow),
    Examination("V86", "test values follow from the weights", scores.values_follow),
    Examination("V87", "scenes are those of the roads", scores.scenes_follow),
    Examination("V88", "limits of the test roads are kept as stated", roadlimits.limits_kept),
    Examination("V89", "km of test roads on cycles are proven", roadnet.cycles_hold),
    Examination("V90", "short dead ends of test roads are told", roadnet.spurs_hold),
    Examination("V91", "scenes of the test roads add what is stated", roadnet.scenes_add_up),
    Examination("V92", "steps from simple to complex are told", roadnet.steps_hold),
    Examination("V93", "repairs of test roads yield what is told", roadrepairs.repairs_hold),
    Examination("V94", "every mark of reviewers is in the log once", marks.marks_logged),
    Examination("V95", "what became of each mark is so", marks.marks_honoured),
    Examination("V96", "marks set aside contradict each other", markrows.contradictions_hold),
    Examination("V97", "what is asked of the plan comes from marks", markrows.rows_from_marks),
    Examination("V98", "costs of marks are those of the plan", markcosts.costs_hold),
    Examination("V99", "wishes for charging test fleets are proven", wishes.wishes_hold),
    Examination("V100", "every segment is in one centreline", centrelines.centrelines_hold),
    Examination("V101", "what stages let go is told with a reason", letting_go.letting_go_told),
    Examination("V102", "layers for GIS say what the plan says", gismaps.gis_maps_hold),
)


def certify(folder: Path) -> Certificate:
    """Prove a plan folder from its files alone, whether or not it has a certificate yet.

    Parameters
    ----------
    folder
        Folder with plan.json, plan.gpkg, map.html, lists.xlsx and report.html. Nothing in
        it is trusted and nothing is written.

    Returns
    -------
    Certificate
        Failed checks name what is wrong; a missing or damaged file is a failed check.
    """
    path = Path(folder)
    if not path.is_dir():
        check = Check("V01", passed=False, detail="there is no such folder", worst=path.name)
        return Certificate(passed=False, checks=(check,), files=())
    plan = read_plan_files(path)
    checks = tuple(examine_one(row.check_id, plan) for row in EXAMINATIONS)
    return Certificate(all(check.passed for check in checks), checks, file_hashes(path))


def verify_plan(folder: Path | str) -> Certificate:
    """Prove a published plan folder again, and compare it with the certificate it carries.

    The certificate returned is that of :func:`certify` with one more check in front: the
    stored certificate is there, its hashes are those of the files, and its checks are those
    found now.
    """
    path = Path(folder)
    found = certify(path)
    if not path.is_dir():
        return found
    own = _result(HASH_CHECK, "the files are those that were certified", _stored(path, found))
    return Certificate(found.passed and own.passed, (own, *found.checks), found.files)


def _stored(folder: Path, found: Certificate) -> Faults:
    if not (folder / RUN_FILE).is_file():
        yield Fault(f"{RUN_FILE} is missing", RUN_FILE)
    try:
        stored = json.loads((folder / CERTIFICATE_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        yield Fault(f"{CERTIFICATE_FILE} could not be read: {error}", CERTIFICATE_FILE)
        return
    now = json.loads(found.as_json())
    if not isinstance(stored, dict) or stored.get("format") != FORMAT:
        yield Fault(f"{CERTIFICATE_FILE} is not of format {FORMAT}", CERTIFICATE_FILE)
        return
    given = stored.get("files")
    hashes: dict[str, object] = given if isinstance(given, dict) else {}
    for name in sorted(hashes.keys() | now["files"].keys()):
        if hashes.get(name) != now["files"].get(name):
            yield Fault(f"{name} is not the file that was certified", name)
    if stored != now and hashes == now["files"]:
        yield Fault("the stored checks are not those found now", CERTIFICATE_FILE)


def examine_one(check_id: str, plan: PlanFiles) -> Check:
    """Run one check on a plan that has been read.

    Raises
    ------
    StopIteration
        If there is no check of that id.
    """
    row = next(row for row in EXAMINATIONS if row.check_id == check_id)
    return _result(row.check_id, row.holds, row.proof(plan))


def _result(check_id: str, holds: str, faults: Faults) -> Check:
    found: list[Fault] = []
    try:
        found.extend(faults)
    except UNREADABLE as error:
        said = str(error.args[0]) if error.args else type(error).__name__
        found.append(Fault(f"could not be read: {said}"[:400]))
    if not found:
        return Check(check_id, passed=True, detail=holds)
    worst = max(found, key=lambda fault: fault.size)
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    where = f" [{worst.where}]" if worst.where else ""
    detail = f"does not hold: {holds}: {worst.what}{where}{more}"
    return Check(check_id, passed=False, detail=detail, worst=worst.where)
