// Clicks on the map that mean a place: where a station should stand instead, which road to include.

const placing = { stop: null };
const BELOW_BAR = { ...POPUP, closeOnClick: false, autoPanPaddingTopLeft: [30, 64] };
const ROAD_PIXELS = 16;

// A bar over the map says what a click does now; the click reaches no layer below.
function placeMode(map, text, onClick, onMove) {
  if (placing.stop) placing.stop();
  const measure = byId("tool-measure");
  if (measure && measure.getAttribute("aria-pressed") === "true") measure.click();
  map.closePopup();
  const note = element("span", "", text);
  const bar = element("div", "review-bar", note, button("chip", word("review_cancel"), () => placing.stop()));
  L.DomEvent.disableClickPropagation(bar);
  const click = (event) => {
    if (event.target.closest(".leaflet-popup")) return;
    event.stopPropagation();
    if (map.dragging.moved()) return;
    onClick(map.mouseEventToLatLng(event));
  };
  const move = (event) => { if (onMove) onMove(event.latlng); };
  const key = (event) => { if (event.key === "Escape") placing.stop(); };
  const surface = map.getPane("mapPane");
  surface.addEventListener("click", click, true);
  map.on("mousemove", move);
  document.addEventListener("keydown", key, true);
  map.getContainer().append(bar);
  map.getContainer().classList.add("review-placing");
  map.doubleClickZoom.disable();
  placing.stop = () => {
    surface.removeEventListener("click", click, true);
    map.off("mousemove", move);
    document.removeEventListener("keydown", key, true);
    bar.remove();
    map.getContainer().classList.remove("review-placing");
    map.doubleClickZoom.enable();
    placing.stop = null;
    map.fire("reviewplaced");
  };
  return (...content) => note.replaceChildren(...content.map(both));
}

function metresWords(map, from, to) {
  return distanceText(map, [L.latLng(from), L.latLng(to)]);
}

const MOVE_LINE = { color: OPINION_LOOKS.move.colour, weight: 3, dashArray: "6 5", interactive: false };

function placeAnew(map, subject) {
  const line = L.polyline([], { ...MOVE_LINE, renderer: reviewPanes.over }).addTo(map);
  const say = placeMode(map, word("review_place_help"), (place) => {
    placing.stop();
    askAbout(map, subject, place);
  }, (place) => {
    line.setLatLngs([subject.at, place]);
    say(word("review_place_help"), " ", metresWords(map, subject.at, place));
  });
  map.once("reviewplaced", () => line.remove());
}

// The form of a move stands at the new place, with the line from the old one still drawn.
function askAbout(map, subject, place) {
  const line = L.polyline([subject.at, place], { ...MOVE_LINE, renderer: reviewPanes.over }).addTo(map);
  const draft = {
    comment: (ownMark(subject.target, subject.id) || {}).comment, opinion: "move",
    place: truePlace(place), distance: metresWords(map, subject.at, place),
  };
  const content = element("div", "popup review-box", element("h3", "", subject.name));
  content.append(markForm(subject, draft, () => map.closePopup()));
  keepFromMap(content);
  const asked = L.popup(BELOW_BAR).setLatLng(place).setContent(content);
  asked.on("remove", () => line.remove());
  asked.openOn(map);
}

function includeRoads(map, toggle) {
  const light = L.featureGroup().addTo(map);
  toggle.setAttribute("aria-pressed", "true");
  const say = placeMode(map, word("review_pick_help"), (place) => {
    light.clearLayers();
    map.closePopup();
    const way = segmentAt(place, ROAD_PIXELS);
    const subject = way && segmentSubject(way.id, way);
    if (!subject) {
      say(word(way ? "review_pick_chosen" : "review_pick_none"));
      return;
    }
    say(word("review_pick_help"));
    light.addLayer(L.polyline(way.g.map(decode), {
      color: OPINION_LOOKS.include.colour, weight: 8, opacity: 0.75, interactive: false,
      renderer: reviewPanes.over,
    }));
    askWhether(map, subject, place, light);
  });
  map.once("reviewplaced", () => {
    light.remove();
    toggle.setAttribute("aria-pressed", "false");
  });
}

function askWhether(map, subject, place, light) {
  const content = element("div", "popup", element("h3", "", subject.name), reviewBox(subject));
  const asked = L.popup(BELOW_BAR).setLatLng(place).setContent(content);
  asked.on("remove", () => light.clearLayers());
  asked.openOn(map);
}
