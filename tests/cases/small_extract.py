"""A small city in OpenStreetMap XML: two counties side by side, a few roads and places."""

NODES = {
    1: (28.60, 115.80), 2: (28.60, 115.90), 3: (28.60, 116.00),
    4: (28.70, 116.00), 5: (28.70, 115.90), 6: (28.70, 115.80),
    11: (28.65, 115.82), 12: (28.65, 115.90), 13: (28.65, 115.98), 14: (28.66, 115.98),
    15: (28.90, 115.98), 16: (28.91, 115.98),
}  # fmt: skip
TAGGED_NODES = {
    21: ((28.655, 115.84), {"place": "town", "name": "甲镇", "population": "12 000"}),
    22: ((28.655, 115.95), {"place": "hamlet", "name": "丙村"}),
    23: ((28.656, 115.84), {"place": "hamlet", "name": "丁村"}),
    31: ((28.651, 115.83), {"amenity": "charging_station", "capacity": "4",
                            "socket:type2_combo:output": "120 kW"}),
    32: ((28.651, 115.85), {"amenity": "charging_station"}),
    33: ((28.651, 115.86), {"amenity": "charging_station", "bicycle": "yes"}),
    34: ((28.651, 115.87), {"amenity": "charging_station", "access": "private"}),
    35: ((28.651, 115.88), {"amenity": "fuel", "fuel:h70": "yes", "name": "氢站",
                            "capacity": "6"}),
    36: ((28.651, 115.89), {"amenity": "parking", "capacity": " 120 "}),
    37: ((28.651, 115.8901), {"amenity": "parking"}),
    38: ((28.95, 115.89), {"amenity": "parking"}),
    41: ((28.6502, 115.84), {"highway": "traffic_signals"}),
    42: ((28.6502, 115.85), {"highway": "crossing", "crossing": "traffic_signals"}),
    43: ((28.6502, 115.86), {"highway": "bus_stop"}),
    44: ((28.6502, 115.87), {"highway": "street_lamp"}),
    45: ((28.6502, 115.88), {"man_made": "mast", "tower:type": "communication"}),
    46: ((28.6502, 115.89), {"highway": "turning_circle"}),
    47: ((28.9502, 115.89), {"highway": "traffic_signals"}),
    48: ((28.6504, 115.83), {"amenity": "kindergarten", "name": "小园", "name:en": "Small"}),
    49: ((28.6504, 115.96), {"amenity": "hospital"}),
    51: ((28.6510, 115.84), {}),
    52: ((28.6510, 115.841), {}),
    53: ((28.6520, 115.841), {}),
}  # fmt: skip
WAYS = {
    101: ([1, 2], {}),
    102: ([2, 5], {}),
    103: ([5, 6, 1], {}),
    104: ([2, 3, 4, 5], {}),
    201: ([11, 12], {"highway": "primary", "name": "赣江路", "ref": "G1", "maxspeed": "60"}),
    202: ([12, 13], {"highway": "secondary", "oneway": "-1", "lanes": "3", "bridge": "viaduct"}),
    203: ([13, 14], {"highway": "footway"}),
    204: ([13, 14], {"highway": "residential", "access": "private"}),
    205: ([15, 16], {"highway": "residential"}),
    206: ([13, 14], {"highway": "motorway_link", "tunnel": "yes"}),
    207: ([51, 52, 53, 51], {"amenity": "school", "name": "一小"}),
    208: ([51, 52, 53, 51], {"landuse": "construction"}),
}
RELATIONS = {
    301: ([101, 102, 103], {"name": "西县", "name:en": "West"}),
    302: ([102, 104], {"name": "东县", "population": "50000"}),
}


def tags(pairs):
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in pairs.items())


def extract_text():
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="test">']
    for number, (lat, lon) in NODES.items():
        parts.append(f'<node id="{number}" version="1" lat="{lat}" lon="{lon}"/>')
    for number, ((lat, lon), pairs) in TAGGED_NODES.items():
        parts.append(
            f'<node id="{number}" version="1" lat="{lat}" lon="{lon}">{tags(pairs)}</node>'
        )
    for number, (refs, pairs) in WAYS.items():
        nodes = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        parts.append(f'<way id="{number}" version="1">{nodes}{tags(pairs)}</way>')
    for number, (refs, pairs) in RELATIONS.items():
        members = "".join(f'<member type="way" ref="{ref}" role="outer"/>' for ref in refs)
        kind = {"type": "boundary", "boundary": "administrative", "admin_level": "6"}
        parts.append(
            f'<relation id="{number}" version="1">{members}{tags(kind | pairs)}</relation>'
        )
    return "\n".join([*parts, "</osm>\n"])


def write_extract(folder):
    path = folder / "small.osm"
    path.write_text(extract_text(), "utf-8")
    return path
