"""The command ``planner compare``: two plan folders side by side, in words, a map and tables."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.lang import Lang
from planner.errors import ExitCode

if TYPE_CHECKING:
    from planner.comparison import Comparison

Plan = Annotated[Path, typer.Argument(help="Plan folder.", show_default=False)]


def compare(
    plan_a: Plan,
    plan_b: Plan,
    *,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to make; <A>-vs-<B> beside A if omitted.", show_default=False),
    ] = None,
    moved_within: Annotated[
        float, typer.Option(min=0, help="Metres within which a station counts as moved.")
    ] = 2000.0,
    lang: Annotated[Lang, typer.Option(help="Leading language of map and lists.")] = Lang.ZH,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON on stdout.")
    ] = False,
) -> int:
    """Compare two plans: what was added, moved, dropped, and each figure's change."""
    from planner.comparison import compare as compared  # noqa: PLC0415 - --help must not pay
    from planner.comparison import folder_for, write_comparison  # noqa: PLC0415
    from planner.outputs import read_certified  # noqa: PLC0415

    made = compared(read_certified(plan_a), read_certified(plan_b), moved_within)
    folder = out or folder_for(plan_a, plan_b)
    write_comparison(made, folder, lang=lang.value)
    sys.stdout.write(_as_json(made, folder) if as_json else _in_words(made, folder, lang.value))
    return ExitCode.VERIFIED


def _as_json(made: Comparison, folder: Path) -> str:
    from planner.comparison import record  # noqa: PLC0415

    content = {"folder": str(folder)} | record(made)
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _in_words(made: Comparison, folder: Path, lang: str) -> str:
    from planner.comparison import figure_lines, headline, title, warnings  # noqa: PLC0415

    english = lang == "en"

    def said(words: tuple[str, str]) -> str:
        return words[1] if english else words[0]

    lines = [said(title(made))]
    lines += [f"  ! {said(row)}" for row in warnings(made)]
    lines += [f"  {said(row)}" for row in headline(made)]
    lines += [f"    {said(row)}" for row in figure_lines(made)]
    lines += [f"  {folder / name}" for name in ("compare.html", "compare.xlsx", "compare.json")]
    return "\n".join(lines) + "\n"
