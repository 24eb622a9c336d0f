// Point symbols: a circle, square, diamond, triangle or cross, with a letter where it has one.

const SHAPES = {
  circle: (ctx, p, r) => ctx.arc(p.x, p.y, r, 0, Math.PI * 2),
  square: (ctx, p, r) => ctx.rect(p.x - r, p.y - r, 2 * r, 2 * r),
  diamond: (ctx, p, r) => corners(ctx, p, [[0, -r], [r, 0], [0, r], [-r, 0]]),
  triangle: (ctx, p, r) => corners(ctx, p, [[0, -r], [r, r * 0.8], [-r, r * 0.8]]),
  cross: (ctx, p, r) => {
    ctx.moveTo(p.x - r, p.y - r);
    ctx.lineTo(p.x + r, p.y + r);
    ctx.moveTo(p.x + r, p.y - r);
    ctx.lineTo(p.x - r, p.y + r);
  },
};

function corners(ctx, p, steps) {
  steps.forEach(([dx, dy], index) => {
    if (index) ctx.lineTo(p.x + dx, p.y + dy);
    else ctx.moveTo(p.x + dx, p.y + dy);
  });
  ctx.closePath();
}

const PlanSymbol = L.CircleMarker.extend({
  // Symbols shrink where the whole city is in view. Stations on one place stand side by side:
  // their shift is in pixels.
  _project() {
    const size = Math.min(1, Math.max(0.68, 0.68 + (this._map.getZoom() - 9.5) * 0.16));
    this._radius = this.options.radius * size;
    const shift = [(this.options.shift || 0) * size, 0];
    this._point = this._map.latLngToLayerPoint(this._latlng).add(shift);
    this._updateBounds();
  },
  _updatePath() {
    const renderer = this._renderer;
    if (!renderer._drawing || this._empty()) return;
    const ctx = renderer._ctx;
    const { shape, glyph } = this.options;
    ctx.beginPath();
    SHAPES[shape || "circle"](ctx, this._point, this._radius);
    renderer._fillStroke(ctx, this);
    if (!glyph) return;
    ctx.globalAlpha = 1;
    ctx.fillStyle = "#fff";
    ctx.font = `600 ${Math.round(this._radius * 1.15)}px ${SYMBOL_FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(spoken(glyph), this._point.x, this._point.y + 0.5);
  },
});

const SYMBOL_FONT = '"Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", sans-serif';

// The swatch of a legend: the same symbol, drawn small.
function swatch(layer) {
  const style = layer.style;
  const box = drawn("svg", { viewBox: "0 0 26 18", "aria-hidden": "true" });
  if (layer.kind === "points") box.append(...symbolSwatch(style));
  else if (layer.kind === "areas") {
    box.append(drawn("rect", {
      x: 3, y: 3, width: 20, height: 12, fill: style.fillColor, "fill-opacity": style.fillOpacity,
      stroke: style.color, "stroke-width": 1.5,
    }));
  } else {
    box.append(drawn("line", {
      x1: 1, y1: 9, x2: 25, y2: 9, stroke: style.color, "stroke-width": style.weight,
      "stroke-dasharray": style.dashArray || "none",
    }));
  }
  return box;
}

function symbolSwatch(style) {
  const r = Math.min(style.radius, 8);
  const paint = {
    fill: style.fillColor, stroke: style.color === "#ffffff" ? "none" : style.color,
    "stroke-width": Math.max(style.weight, 1),
  };
  const points = {
    diamond: `13,${9 - r} ${13 + r},9 13,${9 + r} ${13 - r},9`,
    triangle: `13,${9 - r} ${13 + r},${9 + r * 0.8} ${13 - r},${9 + r * 0.8}`,
  };
  if (style.shape === "square") {
    return [drawn("rect", { x: 13 - r, y: 9 - r, width: 2 * r, height: 2 * r, ...paint })];
  }
  if (style.shape === "cross") {
    const d = `M${13 - r} ${9 - r}L${13 + r} ${9 + r}M${13 + r} ${9 - r}L${13 - r} ${9 + r}`;
    return [drawn("path", { d, ...paint })];
  }
  if (points[style.shape]) return [drawn("polygon", { points: points[style.shape], ...paint })];
  const made = [drawn("circle", { cx: 13, cy: 9, r, ...paint })];
  if (style.glyph) made.push(...["zh", "en"].map((name, index) => glyphSwatch(style, name, index)));
  return made;
}

function glyphSwatch(style, name, index) {
  const made = drawn("text", {
    x: 13, y: 12.5, "text-anchor": "middle", "font-size": 10, fill: "#fff", class: name,
  });
  made.textContent = style.glyph[index];
  return made;
}
