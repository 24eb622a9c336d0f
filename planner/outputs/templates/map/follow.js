// Following a corridor: the whole chain lit from end to end, and a step at a time along it.

const followed = { corridor: null, before: null, drawn: null, step: null, card: null };
const corridorOf = new Map();
plan.corridors.forEach((corridor, number) => {
  for (const index of corridor.rows) corridorOf.set(plan.roads.rows[index], number);
});

const LIT = [
  { color: "#004d40", weight: 19, opacity: 0.9 },
  { color: "#18ffff", weight: 15, opacity: 1 },
];
const STEP = { color: "#000", weight: 3, opacity: 1, dashArray: "2 6" };
const END = {
  shape: "circle", radius: 11, color: "#fff", weight: 2, fillColor: "#004d40", fillOpacity: 1,
  interactive: false,
};
const ASIDE = ["stations", "ways", "townships", "places"];
const followPanes = {};

// The light lies under the roads, so that they keep the colours of their view; the ends on top.
function preparePanes(map) {
  followPanes.under = pane(map, "follow-under", 390);
  followPanes.over = pane(map, "follow-over", 460);
}

// Keep only test roads and what belongs to them in view.
function onlyRoads(map) {
  for (const group of plan.groups.filter((one) => ASIDE.includes(one.id))) {
    for (const layer of group.layers) showLayer(map, layer.id, false);
  }
  showGaps(map, null);
}

function remember(map) {
  const shown = [...drawnLayers.keys()].filter((id) => map.hasLayer(drawnLayers.get(id)));
  return { centre: map.getCenter(), zoom: map.getZoom(), shown, gaps: { ...gapState }, years: byId("year-fold").open };
}

function bringBack(map, before) {
  for (const [id, group] of drawnLayers) {
    const wanted = before.shown.includes(id);
    if (map.hasLayer(group) !== wanted) showLayer(map, id, wanted);
  }
  // The phase stays that of the year, which may have been moved meanwhile.
  showGaps(map, before.gaps.shown ? { ...before.gaps, phase: gapState.phase } : null);
}

function lit(rows) {
  const paths = rows.flatMap((index) => plan.roads.rows[index].g.map(decode));
  return LIT.map((style) => L.polyline(paths, {
    ...style, renderer: followPanes.under, interactive: false, smoothFactor: 1.5,
  }));
}

function endMark(place, glyph) {
  return new PlanSymbol(decode(place)[0], { ...END, glyph, renderer: followPanes.over });
}

function follow(map, corridor) {
  const before = followed.before || remember(map);
  clearFollowed(map);
  map.closePopup();
  onlyRoads(map);
  const marks = corridor.ends.map((place, side) => endMark(place, "AB"[side]));
  Object.assign(followed, { corridor, before, step: null, at: -1 });
  followed.drawn = L.featureGroup([...lit(corridor.rows), ...marks]).addTo(map);
  byId("year-fold").open = false;
  followed.card = followCard(map, corridor).addTo(map);
  showWhole(map);
}

function clearFollowed(map) {
  for (const name of ["drawn", "step", "card"]) {
    if (followed[name]) followed[name].remove();
    followed[name] = null;
  }
  followed.corridor = null;
}

function stopFollowing(map) {
  const { before } = followed;
  clearFollowed(map);
  followed.before = null;
  map.closePopup();
  byId("year-fold").open = before.years;
  bringBack(map, before);
  map.flyTo(before.centre, before.zoom, { duration: 0.8 });
}

// Room for the card: beside the corridor where the map is wide, else above it.
function flyThere(map, box) {
  const wide = map.getSize().x > 800;
  const paddingTopLeft = wide ? [440, 50] : [40, 150];
  map.flyToBounds(box, { paddingTopLeft, paddingBottomRight: [70, 60], maxZoom: 15, duration: 0.8 });
}

function showWhole(map) {
  followed.at = -1;
  if (followed.step) followed.step.remove();
  map.closePopup();
  markStep();
  flyThere(map, followed.corridor.box);
}

// One segment further along the chain, or back: it is marked, and the card says all of it.
function walk(map, by) {
  const { rows } = followed.corridor;
  followed.at = Math.min(rows.length - 1, Math.max(0, followed.at + by));
  if (followed.step) followed.step.remove();
  const row = plan.roads.rows[rows[followed.at]];
  const style = { ...STEP, renderer: followPanes.over, interactive: false };
  followed.step = L.polyline(row.g.map(decode), style).addTo(map);
  followed.drawn.bringToFront();
  map.closePopup();
  markStep(row);
  flyThere(map, followed.step.getBounds().pad(0.5));
}

function markStep(row) {
  const total = followed.corridor.rows.length;
  byId("follow-at").textContent = row ? `${followed.at + 1} / ${total}` : `A – B · ${total}`;
  byId("follow-row").replaceChildren(...(row ? [table(plan.roads.fields, row.v)] : []));
}

// A corridor is called by its road, and always by its id as well.
function corridorNote({ id, name, note }) {
  const called = shownId(id);
  return zh(name) === called ? note : [`${called} · ${zh(note)}`, `${called} · ${en(note)}`];
}

function followCard(map, corridor) {
  const card = L.control({ position: "topleft" });
  card.onAdd = () => {
    const at = element("span", "at", "");
    at.id = "follow-at";
    const keys = [
      ["follow-back", "back", () => stopFollowing(map)],
      ["follow-whole", "whole_corridor", () => showWhole(map)],
      ["follow-previous", "previous", () => walk(map, -1)],
      ["follow-next", "next", () => walk(map, 1)],
    ].map(([id, key, action]) => {
      const made = button("chip", word(key), action);
      made.id = id;
      return made;
    });
    const row = element("div", "popup", "");
    row.id = "follow-row";
    const box = element(
      "div", "follow", element("h3", "", corridor.name), element("p", "", corridorNote(corridor)),
      element("p", "", corridor.facts), element("div", "energies", ...keys, at), row,
      ...marksOf("corridor", corridor.id, corridor),
    );
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    return box;
  };
  return card;
}
