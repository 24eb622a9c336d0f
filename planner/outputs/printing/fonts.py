"""Finds a font with Chinese characters, and writes out what no font here can draw."""

from __future__ import annotations

from functools import cache

from planner.errors import OutputError, Problem
from planner.outputs.text_safety import visible

CHINESE = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
)
"""Families with Chinese characters, the best one first."""

LATIN = "DejaVu Sans"
NO_FONT = Problem(
    "E-OUT-062",
    "no font with Chinese characters is installed, so maps and report would show empty boxes / "
    "系统没有中文字体，图和报告会显示为方框",
    "install one, on Debian and Ubuntu: apt install fonts-noto-cjk; then, if it is still not "
    "found, remove matplotlib's font list (python -c 'import matplotlib; "
    "print(matplotlib.get_cachedir())')",
)


@cache
def families() -> tuple[str, ...]:
    """Return the font families to draw with: one with Chinese characters, then a Latin one.

    Raises
    ------
    OutputError
        ``E-OUT-062`` if no font with Chinese characters is installed.
    """
    from matplotlib import font_manager  # noqa: PLC0415 - seconds that only printing pays

    known = set(font_manager.fontManager.get_font_names())
    found = next((name for name in CHINESE if name in known), None)
    if found is None:
        raise OutputError(NO_FONT)
    return found, LATIN


@cache
def _drawable() -> frozenset[int]:
    """Return the code points that one of the families can draw."""
    from matplotlib import font_manager, ft2font  # noqa: PLC0415

    points: set[int] = set()
    for name in families():
        path = font_manager.findfont(font_manager.FontProperties(family=name))
        points |= set(ft2font.FT2Font(str(path)).get_charmap())
    return frozenset(points)


def drawn(value: object) -> str:
    """Return text as a map shows it: what is hidden, or what no font has, is written out.

    Parameters
    ----------
    value
        Anything; ``str(value)`` is shown.
    """
    known = _drawable()
    return "".join(
        letter if ord(letter) in known else f"⟦U+{ord(letter):04X}⟧" for letter in visible(value)
    )
