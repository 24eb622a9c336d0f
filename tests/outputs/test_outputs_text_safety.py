"""Text from data: visible where it hides, inert where it runs, unchanged where it is plain."""

import html
import json

import pytest
from toy_written_plan import HOSTILE

from planner.outputs.text_safety import json_block, text, visible


@pytest.mark.parametrize("name", HOSTILE)
def test_text_shows_the_name_and_holds_no_active_character(name):
    made = text(name)
    assert html.unescape(made) == visible(name)
    assert not set(made.replace("&#", "").replace(";", "")) & set("<>\"'`${}\\&")


def test_ordinary_names_are_unchanged():
    for name in ("青山湖区", "Rue de l’Église", "G105 (昌南)", "Ünïcödé 🚌"):
        assert visible(name) == name


@pytest.mark.parametrize("code", [0x202E, 0x200B, 0x07, 0x2028, 0x00, 0xFEFF])
def test_characters_that_hide_or_reorder_are_written_out(code):
    assert visible(f"a{chr(code)}b") == f"a⟦U+{code:04X}⟧b"


def test_a_json_block_reads_back_and_cannot_end_its_element():
    block = json_block({"names": HOSTILE})
    assert json.loads(block) == {"names": HOSTILE}
    assert not set(block) & set("<>&\u2028\u2029")


def test_a_json_block_refuses_numbers_that_are_not_finite():
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_block({"gap": float("nan")})
