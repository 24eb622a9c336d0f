// Counties and townships coloured by the share of demand that is not served: one view at a time.

const GAP_OPACITY = { county: 0.55, township: 0.9 };
const gapState = { shown: false, ...plan.gaps.start };
const GAP_CHOICES = { level: "levels", measure: "measures", energy: "energies", phase: "phases" };
const GAP_STYLES = {
  county: { color: "#fff", weight: 1, stroke: false },
  township: { shape: "circle", radius: 11, color: "#5d4037", weight: 1.2 },
};

const GapLayer = L.FeatureGroup.extend({
  initialize(level) {
    L.FeatureGroup.prototype.initialize.call(this, []);
    this.level = level;
    this.made = null;
    Object.defineProperty(this, "features", { get: () => this.fill() });
    this.bindTooltip((feature) => element("div", "", feature.row.t), { sticky: true });
    this.on("click", (event) => openArea(this._map, event.layer, event.latlng));
  },
  onAdd(map) {
    this.fill();
    L.FeatureGroup.prototype.onAdd.call(this, map);
  },
  fill() {
    if (this.made) return this.made;
    const style = { ...BASE_STYLE, ...GAP_STYLES[this.level.id] };
    this.made = this.level.rows.map((row, index) => {
      const feature = MAKERS[this.level.kind](row, style);
      Object.assign(feature, { row, index });
      this.addLayer(feature);
      return feature;
    });
    return this.made;
  },
});

function gapLevel() { return plan.gaps.levels.find((level) => level.id === gapState.level); }

function gapCells() { return gapLevel().views[`${gapState.energy}-${gapState.phase}`]; }

// The class of an area in the measure that is shown: -1 without demand, -2 without data.
function gapClass(cell) {
  return cell.c[plan.gaps.measures.findIndex((one) => one.id === gapState.measure)];
}

function gapColour(found) {
  if (found === -1) return plan.gaps.none.colour;
  return found === -2 ? plan.gaps.missing.colour : plan.gaps.classes[found].colour;
}

function gapTitle() {
  const named = Object.entries(GAP_CHOICES).map(([choice, all]) => plan.gaps[all].find((one) => one.id === gapState[choice]).title);
  return [named.map(zh).join(" · "), named.map(en).join(" · ")];
}

function openArea(map, feature, latlng) {
  if (gapState.level === "county" && pickWay(map, latlng)) return;
  const { v: values } = gapCells()[feature.index];
  const shown = values.length ? table(plan.gaps.fields, values) : element("p", "", plan.gaps.missing.title);
  const content = element(
    "div", "popup", element("h3", "", feature.row.t), element("p", "about", gapTitle()), shown,
  );
  L.popup(POPUP).setLatLng(latlng).setContent(content).openOn(map);
}

function openCounty(map, index) {
  showGaps(map, { level: "county" });
  const feature = drawnLayers.get("gaps-county").features[index];
  flyAndOpen(map, feature.getBounds(), () => openArea(map, feature, feature.getCenter()));
}

// Show the gaps with what changed; nothing of them for null.
function showGaps(map, change) {
  Object.assign(gapState, change || {}, { shown: change !== null });
  map.closePopup();
  for (const level of plan.gaps.levels) {
    const here = gapState.shown && level.id === gapState.level;
    if (here) paintGaps(drawnLayers.get(`gaps-${level.id}`));
    showLayer(map, `gaps-${level.id}`, here);
  }
  markGaps();
}

function paintGaps(group) {
  const cells = gapCells();
  group.features.forEach((feature, index) => feature.setStyle({
    fillColor: gapColour(gapClass(cells[index])), fillOpacity: GAP_OPACITY[gapState.level],
  }));
}

function markGaps() {
  for (const chip of document.querySelectorAll("[data-gap]")) {
    const [choice, id] = chip.dataset.gap.split(":");
    const on = choice === "off" ? !gapState.shown : gapState.shown && gapState[choice] === id;
    chip.setAttribute("aria-pressed", String(on));
  }
  byId("gap-caption").replaceChildren(gapState.shown ? both(gapTitle()) : both(word("off")));
  byId("gap-key").replaceChildren(...(gapState.shown ? [both(gapTitle()), gapRamp()] : []));
  const { unplaced } = gapLevel();
  byId("gap-unplaced").replaceChildren(...(unplaced && gapState.shown ? [`${unplaced} `, both(word("unplaced"))] : []));
}

// A phase of the gaps is a year of the page: choosing one moves the slider to it.
function pickGap(map, choice, id) {
  showGaps(map, { [choice]: id });
  if (choice === "phase") setYear(map, plan.years.find((one) => one.phase === id).year);
}

function gapChips(map, choice) {
  const chips = plan.gaps[GAP_CHOICES[choice]].map(({ id, title }) => {
    const chip = button("chip", title, () => pickGap(map, choice, id));
    chip.dataset.gap = `${choice}:${id}`;
    return chip;
  });
  return element("div", "energies", ...chips);
}

function gapRamp() {
  const ramp = element("div", "ramp");
  for (const { colour, title } of plan.gaps.classes.concat([plan.gaps.none, plan.gaps.missing])) {
    const bar = element("i", "");
    bar.style.background = colour;
    ramp.append(element("div", "", bar, title));
  }
  return ramp;
}

// On the map itself: what the colours are, for whoever has not opened the layers.
function addGapKey(map) {
  const key = L.control({ position: "bottomright" });
  key.onAdd = () => {
    const box = element("div", "gap-key");
    box.id = "gap-key";
    return box;
  };
  key.addTo(map);
}

function gapControls(map) {
  const off = button("chip", word("off"), () => showGaps(map, null));
  off.dataset.gap = "off:off";
  const rows = Object.keys(GAP_CHOICES).flatMap((choice) => [
    element("span", "", word(`gap_${choice}`)), gapChips(map, choice),
  ]);
  rows[rows.length - 1].append(off);
  const caption = element("div", "caption", "");
  caption.id = "gap-caption";
  const unplaced = element("div", "caption", "");
  unplaced.id = "gap-unplaced";
  return [
    element("h2", "", word("gaps")), element("div", "views", ...rows), caption, gapRamp(), unplaced,
  ];
}
