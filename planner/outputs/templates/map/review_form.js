// The form of a mark, in a popup or in the list: opinion, what it covers, comment and name.

const OPINION_LOOKS = {
  accept: { glyph: "✓", colour: "#2e7d32" },
  refuse: { glyph: "✗", colour: "#c62828" },
  move: { glyph: "↗", colour: "#e65100" },
  include: { glyph: "+", colour: "#1565c0" },
};

function badge(mark) {
  const made = element("span", "review-badge", OPINION_LOOKS[mark.opinion].glyph);
  made.style.background = OPINION_LOOKS[mark.opinion].colour;
  return made;
}

function opinionWord(opinion) { return word(`review_${opinion}`); }

function energyWord(id) { return plan.review.energies.find((one) => one.id === id).title; }

function localTime(text) {
  const when = new Date(text);
  const two = (value) => String(value).padStart(2, "0");
  return `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())} `
    + `${two(when.getHours())}:${two(when.getMinutes())}`;
}

// The map calls this for every popup of a thing that can be marked.
function markButtons(target, id, row) {
  const subject = subjectOf(target, id, row);
  return subject ? [reviewBox(subject)] : [];
}

function reviewBox(subject) {
  const box = element("div", "review-box");
  keepFromMap(box);
  showChoices(box, subject);
  return box;
}

// Clicks are stopped by hand as well: Leaflet asks where a key stands, and by then it is gone.
function keepFromMap(box) {
  L.DomEvent.disableClickPropagation(box);
  L.DomEvent.disableScrollPropagation(box);
  for (const name of ["click", "keydown"]) box.addEventListener(name, (event) => event.stopPropagation());
}

function fitPopup() {
  const shown = window.planMap._popup;
  if (!shown || !shown.isOpen()) return;
  shown._updateLayout();
  shown._updatePosition();
  shown._adjustPan();
}

function showChoices(box, subject) {
  const keys = subject.opinions.map((opinion) => {
    const made = button(`chip review-${opinion}`, "", () => begin(box, subject, opinion));
    made.append(`${OPINION_LOOKS[opinion].glyph} `, both(opinionWord(opinion)));
    made.dataset.opinion = opinion;
    return made;
  });
  const ids = [[subject.target, subject.id]];
  if (subject.corridor) ids.push(["corridor", subject.corridor.id]);
  const said = review.marks.filter((mark) => ids.some(([target, id]) => (
    mark.target === target && mark.target_id === id)));
  box.replaceChildren(
    ...(subject.notes || []).map((note) => element("p", "review-note", note)),
    element("div", "energies", element("b", "", word("review_opinion")), ...keys),
    ...said.map((mark) => saidLine(mark, subject.target)),
  );
}

function saidLine(mark, target) {
  const line = element("p", "review-said", badge(mark), " ", opinionWord(mark.opinion));
  if (mark.target !== target) line.append(" (", both(word("review_whole_corridor")), ")");
  line.append(` · ${visibleText(mark.reviewer)}`);
  if (mark.comment) line.append(` · ${visibleText(mark.comment)}`);
  return line;
}

function begin(box, subject, opinion) {
  if (opinion === "move") {
    placeAnew(window.planMap, subject);
    return;
  }
  const { comment, energy } = ownMark(subject.target, subject.id) || {};
  box.replaceChildren(markForm(subject, { comment, energy, opinion }, () => {
    showChoices(box, subject);
    fitPopup();
  }));
  fitPopup();
}

// `draft` holds what is known already: the opinion, and the new place. `before` is the mark to edit.
function markForm(subject, draft, done, before) {
  const form = element("form", "review-form");
  const fields = {
    energy: subject.chooses ? energyChoice(draft.energy) : null,
    scope: subject.corridor ? scopeChoice(subject.corridor) : null,
    comment: textField("textarea", "review_comment", draft.comment || "", REVIEW_LIMITS.text),
    reviewer: review.reviewer ? null : textField("input", "review_name", "", 100),
  };
  if (fields.reviewer) Object.assign(fields.reviewer, { required: true, pattern: ".*\\S.*" });
  const head = element("p", "review-head", badge(draft), " ", opinionWord(draft.opinion));
  if (draft.distance) head.append(" ", both(draft.distance));
  const save = element("button", "chip review-save", word("review_put"));
  save.type = "submit";
  const keys = element("div", "energies", save, button("chip", word("review_cancel"), done));
  form.append(head, ...Object.values(fields).filter(Boolean), keys);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submitMark(subject, draft, fields, before);
    done();
  });
  return form;
}

function submitMark(subject, draft, fields, before) {
  if (fields.reviewer) setReviewer(fields.reviewer.value);
  const wide = fields.scope && fields.scope.querySelector("select").value === "corridor";
  const about = wide ? corridorSubject(subject.corridor) : subject;
  const energy = fields.energy ? fields.energy.querySelector("select").value : about.energy;
  putMark(markOf(about, { ...draft, energy, comment: fields.comment.value.trim() }), before);
}

function markOf(subject, said) {
  const mark = {
    mark_id: newMarkId(),
    target: subject.target,
    target_id: subject.id,
    ...(subject.site ? { site_id: subject.site } : {}),
    ...(subject.segments ? { segment_ids: subject.segments.slice() } : {}),
    ...(said.energy ? { energy: said.energy } : {}),
    name: subject.name,
    opinion: said.opinion,
    ...(said.opinion === "move" ? { place: said.place } : {}),
    comment: said.comment.slice(0, REVIEW_LIMITS.text),
    reviewer: review.reviewer,
    marked_at: new Date().toISOString(),
  };
  const already = markAlready(mark);
  return already ? { ...mark, mark_id: already.mark_id } : mark;
}

function textField(tag, hint, value, limit) {
  const made = element(tag, "filter");
  made.value = value;
  made.maxLength = limit;
  made.dataset.hint = hint;
  made.placeholder = spoken(word(hint));
  made.setAttribute("aria-label", spoken(word(hint)));
  return made;
}

function choice(label, options, chosen) {
  const list = element("select", "");
  for (const [value, title] of options) {
    const option = document.createElement("option");
    option.value = value;
    option.textContent = spoken(title);
    option.selected = value === chosen;
    list.append(option);
  }
  return element("label", "review-choice", element("span", "", label), list);
}

function energyChoice(chosen) {
  const options = plan.review.energies.map((one) => [one.id, one.title]);
  return choice(word("review_energy"), options, chosen || "all");
}

function scopeChoice(corridor) {
  const n = corridor.segments.length;
  const name = [zh(corridor.name), en(corridor.name)].map((text) => String(text).slice(0, 40));
  const whole = word("review_whole_corridor").map((text, index) => `${text} ${name[index]} (${n})`);
  return choice(word("review_scope"), [["segment", word("review_this_segment")], ["corridor", whole]], "segment");
}
