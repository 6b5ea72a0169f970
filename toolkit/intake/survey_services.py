"""Survey services told apart by the columns of their own; documented names in the languages they write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from toolkit.intake import survey_headings
from toolkit.intake.survey_headings import Heading


@dataclass(frozen=True)
class Layout:
    """How a service writes.

    Attributes
    ----------
    own : frozenset of str
        The columns of its own by lower-case heading; they are never read as answers.
    identity : tuple of str
        The columns that may number the replies.
    signs : tuple of frozenset of str
        Of each of these sets of alternatives, a header of this service has one.
    submitted : tuple of str
        The columns that may say when a reply was sent, the best first.
    running : bool
        Whether it numbers the replies of each form from 1, or may.
    take : callable
        Makes a heading of a column's place, its title and what stands below the title.
    """

    service: str
    own: frozenset[str]
    identity: tuple[str, ...]
    signs: tuple[frozenset[str], ...]
    submitted: tuple[str, ...] = ()
    take: Callable[[int, str, str], Heading] = survey_headings.simple
    running: bool = False

    def own_name(self, title: str) -> str:
        """Return the lower-case name a title has among the service's own columns, or ""."""
        lower = title.casefold()
        code, dot, text = lower.partition(". ")
        if dot and code in self.own and text in self.own:  # LimeSurvey: "id. Response ID"
            return code
        return lower if lower in self.own else ""

    def fits(self, header: Sequence[str]) -> bool:
        """Whether every sign is there."""
        names = {self.own_name(title) for title in header}
        return all(sign & names for sign in self.signs)


def _words(*texts: str) -> frozenset[str]:
    return frozenset(one for text in texts for one in text.split("|"))


_PEOPLE = "name|first name|last name|full name|email|e-mail|email address|e-mail address|e-mail-adresse|adresse e-mail|username|user name|ip address|ip-adresse|adresse ip"  # fmt: skip
TYPEFORM = Layout(
    "Typeform",
    _words(
        _PEOPLE,
        "#|response type|start date (utc)|stage date (utc)|submit date (utc)|network id|tags|ending|score",
    ),
    ("#",),
    (_words("#"), _words("submit date (utc)")),
    ("submit date (utc)",),
    survey_headings.typeform,
)
_STARTED = "start time|startzeit|heure de début|hora de inicio|hora de início"
_FINISHED = "completion time|fertigstellungszeit|heure de fin|hora de finalización|hora de conclusão"
FORMS = Layout(
    "Microsoft Forms",
    _words(
        _PEOPLE,
        f"id|{_STARTED}|{_FINISHED}|last modified time|total points|quiz feedback|language",
        "zeitpunkt der letzten änderung|sprache",
        "heure de la dernière modification|adresse de messagerie|nom|langue",
        "hora de la última modificación|correo electrónico|nombre|nome|hora da última modificação",
    ),
    ("id",),
    (_words("id"), _words(_STARTED), _words(_FINISHED)),
    tuple(_FINISHED.split("|")),
    running=True,
)
LIMESURVEY = Layout(
    "LimeSurvey",
    _words(
        "id|response id|submitdate|date submitted|lastpage|last page|startlanguage|start language|seed|token",
        "access code|startdate|date started|datestamp|date last action|ipaddr|ip address|refurl|referrer url",
        "firstname|first name|lastname|last name|email|email address|attribute_1|attribute_2",
        "interviewtime|total time|antwort id|datum abgeschickt|letzte seite|start-sprache|zufallsstartwert",
        "datum gestartet|datum letzte aktivität|zugangscode",
    ),
    ("id", "response id", "antwort id"),
    (
        _words("id|response id|antwort id"),
        _words("lastpage|last page|submitdate|date submitted|letzte seite|datum abgeschickt"),
        _words("startlanguage|start language|seed|start-sprache|zufallsstartwert"),
    ),
    ("submitdate", "date submitted", "datum abgeschickt", "datestamp", "date last action"),
    survey_headings.lime,
    running=True,
)
_STAMPED = "timestamp|zeitstempel|horodateur|marca temporal|carimbo de data/hora"
GOOGLE = Layout(
    "Google Forms",
    _words(_PEOPLE, f"{_STAMPED}|score|punktzahl|total score|respondent"),
    ("respondent",),  # which a consultant may add, to tell two forms apart
    (_words(_STAMPED),),
    tuple(_STAMPED.split("|")),
    survey_headings.google,
)
MONKEY = Layout(
    "SurveyMonkey",
    _words(
        _PEOPLE,
        "respondent id|collector id|start date|end date|date created|date modified",
        "|".join(f"custom data {number}" for number in range(1, 7)),
    ),
    ("respondent id",),
    (_words("respondent id"), _words("collector id")),
    ("end date", "date modified", "start date", "date created"),
    survey_headings.monkey,
    running=True,
)
QUALTRICS = Layout(
    "Qualtrics",
    _words(
        "startdate|enddate|status|ipaddress|progress|duration (in seconds)|finished|recordeddate|responseid",
        "recipientlastname|recipientfirstname|recipientemail|externalreference|externaldatareference",
        "locationlatitude|locationlongitude|distributionchannel|userlanguage|q_recaptchascore",
    ),
    ("responseid",),
    (_words("responseid"),),
    ("enddate", "recordeddate"),
    survey_headings.qualtrics,
)
TABLE = Layout(
    "a plain table, one row a respondent",
    _words(_PEOPLE, "respondent|id|date|day|submitted|submitted on|completed on"),
    ("respondent", "id"),
    (),
    ("submitted", "submitted on", "completed on", "date", "day"),
    running=True,
)
ONE_HEADER = (TYPEFORM, FORMS, LIMESURVEY, GOOGLE)
RUNNING = tuple(one.service for one in (*ONE_HEADER, MONKEY, TABLE) if one.running)
