"""Counts milestones a second time, station by station and demand by demand, without arrays."""

from __future__ import annotations

from collections.abc import Iterator

from planner.errors import Problem, VerificationError
from planner.siting.instance import Instance
from planner.siting.milestones import ALL, CHARGING, MET, SHARE, STATIONS, TOWNSHIPS, Milestone
from planner.siting.search import Build
from planner.siting.service import MICRO, Service


def audit_milestones(
    instance: Instance, build: Build, service: dict[str, Service], values: tuple[float, ...]
) -> None:
    """Refuse what is told of the milestones where a second count comes to another figure.

    Parameters
    ----------
    instance, build, service
        The problem, what stands when, and who serves whom by phase.
    values
        What is told to be reached of each milestone, in its own unit.

    Raises
    ------
    VerificationError
        Naming every milestone whose figure is another.
    """
    again = [counted_again(instance, build, service, row) for row in instance.milestones]
    problems = [
        Problem(
            "E-AUD-001",
            f"{milestone.name}: {value:g} is told, a second count gives {proven:g}",
            "report this as a defect, with the case",
            column="milestones counted",
        )
        for milestone, value, proven in zip(instance.milestones, values, again, strict=True)
        if abs(proven - value) > MET * max(1.0, proven)
    ]
    if problems:
        raise VerificationError(problems)


def counted_again(
    instance: Instance, build: Build, service: dict[str, Service], milestone: Milestone
) -> float:
    """Return what is reached of a milestone, in its own unit."""
    if milestone.measure == SHARE:
        last = milestone.t == instance.n_years - 1
        phase = "after" if last else str(instance.years[milestone.t])
        return _share(instance, service[phase], milestone)
    standing = list(_standing(instance, build, milestone))
    if milestone.measure == TOWNSHIPS:
        sites = {int(instance.group_site[s]) for s, _ in standing}
        pairs = zip(instance.township_pair.tolist(), instance.township_pair_site, strict=True)
        return float(len({w for w, j in pairs if int(j) in sites} & set(milestone.townships)))
    if milestone.measure == STATIONS:
        return float(len(standing))
    return float(sum(int(instance.options.units[o]) for _, o in standing))


def _standing(instance: Instance, build: Build, milestone: Milestone) -> Iterator[tuple[int, int]]:
    """Yield group and option of the stations that count."""
    # Townships count where they lie, whatever county their station is in.
    towns = milestone.measure == TOWNSHIPS
    energy = CHARGING if towns else milestone.energy
    for s, o in enumerate(build.chosen[milestone.t].tolist()):
        county = int(instance.site_county[instance.group_site[s]])
        here = towns or milestone.county in {ALL, county}
        if o >= 0 and here and energy in {ALL, int(instance.group_energy[s])}:
            yield s, o


def _share(instance: Instance, service: Service, milestone: Milestone) -> float:
    counties = instance.demand_county.tolist()
    at = {i for i, county in enumerate(counties) if milestone.county in {ALL, county}}
    served = demanded = 0.0
    for e, kwh in enumerate(instance.kwh_per_unit.tolist()):
        if milestone.energy in {ALL, e}:
            demanded += kwh * sum(float(instance.demand[milestone.t, i, e]) for i in at)
            rows = zip(service.demand.tolist(), service.energy, service.micro, strict=True)
            micro = sum(int(m) for i, energy, m in rows if i in at and int(energy) == e)
            served += kwh * micro / MICRO
    return served / demanded if demanded else 1.0
