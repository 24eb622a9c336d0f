"""Holds what repairs have in common: the plan that is short, and one repair of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.siting.from_layers import Place
from planner.siting.instance import CHARGING, PAYERS, Instance
from planner.siting.options import Ints
from planner.siting.reasons.additions import with_money
from planner.siting.reasons.confirm import Asked, Fix, confirmed
from planner.siting.reasons.phrases import Phrase, yuan
from planner.siting.reasons.remains import Remains
from planner.solver import Deadline

NO_MONEY = Phrase("", "")


@dataclass(frozen=True)
class Repair:
    """One row of the layer REPAIRS."""

    rule_id: str
    where_id: str
    where_name: str
    text: Phrase
    cost_cny: int | None
    confirmed: bool


@dataclass(frozen=True)
class Short:
    """A plan, the ground it stands on, and the moment by which repairs have been found."""

    remains: Remains
    place: Place
    deadline: Deadline

    @property
    def instance(self) -> Instance:
        """The problem."""
        return self.remains.instance

    def townships(self) -> tuple[int, ...]:
        """Return the townships that can be checked and that no station meets."""
        instance = self.instance
        groups = instance.group_of()[instance.township_pair_site, CHARGING]
        here = (groups >= 0) & (self.remains.chosen[groups] >= 0)
        met = set(instance.township_pair[here].tolist())
        checked = np.flatnonzero(self.place.townships.node >= 0).tolist()
        return tuple(w for w in checked if w not in met)

    def windows(self) -> tuple[int, ...]:
        """Return the windows of motorways without a fast station."""
        windows = self.instance.highway
        _, _, count = self.remains.fillers(windows, CHARGING)
        return tuple(np.flatnonzero(count == 0).tolist())

    def holds(self, instance: Instance, added: list[int], asked: Asked) -> bool:
        """Return whether a second solve confirms the plan with some options added.

        The money is raised by what they cost more than there is.
        """
        chosen = np.full(len(instance.group_site), -1, dtype=np.int64)
        chosen[: len(self.remains.chosen)] = self.remains.chosen
        chosen[instance.options.group[added]] = added
        raised = with_money(instance, self.lacking(instance, added))
        fix = Fix(raised, chosen, self.remains.answered.build.upgraded[-1], asked)
        return confirmed(fix, self.remains.answered.scenario.run, self.deadline)

    def price(self, instance: Instance, added: list[int]) -> int:
        """Return the capital that some options add to the plan's."""
        return int(self._extra(instance, added).sum())

    def lacking(self, instance: Instance, added: list[int]) -> Ints:
        """Return (2,) the money by which some options exceed what each payer has left."""
        return np.asarray(np.maximum(self._extra(instance, added) - self.remains.left_cny, 0))

    def _extra(self, instance: Instance, added: list[int]) -> Ints:
        extra, options = np.zeros(len(PAYERS), dtype=np.int64), instance.options
        for o in added:
            group = int(options.group[o])
            old = int(self.remains.chosen[group]) if group < len(self.remains.chosen) else -1
            extra[options.payer[o]] += options.capital[o]
            if old >= 0:
                extra[options.payer[old]] -= options.capital[old]
        return extra

    def money_words(self, instance: Instance, added: list[int]) -> Phrase:
        """Say by how much the budgets must be raised, or nothing where money is left."""
        lacking = int(self.lacking(instance, added).sum())
        if not lacking:
            return NO_MONEY
        more = yuan(lacking)
        return Phrase(f"，预算需增加 {more.zh}", f", the budget raised by {more.en}")
