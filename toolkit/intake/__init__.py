"""Intake: how another's table gets into a record, seen before it is written."""

from toolkit.intake.decision_sheet import import_sheets
from toolkit.intake.import_ import Import, import_file
from toolkit.intake.map_draft import make_map
from toolkit.intake.preview import preview, report
from toolkit.intake.record_import import export_record, import_record
from toolkit.intake.survey import import_survey
from toolkit.intake.survey_map import SurveyMap, read_survey_map

__all__ = [
    "Import",
    "SurveyMap",
    "export_record",
    "import_file",
    "import_record",
    "import_sheets",
    "import_survey",
    "make_map",
    "preview",
    "read_survey_map",
    "report",
]
