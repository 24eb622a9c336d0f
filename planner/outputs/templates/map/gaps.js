// The counties coloured by the share of demand that is not served: one view at a time.

const GAP_OPACITY = 0.55;

function gapLayer() {
  const { areas, fields } = plan.gaps;
  const group = L.featureGroup();
  group.view = null;
  group.features = areas.map((area, index) => {
    const feature = MAKERS.areas(area, { ...BASE_STYLE, color: "#fff", weight: 1, stroke: false });
    answer(feature, area, fields, () => group.view.values[index]);
    group.addLayer(feature);
    return feature;
  });
  return group;
}

function gapColour(index) {
  return index < 0 ? plan.gaps.none.colour : plan.gaps.classes[index].colour;
}

function showGaps(map, id) {
  const group = drawnLayers.get("gaps");
  group.view = plan.gaps.views.find((view) => view.id === id) || null;
  map.closePopup();
  if (group.view) {
    group.features.forEach((feature, index) => {
      feature.setStyle({ fillColor: gapColour(group.view.classes[index]), fillOpacity: GAP_OPACITY });
    });
  }
  showLayer(map, "gaps", group.view !== null);
  for (const chip of document.querySelectorAll("[data-view]")) {
    chip.setAttribute("aria-pressed", String(chip.dataset.view === (id || "off")));
  }
}

function gapControls(map) {
  const grid = element("div", "views");
  for (let index = 0; index < plan.gaps.views.length; index += 2) {
    grid.append(element("span", "", plan.gaps.views[index].energy));
    for (const view of plan.gaps.views.slice(index, index + 2)) {
      const chip = button("chip", view.phase, () => showGaps(map, view.id));
      chip.dataset.view = view.id;
      grid.append(chip);
    }
  }
  const off = button("chip", word("off"), () => showGaps(map, null));
  off.dataset.view = "off";
  grid.append(element("span", ""), off);
  const ramp = element("div", "ramp");
  const cells = plan.gaps.classes.concat([plan.gaps.none]);
  for (const { colour, title } of cells) {
    const bar = element("i", "");
    bar.style.background = colour;
    bar.style.opacity = GAP_OPACITY;
    ramp.append(element("div", "", bar, title));
  }
  return [element("h2", "", word("gaps")), grid, ramp];
}
