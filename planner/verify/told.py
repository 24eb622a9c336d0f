"""Reads the reasons of sites: which words there are, and the figures that either language gives."""

from __future__ import annotations

import re
from typing import NamedTuple

KW_EN, KW_ZH = r"([\d,]+) kW", r"([\d,]+) 千瓦"
CNY_EN, CNY_ZH = r"(-?[\d,.]+) M yuan", r"(-?[\d,.]+) 万元"
DAY_EN = r"([\d,.]+) (?:kWh|swaps|truck swaps|kg) a day"
DAY_ZH = r"每日 ([\d,.]+) (?:千瓦时|次换电|次重卡换电|公斤)"
KM_EN, KM_ZH = r"([\d,.]+) km", r"([\d,.]+) 公里"
CNY_SCALE = {"en": 1e6, "zh": 1e4}
CNY_ROOM = 50.01
"""Money is told in units of 100 yuan."""
SHOWN_ROOM = 0.5 + 1e-6
SMALL = 10.0
"""Amounts below this are told with a decimal."""


class Words(NamedTuple):
    """One kind of reason in both languages, and what its figures are: kw, cny, day, km or n."""

    kind: str
    en: str
    zh: str
    figures: tuple[str, ...] = ()


AGAINST = (
    Words(
        "power",
        rf"too little power: the smallest station draws {KW_EN}, there are {KW_EN}",
        rf"供电不足：最小方案需 {KW_ZH}，仅有 {KW_ZH}",
        ("kw", "kw"),
    ),
    Words(
        "public",
        rf"too little public money: the cheapest station costs {CNY_EN}, {CNY_EN} is left",
        rf"公共资金不足：最便宜方案需 {CNY_ZH}，剩余 {CNY_ZH}",
        ("cny", "cny"),
    ),
    Words(
        "enterprise",
        rf"too little enterprises' money: the cheapest station costs {CNY_EN}, {CNY_EN} is left",
        rf"企业资金不足：最便宜方案需 {CNY_ZH}，剩余 {CNY_ZH}",
        ("cny", "cny"),
    ),
    Words(
        "nobody",
        "no demand within its service radius, and no rule that it could answer",
        "服务半径内无需求，也不涉及任何规则",
    ),
    Words("rules", "other stations answer the rules it could answer", "相关规则已由其他站点满足"),
    Words(
        "served",
        "all demand within its reach is served by other stations(?:, mostly from (?P<en>.*))?",
        "可达需求已由其他站点全部服务(?:，主要由 (?P<zh>.*))?",
    ),
    Words(
        "no_power_left",
        rf"no power left: the smallest station draws {KW_EN}, the plan leaves {KW_EN}",
        rf"供电余量不足：最小方案需 {KW_ZH}，规划后剩余 {KW_ZH}",
        ("kw", "kw"),
    ),
    Words(
        "tolerance",
        rf"it could serve at most {DAY_EN} more, from {CNY_EN}: within the tolerance of the plan's "
        "goals",
        rf"至多可多服务{DAY_ZH}，投资 {CNY_ZH} 起，增量在规划目标的容差之内",
        ("day", "cny"),
    ),
)
ACTIONS = {
    "keep": ("an existing station, kept", "现有站，保留"),
    "build": ("built", "新建"),
    "extend": ("an existing station, extended", "现有站，扩容"),
    "upgrade": ("an existing station, upgraded", "现有站，升级"),
}
PARTS = (
    Words("lock", ", a review asks for it", "，评审要求建站"),
    Words(
        "lost",
        rf", {DAY_EN} is in reach of no other station(?: \(mostly in .*?\))?",
        rf"，{DAY_ZH}的需求仅本站可达(?:（主要在(?P<zh>.*?)）)?",
        ("day",),
    ),
    Words(
        "townships",
        r", ([\d,]+) townships? would be short without it",
        r"，缺少本站将有 ([\d,]+) 个乡镇不达标",
        ("n",),
    ),
    Words(
        "motorway",
        rf", {KM_EN} of motorway would be short without it",
        rf"，缺少本站高速公路将有 {KM_ZH}不达标",
        ("km",),
    ),
    Words(
        "trips",
        r", ([\d,]+) trips a day could not refuel without it",
        r"，缺少本站每日 ([\d,]+) 车次无法补能",
        ("n",),
    ),
    Words(
        "shared",
        rf", others reach the same demand; it takes {DAY_EN} of it",
        rf"，可达需求另有站点覆盖，本站分担{DAY_ZH}",
        ("day",),
    ),
    Words("nothing", ", nothing hangs on it alone", "，无其他站点无法替代的作用"),
)
"""What may follow the action of a station, in this order."""


class Told(NamedTuple):
    """One kind of reason as it is told: its figures, and the name in it where it has one."""

    figures: tuple[float, ...]
    name: str | None


def told_against(reason: str) -> tuple[str, Told] | None:
    """Return kind and figures of what keeps a site out; None for other words."""
    for words in AGAINST:
        found = re.fullmatch(f"{words.en} / {words.zh}", reason, re.DOTALL)
        told = _told(words, found) if found else None
        if told:
            return words.kind, told
    return None


def told_for(reason: str, action: str) -> dict[str, Told] | None:
    """Return the parts of why a station stands where it does; None for other words."""
    if action not in ACTIONS:
        return None
    english, chinese = ACTIONS[action]
    en = english + "".join(f"(?P<{w.kind}_en>{_plain(w.en)})?" for w in PARTS)
    zh = chinese + "".join(f"(?P<{w.kind}_zh>{_plain(w.zh)})?" for w in PARTS)
    found = re.fullmatch(f"{en} / {zh}", reason, re.DOTALL)
    if not found:
        return None
    parts: dict[str, Told] = {}
    for words in PARTS:
        both = (found[f"{words.kind}_en"], found[f"{words.kind}_zh"])
        if both == (None, None):
            continue
        again = None
        if None not in both:
            again = re.fullmatch(f"{words.en} / {words.zh}", " / ".join(both), re.DOTALL)
        told = _told(words, again) if again else None
        if told is None:
            return None
        parts[words.kind] = told
    return parts


def _plain(pattern: str) -> str:
    """Return a pattern whose groups are not remembered."""
    return re.sub(r"\((?!\?:|\?P)", "(?:", re.sub(r"\?P<\w+>", "?:", pattern)).replace(
        "\\(?:", "\\("
    )


def _told(words: Words, found: re.Match[str]) -> Told | None:
    """Return the figures of a match, those of both languages alike; None where they differ."""
    names = {key: value for key, value in found.groupdict().items() if key in {"en", "zh"}}
    places = set(found.re.groupindex.values())
    numbers = [text for at, text in enumerate(found.groups(), start=1) if at not in places]
    half = len(words.figures)
    english, chinese = numbers[:half], numbers[half:]
    one = tuple(_number(t, k, "en") for t, k in zip(english, words.figures, strict=True))
    other = tuple(_number(t, k, "zh") for t, k in zip(chinese, words.figures, strict=True))
    if any(abs(a - b) > 1e-6 * max(1.0, abs(a)) for a, b in zip(one, other, strict=True)):
        return None
    if len(names) == 2 and names["en"] != names["zh"]:
        return None
    return Told(one, names.get("zh"))


def _number(text: str | None, kind: str, language: str) -> float:
    value = float((text or "nan").replace(",", ""))
    if kind == "cny":
        return value * CNY_SCALE[language]
    return value * 1000 if kind == "km" else value


def shown_as(told: float, proven: float, kind: str) -> bool:
    """Return whether a proven figure is shown as told, rounded as its kind is."""
    room = {"cny": CNY_ROOM, "km": 50.01}.get(kind, SHOWN_ROOM)
    if kind == "day" and min(told, proven) < SMALL:
        room = 0.05 + 1e-6
    return abs(told - proven) <= room
