"""Says what became of a mark: the outcome, why in both languages, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from planner.inputs import Marked
from planner.layers import ENERGIES
from planner.outputs.wording import Both, same, word_of, wording

HONOURED, NOT_HONOURED, CONTRADICTED, NOTHING = (
    "honoured", "not_honoured", "contradicted", "nothing_to_do",
)  # fmt: skip


class Fate(NamedTuple):
    """Outcome of a mark, why, and the ids of the marks or reviews against it.

    ``site_only`` says that the site is kept, but not the equipment that was marked.
    """

    outcome: str
    said: Both
    against: tuple[str, ...] = ()
    site_only: bool = False


def contradicted(others: Iterable[Marked]) -> Fate:
    """Return the fate of a mark that cannot hold beside others."""
    known = sorted(others, key=lambda row: row.log_id)
    said = wording("review_log.clash", others=joined(_named(row) for row in known))
    return Fate(CONTRADICTED, said, tuple(row.log_id for row in known))


def against_case(rows: pd.DataFrame) -> Fate:
    """Return the fate of a mark that reviews of the case itself stand against."""
    ids = tuple(str(name) for name in rows["review_id"])
    who = [
        f"{name}: {reviewer}" if isinstance(reviewer, str) and reviewer else name
        for name, reviewer in zip(ids, rows["reviewer"], strict=True)
    ]
    said = wording("review_log.case_clash", others=joined(same(each) for each in who))
    return Fate(CONTRADICTED, said, ids)


def superseded(by: Marked) -> Fate:
    """Return the fate of a mark that a later one of its reviewer replaces."""
    said = wording("review_log.replaced", other=by.mark.mark_id)
    return Fate(NOTHING, said, (by.log_id,))


def repeated(by: Marked) -> Fate:
    """Return the fate of a mark that another says already."""
    return Fate(NOTHING, wording("review_log.repeated", other=by.mark.mark_id), (by.log_id,))


def nothing(key: str) -> Fate:
    """Return that a mark asks for what is there already."""
    return Fate(NOTHING, wording(f"review_log.{key}"))


def refused(key: str, **values: Both | str | float) -> Fate:
    """Return that a rule stands against a mark."""
    return Fate(NOT_HONOURED, wording(f"review_log.{key}", **values))


def honoured(key: str, **values: Both | str | float) -> Fate:
    """Return that the plan keeps a mark."""
    return Fate(HONOURED, wording(f"review_log.honoured_{key}", **values))


def energy_words(energies: Iterable[str]) -> Both:
    """Return energies in words; all of them in one."""
    found = [energy for energy in ENERGIES if energy in set(energies)]
    if len(found) in {0, len(ENERGIES)}:
        return word_of("review_energy", "all")
    return joined(word_of("energy", energy) for energy in found)


def _named(row: Marked) -> Both:
    opinion = word_of("opinion", row.mark.opinion)
    who = row.mark.reviewer
    return wording("review_log.other", reviewer=who, opinion=opinion, mark=row.mark.mark_id)


def joined(words: Iterable[Both]) -> Both:
    """Return words as a list in each language."""
    found = list(words)
    return Both("、".join(word.zh for word in found), ", ".join(word.en for word in found))
