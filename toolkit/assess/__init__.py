"""Assessment: from a record to what may be said about it."""

from toolkit.assess.assess import assess, reread
from toolkit.assess.assessment import Assessment

__all__ = ["Assessment", "assess", "reread"]
