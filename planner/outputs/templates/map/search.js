// One search box over everything on the page: part of a name in either language, or of an id.

const SEARCH_KINDS = [
  "station", "site", "corridor", "county", "township", "stretch", "zone", "segment", "trip",
  "supply", "rsu", "demand", "wish", "feature",
];
const SHOWN_A_KIND = 6;
const searching = { index: null, options: [], at: -1 };

function folded(text) { return String(text).normalize("NFKC").toLowerCase(); }

function searchIndex() {
  if (searching.index) return searching.index;
  searching.index = new Map(SEARCH_KINDS.map((kind) => [kind, []]));
  for (const entry of registry().values()) {
    const names = [entry.title].flat().map(folded);
    const coded = names.map(roadCode).filter((name) => !names.includes(name));
    const of = searching.index.get(entry.kind);
    if (of) of.push({ entry, id: folded(entry.id), names: [...names, ...coded], kinds: kindWords(entry) });
  }
  return searching.index;
}

// A numbered road in its short form: 320国道 and 国道320 are G320.
const ROAD_LETTERS = { 国道: "g", 省道: "s", 县道: "x", 乡道: "y" };
const NUMBERED = /[gsxy]?(\d+)(国道|省道|县道|乡道)|(国道|省道|县道|乡道)[gsxy]?(\d+)/g;

function roadCode(text) {
  return text.replace(NUMBERED, (_, first, after, before, last) => ROAD_LETTERS[after || before] + (first || last));
}

// What an object is, in words: its kind, and for a station its technology and its energy.
function kindWords({ kind, layer, note }) {
  const energy = kind === "station" && plan.energies.find((one) => one.layers.includes(layer.id));
  const words = [word(`kind_${kind}`)];
  if (energy) words.push(note, energy.title, [`${zh(energy.title)}站`, `${en(energy.title)} station`]);
  return words.flat().map(folded);
}

// 0: the id or name itself, 1: it begins so, 2: it holds it, 3: it is of a kind called so, 4: nothing.
function nearness({ id, names, kinds }, wanted) {
  const texts = [id, ...names];
  if (texts.includes(wanted)) return 0;
  if (texts.some((text) => text.startsWith(wanted))) return 1;
  if (texts.some((text) => text.includes(wanted))) return 2;
  const begin = /^[ -~]*$/.test(wanted) ? " " : ""; // Latin letters match from the start of a word
  return wanted.length > 1 && kinds.some((text) => ` ${text}`.includes(begin + wanted)) ? 3 : 4;
}

function foundOf(kind, wanted) {
  const ranked = [[], [], [], []];
  const code = roadCode(wanted);
  for (const item of searchIndex().get(kind)) {
    const near = Math.min(nearness(item, wanted), nearness(item, code));
    if (near < 4) ranked[near].push(item.entry);
  }
  return { kind, best: ranked.findIndex((entries) => entries.length), entries: ranked.flat() };
}

// Kinds that hold what was asked for to the letter come first, those only called so last.
function foundKinds(wanted) {
  return SEARCH_KINDS.map((kind) => foundOf(kind, wanted)).filter(({ best }) => best >= 0)
    .sort((one, other) => Math.ceil(one.best / 2) - Math.ceil(other.best / 2));
}

function fillSearch(map) {
  const box = byId("search");
  box.dataset.hint = "search";
  box.addEventListener("input", () => showFound(map));
  box.addEventListener("focus", () => { if (box.value) showFound(map); });
  box.addEventListener("keydown", (event) => searchKey(map, event));
  document.addEventListener("click", (event) => {
    if (!byId("finder").contains(event.target)) closeFound();
  });
  map.on("language", () => closeFound());
}

function showFound(map) {
  const wanted = folded(byId("search").value.trim());
  const list = byId("found");
  Object.assign(searching, { options: [], at: -1 });
  if (!wanted) {
    closeFound();
    return;
  }
  const parts = foundKinds(wanted).flatMap(({ kind, entries }) => foundGroup(map, kind, entries));
  list.replaceChildren(...(parts.length ? parts : [element("p", "about", word("nothing"))]));
  list.hidden = false;
  byId("search").setAttribute("aria-expanded", "true");
  if (searching.options.length) choose(0);
  byId("search-count").replaceChildren(both(foundWords(searching.options.length)));
}

function foundWords(count) {
  return word("found").map((text) => text.replace("{n}", count));
}

function foundGroup(map, kind, entries) {
  const head = element("div", "found-kind", word(`kind_${kind}`), ` ${entries.length.toLocaleString("en-US")}`);
  const options = entries.slice(0, SHOWN_A_KIND).map((entry) => foundOption(map, entry));
  const rest = entries.length - options.length;
  const more = rest > 0 ? [button("found-more", word("more_found"), () => {
    const others = entries.slice(SHOWN_A_KIND, SHOWN_A_KIND + 200).map((entry) => foundOption(map, entry));
    more[0].replaceWith(...others);
    searching.options = [...byId("found").querySelectorAll("[role=option]")];
    searching.options.forEach((option, index) => { option.id = `found-${index}`; });
    byId("search").focus();
  })] : [];
  return [head, ...options, ...more];
}

function foundOption(map, entry) {
  const id = shownId(entry.id);
  const texts = [element("span", "name", entry.title)];
  if (![entry.title].flat().includes(id)) texts.push(element("span", "id", id));
  if (entry.note) texts.push(element("span", "note", entry.note));
  const option = element("div", "option", ...texts);
  option.setAttribute("role", "option");
  option.id = `found-${searching.options.length}`;
  option.addEventListener("click", () => take(map, entry));
  option.entry = entry;
  searching.options.push(option);
  return option;
}

function choose(at) {
  searching.at = at;
  searching.options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
  const option = searching.options[at];
  byId("search").setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function take(map, entry) {
  closeFound();
  openEntry(map, entry);
}

// While an input method composes a word, its keys are its own.
function searchKey(map, event) {
  if (event.isComposing) return;
  const count = searching.options.length;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") closeFound();
  else if (step && count) choose((searching.at + step + count) % count);
  else if (event.key === "Enter" && count) take(map, searching.options[Math.max(0, searching.at)].entry);
  else return;
  event.preventDefault();
}

function closeFound() {
  byId("found").hidden = true;
  byId("search").setAttribute("aria-expanded", "false");
  byId("search").removeAttribute("aria-activedescendant");
  Object.assign(searching, { options: [], at: -1 });
}
