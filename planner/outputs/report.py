"""Renders ``report.html``: the answer first, then what stands behind it, then the annex."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import geopandas as gpd
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from planner import layers
from planner.outputs import amounts, director, reviews, station_rows, summary
from planner.outputs.charts import Say, in_both, in_one
from planner.outputs.milestones import milestone_cards
from planner.outputs.report_charts import MOST_ROWS, charts
from planner.outputs.road_network import limit_cards, network_rows, scene_list
from planner.outputs.road_repairs import repair_cards
from planner.outputs.road_words import zone_names
from planner.outputs.sureness import goal_title, goals_of, sureness
from planner.outputs.text_safety import brief, text, visible
from planner.outputs.warning_words import warning_words
from planner.outputs.wording import (
    Both,
    layer_title,
    same,
    titles_of,
    word_of,
    wording,
    words_of,
)

Row = dict[str, Any]
TEMPLATE = "report.html"
Write = Callable[[Both | str], Markup]
SOLVED_WITH_GAP = ("within_gap", "feasible_limit")


def render_report(
    frames: dict[str, Any],
    figures: Row,
    *,
    lang: str = "zh",
    printed: str = "",
    annex: bool = True,
) -> str:
    """Return the report of a plan as one HTML page without scripts or requests.

    Parameters
    ----------
    frames
        The plan's layers by name: for names, motorways, trips, grid upgrades and townships.
    figures
        Content of ``plan.json``; every other number comes from it.
    lang
        Language the page opens in; a switch on the page shows the other.
    printed
        Empty for the screen; for paper the class of the page, which gets one language only.
    annex
        Whether the annex follows the two pages that are read first.

    Returns
    -------
    str
        The same for the same plan, to the byte.
    """
    write = one_language(lang) if printed else both
    environment = _environment(write)
    return environment.get_template(TEMPLATE).render(
        lang="en" if lang == "en" else "zh",
        printed=printed,
        annex=annex,
        f=figures,
        title=Both(figures["case"]["title_zh"], figures["case"]["title_en"]),
        banner=summary.warnings_of_trust(figures),
        **_director(frames, figures, in_one(lang) if printed else in_both),
        **_annex(frames, figures),
        **_titles(frames),
    )


def _director(frames: dict[str, Any], figures: Row, say: Say) -> Row:
    """Return what stands on the two pages that are read first."""
    told, rest = director.rules_told(figures)
    drawn = charts(frames, figures, say)
    n = len(figures["siting"]["county_shares"])
    more = wording("report.chart_more", shown=MOST_ROWS, n=n) if n > MOST_ROWS else same("")
    return {
        "headline": director.headline(figures),
        "lead": summary.lead(figures),
        "sure": sureness(figures),
        "charts": {name: Markup(svg) for name, svg in drawn.items()},  # noqa: S704 - inert
        "more_counties": more,
        "funding": director.funding(figures),
        "why": director.why_these(frames),
        "alternatives": director.alternatives(frames, figures),
        "rules_told": told,
        "rules_rest": rest,
        "limits": director.limits(figures),
    }


def _annex(frames: dict[str, Any], figures: Row) -> Row:
    """Return what stands behind them."""
    access = frames["township_access"]
    return {
        "reviews": reviews.review_cards(frames),
        "review_log": reviews.log_cards(frames),
        "review_totals": reviews.totals(figures),
        "review_counts": reviews.counts(figures),
        "remedy": station_rows.remedy(figures),
        "energies": layers.ENERGIES,
        "siting_years": station_rows.years(figures),
        "payers": station_rows.payer_rows(figures),
        "stretches": station_rows.stretches(frames["highway_access"]),
        "trips": station_rows.trips(frames["trip_access"]),
        "upgrades": station_rows.upgrades(frames["supply_upgrades"], frames["supply_nodes"]),
        "townships": station_rows.township_cards(frames, figures),
        "fleets": station_rows.fleets(figures),
        "milestones": milestone_cards(frames),
        "road_repairs": repair_cards(frames),
        "network": network_rows(figures),
        "scenes": scene_list(figures),
        "road_limits": limit_cards(frames),
        "counties": summary.gaps_by_county(figures),
        "years": summary.km_by_year(figures),
        "technologies": summary.technology_rows(figures),
        "known": summary.technologies(figures),
        "outcomes": outcomes(figures),
        "unchecked": _by_reason(
            access[access["status"] == "cannot_be_checked"],
            titles_of(frames["townships"], "township_id"),
        ),
        "trust_marks": words_of("trust"),
        "excluded": director.excluded_by_reason(frames),
    }


def _titles(frames: dict[str, Any]) -> Row:
    """Return the names of places by their id, in English where they have such a name."""
    return {
        "county_titles": titles_of(frames["counties"], "county_id"),
        "owner_titles": titles_of(frames["jurisdictions"], "jurisdiction_id"),
        "zone_titles": zone_names(frames["zones"]),
    }


def outcomes(figures: Row) -> list[Row]:
    """Return how each solve ended, with the words that its termination allows and no more."""
    return [
        row
        | {
            "title": goal_title(row["name"]),
            "ended": word_of("termination", row["termination"]),
            "plain": _with_note(plain_outcome(row), row["name"]),
        }
        for row in goals_of(figures)
    ]


def _with_note(plain: Both, name: str) -> Both:
    """Add what the bound of a goal is a bound of, where that is not every plan there could be."""
    note = words_of("goal_note").get(name)
    return Both(plain.zh + note.zh, f"{plain.en} {note.en}") if note else plain


def plain_outcome(outcome: Row) -> Both:
    """Return what an outcome means, never more than its bound proves."""
    ended = outcome["termination"]
    if ended == "proven_optimal":
        return wording("termination_plain.proven_optimal")
    if ended not in SOLVED_WITH_GAP:
        return wording("termination_plain.other")
    if outcome["gap"] is None:
        return wording("termination_plain.feasible_unknown")
    return wording(f"termination_plain.{ended}", gap=f"{outcome['gap']:.2%}")


def _number(value: float | None) -> str:
    if value is None:
        return amounts.NOTHING
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:,.6g}"


def _by_reason(rows: gpd.GeoDataFrame, names: dict[str, Both]) -> dict[str, list[Both]]:
    """Return the names of the rows by their reason, in the order of the rows."""
    found: dict[str, list[Both]] = {}
    for row in rows.itertuples():
        reason = row.reason if isinstance(row.reason, str) else ""
        found.setdefault(reason, []).append(names.get(str(row.township_id), same(row.name)))
    return found


def _environment(both: Write) -> Environment:
    """Return the templates' surroundings: how texts and numbers are written."""
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )
    environment.globals |= {
        "t": lambda key, **values: both(wording(key, **values)),
        "word": lambda section, value: both(word_of(section, value)),
        "layer": lambda name: both(layer_title(name)),
        "css": lambda: Markup(_template("report.css")),  # noqa: S704 - packaged, not data
    }
    environment.filters |= {
        "both": both,
        "brief": brief,
        "cut": lambda value, most: Both(brief(value.zh, most), brief(value.en, most)),
        "pair": lambda texts: Both(*texts),
        "words": wording,
        "money": lambda value: both(amounts.money(value)),
        "share": amounts.share,
        "km": amounts.kilometres,
        "whole": amounts.whole,
        "daily": lambda value, energy: both(amounts.daily(value, energy)),
        "number": _number,
        "tenth": amounts.tenth,
        "amount": amounts.amount,
        "kilo": lambda metres: _number(metres / 1000),
        "unit_cost": lambda row: both(summary.unit_cost(row)),
        "warned": lambda row: warning_words(row)[0],
        "mended": lambda row: warning_words(row)[1],
        "halves": station_rows.bilingual,
        "percent": lambda value: amounts.NOTHING if value is None else f"{value:.2%}",
    }
    return environment


def both(value: Both | str) -> Markup:
    """Return a text in both languages as HTML of which the style shows one."""
    pair = value if isinstance(value, Both) else same(value)
    if pair.zh == pair.en:
        return Markup(text(pair.zh))  # noqa: S704 - made inert by text()
    return Markup(  # noqa: S704 - made inert by text()
        f'<span class="zh" lang="zh-CN">{text(pair.zh)}</span>'
        f'<span class="en" lang="en">{text(pair.en)}</span>'
    )


def one_language(lang: str) -> Write:
    """Return what writes texts for paper: in one language only."""

    def write(value: Both | str) -> Markup:
        pair = value if isinstance(value, Both) else same(value)
        return Markup(text(pair.en if lang == "en" else pair.zh))  # noqa: S704 - made inert

    return write


def _finalized(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _template(name: str) -> str:
    return files("planner.outputs").joinpath("templates", name).read_text("utf-8")
