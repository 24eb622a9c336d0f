"""Compares a choice made with marks to one without: what the marks cost, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from planner.layers import COST_COLUMNS
from planner.scenario import Scenario
from planner.siting.goals import Goal
from planner.testroads.trial import RoadTrial

MORE_IS_BETTER = frozenset(
    {"worst_county_share", "next_county_share", "trips_refuelled", "demand_served", "early_served"}
)
COST_GAP = 0.01
"""Gap at which the goals of cost and of the early years stop; the others stop at the run's."""
COARSE = frozenset({"cost", "early_township_shortfall", "early_served"})
DECIMALS = 6
Figures = dict[str, float]


@dataclass(frozen=True)
class Price:
    """What marks cost: more of each figure than without them; missing figures are not known."""

    basis: str
    proved: bool = False
    figures: Figures = field(default_factory=dict)

    def row(self) -> dict[str, object]:
        """Return it as the columns of the review log."""
        figures = {name: self.figures.get(name) for name in COST_COLUMNS}
        return {"cost_basis": self.basis, "cost_proved": self.proved} | figures


FREE, UNKNOWN = Price("none"), Price("not_found")


def free(names: Iterable[str]) -> Figures:
    """Return figures that are all nothing."""
    return dict.fromkeys(names, 0.0)


@dataclass(frozen=True)
class SiteChoice:
    """A choice of stations as its figures: the goals in their order, and the capital it takes."""

    goals: tuple[Goal, ...]
    capital_cny: float

    @classmethod
    def of(
        cls, goals: tuple[Goal, ...], stations: pd.DataFrame, upgrades: pd.DataFrame
    ) -> SiteChoice:
        """Return the choice that layers describe."""
        return cls(goals, float(stations["capital_cny"].sum() + upgrades["cost_cny"].sum()))

    def value(self, name: str) -> float:
        """Return what is reached of a goal, nothing where the case does not have it."""
        found = next((goal.outcome.objective for goal in self.goals if goal.name == name), None)
        return 0.0 if found is None else float(found)

    def figures(self) -> Figures:
        """Return the figures by which marks are priced."""
        return {
            "townships_short": self.value("township_shortfall"),
            "highway_short_m": round(self.value("highway_shortfall_m"), DECIMALS),
            "served_kwh_per_day": round(self.value("demand_served"), DECIMALS),
            "capital_cny": self.capital_cny,
            "annual_cny": round(self.value("cost"), DECIMALS),
        }

    def proved(self) -> bool:
        """Return whether no goal has a gap."""
        return all(goal.outcome.gap == 0.0 for goal in self.goals)


SITE_COSTS = (
    "townships_short", "highway_short_m", "unserved_kwh_per_day", "capital_cny", "annual_cny",
)  # fmt: skip
ROAD_COSTS = ("missing_km", "worth_lost")


def site_costs(without: Figures, having: Figures) -> Figures:
    """Return what a choice with marks costs more than one without; from the figures of each."""
    more = {name: having[name] - without[name] for name in SITE_COSTS if name in having}
    more["unserved_kwh_per_day"] = without["served_kwh_per_day"] - having["served_kwh_per_day"]
    return {name: round(more[name], DECIMALS) for name in SITE_COSTS}


def site_price(without: SiteChoice, having: SiteChoice, scenario: Scenario) -> Price:
    """Price marks on stations from the plan without them and one with them.

    The goals are compared in their order; the first that differs by more than the gap of its
    solve decides. Where none does, or the plan with the marks is the better one, no cost was
    found within the search gap: it is then shown as nothing.
    """
    if not _worse(without, having, scenario):
        return Price("within_gap", figures=free(SITE_COSTS))
    proved = without.proved() and having.proved()
    return Price("solved", proved, site_costs(without.figures(), having.figures()))


def rank(price: Price) -> tuple[float, ...]:
    """Return what orders prices of one mark on stations, the least first, figure by figure."""
    names = ("townships_short", "highway_short_m", "unserved_kwh_per_day", "annual_cny")
    return (float(price.basis != "within_gap"), *(price.figures[name] for name in names))


def _worse(without: SiteChoice, having: SiteChoice, scenario: Scenario) -> bool:
    for goal in without.goals:
        before, after = without.value(goal.name), having.value(goal.name)
        gap = scenario.run.mip_gap + scenario.siting.gap_tolerance
        gap = max(gap, COST_GAP + scenario.siting.gap_tolerance) if goal.name in COARSE else gap
        loss = before - after if goal.name in MORE_IS_BETTER else after - before
        if abs(loss) > gap * max(abs(before), abs(after)) + 1e-9:
            return loss > 0
    return False


def road_figures(choice: RoadTrial, scenario: Scenario) -> Figures:
    """Return the figures of a network: km, how many are missing to the last target, worth."""
    target = max(scenario.test_roads.target_km_by_year.values())
    return {
        "km": round(choice.km, DECIMALS),
        "missing_km": round(max(target - choice.km, 0.0), DECIMALS),
        "worth": round(choice.worth, 9),
    }


def road_costs(without: Figures, having: Figures) -> Figures:
    """Return what a network with marks costs more than one without."""
    return {
        "missing_km": round(having["missing_km"] - without["missing_km"], DECIMALS),
        "worth_lost": round(without["worth"] - having["worth"], DECIMALS),
    }


def road_price(without: RoadTrial, having: RoadTrial, scenario: Scenario) -> Price:
    """Price marks on roads from the network without them and one with them.

    A network with the marks that is no worse shows that no cost was found within the gap.
    """
    costs = road_costs(road_figures(without, scenario), road_figures(having, scenario))
    missing, lost = costs["missing_km"], costs["worth_lost"]
    if missing < 0 or (missing == 0 and lost <= 0):
        return Price("within_gap", figures=free(ROAD_COSTS))
    return Price("solved", figures=costs)
