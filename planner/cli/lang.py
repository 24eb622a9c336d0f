"""The languages that commands write in."""

from __future__ import annotations

from enum import StrEnum


class Lang(StrEnum):
    """Leading language of what people read."""

    ZH = "zh"
    EN = "en"
