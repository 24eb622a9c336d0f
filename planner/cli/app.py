"""The commands and their arguments; each imports what it needs only when it runs."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.compare import compare
from planner.cli.export import export
from planner.cli.lang import Lang
from planner.cli.map import draw_map
from planner.cli.printing import print_plan
from planner.cli.study import study
from planner.errors import ExitCode

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Plan charging, swap and hydrogen stations and connected-vehicle test roads, with proof. "
    "充换电、加氢设施与智能网联测试道路规划。",
)
app.add_typer(study, name="study")
app.command()(compare)
app.command()(export)
app.command("map")(draw_map)
app.command("print")(print_plan)


class ErrorForm(StrEnum):
    """How problems are written."""

    TEXT = "text"
    JSON = "json"


class Datum(StrEnum):
    """What the coordinates of an input mean."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"


Case = Annotated[
    str | None,
    typer.Argument(
        help="Case folder, or the name of one that ships; Nanchang if omitted.", show_default=False
    ),
]
Variant = Annotated[
    str, typer.Option(help="Named variant of the case's assumptions.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")]


@app.command()
def run(  # noqa: PLR0913 - the public options of the command
    case: Case = None,
    *,
    variant: Variant = "",
    out: Annotated[
        Path | None, typer.Option(help="Plan folder; out/<case> if omitted.", show_default=False)
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option(min=1, help="Seconds for all solves together.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of the searches.")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Solver threads.")] = None,
    effort: Annotated[
        int | None, typer.Option(min=0, help="Rounds of search on large cases; 0 for a quick look.")
    ] = None,
    review: Annotated[
        list[Path] | None,
        typer.Option(help="File that a reviewer saved on the map; may be repeated."),
    ] = None,
    lang: Annotated[Lang, typer.Option(help="Leading language of map and report.")] = Lang.ZH,
    as_json: Json = False,
) -> int:
    """Make a plan, prove it from its files, and publish it."""
    from planner.cli.show import progress, summary  # noqa: PLC0415
    from planner.pipeline import make_plan, steps_of, write_plan  # noqa: PLC0415
    from planner.scenario import load_scenario  # noqa: PLC0415

    scenario = load_scenario(case, variant).with_run(
        time_limit_s=time_limit, seed=seed, threads=threads, effort=effort
    )
    steps = steps_of(reviews=bool(review))
    with progress((*steps, "write and verify"), lang=lang.value) as tell:
        plan = make_plan(scenario, reviews=review or (), tell=tell)
        tell("write and verify")
        folder = out or plan.folder_name
        certificate = write_plan(plan, folder, lang=lang.value)
    sys.stdout.write(summary(plan.figures, certificate, folder, lang=lang.value, as_json=as_json))
    return ExitCode.VERIFIED if plan.figures["verdict"] == "met" else ExitCode.RULE_SHORT


@app.command()
def check(
    case: Case = None,
    variant: Variant = "",
    errors: Annotated[ErrorForm, typer.Option(help="How problems are written.")] = ErrorForm.TEXT,
) -> int:
    """Say everything about a case that can be said without solving."""
    from planner.cli.show import case_report, problems_json  # noqa: PLC0415
    from planner.errors import PlannerError  # noqa: PLC0415
    from planner.pipeline import check_case  # noqa: PLC0415
    from planner.scenario import load_scenario  # noqa: PLC0415

    try:
        report = check_case(load_scenario(case, variant))
    except PlannerError as error:
        if errors is not ErrorForm.JSON:
            raise
        sys.stdout.write(problems_json(error.as_rows()))
        return error.exit_code
    sys.stdout.write(case_report(report, as_json=errors is ErrorForm.JSON))
    return ExitCode.VERIFIED


@app.command()
def verify(
    plan: Annotated[Path, typer.Argument(help="Plan folder.", show_default=False)],
    as_json: Json = False,  # noqa: FBT002 - a flag
) -> int:
    """Prove a plan folder again from its files alone."""
    from planner.cli.show import certificate_text  # noqa: PLC0415
    from planner.verify import verify_plan  # noqa: PLC0415

    certificate = verify_plan(plan)
    sys.stdout.write(certificate.as_json() if as_json else certificate_text(certificate))
    return ExitCode.VERIFIED if certificate.passed else ExitCode.VERIFICATION_FAILED


@app.command()
def init(  # noqa: PLR0913 - the public options of the command
    folder: Annotated[Path, typer.Argument(help="Case folder to make.", show_default=False)],
    *,
    counties: Annotated[
        str | None, typer.Option(help="Boundary file; FILE::LAYER names a layer.")
    ] = None,
    roads: Annotated[
        str | None,
        typer.Option(help="Road file: OSM PBF/XML, GraphML, GeoPackage, GeoJSON, Shapefile."),
    ] = None,
    osm: Annotated[Path | None, typer.Option(help="One OSM extract for everything.")] = None,
    admin_level: Annotated[int, typer.Option(min=2, max=11, help="Level of the counties.")] = 8,
    city: Annotated[str | None, typer.Option(help="Chinese city: name or code.")] = None,
    base: Annotated[
        str | None, typer.Option("--from", help="Case whose layers and settings to take over.")
    ] = None,
    schematic: Annotated[
        bool, typer.Option("--schematic", help="With --city: draw schematic roads.")
    ] = False,
    datum: Annotated[
        Datum | None, typer.Option(help="What the coordinates of the files mean.")
    ] = None,
    target: Annotated[
        list[str] | None, typer.Option(help="Test roads, as 2027=60 (km); may be repeated.")
    ] = None,
    population: Annotated[int | None, typer.Option(min=1, help="Residents of the city.")] = None,
    title: Annotated[str, typer.Option(help="Title of the case.")] = "",
) -> int:
    """Make a case folder from files, from one OSM extract, or for a Chinese city."""
    from planner.cases import CaseOptions  # noqa: PLC0415
    from planner.cli.new_case import Source, make_case, read_targets  # noqa: PLC0415
    from planner.cli.show import made_case  # noqa: PLC0415

    options = CaseOptions(
        title_zh=title, title_en=title, targets=read_targets(target or []), population=population
    )
    source = Source(
        counties, roads, osm, admin_level, city, base, datum.value if datum else "", schematic
    )
    sys.stdout.write(made_case(make_case(folder, source, options)))
    return ExitCode.VERIFIED


@app.command()
def doctor() -> int:
    """Check solver, projection data, fonts, optional extras and the folder for plans."""
    from planner.cli.doctor import examine  # noqa: PLC0415

    report, healthy = examine(Path.cwd())
    sys.stdout.write(report)
    return ExitCode.VERIFIED if healthy else ExitCode.INTERNAL
