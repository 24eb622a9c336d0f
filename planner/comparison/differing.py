"""Lists what else differs between two plans: case, settings, tables, inputs, reviews, years."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from planner.outputs import Published

Json = dict[str, Any]

TABLES = (
    "technologies", "fleets", "schemes", "equipment", "milestones", "road_limits", "policy_rules",
)  # fmt: skip
"""Tables of ``plan.json`` in which each row is an assumption."""

SETTINGS = ("grades", "worth")
"""Settings that ``assumptions`` does not list key by key."""

REVIEW = "review"
"""Layer name of the review files among the inputs of a plan."""

UNSAID = frozenset({"source"})
"""Where a figure comes from changes no plan."""

GROUNDS = {
    "demand": (
        "demand.*", "fleets.*", "siting.target_year", "siting.swap_kwh", "siting.truck_swap_kwh",
        "input.counties", "input.townships", "input.fleet_stock", "input.roads",
    ),
    "reach": ("service_radius.*", "candidates.max_snap_m", "siting.max_wait_*"),
    "prices": (
        "technologies.*_cny*", "technologies.*.life_years", "siting.discount_rate", "schemes.*",
    ),
    "split": ("siting.city_share", "subsidy.city_share", "subsidy.enterprise_share"),
    "rules": ("rules.*", "input.townships", "input.roads"),
    "trips": ("input.trips", "demand.holiday_peak_factor"),
    "basis": ("test_roads.counting_basis",),
    "worth": ("worth.*", "grades.*", "test_roads.spur_factor", "test_roads.least_spur_m"),
    "equipment": ("equipment.*",),
    "subsidy": ("subsidy.*",),
}  # fmt: skip
"""What a figure is measured with: where any of it differs, the figures are not comparable."""


@dataclass(frozen=True)
class Difference:
    """One thing that the plans do not share.

    Parameters
    ----------
    key
        What differs, such as ``siting.budget_cny_2027`` or ``input.roads``.
    before, after
        Its value in plan A and in plan B; ``None`` where that plan has none.
    """

    key: str
    before: str | None
    after: str | None


def differences(one: Published, two: Published) -> list[Difference]:
    """Return what differs beside the answer: first the case, then by key.

    Parameters
    ----------
    one, two
        Plan A and plan B.
    """
    left, right = dict(_facts(one)), dict(_facts(two))
    keys = [*left, *(key for key in right if key not in left)]
    return [
        Difference(key, _said(left.get(key)), _said(right.get(key)))
        for key in keys
        if left.get(key) != right.get(key)
    ]


def grounds(found: list[Difference]) -> dict[str, list[str]]:
    """Return the grounds of figures that differ, each with the keys that make it differ.

    Parameters
    ----------
    found
        What :func:`differences` returns.
    """
    made = {
        name: [
            row.key for row in found if any(fnmatchcase(row.key, pattern) for pattern in patterns)
        ]
        for name, patterns in GROUNDS.items()
    }
    return {name: keys for name, keys in made.items() if keys}


def _facts(plan: Published) -> Iterator[tuple[str, object]]:
    figures = plan.figures
    for key in ("case_id", "variant"):
        yield f"case.{key}", figures["case"][key]
    yield "case.synthetic_layers", figures["case"]["synthetic_layers"]
    yield "years", [row["year"] for row in figures["siting"]["by_year"]]
    yield "planner_version", figures["planner_version"]
    yield from ((row["key"], row["value"]) for row in figures["assumptions"])
    for name in SETTINGS:
        yield from _leaves(name, figures["settings"].get(name, {}))
    for name in TABLES:
        yield from _leaves(name, figures.get(name, {}))
    for row in figures["inputs"]:
        # A plan has one file a layer, but of reviews as many as it was given.
        name = f"review.{row['file']}" if row["layer"] == REVIEW else row["layer"]
        yield f"input.{name}", f"{row['file']} sha256 {row['sha256'][:12]}"
    yield from _reviews(plan)


def _leaves(key: str, value: object) -> Iterator[tuple[str, object]]:
    """Yield every value of a table by its path; a list is one value."""
    if not isinstance(value, dict):
        yield key, value
        return
    for name in sorted(value):
        if name not in UNSAID:
            yield from _leaves(f"{key}.{name}", value[name])


def _reviews(plan: Published) -> Iterator[tuple[str, object]]:
    for row in plan.layers["reviews"].to_dict("records"):
        mark = f"{row['mark']} {row['site_id']} {row['energy']}"
        yield f"review.{row['review_id']}", mark
    for row in plan.layers["road_reviews"].to_dict("records"):
        yield f"review.{row['review_id']}", f"{row['mark']} {row['segment_id']}"


def _said(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
