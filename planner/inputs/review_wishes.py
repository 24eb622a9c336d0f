"""Makes wishes of marks: the latest of a reviewer counts, and those that contradict are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

from planner.inputs.review_files import Marked
from planner.inputs.review_models import Mark
from planner.layers import ENERGIES

ALL = "all"
SAME_PLACE_DEG = 1e-6


@dataclass(frozen=True)
class Wish:
    """What a mark asks of the program.

    Parameters
    ----------
    marked
        The mark.
    lock, bans
        Energy (may be ``"all"``: any) of a station asked for at the site, empty for none;
        energies that are refused there. A move refuses at its site and asks at its place.
    locked, banned
        Segments that are to be test roads, and that are to be none.
    """

    marked: Marked
    lock: str = ""
    bans: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()
    banned: frozenset[str] = frozenset()

    @property
    def log_id(self) -> str:
        """Name of the mark among all."""
        return self.marked.log_id

    @property
    def mark(self) -> Mark:
        """The mark."""
        return self.marked.mark

    @property
    def moves(self) -> bool:
        """Whether it moves a station."""
        return self.mark.opinion == "move"

    @property
    def new_site(self) -> str:
        """Id of the candidate site at the place that it moves to."""
        return f"r-{self.mark.mark_id}"

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing."""
        return not (self.lock or self.bans or self.locked or self.banned)


@dataclass(frozen=True)
class Merged:
    """The wishes of all reviewers, by ``log_id``, and what became of the other marks.

    Parameters
    ----------
    wishes
        What counts, contradictions among it included.
    replaced
        Log id of a mark that a later one of its reviewer replaces, and of that one.
    repeated
        The same for marks that another mark says already: copies, and moves to one place.
    clashes
        Log ids of each wish that cannot hold beside others, and of these; both ways.
    """

    wishes: tuple[Wish, ...]
    replaced: dict[str, str]
    repeated: dict[str, str]
    clashes: dict[str, tuple[str, ...]]


def wish_of(marked: Marked) -> Wish:
    """Return what a mark asks for by itself."""
    mark = marked.mark
    refuses = mark.opinion in {"refuse", "move"}
    if mark.of_road:
        segments = frozenset(mark.segments)
        return Wish(marked, banned=segments) if refuses else Wish(marked, locked=segments)
    energy = mark.energy or ALL
    if not refuses:
        return Wish(marked, lock=energy)
    return Wish(marked, bans=frozenset(ENERGIES) if energy == ALL else frozenset({energy}))


def merged(marks: Iterable[Marked]) -> Merged:
    """Return the wishes of marks; the order of the marks does not matter.

    Of the marks of one reviewer on one thing the latest counts; a later one on a part of it
    takes that part. Marks of different reviewers that cannot both hold clash: accept, include
    or move against refuse; accept or include against move; two moves to different places.
    """
    ordered = sorted(marks, key=lambda row: row.order, reverse=True)
    wishes: list[Wish] = []
    replaced: dict[str, str] = {}
    kept, repeated = _without_copies(ordered, replaced)
    for name in sorted({row.mark.reviewer for row in kept}):
        own = [wish_of(row) for row in kept if row.mark.reviewer == name]
        wishes += _latest(own, replaced)
    wishes, same = _without_same_moves(sorted(wishes, key=lambda wish: wish.log_id))
    clashes: dict[str, set[str]] = {}
    for one, other in sorted(_pairs(wishes), key=lambda pair: (pair[0].log_id, pair[1].log_id)):
        if one.mark.reviewer != other.mark.reviewer and _clash(one, other):
            clashes.setdefault(one.log_id, set()).add(other.log_id)
            clashes.setdefault(other.log_id, set()).add(one.log_id)
    told = {log_id: tuple(sorted(others)) for log_id, others in sorted(clashes.items())}
    return Merged(tuple(wishes), replaced, repeated | same, told)


def _without_copies(
    ordered: list[Marked], replaced: dict[str, str]
) -> tuple[list[Marked], dict[str, str]]:
    """Part the latest of the marks with one id, which stand in several files, from the others."""
    first: dict[str, Marked] = {}
    repeated: dict[str, str] = {}
    for row in ordered:
        kept = first.setdefault(row.mark.mark_id, row)
        if kept is not row:
            same = kept.mark == row.mark
            (repeated if same else replaced)[row.log_id] = kept.log_id
    gone = repeated.keys() | replaced.keys()
    return [row for row in ordered if row.log_id not in gone], repeated


def _latest(own: list[Wish], replaced: dict[str, str]) -> list[Wish]:
    """Return the wishes of one reviewer that count, latest first as given."""
    kept: list[Wish] = []
    by_thing: dict[tuple[str, ...], str] = {}
    for wish in own:
        thing = _thing(wish.mark)
        left, by = wish, by_thing.get(thing, "")
        if not by:
            for later in kept:
                smaller = _less(left, later)
                by = later.log_id if smaller != left else by
                left = smaller
                if left.empty:
                    break
        if by and (left.empty or thing in by_thing):
            replaced[wish.log_id] = by
        else:
            kept.append(left)
        by_thing.setdefault(thing, wish.log_id)
    return kept


def _thing(mark: Mark) -> tuple[str, ...]:
    """Return what a mark is about; a station is its site and energy."""
    if mark.of_road:
        return mark.segments
    return mark.site, mark.energy or ALL


def _less(wish: Wish, later: Wish) -> Wish:
    """Return what is left of a wish beside a later one of the same reviewer."""
    left = replace(wish, locked=wish.locked - later.banned, banned=wish.banned - later.locked)
    if not wish.mark.site or wish.mark.site != later.mark.site:
        return left
    gone = bool(wish.lock) and _refused(wish.lock, later.bans)
    if wish.moves and (later.lock in wish.bans or later.lock == ALL or later.bans & wish.bans):
        return replace(left, lock="", bans=frozenset())
    bans = frozenset[str]() if later.lock == ALL else wish.bans - {later.lock}
    return replace(left, lock="" if gone else wish.lock, bans=bans)


def _refused(lock: str, bans: frozenset[str]) -> bool:
    return bans >= frozenset(ENERGIES) if lock == ALL else lock in bans


def _without_same_moves(wishes: list[Wish]) -> tuple[list[Wish], dict[str, str]]:
    kept: list[Wish] = []
    same: dict[str, str] = {}
    for wish in wishes:
        twin = next((other for other in kept if _same_move(wish, other)), None)
        if twin is None:
            kept.append(wish)
        else:
            same[wish.log_id] = twin.log_id
    return kept, same


def _same_move(one: Wish, other: Wish) -> bool:
    if not (one.moves and other.moves and one.mark.site == other.mark.site):
        return False
    return one.bans == other.bans and _near(one, other)


def _near(one: Wish, other: Wish) -> bool:
    pairs = zip(one.mark.point, other.mark.point, strict=True)
    return all(abs(a - b) <= SAME_PLACE_DEG for a, b in pairs)


def _pairs(wishes: list[Wish]) -> Iterable[tuple[Wish, Wish]]:
    """Return every pair of wishes that are about one site or segment, the lesser id first."""
    by_id = {wish.log_id: wish for wish in wishes}
    about: dict[tuple[str, str], list[str]] = {}
    for wish in wishes:
        if wish.mark.site:
            about.setdefault(("site", wish.mark.site), []).append(wish.log_id)
        for segment in wish.locked | wish.banned:
            about.setdefault(("segment", segment), []).append(wish.log_id)
    found = {pair for ids in about.values() for pair in combinations(sorted(ids), 2)}
    return [(by_id[one], by_id[other]) for one, other in found]


def _clash(one: Wish, other: Wish) -> bool:
    if one.locked & other.banned or one.banned & other.locked:
        return True
    if one.mark.site != other.mark.site or not one.mark.site:
        return False
    if _refused(one.lock, other.bans) or _refused(other.lock, one.bans):
        return True
    if one.moves and other.moves:
        return bool(one.bans & other.bans) and not _near(one, other)
    return (one.moves or other.moves) and bool(one.bans & other.bans)
