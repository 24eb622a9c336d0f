"""Adds to a siting problem what a repair would bring: a site, money, or a wider rule."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import geopandas as gpd
import numpy as np

from planner.inputs import Inputs
from planner.scenario import Scenario
from planner.siting.instance import CHARGING, Instance
from planner.siting.kinds import fast_kinds, make_kinds, make_terms
from planner.siting.options import Bools, Ints, Options, group_options, stacked, undominated


@dataclass(frozen=True)
class NewSite:
    """A site that is not among the candidates, for charging.

    ``county`` and ``supply`` are rows of the instance (-1 for none); ``townships`` the rows
    of the townships within the rule's distance.
    """

    site_id: str
    county: int
    supply: int
    townships: tuple[int, ...]


def with_sites(instance: Instance, sites: list[NewSite], scenario: Scenario) -> Instance:
    """Return the problem with further sites, each with every new charging station on offer."""
    kinds, terms = make_kinds(scenario), make_terms(scenario)
    first_site, first_group = len(instance.site_id), len(instance.group_site)
    rows = [
        row
        for number in range(len(sites))
        for row in group_options(first_group + number, kinds, CHARGING, None, terms)
    ]
    at = np.arange(first_site, first_site + len(sites))
    near = [(w, first_site + number) for number, site in enumerate(sites) for w in site.townships]
    pairs = np.array(near, dtype=np.int64).reshape(-1, 2)
    return replace(
        instance,
        site_id=(*instance.site_id, *(site.site_id for site in sites)),
        max_power_kw=_longer(instance.max_power_kw, [scenario.candidates.max_power_kw] * len(at)),
        site_supply=_longer(instance.site_supply, [site.supply for site in sites]),
        site_county=_longer(instance.site_county, [site.county for site in sites]),
        group_site=np.concatenate([instance.group_site, at]),
        group_energy=_longer(instance.group_energy, [CHARGING] * len(at)),
        options=_joined(instance.options, stacked(rows, fast_kinds(scenario))),
        township_pair=np.concatenate([instance.township_pair, pairs[:, 0]]),
        township_pair_site=np.concatenate([instance.township_pair_site, pairs[:, 1]]),
    )


def _longer(values: Any, more: list[float] | list[int]) -> Any:  # noqa: ANN401 - any dtype
    return np.concatenate([values, np.array(more, dtype=values.dtype)])


def _joined(one: Options, other: Options) -> Options:
    names = [field.name for field in fields(Options)]
    return Options(**{n: np.concatenate([getattr(one, n), getattr(other, n)]) for n in names})


def nearest_supply(inputs: Inputs, places: gpd.GeoSeries) -> Ints:
    """Return the row of the supply node nearest to each place by straight distance, else -1.

    The smallest id wins a tie, as it does for candidate sites.
    """
    nodes = inputs.supply_nodes
    if not len(nodes):
        return np.full(len(places), -1, dtype=np.int64)
    order = np.argsort(nodes["supply_node_id"].to_numpy(str), kind="stable")
    points = nodes.geometry.iloc[order].to_crs(inputs.metric_crs)
    found = [
        -1 if place is None or place.is_empty else int(order[int(points.distance(place).argmin())])
        for place in places.to_crs(inputs.metric_crs)
    ]
    return np.array(found, dtype=np.int64)


def rules_only(instance: Instance) -> Instance:
    """Return the problem without its demand: rules, power and money are what is left."""
    none = np.zeros(0, dtype=np.int64)
    return replace(
        instance,
        pair_demand=none,
        pair_site=none,
        pair_energy=none,
        pair_m=np.zeros(0),
        milestones=(),
    )


def lean(instance: Instance) -> Bools:
    """Return a mask of the options that are cheap or frugal enough to matter to rules alone."""
    possible = instance.possible()
    if not possible.any():
        return possible
    useful = np.zeros(len(instance.group_site))
    mask = possible.copy()
    best = undominated(instance.options.take(possible), useful, by_units=False)
    mask[np.flatnonzero(possible)[~best]] = False
    return mask


def with_money(instance: Instance, extra: Ints) -> Instance:
    """Return the problem with more money of each payer, (2,) CNY, in the target year."""
    budget = instance.budget_cny.copy()
    budget[-1] += np.maximum(extra, 0)
    return replace(instance, budget_cny=budget)
