// The marks of this page: kept in the browser between visits, with steps back, told when they change.

const REVIEWER_KEY = "planner-reviewer";
const UNDO_STEPS = 50;
const review = {
  marks: [], conflicts: new Map(), reviewer: "", undo: [], unsaved: 0, stored: true,
  listeners: [],
};

function reviewKey() { return `${REVIEW_FORMAT}:${plan.plan.id}`; }

// A browser may refuse storage at all, or only more of it; the page works on without.
function tryStorage(action) {
  try {
    return { held: true, value: action(window.localStorage) };
  } catch {
    return { held: false, value: null };
  }
}

function loadStored() {
  const { held, value } = tryStorage((storage) => storage.getItem(reviewKey()));
  review.stored = held;
  review.marks = [];
  review.unsaved = 0;
  if (value) {
    try {
      const content = JSON.parse(value);
      review.marks = mergedMarks(content.marks.map(checkedMark));
      review.unsaved = Number(content.unsaved) || 0;
    } catch {
      tell("review_fault_stored");
    }
  }
  review.reviewer = tryStorage((storage) => storage.getItem(REVIEWER_KEY)).value || "";
}

function keepStored() {
  const text = JSON.stringify({ marks: review.marks, unsaved: review.unsaved });
  review.stored = tryStorage((storage) => storage.setItem(reviewKey(), text)).held;
}

function changed() {
  review.conflicts = conflictsOf(review.marks);
  for (const listener of review.listeners) listener();
}

function changeMarks(marks) {
  review.undo.push({ marks: review.marks, unsaved: review.unsaved });
  review.undo = review.undo.slice(-UNDO_STEPS);
  review.marks = mergedMarks(marks);
  review.unsaved += 1;
  keepStored();
  byId("review-told").replaceChildren();
  changed();
}

// `before` is the mark that is edited: the new one takes its place, also where it is about less.
function putMark(mark, before) {
  changeMarks([...review.marks.filter((one) => one !== before), mark]);
}

function removeMark(mark) { changeMarks(review.marks.filter((one) => one !== mark)); }

function undoChange() {
  const before = review.undo.pop();
  if (!before) return;
  review.marks = before.marks;
  review.unsaved += 1;
  keepStored();
  changed();
}

function setReviewer(name) {
  review.reviewer = name.trim().slice(0, 100);
  tryStorage((storage) => storage.setItem(REVIEWER_KEY, review.reviewer));
  changed();
}

function ownMark(target, id) {
  return review.marks.filter((mark) => mark.reviewer === review.reviewer
    && mark.target === target && mark.target_id === id).pop();
}

function markAlready(mark) {
  const key = markKey(mark);
  return review.marks.find((one) => markKey(one) === key);
}

function saveReview(marks, whole) {
  const reviewer = review.reviewer || marks[0].reviewer;
  downloadText(reviewFileName(reviewer), reviewText(marks, reviewer));
  if (whole) review.unsaved = 0;
  keepStored();
  changed();
}

// Each file is read by itself: one that is refused does not keep the others out.
async function loadReviews(files) {
  const told = [];
  const read = [];
  for (const file of files) {
    try {
      if (file.size > REVIEW_LIMITS.bytes) throw new ReviewFault("review_fault_size");
      const { marks, otherPlan } = readReview(await file.text());
      read.push(...marks);
      told.push({ key: otherPlan ? "review_loaded_other" : "review_loaded", file: file.name, n: marks.length });
    } catch (fault) {
      const key = fault instanceof ReviewFault ? fault.key : "review_fault_json";
      told.push({ key, file: file.name, detail: fault.detail || "", bad: true });
    }
  }
  const all = mergedMarks([...review.marks, ...read]);
  if (all.length > REVIEW_LIMITS.marks) told.push({ key: "review_fault_many", file: "", bad: true });
  else if (read.length) changeMarks(all);
  return told;
}

// Another window of the same plan has changed the marks: show what it keeps.
function followStorage() {
  window.addEventListener("storage", (event) => {
    if (event.key !== reviewKey()) return;
    loadStored();
    review.undo = [];
    changed();
  });
  window.addEventListener("beforeunload", (event) => {
    if (review.stored || !review.unsaved) return;
    event.preventDefault();
    event.returnValue = "";
  });
}
