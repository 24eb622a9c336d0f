// The tab of the review: who reviews, every mark in a list, and the file that carries them.

const listing = { opinion: "", reviewer: "", disputed: false, sort: "time", shown: 200, editing: "" };
const REVIEW_PAGE = 200;
const REVIEW_SORTS = {
  time: (one, other) => byTime(other, one),
  name: (one, other) => one.name.localeCompare(other.name, "zh"),
  opinion: (one, other) => OPINIONS.indexOf(one.opinion) - OPINIONS.indexOf(other.opinion) || byTime(other, one),
  reviewer: (one, other) => compareText(one.reviewer, other.reviewer) || byTime(other, one),
};

function filled(key, values) {
  return word(key).map((text) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]));
}

// What reading files came to; it stands until the marks change again.
function tell(key, values = {}, bad = true) {
  const line = element("p", bad ? "review-bad" : "review-good", filled(key, values));
  byId("review-told").append(line);
}

function fillReviewTab(map) {
  const tab = byId("tab-review");
  const parts = ["review-who", "review-keys", "review-told", "review-state", "review-filters", "review-list"];
  const help = element("p", "review-help", word("review_help"));
  help.id = "review-help";
  tab.append(help, ...parts.map((id) => {
    const made = element("div", "");
    made.id = id;
    return made;
  }));
  fillWho();
  fillKeys(map);
}

function fillWho() {
  const name = textField("input", "review_name", review.reviewer, 100);
  name.id = "reviewer-name";
  name.addEventListener("change", () => setReviewer(name.value));
  byId("review-who").append(element("label", "", element("b", "", word("review_reviewer")), name));
}

function fillKeys(map) {
  const input = element("input", "");
  Object.assign(input, { type: "file", multiple: true, accept: ".json,application/json", hidden: true, id: "review-files" });
  input.addEventListener("change", async () => {
    byId("review-told").replaceChildren();
    const told = await loadReviews([...input.files]);
    for (const { key, bad, ...values } of told) tell(key, { detail: "", ...values, file: visibleText(values.file) }, Boolean(bad));
    input.value = "";
  });
  const keys = {
    save: () => saveReview(review.marks, true),
    mine: () => saveReview(review.marks.filter((mark) => mark.reviewer === review.reviewer), false),
    load: () => input.click(),
    pick: (key) => (placing.stop && key.getAttribute("aria-pressed") === "true" ? placing.stop() : includeRoads(map, key)),
    undo: undoChange,
  };
  const row = element("div", "energies");
  for (const [name, action] of Object.entries(keys)) {
    const key = button("chip", word(`review_${name}`), () => action(key));
    key.id = `review-${name}`;
    row.append(key);
  }
  byId("review-keys").append(row, input);
}

function refreshReview(map) {
  byId("reviewer-name").value = review.reviewer;
  const mine = review.marks.filter((mark) => mark.reviewer === review.reviewer).length;
  byId("review-help").hidden = review.marks.length > 0;
  byId("review-save").disabled = review.marks.length === 0;
  byId("review-mine").hidden = mine === 0 || mine === review.marks.length;
  byId("review-undo").hidden = review.undo.length === 0;
  showState();
  showFilters(map);
  showMarks(map);
}

function showState() {
  const n = review.marks.length;
  const lines = [];
  if (!review.stored) lines.push(element("p", "review-bad", word("review_not_stored")));
  const wait = review.stored ? "review_unsaved" : "review_unsaved_only";
  if (!n) lines.push(element("p", "about", word("review_none")));
  else lines.push(element("p", review.unsaved ? "review-wait" : "review-good", word(review.unsaved ? wait : "review_saved")));
  if (review.conflicts.size) lines.push(element("p", "review-bad", filled("review_conflicts", { n: review.conflicts.size })));
  byId("review-state").replaceChildren(...lines);
  const tab = document.querySelector("[data-tab='review']");
  tab.replaceChildren(both(word("review")), n ? ` ${n}` : "");
}

function showFilters(map) {
  const again = () => { listing.shown = REVIEW_PAGE; refreshReview(map); };
  const count = (test) => review.marks.filter(test).length;
  const chips = OPINIONS.map((opinion) => {
    const made = button("chip", "", () => { listing.opinion = listing.opinion === opinion ? "" : opinion; again(); });
    made.append(`${OPINION_LOOKS[opinion].glyph} `, both(opinionWord(opinion)), ` ${count((mark) => mark.opinion === opinion)}`);
    made.setAttribute("aria-pressed", String(listing.opinion === opinion));
    return made;
  });
  if (review.conflicts.size) {
    const made = button("chip", "", () => { listing.disputed = !listing.disputed; again(); });
    made.append("! ", both(word("review_disputed")), ` ${review.conflicts.size}`);
    made.setAttribute("aria-pressed", String(listing.disputed));
    chips.push(made);
  } else listing.disputed = false;
  const names = [...new Set(review.marks.map((mark) => mark.reviewer))].sort(compareText);
  if (!names.includes(listing.reviewer)) listing.reviewer = "";
  const who = choice(word("review_reviewer"), [["", word("review_everyone")], ...names.map((name) => [name, visibleText(name).slice(0, 40)])], listing.reviewer);
  who.addEventListener("change", (event) => { listing.reviewer = event.target.value; again(); });
  const order = choice(word("review_sort"), Object.keys(REVIEW_SORTS).map((key) => [key, word(`review_by_${key}`)]), listing.sort);
  order.addEventListener("change", (event) => { listing.sort = event.target.value; again(); });
  byId("review-filters").hidden = review.marks.length === 0;
  byId("review-filters").replaceChildren(element("div", "energies", ...chips), element("div", "review-selects", who, order));
}

function showMarks(map) {
  const wanted = review.marks.filter((mark) => (!listing.opinion || mark.opinion === listing.opinion)
    && (!listing.reviewer || mark.reviewer === listing.reviewer)
    && (!listing.disputed || review.conflicts.has(mark.mark_id))).sort(REVIEW_SORTS[listing.sort]);
  const rows = wanted.slice(0, listing.shown).map((mark) => markRow(map, mark));
  if (wanted.length > listing.shown) {
    rows.push(button("chip", word("review_more"), () => { listing.shown += REVIEW_PAGE; showMarks(map); }));
  }
  byId("review-list").replaceChildren(...rows);
}

function markRow(map, mark) {
  const subject = subjectOfMark(mark);
  const name = element("div", "name", visibleText(mark.name).slice(0, 200));
  const note = element("div", "note", opinionWord(mark.opinion));
  if (mark.energy) note.append(" · ", both(energyWord(mark.energy)));
  if (mark.target === "corridor") note.append(" · ", both(word("review_whole_corridor")));
  note.append(` · ${visibleText(mark.reviewer)} · ${localTime(mark.marked_at)}`);
  const texts = element("div", "texts", name, note);
  if (!subject) texts.append(element("div", "review-bad", word("review_unknown")));
  for (const other of review.conflicts.get(mark.mark_id) || []) {
    texts.append(element("div", "review-bad", "! ", word("review_against"), ` ${visibleText(other.reviewer)}: `, opinionWord(other.opinion)));
  }
  if (mark.comment) texts.append(element("div", "review-comment", visibleText(mark.comment)));
  const fly = button("review-entry", badge(mark), () => flyToMark(map, mark));
  fly.append(texts);
  const keys = element("div", "review-row-keys");
  const form = element("div", "");
  if (subject && mark.reviewer === review.reviewer) {
    keys.append(button("chip", word("review_edit"), () => {
      const close = () => form.replaceChildren();
      form.replaceChildren(markForm({ ...subject, corridor: null }, mark, close, mark));
    }));
  }
  keys.append(button("chip", word("review_delete"), () => removeMark(mark)));
  const made = element("div", "review-row", fly, keys, form);
  made.classList.toggle("disputed", review.conflicts.has(mark.mark_id));
  return made;
}
