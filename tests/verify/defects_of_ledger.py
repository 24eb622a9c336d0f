"""Defects of the ledgers: what counts, what is closed, and the sums of both."""

from tampering import both, figure, sql

ROADS = ("test_roads",)

DEFECTS_OF_LEDGER = [
    ("cut on the other basis",
     figure(*ROADS, "by_grade", 0, "opened_carriageway_km", value=9.0), "V32"),
    ("cut of a county, equipped",
     figure(*ROADS, "by_county", 0, "equipped_centreline_km", value=9.0), "V32"),
    ("total by carriageway", figure(*ROADS, "opened_carriageway_km", value=9.0), "V32"),
    ("road counts more than it is long",
     sql("UPDATE test_roads SET carriageway_m = carriageway_m + 1 WHERE segment_id = 'h2-1'"),
     "V80"),
    ("centreline counted twice",
     sql("UPDATE test_roads SET centreline_m = 2 * centreline_m WHERE segment_id = 'h2-1'"),
     "V80"),
    ("the other basis counts",
     sql("UPDATE closed_roads SET counted_m = counted_m + 1 WHERE segment_id = 'h0-0'"), "V80"),
    ("basis changed beside the plan",
     figure("settings", *ROADS, "counting_basis", value="carriageway_km"), "V80"),
    ("closed road hidden", sql("DELETE FROM closed_roads WHERE segment_id = 'h0-0'"), "V81"),
    ("road called closed",
     sql("UPDATE closed_roads SET segment_id = 'h1-0' WHERE segment_id = 'h0-0'"), "V81"),
    ("closed in another year",
     sql("UPDATE closed_roads SET closed_year = 2027 WHERE segment_id = 'h0-0'"), "V81"),
    ("closed road of another county",
     sql("UPDATE closed_roads SET county_id = '990102' WHERE segment_id = 'h0-0'"), "V81"),
    ("road still opened, yet closed",
     sql("UPDATE closed_roads SET segment_id = 'h2-0' WHERE segment_id = 'h0-0'"), "V81"),
    ("closing road chosen all the same",
     sql("UPDATE opened_roads SET closed_year = 2027 WHERE opened_id = 'o1'"), "V31"),
    ("closing road not rejected",
     sql("DELETE FROM rejected_segments WHERE segment_id = 'h0-0'"), "V29"),
    ("removal left out", both(
        sql("DELETE FROM ledger WHERE change = 'removed' AND year = 2026"),
        figure(*ROADS, "ledger", value=lambda rows: [
            row for row in rows if (row["change"], row["year"]) != ("removed", 2026)])), "V82"),
    ("removal that adds",
     sql("UPDATE ledger SET opened_km = -opened_km WHERE change = 'removed'"), "V82"),
    ("ledger and figures apart", figure(*ROADS, "ledger", 0, "opened_km", value=9.0), "V82"),
    ("km moved to another year",
     sql("UPDATE ledger SET year = 2027 WHERE year = 2026 AND change = 'added'"), "V82"),
    ("sum of a year", figure(*ROADS, "by_year", -1, "equipped_carriageway_km", value=9.0), "V82"),
    ("year left out", figure(*ROADS, "by_year", value=lambda rows: rows[1:]), "V82"),
]  # fmt: skip
