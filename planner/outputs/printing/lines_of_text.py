"""Breaks text into lines for maps: the drawing library cannot break Chinese."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

CLOSING = "，。；：、）》”’！？…"
"""Marks that no line begins with."""


def wrapped(words: str, letters: int) -> list[str]:
    """Return text in lines of at most so many letters; a Chinese character is two wide.

    Lines break at spaces where there are any, else between any two characters.
    """
    lines, line, wide = [], "", 0
    for word in _words(words):
        room = text_width(word)
        if line and wide + room > letters and word not in CLOSING:
            lines.append(line.rstrip())
            line, wide = "", 0
            word = word.lstrip()  # noqa: PLW2901 - a line does not begin with a space
            room = text_width(word)
        line, wide = line + word, wide + room
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _words(words: str) -> Iterator[str]:
    """Yield what must not be broken: Latin words with the space before, else one character."""
    word = ""
    for letter in words:
        if letter == " ":
            yield word
            word = letter
        elif unicodedata.east_asian_width(letter) in "WF" or len(word) >= 30:
            yield word
            yield letter
            word = ""
        else:
            word += letter
    yield word


def text_width(words: str) -> int:
    """Return how wide a text is, in Latin letters; a Chinese character is two wide."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in words)
