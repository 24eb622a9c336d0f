"""Writes numbers as people read them: money, shares, lengths and daily amounts."""

from __future__ import annotations

from planner.outputs.wording import Both, same, word_of

NOTHING = "—"


def money(cny: int) -> Both:
    """Return a rounded sum of money for a headline.

    Examples
    --------
    >>> money(123_450_000)
    Both(zh='1.23 亿元', en='CNY 123.5 million')
    """
    if abs(cny) >= 100_000_000:
        zh = f"{cny / 100_000_000:,.2f} 亿元"
    elif abs(cny) >= 10_000:
        zh = f"{cny / 10_000:,.1f} 万元".replace(".0 ", " ")
    else:
        zh = f"{cny:,} 元"
    en = f"CNY {cny / 1_000_000:,.1f} million" if abs(cny) >= 1_000_000 else f"CNY {cny:,}"
    return Both(zh, en)


def share(value: float | None) -> str:
    """Return a share as percent with one decimal; a dash where there is nothing to share.

    Only a whole is written 100.0 %: what falls short of it by a hair is shown as 99.9 %.

    Examples
    --------
    >>> share(0.99999)
    '99.9 %'
    """
    if value is None:
        return NOTHING
    tenths = min(round(value * 1000), 999) if value < 1 else round(value * 1000)
    return f"{tenths / 10:.1f} %"


def lack(value: float | None) -> str:
    """Return the share that is lacking as percent; one that is there is never told as none.

    Examples
    --------
    >>> lack(0.0001), lack(0.0), lack(None)
    ('0.1 %', '0.0 %', '—')
    """
    return share(value if not value or value < 0 else max(value, 0.001))


def kilometres(value: float | None) -> str:
    """Return kilometres with two decimals."""
    return NOTHING if value is None else f"{value:,.2f}"


def tenth(value: float | None) -> str:
    """Return a figure with one decimal."""
    return NOTHING if value is None else f"{value:,.1f}"


def amount(value: float) -> str:
    """Return an amount of any size: small ones with a decimal, nothing as a bare 0."""
    return f"{value:,.0f}" if value >= 100 or value == 0 else f"{value:,.1f}"


def whole(value: float | None) -> str:
    """Return a count or a large amount without decimals."""
    return NOTHING if value is None else f"{value:,.0f}"


def metres(value: float | None) -> str:
    """Return a distance in whole metres, or in km from 10 km on."""
    if value is None:
        return NOTHING
    return f"{value:,.0f} m" if value < 10_000 else f"{value / 1000:,.1f} km"


def daily(value: float | None, energy: str) -> Both:
    """Return an amount of energy in a day with its unit: kWh, swaps or kg."""
    if value is None:
        return same(NOTHING)
    number = f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"
    unit = word_of("energy_unit", energy)
    return Both(f"{number} {unit.zh}", f"{number} {unit.en}")
