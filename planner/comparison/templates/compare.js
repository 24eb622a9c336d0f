// The page of a comparison: the map's page with its own overview, and without gaps and years.
// Each function here takes the place of the map's function of that name.

function gapControls() { return []; }
function showGaps() {}
function addGapKey() {}
function energySwitches() { return []; }
function addYears() {}
function fillYear() {}

function fillOverview() {
  const { figures, said: sentences } = plan.comparison;
  const only = button("chip", word("compare_only_changed"), () => draw(!changedOnly));
  only.id = "changed-only";
  const body = document.createElement("tbody");
  let changedOnly = false;
  function draw(wanted) {
    changedOnly = wanted;
    only.setAttribute("aria-pressed", String(changedOnly));
    body.replaceChildren(...figures.filter((row) => row.changed || !changedOnly).map(figureRow));
  }
  const heads = ["head_figure", "head_a", "head_b", "head_difference"].map((key) => {
    const head = element("th", "", word(`compare_${key}`));
    head.scope = "col";
    return head;
  });
  const sheet = element("table", "compared", element("thead", "", element("tr", "", ...heads)), body);
  sheet.id = "figures";
  byId("tab-overview").append(
    ...sentences.map((line) => element("p", "said", line)),
    element("h2", "", word("compare_figures")), element("div", "energies", only), sheet,
    element("p", "about", plan.about),
  );
  draw(figures.some((row) => row.changed));
}

function figureRow({ cells, state }) {
  const [title, before, after, difference] = cells;
  const head = element("th", "", title);
  head.scope = "row";
  const last = element("td", state, difference);
  return element("tr", "", head, element("td", "", before), element("td", "", after), last);
}
