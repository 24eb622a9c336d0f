// The print view: one landscape page with title, map, legend of what is shown, and what a map must say.

const printing = { before: null };
const SHEET_MAP = [786, 604];

function addPrinting(map) {
  byId("print-go").append(both(word("print")));
  byId("print-close").append(both(word("close")));
  byId("print-help").append(both(word("print_help")));
  byId("print-go").addEventListener("click", () => window.print());
  byId("print-close").addEventListener("click", () => leavePrint(map));
  window.addEventListener("beforeprint", () => { if (!printing.before) scaleToSheet(map); });
  window.addEventListener("afterprint", () => {
    if (!printing.before) root.classList.remove("printing", "scaled");
  });
  map.on("language", () => { if (printing.before) fillSheet(); });
}

function enterPrint(map) {
  printing.before = {
    box: map.getBounds(), centre: map.getCenter(), zoom: map.getZoom(), snap: map.options.zoomSnap,
    retina: L.Browser.retina,
  };
  map.closePopup();
  root.classList.add("printing");
  fillSheet();
  L.Browser.retina = true;
  const { box, snap } = printing.before;
  map.options.zoomSnap = 0;
  settle(map, () => map.fitBounds(box.contains(plan.bounds) ? plan.bounds : box, { animate: false }));
  map.options.zoomSnap = snap;
  byId("print-go").focus();
}

// Printing by the browser's own command: there is no time to draw anew, so the map as it stands
// is scaled into the sheet.
function scaleToSheet(map) {
  const { x, y } = map.getSize();
  const scale = Math.min(SHEET_MAP[0] / x, SHEET_MAP[1] / y);
  for (const [name, value] of [["width", `${x}px`], ["height", `${y}px`], ["scale", scale]]) {
    root.style.setProperty(`--map-${name}`, value);
  }
  root.classList.add("printing", "scaled");
  fillSheet();
}

function leavePrint(map) {
  const { centre, zoom, retina } = printing.before;
  printing.before = null;
  root.classList.remove("printing");
  L.Browser.retina = retina;
  settle(map, () => map.setView(centre, zoom, { animate: false }));
}

// Give the map its new size and draw it at once: a printer does not wait for the next frame.
function settle(map, place) {
  map.stop();
  map.invalidateSize({ animate: false, pan: false });
  place();
  for (const renderer of renderersOf(map)) {
    renderer._update();
    if (renderer._redrawRequest) L.Util.cancelAnimFrame(renderer._redrawRequest);
    renderer._redrawBounds = null;
    renderer._redraw();
  }
}

function renderersOf(map) {
  const found = new Set();
  map.eachLayer((layer) => { if (layer instanceof L.Canvas) found.add(layer); });
  return found;
}

function fillSheet() {
  const year = plan.years.find((one) => one.year === shownYear());
  byId("sheet-title").replaceChildren(both(plan.title));
  byId("sheet-state").replaceChildren(
    element("span", "", word("year"), " ", year.name), element("span", "", plan.verdict_text),
  );
  byId("sheet-banner").replaceChildren(...plan.banner.map((line) => element("p", "", line)));
  byId("sheet-banner").hidden = plan.banner.length === 0;
  byId("sheet-foot").replaceChildren(
    ...plan.foot.map((line) => element("span", "", line)),
    element("span", "", word("plan_id"), ` ${plan.plan.id}`), element("span", "", plan.about),
  );
  const legend = byId("sheet-legend");
  legend.classList.remove("dense", "denser");
  legend.replaceChildren(element("h2", "", word("legend")), ...gapLegend(), ...legendGroups());
  for (const size of ["dense", "denser"]) {
    if (legend.scrollHeight > legend.clientHeight) legend.classList.add(size);
  }
}

function gapLegend() {
  if (!gapState.shown) return [];
  const rows = plan.gaps.classes.concat([plan.gaps.none, plan.gaps.missing]).map(({ colour, title }) => {
    const box = element("i", "");
    box.style.background = colour;
    return element("div", "key", box, title);
  });
  return [element("h3", "", gapTitle()), element("div", "keys two", ...rows)];
}

function legendGroups() {
  const shown = (layer) => window.planMap.hasLayer(drawnLayers.get(layer.id));
  const named = plan.groups.map((group) => [group.title, group.layers.filter(shown)]);
  const borders = plan.ground.filter((layer) => layer.id === "borders" && shown(layer));
  const roads = plan.ground.filter((layer) => layer.id !== "borders" && shown(layer));
  return [...named, [word("background"), [...borders, ...roads]]]
    .map(([title, layers]) => [title, layers.filter((layer) => layer.count !== 0)])
    .filter(([, layers]) => layers.length)
    .flatMap(([title, layers]) => [
      element("h3", "", title),
      element("div", title === word("background") ? "keys two" : "keys", ...layers.map((layer) => element(
        "div", "key", swatch(layer), element("span", "", layer.title), element("small", "", countOf(layer)),
      ))),
    ]);
}
