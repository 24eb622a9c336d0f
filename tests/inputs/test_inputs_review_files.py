"""Review files: each thing that can be wrong is told with its place; the merge knows no order."""

import itertools
import json
from types import SimpleNamespace

import geopandas as gpd
import pytest
from shapely.geometry import box

from planner.errors import InputError
from planner.inputs import Reviews, merged, read_review_files
from planner.inputs.review_rows import check_targets

SCENARIO = SimpleNamespace(case_id="toy", variant="")
STATION = {"target": "station", "target_id": "p-s1-ac7", "site_id": "s1", "energy": "charging"}


def mark(number, opinion="accept", who="张三", minute=None, **more):
    at = number if minute is None else minute
    return {
        "mark_id": f"m-{number:012x}",
        "opinion": opinion,
        "reviewer": who,
        "marked_at": f"2026-11-22T09:{at:02d}:00Z",
    } | (more or STATION)


def road(number, opinion, segments, who="张三", **more):
    target = "segment" if len(segments) == 1 else "corridor"
    given = {"target": target, "target_id": segments[0], "segment_ids": segments}
    return mark(number, opinion, who, **(given | more))


def content(marks, **more):
    return {
        "format": "planner-review-1",
        "plan": {"id": "00ff", "case_id": "toy", "variant": ""},
        "reviewer": "张三",
        "saved_at": "2026-11-22T10:00:00Z",
        "marks": marks,
    } | more


def save(folder, name, what):
    path = folder / name
    path.write_bytes(what if isinstance(what, bytes) else json.dumps(what).encode())
    return path


def read(folder, what):
    return read_review_files([save(folder, "review-toy.json", what)], SCENARIO)


GOOD = mark(1)
BAD_FILES = [
    # name, content of the file, code, mark, field
    ("empty", b"", "E-FIL-004", "", ""),
    ("not json", b"{", "E-REV-010", "", ""),
    ("GB18030", json.dumps(content([]), ensure_ascii=False).encode("gb18030"), "E-REV-010", "", ""),
    ("UTF-16", json.dumps(content([GOOD])).encode("utf-16"), "E-REV-010", "", ""),
    ("NaN", b'{"format": NaN}', "E-REV-010", "", ""),
    ("half a character", b'{"format": "\\ud800"}', "E-REV-010", "", ""),
    ("a field twice", b'{"format": 1, "format": 2}', "E-REV-010", "", ""),
    ("deep", b"[" * 100_000, "E-REV-010", "", ""),
    ("a list", [], "E-REV-011", "", "format"),
    ("another format", content([], format="planner-review-9"), "E-REV-011", "", "format"),
    ("a web page", b"<!doctype html>", "E-REV-010", "", ""),
    ("another case", content([], plan={"id": "1", "case_id": "x"}), "E-REV-012", "",
     "plan.case_id"),
    ("no marks", {k: v for k, v in content([]).items() if k != "marks"}, "E-REV-013", "", "marks"),
    ("unknown field", content([], extra=1), "E-REV-013", "", "extra"),
    ("unknown field of a mark", content([GOOD | {"x": 1}]), "E-REV-013", "mark 1", "x"),
    ("a mark is no mapping", content([GOOD, 7]), "E-REV-013", "mark 2", "marks"),
    ("no opinion", content([GOOD | {"opinion": "maybe"}]), "E-REV-013", "mark 1", "opinion"),
    ("energy", content([GOOD | {"energy": "petrol"}]), "E-REV-013", "mark 1", "energy"),
    ("blank reviewer", content([GOOD | {"reviewer": "  "}]), "E-REV-013", "mark 1", "reviewer"),
    ("no date", content([GOOD | {"marked_at": "today"}]), "E-REV-013", "mark 1", "marked_at"),
    ("no offset", content([GOOD | {"marked_at": "2026-01-01T00:00"}]), "E-REV-013", "mark 1",
     "marked_at"),
    ("comment too long", content([GOOD | {"comment": "长" * 5001}]), "E-REV-013", "mark 1",
     "comment"),
    ("text for a number", content([GOOD | {"place": ["115", 28]}]), "E-REV-013", "mark 1",
     "place.0"),
    ("degrees", content([GOOD | {"place": [115, 280]}]), "E-REV-013", "mark 1", "place.1"),
    ("no finite number", json.dumps(content([GOOD | {"place": [115, 28.25]}])).replace(
        "28.25", "1e999").encode(), "E-REV-013", "mark 1", "place.1"),
    ("three numbers", content([GOOD | {"place": [115, 28, 3]}]), "E-REV-013", "mark 1", "place"),
    ("odd id", content([GOOD | {"mark_id": "../x"}]), "E-REV-013", "mark 1", "mark_id"),
    ("id twice", content([GOOD, GOOD]), "E-REV-014", "mark 2", "mark_id"),
    ("move without place", content([mark(1, "move")]), "E-REV-016", "mark 1", "place"),
    ("place without move", content([GOOD | {"place": [115.0, 28.0]}]), "E-REV-016", "mark 1",
     "place"),
    ("station without site", content([GOOD | {"site_id": None}]), "E-REV-016", "mark 1", "site_id"),
    ("station without energy", content([GOOD | {"energy": None}]), "E-REV-016", "mark 1", "energy"),
    ("station with segments", content([GOOD | {"segment_ids": ["a"]}]), "E-REV-016", "mark 1",
     "segment_ids"),
    ("road that moves", content([road(1, "move", ["a"]) | {"place": [115.0, 28.0]}]), "E-REV-016",
     "mark 1", "opinion"),
    ("empty corridor", content([road(1, "refuse", ["a", "b"]) | {"segment_ids": []}]), "E-REV-016",
     "mark 1", "segment_ids"),
    ("segment that is another", content([road(1, "refuse", ["a"]) | {"target_id": "b"}]),
     "E-REV-016", "mark 1", "segment_ids"),
    ("road with an energy", content([road(1, "refuse", ["a"]) | {"energy": "swap"}]), "E-REV-016",
     "mark 1", "energy"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "code", "row", "column"), [row[1:] for row in BAD_FILES], ids=[r[0] for r in BAD_FILES]
)
def test_a_bad_file_is_refused_with_code_file_mark_and_field(tmp_path, what, code, row, column):
    with pytest.raises(InputError) as caught:
        read(tmp_path, what)
    found = [problem for problem in caught.value.problems if problem.code == code]
    assert found, caught.value
    assert any(row in each.row and each.column == column for each in found), caught.value
    assert all(each.file == "review-toy.json" and each.remedy for each in found)


def test_every_problem_of_every_file_is_told_at_once(tmp_path):
    one = save(tmp_path, "one.json", content([mark(1, "move"), GOOD | {"energy": "petrol"}]))
    two = save(tmp_path, "two.json", b"{")
    with pytest.raises(InputError) as caught:
        read_review_files([one, two, tmp_path / "none.json"], SCENARIO)
    assert {(row.file, row.code) for row in caught.value.problems} == {
        ("one.json", "E-REV-013"),
        ("two.json", "E-REV-010"),
        ("none.json", "E-FIL-001"),
    }


def test_a_bom_a_long_comment_and_hostile_text_are_read_as_they_are(tmp_path):
    text = "<script>alert(1)</script>${x}`=HYPERLINK()\u202e" + "长" * 4900
    what = content([GOOD | {"comment": text, "name": text}])
    reviews = read(tmp_path, b"\xef\xbb\xbf" + json.dumps(what).encode())
    assert reviews.marks[0].mark.comment == text
    assert reviews.marks[0].mark.name == text


def test_another_plan_or_variant_of_the_case_is_allowed_with_a_warning(tmp_path):
    one = save(tmp_path, "a.json", content([GOOD]))
    other = content([mark(2, who="李四")], plan={"id": "1", "case_id": "toy", "variant": "far"})
    two = save(tmp_path, "b.json", other)
    reviews = read_review_files([one, two, one], SCENARIO)
    assert {row.code for row in reviews.warnings} == {"W-REV-001", "W-REV-002", "W-REV-003"}
    assert [row.n_marks for row in reviews.files] == [1, 1]


def test_unknown_targets_and_places_outside_are_refused_by_mark(tmp_path):
    marks = [
        GOOD,
        road(2, "refuse", ["a", "zz"]),
        mark(3, "move", minute=3, place=[10.0, 10.0], **STATION),
        mark(4, "accept", minute=4, **(STATION | {"site_id": "r-m-1"})),
    ]
    reviews = read(tmp_path, content(marks))
    counties = gpd.GeoDataFrame({"county_id": ["c"]}, geometry=[box(115, 28, 116, 29)], crs=4326)
    with pytest.raises(InputError) as caught:
        check_targets(reviews, SimpleNamespace(counties=counties), ["s1"], ["a"])
    found = {(row.code, row.row, row.column) for row in caught.value.problems}
    assert found == {
        ("E-REV-015", f"m-{2:012x}", "segment_id"),
        ("E-REV-017", f"m-{3:012x}", "place"),
        ("E-REV-015", f"m-{4:012x}", "site_id"),
    }
    assert "earlier review file" in str(caught.value)


def read_all(folder, *files):
    paths = [save(folder, f"{number}.json", content(marks)) for number, marks in enumerate(files)]
    return read_review_files(paths, SCENARIO)


def wishes(found):
    return {
        wish.mark.mark_id[-1]: (wish.lock, set(wish.bans), set(wish.locked), set(wish.banned))
        for wish in found.wishes
    }


def test_the_latest_mark_of_a_reviewer_counts(tmp_path):
    rows = [mark(1, "accept", minute=5), mark(2, "refuse", minute=9)]
    found = merged(read_all(tmp_path, rows).marks)
    assert wishes(found) == {"2": ("", {"charging"}, set(), set())}
    assert found.replaced == {f"1-m-{1:012x}": f"1-m-{2:012x}"}


def test_a_later_mark_on_a_part_takes_that_part(tmp_path):
    every = STATION | {"energy": "all", "target": "site", "target_id": "s1"}
    rows = [
        road(1, "refuse", ["a", "b", "c"]),
        road(2, "include", ["b"]),
        mark(3, "refuse", **every),
        mark(4, "accept", **STATION),
    ]
    found = merged(read_all(tmp_path, rows).marks)
    assert wishes(found) == {
        "1": ("", set(), set(), {"a", "c"}),
        "2": ("", set(), {"b"}, set()),
        "3": ("", {"swap", "truck_swap", "hydrogen"}, set(), set()),
        "4": ("charging", set(), set(), set()),
    }
    assert not found.replaced
    assert not found.clashes


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (mark(1, "accept"), mark(2, "refuse", "李四"), True),
        (mark(1, "accept"), mark(2, "accept", "李四"), False),
        (mark(1, "accept"), mark(2, "refuse", "李四", **(STATION | {"energy": "swap"})), False),
        (mark(1, "accept"), mark(2, "refuse", "李四", **(STATION | {"energy": "all"})), True),
        (mark(1, "include", **(STATION | {"energy": "all"})), mark(2, "refuse", "李四"), False),
        (mark(1, "move", place=[115.0, 28.0], **STATION), mark(2, "refuse", "李四"), True),
        (mark(1, "move", place=[115.0, 28.0], **STATION), mark(2, "accept", "李四"), True),
        (mark(1, "move", place=[115.0, 28.0], **STATION),
         mark(2, "move", "李四", place=[115.1, 28.0], **STATION), True),
        (road(1, "accept", ["a", "b"]), road(2, "refuse", ["b"], "李四"), True),
        (road(1, "accept", ["a", "b"]), road(2, "refuse", ["c"], "李四"), False),
        (road(1, "refuse", ["a", "b"]), road(2, "refuse", ["b"], "李四"), False),
    ],
)  # fmt: skip
def test_marks_of_two_reviewers_that_cannot_both_hold_clash(tmp_path, one, other, clash):
    found = merged(read_all(tmp_path, [one], [other]).marks)
    ids = f"1-m-{1:012x}", f"2-m-{2:012x}"
    assert found.clashes == ({ids[0]: (ids[1],), ids[1]: (ids[0],)} if clash else {})


def test_two_moves_to_one_place_and_copies_count_once(tmp_path):
    move = mark(1, "move", place=[115.0, 28.0], **STATION)
    other = mark(2, "move", "李四", place=[115.0, 28.0], **STATION)
    found = merged(read_all(tmp_path, [move], [move, other]).marks)
    assert len(found.wishes) == 1
    assert set(found.repeated) | {found.wishes[0].log_id} == {
        f"1-m-{1:012x}", f"2-m-{1:012x}", f"2-m-{2:012x}",
    }  # fmt: skip
    assert not found.clashes


def test_one_id_for_two_things_in_two_files_is_refused(tmp_path):
    with pytest.raises(InputError, match="E-REV-014"):
        read_all(tmp_path, [GOOD], [GOOD | {"reviewer": "李四"}])


def test_the_order_of_files_and_marks_changes_nothing(tmp_path):
    rows = [
        mark(1, "accept"), mark(2, "refuse", minute=40), road(3, "refuse", ["a", "b"]),
        road(4, "include", ["b"]), mark(5, "refuse", **(STATION | {"site_id": "s2"})),
    ]  # fmt: skip
    others = [mark(6, "accept", "李四"), road(7, "include", ["a"], "李四")]
    found = set()
    for number, order in enumerate(itertools.permutations(rows)):
        if number % 17:
            continue
        folder = tmp_path / str(number)
        folder.mkdir()
        one = save(folder, "a.json", content(list(order)))
        two = save(folder, "b.json", content(others[:: -1 if number % 2 else 1]))
        paths = [two, one] if number % 2 else [one, two]
        reviews = read_review_files(paths, SCENARIO)
        assert isinstance(reviews, Reviews)
        made = merged(reviews.marks)
        found.add(repr((made.wishes, made.replaced, made.repeated, made.clashes)))
    assert len(found) == 1
