"""Words on the terminal: progress, the summary of a run, reports and certificates."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import SHOWN_PER_KIND

if TYPE_CHECKING:
    from planner.cases import MadeCase
    from planner.pipeline import CaseReport
    from planner.verify import Certificate

STEP_NAMES_ZH = {
    "read": "读取数据",
    "network": "构建路网",
    "demand": "估算需求",
    "sites": "候选站址",
    "reviews": "评审意见",
    "cost of the marks": "评审代价",
    "stations": "站点选址",
    "test roads": "测试道路",
    "figures": "汇总指标",
    "write and verify": "写出并验证",
}


STATUSES_ZH = {
    "met": "达标",
    "partly_checked": "可核查者达标",
    "short": "不足",
    "cannot_be_checked": "无法核查",
    "not_in_force": "未生效",
    "reported": "仅报告",
}


@contextmanager
def progress(steps: tuple[str, ...], *, lang: str) -> Iterator[Callable[[str], None]]:
    """Show a bar of the given steps on a terminal; stay quiet in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _step: None
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=len(steps))

        def tell(step: str) -> None:
            name = STEP_NAMES_ZH[step] if lang == "zh" else step
            bar.update(task, description=name, completed=steps.index(step))

        yield tell


def summary(
    figures: dict[str, Any], certificate: Certificate, folder: Path, *, lang: str, as_json: bool
) -> str:
    """Return what a run has to say, as text or as one JSON object."""
    if as_json:
        content = {"folder": str(folder), "verified": certificate.passed} | {
            key: figures[key]
            for key in (
                "verdict",
                "rules",
                "siting",
                "townships",
                "test_roads",
                "subsidy",
                "reviews",
            )
        }
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    from planner.outputs import layer_title, lead, solves, sureness  # noqa: PLC0415 - only a finished run needs it

    zh = lang == "zh"
    headline, sure, ended = lead(figures), sureness(figures), solves(figures)
    rows = [
        f"{figures['case']['title_zh' if zh else 'title_en']}",
        f"  {headline.zh if zh else headline.en}",
        *(
            f"  [{_status(row['status'], zh=zh)}] {row['zh' if zh else 'en']}: "
            f"{row['detail_zh' if zh else 'detail_en']}"
            for row in figures["rules"]
        ),
        f"  {sure.zh if zh else sure.en}",
        f"  {'求解' if zh else 'solves'}: {ended.zh if zh else ended.en}",
    ]
    rows += _marks(figures, zh=zh)
    synthetic = figures["case"]["synthetic_layers"]
    if synthetic:
        label = "示意或非实测数据" if zh else "synthetic layers"
        titles = [layer_title(name) for name in synthetic]
        names = "、".join(row.zh for row in titles) if zh else ", ".join(row.en for row in titles)
        rows.append(f"  ! {label}: {names}")
        hint = figures["case"]["replace_roads_hint"]
        rows += [f"    {'替换为真实路网' if zh else 'real roads'}: {hint}"] if hint else []
    done = "项检查全部通过" if zh else "checks passed"
    rows.append(f"  {sum(c.passed for c in certificate.checks)} {done}: {folder}")
    rows += [f"    {folder / name}" for name in ("map.html", "report.html", "lists.xlsx")]
    return "\n".join(rows) + "\n"


def _marks(figures: dict[str, Any], *, zh: bool) -> list[str]:
    """Return what became of the marks of review files, and what all of them cost."""
    from planner.outputs.reviews import counts, totals  # noqa: PLC0415 - only a finished run needs it

    found = [f"{word.zh if zh else word.en} {n}" for word, n in counts(figures) if n]
    if not found:
        return []
    told = [(row["part"], row["cost"], row["basis"]) for row in totals(figures)]
    return [
        f"  {'评审标记' if zh else 'marks of reviewers'}: {', '.join(found)}",
        *(
            f"    {part.zh}：{cost.zh}（{basis.zh}）"
            if zh
            else f"    {part.en}: {cost.en} ({basis.en})"
            for part, cost, basis in told
        ),
    ]


def _status(status: str, *, zh: bool) -> str:
    return STATUSES_ZH.get(status, status) if zh else status.replace("_", " ")


def problems_json(rows: list[dict[str, str | int]]) -> str:
    """Return problems as a JSON array."""
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def case_report(report: CaseReport, *, as_json: bool) -> str:
    """Return the report of ``planner check``, as text or as one JSON object."""
    if as_json:
        content = {
            "layers": [asdict(row) for row in report.provenance],
            "figures": report.figures,
            "warnings": [asdict(problem) for problem in report.warnings],
            "rejected_rows": report.rejected_rows.to_dict("records"),
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    rows = ["layers"]
    for layer in report.provenance:
        marks = f"trust {layer.trust}" + (", SYNTHETIC" if layer.synthetic else "")
        rows.append(
            f"  {layer.layer}: {layer.rows_in} rows in, {layer.rows_used} used "
            f"({layer.rows_repaired} repaired), {layer.rows_rejected} rejected; "
            f"{layer.datum}; {layer.date}; {marks}"
        )
        rows.append(f"    {layer.file}  sha256 {layer.sha256[:16]}…  {layer.source}")
        rows += [f"    {note}" for note in layer.notes]
    rows.append("figures")
    rows += [f"  {name.replace('_', ' ')}: {value:,}" for name, value in report.figures.items()]
    rows += [
        f"  rejected: {row.file}, row {row.row}: {row.code} {row.reason}"
        for row in report.rejected_rows.head(SHOWN_PER_KIND).itertuples()
    ]
    rows.append(f"warnings: {len(report.warnings)}")
    rows += [str(problem) for problem in report.warnings]
    return "\n".join(rows) + "\n"


def made_case(made: MadeCase) -> str:
    """Return what a new case holds, what to know about it, and what to type next."""
    rows = [f"{made.folder}"]
    rows += [
        f"  {layer.layer}: {layer.rows_used} rows, {layer.licence}, {layer.date}"
        for layer in made.inputs.provenance
    ]
    rows += [f"  note: {note}" for note in made.notes]
    rows += [str(problem) for problem in made.warnings]
    rows.append(f"next: planner check {made.folder} && planner run {made.folder}")
    return "\n".join(rows) + "\n"


def certificate_text(certificate: Certificate) -> str:
    """Return one line a check and the verdict, failures last so that they are read."""
    rows = [
        f"  {'ok  ' if check.passed else 'FAIL'} {check.check_id}  {check.detail}"
        for check in sorted(certificate.checks, key=lambda check: not check.passed)
    ]
    rows.append("the plan holds" if certificate.passed else "the plan does NOT hold")
    return "\n".join(rows) + "\n"
