// Everything on the page by what it is and its id: found, flown to and opened.

const known = { byKey: null };
const CLOSE_ZOOM = 14;

function objectKey(kind, id) { return `${kind} ${id}`; }

function kindOf(layer) { return layer.target || layer.object; }

// Every object once, in the order a search offers them; made when first asked for.
function registry() {
  if (known.byKey) return known.byKey;
  known.byKey = new Map();
  const add = (entry) => {
    const key = objectKey(entry.kind, entry.id);
    if (!known.byKey.has(key)) known.byKey.set(key, entry);
  };
  for (const layer of plan.groups.flatMap((group) => group.layers)) {
    if (layer.refs || !kindOf(layer)) continue;
    layer.rows.forEach((row, index) => add({
      kind: kindOf(layer), id: row.i, title: row.t, note: layer.title, layer, index,
    }));
  }
  for (const corridor of plan.corridors) {
    add({ kind: "corridor", id: corridor.id, title: corridor.name, note: corridor.note, corridor });
  }
  plan.roads.rows.forEach((row, road) => {
    const corridor = plan.corridors[corridorOf.get(row)];
    add({ kind: "segment", id: row.i, title: row.t, note: corridor ? corridor.name : "", road });
  });
  plan.ways.ids.forEach((id, way) => add({ kind: "segment", id, title: wayName(way), note: word("way"), way }));
  plan.gaps.levels.filter((level) => level.id === "county").forEach((level) => {
    level.rows.forEach((row, area) => add({ kind: "county", id: row.i, title: row.t, note: "", area }));
  });
  return known.byKey;
}

// Fly to an object and open it; false where the page does not have it.
function flyToObject(kind, id) {
  const entry = registry().get(objectKey(kind, id));
  if (entry) openEntry(window.planMap, entry);
  return Boolean(entry);
}

function openEntry(map, entry) {
  if (entry.corridor) follow(map, entry.corridor);
  else if (entry.area !== undefined) openCounty(map, entry.area);
  else if (entry.way !== undefined) openWay(map, entry.way);
  else if (entry.road !== undefined) openRoad(map, entry.road);
  else openFeature(map, entry.layer, entry.index);
}

function openFeature(map, layer, index) {
  const group = drawnLayers.get(layer.id);
  if (!stands(layer, group.features[index].row, shownYear())) setYear(map, lastYear());
  showLayer(map, layer.id, true);
  const feature = group.features[index];
  flyAndOpen(map, boxOf(feature), () => group.openAt(feature));
}

// A test road in the view that is on; in the one by year where none of its layers is.
function openRoad(map, road) {
  const layers = plan.groups.flatMap((group) => group.layers).filter((layer) => layer.refs);
  const holds = layers.filter((layer) => layer.refs.includes(road));
  const shown = holds.find((layer) => map.hasLayer(drawnLayers.get(layer.id))) || holds[0];
  openFeature(map, shown, shown.refs.indexOf(road));
}

function boxOf(feature) {
  return feature.getBounds ? feature.getBounds() : L.latLngBounds([feature.getLatLng()]);
}

let landing = null;

// The last flight wins: what an earlier one would have opened stays closed.
function flyAndOpen(map, box, open) {
  if (landing) map.off("moveend", landing);
  landing = () => {
    landing = null;
    open();
  };
  map.once("moveend", landing);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const motion = still ? { animate: false } : { duration: 0.8 };
  const point = box.getSouthWest().equals(box.getNorthEast());
  if (point) map.flyTo(box.getCenter(), Math.max(map.getZoom(), CLOSE_ZOOM), motion);
  else map.flyToBounds(box, { padding: [60, 60], maxZoom: 16, ...motion });
}
