"""A printed map: its page, its frame, and what a map must carry beside what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.outputs.printing.fonts import drawn, families
from planner.outputs.printing.lines_of_text import wrapped
from planner.outputs.printing.panel import INK, MUTED, PANEL_BOX, Panel
from planner.outputs.wording import Both

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

A3_INCHES = (16.54, 11.69)
PAPERS = {"A3": 1.0, "A4": 0.7071}
"""How large a page is beside an A3 page; everything on it scales alike."""

MAP_BOX = (0.015, 0.085, 0.745, 0.825)
LEAST_BELOW = 0.2
"""Share of the page's height from which on there is room for a chart under maps."""

TARGET_BAR = 0.22
"""Share of a map's width that the scale bar is nearest to."""


@dataclass(frozen=True)
class Furniture:
    """What every map of a plan carries, in the language it is printed in."""

    title: str
    subtitle: str
    banner: Sequence[str]
    foot: Sequence[str]
    approval: str
    internal: bool


class Page:
    """A page to draw a map on: axes in metres, a panel for the legend, title and foot.

    Parameters
    ----------
    furniture
        Title, banner and foot.
    lang
        ``"zh"`` or ``"en"``.
    paper
        ``"A3"`` or ``"A4"``, across.
    """

    def __init__(self, furniture: Furniture, *, lang: str, paper: str) -> None:
        from matplotlib.figure import Figure  # noqa: PLC0415 - seconds that only printing pays

        self.scale, self.lang = PAPERS[paper], lang
        size = (A3_INCHES[0] * self.scale, A3_INCHES[1] * self.scale)
        self.figure: Figure = Figure(figsize=size)
        self._furnish(furniture)
        self.panel = Panel(self)
        for line in furniture.banner:
            self.panel.banner(line)

    def say(self, words: Both) -> str:
        """Return a text in the language of the page."""
        return words.en if self.lang == "en" else words.zh

    def points(self, size: float) -> float:
        """Return a size of type or line, given for A3, on this paper."""
        return size * self.scale

    def text(self, at: tuple[float, float], words: str, size: float, **style: Any) -> None:  # noqa: ANN401
        """Write text at a place of the page, given as shares of its width and height."""
        self.figure.text(*at, drawn(words), fontsize=self.points(size), **style)

    def _furnish(self, furniture: Furniture) -> None:
        self.text((0.015, 0.958), furniture.title, 24, weight="bold", color=INK, va="center")
        self.text((0.015, 0.925), furniture.subtitle, 12, color=MUTED, va="center")
        ink = "#a5281b" if furniture.internal else INK
        self.text((0.985, 0.958), furniture.approval, 13, color=ink, va="center", ha="right")
        lines = [row for line in furniture.foot for row in wrapped(line, 196)]
        for index, line in enumerate(lines[:5]):
            self.text((0.015, 0.066 - 0.0135 * index), line, 8.5, color=MUTED, va="center")

    def map_axes(self, bounds: Sequence[float], part: tuple[int, int] = (0, 1)) -> Axes:
        """Return axes in metres that show at least the bounds, with scale bar and north arrow.

        Parameters
        ----------
        bounds
            West, south, east and north in metres of the metric CRS.
        part
            Which of how many maps side by side it is.
        """
        left, bottom, width, height = MAP_BOX
        index, count = part
        room = width / count - (0.006 if count > 1 else 0)
        tall = height if count == 1 else min(height, self.tall_of(bounds, room))
        axes = self._axes_at(
            (left + index * width / count, bottom + height - tall, room, tall), bounds
        )
        self._scale_bar(axes)
        self._north(axes)
        return axes

    @staticmethod
    def tall_of(bounds: Sequence[float], room: float) -> float:
        """Return how tall a map of some bounds is in a width, both as shares of the page."""
        west, south, east, north = bounds
        shape = max(north - south, 1.0) / max(east - west, 1.0)
        return room * A3_INCHES[0] * max(shape, 0.6) / A3_INCHES[1]

    def below(
        self, bounds: Sequence[float], count: int
    ) -> tuple[float, float, float, float] | None:
        """Return the box left under maps side by side; None where there is little room."""
        left, bottom, width, height = MAP_BOX
        left_over = height - self.tall_of(bounds, width / count - 0.006)
        if left_over < LEAST_BELOW:
            return None
        return left + 0.09, bottom + 0.01, width - 0.14, left_over - 0.06

    def inset(self, bounds: Sequence[float]) -> Axes | None:
        """Return axes for a small map at the foot of the panel; None where it has no room."""
        room = self.panel.HEIGHT - self.panel.used - 30
        if room < self.panel.WIDTH * 0.45:
            return None
        left, bottom, width, height = PANEL_BOX
        tall = min(height * room / self.panel.HEIGHT, width * A3_INCHES[0] / A3_INCHES[1])
        return self._axes_at((left, bottom, width, tall), bounds)

    def _axes_at(self, box: tuple[float, float, float, float], bounds: Sequence[float]) -> Axes:
        axes: Axes = self.figure.add_axes(box)
        shape = box[2] * A3_INCHES[0] / (box[3] * A3_INCHES[1])
        west, south, east, north = _widened(bounds, shape)
        axes.set_xlim(west, east)
        axes.set_ylim(south, north)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_facecolor("#eef2f5")
        for spine in axes.spines.values():
            spine.set_color(INK)
            spine.set_linewidth(self.points(1.1))
        return axes

    def _scale_bar(self, axes: Axes) -> None:
        from matplotlib.patches import Rectangle  # noqa: PLC0415

        (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
        metres = round_length((east - west) * TARGET_BAR)
        x, y = west + (east - west) * 0.03, south + (north - south) * 0.03
        tall = (north - south) * 0.007
        axes.add_patch(
            Rectangle(
                (x - metres * 0.08, y - 2.2 * tall),
                metres * 1.12 + (east - west) * 0.085,
                tall * 7.4,
                facecolor="#ffffffd8",
                edgecolor="none",
                zorder=90,
            )
        )
        for part in range(4):
            axes.add_patch(
                Rectangle(
                    (x + part * metres / 4, y),
                    metres / 4,
                    tall,
                    facecolor=INK if part % 2 == 0 else "#fff",
                    edgecolor=INK,
                    linewidth=self.points(0.7),
                    zorder=91,
                )
            )
        unit = self.say(Both("公里", "km"))
        for share, words in (
            (0.0, "0"),
            (0.5, f"{metres / 2000:g}"),
            (1.0, f"{metres / 1000:g} {unit}"),
        ):
            axes.text(
                x + metres * share,
                y + tall * 1.7,
                drawn(words),
                fontsize=self.points(9.5),
                ha="center" if share < 1 else "left",
                color=INK,
                zorder=92,
            )

    def _north(self, axes: Axes) -> None:
        axes.annotate(
            self.say(Both("北", "N")),
            xy=(0.965, 0.975),
            xytext=(0.965, 0.905),
            xycoords="axes fraction",
            ha="center",
            va="center",
            fontsize=self.points(13),
            color=INK,
            arrowprops={"facecolor": INK, "edgecolor": INK, "width": self.points(3.0),
                        "headwidth": self.points(11), "headlength": self.points(12)},
            zorder=92,
        )  # fmt: skip


@contextmanager
def drawing() -> Iterator[None]:
    """Draw with fonts that have Chinese characters, no formulas in text, and equal bytes.

    Raises
    ------
    OutputError
        If no font with Chinese characters is installed.
    """
    import matplotlib as mpl  # noqa: PLC0415

    settings: dict[Any, Any] = {
        "font.family": list(families()),
        "text.parse_math": False,
        "text.usetex": False,
        "axes.unicode_minus": False,
        "svg.fonttype": "path",
        "svg.hashsalt": "planner",
        "path.simplify": True,
        "agg.path.chunksize": 10_000,
    }
    with mpl.rc_context(settings):
        yield


def _widened(bounds: Sequence[float], ratio: float) -> tuple[float, float, float, float]:
    """Return bounds with a margin, widened to the shape of their page."""
    west, south, east, north = bounds
    width, height = max(east - west, 1.0) * 1.06, max(north - south, 1.0) * 1.06
    if width / height < ratio:
        width = height * ratio
    else:
        height = width / ratio
    x, y = (west + east) / 2, (south + north) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def round_length(metres: float) -> float:
    """Return the greatest of 1, 2 or 5 times a power of ten that is not longer.

    Examples
    --------
    >>> [round_length(value) for value in (480.0, 23_000.0, 5_000.0)]
    [200.0, 20000.0, 5000.0]
    """
    power = 1.0
    while power * 10 <= metres:
        power *= 10
    return next(part * power for part in (5.0, 2.0, 1.0) if part * power <= max(metres, 1.0))
