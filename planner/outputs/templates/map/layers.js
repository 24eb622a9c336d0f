// Layers on the map: one canvas, drawn in a fixed order, popups made when they are asked for.

const SCALE = 1e5;
const drawnLayers = new Map();

function decode(numbers) {
  const path = [];
  let lat = 0;
  let lng = 0;
  for (let index = 0; index < numbers.length; index += 2) {
    lat += numbers[index];
    lng += numbers[index + 1];
    path.push([lat / SCALE, lng / SCALE]);
  }
  return path;
}

const MAKERS = {
  points: (row, style) => new PlanSymbol(
    decode(row.g)[0], { ...style, radius: row.r || style.radius, shift: row.x },
  ),
  lines: (row, style) => L.polyline(row.g.map(decode), style),
  areas: (row, style) => L.polygon(row.g.map((rings) => rings.map(decode)), style),
};

const BASE_STYLE = { smoothFactor: 1.5, fillOpacity: 1, bubblingMouseEvents: false };
const POPUP = {
  maxWidth: 400, minWidth: 200, autoPanPaddingTopLeft: [30, 8], autoPanPaddingBottomRight: [60, 8],
};

// A layer of the legend. Its features are made when it is first shown or asked for; tooltip and
// popup belong to the whole layer and are built from text when they open.
const PlanLayer = L.FeatureGroup.extend({
  initialize(layer) {
    L.FeatureGroup.prototype.initialize.call(this, []);
    this.plan = layer;
    this.made = null;
    Object.defineProperty(this, "features", { get: () => this.fill() });
    if (layer.passive) return;
    this.bindTooltip((feature) => element("div", "", feature.row.t), { sticky: true });
    if (layer.pick) this.on("click", (event) => pickExcluded(this._map, event.latlng));
    else this.bindPopup((feature) => popup(feature.row, layer, feature.row.v), POPUP);
  },
  onAdd(map) {
    this.fill();
    L.FeatureGroup.prototype.onAdd.call(this, map);
  },
  fill() {
    if (this.made) return this.made;
    const layer = this.plan;
    const style = { ...BASE_STYLE, ...layer.style, interactive: !layer.passive };
    this.made = rowsOf(layer).rows.map((row) => {
      const feature = MAKERS[layer.kind](row, style);
      feature.row = row;
      if (!layer.passive && !layer.pick) feature.openPopup = (place) => this.openAt(feature, place);
      if (row.m) feature.reach = reachOf(row, style);
      return feature;
    });
    this.restrict(shownYear());
    return this.made;
  },
  // Keep on the map what stands by a year, as large as it is then.
  restrict(year) {
    for (const feature of this.made || []) {
      const shown = stands(this.plan, feature.row, year);
      if (feature.row.u && this.plan.sized) feature.setRadius(radiusOf(feature.row, year));
      if (shown === this.hasLayer(feature)) continue;
      const change = shown ? "addLayer" : "removeLayer";
      if (feature.reach) this[change](feature.reach);
      this[change](feature);
    }
  },
  openAt(feature, place) {
    this.getPopup()._source = feature;
    return this.openPopup(place);
  },
});

function reachOf(row, style) {
  return L.circle(decode(row.g)[0], {
    ...style, radius: row.m, fillOpacity: 0.1, color: style.fillColor, interactive: false,
  });
}

function leafletLayer(layer) { return new PlanLayer(layer); }

// A test road stands in the page once; the layers of every view point at its row.
function rowsOf(layer) {
  if (!layer.refs) return layer;
  const refs = layer.refs.concat(layer.later || []);
  return { rows: refs.map((index) => plan.roads.rows[index]), fields: plan.roads.fields };
}

function popup(row, layer, values) {
  const fields = layer.refs ? plan.roads.fields : layer.fields;
  const corridor = plan.corridors[corridorOf.get(row)];
  const link = corridor && corridor !== followed.corridor
    ? [button("chip follow-link", word("follow"), () => follow(window.planMap, corridor))] : [];
  return element(
    "div", "popup", element("h3", "", row.t), ...link, table(fields, values),
    ...marksOf(layer.target, row.i, row),
  );
}

// What a review offers for a thing, where the page has one.
function marksOf(target, id, row) {
  const offered = target && id !== undefined && typeof markButtons === "function";
  return offered ? markButtons(target, id, row) || [] : [];
}

function table(fields, values) {
  const lines = fields.map((label, index) => {
    const head = document.createElement("th");
    head.scope = "row";
    head.append(both(label));
    return element("tr", "", head, element("td", "", said(values[index])));
  });
  return element("table", "", ...lines);
}

function backgroundLayer(layer, renderer) {
  const style = { ...layer.style, renderer, interactive: false, smoothFactor: 1.5, opacity: 1 };
  return L.featureGroup(layer.chunks.map((chunk) => L.polyline(chunk.map(decode), style)));
}

function pane(map, name, zIndex) {
  const made = map.createPane(name);
  made.style.zIndex = zIndex;
  made.style.pointerEvents = "none";
  return L.canvas({ pane: name, padding: 0.2 });
}

// Restore the order of the legend's layers: a layer switched on late must not cover the rest.
function stack(map) {
  for (const group of drawnLayers.values()) if (map.hasLayer(group)) group.bringToFront();
}

function showLayer(map, id, shown) {
  const group = drawnLayers.get(id);
  if (shown) map.addLayer(group);
  else map.removeLayer(group);
  if (shown) stack(map);
  const box = byId(`box-${id}`);
  if (box) box.checked = shown;
  markEnergies(map);
  markViews(map);
}

function addLabels(map) {
  const icon = (label) => L.divIcon({
    className: "county-label", html: element("div", "", label.t), iconSize: null,
  });
  const labels = plan.borders.labels.map((label) => ({
    ...label,
    marker: L.marker(decode(label.p)[0], { icon: icon(label), interactive: false, keyboard: false }),
  }));
  const group = L.layerGroup(labels.map((label) => label.marker));
  const arrange = () => thinLabels(labels);
  map.on("zoomend moveend language", arrange);
  group.on("add", () => setTimeout(arrange, 0));
  return group;
}

// Hide a label that would lie on one of a larger county.
function thinLabels(labels) {
  const kept = [];
  for (const { marker } of labels) {
    const node = marker.getElement() && marker.getElement().firstChild;
    if (!node) continue;
    node.style.visibility = "visible";
    const box = node.getBoundingClientRect();
    const hit = kept.some((other) => box.left < other.right + 6 && other.left < box.right + 6
      && box.top < other.bottom && other.top < box.bottom);
    if (hit) node.style.visibility = "hidden";
    else kept.push(box);
  }
}
