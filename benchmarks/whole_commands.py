"""Times whole commands beside a yardstick in the same run and prints ratios and memory.

Run by hand: ``python benchmarks/whole_commands.py``. The yardstick is ``import geopandas``
in a process of its own, so that figures from noisy machines can be compared.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 3
YARDSTICK = ("-c", "import geopandas")


def measured(arguments: tuple[str, ...], folder: Path) -> tuple[float, float, float]:
    """Run Python with the arguments; return wall s, CPU s and peak memory in MB."""
    start = time.perf_counter()
    with (folder / "printed.txt").open("w") as printed:
        process = subprocess.Popen([sys.executable, *arguments], stdout=printed)
        _, _, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Measure each command ``RUNS`` times, in turn with the yardstick."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = str(folder / "plan")
        commands = {
            "planner --help": ("-m", "planner", "--help"),
            "planner check": ("-m", "planner", "check"),
            "planner run": ("-m", "planner", "run", "--out", plan, "--json"),
            "planner verify": ("-m", "planner", "verify", plan),
        }
        print("| command | wall s | CPU s | peak MB | ratio to the yardstick |")
        print("| --- | --- | --- | --- | --- |")
        for title, arguments in commands.items():
            rows = [(measured(YARDSTICK, folder), measured(arguments, folder)) for _ in range(RUNS)]
            wall, cpu, peak = (statistics.median(row[1][part] for row in rows) for part in range(3))
            ratio = statistics.median(row[1][0] / row[0][0] for row in rows)
            print(f"| {title} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()
