"""Makes a page that asks for nothing: inlines vendored files and forbids everything else."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from planner.errors import OutputError, Problem

SCRIPT_LINK = re.compile(r'<script\b[^>]*\bsrc="([^"]*)"[^>]*>\s*</script>', re.IGNORECASE)
STYLE_LINK = re.compile(r'<link\b[^>]*\bhref="([^"]*)"[^>]*/?>', re.IGNORECASE)
CSS_URL = re.compile(r"url\((?!#|data:)[\"']?([^)\"']+)[\"']?\)")
SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src {images}; "
    "connect-src 'none'; base-uri 'none'; form-action 'none'"
)


def self_contained(page: str, images: tuple[str, ...] = ()) -> str:
    """Return a page with every linked script and style inlined and a content policy.

    Only files of ``assets/manifest.json`` are inlined; links it lists as dropped go. The
    policy lets exactly the scripts run that the page now holds, by their hash.

    Parameters
    ----------
    page
        HTML as folium renders it.
    images
        Origins that images may come from, beside the page itself.

    Raises
    ------
    OutputError
        If the page links anything the manifest does not know.
    """
    page = SCRIPT_LINK.sub(lambda match: _script(match[1]), page)
    page = STYLE_LINK.sub(lambda match: _style(match[1]), page)
    scripts = " ".join(f"'sha256-{_digest(code)}'" for code in INLINE_SCRIPT.findall(page))
    policy = POLICY.format(scripts=scripts or "'none'", images=" ".join(["data:", *images]))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return page.replace("<head>", f'<head>\n<meta charset="utf-8">\n{meta}', 1)


@cache
def manifest() -> dict[str, Any]:
    """Return what is vendored and what is left out, with addresses, licences and hashes."""
    content: dict[str, Any] = json.loads(_asset("manifest.json"))
    return content


def licences() -> str:
    """Return the licence texts of what is inlined."""
    return _asset("THIRD_PARTY_LICENSES.txt").decode()


def _asset(name: str) -> bytes:
    return files("planner.outputs").joinpath("assets", *name.split("/")).read_bytes()


def _known(url: str) -> bytes | None:
    """Return the vendored bytes of an address; ``None`` where it is left out on purpose."""
    for row in manifest()["kept"]:
        if row["url"] == url:
            content = _asset(row["file"])
            if hashlib.sha256(content).hexdigest() != row["sha256"]:
                raise _refused(url, "the vendored file differs from its hash in the manifest")
            return content
    if any(row["url"] == url for row in manifest()["dropped"]):
        return None
    raise _refused(url, "the page links a file that is not vendored")


def _refused(url: str, reason: str) -> OutputError:
    remedy = "install the folium release that pyproject.toml names, or add the file to the manifest"
    return OutputError(Problem("E-OUT-010", reason, remedy, file="map.html", value=url))


def _script(url: str) -> str:
    content = _known(url)
    if content is None:
        return ""
    code = SOURCE_MAP.sub("", content.decode()).replace("</script", "<\\/script")
    return f"<script>{code}</script>"


def _style(url: str) -> str:
    content = _known(url)
    if content is None:
        return ""
    return f"<style>{CSS_URL.sub(_data_uri, content.decode())}</style>"


def _data_uri(match: re.Match[str]) -> str:
    content = _known(match[1])
    if content is None:
        return "none"
    return f"url(data:image/png;base64,{base64.b64encode(content).decode()})"


def _digest(code: str) -> str:
    return base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
