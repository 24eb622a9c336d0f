"""The classic location models in arrays: reach and weights in, chosen sites out."""

from planner.location.capacitated import ServedChoice, lscp_capacitated, mclp_capacitated
from planner.location.cflp import cflp
from planner.location.choice import Choice
from planner.location.effort import Effort
from planner.location.flows import Paths, Windows, flow_windows, refuelled
from planner.location.frames import assigned, cost_matrix, located
from planner.location.frlm import FlowChoice, frlm
from planner.location.lscp import lscp, lscp_backup
from planner.location.mclp import mclp
from planner.location.pcenter import pcenter
from planner.location.pdispersion import pdispersion
from planner.location.pmedian import pmedian
from planner.location.reach import within

__all__ = [
    "Choice",
    "Effort",
    "FlowChoice",
    "Paths",
    "ServedChoice",
    "Windows",
    "assigned",
    "cflp",
    "cost_matrix",
    "flow_windows",
    "frlm",
    "located",
    "lscp",
    "lscp_backup",
    "lscp_capacitated",
    "mclp",
    "mclp_capacitated",
    "pcenter",
    "pdispersion",
    "pmedian",
    "refuelled",
    "within",
]
