"""Lists the goals of the siting model in their order: terms, direction, how each is carried on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pulp

from planner.scenario.models import RunSettings
from planner.siting.instance import Instance
from planner.siting.program import LESS, MORE, Model, add_row, pair_kwh
from planner.siting.rule_rows import smallest_share

COST_GAP = 0.01
"""Gap at which the cost goal stops: its relaxation is weak, the others' are not."""
EARLY_GAP = 0.01
"""Gap at which the way to the target year is good enough."""
COST_UNIT_CNY = 1000.0
"""Cost is counted in thousands a year, so that its figures stay near those of the others."""
KM_M = 1000.0
MILESTONE_TIE = 1e-6
"""Share of a milestone's shortfall that is float noise: shares served are no whole numbers."""
COUNTY_GOALS = ("worst_county_share", "next_county_share")

Expression = Callable[[Model], pulp.LpAffineExpression]


@dataclass(frozen=True)
class Stage:
    """A goal as the solver sees it: its terms, its direction and how it is carried on.

    ``unit`` turns the solver's value into the unit of the goal; ``slack`` is the share of
    its value that later goals may give back.
    """

    name: str
    maximise: bool
    gap: float
    terms: Expression
    slack: float = 0.0
    unit: float = 1.0

    def carry(self, model: Model, value: float) -> None:
        """Keep the value reached, but for the slack, as a constraint of later goals."""
        sense, terms = (MORE if self.maximise else LESS), self.terms(model)
        limit = value * (1 - self.slack) if self.maximise else value * (1 + self.slack)
        add_row(model, f"carry_{self.name}", dict(terms), sense, limit - terms.constant)


@dataclass(frozen=True)
class ShareStage(Stage):
    """The goal that raises the smallest served share of some counties."""

    counties: tuple[int, ...] = ()

    def carry(self, model: Model, value: float) -> None:
        """Keep each county at the smallest share, or at what it can reach at most."""
        for c in self.counties:
            least = min(value * (1 - self.slack), float(model.share[c].upBound))
            model.share[c].lowBound = max(least, float(model.share[c].lowBound))


@dataclass(frozen=True)
class MilestoneStage(Stage):
    """The goal that shortens what some milestones are short of, each as a share of its least."""

    milestones: tuple[int, ...] = ()


def rule_stages(
    instance: Instance, run: RunSettings, years: tuple[int, ...] | None = None
) -> list[Stage]:
    """Return the goals that shorten what the rules are short of, in their order.

    ``years`` are the rows of T that are being decided, all where they are omitted.
    """
    stages = [Stage("township_shortfall", False, run.mip_gap, township_shortfall)]  # noqa: FBT003
    if len(instance.highway.owner):
        metres = Stage("highway_shortfall_m", False, run.mip_gap, highway_shortfall, unit=KM_M)  # noqa: FBT003
        stages.append(metres)
    if instance.units_needed.any():
        stages.append(Stage("unit_shortfall", False, run.mip_gap, unit_shortfall))  # noqa: FBT003
    decided = range(instance.n_years) if years is None else years
    return [*stages, *_milestone_stage("milestone_shortfall", instance, run, decided)]


def _milestone_stage(
    name: str, instance: Instance, run: RunSettings, years: Iterable[int]
) -> list[Stage]:
    """Return the goal over the milestones of some years, none where there is no milestone."""
    wanted = set(years)
    mine = tuple(m for m, row in enumerate(instance.milestones) if row.t in wanted)

    def terms(model: Model) -> pulp.LpAffineExpression:
        return milestone_shortfall(model, mine)

    stage = MilestoneStage(name, False, run.mip_gap, terms, MILESTONE_TIE, milestones=mine)  # noqa: FBT003
    return [stage] if mine else []


def share_stage(name: str, counties: list[int], run: RunSettings, slack: float) -> ShareStage:
    """Return the goal that raises the smallest served share of these counties."""

    def terms(model: Model) -> pulp.LpAffineExpression:
        return smallest_share(model, counties)

    return ShareStage(name, True, run.mip_gap, terms, slack, counties=tuple(counties))  # noqa: FBT003


def served_stage(run: RunSettings, slack: float) -> Stage:
    """Return the goal that serves the most demand of the target year."""
    return Stage("demand_served", True, run.mip_gap, demand_served, slack)  # noqa: FBT003


def held_back(top: dict[int, float], counties: list[int], share: float, slack: float) -> list[int]:
    """Return the counties to be raised next, once the smallest share of some is reached.

    They are held back by those of which the share is all that can be reached (``top``); where
    it is that of none, raising goes no further.
    """
    settled = [c for c in counties if top[c] * (1 - slack) <= share]
    return [c for c in counties if c not in settled] if settled else []


def late_stages(instance: Instance, run: RunSettings, slack: float) -> list[Stage]:
    """Return the goals after the counties' shares, up to the cost."""
    stages = []
    if instance.trips.owner.size:
        stages.append(Stage("trips_refuelled", True, run.mip_gap, trips_refuelled))  # noqa: FBT003
    stages.append(served_stage(run, slack))
    gap = max(run.mip_gap, COST_GAP)
    cost = Stage("cost", False, gap, cost_terms, slack, COST_UNIT_CNY)  # noqa: FBT003
    return [*stages, cost]


def early_milestones(instance: Instance, run: RunSettings) -> list[Stage]:
    """Return the goal over the milestones before a target year that was decided by itself."""
    early = range(instance.n_years - 1)
    return _milestone_stage("early_milestone_shortfall", instance, run, early)


def early_stages(run: RunSettings) -> list[Stage]:
    """Return the goals of the years before the target year."""
    gap = max(run.mip_gap, EARLY_GAP)
    return [
        Stage("early_township_shortfall", False, run.mip_gap, early_townships),  # noqa: FBT003
        Stage("early_served", True, gap, early_served),  # noqa: FBT003
    ]


def township_shortfall(model: Model) -> pulp.LpAffineExpression:
    """Return the townships in reach that stay short in the target year."""
    shorts = [s for (_, t), s in model.short_township.items() if t == model.last]
    return pulp.LpAffineExpression(dict.fromkeys(shorts, 1.0))


def highway_shortfall(model: Model) -> pulp.LpAffineExpression:
    """Return the km of highway from which no fast station is ahead within the gap."""
    metres = model.instance.highway.weight
    terms = {s: float(metres[h]) / KM_M for h, s in model.short_highway.items()}
    return pulp.LpAffineExpression(terms)


def unit_shortfall(model: Model) -> pulp.LpAffineExpression:
    """Return the charging units that counties are short of."""
    return pulp.LpAffineExpression(dict.fromkeys(model.short_units.values(), 1.0))


def milestone_shortfall(model: Model, milestones: tuple[int, ...]) -> pulp.LpAffineExpression:
    """Return what milestones are short of, each as a share of what has to be reached."""
    terms = {
        model.short_milestone[m]: 1 / model.instance.milestones[m].least
        for m in milestones
        if m in model.short_milestone
    }
    return pulp.LpAffineExpression(terms)


def trips_refuelled(model: Model) -> pulp.LpAffineExpression:
    """Return the trips a day that can refuel on their way or need not."""
    volume = model.instance.trip_volume
    free = float(volume.sum() - volume[list(model.refuelled)].sum())
    terms = {r: float(volume[f]) for f, r in model.refuelled.items()}
    return pulp.LpAffineExpression(terms, free)


def demand_served(model: Model) -> pulp.LpAffineExpression:
    """Return what is served a day in the target year, all energies, in kWh equivalents."""
    return _served(model, model.last)


def cost_terms(model: Model) -> pulp.LpAffineExpression:
    """Return what the plan costs a year in the target year, in thousands of CNY."""
    options, supply, last = model.instance.options, model.instance.supply, model.last
    terms = {
        z: float(options.annual[o]) / COST_UNIT_CNY
        for (o, t), z in model.z.items()
        if t == last and options.annual[o]
    }
    upgrades = {
        u: float(supply.upgrade_annual[g]) / COST_UNIT_CNY
        for (g, t), u in model.u.items()
        if t == last
    }
    return pulp.LpAffineExpression(terms | upgrades)


def early_townships(model: Model) -> pulp.LpAffineExpression:
    """Return the townships short, summed over the years before the target year."""
    shorts = [s for (_, t), s in model.short_township.items() if t != model.last]
    return pulp.LpAffineExpression(dict.fromkeys(shorts, 1.0))


def early_served(model: Model) -> pulp.LpAffineExpression:
    """Return what is served a day, summed over the years before the target year."""
    terms: dict[pulp.LpVariable, float] = {}
    for t in model.years[:-1]:
        terms |= dict(_served(model, t))
    return pulp.LpAffineExpression(terms)


def _served(model: Model, t: int) -> pulp.LpAffineExpression:
    return pulp.LpAffineExpression(zip(model.x[t], pair_kwh(model, t).tolist(), strict=True))
