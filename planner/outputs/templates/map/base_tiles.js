// Tiles under the plan, in a page made with them only, and the shift of places that some need.

function addTiles(map) {
  if (!plan.base) return;
  const { layers, subdomains, zoom } = plan.base;
  map.createPane("base-tiles").style.zIndex = 200;
  for (const address of layers) {
    L.tileLayer(address, { subdomains, maxNativeZoom: zoom, maxZoom: 19, pane: "base-tiles" }).addTo(map);
  }
}

// Longitude and latitude in WGS84 of a place on the map, and the place on the map of such.
function truePlace(latlng) {
  const shown = [latlng.lng, latlng.lat];
  let place = shown;
  if (plan.base && plan.base.shifted) {
    for (let round = 0; round < 5; round += 1) {
      const [east, north] = shiftOf(place);
      place = [shown[0] - east, shown[1] - north];
    }
  }
  return place.map((value) => Math.round(value * 1e6) / 1e6);
}

function shownPlace(place) {
  const [east, north] = plan.base && plan.base.shifted ? shiftOf(place) : [0, 0];
  return [place[1] + north, place[0] + east];
}

// GCJ-02 less WGS84 in degrees: the formula of planner/crs/datum.py.
function shiftOf([lon, lat]) {
  if (!(lon > 72.004 && lon < 137.8347 && lat > 0.8293 && lat < 55.8271)) return [0, 0];
  const { sin, cos, sqrt, abs, PI } = Math;
  const [x, y] = [lon - 105, lat - 35];
  const wave = (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3;
  const root = sqrt(abs(x));
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave;
  north += (20 * sin(y * PI) + 40 * sin(y / 3 * PI)) * 2 / 3;
  north += (160 * sin(y / 12 * PI) + 320 * sin(y * PI / 30)) * 2 / 3;
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave;
  east += (20 * sin(x * PI) + 40 * sin(x / 3 * PI)) * 2 / 3;
  east += (150 * sin(x / 12 * PI) + 300 * sin(x / 30 * PI)) * 2 / 3;
  const [axis, e2, latitude] = [6378245, 0.00669342162296594323, lat * PI / 180];
  const factor = 1 - e2 * sin(latitude) ** 2;
  const degrees = 180 / PI;
  return [
    east / (axis / sqrt(factor) * cos(latitude)) * degrees,
    north / (axis * (1 - e2) / factor ** 1.5) * degrees,
  ];
}
