"""Lends the comparison tests the hand-made plan of the output tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "outputs"))
