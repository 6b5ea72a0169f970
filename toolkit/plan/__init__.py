"""Planning: from what is known and assessed to a roadmap.

``value`` says what work is worth; ``posing`` turns a record into a problem of candidates and limits; ``solving`` writes it as a program,
which ``program`` hands to HiGHS and ``polishing`` improves; ``usage`` adds up what a plan takes;
``deferring`` and ``colliding`` say what keeps work out, ``knowing`` what is known without a plan;
``planning`` puts the roadmap together, and ``explaining`` solves it again to say how firm it is and
what would change it. ``table`` and ``stored`` let it out.
"""

from toolkit.plan.explaining import explain_roadmap
from toolkit.plan.planning import plan_roadmap
from toolkit.plan.roadmap import Roadmap
from toolkit.plan.stored import PLAN_FILE, from_json, to_json

__all__ = ["PLAN_FILE", "Roadmap", "explain_roadmap", "from_json", "plan_roadmap", "to_json"]
