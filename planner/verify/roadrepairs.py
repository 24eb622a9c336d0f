"""Proves the repairs of test roads: a target is missed, and lifting yields what is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.verify.closures import target_years
from planner.verify.counting import CARRIAGEWAY, OPENED_SHARE, staying_share
from planner.verify.faults import Fault, Faults, rows_where
from planner.verify.files import PlanFiles, UnreadableError
from planner.verify.graph import Bools, graph_of, main_component, piece_labels
from planner.verify.testroads import counted_km

MOST_ROWS = 10
KM, LEAST_KM = 0.001, 0.002
"""A metre, to which gains are proven, and what is too little to be listed for sure."""
HOURS = re.compile(r"open ([0-9.]+) h a day")
OVER_TARGET, LIMIT, EVERY = "over target", "limit ", "every "
Reasons = list[tuple[str, ...]]


def repairs_hold(plan: PlanFiles) -> Faults:
    """Prove that repairs are listed where a target is missed, and what reasons yield lifted."""
    repairs, missing = plan.layer("road_repairs"), _missing_km(plan)
    if len(repairs) > MOST_ROWS:
        yield Fault(f"{len(repairs)} repairs are listed", "road_repairs", len(repairs))
    other = ~repairs["year"].isin(list(missing)).to_numpy(bool)
    yield from rows_where(repairs, other, "repair_id", "no target is missed in its year")
    if (np.diff(repairs["gain_km"].to_numpy(float)) > KM).any():
        yield Fault("the largest gain does not come first", "road_repairs")
    for row in repairs[~other].itertuples():
        for what in (*_gain(plan, row), *_money(plan, row, missing)):
            yield Fault(what, str(row.repair_id))
    yield from _reasons_are_facts(plan)
    yield from _left_out(plan, missing)


def _missing_km(plan: PlanFiles) -> dict[int, float]:
    """Return the km missing of each target that is missed."""
    roads = plan.layer("test_roads")
    found = {}
    for year in target_years(plan):
        target = plan.number("settings", "test_roads", "target_km_by_year", str(year))
        km = counted_km(roads[(roads["stage_year"] <= year) | roads["opened_before"]])
        if km < target - 1e-9:
            found[year] = target - km
    return found


def _gain(plan: PlanFiles, row: pd.Series) -> Iterator[str]:
    """Yield what is wrong about the km a repair yields."""
    rule, gain = str(row.rule), float(row.gain_carriageway_km)
    if rule == OVER_TARGET:
        if pd.isna(row.value):
            yield "it does not say how far over the target"
        return
    if rule.startswith(LIMIT):
        name = rule.removeprefix(LIMIT).rpartition(" ")[0]
        if name not in set(plan.layer("road_limits")["limit_id"]):
            yield f"there is no limit {name}"
        return
    value = None if pd.isna(row.value) else float(row.value)
    if not plan.once(_lifted_by).any_of(rule, value):
        yield f"nothing is excluded by {rule}"
        return
    proven = plan.once(_lifted_by).gain_km(rule, value)
    if abs(gain - proven) > KM:
        yield f"gain_carriageway_km is stated as {gain}, proven {proven:.6f}"
    counted, by_carriageway = float(row.gain_km), _basis(plan) == CARRIAGEWAY
    low = proven if by_carriageway else proven / 2
    if not low - KM <= counted <= proven + KM:
        yield f"gain_km is stated as {counted}, proven between {low:.6f} and {proven:.6f}"


def _basis(plan: PlanFiles) -> str:
    return plan.text("settings", "test_roads", "counting_basis")


def _money(plan: PlanFiles, row: pd.Series, missing: dict[int, float]) -> Iterator[str]:
    """Yield what is wrong about the money, which is that of a km equipped in this plan."""
    roads, bought = plan.layer("test_roads"), plan.layer("materials")
    km = counted_km(roads[roads["equipped"]])
    if not km or pd.isna(row.equipment_cny):
        if bool(km) == bool(pd.isna(row.equipment_cny)):
            yield "equipment_cny is told where nothing is equipped, or not told where it is"
        return
    needed = min(float(row.gain_km), missing[int(row.year)])
    proven = int(bought["cost_cny"].sum()) / km * needed
    if abs(proven - float(row.equipment_cny)) > 1 + 1e-6 * proven * max(1.0, 1.0 / needed):
        yield f"equipment_cny is stated as {row.equipment_cny:.0f}, proven {proven:.0f}"


class _Lifted:
    """What is usable when reasons are lifted, in the order of the layer segments."""

    def __init__(self, plan: PlanFiles) -> None:
        segments, rejected = plan.layer("segments"), plan.layer("rejected_segments")
        self.graph = plan.once(graph_of)
        self.speed = segments["speed_kph"].to_numpy(float)
        rows = pd.Index(segments["segment_id"]).get_indexer(pd.Index(rejected["segment_id"]))
        if (rows < 0).any():
            message = "rejected_segments has a segment that is not there"
            raise UnreadableError(message)
        self.rows: NDArray[np.int64] = rows.astype(np.int64)
        self.reasons: Reasons = [tuple(str(text).split("; ")) for text in rejected["reason"]]
        self.alike: dict[tuple[tuple[str, ...], float], list[int]] = {}
        for row, reasons in zip(self.rows.tolist(), self.reasons, strict=True):
            self.alike.setdefault((reasons, float(self.speed[row])), []).append(row)
        roads = plan.layer("test_roads")
        self.chosen = segments["segment_id"].isin(roads["segment_id"]).to_numpy(bool)
        opened = roads[roads["opened_before"]]["segment_id"]
        marked = segments["segment_id"].isin(opened).to_numpy(bool)
        self.opened: Bools = marked | (plan.once(staying_share) > OPENED_SHARE)
        self.permitted = np.ones(len(segments), dtype=bool)
        self.permitted[self.rows] = False
        self.before_mm = self._usable_mm(self.permitted, self.chosen)

    def any_of(self, rule: str, value: float | None) -> bool:
        """Return whether each part of a rule is a reason against some segment."""
        known = {reason for reasons in self.reasons for reason in reasons}
        return all(
            any(_lifts(part, value, reason, 0.0) for reason in known) for part in rule.split("; ")
        )

    def gain_km(self, rule: str, value: float | None = None) -> float:
        """Return the km by carriageway that become usable without a rule."""
        parts, permitted = rule.split("; "), self.permitted.copy()
        for (reasons, kph), rows in self.alike.items():
            permitted[rows] = all(
                any(_lifts(part, value, reason, kph) for part in parts) for reason in reasons
            )
        anchor = np.zeros_like(permitted)
        return (self._usable_mm(permitted, anchor) - self.before_mm) / 1e6

    def _usable_mm(self, permitted: Bools, anchor: Bools) -> float:
        """Return the length of the piece with most of the opened roads, or the longest."""
        labels = piece_labels(self.graph, permitted)[self.graph.tail]
        inside, metres = labels[permitted], self.graph.millimetres
        if not len(inside):
            return 0.0
        total = np.bincount(inside, weights=metres[permitted])
        kept = self.opened & permitted if self.opened.any() else anchor & permitted
        weight = np.bincount(labels[kept], weights=metres[kept], minlength=len(total))
        return float(total[np.argmax(weight if weight.any() else total)])


def _lifted_by(plan: PlanFiles) -> _Lifted:
    return _Lifted(plan)


def _lifts(rule: str, value: float | None, reason: str, kph: float) -> bool:
    """Return whether a reason against a segment is gone with a rule lifted or eased."""
    if rule == "speed":
        return reason == rule and (value is None or kph <= value)
    if rule == "open hours":
        hours = HOURS.fullmatch(reason)
        return hours is not None and (value is None or float(hours[1]) >= value)
    if rule.startswith(EVERY):
        return reason.startswith(rule.removeprefix(EVERY) + " ")
    return reason == rule


def _reasons_are_facts(plan: PlanFiles) -> Faults:
    """Prove the reasons that follow from the segment itself; without these gains would be false."""
    if plan.layer("road_repairs").empty:
        return
    segments, lifted = plan.layer("segments"), plan.once(_lifted_by)
    limit = plan.number("settings", "test_roads", "max_speed_kph")
    island = ~main_component(lifted.graph)[lifted.graph.tail]
    facts = {
        "speed": lifted.speed > limit,
        "service road": (segments["road_class"] == "service").to_numpy(bool),
        "tunnel": segments["tunnel"].to_numpy(bool),
        "island": island,
    }
    for row, reasons in zip(lifted.rows.tolist(), lifted.reasons, strict=True):
        for name, holds in facts.items():
            if (name in reasons) != bool(holds[row]):
                what = f"its reason {name} is {'hidden' if holds[row] else 'not so'}"
                yield Fault(what, str(segments["segment_id"].iloc[row]))


def _left_out(plan: PlanFiles, missing: dict[int, float]) -> Faults:
    """Prove that no reason that yields more than what is listed is left out."""
    repairs, lifted = plan.layer("road_repairs"), plan.once(_lifted_by)
    targets = plan.mapping("settings", "test_roads", "target_km_by_year")
    if not any(float(targets[str(year)]) >= max(targets.values()) for year in missing):
        return
    full = len(repairs) >= MOST_ROWS
    least = float(repairs["gain_km"].min()) if full else LEAST_KM
    listed = {str(rule) for rule in repairs["rule"]}
    known = {reason for reasons in lifted.reasons for reason in reasons}
    for reason in sorted(reason for reason in known if not HOURS.fullmatch(reason)):
        gain = lifted.gain_km(reason)
        share = 1.0 if _basis(plan) == CARRIAGEWAY else 0.5
        if reason not in listed and gain * share > least + KM:
            yield Fault(f"lifting it yields {gain:.3f} km by carriageway, not listed", reason, gain)
