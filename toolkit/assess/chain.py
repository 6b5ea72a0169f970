"""The chain from what is seen to what is done about it: symptom, cause, practice, initiative.

Cause to symptom is the questionnaire's reasoning (its ``links``), cause to practice the method's. Neither
was measured, and pages say so.
"""

from __future__ import annotations

from toolkit.assess.assessment import Assessment
from toolkit.assess.trace import live
from toolkit.client.record import Record
from toolkit.method import PRACTICE_FOR, SYMPTOMS


def chain_of(record: Record, a: Assessment, dimension: str) -> dict[str, tuple[str, ...]]:
    """Follow a dimension to its symptoms, causes, practices and the live initiatives that build them."""
    questionnaire = record.questionnaire_of(record.round(a.round))
    links = questionnaire.links if questionnaire else ()
    symptoms: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    practices: tuple[str, ...] = (dimension,)
    if dimension in PRACTICE_FOR:
        symptoms = tuple(link.symptom for link in links if link.cause == dimension)
        causes, practices = (dimension,), (PRACTICE_FOR[dimension],)
    elif any(dimension == symptom.id for symptom in SYMPTOMS):
        symptoms = (dimension,)
        causes = tuple(dict.fromkeys(link.cause for link in links if link.symptom == dimension))
        practices = tuple(dict.fromkeys(PRACTICE_FOR[c] for c in causes if c in PRACTICE_FOR))
    work = tuple(one.id for one in live(record) if set(one.practices) & set(practices))
    return {"symptoms": symptoms, "causes": causes, "practices": practices, "initiatives": work}
