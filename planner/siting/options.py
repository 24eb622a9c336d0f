"""Lists what may stand at each site: technology and size, with capacity, power and money."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from planner.siting.waiting import Queue, capacity_per_day

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

KEEP, BUILD, EXTEND, UPGRADE = range(4)
ACTIONS = ("keep", "build", "extend", "upgrade")
NEVER = -1


@dataclass(frozen=True)
class Kind:
    """One technology as the options see it; money in CNY, power in kW, years as rows of T.

    ``peak_kw`` is what the grid sees of one unit at its peak, ``capacity`` real use of one
    unit a day, ``first`` and ``last`` the years in which it may be built, ``turns_into`` the
    row of the technology that an existing station may become.
    """

    energy: int
    queue: Queue
    capacity: float
    power_kw: float
    peak_kw: float
    unit_cost: int
    fixed_cost: int
    unit_opex: int
    fixed_opex: int
    life_years: int
    min_units: int
    max_units: int
    unit_step: int
    payer: int
    first: int
    last: int
    turns_into: int = NEVER

    def sizes(self) -> range:
        """Return the sizes on offer."""
        return range(self.min_units, self.max_units + 1, self.unit_step)


@dataclass(frozen=True)
class Terms:
    """What holds for every technology: the waiting rule and the discount rate."""

    max_wait_min: float
    max_wait_chance: float
    discount_rate: float

    def capacity(self, kind: Kind, units: int) -> float:
        """Return what n units serve a day within the waiting rule."""
        return capacity_per_day(
            kind.queue, units, kind.capacity, self.max_wait_min, self.max_wait_chance
        )

    def annual_cny(self, capital: int, life_years: int, opex: int) -> int:
        """Return capital spread over the life (annuity) plus opex, in whole CNY a year."""
        return round(annuity(self.discount_rate, life_years) * capital) + opex


def annuity(rate: float, life_years: int) -> float:
    """Return the share of a capital that is due each year of its life.

    Examples
    --------
    >>> annuity(0.0, 10)
    0.1
    >>> round(annuity(0.06, 10), 6)
    0.135868
    """
    return 1 / life_years if rate == 0 else rate / (1 - (1 + rate) ** -life_years)


@dataclass(frozen=True)
class Options:
    """What may stand, one row an option, sorted by group, technology and size.

    Parameters
    ----------
    group
        (O,) the place of an energy at a site; one option of a group stands at a time.
    technology, units, action
        (O,) row of the technology, units in all, and a code of :data:`ACTIONS`.
    capacity
        (O,) what it serves a day.
    peak_kw
        (O,) what it adds to the load of its supply node.
    capital, annual
        (O,) CNY spent to get there, and CNY a year of capital and opex that this adds.
    payer, first, last
        (O,) who pays, and the years (rows of T) in which it may be built.
    fast
        (O,) whether its units are strong enough for highways.
    """

    group: Ints
    technology: Ints
    units: Ints
    action: Ints
    capacity: Floats
    peak_kw: Floats
    capital: Ints
    annual: Ints
    payer: Ints
    first: Ints
    last: Ints
    fast: Bools

    def __len__(self) -> int:
        """Return how many options there are."""
        return len(self.group)

    def take(self, kept: Bools) -> Options:
        """Return the options of a mask."""
        return Options(**{field.name: getattr(self, field.name)[kept] for field in fields(self)})


@dataclass(frozen=True)
class Standing:
    """An existing station: the technology and the units that stand at its group today."""

    technology: int
    units: int


def group_options(
    group: int, kinds: tuple[Kind, ...], energy: int, standing: Standing | None, terms: Terms
) -> list[tuple[float, ...]]:
    """Return the options of one group as rows in the order of the fields of :class:`Options`.

    A new station may have any technology and size on offer. An existing one is kept as it
    is, gains units, or is turned into the technology its own may become; its fixed cost
    is not paid again.
    """
    if standing is None:
        return [
            _row(group, k, units, BUILD, kinds, terms, units, kind.fixed_cost, kind.fixed_opex)
            for k, kind in enumerate(kinds)
            if kind.energy == energy and kind.first != NEVER
            for units in kind.sizes()
        ]
    k, now = standing.technology, standing.units
    kind = kinds[k]
    rows = [_row(group, k, now, KEEP, kinds, terms, 0, 0, 0)]
    if kind.first != NEVER:
        more = range(now + kind.unit_step, kind.max_units + 1, kind.unit_step)
        rows += [_row(group, k, n, EXTEND, kinds, terms, n - now, 0, 0) for n in more]
    other = kind.turns_into
    if other != NEVER and kinds[other].first != NEVER and now <= kinds[other].max_units:
        row = list(_row(group, other, now, UPGRADE, kinds, terms, now, 0, 0))
        row[5] = max(0.0, row[5] - now * kind.peak_kw)
        rows.append(tuple(row))
    return rows


def _row(  # noqa: PLR0913, PLR0917 - the parts of one option
    group: int,
    k: int,
    units: int,
    action: int,
    kinds: tuple[Kind, ...],
    terms: Terms,
    added: int,
    fixed_cost: int,
    fixed_opex: int,
) -> tuple[float, ...]:
    kind = kinds[k]
    capital = fixed_cost + added * kind.unit_cost
    opex = fixed_opex + added * kind.unit_opex
    annual = terms.annual_cny(capital, kind.life_years, opex)
    first, last = (0, 0) if action == KEEP else (kind.first, kind.last)
    return (
        group,
        k,
        units,
        action,
        terms.capacity(kind, units),
        added * kind.peak_kw,
        capital,
        annual,
        kind.payer,
        first,
        last,
    )


def stacked(rows: list[tuple[float, ...]], fast: Bools) -> Options:
    """Put rows of :func:`group_options` into arrays; ``fast`` is (K,) by technology."""
    columns = [field.name for field in fields(Options)][:-1]
    table = np.array(rows, dtype=float).reshape(-1, len(columns))
    parts = {name: table[:, at] for at, name in enumerate(columns)}
    whole = set(columns) - {"capacity", "peak_kw"}
    arrays = {
        name: np.asarray(
            np.rint(part) if name in whole else part, dtype=np.int64 if name in whole else float
        )
        for name, part in parts.items()
    }
    return Options(**arrays, fast=fast[arrays["technology"]] if len(table) else np.zeros(0, bool))


def undominated(options: Options, useful: Floats, *, by_units: bool) -> Bools:
    """Return a mask of the options that no other option of the same group makes pointless.

    One option makes another pointless if it costs no more, draws no more, may be built as
    early and as late, and serves as much of what is in reach. Exact for one year.

    Parameters
    ----------
    options
        All options.
    useful
        (S,) demand in reach of each group: capacity beyond it is of no use.
    by_units
        Whether units count by themselves (a rule on units and vehicles is in the model).
    """
    worth = np.minimum(options.capacity, useful[options.group])
    columns = [options.capital, options.annual, options.peak_kw, options.first, -options.last,
               -worth, -options.fast.astype(float)]  # fmt: skip
    if by_units:
        columns.append(-options.units)
    table = np.column_stack([*columns, options.payer])
    kept = np.ones(len(options), dtype=bool)
    if not len(options):
        return kept
    starts = np.flatnonzero(np.diff(options.group, prepend=-1))
    for start, end in zip(starts, [*starts[1:], len(options)], strict=True):
        part, payer = table[start:end, :-1], table[start:end, -1]
        no_worse = (part[:, None, :] <= part[None, :, :] + 1e-9).all(axis=2)
        no_worse &= payer[:, None] == payer[None, :]
        better = (part[:, None, :] < part[None, :, :] - 1e-9).any(axis=2)
        earlier = np.arange(end - start)[:, None] < np.arange(end - start)[None, :]
        pointless = (no_worse & (better | earlier)).any(axis=0)
        kept[start:end] = ~pointless | (options.action[start:end] == KEEP)
    return kept
