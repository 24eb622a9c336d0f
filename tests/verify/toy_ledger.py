"""The ledgers of the toy city, worked out here: both bases, closed roads, every cut."""

import pandas as pd

BASES = {"": "counted_m", "centreline_": "centreline_m", "carriageway_": "carriageway_m"}
KM = [f"{book}_{basis}km" for basis in BASES for book in ("opened", "equipped")]
CLOSED = {"h0-0": (2021, 2026), "h0-1": (2018, 2020)}
REASONS = {"h0-0": "no test road from 2026 on"}
KEYS = ["year", "change", "county_id", "jurisdiction_id", "road_class", "complexity_grade"]


def with_both_bases(roads):
    """Return the roads with what they count: one-way roads half, as one of two carriageways."""
    half = roads["length_m"].where(~roads["oneway"], roads["length_m"] / 2).round(3)
    return roads.assign(
        centreline_id="c-" + roads["segment_id"], centreline_m=half, counted_m=half,
        carriageway_m=roads["length_m"],
    )  # fmt: skip


def centreline_layer(segments):
    """Return a centreline a segment; a one-way road has its opposite beside it."""
    both = with_both_bases(segments)
    columns = ["centreline_id", "from_node", "to_node", "centreline_m", "carriageway_m", "geometry"]
    return both[columns].assign(
        kind=both["oneway"].map({True: "carriageway", False: "single"}), n_segments=1,
        segment_ids=both["segment_id"],
    )  # fmt: skip


def closed_layer(segments):
    rows = with_both_bases(segments[segments["segment_id"].isin(CLOSED)]).reset_index(drop=True)
    years = pd.DataFrame([CLOSED[key] for key in rows["segment_id"]])
    return rows.assign(complexity_grade=1, opened_year=years[0], closed_year=years[1])


def opened_rows(opened, shape):
    """Return the opened roads, and those of them that are closed, each a line of its own."""
    stays = opened.assign(opened_on="2024-06-30", closed_year=float("nan"))
    closing = [
        stays.iloc[:1].assign(
            opened_id=f"o-{key}", name=None, opened_year=start, opened_on=None,
            closed_year=float(end), geometry=[shape(key)],
        )
        for key, (start, end) in CLOSED.items()
    ]  # fmt: skip
    return pd.concat([stays, *closing], ignore_index=True)


def ledger_layer(roads, closed):
    rows = {}

    def enter(frame, year, change, book, sign):
        for row in frame.to_dict("records"):
            key = (int(row[year]), change, *(row[name] for name in KEYS[2:]))
            mine = rows.setdefault(key, dict.fromkeys(KM, 0.0))
            for basis, column in BASES.items():
                mine[f"{book}_{basis}km"] += sign * row[column] / 1000

    enter(roads, "stage_year", "added", "opened", 1)
    enter(roads[roads["equipped"]], "equipped_year", "added", "equipped", 1)
    enter(closed, "opened_year", "added", "opened", 1)
    enter(closed, "closed_year", "removed", "opened", -1)
    return pd.DataFrame(
        [
            dict(zip(KEYS, key, strict=True)) | {name: round(km, 6) for name, km in row.items()}
            for key, row in sorted(rows.items(), key=lambda item: tuple(map(str, item[0])))
        ]
    )


def ends(ledger):
    total, rows = dict.fromkeys(KM, 0.0), []
    for year in sorted(set(ledger["year"])):
        mine = ledger[ledger["year"] == year]
        total = {name: round(km + float(mine[name].sum()), 6) for name, km in total.items()}
        rows.append({"year": int(year)} | total)
    return rows


def totals(roads):
    fitted = roads[roads["equipped"]]
    return {
        f"{book}_{basis}km": round(float(rows[column].sum()) / 1000, 6)
        for basis, column in BASES.items()
        for book, rows in (("opened", roads), ("equipped", fitted))
    }


def cut(roads, key):
    rows = []
    for value, group in roads.groupby(key):
        rows.append({key: getattr(value, "item", lambda value=value: value)()} | totals(group))
    return rows


def named_cut(roads, key, owners):
    found = {row[key]: row for row in cut(roads, key)}
    return [
        {key: owner, "name": name} | (found.get(owner) or dict.fromkeys(KM, 0.0))
        for owner, name in zip(owners[key], owners["name"], strict=True)
    ]
