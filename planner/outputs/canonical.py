"""Writes figures as JSON that is the same for the same content, and a plan's id from it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

ID_DIGITS = 16


def canonical_json(content: dict[str, Any]) -> str:
    """Return JSON that is the same for the same content: keys sorted, no NaN, a last newline.

    Raises
    ------
    ValueError
        If a number is not finite.
    """
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True) + "\n"


def plan_id(figures: dict[str, Any]) -> str:
    """Return what tells one plan from another: the first 16 hex digits of its figures' SHA-256.

    Parameters
    ----------
    figures
        Content of ``plan.json``.
    """
    return hashlib.sha256(canonical_json(figures).encode()).hexdigest()[:ID_DIGITS]
