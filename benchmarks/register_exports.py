"""Exports of project registers as four tools write them, each in several forms that hold the same projects.

Made from the tools' documented layouts: repeated headings, rows wider than the header, rows above it, other
languages, other forms of days and money, semicolons, tabs, columns without a heading.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Export:
    """One file: its tool as a preview names it, what is special about it, its name and its bytes."""

    tool: str
    form: str
    name: str
    data: bytes


def _csv(rows: Rows, separator: str = ",", bom: bool = False, line: str = "\r\n") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=line).writerows(rows)
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _xlsx(rows: Rows, title: str = "Tasks", other: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if other:
        book.create_sheet(other).append(["Plan ID", "x1"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WAREHOUSE, CRM, PORTAL = "Data warehouse", "New CRM", "Café portal"

EXPECTED: Mapping[str, tuple[dict[str, Any], ...]] = {
    "Jira": (
        {"id": "ACME-1", "name": WAREHOUSE, "status": "done", "owner_it": "Tom", "finish": date(2026, 6, 30)},
        {"id": "ACME-2", "name": CRM, "description": "Replace, then\nretire the old one", "status": "in progress", "owner_it": "Lena", "depends_on": ("ACME-1",), "finish": date(2027, 3, 31)},
        {"id": "ACME-3", "name": PORTAL, "status": "stopped"},
        {"id": "ACME-4", "name": "Wi-Fi", "status": "proposed", "depends_on": ("ACME-1", "ACME-2"), "finish": date(2027, 4, 5)},
    ),
    "Microsoft Planner": (
        {"id": "xT0kAAbE", "name": WAREHOUSE, "status": "done", "finish": date(2026, 6, 30)},
        {"id": "qW1rBBcF", "name": CRM, "description": "Replace, then retire", "status": "in progress", "finish": date(2027, 3, 31)},
        {"id": "zP2sCCdG", "name": PORTAL, "status": "proposed"},
    ),
    "Microsoft Project": (
        {"id": "1", "name": WAREHOUSE, "status": "done", "duration": 1, "capex": 120000.0, "finish": date(2026, 3, 6)},
        {"id": "3", "name": CRM, "status": "in progress", "duration": 2, "capex": 1250000.0, "depends_on": ("1",), "finish": date(2026, 8, 21)},
        {"id": "4", "name": PORTAL, "status": "proposed", "duration": 1, "depends_on": ("1", "3"), "finish": date(2026, 11, 13)},
        {"id": "5", "name": "Go live", "status": "proposed", "depends_on": ("4",), "finish": date(2026, 11, 13)},
    ),
    "ServiceNow": (
        {"id": "PRJ0010001", "name": WAREHOUSE, "status": "done", "owner_it": "Tom Ray", "capex": 120000.0, "finish": date(2026, 3, 6)},
        {"id": "PRJ0010002", "name": CRM, "description": "Replace, then retire", "status": "in progress", "owner_it": "Lena Ott", "capex": 2812101.5, "finish": date(2027, 3, 31)},
        {"id": "PRJ0010003", "name": PORTAL, "status": "proposed", "finish": date(2026, 12, 4)},
        {"id": "PRJ0010004", "name": "Wi-Fi", "status": "stopped", "owner_it": "Tom Ray"},
    ),
}  # fmt: skip
CONSTANT = {"Jira": "Jira", "Microsoft Planner": "Microsoft Planner", "Microsoft Project": "Microsoft Project", "ServiceNow": "ServiceNow"}  # fmt: skip
TEXT = "Replace, then\nretire the old one"


def exports() -> list[Export]:
    """Return every export of every tool."""
    return [*_jira(), *_planner(), *_project(), *_servicenow()]


def _jira() -> list[Export]:
    blocks = "Inward issue link (Blocks)"
    cloud = [
        ["Summary", "Issue key", "Issue id", "Issue Type", "Status", "Project key", "Resolution", "Assignee", "Due date", "Labels", "Labels", "Sprint", "Sprint", blocks, blocks, "Description", "Comment", "Comment"],
        [WAREHOUSE, "ACME-1", 1, "Epic", "Done", "ACME", "Done", "Tom", "30/Jun/26 12:00 AM", "bi", "", "", "", "", "", "", "01/Feb/26 9:10 AM;557;ok", "", "one, more", "and more"],
        [CRM, "ACME-2", 2, "Epic", "In Progress", "ACME", "", "Lena", "31/Mar/27 12:00 AM", "crm", "sales", "S 1", "S 2", "ACME-1", "", TEXT, "", ""],
        [PORTAL, "ACME-3", 3, "Epic", "Done", "ACME", "Won't Do", "", "", "", "", "", "", "", "", "", "", ""],
        ["Wi-Fi", "ACME-4", 4, "Epic", "To Do", "ACME", "", "", "05/Apr/27 12:00 AM", "", "", "", "", "ACME-1", "ACME-2", "", "", ""],
    ]  # fmt: skip
    renamed = [
        ["Work type", "Work item key", "Summary", "", "Assignee", "Status", "Status Category", "Resolution", "Description", "Due date", "Inward work item link (Blocks)", "Inward work item link (Blocks)"],
        ["Epic", "ACME-1", WAREHOUSE, "", "Tom", "Shipped", "Done", "", "", "2026-06-30"],
        ["Epic", "ACME-2", CRM, "x", "Lena", "Doing", "In Progress", "", TEXT, "2027-03-31", "ACME-1"],
        ["Epic", "ACME-3", PORTAL, "", "", "Shipped", "Done", "Duplicate"],
        ["Epic", "ACME-4", "Wi-Fi", "", "", "Funnel", "To Do", "", "", "2027-04-05", "ACME-1", "ACME-2"],
    ]  # fmt: skip
    german = [
        ["Zusammenfassung", "Vorgangsschlüssel", "Vorgangstyp", "Status", "Lösung", "Bearbeiter", "Fälligkeitsdatum", "Stichwörter", "Stichwörter", blocks, blocks, "Beschreibung"],
        [WAREHOUSE, "ACME-1", "Epos", "Erledigt", "Fertig", "Tom", "30.06.2026 00:00", "bi", "", "", "", ""],
        [CRM, "ACME-2", "Epos", "In Arbeit", "", "Lena", "31.03.2027 00:00", "", "", "ACME-1", "ACME-1", TEXT],
        [PORTAL, "ACME-3", "Epos", "Erledigt", "Wird nicht erledigt", "", "", "", "", "", "", ""],
        ["Wi-Fi", "ACME-4", "Epos", "Zu erledigen", "", "", "05.04.2027 00:00", "", "", "ACME-1", "ACME-2", ""],
    ]  # fmt: skip
    french = [
        ["Type de ticket", "Clé de ticket", "Résumé", "État", "Responsable", "Date d'échéance", blocks, "Étiquettes", "Étiquettes", "Description"],
        ["Epic", "ACME-1", WAREHOUSE, "Terminé", "Tom", "30/juin/26 12:00 AM", "", "", "", ""],
        ["Epic", "ACME-2", CRM, "En cours", "Lena", "31/mars/27 12:00 AM", "ACME-1; ACME-77", "", "", TEXT],
        ["Epic", "ACME-3", PORTAL, "Abandonné", "", "", "", "", "", ""],
        ["Epic", "ACME-4", "Wi-Fi", "À faire", "", "5/avr./27 12:00 AM", "ACME-1, ACME-2", "", "", ""],
    ]  # fmt: skip
    return [
        Export("Jira", "Cloud, all fields, rows wider than the header", "jira.csv", _csv(cloud)),
        Export("Jira", "work items, own states, short rows, no heading", "work.csv", _csv(renamed, bom=True)),
        Export("Jira", "German, semicolons", "jira-de.csv", _csv(german, ";", bom=True)),
        Export("Jira", "French, tabs", "jira-fr.csv", _csv(french, "\t", line="\n")),
    ]


def _planner() -> list[Export]:
    head = ["Task ID", "Task Name", "Bucket Name", "Progress", "Priority", "Assigned To", "Created By", "Created Date", "Start Date", "Due Date", "Late", "Completed Date", "Completed By", "Description", "Completed Checklist Items", "Checklist Items", "Labels"]  # fmt: skip
    old = [
        ["Plan Name", "IT roadmap"],
        ["Plan ID", "fOa8xAAbEf"],
        ["Date of Export", "05/06/2026"],
        [],
        head,
        ["xT0kAAbE", WAREHOUSE, "BI", "Completed", "Medium", "Tom", "Ann", "01/05/2026", "01/05/2026", "06/30/2026", "false", "06/29/2026", "Tom", "", "2/2", "a;b", "Red"],
        ["qW1rBBcF", CRM, "Sales", "In progress", "Urgent", "Lena;Tom", "Ann", "01/05/2026", "", "03/31/2027", "false", "", "", "Replace, then retire", "", "", ""],
        ["zP2sCCdG", PORTAL, "Web", "Not started", "Low", "", "Ann", "01/05/2026", "", "", "false", "", "", "", "", "", ""],
    ]  # fmt: skip
    new = [
        ["Task ID", "Task Name", "Bucket Name", "Progress", "Priority", "Assigned To", "Created By", "Created Date", "Start date", "Due date", "Is Recurring", "Late", "Completed Date", "Completed By", "Completed Checklist Items", "Checklist Items", "Labels", "Description"],
        ["xT0kAAbE", WAREHOUSE, "BI", "Completed", "Medium", "Tom", "Ann", date(2026, 1, 5), date(2026, 1, 5), date(2026, 6, 30), False, False, date(2026, 6, 29), "Tom", "2/2", "a;b", "Red", None],
        ["qW1rBBcF", CRM, "Sales", "In progress", "Urgent", "Lena;Tom", "Ann", date(2026, 1, 5), None, date(2027, 3, 31), False, False, None, None, None, None, None, "Replace, then retire"],
        ["zP2sCCdG", PORTAL, "Web", "Not started", "Low", None, "Ann", date(2026, 1, 5)],
    ]  # fmt: skip
    german = [
        ["Aufgaben-ID", "Aufgabenname", "Bucketname", None, "Fortschritt", "Zugewiesen an", "Fällig am", "Bezeichnungen", "Bezeichnungen", "Beschreibung"],
        ["xT0kAAbE", WAREHOUSE, "BI", None, "Abgeschlossen", "Tom", "30.06.2026", "Rot", "Blau", None],
        ["qW1rBBcF", CRM, "Sales", "x", "In Bearbeitung", "Lena", "31.03.2027", None, None, "Replace, then retire"],
        ["zP2sCCdG", PORTAL, "Web", None, "Nicht begonnen", None, None, None, None, None],
    ]  # fmt: skip
    french = [
        ["Nom du plan", "Feuille de route"],
        ["ID du plan", "fOa8xAAbEf"],
        ["Date d'exportation", "06/05/2026"],
        [
            "ID de tâche",
            "Nom de tâche",
            "Nom du compartiment",
            "Progression",
            "Date d'échéance",
            "Description",
        ],
        ["xT0kAAbE", WAREHOUSE, "BI", "Terminée", "30/06/2026", ""],
        ["qW1rBBcF", CRM, "Ventes", "En cours", "31/03/2027", "Replace, then retire"],
        ["zP2sCCdG", PORTAL, "Web", "Non démarrée", "à déterminer", ""],
    ]
    tool = "Microsoft Planner"
    return [
        Export(tool, "old layout, rows above the header", "old.xlsx", _xlsx(old, "IT roadmap")),
        Export(tool, "new layout, days as days, two sheets", "new.xlsx", _xlsx(new, "Tasks", "Plan Name")),
        Export(tool, "German, no heading, repeated heading", "de.xlsx", _xlsx(german)),
        Export(tool, "French, day first, header in row 4", "fr.xlsx", _xlsx(french)),
    ]


def _project() -> list[Export]:
    us = [
        ["ID", "Active", "Task_Mode", "Name", "Duration", "Start_Date", "Finish_Date", "Predecessors", "Resource_Names", "Percent_Complete", "Outline_Level", "Cost", "Notes"],
        [1, "Yes", "Auto Scheduled", WAREHOUSE, "45 days", "Mon 1/5/26", "Fri 3/6/26", "", "Tom[50%],Ann", "100%", 1, "$120,000.00", ""],
        [2, "Yes", "Auto Scheduled", "Build", "10 days", "Mon 1/5/26", "Fri 1/16/26", "", "Tom", "100%", 2, "$0.00", ""],
        [3, "Yes", "Auto Scheduled", CRM, "6 mons", "Mon 3/9/26", "Fri 8/21/26", "1FS+2 days", "Ann", "40%", 1, "$1,250,000.00", ""],
        [4, "Yes", "Auto Scheduled", PORTAL, "12 wks", "Mon 8/24/26", "Fri 11/13/26", "1,3FS-1 day", "", "0%", 1, "$0.00", ""],
        [5, "Yes", "Auto Scheduled", "Go live", "0 days", "Fri 11/13/26", "Fri 11/13/26", "4,2SS", "", "0%", 1, "$0.00", ""],
    ]  # fmt: skip
    german = [
        ["Nr.", "Vorgangsname", "Dauer", "Anfang", "Ende", "Vorgänger", "Ressourcennamen", "% Abgeschlossen", "Gliederungsebene", "Kosten"],
        [1, WAREHOUSE, "45 Tage", "Mo 05.01.26", "Fr 06.03.26", "", "Tom[50%];Ann", "100%", 1, "120.000,00 $"],
        [2, "Build", "10 Tage", "Mo 05.01.26", "Fr 16.01.26", "", "Tom", "100%", 2, "0,00 $"],
        [3, CRM, "6 Monate", "Mo 09.03.26", "Fr 21.08.26", "1EA+2 Tage", "Ann", "40%", 1, "1.250.000,00 $"],
        [4, PORTAL, "12 Wochen", "Mo 24.08.26", "Fr 13.11.26", "1;3", "", "0%", 1, ""],
        [5, "Go live", "0 Tage", "Fr 13.11.26", "Fr 13.11.26", "4;2AA", "", "0%", 1, ""],
    ]  # fmt: skip
    french = [
        ["N°", "Nom de la tâche", "Durée", "Début", "Fin", "Prédécesseurs", "Noms ressources", "% achevé", "Niveau hiérarchique", "Coût"],
        [1, WAREHOUSE, "45 jours", "lun. 05/01/26", "ven. 06/03/26", "", "Tom", "100", 1, "120 000,00 $"],
        [3, CRM, "6 mois", "lun. 09/03/26", "ven. 21/08/26", "1FD+2 jours", "Ann", "40", 1, "1 250 000,00 $"],
        [4, PORTAL, "12 sem", "lun. 24/08/26", "ven. 13/11/26", "1;3", "", "0", 1, ""],
        [5, "Go live", "0 jour", "ven. 13/11/26", "ven. 13/11/26", "4", "", "0", 1, ""],
    ]  # fmt: skip
    plain = [
        ["ID", "Task Name", "", "Duration", "Finish", "Predecessors", "% Complete", "Notes", "Notes", "Cost"],
        [1, WAREHOUSE, "", "360 hrs", "6 March 2026", "", "100 %", "", "", "120k"],
        [3, CRM, "", "26 wks?", "21-Aug-26", "1", "40 %", "", "", "1.25m"],
        [4, PORTAL, "", "60d", "November 13, 2026 5:00 PM", "1;3", "0 %", "", "", "TBD"],
        [5, "Go live", "", "0d", "2026-11-13T17:00:00", "4FS", "0 %", "", "", ""],
    ]
    tool = "Microsoft Project"
    return [
        Export(tool, "American days with weekdays, a level below", "us.csv", _csv(us)),
        Export(tool, "German, semicolons", "de.csv", _csv(german, ";")),
        Export(tool, "French, tabs", "fr.csv", _csv(french, "\t")),
        Export(tool, "no levels, days in words, short units, repeated heading", "plain.csv", _csv(plain)),
    ]


def _servicenow() -> list[Export]:
    names = [
        ["number", "short_description", "state", "priority", "start_date", "end_date", "project_manager", "cost", "percent_complete", "description"],
        ["PRJ0010001", WAREHOUSE, "Closed Complete", "4 - Low", "2026-01-05 08:00:00", "2026-03-06 17:00:00", "Tom Ray", "$120,000.00", 100, ""],
        ["PRJ0010002", CRM, "Work in Progress", "1 - Critical", "2026-03-09 08:00:00", "2027-03-31 17:00:00", "Lena Ott", "$2,812,101.50", 40, "Replace, then retire"],
        ["PRJ0010003", PORTAL, "Pending", "", "", "2026-12-04 17:00:00", "", "$0.00", 0, ""],
        ["PRJ0010004", "Wi-Fi", "Closed Skipped", "", "", "", "Tom Ray", "", 0, ""],
    ]  # fmt: skip
    labels = [
        ["Number", "Short description", "State", "Planned start date", "Planned end date", "Project manager", "Planned cost", "Work notes", "Work notes", "", "Description"],
        ["PRJ0010001", WAREHOUSE, "Closed Complete", "05-01-2026 08:00:00", "06-03-2026 17:00:00", "Tom Ray", "120,000", "n1", "n2", "", ""],
        ["PRJ0010002", CRM, "Work in Progress", "09-03-2026 08:00:00", "31-03-2027 17:00:00", "Lena Ott", "CAD 2,812,101.50", "", "", "", "Replace, then retire"],
        ["PRJ0010003", PORTAL, "Open", "", "04-12-2026 17:00:00", "", "n/a", "", "", "", ""],
        ["PRJ0010004", "Wi-Fi", "Closed Incomplete", "", "", "Tom Ray", "NFP", "", "", "", ""],
    ]  # fmt: skip
    german = [
        ["Nummer", "Kurzbeschreibung", "Status", "Geplantes Startdatum", "Geplantes Enddatum", "Projektmanager", "Geplante Kosten", "Beschreibung"],
        ["PRJ0010001", WAREHOUSE, "Geschlossen – abgeschlossen", "05.01.2026 08:00:00", "06.03.2026 17:00:00", "Tom Ray", "120.000,00 $", ""],
        ["PRJ0010002", CRM, "In Bearbeitung", "", "31.03.2027 17:00:00", "Lena Ott", "2.812.101,50 $", "Replace, then retire"],
        ["PRJ0010003", PORTAL, "Ausstehend", "", "04.12.2026 17:00:00", "", "offen", ""],
        ["PRJ0010004", "Wi-Fi", "Geschlossen - unvollständig", "", "", "Tom Ray", "", ""],
    ]  # fmt: skip
    excel = [
        [
            "Number",
            "Short description",
            "State",
            "Planned end date",
            "Project manager",
            "Planned cost",
            "Description",
        ],
        ["PRJ0010001", WAREHOUSE, "Closed Complete", date(2026, 3, 6), "Tom Ray", 120000, None],
        [
            "PRJ0010002",
            CRM,
            "Work in Progress",
            date(2027, 3, 31),
            "Lena Ott",
            2812101.5,
            "Replace, then retire",
        ],
        ["PRJ0010003", PORTAL, "Pending", date(2026, 12, 4), None, None, None],
        ["PRJ0010004", "Wi-Fi", "Cancelled", None, "Tom Ray", None, None],
    ]
    return [
        Export("ServiceNow", "field names, time stamps", "pm_project.csv", _csv(names)),
        Export("ServiceNow", "labels, day first, repeated heading", "labels.csv", _csv(labels, bom=True)),
        Export("ServiceNow", "German, semicolons", "pm-de.csv", _csv(german, ";")),
        Export("ServiceNow", "Excel", "pm_project.xlsx", _xlsx(excel, "Page 1")),
    ]
