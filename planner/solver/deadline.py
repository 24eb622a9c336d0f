"""The moment by which all solves of a run must have ended."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock, handed down to every solve of a run."""

    at_s: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Return the deadline that lies so many seconds ahead."""
        return cls(time.monotonic() + seconds)

    def left_s(self) -> float:
        """Return the seconds that are left; 0 once it has passed."""
        return max(0.0, self.at_s - time.monotonic())
