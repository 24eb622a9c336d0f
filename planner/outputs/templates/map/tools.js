// Tools on the map: zoom, whole area, distance, print, scale bar in metres and a north arrow.

function addTools(map) {
  L.control.zoom({ position: "topright", zoomInTitle: "+", zoomOutTitle: "−" }).addTo(map);
  const tools = L.control({ position: "topright" });
  tools.onAdd = () => {
    const whole = toolButton("whole", "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5");
    whole.addEventListener("click", () => map.fitBounds(plan.bounds));
    const measure = toolButton("measure", "M2 14 14 2l4 4L6 18zM6 10l2 2M9 7l3 3M12 4l2 2");
    measureTool(map, measure);
    const print = toolButton("print", "M5 7V2h10v5M5 14H2V7h16v7h-3M5 11h10v7H5z");
    print.addEventListener("click", () => enterPrint(map));
    const bar = element("div", "leaflet-bar", whole, measure, print);
    L.DomEvent.disableClickPropagation(bar);
    return bar;
  };
  tools.addTo(map);
  L.control.scale({ imperial: false, position: "bottomright", maxWidth: 140 }).addTo(map);
  const north = L.control({ position: "bottomright" });
  north.onAdd = () => element("div", "north", drawn(
    "svg", { viewBox: "0 0 20 24" },
    drawn("path", { d: "M10 1 17 22 10 17z", fill: "#20262e" }),
    drawn("path", { d: "M10 1 3 22 10 17z", fill: "#fff", stroke: "#20262e" }),
  ), word("north"));
  north.addTo(map);
}

function toolButton(hint, path) {
  const icon = drawn(
    "svg", { viewBox: "0 0 20 20" },
    drawn("path", { d: path, fill: "none", stroke: "currentColor", "stroke-width": 1.8 }),
  );
  const made = button("tool", icon, () => {});
  made.dataset.hint = hint;
  made.id = `tool-${hint}`;
  return made;
}

function measureTool(map, toggle) {
  const note = L.control({ position: "topright" });
  const line = L.polyline([], { color: "#d50000", weight: 3, interactive: false });
  note.onAdd = () => element("div", "measured", word("measure_help"));
  // Taken before the layers see it: a click on a road measures and opens no popup.
  const click = (event) => {
    event.stopPropagation();
    line.addLatLng(map.mouseEventToLatLng(event));
    note.getContainer().replaceChildren(both(distanceText(map, line.getLatLngs())));
  };
  const stop = () => {
    toggle.setAttribute("aria-pressed", "false");
    map.getPane("mapPane").removeEventListener("click", click, true);
    map.doubleClickZoom.enable();
    map.getContainer().style.cursor = "";
  };
  map.on("dblclick", stop);
  toggle.addEventListener("click", () => {
    const on = toggle.getAttribute("aria-pressed") === "true";
    stop();
    line.setLatLngs([]).remove();
    note.remove();
    if (on) return;
    toggle.setAttribute("aria-pressed", "true");
    note.addTo(map);
    line.addTo(map);
    map.getPane("mapPane").addEventListener("click", click, true);
    map.doubleClickZoom.disable();
    map.getContainer().style.cursor = "crosshair";
  });
}

function distanceText(map, points) {
  let metres = 0;
  for (let index = 1; index < points.length; index += 1) {
    metres += map.distance(points[index - 1], points[index]);
  }
  const km = metres >= 1000;
  const amount = km ? (metres / 1000).toFixed(2) : metres.toFixed(0);
  const unit = word(km ? "km_unit" : "m_unit");
  return [`≈ ${amount} ${unit[0]}`, `≈ ${amount} ${unit[1]}`];
}
