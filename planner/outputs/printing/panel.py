"""The strip beside a printed map: banner, legend and figures, one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.outputs.printing.fonts import drawn
from planner.outputs.printing.lines_of_text import wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from planner.outputs.printing.sheet import Page

INK, MUTED = "#20262e", "#5f6b7a"
PANEL_BOX = (0.772, 0.085, 0.213, 0.825)


class Panel:
    """The strip beside the map: banner, legend and figures, one below the other.

    Parameters
    ----------
    page
        The page it stands on.
    """

    WIDTH, HEIGHT, LETTERS = 253.0, 694.0, 48

    def __init__(self, page: Page) -> None:
        self._page = page
        self._y = 0.0
        self.axes: Axes = page.figure.add_axes(PANEL_BOX)
        self.axes.set_xlim(0, self.WIDTH)
        self.axes.set_ylim(self.HEIGHT, 0)
        self.axes.axis("off")

    @property
    def used(self) -> float:
        """How much of its height is written on."""
        return self._y

    def banner(self, words: str) -> None:
        """Write a warning in a box that cannot be overlooked."""
        from matplotlib.patches import Rectangle  # noqa: PLC0415

        lines = wrapped(words, self.LETTERS - 4)
        high = 14 * len(lines) + 10
        self.axes.add_patch(
            Rectangle((0, self._y), self.WIDTH, high, facecolor="#fff3cd", edgecolor="#f9a825",
                      linewidth=self._page.points(1.2))
        )  # fmt: skip
        for index, line in enumerate(lines):
            self._text(8, self._y + 13 + 14 * index, line, 10, color="#7a4b00")
        self._y += high + 8

    def heading(self, words: str) -> None:
        """Begin a part of the legend."""
        self._y += 12
        for line in wrapped(words, self.LETTERS - 10):
            self._text(0, self._y + 4, line, 12.5, weight="bold", color=INK)
            self._y += 18

    def marker(self, words: str, **style: Any) -> None:  # noqa: ANN401
        """Explain a symbol of the map; ``style`` is that of :meth:`Axes.scatter`."""
        self.axes.scatter([14], [self._y + 3], clip_on=False, **style)
        self._explained(words)

    def line(self, words: str, **style: Any) -> None:  # noqa: ANN401
        """Explain a line of the map; ``style`` is that of :meth:`Axes.plot`."""
        self.axes.plot([2, 26], [self._y + 3, self._y + 3], clip_on=False, **style)
        self._explained(words)

    def patch(self, words: str, **style: Any) -> None:  # noqa: ANN401
        """Explain an area of the map; ``style`` is that of a patch."""
        from matplotlib.patches import Rectangle  # noqa: PLC0415

        self.axes.add_patch(Rectangle((3, self._y - 3), 22, 12, **style))
        self._explained(words)

    def note(self, words: str) -> None:
        """Write lines of text."""
        for line in wrapped(words, self.LETTERS):
            self._text(0, self._y + 3, line, 10, color=MUTED)
            self._y += 14.5

    def _explained(self, words: str) -> None:
        for line in wrapped(words, self.LETTERS - 8):
            self._text(34, self._y + 3, line, 10.5, color=INK)
            self._y += 16.5

    def _text(self, x: float, y: float, words: str, size: float, **style: Any) -> None:  # noqa: ANN401
        self.axes.text(x, y, drawn(words), fontsize=self._page.points(size), va="center", **style)
