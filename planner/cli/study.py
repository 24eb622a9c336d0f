"""The commands of ``planner study``: what one plan cannot say, each in a folder of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.lang import Lang
from planner.errors import ExitCode

if TYPE_CHECKING:
    from planner.scenario import Scenario
    from planner.studies.publish import Study

study = typer.Typer(
    no_args_is_help=True,
    help="Trade-offs, alternatives and sensitivity of a case. 权衡曲线、备选方案与敏感性。",
)

Case = Annotated[
    str | None,
    typer.Argument(
        help="Case folder, or the name of one that ships; Nanchang if omitted.", show_default=False
    ),
]
Out = Annotated[Path, typer.Option(help="Folder to make for the study.", show_default=False)]
Language = Annotated[Lang, typer.Option(help="Leading language of the report.")]
Limit = Annotated[float | None, typer.Option(min=1, help="Seconds for the solves of each plan.")]
Effort = Annotated[
    int | None, typer.Option(min=0, help="Rounds of search on large cases; 0 for a quick look.")
]
Variant = Annotated[str, typer.Option(help="Named variant of the case.")]


@study.command("trade-off")
def trade_off(  # noqa: PLR0913 - the public options of the command
    case: Case = None,
    *,
    out: Out,
    factor: Annotated[
        list[float] | None, typer.Option(min=0, help="Budget factor; may be repeated.")
    ] = None,
    variant: Variant = "",
    time_limit: Limit = None,
    effort: Effort = None,
    lang: Language = Lang.ZH,
) -> int:
    """Public budget against demand served and the worst county: proved points only."""
    from planner import studies  # noqa: PLC0415 - seconds that --help must not pay

    factors = factor or studies.DEFAULT_FACTORS
    made = studies.trade_off(_scenario(case, variant, time_limit, effort), factors, tell=_tell)
    return _publish(made, out, lang)


@study.command("alternatives")
def alternatives(  # noqa: PLR0913 - the public options of the command
    case: Case = None,
    *,
    out: Out,
    n: Annotated[int, typer.Option("--plans", min=2, help="How many plans.")] = 4,
    gap: Annotated[
        float, typer.Option(min=0, max=1, help="Share by which a plan may cost more.")
    ] = 0.05,
    variant: Variant = "",
    time_limit: Limit = None,
    effort: Effort = None,
    lang: Language = Lang.ZH,
) -> int:
    """Several plans within a stated gap that differ as much as they can; no-regret sites."""
    from planner import studies  # noqa: PLC0415

    made = studies.alternatives(_scenario(case, variant, time_limit, effort), n, gap, tell=_tell)
    return _publish(made, out, lang)


@study.command("sensitivity")
def sensitivity(  # noqa: PLR0913 - the public options of the command
    case: Case = None,
    *,
    out: Out,
    key: Annotated[
        list[str] | None,
        typer.Option(help="Assumption, such as demand.growth; may be repeated."),
    ] = None,
    share: Annotated[
        float, typer.Option(min=0.001, max=0.9, help="How far each is lowered and raised.")
    ] = 0.2,
    variant: Variant = "",
    time_limit: Limit = None,
    effort: Effort = None,
    lang: Language = Lang.ZH,
) -> int:
    """Which assumption changes the plan: each up and down, one at a time."""
    from planner import studies  # noqa: PLC0415

    keys = key or studies.DEFAULT_KEYS
    scenario = _scenario(case, variant, time_limit, effort)
    return _publish(studies.sensitivity(scenario, keys, share, tell=_tell), out, lang)


@study.command("road-trade-off")
def road_trade_off(  # noqa: PLR0913 - the public options of the command
    case: Case = None,
    *,
    out: Out,
    factor: Annotated[
        list[float] | None, typer.Option(min=0.01, help="Target factor; may be repeated.")
    ] = None,
    variant: Variant = "",
    time_limit: Limit = None,
    effort: Effort = None,
    lang: Language = Lang.ZH,
) -> int:
    """Test roads: km against equipment money against worth: proved points only."""
    from planner import studies  # noqa: PLC0415

    factors = factor or studies.DEFAULT_TARGETS
    made = studies.road_trade_off(_scenario(case, variant, time_limit, effort), factors, tell=_tell)
    return _publish(made, out, lang)


@study.command("road-alternatives")
def road_alternatives(  # noqa: PLR0913 - the public options of the command
    case: Case = None,
    *,
    out: Out,
    n: Annotated[int, typer.Option("--plans", min=2, help="How many networks.")] = 4,
    gap: Annotated[
        float, typer.Option(min=0, max=1, help="Share by which a network may be worth less.")
    ] = 0.05,
    variant: Variant = "",
    time_limit: Limit = None,
    effort: Effort = None,
    lang: Language = Lang.ZH,
) -> int:
    """Networks of test roads nearly as good that differ; what each corridor is worth."""
    from planner import studies  # noqa: PLC0415

    scenario = _scenario(case, variant, time_limit, effort)
    return _publish(studies.road_alternatives(scenario, n, gap, tell=_tell), out, lang)


def _scenario(
    case: str | None, variant: str, time_limit: float | None, effort: int | None
) -> Scenario:
    from planner.scenario import load_scenario  # noqa: PLC0415

    return load_scenario(case, variant).with_run(time_limit_s=time_limit, effort=effort)


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _publish(made: Study, out: Path, lang: Lang) -> int:
    from planner.studies import write_study  # noqa: PLC0415

    write_study(made, out, lang=lang.value)
    sys.stdout.write(f"{out / 'report.html'}\n")
    return ExitCode.VERIFIED
