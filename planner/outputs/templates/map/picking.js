// Segments that were not chosen: drawn as a quiet background, and found by distance on a click.

const PICK_ZOOM = 13;
const PICK_PIXELS = 7;
const picking = { chunks: null, place: null, road: null };

function wayName(way) {
  const at = plan.ways.name[way];
  return at < 0 ? shownId(plan.ways.ids[way]) : plan.ways.names[at];
}

// Each square of the background with its extent and the place of its first segment.
function wayChunks() {
  if (picking.chunks) return picking.chunks;
  let first = 0;
  picking.chunks = plan.background.flatMap((layer) => layer.chunks.map((lines) => {
    const box = L.latLngBounds(lines.flatMap(decode));
    first += lines.length;
    return { layer, lines, box, first: first - lines.length };
  }));
  return picking.chunks;
}

function wayAt(place) {
  const chunk = wayChunks().find(({ lines, first }) => place < first + lines.length);
  return { layer: chunk.layer, line: chunk.lines[place - chunk.first] };
}

// The place of a test road's row by its id.
function roadOf(id) {
  if (!picking.road) picking.road = new Map(plan.roads.rows.map((row, index) => [row.i, index]));
  return picking.road.get(id);
}

// One segment of the network, chosen or not, as a row of the page.
function wayRow(place) {
  const { layer, line } = wayAt(place);
  const id = plan.ways.ids[place];
  const road = plan.roads.rows[roadOf(id)];
  const reason = plan.ways.reasons[place] || null;
  return {
    id, i: id, name: wayName(place), t: wayName(place), excluded: reason, road_class: layer.title,
    g: [line], place, chosen: Boolean(road), ...(road ? { y: road.y } : {}),
  };
}

// The segment nearest to a place within so many pixels, or null.
function segmentAt(latlng, pixels) {
  const map = window.planMap;
  const spot = map.latLngToContainerPoint(latlng);
  const reach = L.latLngBounds(
    map.containerPointToLatLng(spot.add([-pixels, pixels])),
    map.containerPointToLatLng(spot.add([pixels, -pixels])),
  );
  let best = { away: pixels, place: null };
  for (const { lines, box, first } of wayChunks()) {
    if (!box.isValid() || !box.intersects(reach)) continue;
    lines.forEach((line, index) => {
      const away = pixelsAway(map, decode(line), spot, reach);
      if (away <= best.away) best = { away, place: first + index };
    });
  }
  return best.place === null ? null : wayRow(best.place);
}

function pixelsAway(map, path, spot, reach) {
  if (!path.length || !L.latLngBounds(path).intersects(reach)) return Infinity;
  const points = path.map((place) => map.latLngToContainerPoint(place));
  let away = Infinity;
  for (let index = 1; index < points.length; index += 1) {
    away = Math.min(away, L.LineUtil.pointToSegmentDistance(spot, points[index - 1], points[index]));
  }
  return away;
}

// A segment by its id; null where the network has none of that id.
function segmentById(id) {
  if (!picking.place) picking.place = new Map(plan.ways.ids.map((key, place) => [key, place]));
  const place = picking.place.get(id);
  return place === undefined ? null : wayRow(place);
}

function wayPopup(row) {
  const { fields } = plan.ways;
  const state = row.excluded || word(row.chosen ? "way_chosen" : "way_free");
  return element(
    "div", "popup", element("h3", "", row.t), table(fields, [row.road_class, state, shownId(row.id)]),
    ...marksOf("segment", row.id, row),
  );
}

// Light a segment and say what it is for as long as its popup is open.
function showWay(map, row, latlng) {
  const style = { color: "#ff6f00", weight: 6, opacity: 0.8, interactive: false };
  const light = L.polyline(row.g.map(decode), style).addTo(map);
  const place = latlng || light.getCenter();
  const shown = L.popup(POPUP).setLatLng(place).setContent(wayPopup(row));
  shown.on("remove", () => light.remove());
  shown.openOn(map);
}

function openWay(map, place) {
  const row = wayRow(place);
  const road = roadOf(row.id);
  if (road !== undefined) openRoad(map, road);
  else flyAndOpen(map, L.latLngBounds(row.g.flatMap(decode)), () => showWay(map, row));
}

// Excluded segments are drawn together: the one that was clicked is looked for.
function pickExcluded(map, latlng) {
  const row = segmentAt(latlng, PICK_PIXELS);
  if (row) showWay(map, row, latlng);
}

// A click near a segment of the background, where the map is close enough to tell them apart.
function pickWay(map, latlng, pixels = PICK_PIXELS) {
  const row = map.getZoom() >= PICK_ZOOM ? segmentAt(latlng, pixels) : null;
  if (row) showWay(map, row, latlng);
  return row !== null;
}
