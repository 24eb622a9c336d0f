// What can be said about each thing on the map: its identity, its place, and the opinions that fit.

const subjects = { rows: new Map(), corridors: new Map(), roads: new Map() };

function indexSubjects() {
  for (const layer of plan.groups.flatMap((group) => group.layers)) {
    if (!layer.target) continue;
    for (const row of rowsOf(layer).rows) {
      const key = `${layer.target} ${row.i}`;
      if (!subjects.rows.has(key)) subjects.rows.set(key, { layer, row });
    }
  }
  for (const corridor of plan.corridors) {
    subjects.corridors.set(corridor.id, corridor);
    for (const id of corridor.segments) subjects.roads.set(id, corridor);
  }
}

// The thing behind a popup, or null where there is nothing to decide: what stands already stays.
function subjectOf(target, id, row) {
  if (target === "corridor") return corridorSubject(subjects.corridors.get(id));
  const found = subjects.rows.get(`${target} ${id}`);
  if (target === "station") return found ? stationSubject(id, found) : null;
  if (target === "site") return found ? siteSubject(id, found) : null;
  if (target === "segment") return segmentSubject(id, row || (found && found.row), found);
  return null;
}

function stationSubject(id, { layer, row }) {
  const kind = layer.id.split("-")[0];
  const opinions = { planned: ["accept", "refuse", "move"], changed: ["accept", "refuse"] }[kind];
  if (!opinions) return null;
  return {
    target: "station", id, name: nameOf(row), site: row.s, energy: row.e, opinions,
    at: decode(row.g)[0],
  };
}

function siteSubject(id, { layer, row }) {
  return {
    target: "site", id, name: nameOf(row), chooses: true, opinions: ["include", "refuse"],
    at: decode(row.g)[0], notes: layer.id.startsWith("rejected") ? [word("review_rejected_site")] : [],
  };
}

function segmentSubject(id, row, found) {
  if (!row || (found && found.layer.id === "closed-roads")) return null;
  const corridor = subjects.roads.get(id);
  const shared = { target: "segment", id, name: nameOf(row), segments: [id], at: middleOf(row.g) };
  if (!corridor) return { ...shared, opinions: ["include", "refuse"], notes: exclusionNotes(row) };
  if (row.y === 0) return null;
  return { ...shared, opinions: ["accept", "refuse"], corridor };
}

function corridorSubject(corridor) {
  if (!corridor) return null;
  const row = plan.roads.rows[corridor.rows[Math.floor(corridor.rows.length / 2)]];
  return {
    target: "corridor", id: corridor.id, name: nameOf({ t: corridor.name }), at: middleOf(row.g),
    segments: corridor.segments, opinions: ["accept", "refuse"],
  };
}

// Why a road may not be chosen: said before the mark is made, and again by the next run.
function exclusionNotes(row) {
  if (!row.excluded) return [];
  const head = word("review_excluded");
  return [[head[0] + zh(row.excluded), head[1] + en(row.excluded)]];
}

function nameOf(row) {
  const name = zh(row.t === undefined ? row.name : row.t);
  return String(name || row.id || "").slice(0, 200);
}

function middleOf(parts) {
  const path = parts.map(decode).sort((one, other) => other.length - one.length)[0];
  return path[Math.floor(path.length / 2)];
}

// A mark's thing on this map; null where this plan has none of that id.
function subjectOfMark(mark) {
  if (mark.target !== "segment") return subjectOf(mark.target, mark.target_id);
  const known = subjectOf("segment", mark.target_id);
  if (known || subjects.rows.has(`segment ${mark.target_id}`)) return known;
  return segmentSubject(mark.target_id, segmentById(mark.target_id));
}

function pathsOf(id) {
  const found = subjects.rows.get(`segment ${id}`);
  const row = found ? found.row : segmentById(id);
  return row ? row.g.map(decode) : [];
}
