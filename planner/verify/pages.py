"""Proves that the map and the report load nothing, and run nothing that their policy forbids."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from planner.verify.faults import Fault, Faults
from planner.verify.files import PlanFiles

MAP, REPORT = "map.html", "report.html"
REMOTE = re.compile(r"^\s*(?:https?:|ftp:|wss?:|//)", re.IGNORECASE)
SCRIPT_LINK = re.compile(r"^\s*(?:javascript|vbscript|data:text/html)", re.IGNORECASE)
STYLE_REQUEST = re.compile(r"url\(\s*[\"']?\s*(?:https?:|//)|@import\s+[\"'u]", re.IGNORECASE)
SCRIPT_REQUEST = re.compile(
    r"(?:tileLayer|fetch|importScripts|EventSource|WebSocket|sendBeacon)"
    r"\s*\(\s*[\"'`](?:https?:|wss?:|//)"
    r"|\.src\s*=\s*[\"'`](?:https?:|//)",
    re.IGNORECASE,
)
SECRET = re.compile(
    r"(?:[?&](?:tk|key|ak|token|access_token|api_key)=[0-9A-Za-z_\-.]{12,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bghp_[0-9A-Za-z]{36}\b)"
)


class Page(HTMLParser):
    """Collects what a page would load or run: attributes, scripts, styles and its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.scripts: list[tuple[str, str]] = []
        self.styles: list[str] = []
        self.words: list[str] = []
        self.policy = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element loads, runs or sends."""
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = given.get("content", "")
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.faults.append("the page sends the reader elsewhere")
        for name, value in given.items():
            self.faults += _attribute_faults(tag, name, value)
        if tag in {"script", "style"}:
            self._inside = tag
            if tag == "script":
                self.scripts.append((given.get("type", ""), ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave a script or a style."""
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """Keep text by where it stands."""
        if self._inside == "script":
            kind, before = self.scripts[-1]
            self.scripts[-1] = (kind, before + data)
        elif self._inside == "style":
            self.styles.append(data)
        else:
            self.words.append(data)


def _attribute_faults(tag: str, name: str, value: str) -> list[str]:
    if name.startswith("on"):
        return [f"<{tag}> runs a script from its attribute {name}"]
    if SCRIPT_LINK.match(value) and name in {"href", "src", "action", "formaction", "data"}:
        return [f"<{tag} {name}> runs a script"]
    loads = name in {"src", "srcset", "poster", "data", "action", "formaction", "background"}
    loads |= name == "href" and tag != "a"
    if loads and REMOTE.match(value):
        return [f"<{tag} {name}> asks for {value[:80]}"]
    return [f"<{tag}> asks for a style"] if name == "style" and STYLE_REQUEST.search(value) else []


def page_of(plan: PlanFiles, name: str) -> Page:
    """Return a page of the folder, taken apart."""
    if name not in plan.memo:
        page = Page()
        page.feed(plan.document(name))
        page.close()
        plan.memo[name] = page
    found: Page = plan.memo[name]
    return found


def pages_self_contained(plan: PlanFiles) -> Faults:
    """Prove that map and report ask for nothing and run only scripts their policy names."""
    for name in (MAP, REPORT):
        page = page_of(plan, name)
        for what in page.faults:
            yield Fault(f"{name}: {what}", name)
        if any(STYLE_REQUEST.search(style) for style in page.styles):
            yield Fault(f"{name}: a style asks for something from outside", name)
        for what in _script_faults(page):
            yield Fault(f"{name}: {what}", name)


def _script_faults(page: Page) -> Iterator[str]:
    for kind, code in page.scripts:
        if kind == "application/json":
            continue
        if SCRIPT_REQUEST.search(code):
            yield "a script asks for something from outside"
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        if f"'sha256-{digest}'" not in page.policy:
            yield "a script is not one that the page's policy names"


def no_secret(plan: PlanFiles) -> Faults:
    """Prove that no key or token is in any text of the folder."""
    for name in ("plan.json", MAP, REPORT):
        found = SECRET.search(plan.document(name))
        if found:
            yield Fault(f"{name} seems to hold a key: {found[0][:12]}...", name)
