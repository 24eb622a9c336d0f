// The years of the plan: what stands by the one that is shown, and the figures of that year.

const yearShown = { year: null };

function lastYear() { return plan.years[plan.years.length - 1].year; }
function shownYear() { return yearShown.year === null ? lastYear() : yearShown.year; }

// A layer may show its rows only from the year in "q" on, or only until then.
function stands(layer, row, year) {
  const from = layer.from === "q" ? Math.max(row.y || 0, row.q) : row.y || 0;
  return from <= year && (layer.until !== "q" || row.q === undefined || year < row.q);
}

// The radius of a station grows with the units it has in the year.
function radiusOf(row, year) {
  const place = plan.years.findIndex((one) => one.year === year);
  return Math.min(7 + 1.2 * Math.sqrt(row.u[place]), 13);
}

function setYear(map, year) {
  if (year === shownYear()) return;
  yearShown.year = year;
  map.closePopup();
  for (const group of drawnLayers.values()) if (group.restrict) group.restrict(year);
  stack(map);
  fillYear();
  markCounts();
  gapState.phase = plan.years.find((one) => one.year === year).phase;
  if (gapState.shown) showGaps(map, {});
  map.fire("planyear", { year });
}

function fillYear() {
  const row = plan.years.find((one) => one.year === shownYear());
  const place = plan.years.indexOf(row);
  const slider = byId("year-slider");
  slider.value = String(place);
  slider.setAttribute("aria-valuetext", spoken(row.name));
  byId("year-name").replaceChildren(both(row.name));
  byId("year-figures").replaceChildren(...row.figures.map(([label, value]) => element(
    "tr", "", element("td", "", label), element("td", "", value),
  )));
  for (const tick of document.querySelectorAll("[data-year]")) {
    tick.setAttribute("aria-pressed", String(Number(tick.dataset.year) === row.year));
  }
}

function yearSlider(map) {
  const slider = element("input", "");
  Object.assign(slider, { type: "range", id: "year-slider", min: "0", step: "1" });
  slider.max = String(plan.years.length - 1);
  slider.dataset.hint = "year";
  slider.addEventListener("input", () => setYear(map, plan.years[Number(slider.value)].year));
  return slider;
}

function addYears(map) {
  const control = L.control({ position: "bottomleft" });
  control.onAdd = () => {
    const ticks = plan.years.map(({ year, name }) => {
      const tick = button("tick", name, () => setYear(map, year));
      tick.dataset.year = String(year);
      return tick;
    });
    const name = element("b", "");
    name.id = "year-name";
    const figures = element("table", "");
    figures.id = "year-figures";
    figures.setAttribute("aria-live", "polite");
    const fold = element("details", "", element("summary", "", word("year_figures"), " ", name), figures);
    fold.id = "year-fold";
    fold.open = map.getSize().x > 900 && map.getSize().y > 560;
    const box = element("div", "years", yearSlider(map), element("div", "ticks", ...ticks), fold);
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    return box;
  };
  control.addTo(map);
  fillYear();
}
