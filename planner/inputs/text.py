"""Turns the bytes of a text file into text, and knows what is no data file at all."""

from __future__ import annotations

import re

from planner.errors import Problem
from planner.inputs.findings import Findings

LOOKALIKES = (
    (r"<!doctype html|<html|<head|<body", "E-FMT-003", "this is a web page, not a data file"),
    (
        r"<ogrvrtdatasource|<vrtdataset|<ogrwfsdatasource|<wfs|<gdalg",
        "E-FMT-004",
        "the file holds no data, it points to other files or servers",
    ),
    (r"<\?xml|<[a-z]", "E-FMT-005", "this is an XML file"),
)
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def refuse_lookalike(content: bytes, findings: Findings) -> None:
    """Refuse web pages, virtual data sources and XML by their first characters.

    Raises
    ------
    InputError
        Saying what the file is.
    """
    start = content[:4096].decode("utf-8", "replace").lstrip("\ufeff \t\r\n").lower()
    start = re.sub(r"^(<\?xml[^>]*>|<!--.*?-->|\s)+", "", start, flags=re.DOTALL) or start
    for pattern, code, reason in LOOKALIKES:
        if re.match(pattern, start):
            remedy = "download or export the data itself again"
            raise findings.stop(Problem(code, reason, remedy, value=start[:60].strip()))


def decode(content: bytes, findings: Findings, *, fallback: str = "") -> str:
    """Return the text of a file: UTF-8, or the fallback encoding with a note.

    Raises
    ------
    InputError
        If it is neither, naming the encoding it looks like and the offset.
    """
    if content.startswith(UTF16_MARKS):
        raise findings.stop(
            Problem("E-FMT-006", "the file is UTF-16 text", "save it as UTF-8", value="UTF-16")
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = error.start
    line = content[:start].count(b"\n") + 1
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        raise findings.stop(
            Problem(
                "E-FMT-006",
                f"the text is neither UTF-8 nor GB18030 (byte {start}, line {line})",
                "save it as UTF-8",
                row=f"line {line}",
            )
        ) from None
    if fallback != "gb18030":
        raise findings.stop(
            Problem(
                "E-FMT-006",
                f"the text is not UTF-8 (byte {start}, line {line}); it looks like GB18030 (GBK)",
                "save it as UTF-8, which this format demands",
                row=f"line {line}",
                value=text.splitlines()[line - 1][:80] if text else "",
            )
        )
    findings.notes.append("read as GB18030 (GBK) text; UTF-8 is the encoding to prefer")
    return text
