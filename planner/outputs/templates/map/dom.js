// Elements from text: every word of the data reaches the page through textContent, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
const plan = JSON.parse(document.getElementById("plan-data").textContent);
const root = document.documentElement;

function zh(value) { return Array.isArray(value) ? value[0] : value; }
function en(value) { return Array.isArray(value) ? value[1] : value; }
function language() { return root.classList.contains("en") ? "en" : "zh"; }
function spoken(value) { return language() === "en" ? en(value) : zh(value); }
function word(key) { return plan.words[key]; }

// A text of a row: as it stands, or its place in the table of texts.
function said(value) { return typeof value === "number" ? plan.texts[value] : value; }

// An id as people may read it: what hides or reorders text is written out.
function shownId(id) {
  return String(id).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (found) => {
    const code = found.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    return `⟦U+${code}⟧`;
  });
}

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const child of children) made.append(child instanceof Node ? child : both(child));
  return made;
}

// A text in the language of the page; both stand in the page and the style shows one.
function both(value) {
  if (!Array.isArray(value)) return document.createTextNode(String(value));
  const made = document.createElement("span");
  for (const [name, content] of [["zh", value[0]], ["en", value[1]]]) {
    const part = document.createElement("span");
    part.className = name;
    part.lang = name === "zh" ? "zh-CN" : "en";
    part.textContent = content;
    made.append(part);
  }
  return made;
}

function button(className, content, action) {
  const made = element("button", className, content);
  made.type = "button";
  made.addEventListener("click", action);
  return made;
}

function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function byId(id) { return document.getElementById(id); }

function useLanguage(name) {
  root.classList.toggle("zh", name === "zh");
  root.classList.toggle("en", name === "en");
  root.lang = name === "zh" ? "zh-CN" : "en";
  byId("language").textContent = name === "zh" ? "English" : "中文";
  document.title = spoken(plan.title);
  byId("panel-toggle").title = spoken(word("panel"));
  byId("panel-toggle").setAttribute("aria-label", spoken(word("panel")));
  for (const node of document.querySelectorAll("[data-hint]")) {
    const hint = spoken(word(node.dataset.hint));
    node.title = hint;
    node.setAttribute("aria-label", hint);
    if (node.tagName === "INPUT") node.placeholder = hint;
  }
}
