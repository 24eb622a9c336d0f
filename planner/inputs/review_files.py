"""Reads the files that reviewers saved on the map, and says everything that is wrong with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from planner.errors import InputError, Problem
from planner.inputs.paths import checked_file
from planner.inputs.review_models import REVIEW_FORMAT, Mark, ReviewFile
from planner.scenario import Scenario

LAYER = "review"
MAX_BYTES = 50_000_000
SHOWN = 80
"""Characters of a wrong value that a message repeats."""
AGAIN = "open the map of the plan, read the file there and save it again"


@dataclass(frozen=True)
class Marked:
    """One mark as its file holds it; ``log_id`` names it among the marks of all files."""

    log_id: str
    file: str
    mark: Mark

    @property
    def order(self) -> tuple[str, str, str]:
        """When it was marked, and what decides between marks of one moment."""
        return self.mark.when.isoformat(), self.mark.mark_id, self.log_id


@dataclass(frozen=True)
class FileRead:
    """A review file: its name and hash, who saved it when, and of which plan."""

    file: str
    sha256: str
    reviewer: str
    saved_at: str
    plan_id: str
    n_marks: int


@dataclass(frozen=True)
class Reviews:
    """Every mark of all review files, by file and mark id; files by name, then hash.

    ``warnings`` are oddities that stop nothing: several plans, another variant, a file twice.
    """

    marks: tuple[Marked, ...]
    files: tuple[FileRead, ...]
    warnings: tuple[Problem, ...]


def read_review_files(paths: Iterable[Path | str], scenario: Scenario) -> Reviews:
    """Read review files of a case.

    Parameters
    ----------
    paths
        Files in any order; a file given twice counts once.
    scenario
        Its case must be the one that was reviewed.

    Raises
    ------
    InputError
        With every problem of every file, each naming file, mark, field and value: ``E-REV-010``
        no such text, ``E-REV-011`` another format, ``E-REV-012`` another case, ``E-REV-013`` a
        wrong field, ``E-REV-014`` an id twice, ``E-REV-016`` fields that do not belong together.
    """
    problems: list[Problem] = []
    contents: dict[tuple[str, str], ReviewFile] = {}
    twice: list[Problem] = []
    seen: set[Path] = set()
    for path in [Path(path) for path in paths]:
        try:
            key, content = _read(path)
        except InputError as error:
            problems += [] if path.resolve() in seen else error.problems
            seen.add(path.resolve())
            continue
        if any(key[1] == sha for _, sha in contents):
            twice.append(_twice(path.name))
            continue
        contents[key] = content
        problems += _inner_problems(path.name, content, scenario)
    ordered = dict(sorted(contents.items()))
    problems += _ids_elsewhere(ordered)
    if problems:
        raise InputError(problems)
    return Reviews(
        tuple(_marks(ordered)),
        tuple(_file_read(*key, content) for key, content in ordered.items()),
        (*twice, *_warnings(ordered, scenario)),
    )


def _marks(contents: dict[tuple[str, str], ReviewFile]) -> Iterator[Marked]:
    for number, ((file, _), content) in enumerate(contents.items(), start=1):
        for mark in sorted(content.marks, key=lambda mark: mark.mark_id):
            yield Marked(f"{number}-{mark.mark_id}", file, mark)


def _file_read(file: str, sha256: str, content: ReviewFile) -> FileRead:
    plan_id, count = content.plan.id, len(content.marks)
    return FileRead(file, sha256, content.reviewer, content.saved_at, plan_id, count)


def _read(path: Path) -> tuple[tuple[str, str], ReviewFile]:
    shown = path.name or str(path)
    checked_file(path, shown=shown, layer=LAYER)
    if path.stat().st_size > MAX_BYTES:
        raise _unreadable(shown, f"the file is larger than {MAX_BYTES // 10**6} MB")
    content = path.read_bytes()
    parsed = _parsed(content, shown)
    if not isinstance(parsed, dict) or parsed.get("format") != REVIEW_FORMAT:
        found = parsed.get("format") if isinstance(parsed, dict) else type(parsed).__name__
        raise InputError(
            Problem(
                "E-REV-011",
                f"this is no review file: format is not {REVIEW_FORMAT!r}",
                "give the file that the page of the map saved (review-....json)",
                shown,
                LAYER,
                column="format",
                value=str(found)[:SHOWN],
            )
        )
    try:
        return (shown, hashlib.sha256(content).hexdigest()), ReviewFile.model_validate(parsed)
    except ValidationError as error:
        raise InputError(list(_field_problems(error, parsed, shown))) from None


def _parsed(content: bytes, shown: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(shown, f"the text is not UTF-8 (byte {error.start})") from None
    try:
        parsed = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_key_twice)
        text.encode()
        # Half a surrogate pair is no character: it could be shown and saved nowhere.
        json.dumps(parsed, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise _unreadable(shown, f"the file is no sound JSON: {error}"[:200]) from None
    return parsed


def _unreadable(shown: str, reason: str) -> InputError:
    return InputError(Problem("E-REV-010", reason, AGAIN, shown, LAYER))


def _no_constant(name: str) -> float:
    message = f"{name} is not a number that JSON knows"
    raise ValueError(message)


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = f"the field {twice[:SHOWN]!r} is there twice"
        raise ValueError(message)
    return found


def _field_problems(error: ValidationError, parsed: dict[str, Any], file: str) -> Iterator[Problem]:
    for found in error.errors(include_url=False):
        place = [str(part) for part in found["loc"]]
        row = ""
        if len(place) > 1 and place[0] == "marks":
            row = _mark_name(parsed["marks"], int(place[1]))
            place = place[2:] or ["marks"]
        yield Problem(
            "E-REV-013",
            f"the field {'.'.join(place)} is wrong: {found['msg']}",
            AGAIN,
            file,
            LAYER,
            row,
            ".".join(place),
            str(found["input"])[:SHOWN],
        )


def _mark_name(marks: list[Any], at: int) -> str:
    mark = marks[at]
    named = mark.get("mark_id") if isinstance(mark, dict) else None
    return f"mark {at + 1}" + (f" ({str(named)[:SHOWN]})" if named else "")


def _inner_problems(file: str, content: ReviewFile, scenario: Scenario) -> Iterator[Problem]:
    if content.plan.case_id != scenario.case_id:
        yield Problem(
            "E-REV-012",
            f"the review is of the case {content.plan.case_id[:SHOWN]!r}, this is "
            f"{scenario.case_id!r}",
            "give the case that was reviewed, or another review file",
            file,
            LAYER,
            column="plan.case_id",
            value=content.plan.case_id[:SHOWN],
        )
    known: dict[str, int] = {}
    for number, mark in enumerate(content.marks, start=1):
        row = f"mark {number} ({mark.mark_id})"
        if mark.mark_id in known:
            first = known[mark.mark_id]
            yield Problem(
                "E-REV-014",
                f"the id is that of mark {first} already",
                "keep one of the two, or give one a new id",
                file,
                LAYER,
                row,
                "mark_id",
                mark.mark_id,
            )
        known.setdefault(mark.mark_id, number)
        for column, reason, remedy in _unfit(mark):
            yield Problem("E-REV-016", reason, remedy, file, LAYER, row, column)


def _unfit(mark: Mark) -> Iterator[tuple[str, str, str]]:
    """Yield the fields of a mark that do not belong together: column, reason, remedy."""
    rows = _unfit_road(mark) if mark.of_road else _unfit_site(mark)
    yield from ((column, reason, remedy) for unfit, column, reason, remedy in rows if unfit)


Unfit = tuple[bool, str, str, str]


def _unfit_road(mark: Mark) -> tuple[Unfit, ...]:
    moves, elsewhere = mark.opinion == "move", mark.energy is not None or mark.site_id is not None
    return (
        (moves, "opinion", "a road cannot be moved", "refuse it, and include another"),
        (mark.place is not None, "place", "a road has no place to move to", "leave it out"),
        (not mark.segments, "segment_ids", "a corridor names no segment", "name its segments"),
        (
            mark.target == "segment" and mark.segments != (mark.target_id,),
            "segment_ids",
            "a segment is itself and no other",
            "leave segment_ids out, or mark a corridor",
        ),
        (elsewhere, "energy", "a road has no energy and no site", "leave both out"),
    )


def _unfit_site(mark: Mark) -> tuple[Unfit, ...]:
    other = mark.target == "site" and mark.site_id not in {None, mark.target_id}
    nowhere = mark.target == "station" and mark.site_id is None
    place = "a move needs a place, and nothing else has one"
    return (
        (bool(mark.segment_ids), "segment_ids", "a station has no segments", "leave it out"),
        (nowhere, "site_id", "a station needs the id of its site", "name its site"),
        (other, "site_id", "a site is not at another site", "leave site_id out"),
        (mark.energy is None, "energy", "a station or site needs an energy", "name one, or all"),
        ((mark.place is not None) != (mark.opinion == "move"), "place", place, "give it to moves"),
    )


def _ids_elsewhere(contents: dict[tuple[str, str], ReviewFile]) -> Iterator[Problem]:
    """Yield the marks whose id another file gives to a mark of another target or reviewer."""
    known: dict[str, tuple[tuple[str, ...], str]] = {}
    for (file, _), content in contents.items():
        for mark in sorted(content.marks, key=lambda mark: mark.mark_id):
            what = (mark.reviewer, mark.target, mark.target_id)
            first, where = known.setdefault(mark.mark_id, (what, file))
            if first != what:
                yield Problem(
                    "E-REV-014",
                    f"the id is that of another mark in {where}",
                    "give one of the two a new id",
                    file,
                    LAYER,
                    mark.mark_id,
                    "mark_id",
                    mark.mark_id,
                )


def _twice(name: str) -> Problem:
    return Problem(
        "W-REV-003", "the review file is there twice and counts once", "give it once", name, LAYER
    )


def _warnings(contents: dict[tuple[str, str], ReviewFile], scenario: Scenario) -> Iterator[Problem]:
    plans: dict[str, str] = {}
    for (file, _), content in contents.items():
        plans.setdefault(content.plan.id, file)
        if content.plan.variant != scenario.variant:
            yield Problem(
                "W-REV-002",
                f"the review is of the variant {content.plan.variant[:SHOWN]!r}, this run is of "
                f"{scenario.variant!r}",
                "see whether its marks still say what was meant",
                file,
                LAYER,
                column="plan.variant",
            )
    if len(plans) > 1:
        yield Problem(
            "W-REV-001",
            f"the reviews are of {len(plans)} different plans of the case",
            "see whether the marks on the earlier plan still say what was meant",
            ", ".join(plans.values()),
            LAYER,
            column="plan.id",
            count=len(plans),
        )
