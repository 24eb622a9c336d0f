"""Makes text from data harmless: nothing in a page runs, hides or reorders because of a name."""

from __future__ import annotations

import json
import unicodedata

INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
ENTITIES = {ord(character): f"&#{ord(character)};" for character in "&<>\"'`${}\\"}
JSON_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def visible(value: object) -> str:
    """Return text with every control, format and bidirectional character written out.

    Parameters
    ----------
    value
        Anything; ``str(value)`` is shown.

    Returns
    -------
    str
        The same text, with for example U+202E as ``⟦U+202E⟧``; ordinary text is unchanged.

    Examples
    --------
    >>> visible("青云谱" + chr(0x202E) + "abc")
    '青云谱⟦U+202E⟧abc'
    """
    text = str(value)
    if text.isprintable():  # nothing to write out: most names
        return text
    return "".join(
        f"⟦U+{ord(character):04X}⟧"
        if unicodedata.category(character) in INVISIBLE_CATEGORIES
        else character
        for character in text
    )


def brief(value: object, most: int) -> str:
    """Return text cut to a number of characters, with a sign that and by how much it was cut.

    Parameters
    ----------
    value
        Anything; ``str(value)`` is cut, the data keep the whole.
    most
        Characters that are kept at most, the sign not counted.

    Examples
    --------
    >>> brief("abcdefgh", 5)
    'abcde…(+3)'
    """
    whole = str(value)
    return whole if len(whole) <= most else f"{whole[:most]}…(+{len(whole) - most})"


def text(value: object) -> str:
    """Return a value as HTML text that is inert in elements, attributes and scripts.

    Parameters
    ----------
    value
        Anything; ``str(value)`` is shown.

    Returns
    -------
    str
        :func:`visible` text with the characters of HTML, JavaScript strings and template
        literals as numeric entities.

    Examples
    --------
    >>> text("<b>${1}</b>")
    '&#60;b&#62;&#36;&#123;1&#125;&#60;/b&#62;'
    """
    return visible(value).translate(ENTITIES)


def json_block(content: object) -> str:
    """Return JSON that may stand inside a ``<script type="application/json">`` element.

    Parameters
    ----------
    content
        Lists, mappings with text keys, text, finite numbers, booleans and None.

    Raises
    ------
    ValueError
        If a number is not finite.
    """
    compact = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return compact.translate(JSON_ESCAPES)
