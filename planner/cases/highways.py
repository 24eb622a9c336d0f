"""Reads OpenStreetMap's road tags: class, direction, speed and lanes, with stated defaults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

CLASS_OF_HIGHWAY = {
    "motorway": "motorway",
    "trunk": "trunk",
    "primary": "primary",
    "secondary": "secondary",
    "tertiary": "tertiary",
    "unclassified": "residential",
    "residential": "residential",
    "living_street": "residential",
    "road": "residential",
    "motorway_link": "ramp",
    "trunk_link": "ramp",
    "primary_link": "ramp",
    "secondary_link": "ramp",
    "tertiary_link": "ramp",
}
"""Public roads for cars; every other value of ``highway`` is left out."""

SPEED_KPH = {
    "motorway": 110.0,
    "trunk": 80.0,
    "primary": 60.0,
    "secondary": 50.0,
    "tertiary": 40.0,
    "residential": 30.0,
    "service": 20.0,
    "ramp": 40.0,
}
"""Assumed where no speed is tagged."""

LANES = {
    "motorway": 6,
    "trunk": 4,
    "primary": 4,
    "secondary": 4,
    "tertiary": 2,
    "residential": 2,
    "service": 1,
    "ramp": 1,
}
"""Assumed lanes of both directions where none are tagged; a one-way road has half."""

DEFAULTS_NOTE = (
    "where OpenStreetMap has no speed or number of lanes, the usual ones of the class are taken: "
    + ", ".join(f"{name} {SPEED_KPH[name]:.0f} km/h {LANES[name]} lanes" for name in SPEED_KPH)
)
SPEED_WORDS = {"none": 120.0, "walk": 7.0, "urban": 50.0, "rural": 80.0, "motorway": 120.0}
KM_PER_MILE = 1.609344
FASTEST_KPH, MOST_LANES = 200.0, 20
FORBIDDEN = {"no", "private"}
TRUE_WORDS = {"yes", "true", "1"}
BACKWARD_WORDS = {"-1", "reverse"}


def road_facts(tags: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the columns of the roads layer that follow from a way's tags.

    Returns
    -------
    dict or None
        ``backward`` is true where the line must be reversed to run with the traffic; None
        where the way is no public road for cars.
    """
    road_class = CLASS_OF_HIGHWAY.get(tags.get("highway", ""))
    if road_class is None or tags.get("area") == "yes" or not _open_to_cars(tags):
        return None
    oneway, backward = direction(tags)
    speed = speed_kph(tags.get("maxspeed", ""))
    return {
        "name": tags.get("name") or None,
        "ref": tags.get("ref") or None,
        "road_class": road_class,
        "oneway": oneway,
        "backward": backward,
        "speed_kph": SPEED_KPH[road_class] if speed is None else speed,
        "lanes": lanes(tags.get("lanes", ""), road_class, oneway=oneway),
        "bridge": tags.get("bridge", "no") != "no",
        "tunnel": tags.get("tunnel", "no") not in {"no", "building_passage"},
    }


def _open_to_cars(tags: Mapping[str, str]) -> bool:
    own = tags.get("motor_vehicle") or tags.get("motorcar") or tags.get("access") or "yes"
    return own not in FORBIDDEN


def direction(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Return whether a way is one-way, and whether against the direction of its line.

    Examples
    --------
    >>> direction({"oneway": "-1"}), direction({"junction": "roundabout"})
    ((True, True), (True, False))
    """
    word = tags.get("oneway", "").strip().lower()
    if word in BACKWARD_WORDS:
        return True, True
    if word in TRUE_WORDS:
        return True, False
    implied = tags.get("junction") in {"roundabout", "circular"} or (
        tags.get("highway") in {"motorway", "motorway_link"}
    )
    return implied and not word, False


def speed_kph(text: str) -> float | None:
    """Return a speed limit in km/h; None where the text holds none.

    Examples
    --------
    >>> speed_kph("50"), speed_kph("30 mph"), speed_kph("DE:urban"), speed_kph("signals")
    (50.0, 48.3, 50.0, None)
    """
    limits = []
    for part in re.split(r"[;|,]", text.lower()):
        word = part.strip().rpartition(":")[2]
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?", word)
        if match:
            limits.append(float(match[1]) * (KM_PER_MILE if match[2] == "mph" else 1.0))
        elif word in SPEED_WORDS:
            limits.append(SPEED_WORDS[word])
    sound = [limit for limit in limits if 1 <= limit <= FASTEST_KPH]
    return round(min(sound), 1) if sound else None


def lanes(text: str, road_class: str, *, oneway: bool) -> int:
    """Return the lanes of a road in all, as tagged or as usual for its class."""
    found = [float(word) for word in re.findall(r"\d+(?:\.\d+)?", text)]
    if found and 1 <= found[0] <= MOST_LANES:
        return int(found[0])
    usual = LANES[road_class]
    return max(1, usual // 2) if oneway else usual
