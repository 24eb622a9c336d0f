"""The settings of a scenario and the frozen whole that makes one run."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from planner.layers import ENERGIES
from planner.scenario.rows import (
    Assumption,
    Fleet,
    Item,
    LayerSource,
    Milestone,
    RoadLimit,
    Rule,
    Scheme,
    Share,
    Strict,
    Technology,
)

Money = Annotated[int, Field(ge=0)]


class RunSettings(Strict):
    """How long, how exact and how repeatable the solves are."""

    time_limit_s: float = Field(gt=0)
    mip_gap: float = Field(ge=0, lt=1)
    seed: int = Field(ge=0)
    threads: int = Field(ge=1, le=64)
    effort: int = Field(ge=0, le=100)
    review_solves: int = Field(default=0, ge=0, le=1000)


class DemandSettings(Strict):
    """How residents are spread, and what a scenario makes of the demand of its fleets."""

    growth: float = Field(ge=0)
    rural_growth: float = Field(ge=0)
    holiday_peak_factor: float = Field(ge=0)
    h3_resolution: int = Field(ge=5, le=9)
    urban_junctions_per_km2: float = Field(gt=0)


class ServiceRadius(Strict):
    """Network distance in metres within which demand counts as covered."""

    charging_urban_m: float = Field(gt=0)
    charging_rural_m: float = Field(gt=0)
    swap_urban_m: float = Field(gt=0)
    swap_rural_m: float = Field(gt=0)
    truck_swap_urban_m: float = Field(gt=0)
    truck_swap_rural_m: float = Field(gt=0)
    hydrogen_urban_m: float = Field(gt=0)
    hydrogen_rural_m: float = Field(gt=0)

    def radius_m(self, energy: str, area_class: str) -> float:
        """Return the radius of an energy in an area class ("urban" or "rural"), in metres."""
        return float(getattr(self, f"{energy}_{area_class}_m"))


class CandidateSettings(Strict):
    """How candidate sites are found and which are dropped."""

    min_separation_m: float = Field(ge=0)
    max_snap_m: float = Field(gt=0)
    max_power_kw: float = Field(gt=0)


class SitingSettings(Strict):
    """Money, years, waiting and goals of the siting model; money a year does not spend stays."""

    budget_cny_by_year: dict[int, Money]
    hydrogen_budget_cny_by_year: dict[int, Money]
    target_year: int = Field(ge=2000, le=2100)
    gap_tolerance: float = Field(ge=0, lt=1)
    swap_kwh: float = Field(gt=0)
    truck_swap_kwh: float = Field(gt=0)
    max_wait_min: float = Field(gt=0)
    max_wait_chance: float = Field(gt=0, le=1)
    managed_charging_factor: float = Field(gt=0, le=1)
    discount_rate: float = Field(ge=0, lt=1)
    city_share: Share

    def years(self) -> list[int]:
        """Return the siting years, ascending; the last one is the target year."""
        return sorted(self.budget_cny_by_year)

    @property
    def budget_cny(self) -> int:
        """Public money of all years, in CNY."""
        return sum(self.budget_cny_by_year.values())

    @property
    def hydrogen_budget_cny(self) -> int:
        """Money of enterprises of all years, in CNY."""
        return sum(self.hydrogen_budget_cny_by_year.values())


class TestRoadSettings(Strict):
    """Targets, safety limits and equipment of the test-road model."""

    counting_basis: Literal["centreline_km", "carriageway_km"]
    target_km_by_year: dict[int, float]
    over_target_share: float = Field(ge=0, le=0.5)
    over_target_km: float = Field(ge=0)
    max_speed_kph: float = Field(gt=0)
    max_turn_deg: float = Field(gt=0, le=180)
    least_open_hours: float = Field(ge=0, le=24)
    mandated_reach_m: float = Field(ge=0)
    least_spur_m: float = Field(ge=0)
    spur_factor: float = Field(ge=0, le=1)
    least_cycle_share: float = Field(ge=0, le=1)
    free_grade: int = Field(ge=1, le=5)
    most_grade_by_year: dict[int, int] = Field(default_factory=dict)
    rsu_range_urban_m: float = Field(ge=50)
    rsu_range_suburban_m: float = Field(ge=50)
    rsu_range_motorway_m: float = Field(ge=50)
    rsu_range_tunnel_m: float = Field(ge=50)
    rsu_urban_max_kph: float = Field(gt=0)
    sight_offset_m: float = Field(gt=0)
    feature_reach_m: float = Field(ge=0)
    cabinet_reach_m: float = Field(ge=0)
    fleet_charger_reach_m: float = Field(gt=0)
    fleet_station_near_m: float = Field(ge=0)
    equipment_budget_cny: Money | None = None
    equipment_budget_cny_by_year: dict[int, Money] = Field(default_factory=dict)

    def most_km(self, target_km: float) -> float:
        """Return the km up to which a stage with this target may go."""
        return target_km + max(self.over_target_share * target_km, self.over_target_km)

    def most_grades(self) -> dict[int, int]:
        """Return the hardest grade of each target year: that of the last year given before it.

        Years before the first one given take that one's.
        """
        given = sorted(self.most_grade_by_year.items())
        return {
            year: next((grade for at, grade in reversed(given) if at <= year), given[0][1])
            for year in sorted(self.target_km_by_year)
            if given
        }

    def equipment_budgets(self) -> dict[int, int]:
        """Return the new money for equipment of each target year, ascending, in CNY.

        Without amounts by year the whole is divided evenly, the last year taking the odd yuan.
        """
        years = sorted(self.target_km_by_year)
        if self.equipment_budget_cny_by_year:
            return {year: self.equipment_budget_cny_by_year.get(year, 0) for year in years}
        whole = self.equipment_budget_cny or 0
        each = dict.fromkeys(years, whole // len(years))
        return each | {years[-1]: whole - whole // len(years) * (len(years) - 1)}


class SubsidySettings(Strict):
    """The subsidy as the policy text grants it, and who bears what remains of the cost.

    ``cap_cny`` limits what a jurisdiction gets over the validity (``total``) or in each of
    its years (``yearly``).
    """

    rate: float = Field(ge=0, le=1)
    cap_cny: int = Field(ge=0)
    valid_from: date = Field(strict=False)
    valid_to: date = Field(strict=False)
    third_party_cny_per_year: int = Field(ge=0)
    cap_basis: Literal["total", "yearly"]
    city_share: Share
    enterprise_share: Share


class RuleSettings(Strict):
    """Distances that the planning rules use."""

    township_radius_m: float = Field(gt=0)
    hydrogen_setback_m: float = Field(ge=0)
    highway_gap_m: float = Field(gt=0)
    highway_reach_m: float = Field(ge=0)
    highway_min_kw: float = Field(ge=0)
    evs_per_unit: float = Field(gt=0)
    parking_share: Share


class Scenario(Strict):
    """One frozen set of assumptions and the case it belongs to: one run.

    ``folder`` is the case folder; paths of ``layers`` are inside it. ``assumptions``
    lists every value with unit, source and trust, in the order of ``defaults.toml``.
    ``variant`` names the table of ``[variants]`` that was laid over the case; empty for none.
    """

    folder: Path
    case_id: str
    title_zh: str
    title_en: str
    variant: str = ""
    replace_roads_hint: str = ""
    map_approval_number: str = ""
    layers: dict[str, LayerSource]
    run: RunSettings
    demand: DemandSettings
    service_radius: ServiceRadius
    candidates: CandidateSettings
    siting: SitingSettings
    test_roads: TestRoadSettings
    subsidy: SubsidySettings
    rules: RuleSettings
    technologies: dict[str, Technology]
    fleets: dict[str, Fleet]
    schemes: dict[str, Scheme]
    milestones: dict[str, Milestone]
    road_limits: dict[str, RoadLimit]
    equipment: dict[str, Item]
    policy_rules: dict[str, Rule]
    assumptions: tuple[Assumption, ...]

    def years(self) -> list[int]:
        """Return the stage years of the test-road plan, ascending."""
        return sorted(self.test_roads.target_km_by_year)

    def technologies_of(self, energy: str) -> dict[str, Technology]:
        """Return the technologies that serve an energy, by their row names."""
        if energy not in ENERGIES:
            raise KeyError(energy)
        return {key: row for key, row in self.technologies.items() if row.energy == energy}

    def with_run(self, **given: float | None) -> Scenario:
        """Return the scenario with run settings replaced where one is given."""
        run = {key: value for key, value in given.items() if value is not None}
        assumptions = tuple(
            row.model_copy(update={"value": run[name], "source": "command line"})
            if (name := row.key.removeprefix("run.")) in run
            else row
            for row in self.assumptions
        )
        settings = RunSettings(**{**self.run.model_dump(), **run})
        return self.model_copy(update={"run": settings, "assumptions": assumptions})
