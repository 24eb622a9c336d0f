"""Makes stations and candidate sites of what OpenStreetMap says about a place."""

from __future__ import annotations

import re
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from planner.cases.draft import as_layer
from planner.cases.extract import Thing
from planner.crs import WGS84

CLOSED = {"no", "private", "customers", "permit"}
TECHNOLOGY_BY_KW = ((300.0, "ultra480"), (90.0, "dc120"), (0.0, "dc60"))
ASSUMED_TECHNOLOGY = "dc60"
MOST_UNITS = 60
HYDROGEN_TAGS = ("fuel:h35", "fuel:h70", "fuel:hydrogen", "fuel:LH2")
HYDROGEN_TECHNOLOGY = "hydrogen500"
PARKING_APART_M = 400.0
MOST_SITES = 400
SITE_ENERGIES = {
    "fuel": "charging,swap,hydrogen",
    "services": "charging,swap,truck_swap,hydrogen",
    "parking": "charging,swap",
}
RANK = {"services": 0, "fuel": 1, "parking": 2}


def existing_stations(things: Sequence[Thing]) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Return charging and hydrogen stations as a layer, and notes on those left out.

    The technology follows from the tagged output; where none is tagged it is assumed to be
    60 kW and the row is marked ``U``.
    """
    chargers = [thing for thing in things if thing.tags.get("amenity") == "charging_station"]
    private = [t for t in chargers if t.tags.get("access") in {"no", "private"}]
    bicycles = [t for t in chargers if t not in private and _for_bicycles(t.tags)]
    kept = [t for t in chargers if t not in private and t not in bicycles]
    rows = [_charger(thing) for thing in kept]
    pumps = [t for t in things if t.tags.get("amenity") == "fuel" and _has_hydrogen(t.tags)]
    rows += [_row(thing, HYDROGEN_TECHNOLOGY, 1, "X") for thing in pumps]
    note = (
        f"{len(chargers)} charging stations in OpenStreetMap: {len(kept)} used, "
        f"{len(bicycles)} only for bicycles and {len(private)} private left out"
    )
    return as_layer("existing_stations", rows, [t.geometry for t in (*kept, *pumps)]), [note]


def candidate_points(things: Sequence[Thing], crs: CRS) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Return services, fuel stations and public parkings as candidate sites.

    Better kinds come first; a site nearer than 400 m to one already taken is left out, and
    so is whatever is beyond the first 400.
    """
    offered = [thing for thing in things if _kind(thing) and _is_public(thing)]
    offered.sort(key=lambda thing: (RANK[_kind(thing)], thing.thing_id))
    places = gpd.GeoSeries([thing.geometry for thing in offered], crs=WGS84).to_crs(crs)
    kept: list[int] = []
    flat = shapely.get_coordinates(places.to_numpy())
    for place in range(len(offered)):
        gaps = np.hypot(*(flat[kept] - flat[place]).T)
        if len(kept) < MOST_SITES and (not len(gaps) or gaps.min() >= PARKING_APART_M):
            kept.append(place)
    rows = [
        {
            "site_id": offered[place].thing_id,
            "name": offered[place].tags.get("name") or offered[place].tags.get("brand"),
            "energies": SITE_ENERGIES[_kind(offered[place])],
            "max_power_kw": None,
            "parking_places": _places(offered[place].tags),
            "source": f"OpenStreetMap, {_kind(offered[place])}",
            "trust": "X",
        }
        for place in kept
    ]
    note = (
        f"{len(offered)} services, fuel stations and public parkings in OpenStreetMap: "
        f"{len(kept)} offered as candidate sites, at least {PARKING_APART_M:.0f} m apart"
    )
    return as_layer("candidate_sites", rows, [offered[place].geometry for place in kept]), [note]


def _places(tags: dict[str, str]) -> int | None:
    """Return the tagged places of a parking; none where that is no plain number above 0."""
    tagged = tags.get("capacity", "").strip() if tags.get("amenity") == "parking" else ""
    return int(tagged) or None if re.fullmatch(r"[0-9]{1,5}", tagged) else None


def output_kw(tags: dict[str, str]) -> float:
    """Return the highest tagged output of a charging station in kW; 0 where none is tagged.

    Examples
    --------
    >>> output_kw({"socket:type2_combo:output": "150 kW", "socket:type2:output": "22000 W"})
    150.0
    """
    outputs = [0.0]
    for key, value in tags.items():
        if key.endswith(":output") or key == "charging_station:output":
            for figure, unit in re.findall(r"(\d+(?:\.\d+)?)\s*(kw|w|)", value.lower()):
                outputs.append(float(figure) / (1000 if unit == "w" else 1))
    return max(outputs)


def _charger(thing: Thing) -> dict[str, object]:
    power = output_kw(thing.tags)
    technology = next(name for least, name in TECHNOLOGY_BY_KW if power >= least)
    return _row(thing, technology, _units(thing.tags), "X" if power else "U")


def _row(thing: Thing, technology: str, n_units: int, trust: str) -> dict[str, object]:
    assumed = "" if trust == "X" else "; output not tagged, 60 kW assumed"
    return {
        "station_id": thing.thing_id,
        "name": thing.tags.get("name") or thing.tags.get("brand") or thing.tags.get("operator"),
        "technology": technology,
        "n_units": n_units,
        "source": f"OpenStreetMap{assumed}",
        "trust": trust,
    }


def _units(tags: dict[str, str]) -> int:
    counts = [tags.get("capacity", "")]
    if not counts[0].isdigit():
        counts = [value for key, value in tags.items() if re.fullmatch(r"socket:[^:]+", key)]
    return min(max([int(count) for count in counts if count.isdigit()] + [1]), MOST_UNITS)


def _for_bicycles(tags: dict[str, str]) -> bool:
    cars = tags.get("motorcar", "no") != "no" or any(key.startswith("socket:") for key in tags)
    return tags.get("bicycle") in {"yes", "designated"} and not cars


def _has_hydrogen(tags: dict[str, str]) -> bool:
    return any(tags.get(key, "no") != "no" for key in HYDROGEN_TAGS)


def _kind(thing: Thing) -> str:
    kind = thing.tags.get("amenity", "")
    if thing.tags.get("highway") == "services":
        return "services"
    return kind if kind in RANK else ""


def _is_public(thing: Thing) -> bool:
    return thing.tags.get("access", "yes") not in CLOSED
