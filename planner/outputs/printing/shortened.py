"""Shortens texts of great length for paper, where one can see it; the files keep the whole."""

from __future__ import annotations

from typing import Any

from planner.outputs.text_safety import brief

ROOM = dict.fromkeys(("name", "name_en", "ref", "title_zh", "title_en"), 80)
ROOM |= dict.fromkeys(("zh", "en"), 160)
TEXT = 600
"""Characters that paper has room for: of names, of titles, and of any other text."""

IDS = ("_id", "_node", "_ids", "_crs")


def shortened_figures(value: Any, key: str = "") -> Any:  # noqa: ANN401 - any JSON value
    """Return JSON content whose names and texts have a length that paper has room for."""
    if isinstance(value, dict):
        return {name: shortened_figures(row, str(name)) for name, row in value.items()}
    if isinstance(value, list):
        return [shortened_figures(row, key) for row in value]
    return brief(value, _room(key)) if isinstance(value, str) and not key.endswith(IDS) else value


def shortened_layers(frames: dict[str, Any]) -> dict[str, Any]:
    """Return layers whose names and texts have a length that paper has room for.

    Ids are left alone: layers are joined by them.
    """
    return {layer: _shortened(frame) for layer, frame in frames.items()}


def _shortened(frame: Any) -> Any:  # noqa: ANN401 - a frame with or without geometry
    long = {}
    for column in frame.columns:
        if column.endswith(IDS) or column == "geometry":
            continue
        most = _room(column)
        if any(isinstance(cell, str) and len(cell) > most for cell in frame[column]):
            long[column] = [_cut(cell, most) for cell in frame[column]]
    return frame.assign(**long) if long else frame


def _cut(cell: Any, most: int) -> Any:  # noqa: ANN401 - a cell of a frame
    return brief(cell, most) if isinstance(cell, str) else cell


def _room(key: str) -> int:
    return ROOM.get(key, TEXT)
