// The panel: title, trust banner, figures and rules, layers with their legend, lists that fly.

const TABS = ["overview", "layers", "lists"];

function fillHead() {
  byId("title").append(both(plan.title));
  const verdict = byId("verdict");
  verdict.className = plan.verdict;
  verdict.append(both(plan.verdict_text));
  const banner = byId("banner");
  banner.hidden = plan.banner.length === 0;
  for (const line of plan.banner) banner.append(element("p", "", line));
  if (plan.hint) banner.append(element("p", "", word("hint")), element("code", "", plan.hint));
  for (const line of plan.foot) byId("foot").append(element("span", "", line));
}

function fillTabs() {
  for (const name of TABS) {
    const tab = button("", word(name), () => openTab(name));
    tab.dataset.tab = name;
    tab.setAttribute("role", "tab");
    byId("tabs").append(tab);
  }
  openTab("overview");
}

function openTab(name) {
  for (const other of TABS) byId(`tab-${other}`).hidden = other !== name;
  for (const tab of document.querySelectorAll("[data-tab]")) {
    tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
  }
}

function fillOverview() {
  const tiles = plan.tiles.map(([label, value, note]) => element(
    "div", "tile", element("div", "label", label), element("div", "value", value),
    element("div", "note", note),
  ));
  const rules = plan.rules.map(([name, status, statusWord, detail]) => element(
    "div", "rule", element("span", `mark ${status}`, statusWord), element("span", "name", name),
    element("div", "detail", detail),
  ));
  byId("tab-overview").append(
    element("p", "lead", plan.lead), element("div", "tiles", ...tiles), element("h2", "", word("rules")), ...rules,
    element("p", "about", plan.about),
  );
}

function layerRow(map, layer) {
  const box = element("input", "");
  box.type = "checkbox";
  box.id = `box-${layer.id}`;
  box.checked = layer.on;
  box.addEventListener("change", () => showLayer(map, layer.id, box.checked));
  const count = element("span", "count", layer.amount || (layer.count === null ? "" : String(layer.count)));
  if (layer.unplaced) count.append(` (${layer.unplaced} `, both(word("unplaced")), ")");
  const row = element("label", "layer", box, swatch(layer), element("span", "name", layer.title), count);
  row.dataset.layer = layer.id;
  return row;
}

function energyShown(map, energy) {
  return energy.layers.some((id) => map.hasLayer(drawnLayers.get(id)));
}

function markEnergies(map) {
  for (const energy of plan.energies) {
    const chip = document.querySelector(`[data-energy="${energy.id}"]`);
    if (chip) chip.setAttribute("aria-pressed", String(energyShown(map, energy)));
  }
}

// One switch an energy: it turns all its station layers on, or off where any is on.
function energySwitches(map) {
  const row = element("div", "energies");
  for (const energy of plan.energies) {
    const chip = button("chip", energy.title, () => {
      const wanted = !energyShown(map, energy);
      for (const id of energy.layers) showLayer(map, id, wanted);
    });
    chip.dataset.energy = energy.id;
    row.append(chip);
  }
  return [element("h2", "", word("energies")), row];
}

function viewShown(map, group) {
  return group.layers.some((layer) => map.hasLayer(drawnLayers.get(layer.id)));
}

function markViews(map) {
  for (const group of plan.groups.filter((one) => one.view)) {
    const chip = document.querySelector(`[data-roads="${group.view}"]`);
    if (chip) chip.setAttribute("aria-pressed", String(viewShown(map, group)));
  }
}

// Test roads in the colours of one view: its layers on, those of the other views off. The band
// of equipped roads stands beside the years only: under other colours it would mislead.
function showView(map, wanted) {
  showLayer(map, "equipped", wanted.view === "stage");
  for (const group of plan.groups.filter((one) => one.view)) {
    for (const layer of group.layers) showLayer(map, layer.id, group === wanted);
    byId(`group-${group.id}`).open = group === wanted;
  }
}

function viewSwitches(map) {
  const row = element("div", "energies");
  for (const group of plan.groups.filter((one) => one.view)) {
    const chip = button("chip", word(`view_${group.view}`), () => showView(map, group));
    chip.dataset.roads = group.view;
    row.append(chip);
  }
  let before = null;
  const only = button("chip", word("only_roads"), () => {
    if (before) bringBack(map, before);
    const kept = before ? null : remember(map);
    if (kept) onlyRoads(map);
    before = kept;
    only.setAttribute("aria-pressed", String(before !== null));
  });
  only.id = "only-roads";
  row.append(only);
  return [element("h2", "", word("views")), row];
}

function layerGroup(map, id, title, layers) {
  const rows = layers.map((layer) => layerRow(map, layer));
  const made = element("details", "group", element("summary", "", title), ...rows);
  made.id = `group-${id}`;
  made.open = layers.some((layer) => layer.on);
  return made;
}

function fillLayers(map) {
  const tab = byId("tab-layers");
  tab.append(...energySwitches(map), ...gapControls(map));
  let before = "";
  for (const group of plan.groups) {
    if (group.view && !before) tab.append(...viewSwitches(map));
    before = before || group.view;
    tab.append(layerGroup(map, group.id, group.title, group.layers));
  }
  tab.append(layerGroup(map, "ground", word("background"), plan.ground));
}

function listOf(title, entries, row) {
  const filter = element("input", "filter");
  filter.type = "search";
  filter.dataset.hint = "filter";
  const list = element("div", "entries", ...entries.map(row));
  const nothing = element("p", "about", word("nothing"));
  nothing.hidden = entries.length > 0;
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    let shown = 0;
    entries.forEach((entry, index) => {
      const found = [entry.name, entry.note].flat().join(" ").toLowerCase().includes(wanted);
      list.children[index].style.display = found ? "" : "none";
      shown += found ? 1 : 0;
    });
    nothing.hidden = shown > 0;
  });
  const head = element("h2", "", title);
  head.append(` (${entries.length})`);
  return [head, filter, list, nothing];
}

function stationRow(map, entry) {
  const badge = element("span", "badge", entry.glyph);
  badge.style.background = entry.colour;
  const made = button("entry", badge, () => flyToStation(map, entry));
  made.append(element("div", "texts", element("div", "name", entry.name), element("div", "note", entry.note)));
  return made;
}

function corridorRow(map, entry) {
  const texts = element("div", "texts", element("div", "name", entry.name), element("div", "note", entry.note));
  return button("entry", texts, () => follow(map, entry));
}

function flyToStation(map, entry) {
  showLayer(map, entry.layer, true);
  const feature = drawnLayers.get(entry.layer).features[entry.row];
  map.once("moveend", () => feature.openPopup());
  map.flyTo(feature.getLatLng(), Math.max(map.getZoom(), 13), { duration: 0.8 });
}

function fillLists(map) {
  byId("tab-lists").append(
    ...listOf(word("changed"), plan.stations, (entry) => stationRow(map, entry)),
    ...listOf(word("corridors"), plan.corridors, (entry) => corridorRow(map, entry)),
  );
}
