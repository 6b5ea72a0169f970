"""Planning: from what is known and assessed to a roadmap.

``problem`` turns a record into candidates and limits; ``solving`` writes these as a program, which
``program`` hands to HiGHS; ``usage`` adds up what a plan takes; ``deferring`` and ``colliding`` say
what keeps work out; ``knowing`` what is known without a plan; ``planning`` puts the roadmap together,
``table`` and ``stored`` let it out.
"""

from toolkit.plan.planning import plan_roadmap
from toolkit.plan.roadmap import Roadmap
from toolkit.plan.stored import PLAN_FILE, from_json, to_json

__all__ = ["PLAN_FILE", "Roadmap", "from_json", "plan_roadmap", "to_json"]
