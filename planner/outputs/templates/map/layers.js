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

function leafletLayer(layer) {
  const group = L.featureGroup();
  const style = { ...BASE_STYLE, ...layer.style, interactive: !layer.passive };
  const { rows, fields } = rowsOf(layer);
  group.features = rows.map((row) => {
    if (row.m) {
      const reach = { ...style, radius: row.m, fillOpacity: 0.1, color: style.fillColor, interactive: false };
      group.addLayer(L.circle(decode(row.g)[0], reach));
    }
    const feature = MAKERS[layer.kind](row, style);
    if (!layer.passive) answer(feature, row, fields, () => row.v);
    group.addLayer(feature);
    return feature;
  });
  return group;
}

// A test road stands in the page once; the layers of every view point at its row.
function rowsOf(layer) {
  if (!layer.refs) return layer;
  return { rows: layer.refs.map((index) => plan.roads.rows[index]), fields: plan.roads.fields };
}

const POPUP = {
  maxWidth: 400, minWidth: 200, autoPanPaddingTopLeft: [30, 8], autoPanPaddingBottomRight: [60, 8],
};

// Give a feature its tooltip and its popup; both are built from text when they open.
function answer(feature, row, fields, values) {
  feature.bindTooltip(() => element("div", "", row.t), { sticky: true });
  feature.bindPopup(() => popup(row, fields, values()), POPUP);
}

function popup(row, fields, values) {
  const corridor = plan.corridors[corridorOf.get(row)];
  const link = corridor && corridor !== followed.corridor
    ? [button("chip", word("follow"), () => follow(window.planMap, corridor))] : [];
  return element("div", "popup", element("h3", "", row.t), ...link, table(fields, values));
}

function table(fields, values) {
  const lines = fields.map((label, index) => {
    const head = document.createElement("th");
    const [first, second] = language() === "en" ? [en(label), zh(label)] : [zh(label), en(label)];
    const small = element("small", "", second);
    head.append(first, small);
    return element("tr", "", head, element("td", "", values[index]));
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
    const hit = kept.some((other) => box.left < other.right && other.left < box.right
      && box.top < other.bottom && other.top < box.bottom);
    if (hit) node.style.visibility = "hidden";
    else kept.push(box);
  }
}
