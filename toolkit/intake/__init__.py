"""Intake: how another's table gets into a record, seen before it is written."""

from toolkit.intake.importing import Import, import_file
from toolkit.intake.preview import preview, report

__all__ = ["Import", "import_file", "preview", "report"]
