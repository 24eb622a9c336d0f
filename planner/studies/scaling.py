"""Changes one assumption of a scenario by a share, and refuses what it cannot change."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from planner.errors import ConfigError, Problem
from planner.scenario import Scenario

CATALOGUES = ("technologies", "fleets", "schemes")
SECTIONS = ("demand", "service_radius", "candidates", "siting", "rules")


def value_of(scenario: Scenario, key: str) -> float:
    """Return the value of an assumption; the sum of one that is given by year.

    Raises
    ------
    ConfigError
        ``E-STU-001`` if there is no such number.
    """
    owner, name = _owner(scenario, key)
    value = getattr(owner, name)
    return float(sum(value.values()) if isinstance(value, dict) else value)


def scaled(scenario: Scenario, key: str, factor: float) -> Scenario:
    """Return the scenario with one number multiplied, or with each year of it.

    Parameters
    ----------
    scenario
        The assumptions.
    key
        ``section.name`` such as ``siting.budget_cny_by_year``, or ``technologies.dc120.power_kw``
        and likewise for fleets and schemes.
    factor
        What the value is multiplied by; whole numbers are rounded.

    Raises
    ------
    ConfigError
        ``E-STU-001`` if there is no such number, ``E-STU-002`` if it may not be that large.
    """
    owner, name = _owner(scenario, key)
    value = getattr(owner, name)
    changed = (
        {year: _times(number, factor) for year, number in value.items()}
        if isinstance(value, dict)
        else _times(value, factor)
    )
    try:
        mended = type(owner)(**(owner.model_dump() | {name: changed}))
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise ConfigError(
            Problem(
                "E-STU-002",
                f"{key} times {factor:g} is refused: {reason}",
                "give a smaller share, or leave this assumption out",
                column=key,
                value=str(changed)[:80],
            )
        ) from None
    section = key.partition(".")[0]
    return scenario.model_copy(update={section: _whole(scenario, key, mended)})


def _times(number: float, factor: float) -> float:
    return round(number * factor) if isinstance(number, int) else number * factor


def _whole(scenario: Scenario, key: str, mended: BaseModel) -> Any:  # noqa: ANN401 - a section
    parts = key.split(".")
    if parts[0] in CATALOGUES:
        return getattr(scenario, parts[0]) | {parts[1]: mended}
    return mended


def _owner(scenario: Scenario, key: str) -> tuple[BaseModel, str]:
    """Return the section or row that holds a number, and its name there."""
    parts = key.split(".")
    owner: Any = None
    if len(parts) == 2 and parts[0] in SECTIONS:
        owner = getattr(scenario, parts[0])
    elif len(parts) == 3 and parts[0] in CATALOGUES:
        owner = getattr(scenario, parts[0]).get(parts[1])
    value = getattr(owner, parts[-1], None) if isinstance(owner, BaseModel) else None
    numbers = list(value.values()) if isinstance(value, dict) else [value]
    if not numbers or not all(_is_number(number) for number in numbers):
        raise ConfigError(
            Problem(
                "E-STU-001",
                "there is no number of this name among the assumptions",
                f"name one as section.key with a section of {', '.join(SECTIONS)}, or as "
                f"technologies.NAME.key; see docs/data-dictionary.md",
                column=key,
            )
        )
    return owner, parts[-1]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
