"""Reads the data block of a page back, with the texts of its rows in their place."""

import json
import re

from planner.outputs.map.page import render_map


def data_block(page):
    """Return the data block; popup values and cells of lists are texts again, not places."""
    block = json.loads(re.search(r'id="plan-data">(.*?)</script>', page, re.DOTALL)[1])
    texts = block["texts"]
    for row in rows_of(block):
        row["v"] = [texts[place] for place in row["v"]]
    for listed in block["lists"]:
        for at, head in enumerate(listed["columns"], 1):
            if "number" not in head:
                for row in listed["rows"]:
                    row[at] = None if row[at] is None else texts[row[at]]
    return block


def rows_of(block):
    """Return every row and cell that has values."""
    yield from block["roads"]["rows"]
    for layer in layers_of(block).values():
        yield from layer.get("rows", [])
    for level in block["gaps"]["levels"]:
        for cells in level["views"].values():
            yield from cells


def layers_of(block):
    """Return the layers of every group by their id."""
    return {layer["id"]: layer for group in block["groups"] for layer in group["layers"]}


def block_of(plan):
    """Return the data block of a plan's map."""
    return data_block(render_map(plan.layers, plan.figures))
