"""The frozen set of assumptions that makes one run: what a scenario holds and may hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from planner.layers import ENERGIES

TrustMark = Literal["S", "D", "P", "X", "U", "estimate", "illustrative", "schematic"]
Energy = Literal["charging", "swap", "hydrogen"]
Datum = Literal["wgs84", "gcj02", "bd09", "cgcs2000"]


class Strict(BaseModel):
    """Base of every part of a scenario: frozen, strict, no unknown key, no infinity."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


class Assumption(Strict):
    """One value with its unit, source and trust mark, as reports show it."""

    key: str
    value: float | int | str
    unit: str
    source: str
    trust: TrustMark


class LayerSource(Strict):
    """Where a layer of the case comes from and how to read it."""

    file: str
    layer: str = ""
    datum: Datum
    crs: str = ""
    source: str
    licence: str
    date: str
    synthetic: bool = False
    trust: TrustMark = "U"
    columns: dict[str, str] = Field(default_factory=dict)
    """Column of the layer's schema -> column of the file, where they differ."""


class RunSettings(Strict):
    """How long, how exact and how repeatable the solves are."""

    time_limit_s: float = Field(gt=0)
    mip_gap: float = Field(ge=0, lt=1)
    seed: int = Field(ge=0)
    threads: int = Field(ge=1, le=64)


class DemandSettings(Strict):
    """From residents to energy: see ``defaults.toml`` for units and sources."""

    vehicles_per_1000: float = Field(ge=0, le=2000)
    ev_share: float = Field(ge=0, le=1)
    kwh_per_ev_day: float = Field(ge=0, le=500)
    public_share: float = Field(ge=0, le=1)
    swaps_per_1000_ev_day: float = Field(ge=0, le=5000)
    hydrogen_kg_per_day_per_100k: float = Field(ge=0)
    h3_resolution: int = Field(ge=5, le=9)
    urban_junctions_per_km2: float = Field(gt=0)


class ServiceRadius(Strict):
    """Network distance in metres within which demand counts as covered."""

    charging_urban_m: float = Field(gt=0)
    charging_rural_m: float = Field(gt=0)
    swap_urban_m: float = Field(gt=0)
    swap_rural_m: float = Field(gt=0)
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
    """Money and goals of the siting model."""

    budget_cny: int = Field(ge=0)
    hydrogen_budget_cny: int = Field(ge=0)
    target_year: int = Field(ge=2000, le=2100)
    gap_tolerance: float = Field(ge=0, lt=1)
    swap_kwh: float = Field(gt=0)


class TestRoadSettings(Strict):
    """Targets, safety limits and equipment of the test-road model."""

    counting_basis: Literal["centreline_km", "carriageway_km"]
    target_km_by_year: dict[int, float]
    over_target_share: float = Field(ge=0, le=0.5)
    over_target_km: float = Field(ge=0)
    max_speed_kph: float = Field(gt=0)
    mandated_reach_m: float = Field(ge=0)
    rsu_spacing_m: float = Field(gt=0)
    rsu_cost_cny: int = Field(ge=0)
    equipment_budget_cny: int = Field(ge=0)

    def most_km(self, target_km: float) -> float:
        """Return the km up to which a stage with this target may go."""
        return target_km + max(self.over_target_share * target_km, self.over_target_km)


class SubsidySettings(Strict):
    """The subsidy as the policy text grants it."""

    rate: float = Field(ge=0, le=1)
    cap_cny: int = Field(ge=0)
    valid_from: date = Field(strict=False)
    valid_to: date = Field(strict=False)
    third_party_cny_per_year: int = Field(ge=0)


class RuleSettings(Strict):
    """Distances that the planning rules use."""

    township_radius_m: float = Field(gt=0)
    hydrogen_setback_m: float = Field(ge=0)


class Technology(Strict):
    """One row of ``technologies.toml``; capacity is real use, not nameplate."""

    zh: str
    en: str
    energy: Energy
    unit_zh: str
    capacity_per_day: float = Field(gt=0)
    power_kw: float = Field(ge=0)
    unit_cost_cny: int = Field(ge=0)
    fixed_cost_cny: int = Field(ge=0)
    min_units: int = Field(ge=1)
    max_units: int = Field(ge=1)
    owner: Literal["public", "enterprise"]
    trust: TrustMark
    source: str


class Rule(Strict):
    """One row of ``rules.toml``: a demand of a policy text and how it is treated."""

    zh: str
    en: str
    kind: Literal["hard", "soft", "reported"]
    parameter: str
    sentence: str
    source: str
    trust: TrustMark
    valid_from: date | None = None
    valid_to: date | None = None


class Scenario(Strict):
    """One frozen set of assumptions and the case it belongs to: one run.

    ``folder`` is the case folder; paths of ``layers`` are inside it. ``assumptions``
    lists every value with unit, source and trust, in the order of ``defaults.toml``.
    """

    folder: Path
    case_id: str
    title_zh: str
    title_en: str
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
