"""Intake: how another's table gets into a record, seen before it is written."""

from toolkit.intake.importing import Import, import_file
from toolkit.intake.map_making import make_map
from toolkit.intake.preview import preview, report
from toolkit.intake.survey import import_survey

__all__ = ["Import", "import_file", "import_survey", "make_map", "preview", "report"]
