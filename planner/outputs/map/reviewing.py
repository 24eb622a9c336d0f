"""What the review in the page needs beyond its words: energies that a mark can be about."""

from __future__ import annotations

from planner.layers import ENERGIES
from planner.outputs.map.feature_layers import Json, pair
from planner.outputs.wording import word_of


def review_content() -> Json:
    """Return the review's part of the page's data block.

    A mark on a site is about one energy or about all; the page takes both from here, for
    its form and for the files that it reads.
    """
    energies = [{"id": key, "title": pair(word_of("energy", key))} for key in ENERGIES]
    return {"energies": [*energies, {"id": "all", "title": pair(word_of("review_energy", "all"))}]}
