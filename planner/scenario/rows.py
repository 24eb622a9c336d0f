"""The rows of a scenario: technologies, fleets, schemes, milestones, rules, layers, assumptions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

TrustMark = Literal["S", "D", "P", "X", "U", "estimate", "illustrative", "schematic"]
Energy = Literal["charging", "swap", "truck_swap", "hydrogen"]
Datum = Literal["wgs84", "gcj02", "bd09", "cgcs2000"]
Share = Annotated[float, Field(ge=0, le=1)]


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


class Technology(Strict):
    """One row of ``technologies.toml``; the file says what each column counts.

    ``capacity_per_day`` is real use of one unit, not nameplate. Sizes on offer are
    ``min_units``, ``min_units + unit_step`` and so on up to ``max_units``. ``upgrade_to`` is
    what an existing station of this technology may be turned into; empty for nothing.
    """

    zh: str
    en: str
    energy: Energy
    unit_zh: str
    capacity_per_day: float = Field(gt=0)
    session: float = Field(gt=0)
    service_min: float = Field(gt=0)
    peak_hour_share: float = Field(gt=0, le=1)
    queue: Literal["mmc", "mdc"]
    power_kw: float = Field(ge=0)
    peak_factor: Share
    unit_cost_cny: int = Field(ge=0)
    fixed_cost_cny: int = Field(ge=0)
    opex_cny_per_unit_year: int = Field(ge=0)
    opex_cny_per_year: int = Field(ge=0)
    footprint_m2_per_unit: float = Field(ge=0)
    footprint_m2: float = Field(ge=0)
    life_years: int = Field(ge=1)
    min_units: int = Field(ge=1)
    max_units: int = Field(ge=1)
    unit_step: int = Field(ge=1)
    upgrade_to: str = ""
    owner: Literal["public", "enterprise"]
    valid_from: date | None = None
    valid_to: date | None = None
    trust: TrustMark
    source: str


class Fleet(Strict):
    """One row of ``fleets.toml``: how many vehicles, and what those on electricity take.

    ``vehicles_per_1000`` counts vehicles of any drive that residents keep; shares by year
    are of them. In TOML the years are keys of their own: ``ev_share_2025 = 0.1``.
    """

    zh: str
    en: str
    vehicles_per_1000: float = Field(ge=0, le=2000)
    ev_share_by_year: dict[int, Share]
    kwh_per_vehicle_day: float = Field(ge=0)
    public_share: Share
    swap_share: Share
    swaps_per_vehicle_day: float = Field(ge=0)
    swap_energy: Literal["swap", "truck_swap"]
    fuel_cell_share_by_year: dict[int, Share]
    kg_per_vehicle_day: float = Field(ge=0)
    trust: TrustMark
    source: str


class Scheme(Strict):
    """One row of ``schemes.toml``: a grant to stations, as a policy text words it.

    ``cap_cny`` is per station; 0 stands for no cap.
    """

    zh: str
    en: str
    technologies: tuple[str, ...] = Field(strict=False, min_length=1)
    rate: Share
    cap_cny: int = Field(ge=0)
    valid_from: date
    valid_to: date
    payer: Literal["city", "county", "province", "state"]
    sentence: str
    source: str
    trust: TrustMark


class Item(Strict):
    """One row of ``equipment.toml``: an item of roadside equipment and what it is counted by."""

    zh: str
    en: str
    per: Literal["unit", "new_pole", "junction", "cabinet", "hectometre"]
    min_grade: int = Field(default=1, ge=1, le=5)
    max_grade: int = Field(default=5, ge=1, le=5)
    count: int = Field(ge=1)
    unit_cost_cny: int = Field(ge=0)
    kind: Literal["hardware", "software", "equipment", "works"]
    eligible: bool
    trust: TrustMark
    source: str


class RoadLimit(Strict):
    """One row of ``road_limits.toml``: km or a share of the test roads; the file says how."""

    zh: str
    en: str
    of: Literal["jurisdiction_id", "county_id", "road_class", "complexity_grade"]
    values: tuple[str, ...] = Field(min_length=1, strict=False)
    measure: Literal["km", "share"]
    least: float | None = Field(default=None, ge=0)
    most: float | None = Field(default=None, ge=0)
    source: str = Field(min_length=1)
    trust: TrustMark


class Milestone(Strict):
    """One row of ``milestones.toml``: what has to be reached by a year; the file says how.

    ``energy`` is empty for all energies, ``county_id`` for the whole city.
    """

    zh: str
    en: str
    year: int
    measure: Literal["townships_covered", "stations", "units", "served_share"]
    energy: Energy | Literal[""] = ""
    county_id: str = ""
    least: float = Field(gt=0)
    source: str = Field(min_length=1)
    trust: TrustMark


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
