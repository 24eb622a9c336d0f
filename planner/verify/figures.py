"""Proves the figures that plan.json gives of the siting: counts, shares, years, worst county."""

from __future__ import annotations

import pandas as pd

from planner import layers
from planner.verify.actions import added_units
from planner.verify.coverage import point_sums
from planner.verify.faults import Faults, unequal, unequal_rows
from planner.verify.files import PlanFiles, Row
from planner.verify.years import AFTER, BEFORE, phase_years

ENDS = (BEFORE, AFTER)
DECIMALS = 6
SAME = 1.5e-6
"""Shares are rounded to six decimals: those one step apart may be equal."""
DAYS = 365
HYDROGEN_KWH_PER_KG = 33.33
"""Lower heating value, by which hydrogen counts where all energies are added up."""


def siting_figures(plan: PlanFiles) -> Faults:
    """Prove that counts, shares and the worst county in plan.json are those of the layers."""
    stations, sites = plan.layer("stations"), plan.layer("candidate_sites")
    counts = {
        "n_demand_points": len(plan.layer("demand_points")),
        "n_candidates": int((sites["status"] == "accepted").sum()),
        "n_rejected": int((sites["status"] == "rejected").sum()),
        "n_existing": int((stations["status"] == "existing").sum()),
        "n_planned": int((stations["status"] == "planned").sum()),
        "n_extended": int((stations["action"] == "extend").sum()),
        "n_upgraded": int((stations["action"] == "upgrade").sum()),
    }
    for key, value in counts.items():
        yield from unequal(plan.whole("siting", key), value, key)
    groups = stations.groupby(["technology", "energy", "status"])
    rows = [
        dict(zip(("technology", "energy", "status"), key, strict=True))
        | {"n_stations": len(group)}
        | {name: sum(int(v) for v in group[name]) for name in ("n_units", "capital_cny")}
        for key, group in groups
    ]
    keys = ("technology", "energy", "status")
    yield from unequal_rows(plan.rows("siting", "by_technology"), rows, keys, "by_technology")
    energies = [_energy_row(plan, energy) for energy in layers.ENERGIES]
    yield from unequal_rows(plan.rows("siting", "energies"), energies, ("energy",), "energies")
    yield from _worst_county_holds(plan)


def _energy_row(plan: PlanFiles, energy: str) -> Row:
    sums = plan.once(point_sums)
    row: Row = {"energy": energy}
    for phase in ENDS:
        mine = sums[(sums["energy"] == energy) & (sums["phase"] == phase)]
        row["demand_per_day"] = float(mine["demand"].sum())
        for what in ("covered", "served"):
            row[f"{what}_share_{phase}"] = _share(mine, what)
    return row


def _share(rows: pd.DataFrame, what: str) -> float | None:
    demand = float(rows["demand"].sum())
    return round(float(rows[what].sum()) / demand, DECIMALS) if demand else None


def kwh_weights(plan: PlanFiles) -> dict[str, float]:
    """Return what one unit of each energy counts for in the share of a county, in kWh."""
    return {
        "charging": 1.0,
        "swap": plan.number("settings", "siting", "swap_kwh"),
        "truck_swap": plan.number("settings", "siting", "truck_swap_kwh"),
        "hydrogen": 0.0,
    }


def kwh_equivalents(plan: PlanFiles) -> dict[str, float]:
    """Return what one unit of each energy counts for where all are added up, in kWh."""
    return kwh_weights(plan) | {"hydrogen": HYDROGEN_KWH_PER_KG}


def county_shares(plan: PlanFiles) -> pd.DataFrame:
    """Return the served share of each county with demand (rows) in each phase (columns)."""
    sums = plan.once(point_sums)
    weight = sums["energy"].map(kwh_weights(plan))
    weighted = sums.assign(demand=sums["demand"] * weight, served=sums["served"] * weight)
    totals = weighted.groupby(["phase", "county_id"])[["demand", "served"]].sum()
    totals = totals[totals["demand"] > 0]
    share = totals["served"] / totals["demand"]
    found = totals.index.get_level_values("phase").unique()
    return pd.DataFrame({phase: share.xs(phase, level="phase") for phase in found})


def _worst_county_holds(plan: PlanFiles) -> Faults:
    """Prove that the worst county has the least share served today in charging and swap, in kWh."""
    share = plan.once(county_shares).round(DECIMALS)
    if not len(share):
        yield from unequal(plan.figure("siting", "worst_county"), None, "worst_county")
        return
    stated = plan.mapping("siting", "worst_county")
    before, after = share[BEFORE], share[AFTER]
    tied = [str(county) for county in share.index if before[county] <= before.min() + SAME]
    worst = min(tied)
    stations = plan.layer("stations")
    mine = stations[(stations["county_id"] == worst) & (stations["energy"] != "hydrogen")]
    mine = mine[mine["action"] != "keep"]
    annual = _whole(mine["annual_cost_cny"])
    weight = mine["energy"].map(kwh_weights(plan)).astype(float)
    kwh = float((mine["served_per_day"] * weight).sum()) * DAYS
    proven = {
        "county_id": worst,
        "name": plan.layer("counties").set_index("county_id")["name"].get(worst),
        "energy": "charging+swap",
        "served_share_before": float(before[worst]),
        "served_share_after": float(after[worst]),
        "capital_cny": _whole(mine["capital_cny"]),
        "n_stations": len(mine),
        "annual_cost_cny": annual,
        "cost_per_kwh_cny": round(annual / kwh, DECIMALS) if kwh else None,
    }
    yield from unequal_rows([stated], [proven], ("county_id",), "worst_county")
    known = {str(row.get("county_id")): row for row in _share_rows(plan, share)}
    rows = plan.rows("siting", "worst_county", "tied")
    yield from unequal_rows(rows, [known[c] for c in tied], ("county_id",), "counties tied")
    rows = plan.rows("siting", "county_shares")
    stated_rows = [row for row in rows if row.get("served_share_before") is not None]
    yield from unequal_rows(stated_rows, known.values(), ("county_id",), "shares of the counties")
    rows = plan.rows("siting", "worst_county", "remedy")
    yield from unequal_rows(rows, _remedy(mine), ("technology", "action"), "its remedy")


def _share_rows(plan: PlanFiles, share: pd.DataFrame) -> list[Row]:
    """Return the share of each county before and after the plan, as proven here."""
    names = plan.layer("counties").set_index("county_id")["name"]
    return [
        {
            "county_id": str(county),
            "name": names.get(county),
            "served_share_before": float(share[BEFORE][county]),
            "served_share_after": float(share[AFTER][county]),
        }
        for county in share.index
    ]


def _remedy(stations: pd.DataFrame) -> list[Row]:
    """Return what is done at some stations, by technology and action."""
    added = [added_units(row) for row in stations.itertuples()]
    return [
        {
            "technology": technology,
            "action": action,
            "energy": str(group["energy"].iloc[0]),
            "n_stations": len(group),
            "n_units": int(group["added"].sum()),
            "capital_cny": _whole(group["capital_cny"]),
            "years": sorted({int(year) for year in group["first_year"]}),
        }
        for (technology, action), group in stations.assign(added=added).groupby(
            ["technology", "action"]
        )
    ]


def _whole(amounts: pd.Series) -> int:
    return sum(int(amount) for amount in amounts)


def years_told(plan: PlanFiles) -> Faults:
    """Prove of every year what is built and changed, and which share of the demand is served."""
    sums, shares = plan.once(point_sums), plan.once(county_shares)
    changes = plan.once(_changes)
    rows = []
    for phase, year in phase_years(plan).items():
        if phase == BEFORE:
            continue
        mine = sums[sums["phase"] == phase]
        served = {e: _share(mine[mine["energy"] == e], "served") for e in layers.ENERGIES}
        least = shares[phase].min() if phase in shares else float("nan")
        rows.append(
            {
                "year": year,
                **{f"n_{what}": changes.get((year, what), 0) for what in CHANGES},
                "worst_county_share": None if pd.isna(least) else round(float(least), DECIMALS),
                **{f"served_share {e}": share for e, share in served.items()},
            }
        )
    stated = [
        row | {f"served_share {e}": _part(row, e) for e in layers.ENERGIES}
        for row in plan.rows("siting", "by_year")
    ]
    yield from unequal_rows(stated, rows, ("year",), "by_year")


CHANGES = ("built", "extended", "upgraded")


def _part(row: Row, energy: str) -> object:
    shares = row.get("served_share")
    return shares.get(energy) if isinstance(shares, dict) else None


def _changes(plan: PlanFiles) -> dict[tuple[int, str], int]:
    """Return how many stations are built, extended or upgraded in each year."""
    stations = plan.layer("stations").set_index("station_id")
    found: dict[tuple[int, str], int] = {}
    for name, mine in plan.layer("station_years").groupby("station_id"):
        row = stations.loc[name]
        had = (row["technology_before"], int(row["n_units_before"]))
        for step in mine.sort_values("year").itertuples():
            has = (step.technology, int(step.n_units))
            if has != had:
                kind = "built" if had[1] == 0 else "extended" if has[0] == had[0] else "upgraded"
                found[int(step.year), kind] = found.get((int(step.year), kind), 0) + 1
            had = has
    return found
