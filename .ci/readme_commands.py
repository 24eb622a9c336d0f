"""Prints the shell commands of README.md: ``setup`` the marked set-up block, ``use`` the rest."""

import re
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"^```sh( setup| skip[^\n]*)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)

wanted = sys.argv[1]
for mark, body in BLOCK.findall(README.read_text(encoding="utf-8")):
    kind = mark.strip().split(" ")[0] or "use"
    if kind == wanted:
        sys.stdout.write(body)
