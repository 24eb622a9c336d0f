"""Says a comparison in words: what changed, what else differs, what cannot be compared."""

from __future__ import annotations

import math
from collections.abc import Mapping

from planner.comparison.change import Change, Record, count_by_kind
from planner.comparison.comparison import Comparison
from planner.comparison.differing import Difference
from planner.comparison.figures import FigureChange, Value
from planner.comparison.roads import counted_km
from planner.outputs.amounts import NOTHING, kilometres, metres, money, share
from planner.outputs.text_safety import visible
from planner.outputs.wording import Both, same, word_of, wording

MINUS = "−"
SHOWN = 30
"""Differences that a sentence or a terminal lists before it only counts them."""


def headline(comparison: Comparison) -> list[Both]:
    """Return the sentences that say what changed, the most important first."""
    if comparison.same:
        return [wording("compare.no_difference")]
    return [
        _stations(comparison),
        _roads(comparison),
        _units(comparison.units),
        _money(comparison.figures),
    ]


def title(comparison: Comparison) -> Both:
    """Return what a comparison is called."""
    one, two = plan_names(comparison)
    return wording("compare.title", one=visible(one), two=visible(two))


def figure_lines(comparison: Comparison) -> list[Both]:
    """Return one line a figure that changed, or that cannot be compared and is not the same."""
    return [
        wording("compare.figure_line", title=name, before=before, after=after, change=change)
        for name, before, after, change in map(figure_cells, changed_figures(comparison))
    ]


def changed_figures(comparison: Comparison) -> list[FigureChange]:
    """Return the figures whose values differ between the plans."""
    return [figure for figure in comparison.figures if figure.before != figure.after]


def plan_names(comparison: Comparison) -> tuple[str, str]:
    """Return what plan A and plan B are called: their folders, with their parents where equal."""
    one, two = comparison.one.folder, comparison.two.folder
    if one.name != two.name or one == two:
        return one.name, two.name
    return f"{one.parent.name}/{one.name}", f"{two.parent.name}/{two.name}"


def warnings(comparison: Comparison) -> list[Both]:
    """Return what a reader must know before any figure: what else differs; often nothing."""
    found = comparison.differing
    if not found:
        return []
    listed = [difference_line(row) for row in found[:6]]
    rest = len(found) - len(listed)
    more = [wording("compare.more", n=rest)] if rest else []
    said = [wording("compare.differing", n=len(found)), *listed, *more]
    if comparison.grounds:
        names = [word_of("compare_ground", name) for name in comparison.grounds]
        joined = Both("、".join(row.zh for row in names), ", ".join(row.en for row in names))
        said.append(wording("compare.not_comparable", names=joined))
    return said


def difference_line(row: Difference) -> Both:
    """Return one thing that differs, with its value in each plan."""
    return wording(
        "compare.difference_line",
        title=difference_title(row.key),
        before=_value(row.before),
        after=_value(row.after),
    )


def difference_title(key: str) -> Both:
    """Return what a differing thing is called: its key, with a word for what kind it is."""
    start, _, rest = key.partition(".")
    word = word_of("compare_kind", start)
    if word == same(start) or not rest:
        return word_of("compare_kind", key)
    return Both(f"{word.zh} {rest}", f"{word.en} {rest}")


def _value(value: str | None) -> Both:
    if value is None:
        return wording("compare.absent")
    return same(value if len(value) <= 60 else f"{value[:57]}…") if value else same("“”")


def figure_cells(figure: FigureChange) -> tuple[Both, Both, Both, Both]:
    """Return a figure as people read it: title, plan A, plan B, the difference or why none."""
    return (
        figure.title,
        written(figure.before, figure.style),
        written(figure.after, figure.style),
        obstacle(figure) if figure.difference is None else signed(figure.difference, figure.style),
    )


def obstacle(figure: FigureChange) -> Both:
    """Return why a figure cannot be compared; a dash where neither plan has it."""
    if not figure.obstacles:
        return same(NOTHING)
    names = [word_of("compare_ground", name) for name in figure.obstacles]
    joined = Both("、".join(row.zh for row in names), ", ".join(row.en for row in names))
    return wording("compare.obstacle", names=joined)


def written(value: Value, style: str) -> Both:
    """Return a figure in the way of its kind."""
    if value is None:
        return same(NOTHING)
    if style == "money":
        return money(int(value))
    if style == "share":
        return same(share(float(value)))
    return same(kilometres(value) if style == "km" else _number(float(value), style))


def signed(difference: float, style: str) -> Both:
    """Return a difference with its sign; a share in percentage points, none as 0."""
    if difference == 0:
        return wording("compare.equal")
    sign = "+" if difference > 0 else MINUS
    size = abs(difference)
    if style == "share":
        points = wording("compare.points", n=f"{size * 100:,.2f}")
        return Both(sign + points.zh, sign + points.en)
    shown = written(size, style)
    return Both(sign + shown.zh, sign + shown.en)


def _number(value: float, style: str) -> str:
    return f"{value:,.0f}" if style == "count" else f"{value:,.2f}"


def technology_names(comparison: Comparison) -> dict[str, Both]:
    """Return what the technologies of either plan are called, by their key."""
    found = comparison.one.figures["technologies"] | comparison.two.figures["technologies"]
    return {key: Both(row["zh"], row["en"]) for key, row in found.items()}


def aspects(change: Change, names: Mapping[str, Both]) -> Both:
    """Return what differs between the two rows of a change, in one line.

    Parameters
    ----------
    change
        A thing of both plans; of one alone there is nothing to say.
    names
        What codes are called, such as those of technologies.
    """
    parts = [_aspect(change, name, names) for name in change.aspects]
    if change.moved_m:
        parts.insert(0, wording("compare.moved_by", far=metres(change.moved_m)))
    if not parts:
        return same(NOTHING)
    return Both("；".join(row.zh for row in parts), "; ".join(row.en for row in parts))


def station_cell(row: Record | None, names: Mapping[str, Both]) -> Both:
    """Return a station as one plan has it, in one line; a dash where it has none."""
    if row is None:
        return same(NOTHING)
    return wording(
        "compare.station_cell",
        technology=names.get(str(row.technology), same(row.technology)),
        units=int(row.n_units),
        year=int(row.first_year),
        money=money(int(row.capital_cny)),
    )


def road_cell(row: Record | None) -> Both:
    """Return a test road as one plan has it, in one line; a dash where it has none."""
    if row is None:
        return same(NOTHING)
    fitted = wording("compare.not_equipped")
    if row.equipped:
        fitted = wording("compare.equipped", year=_cell(row.equipped_year, "year"))
    km = kilometres(float(row.counted_m) / 1000)
    return wording("compare.road_cell", year=int(row.stage_year), km=km, equipped=fitted)


def unit_cell(row: Record | None) -> Both:
    """Return a roadside unit as one plan has it, in one line; a dash where it has none."""
    if row is None:
        return same(NOTHING)
    return wording("compare.unit_cell", year=int(row.stage_year), money=money(int(row.cost_cny)))


ASPECT_COLUMNS = {
    "technology": ("technology",),
    "units": ("n_units",),
    "action": ("action",),
    "year": ("first_year", "stage_year"),
    "equipment": ("equipped_year",),
    "cost": ("cost_cny",),
}


def _aspect(change: Change, name: str, names: Mapping[str, Both]) -> Both:
    column = next(one for one in ASPECT_COLUMNS[name] if hasattr(change.before, one))
    before, after = (
        names.get(str(value), _cell(value, name)) if name == "technology" else _cell(value, name)
        for value in (getattr(row, column) for row in (change.before, change.after))
    )
    return wording(f"compare_aspect.{name}", before=before, after=after)


def _cell(value: object, name: str) -> Both:
    if value is None or value != value or str(value) == "<NA>":  # noqa: PLR0124 - only NaN is not itself
        return same(NOTHING)
    if name == "cost":
        return money(int(str(value)))
    if isinstance(value, float) and math.isfinite(value):
        return same(f"{value:.0f}")
    return word_of("action", value) if name == "action" else same(value)


def _stations(comparison: Comparison) -> Both:
    count = count_by_kind(comparison.stations)
    parts = {
        name: sum(name in change.aspects for change in comparison.stations)
        for name in ("technology", "units", "year")
    }
    far = metres(comparison.moved_within_m)
    return wording("compare.stations", **count, **{f"n_{k}": v for k, v in parts.items()}, far=far)


def _roads(comparison: Comparison) -> Both:
    table = counted_km(comparison.roads).set_index("kind")
    km = {
        kind: kilometres(float(table.loc[kind, side]))
        for kind, side in (
            ("added", "km_b"),
            ("dropped", "km_a"),
            ("changed", "km_b"),
            ("same", "km_b"),
        )
    }
    n = {f"n_{kind}": int(table.loc[kind, "n"]) for kind in table.index}
    return wording("compare.roads", **km, **n)


def _units(changes: list[Change]) -> Both:
    return wording("compare.units", **count_by_kind(changes))


def _money(figures: list[FigureChange]) -> Both:
    said = []
    for key in ("spent_cny", "equipment_cny"):
        figure = next(row for row in figures if row.key == key)
        title, before, after, change = figure_cells(figure)
        said.append(
            wording("compare.figure_line", title=title, before=before, after=after, change=change)
        )
    return Both("；".join(row.zh for row in said) + "。", "; ".join(row.en for row in said) + ".")
