// The lists of the panel: pick one, sort it by any column, filter it; a row flies to its object.

const ROW_HEIGHT = 28;
const ROWS_AROUND = 12;
const lists = { map: null, list: null, order: [], column: null, down: false, first: -1 };

function fillLists(map) {
  lists.map = map;
  const choice = element("div", "energies", ...plan.lists.map((list) => {
    const chip = button("chip", list.title, () => pickList(list.id));
    chip.append(` ${list.rows.length.toLocaleString("en-US")}`);
    chip.dataset.list = list.id;
    return chip;
  }));
  const wide = button("chip", word("wider"), () => {
    wide.setAttribute("aria-pressed", String(root.classList.toggle("wide")));
    map.invalidateSize();
    drawRows(true);
  });
  wide.id = "list-wide";
  wide.setAttribute("aria-pressed", "false");
  const filter = element("input", "filter");
  Object.assign(filter, { type: "search", id: "list-filter" });
  filter.dataset.hint = "filter";
  filter.addEventListener("input", () => arrange());
  const nothing = element("p", "about", word("nothing"));
  nothing.id = "list-nothing";
  const scroller = element("div", "scroller", element("table", "sheet"));
  scroller.id = "list-scroller";
  scroller.tabIndex = 0;
  scroller.addEventListener("scroll", () => drawRows(false));
  window.addEventListener("resize", () => drawRows(true));
  map.on("language", () => { if (lists.list) pickList(lists.list.id, true); });
  byId("tab-lists").append(choice, element("div", "bar", filter, wide), nothing, scroller);
}

function showList() {
  if (!lists.list && plan.lists.length) pickList(plan.lists[0].id);
  else drawRows(true);
}

function pickList(id, keep = false) {
  lists.list = plan.lists.find((list) => list.id === id);
  if (!keep) Object.assign(lists, { column: null, down: false });
  for (const chip of document.querySelectorAll("[data-list]")) {
    chip.setAttribute("aria-pressed", String(chip.dataset.list === id));
  }
  arrange();
}

function cellText(column, value) {
  if (value === null) return "—";
  if (!column.number) return spoken(said(value));
  return value.toLocaleString("en-US", {
    minimumFractionDigits: column.digits, maximumFractionDigits: column.digits, useGrouping: !column.plain,
  });
}

// Rows that the filter keeps, in the order of the column whose head was clicked last.
function arrange() {
  const { columns, rows } = lists.list;
  const wanted = byId("list-filter").value.normalize("NFKC").trim().toLowerCase();
  const matches = (row) => columns.some((column, index) => {
    const value = row[index + 1];
    const texts = column.number || value === null ? [cellText(column, value)] : [said(value)].flat();
    return texts.some((text) => text.normalize("NFKC").toLowerCase().includes(wanted));
  });
  lists.order = rows.map((_, index) => index).filter((index) => !wanted || matches(rows[index]));
  if (lists.column !== null) lists.order.sort(inOrder(columns[lists.column], lists.column));
  byId("list-nothing").hidden = lists.order.length > 0;
  fillHeads();
  byId("list-scroller").scrollTop = 0;
  drawRows(true);
}

// Empty cells come last either way; equal ones stay as the list has them.
function inOrder(column, index) {
  const { rows } = lists.list;
  const language_tag = language() === "en" ? "en" : "zh-CN";
  const collator = new Intl.Collator(language_tag, { numeric: true });
  const key = rows.map((row) => (column.number || row[index + 1] === null
    ? row[index + 1] : spoken(said(row[index + 1]))));
  return (one, other) => {
    const [first, second] = [key[one], key[other]];
    if (first === null || second === null) return (first === null) - (second === null) || one - other;
    const found = column.number ? first - second : collator.compare(first, second);
    return (lists.down ? -found : found) || one - other;
  };
}

function fillHeads() {
  const heads = lists.list.columns.map((column, index) => {
    const sorted = lists.column === index;
    const key = button("", column.title, () => {
      lists.down = sorted ? !lists.down : Boolean(column.number && !column.plain);
      lists.column = index;
      arrange();
      byId("list-scroller").querySelectorAll("th button")[index].focus();
    });
    if (sorted) key.append(lists.down ? " ▼" : " ▲");
    const head = element("th", column.number ? "number" : "", key);
    head.scope = "col";
    head.style.width = `${column.width}px`;
    head.setAttribute("aria-sort", sorted ? (lists.down ? "descending" : "ascending") : "none");
    return head;
  });
  const sheet = byId("list-scroller").firstChild;
  sheet.style.width = `${lists.list.columns.reduce((sum, { width }) => sum + width, 0)}px`;
  sheet.setAttribute("aria-rowcount", String(lists.order.length + 1));
  const body = document.createElement("tbody");
  sheet.replaceChildren(element("thead", "", element("tr", "", ...heads)), body);
}

// Only the rows in view are in the page, with as much room around them as the rest would take.
function drawRows(anew) {
  const scroller = byId("list-scroller");
  if (!lists.list || !scroller.clientHeight) return;
  const first = Math.max(0, Math.floor(scroller.scrollTop / ROW_HEIGHT) - ROWS_AROUND);
  if (!anew && Math.abs(first - lists.first) < ROWS_AROUND / 2) return;
  lists.first = first;
  const count = Math.ceil(scroller.clientHeight / ROW_HEIGHT) + 2 * ROWS_AROUND;
  const shown = lists.order.slice(first, first + count).map((index, place) => listRow(index, first + place));
  const rest = Math.max(0, lists.order.length - first - shown.length);
  scroller.querySelector("tbody").replaceChildren(room(first), ...shown, room(rest));
}

function room(rows) {
  const made = element("tr", "room");
  made.setAttribute("aria-hidden", "true");
  made.style.height = `${rows * ROW_HEIGHT}px`;
  return made;
}

function listRow(index, place) {
  const { columns, rows, kind } = lists.list;
  const [id, ...values] = rows[index];
  const target = Array.isArray(id) ? id : [kind, id];
  const made = element("tr", "", ...columns.map((column, at) => {
    const text = cellText(column, values[at]);
    const cell = element("td", column.number ? "number" : "", at ? text : "");
    if (!at) cell.append(button("", text, () => flyFromList(target)));
    cell.title = text;
    return cell;
  }));
  made.setAttribute("aria-rowindex", String(place + 2));
  if (!registry().has(objectKey(...target))) made.classList.add("nowhere");
  made.addEventListener("click", (event) => { if (!event.target.closest("button")) flyFromList(target); });
  return made;
}

// On a narrow screen the panel makes room, so that what was flown to can be seen.
function flyFromList([kind, id]) {
  if (!flyToObject(kind, id)) return;
  if (root.classList.contains("wide")) byId("list-wide").click();
}
