"""Re-proves a siting answer from the instance and the answer alone, in whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from planner.errors import Problem, VerificationError
from planner.siting.instance import PAYERS, PUBLIC, Instance
from planner.siting.options import KEEP, Bools, Floats, Ints
from planner.siting.search import Build
from planner.siting.service import MICRO, Service

Check = Callable[[Instance, Build, dict[str, Service]], Iterator[str]]
SLACK_KW = 1e-6


def audit(instance: Instance, build: Build, service: dict[str, Service]) -> tuple[str, ...]:
    """Check every constraint of the model without the model and without a solver.

    Parameters
    ----------
    instance
        The problem.
    build
        What stands when.
    service
        Who serves whom by phase: "before", each earlier year, "after".

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
        for words in check(instance, build, service)
    ]
    if failures:
        raise VerificationError(failures)
    return tuple(CHECKS)


def _own_group(instance: Instance, build: Build, _service: dict[str, Service]) -> Iterator[str]:
    for t, s in np.argwhere(build.chosen >= 0).tolist():
        o = int(build.chosen[t, s])
        if instance.options.group[o] != s:
            yield f"{_place(instance, s)}: an option of another group"
        late = t > instance.options.last[o] and o != build.chosen[t - 1, s]
        if t < instance.options.first[o] or late:
            yield f"{_place(instance, s)}: built in {instance.years[t]}, out of its dates"


def _kept(instance: Instance, build: Build, _service: dict[str, Service]) -> Iterator[str]:
    for s in np.flatnonzero(instance.standing() >= 0).tolist():
        if (build.chosen[:, s] < 0).any():
            yield f"{_place(instance, s)}: the existing station is gone"


def _torn_down(instance: Instance, build: Build, _service: dict[str, Service]) -> Iterator[str]:
    options = instance.options
    for t in range(instance.n_years - 1):
        for s in np.flatnonzero(build.chosen[t] >= 0).tolist():
            now, then = int(build.chosen[t, s]), int(build.chosen[t + 1, s])
            if options.action[now] == KEEP or now == then:
                continue
            same = then >= 0 and options.technology[now] == options.technology[then]
            same = same and bool(options.action[now] == options.action[then])
            if not same or options.units[then] < options.units[now]:
                yield f"{_place(instance, s)}: torn down after {instance.years[t]}"
            elif options.last[then] <= t:
                yield f"{_place(instance, s)}: extended after its technology's dates"


def _site_power(instance: Instance, build: Build, _service: dict[str, Service]) -> Iterator[str]:
    for t in range(instance.n_years):
        drawn = _by_site(instance, build.chosen[t])
        for j in np.flatnonzero(drawn > instance.max_power_kw + SLACK_KW).tolist():
            yield f"site {instance.site_id[j]}: {drawn[j]:g} kW of {instance.max_power_kw[j]:g}"


def _headroom(instance: Instance, build: Build, _service: dict[str, Service]) -> Iterator[str]:
    supply = instance.supply
    for t in range(instance.n_years):
        drawn = _by_site(instance, build.chosen[t])
        limit = supply.headroom_kw + np.where(build.upgraded[t], supply.upgrade_kw, 0.0)
        for g, most in enumerate(limit):
            load = float(drawn[instance.site_supply == g].sum())
            if load > most + SLACK_KW:
                yield f"supply node {instance.supply_node_id[g]}: {load:g} kW of {most:g}"


def _upgrades(instance: Instance, build: Build, _service: dict[str, Service]) -> Iterator[str]:
    for g in np.flatnonzero(build.upgraded.any(axis=0)).tolist():
        in_service = np.flatnonzero(build.upgraded[:, g])
        name = instance.supply_node_id[g]
        if in_service[0] < instance.supply.lead[g] or instance.supply.upgrade_kw[g] <= 0:
            yield f"supply node {name}: upgraded sooner than it can be"
        if len(in_service) != instance.n_years - in_service[0]:
            yield f"supply node {name}: an upgrade is taken back"


def _budget(instance: Instance, build: Build, _service: dict[str, Service]) -> Iterator[str]:
    options, supply = instance.options, instance.supply
    for t, year in enumerate(instance.years):
        chosen = build.chosen[t][build.chosen[t] >= 0]
        for p, payer in enumerate(PAYERS):
            spent = int(options.capital[chosen][options.payer[chosen] == p].sum())
            if p == PUBLIC:
                spent += sum(
                    int(supply.upgrade_cny[g])
                    for g in np.flatnonzero(build.upgraded[-1]).tolist()
                    if int(build.upgraded[:, g].argmax()) - int(supply.lead[g]) <= t
                )
            if spent > instance.budget_cny[t, p]:
                yield f"{payer} up to {year}: {spent} CNY of {instance.budget_cny[t, p]}"


def _locks(instance: Instance, build: Build, _service: dict[str, Service]) -> Iterator[str]:
    for groups in instance.locked:
        if not any(build.chosen[-1, s] >= 0 for s in groups):
            yield f"no station at the locked site of groups {groups}"


def _reach(instance: Instance, _build: Build, service: dict[str, Service]) -> Iterator[str]:
    shape = (*instance.demand.shape[1:], len(instance.site_id))
    pairs = (instance.pair_demand, instance.pair_energy, instance.pair_site)
    known = np.sort(np.ravel_multi_index(pairs, shape))
    for phase, dealt in service.items():
        used = np.ravel_multi_index((dealt.demand, dealt.energy, dealt.site), shape)
        for place in np.flatnonzero(~np.isin(used, known)).tolist():
            i, j = instance.demand_id[dealt.demand[place]], instance.site_id[dealt.site[place]]
            yield f"{phase}: {i} is served from {j}, out of its reach"


def _demand(instance: Instance, _build: Build, service: dict[str, Service]) -> Iterator[str]:
    for phase, dealt in service.items():
        demand = instance.demand[_year(instance, phase)]
        served = np.zeros(demand.shape, dtype=np.int64)
        np.add.at(served, (dealt.demand, dealt.energy), dealt.micro)
        for i, e in np.argwhere(served > np.floor(demand * MICRO + 0.5)).tolist():
            yield f"{phase}: {instance.demand_id[i]}: {served[i, e] / MICRO} of {demand[i, e]}"


def _capacity(instance: Instance, build: Build, service: dict[str, Service]) -> Iterator[str]:
    for phase, dealt in service.items():
        t = _year(instance, phase)
        chosen = instance.standing() if phase == "before" else build.chosen[t]
        capacity = instance.capacity(chosen)
        load = np.zeros(capacity.shape, dtype=np.int64)
        np.add.at(load, (dealt.site, dealt.energy), dealt.micro)
        for j, e in np.argwhere(load > np.floor(capacity * MICRO + 0.5)).tolist():
            yield f"{phase}: site {instance.site_id[j]}: {load[j, e] / MICRO} of {capacity[j, e]}"


def _year(instance: Instance, phase: str) -> int:
    """Return the row of T whose demand a phase serves."""
    return (
        instance.n_years - 1 if phase in {"before", "after"} else instance.years.index(int(phase))
    )


def _by_site(instance: Instance, chosen: Ints) -> Floats:
    some: Bools = chosen >= 0
    drawn = np.zeros(len(instance.site_id))
    np.add.at(drawn, instance.group_site[some], instance.options.peak_kw[chosen[some]])
    return drawn


def _place(instance: Instance, s: int) -> str:
    return f"site {instance.site_id[instance.group_site[s]]}"


CHECKS: dict[str, Check] = {
    "one option of its own group, in its dates": _own_group,
    "existing stations kept": _kept,
    "nothing torn down": _torn_down,
    "power of the site": _site_power,
    "shared headroom": _headroom,
    "upgrades take their time": _upgrades,
    "budget up to each year": _budget,
    "locked sites": _locks,
    "served within reach": _reach,
    "served at most once": _demand,
    "capacity": _capacity,
}
