"""Planning: from what is known and assessed to a roadmap.

``value`` says what work is worth; ``problem`` poses what there is to choose from, under a ``scenario``; ``solver`` writes it
as a ``program`` for HiGHS; ``reasons`` says what keeps work out, ``assumptions`` what a plan rests on, ``worth`` what it pays
back; ``plan`` puts the ``roadmap`` together, and ``robustness`` solves again to say how firm it is and what would change it.
``plan_table`` and ``traceability`` lay it out, ``plan_changes`` hold it against an earlier one, and ``advice`` holds the
recommendations against it; ``background`` plans while one looks on.
"""

from toolkit.plan.plan import plan_roadmap
from toolkit.plan.roadmap import PLAN_FILE, Roadmap, from_json, to_json
from toolkit.plan.robustness import explain_roadmap

__all__ = ["PLAN_FILE", "Roadmap", "explain_roadmap", "from_json", "plan_roadmap", "to_json"]
