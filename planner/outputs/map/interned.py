"""Keeps each text of a popup once: rows point into one table of texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def interned(content: Json) -> Json:
    """Return the data block with ``texts`` and popup values that are places in it.

    Parameters
    ----------
    content
        The data block with the texts themselves in ``v`` of every row and cell, and in the
        columns of text of its lists.
    """
    known: dict[Any, int] = {}
    for row in _rows(content):
        row["v"] = [_place(known, text) for text in row["v"]]
    for listed in content["lists"]:
        of_text = [at for at, head in enumerate(listed["columns"], 1) if "number" not in head]
        for row in listed["rows"]:
            for at in of_text:
                row[at] = None if row[at] is None else _place(known, row[at])
    return content | {"texts": [list(text) if isinstance(text, tuple) else text for text in known]}


def _place(known: dict[Any, int], text: Any) -> int:  # noqa: ANN401 - a text or a pair of them
    return known.setdefault(tuple(text) if isinstance(text, list) else text, len(known))


def _rows(content: Json) -> Iterator[Json]:
    yield from content["roads"]["rows"]
    for group in content["groups"]:
        for layer in group["layers"]:
            yield from layer.get("rows", [])
    for level in content["gaps"]["levels"]:
        for cells in level["views"].values():
            yield from cells
