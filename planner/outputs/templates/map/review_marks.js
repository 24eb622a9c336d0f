// Marks: one opinion of one reviewer on one thing. How they are merged, and which cannot both hold.

const REVIEW_FORMAT = "planner-review-1";
const OPINIONS = ["accept", "refuse", "move", "include"];
const TARGETS = ["station", "site", "segment", "corridor"];

function compareText(one, other) { return one < other ? -1 : Number(one > other); }

// Times are compared as times: other programs may write them with other digits.
function byTime(one, other) {
  return Date.parse(one.marked_at) - Date.parse(other.marked_at)
    || compareText(one.mark_id, other.mark_id);
}

// What a mark is about: a site, or segments. A station is its site; a corridor its segments.
function siteOf(mark) { return mark.target === "station" ? mark.site_id : mark.target_id; }
function ofRoad(mark) { return mark.target === "segment" || mark.target === "corridor"; }

function thingsOf(mark) {
  if (!ofRoad(mark)) return [`site ${siteOf(mark)}`];
  return [...new Set(mark.segment_ids)].sort(compareText).map((id) => `segment ${id}`);
}

function markKey(mark) { return JSON.stringify([mark.reviewer, thingsOf(mark), mark.energy || ""]); }

// The latest mark of each reviewer on each thing, oldest first: the same in whatever order.
function mergedMarks(marks) {
  const kept = new Map();
  for (const mark of marks.slice().sort(byTime)) kept.set(markKey(mark), mark);
  return [...kept.values()].sort(byTime);
}

const SAME_PLACE = 1e-6;

function elsewhere(one, other) {
  return one.place.some((value, index) => Math.abs(value - other.place[index]) > SAME_PLACE);
}

// Energies that a mark bans at its site; a move bans its own there and asks for it elsewhere.
function bannedBy(mark) { return mark.opinion === "refuse" || mark.opinion === "move" ? mark.energy : ""; }
function askedBy(mark) { return bannedBy(mark) ? "" : mark.energy; }

function refusedBy(asked, banned) {
  return asked !== "" && banned !== "" && (banned === "all" || banned === asked);
}

// The rules of the run: see docs/review-file.md.
function cannotBoth(one, other) {
  if (ofRoad(one)) return (one.opinion === "refuse") !== (other.opinion === "refuse");
  if (refusedBy(askedBy(one), bannedBy(other)) || refusedBy(askedBy(other), bannedBy(one))) return true;
  const [first, second] = [bannedBy(one), bannedBy(other)];
  const shared = first !== "" && second !== "" && (first === second || first === "all" || second === "all");
  const moves = [one, other].filter((mark) => mark.opinion === "move").length;
  return shared && (moves === 1 || (moves === 2 && elsewhere(one, other)));
}

// For each mark that is in conflict, by its id, the marks of other reviewers against it.
function conflictsOf(marks) {
  const about = new Map();
  for (const mark of marks) {
    for (const thing of thingsOf(mark)) {
      if (!about.has(thing)) about.set(thing, []);
      about.get(thing).push(mark);
    }
  }
  const found = new Map();
  for (const group of about.values()) {
    for (const one of group) {
      for (const other of group) {
        if (one.reviewer === other.reviewer || !cannotBoth(one, other)) continue;
        if (!found.has(one.mark_id)) found.set(one.mark_id, new Set());
        found.get(one.mark_id).add(other);
      }
    }
  }
  return found;
}

function newMarkId() {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return `m-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

// What people wrote is shown with hidden and reordering characters written out, like names.
function visibleText(value) {
  return String(value).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    if (character === "\n") return character;
    return `⟦U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟧`;
  });
}
