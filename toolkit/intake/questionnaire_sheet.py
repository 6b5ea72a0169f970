"""The questionnaire as a workbook to paste into any survey service, with how to do it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.client.questionnaire import Questionnaire
from toolkit.client.schema import Round
from toolkit.intake.questionnaire_items import DONT_KNOW, groups_of, sections_of, wording
from toolkit.intake.workbook_out import BOLD, harmless, readable, workbook_bytes

_HEAD, _LINE = PatternFill("solid", fgColor="DCE6EA"), Border(bottom=Side("thin", color="8A949E"))
_COLUMNS = (
    ("No.", 5), ("Id", 22), ("Section", 22), ("Question", 52), ("Question for IT, where it differs", 52),
    ("Answer type", 16), *((f"Answer {level}", 24) for level in range(1, 6)), ("Answer 6", 13),
)  # fmt: skip
_TO_PASTE = (("Id", 22), ("Question and answers", 80), ("For IT, where they differ", 80))
_STEPS = (
    ("Before you begin", "Make one survey for each group, so that each reads its own wording. In one survey for all, "
     "use the column Question, and let the first question be “Which group do you belong to?” with the answers: {groups}."),
    ("Every service", "Switch off the collecting of names and e-mail addresses. "
     "Make each row of the sheet Questions a question with one choice, and its answers from 1 to 6, in this order."),
    ("Every service", "The sheet To paste has each question with its answers below it: copy the question's cell, then the six "
     "cells below it together, into the first option. Most services make an option of each line; where yours does not, paste them singly."),
    ("Every service", "Leave every question optional: whoever has to answer everything guesses."),
    ("Wording", "Paste the question as it stands: the import finds it by its words. If you shorten or translate it, "
     "write its id in square brackets at its end, such as “… [{example}]”: the import then finds it by its id."),
    ("Answers", "Paste the answers as they stand too. If you write others, begin each with its number: “4 - …”. "
     "“{unknown}” counts as no answer."),
    ("Comments", "For a comment, add a question with a long text below the one it is about, headed "
     "“Comment [{example}]”, with that question's id."),
    ("Microsoft Forms", "A section for each section of the sheet, a Choice for each question. In the settings, switch off "
     "“Record name”. To export: Responses, Open in Excel."),
    ("Google Forms", "Multiple choice for each question. In the settings, under Responses, collect no e-mail addresses. "
     "To export: Responses, Download responses (.csv)."),
    ("SurveyMonkey", "Multiple Choice, or a matrix for statements with the same answers; switch anonymous responses on. "
     "To export: all individual responses, as XLSX or CSV."),
    ("Qualtrics, LimeSurvey, Typeform", "Use the id as the question's name or code where the service has one; "
     "where hyphens are not allowed, leave them out. Export all individual responses as CSV or XLSX."),
    ("Afterwards", "align import survey {slug} FILE. For one survey a group: add --group business, it or provider."),
)  # fmt: skip


def questionnaire_xlsx(slug: str, one: Round, questionnaire: Questionnaire) -> bytes:
    """Return a workbook with three sheets: Questions, one row each; To paste, with answers below; How to.

    It holds no formula, link or macro; the same questionnaire gives the same bytes, dated as of the round.
    """
    book = Workbook()
    book.remove(book.active)
    questions = book.create_sheet("Questions")
    _write(questions, _COLUMNS, _rows(questionnaire))
    questions.freeze_panes = "C2"
    questions.auto_filter.ref = f"A1:{get_column_letter(len(_COLUMNS))}{len(questionnaire.questions) + 1}"
    _write(book.create_sheet("To paste"), _TO_PASTE, _to_paste(questionnaire))
    told = {
        "groups": ", ".join({"business": "Business", "it": "IT", "provider": "IT provider"}[each.group] for each in groups_of(one)),
        "example": questionnaire.questions[0].id, "unknown": DONT_KNOW, "slug": slug,
    }  # fmt: skip
    _write(book.create_sheet("How to"), (("For", 30), ("What to do", 110)),
           [(title, text.format_map(told)) for title, text in _STEPS])  # fmt: skip
    return workbook_bytes(book, "Questionnaire", one.as_of)


def _rows(questionnaire: Questionnaire) -> Iterable[Sequence[str | int]]:
    for section in sections_of(questionnaire, "business"):
        for part in section.parts:
            for item in part.items:
                theirs = wording(item.question, "it")
                yield (item.number, item.question.id, part.dimension.name, item.text,
                       theirs if theirs != item.text else "", "one choice", *item.answers, DONT_KNOW)  # fmt: skip


def _to_paste(questionnaire: Questionnaire) -> Iterable[Sequence[str | int]]:
    for _, id, _, text, theirs, _, *answers in _rows(questionnaire):
        yield id, text, theirs
        yield from (("", answer, answer if theirs else "") for answer in answers)
        yield ()


def _write(sheet: Worksheet, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str | int]]) -> None:
    for at, (title, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
        head = sheet.cell(1, at, title)
        head.font, head.fill, head.border = BOLD, _HEAD, _LINE
    for number, values in enumerate(rows, start=2):
        for at, value in enumerate(values, start=1):
            cell = sheet.cell(number, at)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(value, int):
                cell.value = value
            elif value:
                cell.value, cell.data_type = harmless(readable(value)), "s"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = "1:1"
