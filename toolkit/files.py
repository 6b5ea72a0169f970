"""Files as a folder holds them."""

from __future__ import annotations

_SYSTEMS = frozenset(("thumbs.db", "desktop.ini", "__macosx", "icon\r"))


def ignored(name: str) -> bool:
    """Tell whether a name in a folder is the system's own, not a person's: passed over wherever one is read.

    Such are ``.DS_Store`` and ``._plan.yaml`` (macOS), ``Thumbs.db`` (Windows), ``~$plan.xlsx`` (Excel, while
    the workbook is open), and all else that is hidden.
    """
    return name.startswith((".", "~$")) or name.lower() in _SYSTEMS
