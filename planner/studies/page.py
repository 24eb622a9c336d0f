"""Builds the page of a study: tables and charts in two languages, without scripts or requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import pandas as pd

from planner.outputs.report import both
from planner.outputs.text_safety import text
from planner.outputs.wording import Both
from planner.scenario import Scenario

Cell = Both | str
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
EMPTY = "—"


@dataclass(frozen=True)
class Table:
    """A heading, the titles of the columns and rows of cells; the first cell names the row."""

    title: Both
    head: Sequence[Both]
    rows: Sequence[Sequence[Cell]]


def study_page(
    scenario: Scenario, title: Both, notes: Sequence[Both], parts: Sequence[Table | str], lang: str
) -> str:
    """Return a study as one HTML page.

    Parameters
    ----------
    scenario
        The case, for its name.
    title
        What the study is called.
    notes
        Sentences that stand before the tables.
    parts
        Tables, and charts as SVG that is already inert.
    lang
        Language the page opens in.
    """
    english = lang == "en"
    case = Both(scenario.title_zh, scenario.title_en)
    zh, en = (" checked" if on else "" for on in (not english, english))
    style = files("planner.outputs").joinpath("templates", "report.css").read_text("utf-8")
    body = "\n".join(part if isinstance(part, str) else _table(part) for part in parts)
    lines = "\n".join(f"<p>{both(note)}</p>" for note in notes)
    return f"""<!DOCTYPE html>
<html lang="{"en" if english else "zh-CN"}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{text(title.en if english else title.zh)}</title>
<style>
{style}
</style>
</head>
<body>
<input type="radio" name="language" id="lang-zh"{zh}>
<input type="radio" name="language" id="lang-en"{en}>
<main>
<header>
<p class="switch"><label for="lang-zh">中文</label><label for="lang-en">English</label></p>
<h1>{both(title)}</h1>
<p class="sub">{both(case)}</p>
</header>
<section>
{lines}
{body}
</section>
</main>
</body>
</html>
"""


def _table(table: Table) -> str:
    head = "".join(f"<th>{both(cell)}</th>" for cell in table.head)
    rows = "\n".join(
        f"<tr><th>{both(row[0])}</th>{''.join(f'<td>{both(cell)}</td>' for cell in row[1:])}</tr>"
        for row in table.rows
    )
    return (
        f"<h2>{both(table.title)}</h2>\n<table>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody>\n</table>"
    )


def percent(value: float) -> str:
    """Return a share of 1 in percent, or a dash where there is none."""
    return EMPTY if pd.isna(value) else f"{value:.2%}"


def whole(value: float) -> str:
    """Return a number without decimals, or a dash where there is none."""
    return EMPTY if pd.isna(value) else f"{value:,.0f}"


def figure(value: float) -> str:
    """Return a number as people read it: whole where large, six digits where small."""
    if pd.isna(value):
        return EMPTY
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:,.6g}"
