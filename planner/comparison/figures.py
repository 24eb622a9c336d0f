"""Sets the headline figures of two plans side by side, and says which cannot be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planner.outputs.summary import county_name
from planner.outputs.wording import Both, same, word_of, wording

Json = dict[str, Any]
Value = int | float | None

SERVICE = ("demand", "reach")
SUBSIDY = ("equipment", "subsidy")
GROUNDS_OF_EACH: Mapping[str, tuple[str, ...]] = {
    "served_share": SERVICE,
    "covered_share": SERVICE,
    "payer_cny": ("prices", "split"),
    "year_spent": ("prices",),
    "year_worst": SERVICE,
    "year_opened": ("basis",),
    "year_subsidy": SUBSIDY,
    "county_served": SERVICE,
    "county_km": ("basis",),
}


@dataclass(frozen=True)
class Figure:
    """One figure of one plan, as it is looked for in both.

    Parameters
    ----------
    key
        What it is, the same in both plans; ````name`` or ``name.code``.
    title
        What people call it.
    style
        How it is written: ``count``, ``money``, ``share``, ``km`` or ``amount``.
    value
        In CNY, km, or 1 for a share; ``None`` where the plan has none.
    grounds
        What it is measured with: names of ``planner.comparison.differing.GROUNDS``.
    """

    key: str
    title: Both
    style: str
    value: Value
    grounds: tuple[str, ...] = ()


@dataclass(frozen=True)
class FigureChange:
    """One figure of both plans.

    Parameters
    ----------
    key, title, style
        As of :class:`Figure`.
    before, after
        The value in plan A and in plan B; ``None`` where that plan has none.
    difference
        B minus A; ``None`` where the two cannot be compared.
    obstacles
        Why they cannot: grounds that differ, or ``absent`` where a plan has no such figure.
    """

    key: str
    title: Both
    style: str
    before: Value
    after: Value
    difference: Value
    obstacles: tuple[str, ...]


def figure_changes(one: Json, two: Json, differing: Iterable[str]) -> list[FigureChange]:
    """Compare the headline figures of two plans.

    Parameters
    ----------
    one, two
        Content of ``plan.json`` of plan A and of plan B.
    differing
        Grounds that differ, as :func:`planner.comparison.differing.grounds` names them.

    Returns
    -------
    list of FigureChange
        In the order of plan A's figures, then what only plan B has.
    """
    left = {figure.key: figure for figure in _figures(one)}
    right = {figure.key: figure for figure in _figures(two)}
    keys = [*left, *(key for key in right if key not in left)]
    known = set(differing)
    return [_compared(left.get(key), right.get(key), known) for key in keys]


def _compared(one: Figure | None, two: Figure | None, differing: set[str]) -> FigureChange:
    figure = one if one is not None else two
    assert figure is not None  # noqa: S101 - a key comes from one of the two plans
    before = one.value if one is not None else None
    after = two.value if two is not None else None
    obstacles = tuple(name for name in figure.grounds if name in differing)
    if before is None or after is None:
        obstacles = () if before is after else ("absent", *obstacles)
        return FigureChange(figure.key, figure.title, figure.style, before, after, None, obstacles)
    difference = None if obstacles else _minus(after, before)
    return FigureChange(
        figure.key, figure.title, figure.style, before, after, difference, obstacles
    )


def _minus(after: float, before: float) -> Value:
    difference = after - before
    return difference if isinstance(difference, int) else round(difference, 9)


def _figures(figures: Json) -> Iterator[Figure]:
    yield from _stations(figures)
    yield from _rules(figures)
    yield from _roads(figures)
    yield from _years(figures)
    yield from _counties(figures)


def _stations(figures: Json) -> Iterator[Figure]:
    siting = figures["siting"]
    served = [row["served_share_after"] for row in siting["county_shares"]]
    least = min((share for share in served if share is not None), default=None)
    yield _named("worst_county", "share", least, SERVICE)
    for row in siting["energies"]:
        for name in ("served_share", "covered_share"):
            word, value = word_of("energy", row["energy"]), row[f"{name}_after"]
            yield _each(name, row["energy"], word, "share", value)
    for name in ("n_planned", "n_extended", "n_upgraded"):
        yield _named(name, "count", siting[name])
    for name in ("spent_cny", "hydrogen_spent_cny", "annual_cost_cny", "grants_cny"):
        yield _named(name, "money", siting[name], ("prices",))
    yield _named("budget_cny", "money", siting["budget_cny"])
    for row in siting["payers"]:
        payer = row["payer"]
        yield _each("payer_cny", payer, word_of("payer", payer), "money", row["capital_cny"])


def _rules(figures: Json) -> Iterator[Figure]:
    towns, ways = figures["townships"], figures["siting"]["highways"]
    for name in ("n_met", "n_short"):
        yield _named(f"townships_{name}", "count", towns[name], ("rules",))
    if ways["n_stretches"]:
        yield _named("highways_n_met", "count", ways["n_met"], ("rules",))
        yield _named("highways_km", "km", ways["uncovered_after_m"] / 1000, ("rules",))
    trips = figures["siting"]["trips"]
    yield _named("trips", "amount", trips["refuelled_after"], ("trips",))


def _roads(figures: Json) -> Iterator[Figure]:
    roads, subsidy = figures["test_roads"], figures["subsidy"]
    for name in ("opened_km", "equipped_km"):
        yield _named(name, "km", roads[name], ("basis",))
    yield _named("test_value", "amount", roads["outcome"]["objective"], ("worth", "basis"))
    yield _named("n_rsus", "count", roads["n_rsus"])
    yield _named("equipment_cny", "money", roads["equipment_cost_cny"], ("equipment",))
    for name in ("eligible_cny", "subsidy_cny", "own_cny"):
        yield _named(name, "money", subsidy[name], SUBSIDY)


def _years(figures: Json) -> Iterator[Figure]:
    for row in figures["siting"]["by_year"]:
        year = row["year"]
        yield _each("year_spent", year, same(year), "money", row["spent_cny"])
        yield _each("year_worst", year, same(year), "share", row["worst_county_share"])
    for row in figures["test_roads"]["stages"]:
        yield _each("year_opened", row["year"], same(row["year"]), "km", row["opened_km"])
    for row in figures["subsidy"]["by_year"]:
        yield _each("year_subsidy", row["year"], same(row["year"]), "money", row["subsidy_cny"])


def _counties(figures: Json) -> Iterator[Figure]:
    english = {row["county_id"]: row.get("name_en") for row in figures["siting"]["county_shares"]}
    for row in figures["siting"]["county_shares"]:
        share = row["served_share_after"]
        yield _each("county_served", row["county_id"], county_name(row), "share", share)
    for row in figures["test_roads"]["by_county"]:
        name = county_name(row | {"name_en": english.get(row["county_id"])})
        yield _each("county_km", row["county_id"], name, "km", row["opened_km"])


def _named(key: str, style: str, value: Value, grounds: tuple[str, ...] = ()) -> Figure:
    return Figure(key, wording(f"compare_figure.{key}"), style, value, grounds)


def _each(key: str, code: object, name: Both, style: str, value: Value) -> Figure:
    """Return a figure of one energy, payer, year or county."""
    title = wording(f"compare_figure.{key}", of=name)
    return Figure(f"{key}.{code}", title, style, value, GROUNDS_OF_EACH[key])
