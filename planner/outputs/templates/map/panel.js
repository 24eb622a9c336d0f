// The panel: title, trust banner, tabs, figures and rules, layers by group with their legend.

const TABS = ["overview", "layers", "lists", ...(plan.review ? ["review"] : [])];

function fillHead() {
  byId("title").append(both(plan.title));
  const verdict = byId("verdict");
  verdict.className = plan.verdict;
  verdict.append(both(plan.verdict_text));
  const banner = byId("banner");
  banner.hidden = plan.banner.length === 0;
  for (const line of plan.banner) banner.append(element("p", "", line));
  if (plan.hint) {
    const hint = element("details", "", element("summary", "", word("hint")), element("code", "", plan.hint));
    banner.append(hint);
  }
  for (const line of plan.foot) byId("foot").append(element("span", "", line));
}

function fillTabs() {
  const tabs = TABS.map((name) => {
    const tab = button("", word(name), () => openTab(name));
    tab.dataset.tab = name;
    tab.id = `show-${name}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", `tab-${name}`);
    byId(`tab-${name}`).setAttribute("role", "tabpanel");
    byId(`tab-${name}`).setAttribute("aria-labelledby", tab.id);
    return tab;
  });
  byId("tabs").append(...tabs);
  byId("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const at = tabs.indexOf(document.activeElement);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    openTab(next.dataset.tab);
    next.focus();
  });
  openTab("overview");
}

function openTab(name) {
  for (const other of TABS) byId(`tab-${other}`).hidden = other !== name;
  for (const tab of document.querySelectorAll("[data-tab]")) {
    tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
    tab.tabIndex = tab.dataset.tab === name ? 0 : -1;
  }
  if (name === "lists") showList();
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
  const count = element("span", "count", "");
  count.id = `count-${layer.id}`;
  const row = element("label", "layer", box, swatch(layer), element("span", "name", layer.title), count);
  row.dataset.layer = layer.id;
  return row;
}

// How many stand by the year that is shown; in the last year all, with their km.
function countOf(layer) {
  const later = shownYear() < lastYear();
  if (later && (layer.refs || (layer.rows && layer.rows.some((row) => row.y || row.q)))) {
    return String(rowsOf(layer).rows.filter((row) => stands(layer, row, shownYear())).length);
  }
  return layer.amount || (layer.count === null ? "" : layer.count.toLocaleString("en-US"));
}

function markCounts() {
  for (const layer of plan.groups.flatMap((group) => group.layers).concat(plan.ground)) {
    const count = byId(`count-${layer.id}`);
    if (!count) continue;
    count.replaceChildren(both(countOf(layer)));
    if (layer.unplaced) count.append(` (${layer.unplaced} `, both(word("unplaced")), ")");
  }
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
  markCounts();
}
