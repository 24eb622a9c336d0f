"""Offers a toy case small enough to be planned many times: two technologies, one year."""

import tomllib

import tomli_w
from toy_case_files import write_toy_case

OFF = ("ac7", "dc180", "ultra480", "solar_storage", "swap", "truck_swap", "hydrogen500",
       "hydrogen1000")  # fmt: skip
FEW_SIZES = {
    "dc60": {"max_units": 6, "unit_step": 2},
    "dc120": {"max_units": 8, "unit_step": 4},
}


def write_small_toy(folder, budget_cny=3_000_000, more=""):
    """Write the toy case with one siting year, chargers only, few sizes, and ``more`` TOML."""
    case = write_toy_case(folder)
    path = case / "scenario.toml"
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    content["siting"] = {"budget_cny_2027": budget_cny, "hydrogen_budget_cny_2027": 0}
    content["technologies"] = FEW_SIZES | {name: {"enabled": False} for name in OFF}
    content["run"] = {"mip_gap": 0.005}
    path.write_text(tomli_w.dumps(content | tomllib.loads(more)), encoding="utf-8")
    return case
