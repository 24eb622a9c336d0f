"""Proves the review log: every mark of every file once, and what is said of it is so."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner import layers
from planner.verify.faults import Fault, Faults, unequal
from planner.verify.files import PlanFiles
from planner.verify.siterules import ALL, review_kept

REVIEW = "review"
"""Name under which the inputs of a plan list its review files."""
HONOURED, NOT_HONOURED, CONTRADICTED, NOTHING = layers.OUTCOMES
Asked = tuple[str, str, str]
"""Lock or ban, of a site or segment, for an energy (empty for a segment)."""


def owner(review_id: object) -> str:
    """Return the log id of the mark that a row of the reviews comes from."""
    return str(review_id).rpartition(".")[0]


def marks_logged(plan: PlanFiles) -> Faults:
    """Prove that every mark of every review file is in the log once, and that they are counted."""
    log, files = plan.layer("review_log"), plan.rows("reviews", "files")
    numbers = log["log_id"].str.split("-").str[0]
    for row in log.itertuples():
        number = str(row.log_id).partition("-")[0]
        known = number.isdigit() and 0 < int(number) <= len(files)
        if not known or row.log_id != f"{number}-{row.mark_id}":
            yield Fault("it is of no review file", str(row.log_id))
        elif files[int(number) - 1].get("file") != row.file:
            yield Fault("its file is not that of its number", str(row.log_id))
    for at, file in enumerate(files, start=1):
        count = int((numbers == str(at)).sum())
        yield from unequal(file.get("n_marks"), count, f"marks of {file.get('file')}")
    declared = [row for row in plan.rows("inputs") if row.get("layer") == REVIEW]
    stated = [(row.get("file"), row.get("sha256"), row.get("n_marks")) for row in files]
    found = [(row.get("file"), row.get("sha256"), row.get("rows_used")) for row in declared]
    if stated != found:
        yield Fault("the review files are not those among the inputs", REVIEW)
    yield from unequal(plan.figure("reviews", "n_marks"), len(log), "n_marks")
    for outcome in layers.OUTCOMES:
        count = int((log["outcome"] == outcome).sum())
        yield from unequal(plan.figure("reviews", "by_outcome", outcome), count, outcome)


def marks_honoured(plan: PlanFiles) -> Faults:
    """Prove that marks called honoured are kept, and that the others say why they are not."""
    kept = plan.once(rows_kept)
    for row in plan.layer("review_log").itertuples():
        name = str(row.log_id)
        if not str(row.reason_zh).strip() or not str(row.reason_en).strip():
            yield Fault("no reason is given for what became of it", name)
        if row.outcome == HONOURED:
            mine = kept.get(name, [])
            if not mine or not all(mine):
                yield Fault("it is called honoured, but the plan does not keep it", name)
            yield from _wholly_asked(plan, row)
        elif row.outcome == NOT_HONOURED and row.opinion != "refuse" and all(kept.get(name, [0])):
            yield Fault("it is called not honoured, but the plan keeps it", name)
        elif row.outcome == NOTHING:
            yield from _nothing_to_do(plan, row)


def rows_kept(plan: PlanFiles) -> dict[str, list[bool]]:
    """Return for each mark whether each row of the reviews that comes from it is kept."""
    found: dict[str, list[bool]] = {}
    for review in plan.layer("reviews").itertuples():
        found.setdefault(owner(review.review_id), []).append(review_kept(plan, review))
    roads = plan.layer("test_roads")
    chosen, new = set(roads["segment_id"]), set(roads[~roads["opened_before"]]["segment_id"])
    for review in plan.layer("road_reviews").itertuples():
        holds = (
            review.segment_id in chosen if review.mark == "lock" else review.segment_id not in new
        )
        found.setdefault(owner(review.review_id), []).append(bool(holds))
    return found


def asked_by(row: Any) -> set[Asked]:  # noqa: ANN401 - a row of the log
    """Return what a mark asks for by itself."""
    refuses = row.opinion in {"refuse", "move"}
    if row.target in {"segment", "corridor"}:
        mark = "ban" if refuses else "lock"
        return {(mark, segment, "") for segment in str(row.segment_ids).split(",")}
    energies = layers.ENERGIES if row.energy == ALL else (str(row.energy),)
    if not refuses:
        return {("lock", str(row.site_id), str(row.energy))}
    found = {("ban", str(row.site_id), energy) for energy in energies}
    moved = {("lock", f"r-{row.mark_id}", str(row.energy))} if row.opinion == "move" else set()
    return found | moved


def rows_asked(plan: PlanFiles) -> dict[str, set[Asked]]:
    """Return what the rows of the reviews ask for, by the mark they come from."""
    found: dict[str, set[Asked]] = {}
    for row in plan.layer("reviews").itertuples():
        every = row.mark == "ban" and row.energy == ALL
        energies = layers.ENERGIES if every else (str(row.energy),)
        mine = {(str(row.mark), str(row.site_id), energy) for energy in energies}
        found.setdefault(owner(row.review_id), set()).update(mine)
    for row in plan.layer("road_reviews").itertuples():
        mine = {(str(row.mark), str(row.segment_id), "")}
        found.setdefault(owner(row.review_id), set()).update(mine)
    return found


def _wholly_asked(plan: PlanFiles, row: Any) -> Faults:  # noqa: ANN401 - a row of the log
    """Prove that an honoured mark was asked for but for what a later mark or an opened road has."""
    log, asked = plan.layer("review_log"), plan.once(rows_asked)
    opened = _opened(plan)
    missing = asked_by(row) - asked.get(str(row.log_id), set())
    missing = {each for each in missing if each[1] not in opened}
    own = log[(log["reviewer"] == row.reviewer) & (log["log_id"] != row.log_id)]
    for mark, thing, energy in sorted(missing):
        other = {"lock": "ban", "ban": "lock"}[mark]
        claims = {(other, thing, energy), (other, thing, ALL)}
        if not any(asked_by(later) & claims for later in own.itertuples()):
            yield Fault(f"the {mark} of {thing} is not asked of the plan", str(row.log_id))


def _opened(plan: PlanFiles) -> set[str]:
    roads = plan.layer("test_roads")
    return {str(name) for name in roads[roads["opened_before"]]["segment_id"]}


def _nothing_to_do(plan: PlanFiles, row: Any) -> Faults:  # noqa: ANN401 - a row of the log
    """Prove that what a mark asks for is there already, or that another mark says it."""
    name = str(row.log_id)
    if pd.isna(row.against):
        if row.opinion == "refuse" or not all(_stands(plan, each) for each in asked_by(row)):
            yield Fault("it is called done, but what it asks for is not there", name)
        return
    log = plan.layer("review_log")
    others = log[log["log_id"].isin(str(row.against).split(","))]
    if not len(others):
        yield Fault("the mark that takes its place is not there", name)
    for other in others.itertuples():
        later = other.reviewer == row.reviewer and _moment(other) >= _moment(row)
        same = asked_by(other) == asked_by(row) and other.opinion == row.opinion
        if not (later or same or (row.opinion == other.opinion == "move")):
            yield Fault(f"{other.log_id} does not take its place", name)


def _moment(row: Any) -> pd.Timestamp:  # noqa: ANN401 - a row of the log
    return pd.to_datetime(str(row.marked_at), utc=True)


def _stands(plan: PlanFiles, asked: Asked) -> bool:
    _, thing, energy = asked
    if not energy:
        return thing in _opened(plan)
    stations = plan.layer("stations")
    here = stations[(stations["site_id"] == thing) & (stations["status"] == "existing")]
    return bool(len(here)) if energy == ALL else bool((here["energy"] == energy).any())
