"""Applies reviewers' decisions to sites: banned energies go, locked sites do not give way."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from planner.layers import ENERGIES, ENERGY_ZH

REFUSED_EN, REFUSED_ZH = "refused in review", "评审未通过"


def without_refused(sites: gpd.GeoDataFrame, reviews: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the energies left to each site, and why others are not; missing where none went.

    Existing stations stay whatever a reviewer says of their site.
    """
    banned = _banned(reviews)
    left, reasons = {}, {}
    for row, site_id, origin, text in zip(
        sites.index, sites["site_id"], sites["origin"], sites["energies"], strict=True
    ):
        asked = text.split(",") if text else []
        refused = [energy for energy in asked if energy in banned.get(site_id, ())]
        if origin == "existing":
            refused = []
        left[row] = ",".join(energy for energy in asked if energy not in refused)
        reasons[row] = _reason(refused, asked)
    return (
        pd.Series(left, index=sites.index, dtype="str"),
        pd.Series(reasons, index=sites.index, dtype="str"),
    )


def locked(sites: gpd.GeoDataFrame, reviews: pd.DataFrame) -> pd.Series:
    """Return which sites a reviewer has locked into the plan, for any energy."""
    ids = reviews.loc[reviews["mark"] == "lock", "site_id"]
    return sites["site_id"].isin(set(ids))


def _banned(reviews: pd.DataFrame) -> dict[str, set[str]]:
    bans = reviews[reviews["mark"] == "ban"]
    banned: dict[str, set[str]] = {}
    for site_id, energy in zip(bans["site_id"], bans["energy"], strict=True):
        banned.setdefault(site_id, set()).update(ENERGIES if energy == "all" else (energy,))
    return banned


def _reason(refused: list[str], asked: list[str]) -> str | None:
    if not refused:
        return None
    if refused == asked:
        return f"{REFUSED_EN} / {REFUSED_ZH}"
    chinese = "、".join(ENERGY_ZH[energy] for energy in refused)
    return f"no {', '.join(refused)}: {REFUSED_EN} / 不得{chinese}:{REFUSED_ZH}"
