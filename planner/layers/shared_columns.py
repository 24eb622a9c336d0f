"""The columns that several of the made layers have in common."""

from planner.layers.schema import Column
from planner.layers.words import ENERGIES, TRUST_MARKS

COUNTY_ID = Column("county_id", "text", "区县代码", "county", nullable=True)
JURISDICTION_ID = Column("jurisdiction_id", "text", "辖区", "jurisdiction", nullable=True)
NAME = Column("name", "text", "名称", "name as people read it", nullable=True)
ENERGY = Column("energy", "text", "能源", "energy", choices=ENERGIES)
PHASE = Column(
    "phase",
    "text",
    "阶段",
    "before (existing stations, demand of the target year), an earlier year of the plan, or after",
)
TRUST = Column("trust", "text", "可信度", "trust mark of the row", choices=TRUST_MARKS)
