"""Says why no station may stand where a review asks for one: energy, power or money."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planner.layers import ENERGIES, ENERGY_ZH
from planner.siting.instance import Instance
from planner.siting.options import Ints
from planner.siting.reasons.phrases import Phrase, kw, yuan

CLAUSES = "; "
"""Parts one reason of a candidate site from the next."""
NO = "no "
"""How a clause opens that closes a site to some energies only: ``no swap, hydrogen: why``."""
WORDS = ENERGY_ZH | {"all": "任何能源"}
PURSES = (Phrase("公共资金", "of public money"), Phrase("企业资金", "of enterprises' money"))
"""Whose money it is, in the order of :data:`planner.siting.instance.PAYERS`."""


def why_closed(
    instance: Instance, site_id: str, energy: str, groups: Iterable[int], reason: object
) -> str:
    """Return why none of the energies that a lock asks for may stand at a site.

    Parameters
    ----------
    instance
        The problem, in which none of ``groups`` has an option that can stand.
    site_id, energy
        What the lock names; the energy may be ``"all"``.
    groups
        Groups that would answer the lock; none where the site is closed to the energy.
    reason
        What the layer CANDIDATE_SITES says of the site, which may be about other energies.
    """
    text = reason if isinstance(reason, str) else ""
    if site_id not in instance.site_id:
        return text or Phrase("该站址不可用", "the site is not open to stations").halves()
    mine = np.flatnonzero(np.isin(instance.options.group, list(groups)))
    if len(mine):
        return _beyond(instance, mine).halves()
    own = [clause for clause in text.split(CLAUSES) if _concerns(clause, energy)]
    word = "any energy" if energy == "all" else energy
    closed = Phrase(
        f"该站址不提供{WORDS[energy]}选项", f"nothing on offer for {word} fits the site"
    )
    return CLAUSES.join(own) or closed.halves()


def _concerns(clause: str, energy: str) -> bool:
    """Say whether a clause closes a site to an energy; one that names none closes it to all."""
    head, named, _ = clause.partition(":")
    if not clause or not named or not head.startswith(NO):
        return bool(clause)
    closed = {word.strip() for word in head.removeprefix(NO).split(",")}
    return energy == "all" or energy in closed or not closed & set(ENERGIES)


def _beyond(instance: Instance, mine: Ints) -> Phrase:
    """Say which of power and money keeps out all of these options."""
    options = instance.options
    site = instance.group_site[options.group[mine]]
    most = np.append(instance.supply.most_kw(instance.n_years), np.inf)[instance.site_supply[site]]
    limit = np.minimum(instance.max_power_kw[site], most)
    fits = mine[options.peak_kw[mine] <= limit + 1e-9]
    if not len(fits):
        need, there = kw(float(options.peak_kw[mine].min())), kw(float(limit.max()))
        return Phrase(
            f"该处最小的站需 {need.zh}，仅有 {there.zh}",
            f"the smallest station there draws {need.en}, there are {there.en}",
        )
    cheapest = int(fits[options.capital[fits].argmin()])
    payer = int(options.payer[cheapest])
    cost, money = yuan(int(options.capital[cheapest])), yuan(int(instance.budget_cny[-1, payer]))
    return Phrase(
        f"该处最便宜的站需 {cost.zh}，{PURSES[payer].zh}仅有 {money.zh}",
        f"the cheapest station there costs {cost.en}, there are {money.en} {PURSES[payer].en}",
    )
