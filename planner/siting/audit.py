"""Re-proves a siting answer from the instance and the answer alone, in whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from planner.errors import Problem, VerificationError
from planner.siting.instance import PAYERS, Instance, Ints
from planner.siting.service import MICRO, Service, with_stations

Check = Callable[[Instance, Ints, Service], Iterator[str]]


def audit(instance: Instance, units: Ints, service: Service) -> tuple[str, ...]:
    """Check every constraint of the model without the model and without a solver.

    Parameters
    ----------
    instance
        The problem.
    units
        (J, K) units of each planned station.
    service
        Who serves whom after the plan.

    Returns
    -------
    tuple of str
        The names of the checks that passed: all of them.

    Raises
    ------
    VerificationError
        Naming every line that fails.
    """
    failures = [
        Problem("E-AUD-001", words, "report this as a defect, with the case", column=name)
        for name, check in CHECKS.items()
        for words in check(instance, units, service)
    ]
    if failures:
        raise VerificationError(failures)
    return tuple(CHECKS)


def _sizes(instance: Instance, units: Ints, _service: Service) -> Iterator[str]:
    for j, k in np.argwhere(units != 0).tolist():
        n = int(units[j, k])
        if not instance.min_units[k] <= n <= instance.max_units[k]:
            yield f"site {instance.site_id[j]}: {n} units of {instance.technology[k]}"
        if not instance.allowed[j, k]:
            yield f"site {instance.site_id[j]}: {instance.technology[k]} may not stand there"


def _one_technology(instance: Instance, units: Ints, _service: Service) -> Iterator[str]:
    for e in range(instance.demand.shape[1]):
        counts = (units[:, instance.tech_energy == e] > 0).sum(axis=1)
        for j in np.flatnonzero(counts > 1).tolist():
            yield f"site {instance.site_id[j]}: {counts[j]} technologies of one energy"


def _site_power(instance: Instance, units: Ints, _service: Service) -> Iterator[str]:
    power = (units * instance.power_kw).sum(axis=1)
    for j in np.flatnonzero(power > instance.max_power_kw).tolist():
        yield f"site {instance.site_id[j]}: {power[j]:g} kW of {instance.max_power_kw[j]:g}"


def _headroom(instance: Instance, units: Ints, _service: Service) -> Iterator[str]:
    power = (units * instance.power_kw).sum(axis=1)
    for g, headroom_kw in enumerate(instance.headroom_kw):
        drawn = float(power[instance.site_supply == g].sum())
        if drawn > headroom_kw:
            yield f"supply node {instance.supply_node_id[g]}: {drawn:g} kW of {headroom_kw:g}"


def _budget(instance: Instance, units: Ints, _service: Service) -> Iterator[str]:
    for p, payer in enumerate(PAYERS):
        spent = sum(
            int(instance.fixed_cost[k]) + int(units[j, k]) * int(instance.unit_cost[k])
            for j, k in np.argwhere(units > 0).tolist()
            if instance.tech_payer[k] == p
        )
        if spent > instance.budget_cny[p]:
            yield f"{payer}: {spent} CNY of {instance.budget_cny[p]}"


def _reach(instance: Instance, _units: Ints, service: Service) -> Iterator[str]:
    shape = (*instance.demand.shape, len(instance.site_id))
    pairs = (instance.pair_demand, instance.pair_energy, instance.pair_site)
    known = np.sort(np.ravel_multi_index(pairs, shape))
    used = np.ravel_multi_index((service.demand, service.energy, service.site), shape)
    for place in np.flatnonzero(~np.isin(used, known)).tolist():
        i, j = int(service.demand[place]), int(service.site[place])
        yield f"{instance.demand_id[i]} is served from {instance.site_id[j]}, out of its reach"


def _demand(instance: Instance, _units: Ints, service: Service) -> Iterator[str]:
    served = np.zeros(instance.demand.shape, dtype=np.int64)
    np.add.at(served, (service.demand, service.energy), service.micro)
    for i, e in np.argwhere(served > np.floor(instance.demand * MICRO + 0.5)).tolist():
        yield f"{instance.demand_id[i]}: {served[i, e] / MICRO} of {instance.demand[i, e]}"


def _capacity(instance: Instance, units: Ints, service: Service) -> Iterator[str]:
    capacity = with_stations(instance, units).existing_capacity()
    load = np.zeros(capacity.shape, dtype=np.int64)
    np.add.at(load, (service.site, service.energy), service.micro)
    for j, e in np.argwhere(load > np.floor(capacity * MICRO + 0.5)).tolist():
        yield f"site {instance.site_id[j]}: {load[j, e] / MICRO} of {capacity[j, e]}"


CHECKS: dict[str, Check] = {
    "size of a station": _sizes,
    "one technology an energy": _one_technology,
    "power of the site": _site_power,
    "shared headroom": _headroom,
    "budget": _budget,
    "served within reach": _reach,
    "served at most once": _demand,
    "capacity": _capacity,
}
