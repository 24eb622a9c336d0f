"""Defects of the review log, and of what is asked of a plan in review files."""

from tampering import both, figure, sql

OF_LOG = "UPDATE review_log SET {} WHERE log_id = '{}'"


def logged(log_id, change):
    return sql(OF_LOG.format(change, log_id))


DEFECTS_OF_MARKS = [
    ("mark left out of the log", sql("DELETE FROM review_log WHERE log_id = '2-m6'"), "V94"),
    ("mark of another file", logged("1-m4", "file = 'review-toy-b.json'"), "V94"),
    ("mark of no file", logged("1-m4", "log_id = '3-m4'"), "V94"),
    ("id of another mark", logged("1-m4", "mark_id = 'm77'"), "V94"),
    ("review file not declared", figure("inputs", value=lambda rows: rows[:-1]), "V94"),
    ("review file swapped", figure("reviews", "files", 0, "sha256", value="0" * 64), "V94"),
    ("marks miscounted", figure("reviews", "n_marks", value=7), "V94"),
    ("outcomes miscounted", figure("reviews", "by_outcome", "honoured", value=4), "V94"),
    ("marks of a file miscounted", figure("reviews", "files", 1, "n_marks", value=3), "V94"),
    ("honoured, but no station", both(
        sql("DELETE FROM stations WHERE site_id = 'j-32' AND energy = 'charging'")), "V95"),
    ("honoured, but no test road", sql("DELETE FROM test_roads WHERE segment_id = 'h2-1'"), "V95"),
    ("honoured, but chosen", sql(
        "UPDATE test_roads SET segment_id = 'v0-3' WHERE segment_id = 'h2-4'"), "V95"),
    ("honoured, but never asked", sql("DELETE FROM road_reviews WHERE segment_id = 'h2-1'"), "V95"),
    ("called not honoured", logged("1-m4", "outcome = 'not_honoured', cost_basis = 'none'"), "V95"),
    ("no reason", logged("2-m6", "reason_zh = ' '"), "V95"),
    ("nothing to do, but not there", logged("2-m7", "segment_ids = 'h2-1'"), "V95"),
    ("replaced by an earlier mark", logged("1-m8", "marked_at = '2026-11-22T09:59:00Z'"), "V95"),
    ("replaced by nothing", logged("1-m8", "against = '1-m99'"), "V95"),
    ("set aside alone", logged("2-m3", "against = NULL"), "V96"),
    ("set aside for a mark elsewhere", logged("1-m2", "site_id = 'c1'"), "V96"),
    ("set aside for an equal mark", logged("2-m3", "opinion = 'accept', energy = 'charging'"),
     "V96"),
    ("set aside for a review of another energy", logged("2-m9", "energy = 'charging'"), "V96"),
    ("asked by no mark", sql("UPDATE road_reviews SET review_id = '9-m4.1'"
                             " WHERE segment_id = 'h2-1'"), "V97"),
    ("another site than the mark", sql("UPDATE reviews SET site_id = 'c1'"
                                       " WHERE review_id = '1-m1.1'"), "V97"),
    ("set aside, yet asked", sql("UPDATE reviews SET review_id = '1-m2.1', site_id = 't-tw2'"
                                 " WHERE review_id = '1-m1.1'"), "V97"),
    ("another reviewer", sql("UPDATE road_reviews SET reviewer = 'B'"), "V97"),
    ("moved nowhere", logged("1-m1", "opinion = 'move', lon = 115.8, lat = 28.6"), "V97"),
    ("replaced station called free", logged("1-m1", "target_id = 'p-j-32-ac7'"), "V98"),
    ("standing station called replaced", logged(
        "1-m1", "cost_basis = 'site_only', cost_proved = 0"), "V98"),
    ("refused segments miscounted", figure("test_roads", "n_refused_segments", value=9), "V29"),
    ("cost hidden", logged("1-m4", "worth_lost = 0"), "V98"),
    ("cost below nothing", logged("1-m4", "worth_lost = -1"), "V98"),
    ("free mark with a cost", logged("1-m5", "worth_lost = 1"), "V98"),
    ("cost of another kind", logged("1-m4", "capital_cny = 1"), "V98"),
    ("cost of a mark set aside", logged("1-m2", "cost_basis = 'solved'"), "V98"),
    ("cost found within the gap called proved", logged(
        "1-m4", "cost_proved = 1, worth_lost = 0, cost_basis = 'within_gap'"), "V98"),
    ("cost of all hidden", figure("reviews", "test_roads", "costs", "worth_lost", value=0.0),
     "V98"),
    ("plan with the marks understated", figure(
        "reviews", "stations", "with", "capital_cny", value=1.0), "V98"),
    ("cost of all left out", figure("reviews", "test_roads", value=None), "V98"),
    ("cost within the gap shown", figure(
        "reviews", "stations", "costs", "capital_cny", value=5.0), "V98"),
]  # fmt: skip
