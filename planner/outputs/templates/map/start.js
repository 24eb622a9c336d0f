// Puts the page together once folium has made its map.

// Who asks for less motion gets popups that are there at once, not ones that slide into view.
function calm(map) {
  if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const pan = map.panBy;
  map.panBy = (by, how) => pan.call(map, by, { ...how, animate: false });
}

function startPlan(map) {
  calm(map);
  window.planMap = map;
  const below = pane(map, "background", 350);
  const above = pane(map, "borders", 450);
  plan.background.forEach((layer) => drawnLayers.set(layer.id, backgroundLayer(layer, below)));
  const border = { renderer: above, interactive: false, color: "#5f6b7a", weight: 1.2, opacity: 0.85 };
  const borders = L.layerGroup([L.polyline(plan.borders.outlines.map(decode), border), addLabels(map)]);
  borders.bringToFront = () => {};
  drawnLayers.set("borders", borders);
  for (const level of plan.gaps.levels) drawnLayers.set(`gaps-${level.id}`, new GapLayer(level));
  for (const layer of drawingOrder()) drawnLayers.set(layer.id, leafletLayer(layer));
  plan.ground = groundRows();
  preparePanes(map);
  addTiles(map);
  map.fitBounds(plan.bounds, { animate: false });
  fillHead();
  fillTabs();
  fillOverview();
  fillLayers(map);
  fillLists(map);
  fillSearch(map);
  addTools(map);
  addYears(map);
  addGapKey(map);
  addPrinting(map);
  for (const layer of [...plan.ground, ...drawingOrder()]) if (layer.on) map.addLayer(drawnLayers.get(layer.id));
  showGaps(map, {});
  stack(map);
  wire(map);
  byId("old-browser").remove();
  if (typeof startReview === "function") startReview(map);
}

// Areas lie under lines and lines under points; what the legend names first lies on top.
function drawingOrder() {
  const rank = { areas: 0, lines: 1, points: 2 };
  const layers = plan.groups.flatMap((group) => group.layers).reverse();
  return layers.map((layer, index) => [rank[layer.kind], index, layer])
    .sort((one, other) => one[0] - other[0] || one[1] - other[1])
    .map(([, , layer]) => layer);
}

function groundRows() {
  const line = { kind: "lines", count: null, unplaced: 0, on: true };
  const border = { ...line, id: "borders", title: word("borders"), style: { color: "#5f6b7a", weight: 1.2 } };
  const roads = plan.background.slice().reverse().map((layer) => ({ ...line, ...layer }));
  return [border, ...roads];
}

function wire(map) {
  useLanguage(plan.lang);
  byId("language").addEventListener("click", () => {
    useLanguage(language() === "zh" ? "en" : "zh");
    map.closePopup();
    fillYear();
    map.fire("language");
    stack(map);
  });
  const toggle = byId("panel-toggle");
  const mark = () => { toggle.textContent = root.classList.contains("folded") ? "☰" : "✕"; };
  toggle.addEventListener("click", () => {
    root.classList.toggle("folded");
    mark();
    map.invalidateSize();
  });
  mark();
  map.on("click", (event) => pickWay(map, event.latlng));
}
