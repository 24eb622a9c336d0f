"""Words for figures, in Chinese and English, as reasons and repairs use them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from planner.layers import ENERGIES

UNITS = {
    "charging": ("kWh", "千瓦时"),
    "swap": ("swaps", "次换电"),
    "truck_swap": ("truck swaps", "次重卡换电"),
    "hydrogen": ("kg", "公斤"),
}
SMALL = 10.0
"""Amounts below this are written with a decimal."""


class Phrase(NamedTuple):
    """One text in Chinese and in English."""

    zh: str
    en: str

    def halves(self) -> str:
        """Return both around a slash, English first, as the layers hold them."""
        return f"{self.en} / {self.zh}"


def joined(parts: Iterable[Phrase]) -> Phrase:
    """Return phrases as one, with the commas of either language."""
    found = list(parts)
    return Phrase("，".join(part.zh for part in found), ", ".join(part.en for part in found))


def named(zh: object, en: object = None) -> Phrase:
    """Return a name from the data, with no slash that would part a text in two.

    Examples
    --------
    >>> named("东湖/西湖", None)
    Phrase(zh='东湖／西湖', en='东湖／西湖')
    """
    chinese = str(zh).replace("/", "／")
    return Phrase(chinese, en.replace("/", "／") if isinstance(en, str) and en else chinese)


def a_day(amount: float, energy: int) -> Phrase:
    """Return an amount of an energy a day, in its own unit.

    Examples
    --------
    >>> a_day(1240.4, 0).en
    '1,240 kWh a day'
    """
    en, zh = UNITS[ENERGIES[energy]]
    figure = f"{amount:,.1f}" if amount < SMALL else f"{amount:,.0f}"
    return Phrase(f"每日 {figure} {zh}", f"{figure} {en} a day")


def yuan(cny: float) -> Phrase:
    """Return money: in 10,000 CNY in Chinese, in millions in English.

    Examples
    --------
    >>> yuan(800_000)
    Phrase(zh='80 万元', en='0.8 M yuan')
    """
    return Phrase(f"{round(cny / 1e4, 2):,.10g} 万元", f"{round(cny / 1e6, 4):,.10g} M yuan")


def km(metres: float) -> Phrase:
    """Return a length in km with one decimal."""
    return Phrase(f"{metres / 1000:,.1f} 公里", f"{metres / 1000:,.1f} km")


def kw(power: float) -> Phrase:
    """Return a power in whole kW."""
    return Phrase(f"{power:,.0f} 千瓦", f"{power:,.0f} kW")
