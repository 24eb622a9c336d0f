"""Owns what lifting or easing the reasons against segments yields in usable kilometres."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from planner.testroads.instance import Bools, Floats, Instance
from planner.testroads.task import usable_rows

SPEED, OPEN_HOURS, EVERY = "speed", "open hours", "every "
KINDS = ("school", "hospital", "construction", "zone")
HOURS = re.compile(r"open ([0-9.]+) h a day")
MOST_TRIED = 40
"""Reasons tried beside one another, those of most gain first."""
MOST_TOGETHER = 4
LEAST_GAIN_M = 0.5


@dataclass(frozen=True)
class Rule:
    """A reason that is lifted, or eased to a value (km/h, hours a day)."""

    name: str
    value: float | None = None

    def lifts(self, reason: str, speed_kph: float) -> bool:
        """Return whether a reason against a segment is gone with it."""
        if self.name == SPEED:
            return reason == SPEED and (self.value is None or speed_kph <= self.value)
        if self.name == OPEN_HOURS:
            hours = HOURS.fullmatch(reason)
            return hours is not None and (self.value is None or float(hours[1]) >= self.value)
        if self.name.startswith(EVERY):
            return reason.startswith(f"{self.name.removeprefix(EVERY)} ")
        return reason == self.name


@dataclass(frozen=True)
class Against:
    """What is against each row: the rows of each set of reasons, with the speed if it is one."""

    rows: dict[tuple[tuple[str, ...], float], list[int]]

    def lifted(self, rules: tuple[Rule, ...], size: int) -> Bools:
        """Return the rows against which nothing is left."""
        found = np.zeros(size, dtype=bool)
        for (reasons, kph), rows in self.rows.items():
            if all(any(rule.lifts(reason, kph) for rule in rules) for reason in reasons):
                found[rows] = True
        return found

    def rules(self) -> Iterator[Rule]:
        """Yield each reason, speeds and hours in steps, then all of a kind of zone."""
        reasons = sorted({reason for found, _ in self.rows for reason in found})
        for kph in sorted({kph for found, kph in self.rows if SPEED in found}):
            yield Rule(SPEED, kph)
        hours = {float(match[1]) for text in reasons if (match := HOURS.fullmatch(text))}
        for least in sorted(hours, reverse=True):
            yield Rule(OPEN_HOURS, least)
        for reason in reasons:
            if reason != SPEED and not HOURS.fullmatch(reason):
                yield Rule(reason)
        for kind in KINDS:
            if sum(reason.startswith(f"{kind} ") for reason in reasons) > 1:
                yield Rule(EVERY + kind)


@dataclass(frozen=True)
class Lift:
    """Rules that are lifted together, the rows permitted then, and what is usable of them."""

    rules: tuple[Rule, ...]
    rows: Bools
    usable: Bools
    gain_m: float

    @property
    def name(self) -> str:
        """The rules in one text."""
        return "; ".join(rule.name for rule in self.rules)

    @property
    def value(self) -> float | None:
        """What the only rule that has a value is eased to."""
        return next((rule.value for rule in self.rules if rule.value is not None), None)


def reasons_against(instance: Instance, reasons: tuple[str, ...], speed_kph: Floats) -> Against:
    """Return what is against the excluded rows of an instance.

    Parameters
    ----------
    reasons
        Per row, its reasons joined by "; ".
    """
    rows: dict[tuple[tuple[str, ...], float], list[int]] = {}
    for row in np.flatnonzero(instance.excluded).tolist():
        found = tuple(reasons[row].split("; "))
        kph = float(speed_kph[row]) if SPEED in found else 0.0
        rows.setdefault((found, kph), []).append(row)
    return Against(rows)


def lift(instance: Instance, against: Against, rules: tuple[Rule, ...]) -> Lift:
    """Return what lifting some rules together makes usable."""
    rows = against.lifted(rules, len(instance.length_m))
    before = usable_rows(instance).rows
    after = usable_rows(without(instance, rows)).rows if rows.any() else before
    gain_m = float(instance.counted_m[after].sum() - instance.counted_m[before].sum())
    return Lift(rules, rows, after, round(gain_m, 3))


def without(instance: Instance, lifted: Bools) -> Instance:
    """Return the instance with some rows no longer excluded."""
    return replace(instance, excluded=instance.excluded & ~lifted)


def lifts(instance: Instance, against: Against, missing_m: float) -> list[Lift]:
    """Return each rule that yields anything, and rules together where none alone will do.

    A limit in steps is eased no further than what is missing takes.
    """
    single: list[Lift] = []
    done: set[str] = set()
    for rule in against.rules():
        if rule.name in done:
            continue
        found = lift(instance, against, (rule,))
        same = [other for other in single if other.name == found.name]
        if found.gain_m >= LEAST_GAIN_M and all(found.gain_m > other.gain_m for other in same):
            single.append(found)
        if rule.value is not None and found.gain_m >= missing_m:
            done.add(rule.name)
    single.sort(key=lambda found: (-found.gain_m, found.name))
    if any(found.gain_m >= missing_m for found in single):
        return single
    return [*single, *_together(instance, against, missing_m)]


def _together(instance: Instance, against: Against, missing_m: float) -> Iterator[Lift]:
    """Yield the fewest rules found that reach the target together, one added after the other."""
    found = lift(instance, against, ())
    while len(found.rules) < MOST_TOGETHER and found.gain_m < missing_m:
        names = {rule.name for rule in found.rules}
        tried = [
            lift(instance, against, (*found.rules, rule))
            for rule in _strongest(against)
            if rule.name not in names
        ]
        best = max(tried, key=lambda other: (other.gain_m, int(other.rows.sum())), default=found)
        if best.gain_m <= found.gain_m and best.rows.sum() <= found.rows.sum():
            break
        found = best
    if len(found.rules) > 1 and found.gain_m >= LEAST_GAIN_M:
        yield found


def _strongest(against: Against) -> list[Rule]:
    """Return the rules that most segments have against them, each lifted."""
    number: dict[Rule, int] = {}
    names = dict.fromkeys(rule.name for rule in against.rules())
    for (reasons, kph), rows in against.rows.items():
        for rule in map(Rule, names):
            if any(rule.lifts(reason, kph) for reason in reasons):
                number[rule] = number.get(rule, 0) + len(rows)
    return sorted(number, key=lambda rule: (-number[rule], rule.name))[:MOST_TRIED]
