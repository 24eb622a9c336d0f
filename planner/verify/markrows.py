"""Proves that marks set aside contradict each other, and that the others are asked as they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from planner import layers
from planner.verify.faults import Fault, Faults
from planner.verify.files import PlanFiles
from planner.verify.marks import (
    CONTRADICTED,
    HONOURED,
    NOTHING,
    Asked,
    asked_by,
    owner,
    rows_asked,
)
from planner.verify.siterules import ALL


def contradictions_hold(plan: PlanFiles) -> Faults:
    """Prove that marks set aside contradict each other, or the case's own reviews."""
    log = plan.layer("review_log")
    rows = {str(row.log_id): row for row in log.itertuples()}
    own = {str(row.review_id): row for row in plan.layer("reviews").itertuples()}
    for name, row in rows.items():
        if row.outcome != CONTRADICTED:
            continue
        against = [] if pd.isna(row.against) else str(row.against).split(",")
        if not against:
            yield Fault("it is called contradicted by nothing", name)
        for other in against:
            if not _against(row, rows.get(other), own.get(other)):
                yield Fault(f"{other} does not contradict it", name)


def _against(row: Any, other: Any, given: Any) -> bool:  # noqa: ANN401 - rows of layers
    if given is not None:
        every = given.mark == "ban" and given.energy == ALL
        energies = layers.ENERGIES if every else (str(given.energy),)
        asked = {(str(given.mark), str(given.site_id), energy) for energy in energies}
        return _clash(asked_by(row), asked)
    if other is None or other.outcome != CONTRADICTED or other.reviewer == row.reviewer:
        return False
    mutual = not pd.isna(other.against) and str(row.log_id) in str(other.against).split(",")
    return mutual and (_clash(asked_by(row), asked_by(other)) or _moved_apart(row, other))


def _clash(one: set[Asked], other: set[Asked]) -> bool:
    return any(_locked_and_banned(a, b) or _locked_and_banned(b, a) for a, b in ((one, other),))


def _locked_and_banned(locks: set[Asked], bans: set[Asked]) -> bool:
    refused = {(thing, energy) for mark, thing, energy in bans if mark == "ban"}
    for mark, thing, energy in locks:
        energies = layers.ENERGIES if energy == ALL else (energy,)
        if mark == "lock" and all((thing, each) in refused for each in energies):
            return True
    return False


def _moved_apart(row: Any, other: Any) -> bool:  # noqa: ANN401 - rows of the log
    """Return whether a station is moved by one and refused, or moved elsewhere, by the other."""
    bans = [{each for each in asked_by(one) if each[0] == "ban"} for one in (row, other)]
    if not bans[0] & bans[1] or "move" not in {row.opinion, other.opinion}:
        return False
    return (row.lon, row.lat, row.opinion) != (other.lon, other.lat, other.opinion)


def rows_from_marks(plan: PlanFiles) -> Faults:
    """Prove that what is asked of the plan in review files is what their marks ask for."""
    log = {str(row.log_id): row for row in plan.layer("review_log").itertuples()}
    for review in plan.layer("road_reviews").itertuples():
        if owner(review.review_id) not in log:
            yield Fault("no mark asks for it", str(review.review_id))
    for layer in ("reviews", "road_reviews"):
        for review in plan.layer(layer).itertuples():
            if owner(review.review_id) in log:
                yield from _copied(review, log[owner(review.review_id)])
    yield from _asked(plan, log)
    yield from _places(plan)


def _asked(plan: PlanFiles, log: dict[str, Any]) -> Faults:
    for name, asked in plan.once(rows_asked).items():
        if name not in log:
            continue
        if asked - asked_by(log[name]):
            yield Fault("more is asked of the plan than the mark asks for", name)
        if log[name].outcome in {CONTRADICTED, NOTHING}:
            yield Fault("it is set aside, yet asked of the plan", name)


def _copied(review: Any, mark: Any) -> Faults:  # noqa: ANN401 - rows of layers
    pairs = (
        (review.reviewer, mark.reviewer),
        (review.comment, mark.comment),
        (review.source, mark.file),
    )
    if any(a != b and not (pd.isna(a) and pd.isna(b)) for a, b in pairs):
        yield Fault("reviewer, comment or file is not that of its mark", str(review.review_id))


def _places(plan: PlanFiles) -> Iterator[Fault]:
    """Prove that stations that are moved stand where the mark says."""
    sites = plan.layer("candidate_sites").set_index("site_id")
    log = plan.layer("review_log")
    for row in log[(log["outcome"] == HONOURED) & (log["opinion"] == "move")].itertuples():
        site = f"r-{row.mark_id}"
        if site not in sites.index:
            yield Fault("there is no candidate site where it is moved to", str(row.log_id))
            continue
        place = sites.geometry[site]
        if max(abs(place.x - row.lon), abs(place.y - row.lat)) > 1e-7:
            yield Fault("its new site is not where the mark says", str(row.log_id))
