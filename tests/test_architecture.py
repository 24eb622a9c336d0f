"""Holds the house to its bars: small files, small functions, documented, free of litter."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "planner").rglob("*.py"))
TOP_LEVEL = {
    ".ci", ".git", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md",
    "benchmarks", "data", "docs", "notebooks", "planner", "pyproject.toml", "tests",
}  # fmt: skip
NAMELESS = {"utils", "util", "helpers", "common", "base", "misc", "types"}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for item in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
            body = item.body
            documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
            body = body[1:] if documented else body
            yield item.name, body[-1].end_lineno - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_a_small_room_with_one_sentence(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    assert path.stem not in NAMELESS
    first = (ast.get_docstring(ast.parse(text)) or "").split("\n")[0]
    assert first.endswith("."), "the file opens with the sentence that says what it owns"
    too_long = [(name, lines) for name, lines in functions(path) if lines > 50]
    assert too_long == []


def test_the_median_file_and_function_stay_small():
    assert statistics.median(path.read_text().count("\n") for path in SOURCES) <= 150
    assert statistics.median(lines for path in SOURCES for _, lines in functions(path)) <= 12


def test_nothing_unexplained_stands_at_the_top_level():
    litter = {".venv", ".ruff_cache", ".mypy_cache", ".pytest_cache", ".hypothesis", "out",
              "build", "dist", ".import_linter_cache", "planner.egg-info"}  # fmt: skip
    assert {path.name for path in ROOT.iterdir()} - litter <= TOP_LEVEL
