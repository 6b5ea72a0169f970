"""Planning: from what is known and assessed to a roadmap."""

from toolkit.plan.planning import plan_roadmap
from toolkit.plan.roadmap import Roadmap

__all__ = ["Roadmap", "plan_roadmap"]
