"""Proves that what keeps a site or an energy out is so: a zone, a review, a road, a neighbour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import shapely

from planner import layers
from planner.verify.demand import is_urban
from planner.verify.faults import Fault, Faults
from planner.verify.files import PlanFiles
from planner.verify.ground import NEAR_M, NEAR_SHARE, ground_of, zone_shapes
from planner.verify.siterules import ALL, RANK
from planner.verify.siting import SETBACK_CONCERNS, SNAP_TOLERANCE_M, nearest_usable_m

OUTSIDE = "outside every county / 位于各区县之外"
CENTRE = "no hydrogen: city centre / 不得加氢:城市中心区"
REFUSED = re.compile(
    r"(?:no (?P<en>[a-z_, ]+): )?refused in review / (?:不得(?P<zh>[^:]+):)?评审未通过"
)
TOO_NEAR = re.compile(
    r"too near to site (?P<site>.*) \((?P<m>\d+) m\) / 距站址 (?P=site) 过近\((?P=m) m\)", re.DOTALL
)
HALF_A_METRE = 0.5


def rejections_are_facts(plan: PlanFiles) -> Faults:
    """Prove every reason of the candidate sites: no other words, and each of them true."""
    sites = plan.layer("candidate_sites")
    excluded = _near_zones(plan, "exclusion", ("all", "stations"))
    hydrogen = _no_hydrogen(plan)
    roadless = nearest_usable_m(plan, sites)
    for at, row in enumerate(sites.itertuples()):
        if pd.isna(row.reason) or not str(row.reason):
            continue
        reason, name = str(row.reason), str(row.site_id)
        limits = _limits(plan, row, [_keeps_off(zone) for zone in hydrogen[at]])
        if TOO_NEAR.fullmatch(reason):
            yield from _too_near(plan, row)
        elif not (
            reason in {_inside(zone) for zone in excluded[at]}
            or (reason == OUTSIDE and pd.isna(row.county_id))
            or _without_road(plan, row, float(roadless[at]))
            or _said(plan, row, limits)
        ):
            yield Fault(f"its reason is not so: {reason}"[:200], name)


def _inside(zone: str) -> str:
    return f"inside exclusion zone {zone} / 位于禁设区 {zone} 内"


def _keeps_off(zone: str) -> str:
    return f"no hydrogen: too near to zone {zone} / 不得加氢:距 {zone} 过近"


def _without_road(plan: PlanFiles, row: Any, least_m: float) -> bool:  # noqa: ANN401 - a row
    most = plan.number("settings", "candidates", "max_snap_m")
    words = f"no road within {most:.0f} m / {most:.0f} m 内无可用道路"
    far = least_m >= most - SNAP_TOLERANCE_M
    return bool(row.reason == words and pd.isna(row.node_id) and far)


def _near_zones(
    plan: PlanFiles, kind: str, concerns: tuple[str, ...], least_m: float = 0.0
) -> list[list[str]]:
    """Return for each site the zones of a kind that reach it, those at the edge among them."""
    sites, zones, shapes = plan.layer("candidate_sites"), plan.layer("zones"), zone_shapes(plan)
    places = plan.once(ground_of).metres(sites.geometry)
    found: list[list[str]] = [[] for _ in range(len(sites))]
    mine = (zones["kind"] == kind) & zones["applies_to"].isin(concerns)
    for row in np.flatnonzero(mine.to_numpy()).tolist():
        reach = max(float(zones["radius_m"].iloc[row]), least_m) * (1 + NEAR_SHARE) + NEAR_M
        for at in np.flatnonzero(shapely.distance(shapes[row], places) <= reach).tolist():
            found[at].append(str(zones["zone_id"].iloc[row]))
    return found


def _no_hydrogen(plan: PlanFiles) -> list[list[str]]:
    """Return for each site the zones too near to it for hydrogen."""
    setback = plan.number("settings", "rules", "hydrogen_setback_m")
    kept = _near_zones(plan, "setback", SETBACK_CONCERNS, setback)
    closed = _near_zones(plan, "exclusion", ("hydrogen",))
    return [[*one, *other] for one, other in zip(kept, closed, strict=True)]


def _limits(plan: PlanFiles, row: Any, words: list[str]) -> list[str]:  # noqa: ANN401 - a row
    """Return the true words that keep hydrogen from a site; none where it has hydrogen."""
    if "hydrogen" in str(row.energies).split(","):
        return []
    return [*words, CENTRE] if is_urban(plan, row.geometry.x, row.geometry.y) else words


def _said(plan: PlanFiles, row: Any, limits: list[str]) -> bool:  # noqa: ANN401 - a row
    """Return whether a reason says a limit of hydrogen, a refusal, or both, and rightly."""
    reason = str(row.reason)
    rests = [
        reason,
        *(reason[len(part) + 2 :] for part in limits if reason.startswith(f"{part}; ")),
    ]
    return reason in limits or any(_refused(plan, row, rest) for rest in rests)


def _refused(plan: PlanFiles, row: Any, words: str) -> bool:  # noqa: ANN401 - a row
    found = REFUSED.fullmatch(words)
    if not found or row.origin == "existing":
        return False
    banned, left = set(_banned(plan, str(row.site_id))), set(str(row.energies).split(","))
    if found["en"] is None or found["zh"] is None:
        return found["en"] is found["zh"] and bool(banned) and row.status == "rejected"
    named = found["en"].split(", ")
    chinese = [layers.ENERGY_ZH.get(energy) for energy in named]
    return set(named) <= banned and not set(named) & left and chinese == found["zh"].split("、")


def _banned(plan: PlanFiles, site: str) -> Iterator[str]:
    reviews = plan.layer("reviews")
    for energy in reviews[(reviews["mark"] == "ban") & (reviews["site_id"] == site)]["energy"]:
        yield from layers.ENERGIES if energy == ALL else (str(energy),)


def _too_near(plan: PlanFiles, row: Any) -> Faults:  # noqa: ANN401 - a row
    """Prove that a site gives way to a better one, as far away as it says."""
    found, name = TOO_NEAR.fullmatch(str(row.reason)), str(row.site_id)
    sites, reviews = plan.layer("candidate_sites"), plan.layer("reviews")
    locked = set(reviews[reviews["mark"] == "lock"]["site_id"])
    others = sites[(sites["site_id"] == (found["site"] if found else None))]
    if not found or not len(others) or row.origin not in RANK:
        yield Fault("the site it gives way to is not there", name)
        return
    other = others.iloc[0]
    if other["status"] != "accepted" or other["origin"] not in RANK:
        yield Fault(f"it gives way to {found['site']}, where nothing may be built", name)
        return
    better = other["site_id"] in locked or RANK[other["origin"]] <= RANK[str(row.origin)]
    if row.origin == "case" or row.site_id in locked or not better:
        yield Fault(f"it gives way to {found['site']}, which is no better", name)
    places = plan.once(ground_of).metres([row.geometry, other["geometry"]])
    metres, least = float(shapely.distance(*places)), float(found["m"])
    room = HALF_A_METRE + NEAR_M + NEAR_SHARE * metres
    if abs(metres - least) > room:
        yield Fault(f"{found['site']} is {metres:.0f} m away, not {least:.0f}", name)
    separation = plan.number("settings", "candidates", "min_separation_m")
    if metres > separation + room:
        yield Fault(f"{found['site']} is {metres:.0f} m away, far enough", name)
