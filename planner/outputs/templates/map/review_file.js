// The review file: written for a download, and read as what it is, input that nobody vouches for.

const REVIEW_LIMITS = { bytes: 5 * 1024 * 1024, marks: 10000, text: 5000, segments: 10000 };

class ReviewFault extends Error {
  constructor(key, detail = "") {
    super(key);
    this.key = key;
    this.detail = detail;
  }
}

function demand(holds, detail) {
  if (!holds) throw new ReviewFault("review_fault_mark", detail);
}

function isText(value, atLeast = 0) {
  return typeof value === "string" && value.length >= atLeast && value.length <= REVIEW_LIMITS.text;
}

function isPlace(value) {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite)
    && Math.abs(value[0]) <= 180 && Math.abs(value[1]) <= 90;
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

function isTime(value) { return isText(value) && MOMENT.test(value) && Number.isFinite(Date.parse(value)); }

function isIds(value) {
  return Array.isArray(value) && value.length > 0 && value.length <= REVIEW_LIMITS.segments
    && value.every((id) => isText(id, 1));
}

// One mark with exactly the fields of the format; anything else a file holds is left behind.
function checkedMark(raw, number) {
  const at = (field) => `marks[${number}].${field}`;
  demand(raw !== null && typeof raw === "object" && !Array.isArray(raw), `marks[${number}]`);
  demand(isText(raw.mark_id) && /^[A-Za-z0-9_-]{1,60}$/.test(raw.mark_id), at("mark_id"));
  demand(TARGETS.includes(raw.target), at("target"));
  demand(OPINIONS.includes(raw.opinion), at("opinion"));
  demand(isText(raw.target_id, 1), at("target_id"));
  demand(isText(raw.reviewer) && raw.reviewer.trim() !== "", at("reviewer"));
  demand(isTime(raw.marked_at), at("marked_at"));
  for (const field of ["comment", "name"]) demand(!raw[field] || isText(raw[field]), at(field));
  const { mark_id, target, target_id, opinion, marked_at } = raw;
  return {
    mark_id, target, target_id, ...checkedTarget(raw, at), name: raw.name || target_id, opinion,
    ...(opinion === "move" ? { place: checkedPlace(raw, at) } : {}),
    comment: raw.comment || "", reviewer: raw.reviewer.trim(), marked_at,
  };
}

function checkedTarget(raw, at) {
  if (raw.target === "segment" || raw.target === "corridor") {
    const alone = raw.target === "segment" && !raw.segment_ids;
    const segments = alone ? [raw.target_id] : raw.segment_ids;
    demand(isIds(segments), at("segment_ids"));
    return { segment_ids: segments.slice() };
  }
  const { energy } = raw;
  demand(plan.review.energies.some((one) => one.id === energy), at("energy"));
  if (raw.target === "site") return { energy };
  demand(isText(raw.site_id, 1), at("site_id"));
  return { site_id: raw.site_id, energy };
}

function checkedPlace(raw, at) {
  demand(raw.target === "station", at("opinion"));
  demand(isPlace(raw.place), at("place"));
  return raw.place.slice();
}

// The marks of a file, and whether they were made on another version of this plan.
function readReview(text) {
  const content = parsedReview(text);
  const { case_id, id } = content.plan;
  if (case_id !== plan.plan.case_id) throw new ReviewFault("review_fault_case", String(case_id).slice(0, 80));
  if (content.marks.length > REVIEW_LIMITS.marks) throw new ReviewFault("review_fault_many");
  const marks = content.marks.map(checkedMark);
  const ids = new Set(marks.map((mark) => mark.mark_id));
  if (ids.size !== marks.length) throw new ReviewFault("review_fault_twice");
  return { marks, otherPlan: id !== plan.plan.id };
}

function parsedReview(text) {
  let content = null;
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new ReviewFault("review_fault_json");
  }
  if (content === null || typeof content !== "object" || content.format !== REVIEW_FORMAT) {
    throw new ReviewFault("review_fault_format");
  }
  const { plan: about } = content;
  if (about === null || typeof about !== "object" || !Array.isArray(content.marks)) {
    throw new ReviewFault("review_fault_format");
  }
  return content;
}

function reviewText(marks, reviewer) {
  const { id, case_id, variant } = plan.plan;
  const content = {
    format: REVIEW_FORMAT, plan: { id, case_id, variant }, reviewer,
    saved_at: new Date().toISOString(), marks,
  };
  return `${JSON.stringify(content, null, 1)}\n`;
}

function safeName(value) {
  return value.replace(/[^\p{L}\p{N}-]+/gu, "_").slice(0, 40) || "_";
}

function reviewFileName(reviewer) {
  const now = new Date();
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, "0")).join("-");
  return `review-${safeName(plan.plan.case_id)}-${safeName(reviewer)}-${day}.json`;
}

function downloadText(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = element("a", "");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
